//! The code editor: egui's text field for typing, selecting, the clipboard and input methods,
//! and round it what it lacks: colours, gutter, marks, indentation, comments, undo by words, find, go to line.

mod action;
mod bar;
mod crlf;
mod edit;
mod find;
mod keys;
mod lines;
mod messages;
mod paint;
mod shared;
mod undo;
mod view;

pub use action::Action;
pub use edit::{Command, Selection};
pub use shared::Steps;

use crate::diagnostic::{self, Diagnostic, Edit, Position, Severity, Span};
use crate::workbench::highlight::{HighlightCache, Language};
use bar::Bar;
use crlf::LineEnds;
use egui::{Id, Response, Ui};
use find::Matches;
use lines::LineMap;
use std::ops::Range;
use undo::History;

/// A problem at a place of the text: squiggle, dot in the gutter, message behind the line, words on hover.
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
    /// Tests that begin at a line (from 1), and whether they pass.
    pub tests: &'a [(usize, bool)],
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
    /// Where the cursor is on the screen; none if it is out of sight. Popups open below it.
    pub caret: Option<egui::Rect>,
    /// The byte offset under the pointer, if it is over text, and the sign there on the screen: for hover words.
    pub hover: Option<(usize, egui::Rect)>,
    /// The byte offset that was clicked with Ctrl held: to go to the definition.
    pub ctrl_clicked: Option<usize>,
    /// What this frame changed, as edits of the text of the frame before, in its order.
    pub edits: Vec<Edit>,
    /// What of it was typed at the cursor, sign by sign; none for other changes (pasting, deleting, undo, commands).
    /// A completion may open by itself after it.
    pub typed: Option<String>,
    /// While something is dragged over the text from elsewhere: the byte offset nearest to the pointer, and the cursor
    /// there on the screen.
    pub drop_at: Option<(usize, egui::Rect)>,
    /// The line (from 1) of the note that was clicked.
    pub clicked_note: Option<usize>,
}

/// The state of an editor, one per open document. The text itself stays with its owner.
pub struct CodeEditor {
    id: Id,
    name: String,
    highlight: HighlightCache,
    history: History,
    bar: Bar,
    matches: Matches,
    lines: LineMap,
    /// The text as it was at the end of the last frame.
    seen: String,
    /// Grows when the text changes.
    version: u64,
    selection: Selection,
    /// Selected from outside since the last frame, in bytes of the file's own text.
    wanted: Option<Range<usize>>,
    pending: Option<Pending>,
    focus: bool,
    waiting: keys::Waiting,
    /// Whether it was on the screen before.
    shown: bool,
    /// For how many frames more the cursor is to be kept in view.
    revealing: u8,
    /// Length of the longest note there was, in characters.
    note_chars: usize,
    /// Width of the text as it was last laid out, in points.
    text_width: f32,
    /// Asked for since the last frame.
    asked: Vec<Action>,
    /// The time of the last frame.
    time: f64,
    /// When a key last did something, for the blinking of the cursor.
    last_activity: f64,
    started: bool,
}

/// Where to go in the next frame.
#[derive(Clone, Copy)]
struct Pending {
    selection: Selection,
    /// Into the middle of the view, rather than just into sight.
    center: bool,
}

impl CodeEditor {
    /// An editor; `id` tells its document from others, for instance by its path.
    pub fn new(id: impl std::hash::Hash) -> Self {
        Self {
            id: Id::unique(("code editor", egui::util::hash(id))),
            name: "Rule editor".to_owned(),
            highlight: HighlightCache::default(),
            history: History::default(),
            bar: Bar::default(),
            matches: Matches::default(),
            lines: LineMap::default(),
            seen: String::new(),
            version: 0,
            selection: Selection::default(),
            wanted: None,
            pending: None,
            focus: false,
            waiting: keys::Waiting::default(),
            shown: false,
            revealing: 0,
            note_chars: 0,
            text_width: 0.0,
            asked: Vec::new(),
            time: 0.0,
            last_activity: 0.0,
            started: false,
        }
    }

    /// Names it in the accessibility tree; "Rule editor" unless told otherwise.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Shows the editor in all the room there is.
    pub fn show(&mut self, ui: &mut Ui, input: EditorInput<'_>) -> EditorResponse {
        let ends = LineEnds::of(input.text);
        self.time = ui.input(|i| i.time);
        if let Some(range) = self.wanted.take() {
            let range = ends
                .as_ref()
                .map_or(range.clone(), |e| e.inward_range(&range));
            self.jump(range, true);
            self.focus = true;
        }
        match ends {
            None => view::show(self, ui, input),
            Some(ends) => crlf::show(&ends, input, |input| view::show(self, ui, input)),
        }
    }

