//! Aligned tables for people.

use super::output::{Style, plain};
use crate::value::{Value, time};
use std::io::{self, Write};

/// Cells longer than this many characters are cut.
const WIDEST_CELL: usize = 60;

/// A table wider than this many characters is hard to read: a few rows of it are written as records.
const WIDEST_TABLE: usize = 160;
/// More rows than this are always a table.
const MOST_RECORDS: usize = 8;

/// A value for people: instants without decimals that are zero.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::DateTime(ticks) => time::format_short(*ticks),
        other => other.display(),
    }
}

/// Writes rows below their headings, columns aligned, with an indentation; a few wide rows as records,
/// a line for each filled cell.
pub(super) fn write(
    out: &mut dyn Write,
    indent: &str,
    headings: &[String],
    rows: &[Vec<String>],
    style: Style,
) -> io::Result<()> {
    let cut: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| one_line(cell)).collect())
        .collect();
    let headings: Vec<String> = headings.iter().map(|name| plain(name)).collect();
    let mut widths: Vec<usize> = headings.iter().map(|h| h.chars().count()).collect();
    for row in &cut {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let width: usize = widths.iter().map(|w| w + 2).sum();
    if width > WIDEST_TABLE && rows.len() <= MOST_RECORDS {
        return write_records(out, indent, &headings, rows, style);
    }
    let heading = line(&headings, &widths);
    writeln!(out, "{indent}{}", style.bold(&heading))?;
    for row in &cut {
        writeln!(out, "{indent}{}", line(row, &widths))?;
    }
    Ok(())
}

fn write_records(
    out: &mut dyn Write,
    indent: &str,
    headings: &[String],
    rows: &[Vec<String>],
    style: Style,
) -> io::Result<()> {
    let width = headings.iter().map(|h| h.chars().count()).max();
    let width = width.unwrap_or(0);
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        for (heading, cell) in headings.iter().zip(row) {
            if !cell.is_empty() {
                let name = style.bold(&format!("{heading:width$}"));
                writeln!(out, "{indent}{name}  {}", plain(cell))?;
            }
        }
    }
    Ok(())
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        text.push_str(cell);
        let fill = width.saturating_sub(cell.chars().count()) + 2;
        text.extend(std::iter::repeat_n(' ', fill));
    }
    text.trim_end().to_owned()
}

/// A cell on one line, cut where it is too long.
fn one_line(cell: &str) -> String {
    let mut text: String = plain(cell).chars().take(WIDEST_CELL + 1).collect();
    if text.chars().count() > WIDEST_CELL {
        text = text.chars().take(WIDEST_CELL - 1).collect();
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_cells_stay_on_their_line() {
        let mut out = Vec::new();
        let headings = ["a".to_owned(), "bb".to_owned()];
        let rows = [
            vec!["long".to_owned(), "x\ny".to_owned()],
            vec!["é".to_owned(), "\u{1b}[31m".to_owned()],
        ];
        write(&mut out, "  ", &headings, &rows, Style::default()).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "  a     bb\n  long  x y\n  é      [31m\n"
        );
        let wide = vec!["x".repeat(40); 6];
        let mut out = Vec::new();
        write(
            &mut out,
            "",
            &wide,
            std::slice::from_ref(&wide),
            Style::default(),
        )
        .unwrap();
        assert_eq!(String::from_utf8(out).unwrap().lines().count(), 6);
        assert_eq!(one_line(&"x".repeat(99)).chars().count(), WIDEST_CELL);
    }
}
