//! `screenshot`: a picture of the window, without a display.

use super::input::{existing, in_words, shown};
use super::output::{Answer, Stop, say};
use crate::workbench::{picture, raster::write_png};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Theme {
    Light,
    Dark,
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folders, rule files and log files to open.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The picture to write, a PNG.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Width and height in pixels.
    #[arg(long, value_name = "WxH", default_value = "1440x900", value_parser = size)]
    size: (u32, u32),

    /// Light or dark.
    #[arg(long, value_enum, default_value = "dark")]
    theme: Theme,
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once(['x', 'X', '×']);
    parts
        .and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)))
        .ok_or_else(|| "write it as 1440x900".to_owned())
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    existing(&arguments.paths)?;
    let workspace = crate::workspace::find(&arguments.paths);
    let dark = arguments.theme == Theme::Dark;
    let picture = picture::of_workspace(workspace, arguments.size, dark).map_err(Stop::Cannot)?;
    write_png(&arguments.output, &picture).map_err(|e| {
        Stop::Cannot(format!(
            "{} cannot be written: {}",
            shown(&arguments.output),
            in_words(&e)
        ))
    })?;
    say(&format!("{} written", arguments.output.display()));
    Ok(Answer::Yes)
}
