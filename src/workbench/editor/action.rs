//! What the editor can be asked for by name: one table feeds its keys and the palette.

use crate::workbench::commands::Command;
use egui::{Key, KeyboardShortcut, Modifiers};

/// Something the editor does when asked: by its keys, or from the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Undo,
    Redo,
    SelectAll,
    SelectLine,
    Find,
    Replace,
    FindNext,
    FindPrevious,
    GoToLine,
    AddNextOccurrence,
    SelectAllOccurrences,
    CursorAbove,
    CursorBelow,
    CursorsAtLineEnds,
    ToggleComment,
    Indent,
    Outdent,
    DeleteLine,
    MoveUp,
    MoveDown,
    DuplicateUp,
    DuplicateDown,
    LineBelow,
    LineAbove,
    JoinLines,
    TrimTrailing,
    EndsLf,
    EndsCrLf,
    GoToBracket,
    Fold,
    Unfold,
    FoldAll,
    UnfoldAll,
    ToggleWrap,
}

const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const ALT: Modifiers = Modifiers::ALT;
const CTRL_SHIFT: Modifiers = CTRL.plus(SHIFT);
const CTRL_ALT: Modifiers = CTRL.plus(ALT);
const SHIFT_ALT: Modifiers = SHIFT.plus(ALT);

impl Action {
    /// All of them, in the order of the palette.
    pub const ALL: [Action; 34] = [
        Action::Undo,
        Action::Redo,
        Action::Find,
        Action::Replace,
        Action::FindNext,
        Action::FindPrevious,
        Action::GoToLine,
        Action::GoToBracket,
        Action::ToggleComment,
        Action::Indent,
        Action::Outdent,
        Action::MoveUp,
        Action::MoveDown,
        Action::DuplicateUp,
        Action::DuplicateDown,
        Action::DeleteLine,
        Action::LineBelow,
        Action::LineAbove,
        Action::JoinLines,
        Action::TrimTrailing,
        Action::EndsLf,
        Action::EndsCrLf,
        Action::SelectAll,
        Action::SelectLine,
        Action::AddNextOccurrence,
        Action::SelectAllOccurrences,
        Action::CursorAbove,
        Action::CursorBelow,
        Action::CursorsAtLineEnds,
        Action::Fold,
        Action::Unfold,
        Action::FoldAll,
        Action::UnfoldAll,
        Action::ToggleWrap,
    ];

