//! Comma-separated values are written as RFC 4180 has them. `value::cells` reads them.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::cells;

    #[test]
    fn what_is_written_is_read_again() {
        let row = ["a", "b,c", "say \"x\"", "two\nlines", ""];
        let mut out = Vec::new();
        write_record(&mut out, row.iter().map(|s| (*s).to_owned())).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",\r\n");
        let again = format!("{text}\r\nz,1");
        let again: Vec<_> = cells::records(&again, b',').map(Result::unwrap).collect();
        assert_eq!(
            (again[0].line, &again[0].cells[..]),
            (1, &row.map(str::to_owned)[..])
        );
        assert_eq!(
            (again[1].line, again[1].cells.join("|")),
            (4, "z|1".to_owned())
        );
    }
}
