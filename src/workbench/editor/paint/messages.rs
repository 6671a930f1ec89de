//! What is wrong with a line, in words behind its text.

use super::super::Mark;
use super::super::sheet::Sheet;
use crate::workbench::theme::{Tokens, size};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{FontFamily, FontId, Painter, Rect, pos2};

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

/// Shows the message of the worst, then first problem of each row that can be seen. Gives the rows and where the
/// words are. `marks` are problems with the row they belong to; `behind` is what else stands behind a row.
pub(in super::super) fn paint(
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    marks: &[(usize, &Mark)],
    behind: impl Fn(usize) -> f32,
) -> Vec<(usize, Rect)> {
    let mut first: Vec<(usize, &Mark)> = marks.to_vec();
    first.sort_by_key(|(row, mark)| (*row, mark.severity, mark.span.start));
    first.dedup_by_key(|(row, _)| *row);
    first.truncate(MOST);

    let sign = sheet.frame.sign;
    let right = sheet.frame.text.right() - sign;
    let mut places = Vec::with_capacity(first.len());
    for (index, mark) in first {
        let row = sheet.rows.get(index);
        let left = sheet.x(row, sheet.end_column(row)) + GAP * sign + behind(index);
        let words = mark.message.lines().next().unwrap_or_default();
        if words.is_empty() || right - left < LEAST * sign || left < sheet.frame.text.left() {
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
        let top = sheet.top(index) + (sheet.frame.row - galley.size().y) / 2.0;
        let place = Rect::from_min_size(pos2(left, top), galley.size());
        painter.galley(place.min, galley, color);
        places.push((index, place));
    }
    places
}
