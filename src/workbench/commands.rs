//! Everything a person can ask the window for: one table feeds the menus, the shortcuts and the palette.

use egui::{Key, KeyboardShortcut, Modifiers};

/// A command of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    OpenPath,
    OpenFiles,
    OpenFolder,
    OpenSamples,
    AddLogs,
    AddLogFolder,
    NewConnector,
    Save,
    SaveAs,
    SaveAll,
    CloseTab,
    Export,
    Quit,
    Run,
    Test,
    StageRows,
    Palette,
    SetClock,
    ResetClock,
    ReloadLogs,
    ShowLogs,
    NextMatch,
    PreviousMatch,
    ThemeLight,
    ThemeDark,
    ThemeSystem,
    ZoomIn,
    ZoomOut,
    ZoomReset,
    ResetLayout,
    Shortcuts,
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

impl Command {
    /// All of them, in the order of the palette.
    pub const ALL: [Command; 31] = [
        Command::OpenPath,
        Command::OpenFiles,
        Command::OpenFolder,
        Command::OpenSamples,
        Command::AddLogs,
        Command::AddLogFolder,
        Command::NewConnector,
        Command::Save,
        Command::SaveAs,
        Command::SaveAll,
        Command::CloseTab,
        Command::Export,
        Command::Run,
        Command::Test,
        Command::StageRows,
        Command::SetClock,
        Command::ResetClock,
        Command::ReloadLogs,
        Command::ShowLogs,
        Command::NextMatch,
        Command::PreviousMatch,
        Command::Palette,
        Command::ThemeLight,
        Command::ThemeDark,
        Command::ThemeSystem,
        Command::ZoomIn,
        Command::ZoomOut,
        Command::ZoomReset,
        Command::ResetLayout,
        Command::Shortcuts,
        Command::Quit,
    ];

