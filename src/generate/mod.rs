//! Makes sample logs: the training scenarios, a day with all of them among ordinary work, and any amount of
//! benchmark data. The same name and options always give the same bytes: the only chance is a seeded generator.

mod background;
mod combined;
mod detail;
mod people;
mod scale;
mod scenario;
mod write;

pub use scenario::{Expected, Scenario};

/// What a person may choose. `None` takes what the name stands for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// `scale`: audit events, and as many completions; `combined-day`: background completions a day.
    pub events: Option<usize>,
    /// Days of data, the last of which is the scenarios' day. Scenarios by themselves know no days.
    pub days: Option<u32>,
    /// Where the chance begins.
    pub seed: Option<u64>,
}

/// Something that can be generated.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The name to ask for, such as `c1-hijacked-session`.
    pub name: String,
    /// What it is, in one line.
    pub title: String,
}

/// The name of the day with all scenarios.
pub const COMBINED_DAY: &str = "combined-day";
/// The name of the benchmark data.
pub const SCALE: &str = "scale";
/// Most events that [`generate`] makes at once: everything is held in memory.
pub const MOST_EVENTS: usize = 2_000_000;

/// Everything that can be generated, scenarios first.
pub fn list() -> Vec<Entry> {
    let mut entries: Vec<Entry> = scenario::all()
        .iter()
        .map(|scenario| Entry {
            name: scenario.name.clone(),
            title: scenario.title.clone(),
        })
        .collect();
    entries.push(Entry {
        name: COMBINED_DAY.to_owned(),
        title: "A workday with all scenarios among ordinary work".to_owned(),
    });
    entries.push(Entry {
        name: SCALE.to_owned(),
        title: "Benchmark data: as many audit events and completions as asked for".to_owned(),
    });
    entries
}

/// The training scenarios.
pub fn scenarios() -> &'static [Scenario] {
    scenario::all()
}

/// The files of a name: file name and bytes.
///
/// # Errors
/// One sentence when there is no such name or an option is out of range.
pub fn generate(name: &str, options: &Options) -> Result<Vec<(String, Vec<u8>)>, String> {
    if options.events.is_some_and(|events| events > MOST_EVENTS) {
        return Err(format!(
            "at most {MOST_EVENTS} events are generated at once"
        ));
    }
    if options.days.is_some_and(|days| days == 0 || days > 366) {
        return Err("days must be between 1 and 366".to_owned());
    }
    match name {
        COMBINED_DAY => combined::files(options),
        SCALE => Ok(scale::files(options)),
        _ => match scenario::all().iter().find(|s| s.name == name) {
            Some(scenario) => Ok(scenario.files()),
            None => {
                let names: Vec<String> = list().into_iter().map(|entry| entry.name).collect();
                Err(format!(
                    "nothing named \"{name}\" can be generated; there are {}",
                    names.join(", ")
                ))
            }
        },
    }
}
