//! How logs are read, where a person says it: the same arguments on every command that takes logs.

use super::input::{connectors, shown};
use super::output::Stop;
use crate::logs::{self, Choice, Duplicates, Options, Over};
use crate::machine;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "How the logs are read")]
pub(super) struct Choices {
    /// Reads a file as lying in this form instead of the one it is recognised as: `ndjson`, `json`, `csv` …
    #[arg(long, value_name = "FILE=FORM")]
    form: Vec<String>,

    /// Gives all records of a file to this connector, whether it recognises them or not.
    #[arg(long, value_name = "FILE=CONNECTOR")]
    connector: Vec<String>,

    /// What becomes of an event that an earlier file gave as well.
    #[arg(long, value_enum, default_value_t = Repeats::Once)]
    duplicates: Repeats,

    /// At most so much memory for what is loaded (default: what suits the machine; 0: no bound); a file that would not
    /// fit is refused, or see --sample.
    #[arg(long, value_name = "MB")]
    memory: Option<u64>,

    /// Of a file that would not fit into the memory: `first` loads its first records, a number `N` every N-th.
    #[arg(long, value_name = "first|N")]
    sample: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Repeats {
    /// It is counted once, as the earlier file's.
    #[default]
    Once,
    /// It is counted each time.
    Each,
}

impl Choices {
    /// What was chosen for logs at these paths.
    ///
    /// # Errors
    /// A choice that cannot be read, or one for a file that is not among the logs.
    pub(super) fn options(&self, paths: &[PathBuf]) -> Result<Options, Stop> {
        let mut options = Options {
            connectors: connectors(paths),
            ..Options::default()
        };
        let files = match self.form.is_empty() && self.connector.is_empty() {
            true => Vec::new(),
            false => logs::log_files(paths),
        };
        let mut choose = |text: &str, set: &dyn Fn(&mut Choice, String)| -> Result<(), Stop> {
            let (name, chosen) = text
                .rsplit_once('=')
                .ok_or_else(|| Stop::Cannot(format!("'{text}' names no file: write FILE=NAME")))?;
            let is_it = |file: &&PathBuf| is_same(file, Path::new(name));
            let mut found = files.iter().filter(is_it).peekable();
            if found.peek().is_none() {
                let name = shown(Path::new(name));
                let message = format!("'{name}' is no file of the logs: write it as they name it");
                return Err(Stop::Cannot(message));
            }
            for file in found {
                let choice = options.choices.entry(file.clone()).or_default();
                set(choice, chosen.to_owned());
            }
            Ok(())
        };
        for text in &self.form {
            choose(text, &|choice, form| choice.form = Some(form))?;
        }
        for text in &self.connector {
            choose(text, &|choice, id| choice.connector = Some(id))?;
        }
        if self.duplicates == Repeats::Each {
            options.duplicates = Duplicates::Each;
        }
        options.memory = machine::log_memory(0);
        match self.memory {
            None => {}
            Some(0) => options.memory.bound = None,
            Some(mb) => options.memory.bound = Some(mb.saturating_mul(1 << 20)),
        }
        options.memory.over = match self.sample.as_deref() {
            None => Over::Refuse,
            Some("first") => Over::First,
            Some(text) => match text.parse() {
                Ok(n @ 1..) => Over::Every(n),
                _ => {
                    let message =
                        format!("'{text}' is no sample: write `first` or a number from 1");
                    return Err(Stop::Cannot(message));
                }
            },
        };
        Ok(options)
    }
}

/// Whether two paths are of the same file.
fn is_same(a: &Path, b: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    a == b || real(a).is_some_and(|a| real(b) == Some(a))
}
