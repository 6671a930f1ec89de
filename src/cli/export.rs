//! `export`: the deployable artefacts of a rule whose cases pass.

use super::input::{in_words, shown};
use super::output::{Answer, Stop, say, stdout};
use crate::detect::{self, Disk, Platform};
use crate::export::{self, Target};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The rule file.
    #[arg(value_name = "RULE")]
    rule: PathBuf,

    /// What to write.
    #[arg(long, value_name = "TARGET", value_parser = targets())]
    to: Target,

    /// The folder to write into; made where there is none.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// Also a rule whose cases fail or that has none; the result says so.
    #[arg(long)]
    untested: bool,
}

fn targets() -> impl TypedValueParser<Value = Target> {
    PossibleValuesParser::new(Target::ALL.map(Target::name))
        .try_map(|name| Target::from_name(&name).ok_or("there is no such target"))
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    let rule = detect::open(&arguments.rule, &Disk)?;
    if rule.platform() != arguments.to.platform() {
        let own: Vec<&str> = Target::ALL
            .into_iter()
            .filter(|target| target.platform() == rule.platform())
            .map(Target::name)
            .collect();
        return Err(Stop::Cannot(format!(
            "{} is a {} rule; it cannot be exported to {}, only to {}",
            shown(&rule.path),
            match rule.platform() {
                Platform::Sentinel => "Sentinel",
                Platform::Panther => "Panther",
            },
            arguments.to.name(),
            own.join(", "),
        )));
    }
    std::fs::create_dir_all(&arguments.output)
        .map_err(|e| Stop::Cannot(format!("{}: {}", shown(&arguments.output), in_words(&e))))?;
    match export::export(&rule, arguments.to, &arguments.output, arguments.untested) {
        Ok(files) => {
            let mut out = stdout();
            for file in files {
                writeln!(out, "{}", shown(&file))?;
            }
            out.flush()?;
            Ok(Answer::Yes)
        }
        Err(refused) => {
            say(&refused);
            Ok(Answer::No)
        }
    }
}
