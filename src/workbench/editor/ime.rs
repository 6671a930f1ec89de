//! Input methods: what is being composed is shown at the cursor, and comes into the text when it is done.

use super::{CodeEditor, edit};
use egui::{ImeEvent, Rect, Ui};
use std::ops::Range;

/// A text that is being composed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Preedit {
    pub text: String,
    /// The part that is being chosen, in characters.
    pub active: Option<Range<usize>>,
}

/// Takes an event of the input method.
pub(super) fn take(editor: &mut CodeEditor, text: &mut String, event: &ImeEvent) {
    match event {
        ImeEvent::Preedit {
            text: composed,
            active_range_chars,
        } => {
            let composed = composed.trim_matches(['\n', '\r']);
            editor.preedit = (!composed.is_empty()).then(|| {
                let chars = composed.chars().count();
                let active = active_range_chars.clone();
                Preedit {
                    text: composed.to_owned(),
                    active: active.map(|r| r.start.min(chars)..r.end.min(chars)),
                }
            });
        }
        ImeEvent::Commit(committed) => {
            editor.preedit = None;
            if !committed.is_empty() && committed != "\n" && committed != "\r" {
                editor.type_text(text, committed);
            }
        }
        ImeEvent::DeleteSurrounding {
            before_chars,
            after_chars,
        } => {
            let head = editor.cursors.main().head;
            let start = text.get(..head).unwrap_or_default();
            let start = start.char_indices().rev().nth(before_chars.wrapping_sub(1));
            let start = match before_chars {
                0 => head,
                _ => start.map_or(0, |(i, _)| i),
            };
            let behind = text.get(head..).unwrap_or_default();
            let end = behind.char_indices().nth(*after_chars);
            let end = end.map_or(text.len(), |(i, _)| head + i);
            let range = super::Selection::new(start, end).within(text);
            let change = edit::insert(&[range], "");
            editor.commit(text, change, false);
        }
        #[expect(deprecated, reason = "egui still has them")]
        ImeEvent::Enabled | ImeEvent::Disabled => {}
    }
}

/// Tells the input method where its window belongs.
pub(super) fn tell(ui: &Ui, editor: &CodeEditor, area: Rect, caret: Rect) {
    if !ui.memory(|memory| memory.owns_ime_events(editor.id)) {
        return;
    }
    let transform = ui.ctx().layer_transform_to_global(ui.layer_id());
    let transform = transform.unwrap_or_default();
    ui.output_mut(|output| {
        output.ime = Some(egui::output::IMEOutput {
            purpose: egui::IMEPurpose::Normal,
            rect: transform * area,
            cursor_rect: transform * caret,
            should_interrupt_composition: false,
        });
    });
}
