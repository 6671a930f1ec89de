//! Going somewhere, how the window looks, help.

use super::{Command, Row, ctrl, ctrl_shift, plain, row, shift};
use egui::Key;

/// Going somewhere.
pub const GO: &[Row] = &[
    row(
        Command::QuickOpen,
        "Go to file…",
        "Find a file of the workspace by a few letters of its name",
        &[ctrl(Key::P)],
    ),
    row(
        Command::GoToSymbol,
        "Go to symbol…",
        "Find a place of the file in the editor by its name",
        &[],
    )
    .line(),
    row(
        Command::NextTab,
        "Next tab",
        "Show the file of the next tab",
        &[ctrl(Key::PageDown)],
    ),
    row(
        Command::PreviousTab,
        "Previous tab",
        "Show the file of the tab before",
        &[ctrl(Key::PageUp)],
    ),
    row(
        Command::RecentTab,
        "Last used tab",
        "Show the file that was used before this one",
        &[ctrl(Key::Tab)],
    ),
    row(
        Command::RecentTabBack,
        "Least used tab",
        "Go the other way through the files in the order of their use",
        &[ctrl_shift(Key::Tab)],
    )
    .line(),
    row(
        Command::FocusGroup1,
        "First group",
        "Put the keyboard into the first group of files",
        &[ctrl(Key::Num1)],
    ),
    row(
        Command::FocusGroup2,
        "Second group",
        "Put the keyboard into the second group of files",
        &[ctrl(Key::Num2)],
    ),
    row(
        Command::FocusGroup3,
        "Third group",
        "Put the keyboard into the third group of files",
        &[ctrl(Key::Num3)],
    )
    .line(),
    row(
        Command::NextProblem,
        "Next problem",
        "Go to the next thing that is wrong",
        &[plain(Key::F8)],
    ),
    row(
        Command::PreviousProblem,
        "Previous problem",
        "Go to the thing before that is wrong",
        &[shift(Key::F8)],
    )
    .line(),
    row(
        Command::RevealInExplorer,
        "Reveal in explorer",
        "Show the file in the editor among the rules",
        &[],
    ),
    row(
        Command::CopyPath,
        "Copy path of file",
        "Copy the path of the file in the editor",
        &[],
    ),
];

/// How the window looks.
pub const ROWS: &[Row] = &[
    row(
        Command::SplitRight,
        "Split right",
        "Show the file in the editor a second time, beside itself",
        &[ctrl(Key::Backslash)],
    ),
    row(
        Command::SplitDown,
        "Split down",
        "Show the file in the editor a second time, under itself",
        &[],
    ),
    row(
        Command::KeepOpen,
        "Keep open",
        "Keep the file that was opened just to look",
        &[],
    )
    .line(),
    row(
        Command::ShowProblems,
        "Show problems",
        "Show what is wrong in the rules and the logs",
        &[ctrl_shift(Key::M)],
    )
    .line(),
    row(
        Command::ThemeLight,
        "Light theme",
        "Dark text on a light ground",
        &[],
    ),
    row(
        Command::ThemeDark,
        "Dark theme",
        "Light text on a dark ground",
        &[],
    ),
    row(
        Command::ThemeSystem,
        "System theme",
        "Light or dark as the system is",
        &[],
    )
    .line(),
    row(
        Command::StickyLines,
        "Keep parent lines in sight",
        "Keep the keys and list items round what is seen at the top of the editor, or let them scroll away",
        &[],
    ),
    row(
        Command::ShowBlanks,
        "Show spaces and tabs",
        "Show spaces and tabs in the editor as signs, or hide them again",
        &[],
    )
    .line(),
    row(
        Command::ZoomIn,
        "Zoom in",
        "Make everything larger",
        &[ctrl(Key::Plus), ctrl(Key::Equals)],
    ),
    row(
        Command::ZoomOut,
        "Zoom out",
        "Make everything smaller",
        &[ctrl(Key::Minus)],
    ),
    row(
        Command::ZoomReset,
        "Reset zoom",
        "Back to the normal size",
        &[ctrl(Key::Num0)],
    ),
    row(
        Command::ResetLayout,
        "Reset layout",
        "Put the panels back where they were",
        &[],
    ),
];

/// Help.
pub const HELP: &[Row] = &[
    row(
        Command::Palette,
        "Command palette…",
        "Find a command by its name",
        &[ctrl_shift(Key::P)],
    ),
    row(
        Command::Shortcuts,
        "Keyboard shortcuts",
        "Show all commands with their keys",
        &[plain(Key::F1)],
    ),
];
