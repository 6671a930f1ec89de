//! `export`: the deployable artefacts of a rule whose cases pass.

use super::input::shown;
use super::output::{Answer, Stop, say, stdout};
use crate::detect::{self, Disk, Platform};
use crate::export::{self, Target};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The rule file.
    #[arg(value_name = "RULE")]
    rule: PathBuf,

    /// What to write.
    #[arg(long, value_enum, value_name = "TARGET")]
    to: To,

    /// The folder to write into; made where there is none.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// Also a rule whose cases fail or that has none; the result says so.
    #[arg(long)]
    untested: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum To {
    /// Sentinel YAML, byte for byte the author's.
    SentinelYaml,
    /// An ARM template.
    SentinelArm,
    /// Panther YAML with its Python body.
    Panther,
}

impl To {
    fn target(self) -> (Target, Platform) {
        match self {
            To::SentinelYaml => (Target::SentinelYaml, Platform::Sentinel),
            To::SentinelArm => (Target::SentinelArm, Platform::Sentinel),
            To::Panther => (Target::Panther, Platform::Panther),
        }
    }
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    let rule = detect::open(&arguments.rule, &Disk)?;
    let (target, platform) = arguments.to.target();
    if rule.platform() != platform {
        return Err(Stop::Cannot(format!(
            "{} is a rule of {}; it cannot be exported to {}",
            shown(&rule.path),
            rule.platform().name(),
            arguments
                .to
                .to_possible_value()
                .map(|v| v.get_name().to_owned())
                .unwrap_or_default(),
        )));
    }
    std::fs::create_dir_all(&arguments.output)
        .map_err(|e| Stop::Cannot(format!("{}: {e}", arguments.output.display())))?;
    match export::export(&rule, target, &arguments.output, arguments.untested) {
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