    /// What menus and the palette call it.
    pub fn text(self) -> &'static str {
        match self {
            Command::OpenPath => "Open path…",
            Command::OpenFiles => "Open files…",
            Command::OpenFolder => "Open folder…",
            Command::OpenSamples => "Open the samples",
            Command::AddLogs => "Add log files…",
            Command::AddLogFolder => "Add log folder…",
            Command::NewConnector => "New connector…",
            Command::Save => "Save",
            Command::SaveAs => "Save as…",
            Command::SaveAll => "Save all",
            Command::CloseTab => "Close tab",
            Command::Export => "Export rule…",
            Command::Quit => "Quit",
            Command::Run => "Run rule",
            Command::Test => "Run tests",
            Command::StageRows => "Show rows of the stage at the cursor",
            Command::Palette => "Command palette…",
            Command::SetClock => "Set clock…",
            Command::ResetClock => "Set clock to end of logs",
            Command::ReloadLogs => "Reload logs",
            Command::ShowLogs => "Show logs",
            Command::NextMatch => "Next match",
            Command::PreviousMatch => "Previous match",
            Command::ThemeLight => "Light theme",
            Command::ThemeDark => "Dark theme",
            Command::ThemeSystem => "System theme",
            Command::ZoomIn => "Zoom in",
            Command::ZoomOut => "Zoom out",
            Command::ZoomReset => "Reset zoom",
            Command::ResetLayout => "Reset layout",
            Command::Shortcuts => "Keyboard shortcuts",
        }
    }

    /// What it does, for the tooltip.
    pub fn tooltip(self) -> &'static str {
        match self {
            Command::OpenPath => "Open a rule, a log file or a folder by its path",
            Command::OpenFiles => "Open rules and log files",
            Command::OpenFolder => "Open a folder with rules and logs as the workspace",
            Command::OpenSamples => "Open the bundled rules and sample logs as the workspace",
            Command::AddLogs => "Load more log files beside the loaded ones",
            Command::AddLogFolder => "Load the log files of a folder beside the loaded ones",
            Command::NewConnector => "Say how the records of a log become rows of a table",
            Command::Save => "Save the file in the editor",
            Command::SaveAs => "Save the file in the editor under another name",
            Command::SaveAll => "Save every changed file",
            Command::CloseTab => "Close the file in the editor",
            Command::Export => "Write deployable files of the rule, if its tests pass",
            Command::Quit => "Close the window",
            Command::Run => "Run the rule over the loaded logs now",
            Command::Test => "Run the rule's tests now",
            Command::StageRows => "Show the rows alive after the stage of the query at the cursor",
            Command::Palette => "Find a command by its name",
            Command::SetClock => "Choose what now() and ago() see",
            Command::ResetClock => "Let now() be the time of the last loaded event",
            Command::ReloadLogs => "Read the log files again",
            Command::ShowLogs => {
                "Show the log files: what each was recognised as and what was not taken"
            }
            Command::NextMatch => "Select the next match",
            Command::PreviousMatch => "Select the match before",
            Command::ThemeLight => "Dark text on a light ground",
            Command::ThemeDark => "Light text on a dark ground",
            Command::ThemeSystem => "Light or dark as the system is",
            Command::ZoomIn => "Make everything larger",
            Command::ZoomOut => "Make everything smaller",
            Command::ZoomReset => "Back to the normal size",
            Command::ResetLayout => "Put the panels back where they were",
            Command::Shortcuts => "Show all commands with their keys",
        }
    }

    /// Its keys.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let (modifiers, key) = match self {
            Command::OpenPath => (CTRL, Key::O),
            Command::OpenFolder => (CTRL_SHIFT, Key::O),
            Command::AddLogs => (CTRL, Key::L),
            Command::Save => (CTRL, Key::S),
            Command::SaveAs => (CTRL_SHIFT, Key::S),
            Command::CloseTab => (CTRL, Key::W),
            Command::Export => (CTRL, Key::E),
            Command::Quit => (CTRL, Key::Q),
            Command::Run => (Modifiers::NONE, Key::F5),
            Command::Test => (Modifiers::NONE, Key::F6),
            Command::StageRows => (Modifiers::NONE, Key::F7),
            Command::Palette => (CTRL_SHIFT, Key::P),
            Command::ReloadLogs => (CTRL_SHIFT, Key::L),
            Command::ShowLogs => (CTRL, Key::J),
            Command::NextMatch => (Modifiers::NONE, Key::F8),
            Command::PreviousMatch => (Modifiers::SHIFT, Key::F8),
            Command::Shortcuts => (Modifiers::NONE, Key::F1),
            _ => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// The command whose keys were just pressed. The keys are consumed: the editor does not see them.
    pub fn pressed(ctx: &egui::Context) -> Option<Command> {
        ctx.input_mut(|input| {
            // More modifiers first, or Ctrl+S would swallow Ctrl+Shift+S.
            let mut with_keys: Vec<_> = Command::ALL
                .into_iter()
                .filter_map(|c| c.shortcut().map(|s| (c, s)))
                .collect();
            with_keys.sort_by_key(|(_, s)| !s.modifiers.shift);
            with_keys
                .into_iter()
                .find(|(_, shortcut)| input.consume_shortcut(shortcut))
                .map(|(command, _)| command)
        })
    }

    /// A menu entry or tool button text with its keys, for tooltips.
    pub fn tooltip_with_keys(self, ctx: &egui::Context) -> String {
        match self.shortcut() {
            Some(keys) => format!("{} ({})", self.tooltip(), ctx.format_shortcut(&keys)),
            None => self.tooltip().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_command_is_listed_once_and_no_two_share_keys() {
        let all: HashSet<_> = Command::ALL.into_iter().collect();
        assert_eq!(all.len(), Command::ALL.len());
        let keys: Vec<_> = Command::ALL.iter().filter_map(|c| c.shortcut()).collect();
        for (i, a) in keys.iter().enumerate() {
            assert!(!keys[i + 1..].contains(a), "{a:?} is used twice");
        }
    }

    #[test]
    fn words_follow_the_voice() {
        for command in Command::ALL {
            let text = command.text();
            assert!(!text.ends_with('.') && !text.ends_with(':'), "{text}");
            assert!(!command.tooltip().ends_with('.'), "{}", command.tooltip());
        }
    }
}
