//! A field over the name at the cursor, for its new name.

use super::frame;
use crate::author::Edit;
use crate::diagnostic::Span;
use crate::workbench::theme;
use egui::{Id, Key, Modifiers, Rect, RichText, vec2};

/// An open field.
pub struct Rename {
    /// Where the name stands.
    pub offset: usize,
    /// What it is now.
    old: String,
    /// What is typed.
    new: String,
    /// What it would change, of the name that was asked about last.
    pub preview: Option<(String, Result<Vec<Edit>, String>)>,
    shown: bool,
}

/// What a frame of the field gives.
pub enum Next {
    /// It stays.
    Stay,
    /// It stays, and this name is to be looked at.
    Look(String),
    /// It closes.
    Close,
    /// It closes, and this is to be done.
    Do(Vec<Edit>),
}

impl Rename {
    /// A field for the name at a span.
    pub fn new(text: &str, span: Span, offset: usize) -> Self {
        let old = text.get(span.start..span.end).unwrap_or("").to_owned();
        Self {
            offset,
            new: old.clone(),
            old,
            preview: None,
            shown: false,
        }
    }

    /// Shows the field.
    pub fn show(&mut self, ctx: &egui::Context, caret: Rect) -> Next {
        let width = 260.0;
        let at = frame::beside(ctx.content_rect(), caret, vec2(width + 10.0, 64.0), false);
        let (enter, escape) = ctx.input_mut(|i| {
            (
                i.consume_key(Modifiers::NONE, Key::Enter),
                i.consume_key(Modifiers::NONE, Key::Escape),
            )
        });
        let mut changed = false;
        let mut lost = false;
        frame::popup(ctx, Id::unique("rename field"), at, width, |ui| {
            ui.set_width(width);
            let tokens = theme::tokens(ui);
            let mut output = egui::TextEdit::singleline(&mut self.new)
                .id_salt("new name")
                .desired_width(f32::INFINITY)
                .font(egui::TextStyle::Monospace)
                .show(ui);
            let response = output.response.response.clone();
            response
                .widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "New name"));
            if !self.shown {
                response.request_focus();
                let all = egui::text::CCursorRange::two(
                    egui::text::CCursor::new(0),
                    egui::text::CCursor::new(self.new.chars().count()),
                );
                output.state.cursor.set_char_range(Some(all));
                output.state.store(ui.ctx(), response.id);
            }
            lost = self.shown && response.lost_focus() && !enter;
            self.shown = true;
            changed = response.changed();
            let (words, color) = match &self.preview {
                _ if self.new == self.old => ("Type the new name".to_owned(), tokens.text_faint),
                Some((name, Ok(edits))) if *name == self.new => {
                    let plural = if edits.len() == 1 { "" } else { "s" };
                    (
                        format!("Changes {} place{plural}; Enter to rename", edits.len()),
                        tokens.text_subdued,
                    )
                }
                Some((name, Err(why))) if *name == self.new => (why.clone(), tokens.error),
                _ => (" ".to_owned(), tokens.text_faint),
            };
            ui.label(RichText::new(words).small().color(color));
        });
        if escape || lost {
            return Next::Close;
        }
        if enter {
            return match &self.preview {
                _ if self.new == self.old => Next::Close,
                Some((name, Ok(edits))) if *name == self.new => Next::Do(edits.clone()),
                _ => Next::Stay,
            };
        }
        match changed {
            true => Next::Look(self.new.clone()),
            false => Next::Stay,
        }
    }
}
