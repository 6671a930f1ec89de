//! Files, logs, tabs.

use super::{Command, Row, ctrl, ctrl_shift, row};
use egui::Key;

/// The menu's commands.
pub const ROWS: &[Row] = &[
    row(
        Command::NewRule,
        "New rule…",
        "Begin a rule of either platform from a complete example",
        &[ctrl(Key::N)],
    ),
    row(
        Command::NewCases,
        "New test case",
        "Add a case to be filled in to those of the open rule",
        &[],
    ),
    row(
        Command::CaseOfSelected,
        "New test case of the selected match",
        "Add a case with the raw events of the selected match, or of the selected event that is none",
        &[ctrl_shift(Key::N)],
    )
    .line(),
    row(
        Command::OpenPath,
        "Open path…",
        "Open a rule, a log file or a folder by its path",
        &[ctrl(Key::O)],
    ),
    row(
        Command::OpenFiles,
        "Open files…",
        "Open rules and log files",
        &[],
    ),
    row(
        Command::OpenFolder,
        "Open folder…",
        "Open a folder with rules and logs as the workspace",
        &[ctrl_shift(Key::O)],
    ),
    row(
        Command::OpenSamples,
        "Open the samples",
        "Open the bundled rules and sample logs as the workspace",
        &[],
    )
    .line(),
    row(
        Command::AddLogs,
        "Add log files…",
        "Load more log files beside the loaded ones",
        &[ctrl(Key::L)],
    ),
    row(
        Command::AddLogFolder,
        "Add log folder…",
        "Load the log files of a folder beside the loaded ones",
        &[],
    ),
    row(
        Command::NewConnector,
        "New connector…",
        "Say how the records of a log become rows of a table",
        &[],
    )
    .line(),
    row(
        Command::Save,
        "Save",
        "Save the file in the editor",
        &[ctrl(Key::S)],
    ),
    row(
        Command::SaveAs,
        "Save as…",
        "Save the file in the editor under another name",
        &[ctrl_shift(Key::S)],
    ),
    row(Command::SaveAll, "Save all", "Save every changed file", &[]).line(),
    row(
        Command::CloseTab,
        "Close tab",
        "Close the file in the editor",
        &[ctrl(Key::W)],
    ),
    row(
        Command::CloseOthers,
        "Close other tabs",
        "Close all files of the group but the one in the editor",
        &[],
    ),
    row(
        Command::CloseAll,
        "Close all tabs",
        "Close all files of the group",
        &[ctrl_shift(Key::W)],
    ),
    row(
        Command::ReopenTab,
        "Reopen closed tab",
        "Open the file again that was closed last",
        &[ctrl_shift(Key::T)],
    )
    .line(),
    row(
        Command::Export,
        "Export rule…",
        "Write deployable files of the rule, if its tests pass",
        &[ctrl(Key::E)],
    )
    .line(),
    row(Command::Quit, "Quit", "Close the window", &[ctrl(Key::Q)]),
];
