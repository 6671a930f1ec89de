//! The code editor: a widget of our own over egui's painter. It lays out only what can be seen, has as many cursors
//! as a person wants, folds, wraps, finds and replaces.
//!
//! The text stays its owner's, with its own line ends; a frame takes its events in their order (`keys`, `mouse`),
//! each of which changes the text through one door (`state`: `commit`), and paints what came of it (`view`, `paint`).

mod access;
mod acting;
mod action;
mod bar;
mod carry;
mod clipboard;
mod cursors;
mod edit;
mod face;
mod find;
mod fold;
mod ime;
mod keys;
mod layers;
mod lines;
mod measure;
mod menu;
mod motion;
mod mouse;
mod occurrences;
mod paint;
mod replacing;
mod rows;
mod scroll;
mod shared;
mod sheet;
mod splice;
mod state;
mod undo;
mod view;

pub use action::Action;
pub use carry::Carried;
pub use cursors::Selection;
pub use face::{EditorInput, EditorResponse, Mark, TestMark, Verdict};
pub use shared::Steps;
pub(super) use splice::moving;
pub(super) use splice::{common_end, common_start};

use crate::diagnostic::{self, Edit};
use crate::workbench::highlight::{HighlightCache, Language};
use bar::Bar;
use cursors::Cursors;
use egui::{Id, Ui};
use find::Matches;
use fold::Folds;
use lines::LineMap;
use measure::Measure;
use rows::Rows;
use scroll::{Reveal, Scroll};
use sheet::Frame;
use splice::Splice;
use std::ops::Range;
use undo::History;

/// The state of an editor, one per open document. The text itself stays with its owner.
pub struct CodeEditor {
    id: Id,
    name: String,
    language: Language,
    highlight: HighlightCache,
    history: History,
    bar: Bar,
    matches: Matches,
    lines: LineMap,
    measure: Measure,
    folds: Folds,
    rows: Rows,
    /// What the rows were made for: the text's version, the width of wrapped lines, how often was folded.
    rows_of: Option<(u64, Option<usize>, u64)>,
    /// Grows when something is folded or unfolded.
    folding: u64,
    /// Columns of the longest line.
    widest: usize,
    /// The text as its owner last had it.
    seen: String,
    /// Grows when the text changes.
    version: u64,
    cursors: Cursors,
    /// Closing signs that came by themselves, as offsets.
    closers: Vec<usize>,
    /// Whether long lines are broken at the edge of the view.
    wrap: bool,
    scroll: Scroll,
    /// The sizes of the last frame.
    frame: Frame,
    /// Selected from outside since the last frame.
    wanted: Option<Range<usize>>,
    reveal: Option<Reveal>,
    focus: bool,
    waiting: keys::Waiting,
    /// Asked for since the last frame.
    asked: Vec<Action>,
    drag: Option<mouse::Drag>,
    carry: Option<carry::Carry>,
    clicks: mouse::Clicks,
    preedit: Option<ime::Preedit>,
    /// The word whose occurrences get cursors, if it is one as a whole.
    whole_word: bool,
    /// What this frame did to the text so far.
    done: Vec<Vec<Splice>>,
    typed: Option<String>,
    /// Whether the change that is being made is typing.
    typing: bool,
    brackets: Option<view::Brackets>,
    /// Length of the longest note there was, in characters.
    note_chars: usize,
    /// Whether there were signs of tests.
    tests: bool,
    /// The line (from 0) that has the button of the choices.
    choices: Option<usize>,
    /// Whether lines that lead to what is seen stay at the top.
    sticky: bool,
    /// The time of the last frame.
    time: f64,
    /// When a key last did something, for the blinking of the cursor.
    last_activity: f64,
    started: bool,
    /// Whether the selections were set without a look at the text.
    unchecked: bool,
}

