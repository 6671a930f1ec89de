//! What the editor is given and what it gives back.

use crate::diagnostic::{Diagnostic, Edit, Position, Severity, Span};
use crate::workbench::highlight::Language;
use egui::{Rect, Response};
use std::ops::Range;

/// A problem at a place of the text: squiggle, sign in the gutter, message behind the line, words on hover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the text. An empty span marks the sign at its place.
    pub span: Span,
    /// How much it matters: the colour.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Mark {
    /// The mark of a diagnostic; one without a place is marked at the start of the text.
    pub fn of(diagnostic: &Diagnostic) -> Self {
        Self {
            span: diagnostic.span.unwrap_or_default(),
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            hint: diagnostic.hint.clone(),
        }
    }
}

/// How a test came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It came out as expected.
    Passed,
    /// It was not asked.
    Skipped,
    /// It did not come out as expected.
    Failed,
}

/// A test that begins at a line: a sign in the gutter with words on hover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestMark {
    /// The line, from 1.
    pub line: usize,
    /// How it came out.
    pub verdict: Verdict,
    /// Whether the text has changed since: it may come out otherwise now.
    pub old: bool,
    /// What it is called and why it did not pass, for the tooltip.
    pub words: String,
}

/// What the editor shows this frame.
pub struct EditorInput<'a> {
    /// The text. It may be changed from outside between frames (a fix, a reload): that is one step of undo.
    pub text: &'a mut String,
    /// What it is written in.
    pub language: Language,
    /// Problems in any order.
    pub problems: &'a [Mark],
    /// Words in the gutter beside a line (from 1), such as rows alive after a pipe stage.
    pub notes: &'a [(usize, String)],
    /// What a click on a note does, for its tooltip; none where a click does nothing.
    pub note_action: Option<&'a str>,
    /// Tests beside their lines, one a line; a click tells which.
    pub tests: &'a [TestMark],
    /// A button behind a line (from 1) that opens the choices of its field, and what it is called.
    pub choices: Option<(usize, &'a str)>,
    /// Whether the lines that lead to what is seen stay at the top.
    pub sticky: bool,
    /// Whether blanks are shown as signs.
    pub blanks: bool,
    /// Whether it can only be read.
    pub read_only: bool,
    /// Whether a popup is open over the text: Up, Down, the Page keys, Enter, Tab and Escape are left to it.
    /// They stay in the events of the frame, for whoever shows the popup to take after the editor.
    pub popup: bool,
}

impl<'a> EditorInput<'a> {
    /// A text without anything beside it; what there is more is set by `..EditorInput::new(text, language)`.
    pub fn new(text: &'a mut String, language: Language) -> Self {
        Self {
            text,
            language,
            problems: &[],
            notes: &[],
            note_action: None,
            tests: &[],
            choices: None,
            sticky: false,
            blanks: false,
            read_only: false,
            popup: false,
        }
    }
}

/// What happened this frame.
pub struct EditorResponse {
    /// The text field's own response, for focus and hover.
    pub response: Response,
    /// Whether the text was changed in the editor.
    pub changed: bool,
    /// Where the cursor is: line and column from 1, columns in characters.
    pub cursor: Position,
    /// The same as a byte offset.
    pub offset: usize,
    /// The selected bytes.
    pub selection: Range<usize>,
    /// How many cursors there are.
    pub cursors: usize,
    /// Where the cursor is on the screen; none if it is out of sight. Popups open below it.
    pub caret: Option<Rect>,
    /// The byte offset under the pointer, if it is over text, and the sign there on the screen: for hover words.
    pub hover: Option<(usize, Rect)>,
    /// The byte offset that was clicked with Ctrl held: to go to the definition.
    pub ctrl_clicked: Option<usize>,
    /// What this frame changed, as edits of the text of the frame before, in its order.
    pub edits: Vec<Edit>,
    /// What of it was typed at the cursor, sign by sign; none for other changes (pasting, deleting, undo, commands).
    /// A completion may open by itself after it.
    pub typed: Option<String>,
    /// While something is dragged over the text from elsewhere: the byte offset nearest to the pointer, and the cursor
    /// there on the screen.
    pub drop_at: Option<(usize, Rect)>,
    /// The line (from 1) of the note that was clicked.
    pub clicked_note: Option<usize>,
    /// The line (from 1) of the test that was clicked.
    pub clicked_test: Option<usize>,
    /// Whether the button of the choices was clicked.
    pub clicked_choices: bool,
}
