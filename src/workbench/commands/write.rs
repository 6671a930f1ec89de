//! What helps while a rule is written.

use super::{Command, Row, plain, row, shift};
use egui::{Key, KeyboardShortcut, Modifiers};

/// Ctrl+Space also where the system's command key is another one: there it opens a search.
const COMPLETE: KeyboardShortcut = KeyboardShortcut::new(Modifiers::CTRL, Key::Space);
const SIGNATURE: KeyboardShortcut =
    KeyboardShortcut::new(Modifiers::CTRL.plus(Modifiers::SHIFT), Key::Space);
const FORMAT: KeyboardShortcut =
    KeyboardShortcut::new(Modifiers::SHIFT.plus(Modifiers::ALT), Key::F);
const FIELD: KeyboardShortcut = KeyboardShortcut::new(Modifiers::ALT, Key::Enter);

/// The menu's commands.
pub const ROWS: &[Row] = &[
    row(
        Command::Complete,
        "Suggest completions",
        "Show what can stand at the cursor",
        &[COMPLETE],
    ),
    row(
        Command::SignatureHelp,
        "Show parameters",
        "Show how the function at the cursor is called",
        &[SIGNATURE],
    ),
    row(
        Command::FieldHelp,
        "Set field…",
        "Choose the value of the field at the cursor",
        &[FIELD],
    ),
    row(
        Command::InsertSnippet,
        "Insert snippet…",
        "Put in a new rule, body or case, with places to fill in",
        &[],
    )
    .line(),
    row(
        Command::GoToDefinition,
        "Go to definition",
        "Go to where the name at the cursor is made",
        &[plain(Key::F12)],
    ),
    row(
        Command::FindReferences,
        "Find references",
        "List all places of the name at the cursor",
        &[shift(Key::F12)],
    ),
    row(
        Command::RenameSymbol,
        "Rename…",
        "Give the name at the cursor another one, everywhere in the file",
        &[plain(Key::F2)],
    ),
    row(
        Command::FormatQuery,
        "Format query",
        "Lay the query out anew and leave the rest of the file as it is",
        &[FORMAT],
    ),
];
