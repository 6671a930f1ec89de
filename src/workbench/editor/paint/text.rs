//! The signs of the rows that can be seen, each on its column.

use super::super::measure::{Scan, is_hidden_control};
use super::super::rows::Row;
use super::super::sheet::Sheet;
use crate::workbench::highlight::{HighlightCache, Kind};
use crate::workbench::theme::Tokens;
use egui::text::{ByteIndex, LayoutJob, LayoutSection, TextFormat, TextWrapping};
use egui::{Align, Color32, FontId, Painter, pos2};

/// Columns that are laid out beyond the edges of the view.
const MARGIN: usize = 2;

/// Signs that are laid out together.
struct Piece {
    column: usize,
    job: LayoutJob,
}

/// Paints rows, and no more of them than can be seen: egui remembers what it laid out in the frame before.
pub(in super::super) fn rows(
    painter: &Painter,
    sheet: &Sheet<'_>,
    highlight: &HighlightCache,
    tokens: &Tokens,
    font: &FontId,
) {
    let mut plain = Plain::new(painter, font);
    for index in sheet.visible() {
        row(
            painter,
            sheet,
            highlight,
            tokens,
            &mut plain,
            index,
            sheet.top(index),
        );
    }
}

/// Paints one row at another height than its own.
pub(in super::super) fn row_at(
    painter: &Painter,
    sheet: &Sheet<'_>,
    highlight: &HighlightCache,
    tokens: &Tokens,
    font: &FontId,
    (index, top): (usize, f32),
) {
    let mut plain = Plain::new(painter, font);
    row(painter, sheet, highlight, tokens, &mut plain, index, top);
}

fn row(
    painter: &Painter,
    sheet: &Sheet<'_>,
    highlight: &HighlightCache,
    tokens: &Tokens,
    plain: &mut Plain<'_>,
    index: usize,
    top: f32,
) {
    let columns = columns(sheet);
    let row = sheet.rows.get(index);
    let first = row.column + columns.start.saturating_sub(row.hang);
    let seen = first..first + columns.len();
    for piece in pieces(sheet, row, seen, highlight, tokens, plain) {
        let galley = painter.layout_job(piece.job);
        let y = top + (sheet.frame.row - galley.size().y) / 2.0;
        let x = sheet.x(row, piece.column);
        painter.galley(pos2(x, y), galley, tokens.code.text);
    }
}

/// The columns that are seen of a row that is not moved to the right.
pub(super) fn columns(sheet: &Sheet<'_>) -> std::ops::Range<usize> {
    let count = (sheet.frame.text.width() / sheet.frame.sign).ceil() as usize + 2 * MARGIN;
    let scrolled = (sheet.frame.scroll[0] / f64::from(sheet.frame.sign)).floor() as usize;
    let first = scrolled.saturating_sub(MARGIN);
    first..first + count
}

/// Knows which signs the font has at the width of the grid: they can be laid out in one go.
struct Plain<'a> {
    painter: &'a Painter,
    font: &'a FontId,
    width: f32,
    last: Option<(char, bool)>,
}

impl<'a> Plain<'a> {
    fn new(painter: &'a Painter, font: &'a FontId) -> Self {
        let width = painter.fonts_mut(|fonts| fonts.glyph_width(font, '0'));
        Self {
            painter,
            font,
            width,
            last: None,
        }
    }

    fn is(&mut self, sign: char) -> bool {
        if matches!(sign, ' '..='~') {
            return true;
        }
        if let Some((_, known)) = self.last.filter(|(last, _)| *last == sign) {
            return known;
        }
        let font = self.font;
        let (has, width) = self
            .painter
            .fonts_mut(|fonts| (fonts.has_glyph(font, sign), fonts.glyph_width(font, sign)));
        let plain = has && (width - self.width).abs() < 0.01;
        self.last = Some((sign, plain));
        plain
    }
}

fn pieces(
    sheet: &Sheet<'_>,
    row: Row,
    columns: std::ops::Range<usize>,
    highlight: &HighlightCache,
    tokens: &Tokens,
    plain: &mut Plain<'_>,
) -> Vec<Piece> {
    let line = sheet.line(row.line);
    let (from, mut scan) = if columns.start <= row.column {
        let scan = sheet.measure.floor(row.line, line, row.column).1;
        (row.from, scan)
    } else {
        sheet.measure.floor(row.line, line, columns.start)
    };
    let mut kinds = Kinds::new(highlight, row.line, from);
    let mut pieces: Vec<Piece> = Vec::new();
    // Whether the next sign goes with the one before.
    let mut joins = false;
    let inner = line.get(from..row.to).unwrap_or_default();
    for (i, sign) in inner.char_indices() {
        let before = scan.column;
        if before >= columns.end {
            break;
        }
        let width = scan.step(sign);
        let mut color = kinds.at(from + i).color(&tokens.code);
        if sign == '\t' || sign == '\u{feff}' {
            joins = false;
            continue;
        }
        if is_hidden_control(sign) {
            color = tokens.code.invalid;
            pieces.push(piece(before, "•", plain.font, color));
            joins = false;
            continue;
        }
        let simple = width == 1 && plain.is(sign);
        let goes_on = width == 0 || (simple && joins);
        match pieces.last_mut() {
            Some(last) if goes_on => append(&mut last.job, sign, plain.font, color),
            _ => {
                let mut buffer = [0; 4];
                let text = sign.encode_utf8(&mut buffer);
                pieces.push(piece(before, text, plain.font, color));
            }
        }
        // A mark on a sign ends what is laid out together: its width is the font's affair.
        joins = simple && width == 1;
    }
    pieces
}

fn format(font: &FontId, color: Color32) -> TextFormat {
    TextFormat {
        font_id: font.clone(),
        color,
        valign: Align::Center,
        ..TextFormat::default()
    }
}

fn piece(column: usize, text: &str, font: &FontId, color: Color32) -> Piece {
    let mut job = LayoutJob {
        wrap: TextWrapping::no_max_width(),
        break_on_newline: false,
        keep_trailing_whitespace: true,
        ..LayoutJob::default()
    };
    job.append(text, 0.0, format(font, color));
    Piece { column, job }
}

fn append(job: &mut LayoutJob, sign: char, font: &FontId, color: Color32) {
    job.text.push(sign);
    let end = ByteIndex(job.text.len());
    match job.sections.last_mut() {
        Some(last) if last.format.color == color => last.byte_range.end = end,
        _ => job.sections.push(LayoutSection {
            leading_space: 0.0,
            byte_range: ByteIndex(job.text.len() - sign.len_utf8())..end,
            format: format(font, color),
        }),
    }
}

/// What stands at the bytes of a line, asked in their order.
struct Kinds<'a> {
    runs: std::slice::Iter<'a, crate::workbench::highlight::Run>,
    kind: Kind,
    until: usize,
}

impl<'a> Kinds<'a> {
    fn new(highlight: &'a HighlightCache, line: usize, from: usize) -> Self {
        let mut kinds = Self {
            runs: highlight.line_runs(line).iter(),
            kind: Kind::Text,
            until: 0,
        };
        kinds.at(from);
        kinds
    }

    fn at(&mut self, byte: usize) -> Kind {
        while byte >= self.until {
            let Some(run) = self.runs.next() else {
                return Kind::Text;
            };
            self.kind = run.kind;
            self.until += run.len;
        }
        self.kind
    }
}

/// For the text that an input method has not committed yet.
pub(in super::super) fn width(text: &str) -> usize {
    let mut scan = Scan::default();
    for sign in text.chars() {
        scan.step(sign);
    }
    scan.column
}
