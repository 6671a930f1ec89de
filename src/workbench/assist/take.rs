//! Answers, and what they open; what is open, shown.

use super::list::{self, List};
use super::stops::Stops;
use super::work::{Answer, Ask, Found};
use super::{cards, field, places, rename};
use crate::author::{Completions, Item, ItemKind, Place};
use crate::diagnostic::{Edit, Span};
use crate::workbench::app::Workbench;
use crate::workbench::groups::GroupId;
use std::path::Path;

impl Workbench {
    /// Takes what the threads found about a document.
    pub(super) fn take_assist(&mut self, group: GroupId, path: &Path) {
        self.assist.untaken = 0;
        for answer in self.assist.answers().into_iter().flatten() {
            // An answer about another text helps nobody.
            let fits =
                answer.path == path && self.doc(path).is_some_and(|d| d.text == *answer.text);
            if fits {
                self.take_one(group, path, answer);
            }
        }
    }

    fn take_one(&mut self, group: GroupId, path: &Path, answer: Answer) {
        let (offset, caret) = (answer.offset, self.assist.caret.is_some());
        match answer.found {
            Found::Complete(found, signature) => {
                self.assist.signature = signature;
                let here = answer.caret == self.assist.offset && caret;
                let before = self.assist.list.take();
                if here {
                    self.take_completions(path, found, &answer.text, offset, before);
                }
            }
            Found::Signature(signature) => self.assist.signature = signature,
            Found::Hover(hover) => {
                if let Some(pointed) = &mut self.assist.pointed {
                    pointed.hover = hover;
                }
            }
            Found::Definition(Some(place)) => self.go_to_place(group, path, &place),
            Found::Definition(None) => self.notices.info("Nothing is known of where this is made"),
            Found::References(found) if found.is_empty() => {
                self.notices.info("No other places of this are known");
            }
            Found::References(found) => {
                self.assist.close();
                self.assist.places = Some(places::Places::new(found, path));
            }
            Found::Renameable(None) => {
                // The reason is told in the words of the rename itself.
                self.ask_assist(Ask::Rename("renamed".to_owned()), path, offset);
            }
            Found::Renameable(Some(span)) => {
                self.assist.close();
                self.assist.rename = Some(rename::Rename::new(&answer.text, span, offset));
            }
            Found::Rename(result) => match (&mut self.assist.rename, answer.ask) {
                (Some(open), Ask::Rename(name)) => open.preview = Some((name, result)),
                (None, _) => {
                    if let Err(why) = result {
                        self.notices.info(why);
                    }
                }
                _ => {}
            },
            Found::Fields(None) => self
                .notices
                .info("The field at the cursor has no fixed choices"),
            Found::Fields(help) => {
                self.assist.close();
                self.assist.field = help;
            }
            Found::Offer(key) => self.assist.offer.answered(key),
            Found::Format(Ok(edits)) if edits.is_empty() => {
                self.notices.info("The query is laid out well already")
            }
            Found::Format(Ok(edits)) => {
                self.assist_edit(group, path, &edits, None);
            }
            Found::Format(Err(why)) => self.notices.info(why),
            Found::Snippets(found) => {
                let place = Span::new(offset, offset);
                let items = found.into_iter().enumerate().map(|(rank, snippet)| Item {
                    label: snippet.name,
                    kind: ItemKind::Snippet,
                    detail: String::new(),
                    doc: snippet.doc,
                    edit: Edit {
                        span: place,
                        text: snippet.text,
                    },
                    stops: snippet.stops,
                    rank,
                });
                let found = Completions {
                    replace: place,
                    items: items.collect(),
                };
                self.assist.list = List::new(found, &answer.text, offset, true);
                if self.assist.list.is_none() {
                    self.notices.info("There is no snippet for this file");
                }
            }
        }
    }

    /// Opens the list of what was found, if there is anything to choose.
    fn take_completions(
        &mut self,
        path: &Path,
        found: Completions,
        text: &str,
        offset: usize,
        before: Option<List>,
    ) {
        let (wanted, caret) = (self.assist.wanted, self.assist.offset);
        if offset != caret {
            // About a word that is there: for a place of a snippet only where the field says what it can be.
            let choices = found.items.iter().all(|i| i.kind == ItemKind::Choice);
            if wanted || self.assist.offered && choices && found.items.len() > 1 {
                let selected = self.assist.selection;
                let word = match selected.start < selected.end {
                    true => selected,
                    false => found.replace,
                };
                self.assist.list = List::over(found, text, word, caret);
            }
            if wanted && self.assist.list.is_none() {
                self.notices.info("Nothing is known that could stand here");
            }
            return;
        }
        let start = found.replace.start;
        let mut list = List::new(found, text, offset, wanted);
        // What was chosen by hand stays chosen.
        if let (Some(list), Some(label)) = (&mut list, before.as_ref().and_then(|b| b.label())) {
            list.choose(label);
        }
        if wanted && list.is_none() {
            match start < caret {
                // The word is whole: what could stand in its place.
                true => self.ask_at(Ask::Complete, path, start, caret),
                false => self.notices.info("Nothing is known that could stand here"),
            }
        }
        self.assist.list = list;
    }

