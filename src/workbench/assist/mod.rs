//! What helps while a rule is written, over the editor: completions, hover, signatures, rename, places, field help.
//!
//! `author` is asked on threads of its own; the newest question wins. What is shown follows the text as it is typed, so nothing
//! waits for an answer. `follow` says what typing and the pointer ask, `take` takes answers and shows what is open, `commands`
//! does what is asked by name.

mod cards;
mod choices;
mod commands;
mod field;
mod follow;
mod frame;
mod list;
mod places;
mod rename;
mod stops;
mod take;
mod work;

use super::app::Workbench;
use super::editor::EditorResponse;
use super::groups::GroupId;
use super::worker::Worker;
use crate::author::{Edit, FieldHelp, Hover, Item, Signature};
use crate::diagnostic::Span;
use egui::{Key, Modifiers, Rect};
use list::List;
use std::path::{Path, PathBuf};
use std::time::Instant;
use stops::Stops;
pub(super) use work::new_id;
use work::{Answer, Ask, Question};

/// Frames until the editor has the keyboard that it was given.
const GRACE: u8 = 4;

/// What is open over the text, and who is asked.
pub struct Assist {
    /// Completions and signatures.
    typing: Worker<Question, Answer>,
    /// What stands under the pointer.
    pointing: Worker<Question, Answer>,
    /// What was asked by a command.
    asking: Worker<Question, Answer>,
    /// Whether the field at the cursor has fixed choices.
    offering: Worker<Question, Answer>,
    offer: choices::Offer,
    /// The document and the group it is open over.
    over: Option<(GroupId, PathBuf)>,
    list: Option<List>,
    /// The completions were asked for by name: they are shown with nothing typed.
    wanted: bool,
    /// They are offered for a place of a snippet that was just gone to: Tab goes on to the next one.
    offered: bool,
    signature: Option<Signature>,
    stops: Option<Stops>,
    rename: Option<rename::Rename>,
    places: Option<places::Places>,
    field: Option<FieldHelp>,
    pointed: Option<Pointed>,
    /// The place of the caret in the last frame, and what the last command was about.
    offset: usize,
    caret: Option<Rect>,
    /// What is selected.
    selection: Span,
    focused: bool,
    /// The editor was given the keyboard: for so many frames it need not have it yet.
    grace: u8,
    /// For so many frames nobody has taken answers.
    untaken: u8,
}

/// What the pointer rests on.
struct Pointed {
    offset: usize,
    sign: Rect,
    since: Instant,
    asked: bool,
    hover: Option<Hover>,
    card: Option<Rect>,
}

/// What a key before the editor decided, to be done after it.
#[derive(Default)]
pub(super) struct Before {
    /// Whether the keys of popups are not the editor's.
    pub popup: bool,
    /// The line (from 1) that has a button for its choices, and what that is called.
    pub choices: Option<(usize, String)>,
    take: Option<Item>,
    select: Option<Span>,
}

impl Assist {
    /// Nothing is open.
    pub fn start(wake: impl Fn() + Send + Clone + 'static) -> Self {
        let shared = work::Shared::default();
        let work = || work::worker(shared.clone());
        Self {
            typing: Worker::start("completion", work(), wake.clone()),
            pointing: Worker::start("hover", work(), wake.clone()),
            asking: Worker::start("names", work(), wake.clone()),
            offering: Worker::start("choices", work(), wake),
            offer: choices::Offer::default(),
            over: None,
            list: None,
            wanted: false,
            offered: false,
            signature: None,
            stops: None,
            rename: None,
            places: None,
            field: None,
            pointed: None,
            offset: 0,
            caret: None,
            selection: Span::new(0, 0),
            focused: false,
            grace: 0,
            untaken: 0,
        }
    }

    /// After a frame: where no editor takes answers, because a dialog is open or there is none, they are dropped as
    /// they come. What a command asks while its dialog closes is taken in the next frame.
    pub fn after_frame(&mut self) {
        self.untaken = self.untaken.saturating_add(1);
        if self.untaken > 2 {
            self.answers();
        }
    }

