//! One line of the list.

use crate::diagnostic::Fix;
use crate::workbench::commands::Command;
use crate::workbench::editor::Action;
use std::path::PathBuf;

/// Something that was found.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// What it is called.
    pub title: String,
    /// Which letters of the title were typed, in characters.
    pub lit: Vec<u32>,
    /// Where it is.
    pub detail: String,
    /// At the right: keys.
    pub right: String,
    /// Why it can do nothing now.
    pub why_not: Option<&'static str>,
    /// What it does.
    pub does: Does,
}

/// What an item does.
#[derive(Clone, Debug)]
pub(super) enum Does {
    /// Opens a file.
    Open {
        path: PathBuf,
        line: Option<usize>,
        log: bool,
    },
    /// Goes to a place of the file in the editor.
    Go(usize),
    /// Does something in the editor.
    Edit(Action),
    /// Mends something.
    Fix(PathBuf, Fix),
    /// Carries a command out.
    Run(Command),
}
