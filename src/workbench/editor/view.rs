//! One frame of the editor: keys, bar, pointer, and then what it looks like.

use super::paint::gutter::{self, Gutter};
use super::paint::{choices, overview, sticky};
use super::sheet::Frame;
use super::{CodeEditor, EditorInput, EditorResponse};
use super::{access, edit, ime, keys, layers, menu, mouse, state};
use crate::workbench::highlight::job::line_height;
use crate::workbench::theme::tokens;
use egui::{
    CursorIcon, DragAndDrop, EventFilter, FontId, Rect, Response, Sense, TextStyle, Ui, pos2,
};
use std::time::Duration;

/// Time for colouring a frame; what is not reached stays plain until the next frame.
const COLOUR_BUDGET: Duration = Duration::from_millis(4);
/// Columns that can be scrolled to behind the longest line.
const BEHIND: usize = 10;

/// Brackets that belong together, and for which text and cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Brackets {
    of: (u64, u64, usize),
    pair: Option<(usize, usize)>,
}

pub(super) fn show(
    editor: &mut CodeEditor,
    ui: &mut Ui,
    input: &mut EditorInput<'_>,
) -> EditorResponse {
    editor.time = ui.input(|i| i.time);
    editor.language = input.language;
    editor.typed = None;
    editor.typing = false;
    editor.notice_outside(input.text);
    editor.take_wanted(input.text);
    let keyboard = ui.memory(egui::Memory::focused);
    take_focus(editor, ui);
    for action in std::mem::take(&mut editor.asked) {
        if !(input.read_only && action.edits()) {
            editor.act(ui, input.text, action);
        }
    }
    access::take(editor, ui, input);
    if keyboard == Some(editor.id) {
        keys::for_text(editor, ui, input);
    } else if keyboard.is_some_and(|id| editor.bar_has(id)) {
        keys::for_bar(editor, ui);
    } else {
        keys::give_back(editor, ui);
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        editor.show_bar(ui, input.text, input.read_only);
        take_focus(editor, ui);
        body(editor, ui, input)
    })
    .inner
}

fn take_focus(editor: &mut CodeEditor, ui: &Ui) {
    // Below a dialog that closes in this frame the keyboard would be taken away again.
    if editor.focus && !ui.memory(|m| m.allows_interaction(ui.layer_id())) {
        ui.ctx().request_repaint();
        return;
    }
    // A click elsewhere in this frame, on the tab say, would take it away again too.
    let elsewhere = |at: egui::Pos2| !editor.frame.area.contains(at);
    let clicked = ui.input(|i| i.pointer.any_click().then(|| i.pointer.interact_pos()));
    if editor.focus && clicked.flatten().is_some_and(elsewhere) {
        ui.ctx().request_repaint();
        return;
    }
    if std::mem::take(&mut editor.focus) {
        ui.memory_mut(|memory| {
            if !memory.has_focus(editor.id) {
                memory.request_focus(editor.id);
            }
        });
        editor.last_activity = editor.time;
    }
}

impl CodeEditor {
    /// Whether a field of the bar is about to get the keyboard.
    pub(super) fn bar_wants_keys(&self) -> bool {
        self.bar.wants_keys()
    }

    /// How far it can be scrolled.
    pub(super) fn limits(&self) -> [f64; 2] {
        let size = self.sheet("").size(self.columns());
        let view = self.frame.text.size();
        [0, 1].map(|d| f64::from((size[d] - view[d]).max(0.0)))
    }

    /// Columns that can be scrolled to.
    pub(super) fn columns(&self) -> usize {
        match self.wrap {
            true => 0,
            false => self.widest + BEHIND,
        }
    }

    /// The brackets at the cursor.
    pub(super) fn brackets_at(&mut self, text: &str) -> Option<(usize, usize)> {
        let main = self.cursors.main();
        let of = (self.version, self.highlight.generation(), main.head);
        if let Some(known) = self.brackets.filter(|known| known.of == of) {
            return known.pair;
        }
        let code = |at| !state::in_quotes(&self.highlight, &self.lines, at);
        let pair = match main.is_empty() {
            true => edit::matching(text, main.head, code),
            false => None,
        };
        self.brackets = Some(Brackets { of, pair });
        pair
    }
}

/// Finds the sizes of this frame.
fn measure(editor: &mut CodeEditor, ui: &Ui, input: &EditorInput<'_>, font: &FontId) -> Gutter {
    let area = ui.available_rect_before_wrap();
    let sign = ui.fonts_mut(|fonts| fonts.glyph_width(font, '0')).max(1.0);
    // Never narrower again: the text would jump sideways whenever the notes go and come back.
    editor.note_chars = editor.note_chars.max(gutter::longest_note(input.notes));
    editor.tests |= !input.tests.is_empty();
    editor.choices = input.choices.map(|(line, _)| line.saturating_sub(1));
    editor.sticky = input.sticky;
    let gutter = Gutter::measure(sign, editor.lines.count(), editor.note_chars, editor.tests);
    let text = Rect::from_min_max(
        pos2((area.left() + gutter.width).min(area.right()), area.top()),
        pos2(
            (area.right() - overview::WIDTH).max(area.left() + gutter.width),
            area.bottom(),
        ),
    );
    editor.frame = Frame {
        area,
        text,
        sign,
        row: line_height(font),
        scroll: editor.scroll.at,
    };
    gutter
}

