//! Two views of one document: they share its text, and its steps of undo go to the one that has the keyboard.

use super::undo::History;
use super::{CodeEditor, crlf, view};

/// The steps of undo of a document, on the way from one of its views to another.
#[derive(Default)]
pub struct Steps(History);

impl CodeEditor {
    /// Gives the steps of undo away. `text` is the document's as it is now: what changed it from outside since this
    /// view was shown last is a step of its own.
    pub fn give_steps(&mut self, text: &str, time: f64) -> Steps {
        view::take_notice_of_text(self, &crlf::inner(text), time);
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
        let text = crlf::inner(text);
        if self.started && self.seen != *text {
            self.selection = self.selection.within(&text);
        }
        self.notice(&text);
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

    /// Puts the cursor at a byte offset when it is shown next, without taking the keyboard.
    pub fn place_cursor(&mut self, text: &str, offset: usize) {
        let inward = crlf::LineEnds::of(text).map_or(offset, |ends| ends.inward(offset));
        self.jump(inward..inward, true);
    }
}
