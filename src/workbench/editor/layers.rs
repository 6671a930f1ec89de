//! What a frame paints, one layer over the other, and what can be read from it afterwards.

use super::cursors::Selection;
use super::paint::overview::{self, Dot};
use super::paint::{back, blanks, caret, choices, marks, messages, text};
use super::scroll::Scroll;
use super::sheet::Sheet;
use super::{CodeEditor, EditorInput, Mark, occurrences};
use crate::workbench::theme::Tokens;
use egui::{FontId, Painter, Rect, Response, Ui, pos2, vec2};

/// Width of the sign that stands for folded lines, in signs.
const CHIP: f32 = 3.0;

/// What was painted, for those who ask.
pub(super) struct Shown {
    pub caret: Rect,
    /// Rows and where the words of their problems are.
    pub messages: Vec<(usize, Rect)>,
}

pub(super) fn paint(
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
    if input.blanks {
        blanks::paint(&painter, &sheet, tokens);
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
        let chip = chip(editor, sheet, row).map_or(0.0, |chip| chip.width() + sheet.frame.sign);
        chip + choices::width(editor, sheet, row)
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
    if let Some(to) = editor.carry.as_ref().and_then(|carry| carry.to) {
        let at = sheet.caret(to);
        let bar = Rect::from_center_size(at.center(), vec2(2.0, at.height()));
        painter.rect_filled(bar, 0, tokens.accent);
    }
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
pub(super) fn tell_problems(
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
pub(super) fn bars(editor: &mut CodeEditor, ui: &Ui, input: &EditorInput<'_>, tokens: &Tokens) {
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

/// Where the sign of folded lines is, behind the row that shows them.
pub(super) fn chip(editor: &CodeEditor, sheet: &Sheet<'_>, index: usize) -> Option<Rect> {
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
