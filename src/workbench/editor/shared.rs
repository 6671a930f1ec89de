//! Two views of one document: they share its text, and its steps of undo go to the one that has the keyboard.

use super::scroll::Reveal;
use super::undo::History;
use super::{CodeEditor, Selection};

/// The steps of undo of a document, on the way from one of its views to another.
#[derive(Default)]
pub struct Steps(History);

impl CodeEditor {
    /// Gives the steps of undo away. `text` is the document's as it is now: what changed it from outside since this
    /// view was shown last is a step of its own.
    pub fn give_steps(&mut self, text: &str, time: f64) -> Steps {
        self.time = time;
        self.notice_outside(text);
        self.history.close();
        Steps(std::mem::take(&mut self.history))
    }

    /// Takes the steps of undo over. `text` is the document's as it is now.
    pub fn take_steps(&mut self, text: &str, steps: Steps) {
        self.follow(text);
        self.history = steps.0;
    }

    /// The text was changed in another view, which keeps the steps of undo.
    pub fn follow(&mut self, text: &str) {
        if !self.started {
            self.notice_outside(text);
            return;
        }
        if self.take_difference(text).is_some() {
            text.clone_into(&mut self.seen);
        }
    }

    /// Whether the keyboard is with the text or its bar.
    pub fn has_keyboard(&self, ctx: &egui::Context) -> bool {
        let focused = ctx.memory(egui::Memory::focused);
        focused.is_some_and(|id| id == self.id || self.bar_has(id))
    }

    /// Tells it from other widgets.
    pub fn id(&self) -> egui::Id {
        self.id
    }

    /// Names it anew in the accessibility tree.
    pub fn rename(&mut self, name: &str) {
        if self.name != name {
            name.clone_into(&mut self.name);
        }
    }

    /// Puts the cursor at a byte offset and into sight, without taking the keyboard.
    pub fn place_cursor(&mut self, offset: usize) {
        self.set_selections(vec![Selection::cursor(offset)]);
        self.reveal = Some(Reveal::Center);
    }
}
