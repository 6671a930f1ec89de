//! What is wrong with a line, in words behind its text.

use super::Mark;
use super::paint::Sheet;
use crate::workbench::theme::{Tokens, size};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{FontFamily, FontId, Rect, Ui, pos2};

/// At most so many messages are shown.
const MOST: usize = 50;
/// Between the text and its message, in widths of a sign.
const GAP: f32 = 3.0;
/// In less room than this (in widths of a sign) a message is only dots.
const LEAST: f32 = 8.0;
/// No message is shown longer than this; no view is wider.
const MOST_CHARS: usize = 400;
/// How much of the severity's colour is left beside the text.
const STRENGTH: f32 = 0.8;

/// Shows the message of the worst, then first problem of each line that can be seen. Gives the lines (from 0)
/// and where the words are.
pub(super) fn paint(
    ui: &Ui,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    problems: &[Mark],
) -> Vec<(usize, Rect)> {
    let visible = sheet.visible();
    let mut first: Vec<(usize, &Mark)> = problems
        .iter()
        .map(|mark| (sheet.lines.line_of_byte(mark.span.start), mark))
        .filter(|(line, _)| visible.contains(line))
        .collect();
    first.sort_by_key(|(line, mark)| (*line, mark.severity, mark.span.start));
    first.dedup_by_key(|(line, _)| *line);
    first.truncate(MOST);

    let sign = sheet.gutter.char_width;
    let right = sheet.view.right() - 2.0 * sign;
    let painter = ui.painter();
    let mut places = Vec::with_capacity(first.len());
    for (line, mark) in first {
        let left = sheet.x(line, usize::MAX) + GAP * sign;
        let words = mark.message.lines().next().unwrap_or_default();
        if words.is_empty() || right - left < LEAST * sign {
            continue;
        }
        let color = tokens
            .editor
            .lerp_to_gamma(tokens.severity(mark.severity), STRENGTH);
        let font = FontId::new(size::SMALL, FontFamily::Proportional);
        let words: String = words.chars().take(MOST_CHARS).collect();
        let mut job = LayoutJob::single_section(words, TextFormat::simple(font, color));
        job.wrap = TextWrapping::truncate_at_width(right - left);
        let galley = painter.layout_job(job);
        let top = sheet.top(line) + (sheet.row - galley.size().y) / 2.0;
        let place = Rect::from_min_size(pos2(left, top), galley.size());
        painter.galley(place.min, galley, color);
        places.push((line, place));
    }
    places
}