    fn answers(&mut self) -> [Option<Answer>; 4] {
        [
            self.typing.answer(),
            self.pointing.answer(),
            self.asking.answer(),
            self.offering.answer(),
        ]
    }

    /// Which questions are open.
    pub fn busy_with(&self) -> [(&'static str, bool); 4] {
        [
            ("assist: typing", self.typing.is_busy()),
            ("assist: pointing", self.pointing.is_busy()),
            ("assist: asking", self.asking.is_busy()),
            ("assist: offering", self.offering.is_busy()),
        ]
    }

    fn close(&mut self) {
        self.list = None;
        self.wanted = false;
        self.offered = false;
        self.signature = None;
        self.rename = None;
        self.places = None;
        self.field = None;
        self.pointed = None;
    }

    /// Takes the keys that belong to what is open, before the editor sees them.
    fn keys(&mut self, ctx: &egui::Context, path: &Path) -> Before {
        let mut before = Before::default();
        let here = self.over.as_ref().is_some_and(|(_, over)| over == path);
        if !here || !self.focused {
            return before;
        }
        if self.places.is_some() || self.field.is_some() || self.rename.is_some() {
            before.popup = true;
            return before;
        }
        let key = |modifiers, key| ctx.input_mut(|i| i.consume_key(modifiers, key));
        let plain = Modifiers::NONE;
        if let Some(list) = &mut self.list {
            before.popup = true;
            for (sign, by) in [
                (Key::ArrowDown, 1),
                (Key::ArrowUp, -1),
                (Key::PageDown, List::PAGE),
                (Key::PageUp, -List::PAGE),
            ] {
                if key(plain, sign) {
                    list.step(by);
                }
            }
            let on = self.offered && list.is_untouched();
            if !on && key(plain, Key::Tab) {
                before.take = list.chosen_or_first().cloned();
            }
            // With nothing chosen the line is broken, as always.
            match list.chosen() {
                Some(item) if key(plain, Key::Enter) => before.take = Some(item.clone()),
                Some(_) => {}
                None => {
                    let pressed = ctx.input(|i| i.key_pressed(Key::Enter));
                    if pressed {
                        self.list = None;
                        before.popup = false;
                    }
                }
            }
            if key(plain, Key::Escape) {
                self.list = None;
            }
            if !on {
                return before;
            }
        }
        if let Some(stops) = &mut self.stops {
            let (back, on) = (key(Modifiers::SHIFT, Key::Tab), key(plain, Key::Tab));
            if back || on {
                before.select = stops.step(on);
                self.list = None;
                if stops.is_last() && on || before.select.is_none() {
                    self.stops = None;
                }
            }
        }
        let open = self.signature.is_some()
            || self.stops.is_some()
            || self.pointed.as_ref().is_some_and(|p| p.card.is_some());
        if open && key(plain, Key::Escape) {
            self.signature = None;
            self.stops = None;
            self.pointed = None;
        }
        before
    }
}

impl Workbench {
    /// Before the editor of a group is shown: keys that belong to what is open over it.
    pub(super) fn assist_before(&mut self, group: GroupId, path: &Path) -> Before {
        if self.groups.focus() != group || self.dialog.is_some() {
            return Before::default();
        }
        let ctx = self.ctx.clone();
        let mut before = self.assist.keys(&ctx, path);
        before.choices = self.assist.offer.button(group, path);
        before
    }