    /// What the palette calls it.
    pub fn text(self) -> &'static str {
        match self {
            Action::Undo => "Undo",
            Action::Redo => "Redo",
            Action::SelectAll => "Select all",
            Action::SelectLine => "Select line",
            Action::Find => "Find…",
            Action::Replace => "Replace…",
            Action::FindNext => "Find next",
            Action::FindPrevious => "Find previous",
            Action::GoToLine => "Go to line…",
            Action::AddNextOccurrence => "Add next occurrence to selection",
            Action::SelectAllOccurrences => "Select all occurrences",
            Action::CursorAbove => "Add cursor above",
            Action::CursorBelow => "Add cursor below",
            Action::CursorsAtLineEnds => "Add cursors to line ends",
            Action::ToggleComment => "Comment or uncomment",
            Action::Indent => "Indent lines",
            Action::Outdent => "Outdent lines",
            Action::DeleteLine => "Delete line",
            Action::MoveUp => "Move line up",
            Action::MoveDown => "Move line down",
            Action::DuplicateUp => "Duplicate line up",
            Action::DuplicateDown => "Duplicate line down",
            Action::LineBelow => "Insert line below",
            Action::LineAbove => "Insert line above",
            Action::JoinLines => "Join lines",
            Action::TrimTrailing => "Trim trailing spaces",
            Action::EndsLf => "Change line ends to LF",
            Action::EndsCrLf => "Change line ends to CRLF",
            Action::GoToBracket => "Go to bracket",
            Action::Fold => "Fold",
            Action::Unfold => "Unfold",
            Action::FoldAll => "Fold all",
            Action::UnfoldAll => "Unfold all",
            Action::ToggleWrap => "Toggle word wrap",
        }
    }

    /// What it does, for the tooltip.
    pub fn tooltip(self) -> &'static str {
        match self {
            Action::Undo => "Take the last change back",
            Action::Redo => "Make the change again that was taken back",
            Action::SelectAll => "Select the whole text",
            Action::SelectLine => "Select the line; once more for the next one too",
            Action::Find => "Look for words or a regular expression in this file",
            Action::Replace => "Replace words or what a regular expression matches in this file",
            Action::FindNext => "Select the next match of what is looked for",
            Action::FindPrevious => "Select the match before of what is looked for",
            Action::GoToLine => "Put the cursor into a line by its number",
            Action::AddNextOccurrence => {
                "Select the word; once more to add a cursor at its next occurrence"
            }
            Action::SelectAllOccurrences => "Put a cursor at each occurrence of what is selected",
            Action::CursorAbove => "Put one more cursor into the line above",
            Action::CursorBelow => "Put one more cursor into the line below",
            Action::CursorsAtLineEnds => "Put a cursor at the end of each selected line",
            Action::ToggleComment => "Make the lines comments of their language, or code again",
            Action::Indent => "Move the lines one level in",
            Action::Outdent => "Move the lines one level out",
            Action::DeleteLine => "Delete the lines the cursors are in",
            Action::MoveUp => "Move the lines above the one before them",
            Action::MoveDown => "Move the lines below the one after them",
            Action::DuplicateUp => "Copy the lines above themselves",
            Action::DuplicateDown => "Copy the lines below themselves",
            Action::LineBelow => "Begin a new line below this one",
            Action::LineAbove => "Begin a new line above this one",
            Action::JoinLines => "Join the line with the next one",
            Action::TrimTrailing => "Remove spaces and tabs at the ends of lines",
            Action::EndsLf => "End all lines as on Linux and macOS",
            Action::EndsCrLf => "End all lines as on Windows",
            Action::GoToBracket => "Go to the bracket that matches this one",
            Action::Fold => "Hide the inner lines of the block at the cursor",
            Action::Unfold => "Show the hidden lines at the cursor",
            Action::FoldAll => "Hide the inner lines of all blocks",
            Action::UnfoldAll => "Show all hidden lines",
            Action::ToggleWrap => {
                "Break long lines at the edge of the view, or scroll them sideways"
            }
        }
    }

    /// The keys people may know it by, the first before the others.
    fn keys(self) -> &'static [(Modifiers, Key)] {
        match self {
            Action::Undo => &[(CTRL, Key::Z)],
            Action::Redo => &[(CTRL_SHIFT, Key::Z), (CTRL, Key::Y)],
            Action::SelectAll => &[(CTRL, Key::A)],
            Action::SelectLine => &[(CTRL, Key::L)],
            Action::Find => &[(CTRL, Key::F)],
            Action::Replace => &[(CTRL, Key::H)],
            Action::FindNext => &[(Modifiers::NONE, Key::F3)],
            Action::FindPrevious => &[(SHIFT, Key::F3)],
            Action::GoToLine => &[(CTRL, Key::G)],
            Action::AddNextOccurrence => &[(CTRL, Key::D)],
            Action::SelectAllOccurrences => &[(CTRL_SHIFT, Key::L), (CTRL, Key::F2)],
            Action::CursorAbove => &[(CTRL_ALT, Key::ArrowUp)],
            Action::CursorBelow => &[(CTRL_ALT, Key::ArrowDown)],
            Action::CursorsAtLineEnds => &[(SHIFT_ALT, Key::I)],
            Action::ToggleComment => &[(CTRL, Key::Slash)],
            Action::Indent => &[(CTRL, Key::CloseBracket)],
            Action::Outdent => &[(CTRL, Key::OpenBracket)],
            Action::DeleteLine => &[(CTRL_SHIFT, Key::K)],
            Action::MoveUp => &[(ALT, Key::ArrowUp)],
            Action::MoveDown => &[(ALT, Key::ArrowDown)],
            Action::DuplicateUp => &[(SHIFT_ALT, Key::ArrowUp)],
            Action::DuplicateDown => &[(SHIFT_ALT, Key::ArrowDown), (CTRL_SHIFT, Key::D)],
            Action::LineBelow => &[(CTRL, Key::Enter)],
            Action::LineAbove => &[(CTRL_SHIFT, Key::Enter)],
            Action::GoToBracket => &[(CTRL_SHIFT, Key::Backslash)],
            Action::Fold => &[(CTRL_SHIFT, Key::OpenBracket)],
            Action::Unfold => &[(CTRL_SHIFT, Key::CloseBracket)],
            Action::ToggleWrap => &[(ALT, Key::Z)],
            Action::JoinLines
            | Action::TrimTrailing
            | Action::EndsLf
            | Action::EndsCrLf
            | Action::FoldAll
            | Action::UnfoldAll => &[],
        }
    }

    /// Its keys: those that the window's own commands leave to it.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let taken: Vec<_> = Command::all()
            .flat_map(|row| row.keys.iter().copied())
            .collect();
        self.keys()
            .iter()
            .map(|(modifiers, key)| KeyboardShortcut::new(*modifiers, *key))
            .find(|keys| !taken.contains(keys))
    }

    /// What its keys do, with them, for a tooltip.
    pub fn tooltip_with_keys(self, ctx: &egui::Context) -> String {
        match self.shortcut() {
            Some(keys) => format!("{} ({})", self.tooltip(), ctx.format_shortcut(&keys)),
            None => self.tooltip().to_owned(),
        }
    }

    /// Whether it changes the text.
    pub fn edits(self) -> bool {
        use Action::*;
        matches!(
            self,
            Undo | Redo
                | ToggleComment
                | Indent
                | Outdent
                | DeleteLine
                | MoveUp
                | MoveDown
                | DuplicateUp
                | DuplicateDown
                | LineBelow
                | LineAbove
                | JoinLines
                | TrimTrailing
                | EndsLf
                | EndsCrLf
        )
    }

    /// Whether it only opens a bar over the text, which takes the keyboard.
    pub fn opens_bar(self) -> bool {
        matches!(self, Action::Find | Action::Replace | Action::GoToLine)
    }

    /// The action of a key press. The window's commands took theirs before.
    pub(super) fn of_key(key: Key, physical: Option<Key>, modifiers: Modifiers) -> Option<Action> {
        Action::ALL.into_iter().find(|action| {
            action
                .keys()
                .iter()
                .any(|(wanted, sign)| pressed(*wanted, *sign, key, physical, modifiers))
        })
    }
}

