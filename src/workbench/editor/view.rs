//! One frame of the editor: keys, bar, text field, and what is painted round it.

use super::edit::Selection;
use super::paint::{self, Sheet};
use super::{CodeEditor, EditorInput, EditorResponse, Pending, keys, messages};
use crate::workbench::highlight::job::line_height;
use crate::workbench::theme::tokens;
use egui::style::ScrollAnimation;
use egui::text::{CCursor, CCursorRange, CharIndex};
use egui::text_edit::{TextEditOutput, TextEditState};
use egui::{
    EventFilter, FontId, Frame, Margin, Rect, ScrollArea, Shape, Stroke, TextBuffer, TextEdit,
    TextStyle, Ui, pos2, vec2,
};
use std::ops::Range;
use std::time::Duration;

/// Time for colouring a frame; what is not reached stays plain until the next frame.
const COLOUR_BUDGET: Duration = Duration::from_millis(4);
/// Room above the first line.
const TOP: f32 = 6.0;
/// For so many frames after a move the cursor is kept in view: the text may be laid out anew after the first.
const REVEALING: u8 = 3;

pub(super) fn show(
    editor: &mut CodeEditor,
    ui: &mut Ui,
    mut input: EditorInput<'_>,
) -> EditorResponse {
    let before = take_notice_of_outside(editor, ui, &input);
    let old = input.text.clone();
    let typed = typed(ui);
    keys::run_asked(editor, ui, &mut input);
    let keyboard = ui.memory(egui::Memory::focused);
    let mut hidden = Vec::new();
    if keyboard == Some(editor.id) {
        hidden = keys::before_field(editor, ui, &mut input);
    } else if keyboard.is_some_and(|id| editor.bar_has(id)) {
        keys::before_bar(editor, ui);
    } else {
        keys::give_back(editor, ui);
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        editor.show_bar(ui, input.text);
        if keyboard.is_some_and(|id| id != editor.id) {
            // The text may get the keyboard in this frame, but not what was typed elsewhere.
            hidden.extend(keys::take_typed(ui));
        }
        let mut response = body(editor, ui, &mut input);
        ui.input_mut(|i| i.events.extend(hidden));
        response.changed |= editor.version != before;
        if response.changed {
            response.response.mark_changed();
            response.edits = super::undo::edit(&old, input.text).into_iter().collect();
            // What was typed is what now stands before the cursor.
            response.typed = typed.filter(|typed| {
                let inserted = response.edits.last().map(|edit| edit.text.as_str());
                inserted.is_some_and(|inserted| inserted.ends_with(typed.as_str()))
            });
        }
        response
    })
    .inner
}

/// What the frame's events type; none if there are others that change the text.
fn typed(ui: &Ui) -> Option<String> {
    use egui::Event;
    let mut typed = String::new();
    let only = ui.input(|i| {
        i.events.iter().all(|event| match event {
            Event::Text(text) | Event::Ime(egui::ImeEvent::Commit(text)) => {
                typed.push_str(text);
                true
            }
            Event::Paste(_) | Event::Cut => false,
            _ => true,
        })
    });
    (only && !typed.is_empty()).then_some(typed)
}

/// A change of the text between frames is a step of undo of its own. Gives the version to compare with.
fn take_notice_of_outside(editor: &mut CodeEditor, ui: &Ui, input: &EditorInput<'_>) -> u64 {
    take_notice_of_text(editor, input.text, ui.input(|i| i.time));
    editor.version
}

pub(super) fn take_notice_of_text(editor: &mut CodeEditor, text: &str, time: f64) {
    if editor.started && editor.seen != text {
        let (old, selection) = (std::mem::take(&mut editor.seen), editor.selection);
        let kept = selection.within(text);
        editor.selection = kept;
        editor
            .history
            .record(&old, text, selection, kept, time, false);
    }
    editor.notice(text);
}

fn body(editor: &mut CodeEditor, ui: &mut Ui, input: &mut EditorInput<'_>) -> EditorResponse {
    let tokens = tokens(ui);
    let font = TextStyle::Monospace.resolve(ui.style());
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0, tokens.editor);
    // Never narrower again: the text would jump sideways whenever the notes go and come back.
    editor.note_chars = editor.note_chars.max(paint::longest_note(input.notes));
    let gutter = paint::Gutter::measure(ui, &font, editor.lines.count(), editor.note_chars);

    let mut scroll = ScrollArea::both();
    if !editor.shown {
        // egui remembers where it was scrolled when the file was last open; the cursor is somewhere else now.
        scroll = scroll.scroll_offset(egui::Vec2::ZERO);
    }
    scroll
        .id_salt(editor.id.with("scroll"))
        .auto_shrink(false)
        // An animation that is under way would end where the cursor was, not where it is.
        .animated(false)
        .content_margin(Margin::ZERO)
        .show(ui, |ui| text_and_gutter(editor, ui, input, &font, gutter))
        .inner
}

