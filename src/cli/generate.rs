//! `generate`: sample logs of a scenario.

use super::output::{Answer, Stop};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The scenario, as `--list` names it.
    #[arg(value_name = "NAME", required_unless_present = "list")]
    name: Option<String>,

    /// Lists the scenarios.
    #[arg(long)]
    list: bool,

    /// The folder to write into; made where there is none.
    #[arg(short, long, value_name = "DIR", required_unless_present = "list")]
    output: Option<PathBuf>,

    /// About how many events of ordinary background to add.
    #[arg(long, value_name = "N")]
    events: Option<usize>,

    /// Over how many days.
    #[arg(long, value_name = "D")]
    days: Option<usize>,

    /// The same seed gives the same bytes.
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    Err(Stop::Cannot(format!("not built yet: {arguments:?}")))
}