/// Whether a key press is a combination. With Shift some signs come as what they are then (`{` for `[`); on
/// keyboards where `/` needs Shift it comes with it.
fn pressed(
    wanted: Modifiers,
    sign: Key,
    key: Key,
    physical: Option<Key>,
    modifiers: Modifiers,
) -> bool {
    let shifted = match sign {
        Key::Backslash => Some(Key::Pipe),
        Key::OpenBracket => Some(Key::OpenCurlyBracket),
        Key::CloseBracket => Some(Key::CloseCurlyBracket),
        _ => None,
    };
    let by_place = shifted.is_some() && physical == Some(sign);
    let same_key = key == sign || (wanted.shift && (Some(key) == shifted || by_place));
    let same_shift = modifiers.shift == wanted.shift || (sign == Key::Slash && modifiers.shift);
    same_key
        && same_shift
        && modifiers.alt == wanted.alt
        && (modifiers.command || modifiers.ctrl) == wanted.command
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_action_is_listed_once_and_no_two_share_keys() {
        let all: HashSet<_> = Action::ALL.into_iter().collect();
        assert_eq!(all.len(), Action::ALL.len());
        let mut keys: Vec<_> = Action::ALL.iter().flat_map(|a| a.keys()).collect();
        let count = keys.len();
        keys.dedup();
        keys.sort_by_key(|keys| format!("{keys:?}"));
        keys.dedup();
        assert_eq!(keys.len(), count);
    }

    #[test]
    fn the_window_keeps_its_keys() {
        for command in Command::all().flat_map(|row| row.keys.iter().copied()) {
            for action in Action::ALL {
                assert_ne!(action.shortcut(), Some(command), "{action:?}");
            }
        }
        // One of two combinations is always left.
        assert!(Action::SelectAllOccurrences.shortcut().is_some());
    }

    #[test]
    fn words_follow_the_voice() {
        for action in Action::ALL {
            let words = [action.text(), action.tooltip()];
            assert!(words.iter().all(|w| !w.ends_with('.') && !w.ends_with(':')));
        }
    }

    #[test]
    fn signs_of_other_keyboards() {
        let of = |key, modifiers| Action::of_key(key, None, modifiers);
        assert_eq!(of(Key::Slash, CTRL), Some(Action::ToggleComment));
        assert_eq!(of(Key::Slash, CTRL_SHIFT), Some(Action::ToggleComment));
        assert_eq!(of(Key::Pipe, CTRL_SHIFT), Some(Action::GoToBracket));
        assert_eq!(of(Key::OpenCurlyBracket, CTRL_SHIFT), Some(Action::Fold));
        assert_eq!(of(Key::OpenBracket, CTRL), Some(Action::Outdent));
        assert_eq!(of(Key::D, CTRL), Some(Action::AddNextOccurrence));
        assert_eq!(of(Key::D, CTRL_SHIFT), Some(Action::DuplicateDown));
        assert_eq!(of(Key::D, Modifiers::NONE), None);
        let physical = Action::of_key(Key::Num8, Some(Key::OpenBracket), CTRL_SHIFT);
        assert_eq!(physical, Some(Action::Fold));
    }
}
