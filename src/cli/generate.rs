//! `generate`: sample logs of a scenario.

use super::input::{in_words, shown};
use super::output::{Answer, Stop, stdout};
use crate::generate::{self, Options};
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to generate, as `--list` names it.
    #[arg(value_name = "NAME", required_unless_present = "list")]
    name: Option<String>,

    /// Lists what can be generated.
    #[arg(long, conflicts_with = "name")]
    list: bool,

    /// The folder to write into; made where there is none.
    #[arg(short, long, value_name = "DIR", required_unless_present = "list")]
    output: Option<PathBuf>,

    /// How many events: of the benchmark data, or of a day's background.
    #[arg(long, value_name = "N")]
    events: Option<usize>,

    /// Over how many days.
    #[arg(long, value_name = "D")]
    days: Option<u32>,

    /// Where the chance begins: the same seed gives the same bytes.
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    let mut out = stdout();
    if let (Some(name), Some(folder)) = (&arguments.name, &arguments.output) {
        let options = Options {
            events: arguments.events,
            days: arguments.days,
            seed: arguments.seed,
        };
        refuse_unused(name, &options)?;
        for (file, bytes) in generate::generate(name, &options)? {
            let path = folder.join(file);
            write(&path, &bytes)?;
            writeln!(out, "{}", shown(&path))?;
        }
    } else {
        let entries = generate::list();
        let width = entries.iter().map(|e| e.name.len()).max().unwrap_or(0);
        for entry in entries {
            writeln!(out, "{:width$}  {}", entry.name, entry.title)?;
        }
    }
    out.flush()?;
    Ok(Answer::Yes)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, bytes))
        .map_err(|e| {
            let (path, why) = (shown(path), in_words(&e));
            Stop::Cannot(format!("{path} cannot be written: {why}"))
        })
}

/// A scenario is always the same: an option that would change nothing is not passed over in silence.
///
/// # Errors
/// Names the option, and what takes it.
fn refuse_unused(name: &str, options: &Options) -> Result<(), Stop> {
    let given = [
        ("--events", options.events.is_some()),
        ("--days", options.days.is_some()),
        ("--seed", options.seed.is_some()),
    ];
    let unused = given.iter().find(|(_, given)| *given);
    match unused {
        Some((option, _)) if generate::scenarios().iter().any(|s| s.name == name) => {
            Err(Stop::Cannot(format!(
                "{name} is a scenario, which is always the same: it takes --output and no {option}; {} and {} take {option}",
                generate::COMBINED_DAY,
                generate::SCALE,
            )))
        }
        _ => Ok(()),
    }
}