fn text_and_gutter(
    editor: &mut CodeEditor,
    ui: &mut Ui,
    input: &mut EditorInput<'_>,
    font: &FontId,
    gutter: paint::Gutter,
) -> EditorResponse {
    let tokens = tokens(ui);
    let view = ui.clip_rect();
    let row = line_height(font);
    // Room after the last line, so that it can be read in the middle of the view.
    let height = editor.lines.count() as f32 * row + TOP + (view.height() * 0.4).max(row);
    let width = gutter.width + editor.text_width + 40.0 * gutter.char_width;
    let below = ui.painter().add(Shape::Noop);

    place_cursor(editor, ui, input);
    let time = ui.input(|i| i.time);
    let old_selection = editor.selection;
    let output = field(
        editor,
        ui,
        input,
        font,
        gutter.width,
        vec2(width, height).max(view.size()),
    );
    // Our own history is the only one: the field's holds a copy of the text per step.
    output.state.clone().clear_undoer();

    let changed = editor.seen != *input.text;
    let old = changed.then(|| std::mem::take(&mut editor.seen));
    editor.notice(input.text);
    if let Some(range) = output.cursor_range {
        let byte = |cursor: CCursor| editor.lines.byte_of_char(input.text, cursor.index.0);
        editor.selection = Selection {
            anchor: byte(range.secondary),
            head: byte(range.primary),
        };
    }
    if let Some(old) = old {
        editor.history.record(
            &old,
            input.text,
            old_selection,
            editor.selection,
            time,
            true,
        );
    } else if editor.selection != old_selection {
        editor.history.close();
    }
    let moved = changed || editor.selection != old_selection;
    if moved {
        editor.last_activity = time;
    }
    editor.text_width = output.galley.size().x;
    let pending = editor.pending.take();

    let sheet = Sheet {
        galley: &output.galley,
        origin: output.galley_pos,
        row,
        view,
        gutter,
        lines: &editor.lines,
        text: input.text,
    };
    let has_focus = output.response.has_focus();
    let mut behind = Vec::new();
    paint::current_line(&sheet, tokens, editor.selection, has_focus, &mut behind);
    if editor.bar.finds() {
        editor
            .matches
            .update(&editor.bar.query, input.text, editor.version);
        let here = editor.selection.range();
        paint::found(&sheet, tokens, &editor.matches.ranges, &here, &mut behind);
    }
    ui.painter().set(below, Shape::Vec(behind));
    paint::squiggles(ui, &sheet, tokens, input.problems);
    let messages = messages::paint(ui, &sheet, tokens, input.problems);
    let caret = sheet.caret(editor.selection.head);
    if has_focus && !input.read_only {
        paint::caret(ui, caret, tokens, time - editor.last_activity);
    }
    let strip = paint::gutter(ui, &sheet, tokens, editor.selection, input);
    let strip = ui.interact(strip, editor.id.with("gutter"), egui::Sense::click());
    let clicked_note = paint::notes(ui, &sheet, tokens, &strip, input);
    let clicked_line = strip
        .interact_pointer_pos()
        .filter(|_| strip.clicked())
        .map(|pointer| sheet.line_at(pointer.y));
    paint::problem_words(
        ui,
        &sheet,
        tokens,
        input.problems,
        &output.response,
        &strip,
        &messages,
    );
    if moved || pending.is_some() {
        editor.revealing = REVEALING;
    } else if ui.input(|i| i.pointer.any_down() || i.events.iter().any(is_wheel)) {
        // The person looks elsewhere.
        editor.revealing = 0;
    }
    if editor.revealing > 0 {
        editor.revealing -= 1;
        reveal(ui, &sheet, caret, pending);
    }

    let hover = output
        .response
        .hover_pos()
        .filter(|_| output.response.contains_pointer())
        .and_then(|pointer| sheet.offset_at(pointer))
        .map(|offset| {
            let sign = vec2(gutter.char_width, row);
            (offset, Rect::from_min_size(sheet.caret(offset).min, sign))
        });
    let ctrl_clicked = output
        .response
        .interact_pointer_pos()
        .filter(|_| output.response.clicked() && ui.input(|i| i.modifiers.command))
        .and_then(|pointer| sheet.offset_at(pointer));
    let drop_at = ui
        .input(|i| i.pointer.interact_pos())
        .filter(|_| egui::DragAndDrop::has_any_payload(ui.ctx()))
        .filter(|_| output.response.contains_pointer())
        .map(|pointer| sheet.nearest(pointer))
        .map(|offset| (offset, sheet.caret(offset)));
    if let Some(line) = clicked_line {
        editor.jump(
            editor.lines.start(line)..editor.lines.start(line + 1),
            false,
        );
        editor.focus = true;
        ui.ctx().request_repaint();
    }
    name(editor, ui);
    EditorResponse {
        changed,
        cursor: editor.lines.position(input.text, editor.selection.head),
        offset: editor.selection.head,
        selection: editor.selection.range(),
        caret: view.intersects(caret.expand(1.0)).then_some(caret),
        hover,
        ctrl_clicked,
        edits: Vec::new(),
        typed: None,
        drop_at,
        clicked_note,
        response: output.response.response,
    }
}

