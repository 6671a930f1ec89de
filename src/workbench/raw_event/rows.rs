//! Lines to rows of a given width: a long line goes on in the next row. The font gives every sign the same width,
//! so rows are counted in cells.

/// More rows are not laid out.
pub const MOST_ROWS: usize = 400_000;
/// Levels of indentation that are drawn: deeper ones stand as if they were here.
pub const MOST_INDENT: usize = 40;
/// Rows are at least so wide.
const LEAST: usize = 16;

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line it is of.
    pub line: u32,
    /// Its bytes in the line.
    pub from: u32,
    /// Where they end.
    pub to: u32,
}

/// Cells that a sign takes: two for the signs of East Asia and for pictures.
pub fn cells(sign: char) -> usize {
    let wide = matches!(sign as u32,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f
        | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd);
    if wide { 2 } else { 1 }
}

/// Cells before the text of a row: two for each level, two more where a line goes on.
pub fn indent(depth: usize, goes_on: bool) -> usize {
    2 * depth.min(MOST_INDENT) + if goes_on { 2 } else { 0 }
}

/// Adds the rows of one line to others. `parts` are the line's pieces in order.
pub fn wrap<'t>(
    rows: &mut Vec<Row>,
    line: u32,
    depth: usize,
    columns: usize,
    parts: impl Iterator<Item = &'t str>,
) {
    let room = |goes_on| columns.saturating_sub(indent(depth, goes_on)).max(LEAST);
    let (mut used, mut most) = (0, room(false));
    let (mut from, mut at) = (0_usize, 0_usize);
    let mut end = |from: usize, to: usize| {
        rows.push(Row {
            line,
            from: from as u32,
            to: to as u32,
        });
    };
    for part in parts {
        if part.is_ascii() {
            // Every byte is one cell.
            let mut left = part.len();
            while used + left > most {
                at += most - used;
                left -= most - used;
                end(from, at);
                (from, used, most) = (at, 0, room(true));
            }
            at += left;
            used += left;
            continue;
        }
        for sign in part.chars() {
            let wide = cells(sign);
            if used + wide > most {
                end(from, at);
                (from, used, most) = (at, 0, room(true));
            }
            at += sign.len_utf8();
            used += wide;
        }
    }
    end(from, at);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(depth: usize, columns: usize, parts: &[&str]) -> Vec<String> {
        let mut rows = Vec::new();
        wrap(&mut rows, 7, depth, columns, parts.iter().copied());
        let text = parts.concat();
        let of = |row: &Row| text[row.from as usize..row.to as usize].to_owned();
        assert!(rows.iter().all(|r| r.line == 7));
        rows.iter().map(of).collect()
    }

    #[test]
    fn rows_hold_all_of_the_line() {
        assert_eq!(wrapped(0, 20, &["short"]), ["short"]);
        assert_eq!(wrapped(0, 20, &[]), [""]);
        // 20 cells, then 18: the line goes on two cells further in.
        let digits = "0123456789".repeat(4);
        assert_eq!(
            wrapped(0, 20, &[&digits]),
            [&digits[..20], &digits[20..38], &digits[38..]]
        );
        assert_eq!(
            wrapped(0, 20, &[&digits[..15], &digits[15..]]),
            wrapped(0, 20, &[&digits])
        );
        // One level in: 18, then 16.
        assert_eq!(
            wrapped(1, 20, &[&digits]),
            [&digits[..18], &digits[18..34], &digits[34..]]
        );
        // Exactly full.
        assert_eq!(wrapped(0, 20, &[&digits[..20]]), [&digits[..20]]);
    }

    #[test]
    fn wide_signs_take_two_cells_and_are_never_cut() {
        let text = "日本語".repeat(4);
        // 10 signs fit in 20 cells, 9 in 18.
        let rows = wrapped(0, 20, &[&text]);
        assert_eq!(
            rows.iter().map(|r| r.chars().count()).collect::<Vec<_>>(),
            [10, 2]
        );
        let odd = format!("a{text}");
        let rows = wrapped(0, 20, &[&odd]);
        assert_eq!(
            rows[0].chars().count(),
            10,
            "a sign of one cell and nine of two"
        );
    }

    #[test]
    fn no_row_is_too_narrow_however_deep() {
        let text = "x".repeat(40);
        let rows = wrapped(1_000, 30, &[&text]);
        assert_eq!(rows.len(), 3, "rows of 16, 16 and 8");
    }
}