impl CodeEditor {
    /// An editor; `id` tells its document from others, for instance by its path.
    pub fn new(id: impl std::hash::Hash) -> Self {
        Self {
            id: Id::unique(("code editor", egui::util::hash(id))),
            name: "Rule editor".to_owned(),
            language: Language::default(),
            highlight: HighlightCache::default(),
            history: History::default(),
            bar: Bar::default(),
            matches: Matches::default(),
            lines: LineMap::default(),
            measure: Measure::default(),
            folds: Folds::default(),
            rows: Rows::default(),
            rows_of: None,
            folding: 0,
            widest: 0,
            seen: String::new(),
            version: 0,
            cursors: Cursors::default(),
            closers: Vec::new(),
            wrap: false,
            scroll: Scroll::default(),
            frame: Frame::default(),
            wanted: None,
            reveal: None,
            focus: false,
            waiting: keys::Waiting::default(),
            asked: Vec::new(),
            drag: None,
            carry: None,
            clicks: mouse::Clicks::default(),
            preedit: None,
            whole_word: false,
            done: Vec::new(),
            typed: None,
            typing: false,
            brackets: None,
            note_chars: 0,
            tests: false,
            choices: None,
            sticky: false,
            time: 0.0,
            last_activity: 0.0,
            started: false,
            unchecked: false,
        }
    }

    /// Names it in the accessibility tree; "Rule editor" unless told otherwise.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Shows the editor in all the room there is.
    pub fn show(&mut self, ui: &mut Ui, mut input: EditorInput<'_>) -> EditorResponse {
        view::show(self, ui, &mut input)
    }

    /// Puts the cursor at a byte offset, into the middle of the view, and the focus into the editor.
    pub fn go_to(&mut self, offset: usize) {
        self.select(offset..offset);
    }

    /// Selects bytes, brings them into the middle of the view and the focus into the editor.
    pub fn select(&mut self, range: Range<usize>) {
        self.wanted = Some(range);
    }

    /// Gives the editor the keyboard in the next frame.
    pub fn request_focus(&mut self) {
        self.focus = true;
    }

    /// Does something in the next frame, as its keys would; the editor gets the keyboard.
    pub fn run(&mut self, action: Action) {
        self.asked.push(action);
        self.focus = true;
    }

    /// Opens the find bar.
    pub fn open_find(&mut self) {
        self.bar.open_find(None, false);
    }

    /// Opens the go-to-line bar.
    pub fn open_go_to_line(&mut self) {
        self.bar.open_go_to_line();
    }

    /// Whether the find, the replace or the go-to-line bar is open.
    pub fn bar_is_open(&self) -> bool {
        self.bar.is_open()
    }

    /// Whether long lines are broken at the edge of the view.
    pub fn wraps(&self) -> bool {
        self.wrap
    }

    /// Breaks long lines at the edge of the view, or lets them be scrolled sideways.
    pub fn set_wrap(&mut self, wrap: bool) {
        self.wrap = wrap;
        self.reveal = Some(Reveal::Least);
    }

    /// The selections, in the order of the text, as they were after the last frame.
    pub fn selections(&self) -> &[Selection] {
        self.cursors.list()
    }

    /// Replaces the selections; the last one becomes the main one, which is brought into sight.
    pub fn set_selections(&mut self, selections: Vec<Selection>) {
        self.cursors = Cursors::of(selections);
        self.unchecked = true;
        self.reveal = Some(Reveal::Least);
        self.history.close();
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

    /// Makes edits (spans are bytes of the text, in its order) as one step of undo, then selects bytes of the new
    /// text, or leaves the cursors with what is round them. Gives whether the edits fit the text; if not, nothing
    /// happens.
    pub fn replace(
        &mut self,
        text: &mut String,
        edits: &[Edit],
        select: Option<Range<usize>>,
    ) -> bool {
        self.notice_outside(text);
        if diagnostic::apply(edits, text).is_none() {
            return false;
        }
        let splices = edits
            .iter()
            .map(|edit| Splice {
                range: edit.span.start..edit.span.end,
                with: edit.text.clone(),
            })
            .filter(|splice| !(splice.range.is_empty() && splice.with.is_empty()))
            .collect();
        let select = select.map(|range| vec![Selection::new(range.start, range.end)]);
        self.commit(text, edit::Change { splices, select }, false);
        text.clone_into(&mut self.seen);
        self.done.clear();
        true
    }
}