    /// Puts the cursor at a byte offset, into the middle of the view, and the focus into the editor.
    pub fn go_to(&mut self, offset: usize) {
        self.select(offset..offset);
    }

    /// Selects bytes, brings them into the middle of the view and the focus into the editor.
    pub fn select(&mut self, range: Range<usize>) {
        self.wanted = Some(range);
    }

    fn jump(&mut self, range: Range<usize>, center: bool) {
        self.pending = Some(Pending {
            selection: Selection {
                anchor: range.start,
                head: range.end,
            },
            center,
        });
    }

    /// Gives the editor the keyboard in the next frame.
    pub fn request_focus(&mut self) {
        self.focus = true;
    }

    /// Opens the find bar.
    pub fn open_find(&mut self) {
        self.bar.open_find(None);
    }

    /// Opens the go-to-line bar.
    pub fn open_go_to_line(&mut self) {
        self.bar.open_go_to_line();
    }

    /// Does something in the next frame, as its keys would; the editor gets the keyboard.
    pub fn run(&mut self, action: Action) {
        self.asked.push(action);
        self.focus = true;
    }

    /// Whether the find or the go-to-line bar is open.
    pub fn bar_is_open(&self) -> bool {
        self.bar.is_open()
    }

    /// Forgets the undo steps, for a document that was loaded anew.
    pub fn forget_history(&mut self) {
        self.history.forget();
        self.started = false;
    }

    /// Whether there is a step to take back.
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether there is a step to do again.
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// Takes the last step back. Gives whether there was one.
    pub fn undo(&mut self, text: &mut String) -> bool {
        crlf::edit(text, |text| {
            let selection = self.history.undo(text);
            self.travelled(text, selection)
        })
    }

    /// Does the step again that was last taken back. Gives whether there was one.
    pub fn redo(&mut self, text: &mut String) -> bool {
        crlf::edit(text, |text| {
            let selection = self.history.redo(text);
            self.travelled(text, selection)
        })
    }

    fn travelled(&mut self, text: &str, selection: Option<Selection>) -> bool {
        let Some(selection) = selection else {
            return false;
        };
        self.notice(text);
        self.selection = selection;
        self.jump(selection.anchor..selection.head, false);
        true
    }

    /// Carries a command out on the text, as its key does. Gives whether it changed something.
    pub fn command(
        &mut self,
        text: &mut String,
        language: Language,
        command: Command,
        time: f64,
    ) -> bool {
        crlf::edit(text, |text| {
            let edited = edit::apply(command, text, self.selection, language);
            let Some((new, selection)) = edited else {
                return false;
            };
            self.take_over(text, new, selection, time);
            true
        })
    }

    /// Makes edits (spans are bytes of the text, in its order) as one step of undo, then selects bytes of the new
    /// text, or leaves the cursor with what is round it. Gives whether the edits fit the text; if not, nothing happens.
    pub fn replace(
        &mut self,
        text: &mut String,
        edits: &[Edit],
        select: Option<Range<usize>>,
    ) -> bool {
        let Some(new) = diagnostic::apply(edits, text) else {
            return false;
        };
        let inward = |text: &str, at: usize| LineEnds::of(text).map_or(at, |ends| ends.inward(at));
        let splices = edits.iter().map(|edit| {
            let range = inward(text, edit.span.start)..inward(text, edit.span.end);
            (range, edit.text.replace("\r\n", "\n"))
        });
        let splices: Vec<_> = splices.collect();
        let select = select.map(|range| Selection {
            anchor: inward(&new, range.start),
            head: inward(&new, range.end),
        });
        crlf::edit(text, |text| {
            let (new, moved) = edit::with_splices(text, self.selection, splices);
            self.take_over(text, new, select.unwrap_or(moved), self.time);
        });
        true
    }

    /// Takes a new text over as one step of undo.
    fn take_over(&mut self, text: &mut String, new: String, selection: Selection, time: f64) {
        self.history
            .record(text, &new, self.selection, selection, time, false);
        *text = new;
        self.notice(text);
        self.selection = selection;
        self.jump(selection.anchor..selection.head, false);
        self.last_activity = time;
    }

    /// Remembers the text as it is now.
    fn notice(&mut self, text: &str) {
        if self.seen != text || !self.started {
            self.started = true;
            text.clone_into(&mut self.seen);
            self.lines = LineMap::new(text);
            self.version += 1;
        }
    }
}
