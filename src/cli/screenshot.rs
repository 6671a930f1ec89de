//! `screenshot`: a picture of the window, without a display.

use super::output::{Answer, Stop};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folders, rule files and log files to open.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    Err(Stop::Cannot(format!(
        "not built yet ({} paths)",
        arguments.paths.len()
    )))
}