    /// After it was shown: what was typed asks, what is open is shown, what was chosen is done.
    pub(super) fn assist_after(
        &mut self,
        group: GroupId,
        path: &Path,
        response: &EditorResponse,
        before: Before,
    ) {
        if self.groups.focus() != group {
            return;
        }
        if self.dialog.is_some() {
            self.assist.close();
            return;
        }
        let here = (group, path.to_owned());
        if self.assist.over.as_ref() != Some(&here) {
            self.assist.close();
            self.assist.stops = None;
            self.assist.over = Some(here);
            self.assist.offset = response.offset;
        }
        self.assist.focused = response.response.has_focus() || self.assist.grace > 0;
        self.assist.grace = self.assist.grace.saturating_sub(1);
        self.assist.caret = response.caret;
        self.assist.selection = Span::new(response.selection.start, response.selection.end);
        self.follow(path, response);
        if let Some(place) = before.select {
            self.select_in(group, path, place);
            self.offer(path, place);
        }
        if let Some(item) = before.take {
            self.take_item(group, path, &item);
        }
        if let Some(offset) = response.ctrl_clicked {
            self.ask_assist(Ask::Definition, path, offset);
        }
        self.follow_offer(group, path, response);
        self.take_assist(group, path);
        self.point(path, response);
        self.show_assist(group, path);
    }

    /// Asks what else could stand at a place of a snippet, in place of what it holds.
    fn offer(&mut self, path: &Path, place: Span) {
        if place.start < place.end {
            self.assist.selection = place;
            self.assist.offered = true;
            self.ask_at(Ask::Complete, path, place.start, place.end);
        }
    }

    /// Asks about a place of an open document.
    fn ask_assist(&mut self, ask: Ask, path: &Path, offset: usize) {
        self.assist.offered &= ask != Ask::Complete;
        self.ask_at(ask, path, offset, offset);
    }

    fn ask_at(&mut self, ask: Ask, path: &Path, offset: usize, caret: usize) {
        let Some(text) = self.doc(path).map(|d| d.text.as_str().into()) else {
            return;
        };
        let question = Question {
            path: path.to_owned(),
            text,
            offset,
            caret,
            data: self.data.clone(),
            root: self.workspace.root.clone(),
            buffers: self.buffers().0,
            ask,
        };
        let assist = &mut self.assist;
        assist.untaken = 0;
        match question.ask {
            Ask::Complete | Ask::Signature => assist.typing.ask(question),
            Ask::Hover => assist.pointing.ask(question),
            Ask::Offer => assist.offering.ask(question),
            _ => assist.asking.ask(question),
        }
    }

    /// Makes edits as one step of undo.
    pub(in crate::workbench) fn assist_edit(
        &mut self,
        group: GroupId,
        path: &Path,
        edits: &[Edit],
        select: Option<Span>,
    ) -> bool {
        let mut edits = edits.to_vec();
        edits.sort_by_key(|edit| edit.span);
        let Some(doc) = self.docs.iter_mut().find(|d| d.path == path) else {
            return false;
        };
        let Some(view) = self.groups.view_in(group, path) else {
            return false;
        };
        let select = select.map(|s| s.start..s.end);
        if !view.editor.replace(&mut doc.text, &edits, select) {
            return false;
        }
        view.editor.request_focus();
        self.assist.grace = GRACE;
        self.text_changed(path);
        true
    }

    fn select_in(&mut self, group: GroupId, path: &Path, place: Span) {
        // No edit, only the selection: the view stays where it is.
        let select = Some(place);
        self.assist_select(group, path, select);
    }

    fn assist_select(&mut self, group: GroupId, path: &Path, select: Option<Span>) {
        if let (Some(view), Some(span)) = (self.groups.view_in(group, path), select) {
            view.editor.select(span.start..span.end);
            self.assist.offset = span.end;
        }
    }

    /// A file was made with places to fill in: the first is selected, Tab goes on.
    pub(super) fn fill_in(&mut self, stops: &[Span]) {
        let Some(first) = stops.first().copied() else {
            return;
        };
        let group = self.groups.focus();
        let Some(view) = self.groups.view_mut() else {
            return;
        };
        view.editor.select(first.start..first.end);
        view.editor.request_focus();
        self.assist.close();
        self.assist.over = Some((group, view.path.clone()));
        self.assist.offset = first.end;
        self.assist.grace = GRACE;
        self.assist.stops = Stops::new(0, stops);
        let path = view.path.clone();
        self.offer(&path, first);
    }
}