fn body(editor: &mut CodeEditor, ui: &mut Ui, input: &mut EditorInput<'_>) -> EditorResponse {
    let tokens = tokens(ui);
    let font = TextStyle::Monospace.resolve(ui.style());
    let gutter = measure(editor, ui, input, &font);
    let frame = editor.frame;
    ui.allocate_rect(frame.area, Sense::hover());
    if !editor
        .highlight
        .update(input.text, input.language, Some(COLOUR_BUDGET))
    {
        ui.ctx().request_repaint();
    }
    editor.reveal_cursors();
    editor.refresh(input.text);

    let response = ui.interact(frame.text, editor.id, Sense::click_and_drag());
    point(editor, ui, input, &response);
    take_focus(editor, ui);
    editor.reveal_cursors();
    editor.refresh(input.text);
    scroll(editor, ui, input.text);

    let focused = response.has_focus();
    if focused {
        let all = EventFilter {
            tab: true,
            horizontal_arrows: true,
            vertical_arrows: true,
            escape: true,
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(editor.id, all));
    }
    let shown = layers::paint(editor, ui, input, tokens, &font, focused);
    let sheet = editor.sheet(input.text);
    let (strip, clicked) = gutter::show(ui, editor, &sheet, tokens, input, gutter);
    let clicked_choices = choices::show(ui, editor, &sheet, tokens, input);
    let pinned = match input.sticky {
        true => sticky::show(ui, editor, &sheet, tokens, &font, gutter),
        false => None,
    };
    if !input.popup {
        layers::tell_problems(
            ui,
            &sheet,
            tokens,
            input.problems,
            &response,
            &strip,
            &shown,
        );
    }
    if focused && !input.read_only {
        ime::tell(ui, editor, frame.text, shown.caret);
    }
    access::tell(ui, editor, input, &response);

    let pointer = response.hover_pos().filter(|_| response.contains_pointer());
    let hover = pointer.and_then(|pointer| sheet.sign_at(pointer));
    let clicked_at = response.interact_pointer_pos();
    let ctrl_clicked = clicked_at
        .filter(|_| response.clicked() && ctrl_alone(ui))
        .and_then(|pointer| sheet.sign_at(pointer))
        .map(|(offset, _)| offset);
    let drop_at = ui
        .input(|i| i.pointer.interact_pos())
        .filter(|_| DragAndDrop::has_any_payload(ui.ctx()) && response.contains_pointer())
        .map(|pointer| sheet.nearest(pointer))
        .map(|offset| (offset, sheet.caret(offset)));
    let seen = frame.text.expand(1.0).contains(shown.caret.center());
    let main = editor.cursors.main();
    let cursor = editor.lines.position(input.text, main.head);

    layers::bars(editor, ui, input, tokens);
    if let Some(line) = pinned {
        editor.go_to_pinned(input.text, line);
        ui.ctx().request_repaint();
    }
    if let Some(line) = clicked.arrow {
        editor.toggle_fold(input.text, line);
        ui.ctx().request_repaint();
    }
    if let Some(line) = clicked.number {
        mouse::press_number(editor, ui, input.text, line);
        take_focus(editor, ui);
    }
    menu::show(editor, &response, input.read_only);
    let edits = editor.take_edits(input.text);
    let mut response = response;
    if !edits.is_empty() {
        response.mark_changed();
    }
    EditorResponse {
        changed: !edits.is_empty(),
        cursor,
        offset: main.head,
        selection: main.range(),
        cursors: editor.cursors.list().len(),
        caret: seen.then_some(shown.caret),
        hover,
        ctrl_clicked,
        typed: editor.typed.take().filter(|_| !edits.is_empty()),
        edits,
        drop_at,
        clicked_note: clicked.note,
        clicked_test: clicked.test,
        clicked_choices,
        response,
    }
}

fn ctrl_alone(ui: &Ui) -> bool {
    let held = ui.input(mouse::held);
    held.command && !held.alt && !held.shift
}

/// The pointer over the text.
fn point(editor: &mut CodeEditor, ui: &Ui, input: &mut EditorInput<'_>, response: &Response) {
    let text = input.text.as_str();
    let pressed = ui.input(|i| i.pointer.primary_pressed());
    let pointer = ui.input(|i| i.pointer.interact_pos());
    let over = pointer.filter(|_| response.contains_pointer());
    let sheet = editor.sheet(text);
    let chip = over.and_then(|at| {
        let index = sheet.row_at(at.y);
        let line = sheet.rows.get(index).line;
        layers::chip(editor, &sheet, index)
            .filter(|chip| chip.contains(at))
            .map(|_| line)
    });
    if let Some(line) = chip {
        ui.set_cursor_icon(CursorIcon::PointingHand);
        if pressed {
            editor.toggle_fold(text, line);
        }
        return;
    }
    if response.hovered() {
        let ctrl = ui.input(|i| i.modifiers.command);
        let sign = over.is_some_and(|at| sheet.sign_at(at).is_some());
        ui.set_cursor_icon(match ctrl && sign {
            true => CursorIcon::PointingHand,
            false => CursorIcon::Text,
        });
        ui.output_mut(|o| o.mutable_text_under_cursor = true);
    }
    mouse::take(editor, ui, input.text, response, input.read_only);
}

/// Wheel, and the cursor into sight.
fn scroll(editor: &mut CodeEditor, ui: &Ui, text: &str) {
    let limits = editor.limits();
    let over = ui.rect_contains_pointer(editor.frame.area);
    editor.scroll.clamp(limits);
    editor.scroll.wheel(ui, over, limits);
    if let Some(how) = editor.reveal.take() {
        let caret = editor.sheet(text).caret(editor.cursors.main().head);
        let frame = editor.frame;
        // Not under the lines that stay at the top.
        let line = editor.lines.line_of_byte(editor.cursors.main().head);
        let above = match editor.sticky {
            true => sticky::rows_above(editor, line) as f32 * frame.row,
            false => 0.0,
        };
        editor.scroll.reveal(&frame, caret, how, above);
        editor.scroll.clamp(limits);
    }
    editor.scroll.animate(ui, limits);
}
