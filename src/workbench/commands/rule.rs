//! Running, testing, time and logs.

use super::{Command, Row, ctrl, ctrl_shift, plain, row, shift};
use egui::Key;

/// The menu's commands.
pub const ROWS: &[Row] = &[
    row(
        Command::Run,
        "Run rule",
        "Run the rule over the loaded logs now",
        &[plain(Key::F5)],
    ),
    row(
        Command::Test,
        "Run tests",
        "Run the rule's tests now",
        &[plain(Key::F6)],
    ),
    row(
        Command::StageRows,
        "Show rows of the stage at the cursor",
        "Show the rows alive after the stage of the query at the cursor",
        &[plain(Key::F7)],
    ),
    row(
        Command::QuickFix,
        "Quick fix…",
        "Mend the problem at the cursor",
        &[ctrl(Key::Period)],
    )
    .line(),
    row(
        Command::SetClock,
        "Set clock…",
        "Choose what now() and ago() see",
        &[],
    ),
    row(
        Command::ResetClock,
        "Set clock to end of logs",
        "Let now() be the time of the last loaded event",
        &[],
    ),
    row(
        Command::ReloadLogs,
        "Reload logs",
        "Read the log files again",
        &[ctrl_shift(Key::L)],
    ),
    row(
        Command::ShowLogs,
        "Show logs",
        "Show the log files: what each was recognised as and what was not taken",
        &[ctrl(Key::J)],
    )
    .line(),
    row(
        Command::NextMatch,
        "Next match",
        "Select the next match",
        &[plain(Key::F4)],
    ),
    row(
        Command::PreviousMatch,
        "Previous match",
        "Select the match before",
        &[shift(Key::F4)],
    ),
];