    /// Puts an item into the text.
    pub(super) fn take_item(&mut self, group: GroupId, path: &Path, item: &Item) {
        let start = item.edit.span.start;
        let end = start + item.edit.text.len();
        let first = item.stops.first().map(|stop| stop.shifted(start));
        let place = first.unwrap_or(Span::new(end, end));
        self.assist.list = None;
        self.assist.wanted = false;
        if !self.assist_edit(group, path, std::slice::from_ref(&item.edit), Some(place)) {
            return;
        }
        self.assist.offset = place.end;
        match (Stops::new(start, &item.stops), &mut self.assist.stops) {
            // A choice within a snippet leaves its other places.
            (None, Some(stops)) => {
                stops.follow(std::slice::from_ref(&item.edit));
                if !stops.holds(place.end) {
                    self.assist.stops = None;
                }
            }
            (new, stops) => *stops = new,
        }
        // Where a value or a key comes next, that is what is looked for.
        let text = self.doc(path).map(|d| d.text.clone()).unwrap_or_default();
        let head = text.get(..place.start).unwrap_or("");
        let next =
            place.start == place.end && head.ends_with([' ', '"', '(']) && !head.ends_with("\n");
        if next {
            self.ask_assist(Ask::Complete, path, place.start);
        } else {
            self.ask_assist(Ask::Signature, path, place.start);
        }
    }

    /// Goes to a place, in this file or another.
    pub(super) fn go_to_place(&mut self, group: GroupId, path: &Path, place: &Place) {
        self.assist.close();
        if place.path == path {
            if let Some(view) = self.groups.view_in(group, path) {
                view.editor.select(place.span.start..place.span.end);
            }
            return;
        }
        self.open_doc(&place.path);
        if let Some(view) = self
            .groups
            .view_mut()
            .filter(|view| view.path == place.path)
        {
            view.editor.select(place.span.start..place.span.end);
        }
    }

    /// Shows what is open.
    pub(super) fn show_assist(&mut self, group: GroupId, path: &Path) {
        let ctx = self.ctx.clone();
        self.show_pointed(&ctx, path);
        let Some(caret) = self.assist.caret else {
            return;
        };
        if let Some(mut open) = self.assist.rename.take() {
            match open.show(&ctx, caret) {
                rename::Next::Stay => self.assist.rename = Some(open),
                rename::Next::Look(name) => {
                    let offset = open.offset;
                    self.assist.rename = Some(open);
                    self.ask_assist(Ask::Rename(name), path, offset);
                }
                rename::Next::Close => self.back_to_text(group, path),
                rename::Next::Do(edits) => {
                    self.assist_edit(group, path, &edits, None);
                }
            }
            return;
        }
        if let Some(mut open) = self.assist.places.take() {
            match open.show(&ctx, caret) {
                places::Next::Stay => self.assist.places = Some(open),
                places::Next::Close => self.back_to_text(group, path),
                places::Next::Go(place) => self.go_to_place(group, path, &place),
            }
            return;
        }
        if let Some(open) = self.assist.field.take() {
            match field::show(&ctx, caret, &open) {
                field::Next::Stay => self.assist.field = Some(open),
                field::Next::Close => self.back_to_text(group, path),
                field::Next::Do(edits, more) => {
                    let at = open.key_span.start;
                    if self.assist_edit(group, path, &edits, None) && more {
                        // What it is now: asked anew, shown until then.
                        self.assist.field = Some(open);
                        self.ask_assist(Ask::Fields, path, at);
                    }
                }
            }
            return;
        }
        if !self.assist.focused {
            // The keyboard may be gone for a moment because the list itself is clicked.
            let on_list = self.assist.list.as_ref().is_some_and(|list| {
                let at = ctx.input(|i| i.pointer.interact_pos());
                at.is_some_and(|at| list.rect.contains(at))
            });
            if !on_list {
                self.assist.list = None;
                self.assist.signature = None;
            }
        }
        if let Some(signature) = &self.assist.signature {
            cards::signature(&ctx, caret, signature);
        }
        let word = self.assist.list.as_ref().and_then(|list| {
            let text = &self.docs.iter().find(|d| d.path == path)?.text;
            text.get(list.word_start()..self.assist.offset)
        });
        let caret = list::beneath(&ctx, caret, word.unwrap_or(""));
        let clicked = self
            .assist
            .list
            .as_mut()
            .and_then(|list| list.show(&ctx, caret));
        if let Some(item) = clicked {
            self.take_item(group, path, &item);
        }
    }

    fn back_to_text(&mut self, group: GroupId, path: &Path) {
        if let Some(view) = self.groups.view_in(group, path) {
            view.editor.request_focus();
        }
    }

    fn show_pointed(&mut self, ctx: &egui::Context, path: &Path) {
        let Some(pointed) = &self.assist.pointed else {
            return;
        };
        if !pointed.asked {
            return;
        }
        let holds = |span: Option<Span>| {
            span.is_some_and(|s| {
                s.start <= pointed.offset && pointed.offset <= s.end.max(s.start + 1)
            })
        };
        let troubles: Vec<cards::Trouble> = self
            .problems
            .of(path)
            .filter(|p| holds(p.diagnostic.span) && !p.diagnostic.fixes.is_empty())
            .map(|p| cards::Trouble {
                message: p.diagnostic.message.clone(),
                fixes: p.diagnostic.fixes.clone(),
            })
            .collect();
        if pointed.hover.is_none() && troubles.is_empty() {
            return;
        }
        let (fix, card) = cards::hover(ctx, pointed.sign, pointed.hover.as_ref(), &troubles);
        if let Some(pointed) = &mut self.assist.pointed {
            pointed.card = Some(card);
        }
        if let Some(fix) = fix {
            self.assist.pointed = None;
            self.apply_fix(path, &fix);
        }
    }
}
