//! One frame of the editor: keys, bar, pointer, and then what it looks like.

use super::cursors::Selection;
use super::paint::gutter::{self, Gutter};
use super::paint::{back, caret, marks, messages, overview, text};
use super::scroll::Scroll;
use super::sheet::{Frame, Sheet};
use super::{Action, CodeEditor, EditorInput, EditorResponse, access, edit, ime, keys, mouse};
use super::{Mark, occurrences, state};
use crate::workbench::highlight::job::line_height;
use crate::workbench::theme::{Tokens, tokens};
use egui::{
    CursorIcon, DragAndDrop, EventFilter, FontId, Painter, Rect, Response, Sense, TextStyle, Ui,
    pos2, vec2,
};
use overview::Dot;
use std::time::Duration;

/// Time for colouring a frame; what is not reached stays plain until the next frame.
const COLOUR_BUDGET: Duration = Duration::from_millis(4);
/// Columns that can be scrolled to behind the longest line.
const BEHIND: usize = 10;
/// Width of the sign that stands for folded lines, in signs.
const CHIP: f32 = 3.0;

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
    fn columns(&self) -> usize {
        match self.wrap {
            true => 0,
            false => self.widest + BEHIND,
        }
    }

    /// The brackets at the cursor.
    fn brackets_at(&mut self, text: &str) -> Option<(usize, usize)> {
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
    let tests = !input.tests.is_empty();
    let gutter = Gutter::measure(sign, editor.lines.count(), editor.note_chars, tests);
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
    point(editor, ui, input.text, &response);
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
    let shown = paint(editor, ui, input, tokens, &font, focused);
    let sheet = editor.sheet(input.text);
    let (strip, clicked) = gutter::show(ui, editor, &sheet, tokens, input, gutter);
    if !input.popup {
        tell_problems(
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

    bars(editor, ui, input, tokens);
    if let Some(line) = clicked.arrow {
        editor.toggle_fold(input.text, line);
        ui.ctx().request_repaint();
    }
    if let Some(line) = clicked.number {
        mouse::press_number(editor, ui, input.text, line);
        take_focus(editor, ui);
    }
    menu(editor, &response, input.read_only);
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
        response,
    }
}

fn ctrl_alone(ui: &Ui) -> bool {
    let held = ui.input(mouse::held);
    held.command && !held.alt && !held.shift
}

/// The pointer over the text.
fn point(editor: &mut CodeEditor, ui: &Ui, text: &str, response: &Response) {
    let pressed = ui.input(|i| i.pointer.primary_pressed());
    let pointer = ui.input(|i| i.pointer.interact_pos());
    let over = pointer.filter(|_| response.contains_pointer());
    let sheet = editor.sheet(text);
    let chip = over.and_then(|at| {
        let index = sheet.row_at(at.y);
        let line = sheet.rows.get(index).line;
        chip(editor, &sheet, index)
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
    mouse::take(editor, ui, text, response);
}

/// Where the sign of folded lines is, behind the row that shows them.
fn chip(editor: &CodeEditor, sheet: &Sheet<'_>, index: usize) -> Option<Rect> {
    let row = sheet.rows.get(index);
    if !sheet.rows.ends_line(index) || !editor.folds.is_folded(row.line, sheet.lines) {
        return None;
    }
    let left = sheet.x(row, sheet.end_column(row)) + sheet.frame.sign;
    let size = vec2(CHIP * sheet.frame.sign, sheet.frame.row - 6.0);
    Some(Rect::from_min_size(
        pos2(left, sheet.top(index) + 3.0),
        size,
    ))
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
        editor.scroll.reveal(&frame, caret, how);
        editor.scroll.clamp(limits);
    }
    editor.scroll.animate(ui, limits);
}

/// What was painted, for those who ask.
struct Shown {
    caret: Rect,
    /// Rows and where the words of their problems are.
    messages: Vec<(usize, Rect)>,
}

fn paint(
    editor: &mut CodeEditor,
    ui: &Ui,
    input: &EditorInput<'_>,
    tokens: &Tokens,
    font: &FontId,
    focused: bool,
) -> Shown {
    let pair = editor.brackets_at(input.text);
    if editor.bar.finds() {
        editor.find(ui.ctx(), input.text);
    }
    let editor = &*editor;
    let sheet = editor.sheet(input.text);
    let main = editor.cursors.main();
    let whole = ui.painter_at(sheet.frame.area);
    whole.rect_filled(sheet.frame.area, 0, tokens.editor);
    back::current_line(&whole, &sheet, tokens, &editor.cursors, focused);
    let mut clip = sheet.frame.text;
    // The cursor before the first sign stands half beside it.
    clip.min.x -= 2.0;
    let painter = ui.painter_at(clip);
    let step = editor.language.indent();
    let line = sheet.lines.line_of_byte(main.head);
    back::guides(&painter, &sheet, tokens, line, step);
    if editor.bar.finds() {
        let here = main.range();
        back::ranges(&painter, &sheet, &editor.matches.ranges, |range| {
            match *range == here {
                true => tokens.code.found_here,
                false => tokens.code.found,
            }
        });
    } else if focused {
        let rows = sheet.visible();
        let from = sheet.lines.start(sheet.rows.get(rows.start).line);
        let until = sheet.lines.start(sheet.rows.get(rows.end).line + 1);
        let alike = occurrences::alike(input.text, &main.range(), from..until);
        let color = tokens.selection.gamma_multiply(0.45);
        back::ranges(&painter, &sheet, &alike, |_| color);
    }
    // A match that is stepped to has its own colour while the keyboard is in the bar.
    let on_match =
        editor.bar.finds() && !focused && editor.matches.index_of(&main.range()).is_some();
    if !on_match {
        back::selections(&painter, &sheet, tokens, &editor.cursors, focused);
    }
    if let Some(pair) = pair.filter(|_| focused) {
        back::brackets(&painter, &sheet, tokens, pair);
    }
    text::rows(&painter, &sheet, &editor.highlight, tokens, font);
    let problems = marks::visible(&sheet, input.problems);
    marks::squiggles(&painter, &sheet, tokens, &problems);
    let messages = words_behind(editor, &painter, &sheet, tokens, &problems);
    chips(editor, &painter, &sheet, tokens);
    let caret = carets(editor, ui, &painter, &sheet, tokens, font, focused, input);
    Shown { caret, messages }
}

fn words_behind(
    editor: &CodeEditor,
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    problems: &[&Mark],
) -> Vec<(usize, Rect)> {
    let visible = sheet.visible();
    let rows: Vec<(usize, &Mark)> = problems
        .iter()
        .map(|mark| {
            let line = sheet.lines.line_of_byte(mark.span.start);
            // Behind the last row of the line.
            let mut row = sheet.rows.first_of(line);
            while !sheet.rows.ends_line(row) && row < visible.end {
                row += 1;
            }
            (row, *mark)
        })
        .filter(|(row, _)| visible.contains(row))
        .collect();
    messages::paint(painter, sheet, tokens, &rows, |row| {
        chip(editor, sheet, row).map_or(0.0, |chip| chip.width() + sheet.frame.sign)
    })
}

fn chips(editor: &CodeEditor, painter: &Painter, sheet: &Sheet<'_>, tokens: &Tokens) {
    if editor.folds.hidden().is_empty() {
        return;
    }
    for index in sheet.visible() {
        let Some(chip) = chip(editor, sheet, index) else {
            continue;
        };
        painter.rect_filled(chip, 4, tokens.button);
        for i in -1..=1 {
            let dot = chip.center() + vec2(i as f32 * 5.0, 0.0);
            painter.circle_filled(dot, 1.4, tokens.text_subdued);
        }
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "each is one thing that is painted"
)]
fn carets(
    editor: &CodeEditor,
    ui: &Ui,
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    font: &FontId,
    focused: bool,
    input: &EditorInput<'_>,
) -> Rect {
    let main = sheet.caret(editor.cursors.main().head);
    if !focused || input.read_only {
        return main;
    }
    let main = match &editor.preedit {
        Some(preedit) => caret::preedit(painter, sheet, tokens, font, main, preedit),
        None => main,
    };
    let view = sheet.frame.text.expand(2.0);
    let index = editor.cursors.main_index();
    let others = editor.cursors.list().iter().enumerate();
    let others = others
        .filter(|(i, _)| *i != index)
        .map(|(_, s): (usize, &Selection)| sheet.caret(s.head));
    let all = std::iter::once(main).chain(others);
    let idle = editor.time - editor.last_activity;
    let visible = all.filter(|at| view.intersects(*at));
    caret::carets(ui, painter, visible, tokens, idle);
    main
}

/// The words of the problems under the pointer: in the text, beside the line, or at the message behind it.
fn tell_problems(
    ui: &Ui,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    problems: &[Mark],
    text: &Response,
    strip: &Response,
    shown: &Shown,
) {
    if problems.is_empty() || ui.input(|i| i.pointer.any_down()) {
        return;
    }
    let Some(pointer) = ui.input(|i| i.pointer.hover_pos()) else {
        return;
    };
    let row_of = |mark: &Mark| {
        let line = sheet.lines.line_of_byte(mark.span.start);
        sheet.rows.first_of(line)
    };
    let beside = match (strip.contains_pointer(), text.contains_pointer()) {
        (true, _) => Some(sheet.row_at(pointer.y)),
        (false, true) => {
            let message = shown.messages.iter().find(|(_, at)| at.contains(pointer));
            message.map(|(row, _)| sheet.rows.first_of(sheet.rows.get(*row).line))
        }
        (false, false) => return,
    };
    let visible = marks::visible(sheet, problems);
    let told: Vec<&Mark> = visible
        .into_iter()
        .filter(|mark| match beside {
            Some(row) => row_of(mark) == row,
            None => sheet
                .underlined(&(mark.span.start..mark.span.end))
                .iter()
                .any(|place| place.contains(pointer)),
        })
        .collect();
    marks::words(ui, tokens, text.id.with("problems"), &told);
}

/// The scroll bars and what they show of the whole text.
fn bars(editor: &mut CodeEditor, ui: &Ui, input: &EditorInput<'_>, tokens: &Tokens) {
    let mut scroll: Scroll = std::mem::take(&mut editor.scroll);
    editor.scroll.at = scroll.at;
    let sheet = editor.sheet(input.text);
    let row = |offset: usize| sheet.rows.first_of(sheet.lines.line_of_byte(offset));
    let mut dots = Vec::new();
    let mut dot = |offset: usize, color, across| {
        let row = row(offset);
        let same = |last: &Dot| last.row == row && last.color == color;
        if !dots.last().is_some_and(same) {
            dots.push(Dot { row, color, across });
        }
    };
    if editor.bar.finds() {
        for range in &editor.matches.ranges {
            dot(range.start, tokens.code.found_here, (0.3, 0.7));
        }
    }
    let mut problems: Vec<&Mark> = input.problems.iter().collect();
    problems.sort_by_key(|mark| std::cmp::Reverse(mark.severity));
    for mark in problems {
        dot(mark.span.start, tokens.severity(mark.severity), (0.65, 1.0));
    }
    for selection in editor.cursors.list() {
        let color = tokens.text_faint.gamma_multiply(0.8);
        dot(selection.head, color, (0.0, 1.0));
    }
    let size = sheet.size(editor.columns());
    let id = editor.id.with("scroll");
    let before = scroll.at;
    overview::upright(ui, id.with(1), &sheet, tokens, &mut scroll, size, &dots);
    overview::level(ui, id.with(0), &sheet, tokens, &mut scroll, size.x);
    if scroll.at != before {
        ui.ctx().request_repaint();
    }
    editor.scroll = scroll;
}

/// What a right click offers.
fn menu(editor: &mut CodeEditor, response: &Response, read_only: bool) {
    use egui::ViewportCommand;
    response.context_menu(|ui| {
        let ctx = ui.ctx().clone();
        let mut request = |ui: &mut Ui, words: &str, keys: &str, command: ViewportCommand| {
            if ui
                .add(egui::Button::new(words).shortcut_text(keys.to_owned()))
                .clicked()
            {
                editor.focus = true;
                ctx.send_viewport_cmd(command);
                ui.close();
            }
        };
        if !read_only {
            request(ui, "Cut", "Ctrl+X", ViewportCommand::RequestCut);
        }
        request(ui, "Copy", "Ctrl+C", ViewportCommand::RequestCopy);
        if !read_only {
            request(ui, "Paste", "Ctrl+V", ViewportCommand::RequestPaste);
        }
        ui.separator();
        for action in [
            Action::SelectAllOccurrences,
            Action::ToggleComment,
            Action::Find,
            Action::Replace,
        ] {
            if read_only && action.edits() {
                continue;
            }
            let keys = action.shortcut();
            let keys = keys.map_or(String::new(), |keys| ui.ctx().format_shortcut(&keys));
            if ui
                .add(egui::Button::new(action.text()).shortcut_text(keys))
                .clicked()
            {
                editor.run(action);
                ui.close();
            }
        }
    });
}
