//! Everything a person can ask the window for: one table feeds the menus, the shortcuts, the palette and the list of
//! keys.

mod file;
mod rule;
mod view;
mod why_not;
mod write;

use egui::{Key, KeyboardShortcut, Modifiers};

/// A command of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table says what each does")]
pub enum Command {
    NewRule,
    NewCases,
    CaseOfSelected,
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
    CloseOthers,
    CloseAll,
    ReopenTab,
    Export,
    Quit,
    QuickOpen,
    GoToSymbol,
    NextTab,
    PreviousTab,
    RecentTab,
    RecentTabBack,
    KeepOpen,
    CopyPath,
    RevealInExplorer,
    SplitRight,
    SplitDown,
    FocusGroup1,
    FocusGroup2,
    FocusGroup3,
    Run,
    Test,
    StageRows,
    Palette,
    SetClock,
    ResetClock,
    ReloadLogs,
    ShowLogs,
    ShowProblems,
    NextProblem,
    PreviousProblem,
    QuickFix,
    Complete,
    SignatureHelp,
    FieldHelp,
    InsertSnippet,
    GoToDefinition,
    FindReferences,
    RenameSymbol,
    FormatQuery,
    NextMatch,
    PreviousMatch,
    ThemeLight,
    ThemeDark,
    ThemeSystem,
    ZoomIn,
    ZoomOut,
    ZoomReset,
    StickyLines,
    ShowBlanks,
    ResetLayout,
    Shortcuts,
}

/// A line of the table.
pub struct Row {
    /// The command.
    pub command: Command,
    /// What menus and the palette call it.
    pub text: &'static str,
    /// What it does, for the tooltip.
    pub about: &'static str,
    /// Its keys; the first of them is the one that is shown.
    pub keys: &'static [KeyboardShortcut],
    /// The menu draws a line under it.
    pub line: bool,
}

const fn row(
    command: Command,
    text: &'static str,
    about: &'static str,
    keys: &'static [KeyboardShortcut],
) -> Row {
    Row {
        command,
        text,
        about,
        keys,
        line: false,
    }
}

impl Row {
    const fn line(mut self) -> Self {
        self.line = true;
        self
    }
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(CTRL, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(CTRL_SHIFT, key)
}

/// The menus with their commands, in their order: all commands there are.
pub const MENUS: [(&str, &[Row]); 6] = [
    ("File", file::ROWS),
    ("Write", write::ROWS),
    ("Go", view::GO),
    ("Rule", rule::ROWS),
    ("View", view::ROWS),
    ("Help", view::HELP),
];

impl Command {
    /// All of them, in the order of the menus.
    pub fn all() -> impl Iterator<Item = &'static Row> {
        MENUS.iter().flat_map(|(_, rows)| rows.iter())
    }

    fn row(self) -> Option<&'static Row> {
        Self::all().find(|row| row.command == self)
    }

    /// What menus and the palette call it.
    pub fn text(self) -> &'static str {
        self.row().map_or("", |row| row.text)
    }

    /// What it does, for the tooltip.
    pub fn tooltip(self) -> &'static str {
        self.row().map_or("", |row| row.about)
    }

    /// Its keys.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        self.row().and_then(|row| row.keys.first()).copied()
    }

    /// Its keys as people write them.
    pub fn keys_text(self, ctx: &egui::Context) -> Option<String> {
        self.shortcut().map(|keys| written(ctx, &keys))
    }

    /// The command whose keys were just pressed. The keys are consumed: the editor does not see them.
    pub fn pressed(ctx: &egui::Context) -> Option<Command> {
        ctx.input_mut(|input| {
            if !input.events.iter().any(is_key) {
                return None;
            }
            // More modifiers first, or Ctrl+S would swallow Ctrl+Shift+S.
            let with_shift = |shift: bool| {
                let all = Self::all().flat_map(|r| r.keys.iter().map(move |k| (r.command, k)));
                all.filter(move |(_, k)| k.modifiers.shift == shift)
            };
            with_shift(true)
                .chain(with_shift(false))
                .find(|(_, keys)| input.consume_shortcut(keys))
                .map(|(command, _)| command)
        })
    }

    /// A menu entry or tool button text with its keys, for tooltips.
    pub fn tooltip_with_keys(self, ctx: &egui::Context) -> String {
        match self.keys_text(ctx) {
            Some(keys) => format!("{} ({keys})", self.tooltip()),
            None => self.tooltip().to_owned(),
        }
    }
}

/// Keys as people write them: the toolkit spells some signs out.
pub fn written(ctx: &egui::Context, keys: &KeyboardShortcut) -> String {
    let text = ctx.format_shortcut(keys);
    let signs = [
        ("Backslash", "\\"),
        ("Period", "."),
        ("Comma", ","),
        ("Slash", "/"),
        ("OpenBracket", "["),
        ("CloseBracket", "]"),
    ];
    let mut text = text;
    for (name, sign) in signs {
        if let Some(start) = text.strip_suffix(name) {
            text = format!("{start}{sign}");
        }
    }
    text
}

fn is_key(event: &egui::Event) -> bool {
    matches!(event, egui::Event::Key { pressed: true, .. })
}

#[cfg(test)]
mod tests;