/// Hands a selection that was set from outside the text field to the text field.
fn place_cursor(editor: &mut CodeEditor, ui: &Ui, input: &EditorInput<'_>) {
    let focus = std::mem::take(&mut editor.focus);
    let first = !std::mem::replace(&mut editor.shown, true);
    if first {
        editor.revealing = REVEALING;
    }
    if focus {
        ui.memory_mut(|memory| memory.request_focus(editor.id));
    }
    let state = TextEditState::load(ui.ctx(), editor.id);
    // A field without the focus drops its selection: with the focus it gets it back.
    if editor.pending.is_none() && state.is_some() && !focus && !first {
        return;
    }
    if let Some(pending) = editor.pending {
        editor.selection = pending.selection;
    }
    let cursor = |byte| CCursor::new(CharIndex(editor.lines.char_of_byte(input.text, byte)));
    let range = CCursorRange {
        primary: cursor(editor.selection.head),
        secondary: cursor(editor.selection.anchor),
        h_pos: None,
    };
    let mut state = state.unwrap_or_default();
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), editor.id);
    editor.last_activity = ui.input(|i| i.time);
}

fn field(
    editor: &mut CodeEditor,
    ui: &mut Ui,
    input: &mut EditorInput<'_>,
    font: &FontId,
    left: f32,
    size: egui::Vec2,
) -> TextEditOutput {
    let tokens = tokens(ui);
    let coloured = coloured_lines(ui, line_height(font));
    let (highlight, language) = (&mut editor.highlight, input.language);
    let mut done = true;
    let mut layouter = |ui: &Ui, buffer: &dyn TextBuffer, _width: f32| {
        done = highlight.update(buffer.as_str(), language, Some(COLOUR_BUDGET));
        let job = highlight.job_of_lines(tokens, font, coloured.clone());
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let mut read_only_text: &str;
    let buffer: &mut dyn TextBuffer = if input.read_only {
        read_only_text = input.text.as_str();
        &mut read_only_text
    } else {
        &mut *input.text
    };
    let frame = Frame::new().inner_margin(Margin {
        left: left as i8,
        top: TOP as i8,
        right: 0,
        bottom: 0,
    });
    // The cursor is painted by the editor: only it knows when the last key came.
    ui.visuals_mut().text_cursor.stroke = Stroke::NONE;
    ui.visuals_mut().text_cursor.blink = false;
    let output = TextEdit::multiline(buffer)
        .id(editor.id)
        .font(font.clone())
        .frame(frame)
        .min_size(size)
        .desired_width(size.x)
        .cursor_at_end(false)
        .return_key(None)
        .event_filter(EventFilter {
            tab: true,
            horizontal_arrows: true,
            vertical_arrows: true,
            escape: true,
        })
        .layouter(&mut layouter)
        .show(ui);
    if !done {
        ui.ctx().request_repaint();
    }
    output
}

/// The lines that can be seen, and some round them, in large steps: a new range means a new layout.
fn coloured_lines(ui: &Ui, row: f32) -> Range<usize> {
    const STEP: usize = 64;
    let (view, top) = (ui.clip_rect(), ui.max_rect().top() + TOP);
    // Saturates above the first line.
    let line = |y: f32| ((y - top) / row) as usize;
    let first = line(view.top()).saturating_sub(STEP / 2) / STEP * STEP;
    let last = (line(view.bottom()) + STEP / 2).div_ceil(STEP) * STEP;
    first..last
}

fn is_wheel(event: &egui::Event) -> bool {
    matches!(event, egui::Event::MouseWheel { .. })
}

/// Scrolls so that the cursor can be seen.
fn reveal(ui: &Ui, sheet: &Sheet<'_>, caret: Rect, pending: Option<Pending>) {
    let visible = sheet.view.y_range().contains(caret.center().y);
    let above_and_below = match pending {
        Some(pending) if pending.center && !visible => sheet.view.height() * 0.45,
        _ => sheet.row,
    };
    // Also the gutter's width at the left: text under it cannot be seen.
    let target = Rect::from_min_max(
        pos2(
            caret.left() - sheet.gutter.width - 2.0 * sheet.gutter.char_width,
            caret.top() - above_and_below,
        ),
        pos2(
            caret.right() + 4.0 * sheet.gutter.char_width,
            caret.bottom() + above_and_below,
        ),
    );
    ui.scroll_to_rect_animation(target, None, ScrollAnimation::none());
}

fn name(editor: &CodeEditor, ui: &Ui) {
    ui.ctx().accesskit_node_builder(editor.id, |node| {
        node.set_label(editor.name.clone());
    });
}
