//! Comma-separated values as RFC 4180 has them.

use std::io::{self, Write};

/// Writes one record.
pub(super) fn write_record(
    out: &mut dyn Write,
    cells: impl Iterator<Item = String>,
) -> io::Result<()> {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        if cell.contains([',', '"', '\n', '\r']) {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

/// Reads all records, each with its line (from 1). Empty lines are passed over.
///
/// # Errors
/// The line of a quote that is never closed.
pub(super) fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, usize> {
    let mut records = Vec::new();
    let mut cells: Vec<String> = Vec::new();
    let mut cell = String::new();
    let (mut line, mut begun, mut opened) = (1, 1, 1);
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => {
                quoted = true;
                opened = line;
            }
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                end_record(&mut records, begun, &mut cells, &mut cell);
                line += 1;
                begun = line;
            }
            other => {
                line += usize::from(other == '\n');
                cell.push(other);
            }
        }
    }
    if quoted {
        return Err(opened);
    }
    end_record(&mut records, begun, &mut cells, &mut cell);
    Ok(records)
}

fn end_record(
    records: &mut Vec<(usize, Vec<String>)>,
    line: usize,
    cells: &mut Vec<String>,
    cell: &mut String,
) {
    if cells.is_empty() && cell.is_empty() {
        return;
    }
    cells.push(std::mem::take(cell));
    records.push((line, std::mem::take(cells)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let row = ["a", "b,c", "say \"x\"", "two\nlines", ""];
        let mut out = Vec::new();
        write_record(&mut out, row.iter().map(|s| (*s).to_owned())).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",\r\n");
        let again = records(&format!("{text}\r\nz,1")).unwrap();
        assert_eq!(again[0], (1, row.map(str::to_owned).to_vec()));
        assert_eq!(again[1], (4, vec!["z".to_owned(), "1".to_owned()]));
        assert_eq!(records("a\n\"b"), Err(2));
    }
}
