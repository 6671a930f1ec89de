//! Brackets: which belongs to which.

use std::ops::Range;

/// How far a partner is looked for, in bytes.
const MOST_BYTES: usize = 200_000;

/// The closing bracket of an opening one.
pub(crate) fn closer_of(opener: char) -> Option<char> {
    match opener {
        '(' => Some(')'),
        '[' => Some(']'),
        '{' => Some('}'),
        _ => None,
    }
}

/// The opening bracket of a closing one.
pub(crate) fn opener_of(closer: char) -> Option<char> {
    match closer {
        ')' => Some('('),
        ']' => Some('['),
        '}' => Some('{'),
        _ => None,
    }
}

/// The brackets at a cursor, of which one is before or behind it; the one behind comes first. `code` says whether
/// what stands at an offset is code, rather than a string or a comment.
pub(crate) fn matching(
    text: &str,
    at: usize,
    code: impl Fn(usize) -> bool,
) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_bracket = |i: usize| {
        let sign = bytes.get(i).copied().map(char::from)?;
        (closer_of(sign).is_some() || opener_of(sign).is_some()).then_some(sign)
    };
    let behind = is_bracket(at).map(|sign| (at, sign));
    let before = at
        .checked_sub(1)
        .and_then(|i| is_bracket(i).map(|sign| (i, sign)));
    [behind, before]
        .into_iter()
        .flatten()
        .find_map(|(here, sign)| Some((here, partner(bytes, here, sign, &code)?)))
}

fn partner(bytes: &[u8], here: usize, sign: char, code: &impl Fn(usize) -> bool) -> Option<usize> {
    // In a string only what is in a string counts; strings rarely hold brackets that match nothing.
    let kind = code(here);
    match closer_of(sign) {
        Some(closer) => {
            let end = bytes.len().min(here + MOST_BYTES);
            search(bytes, here + 1..end, sign, closer, false, |i| {
                code(i) == kind
            })
        }
        None => {
            let opener = opener_of(sign)?;
            let start = here.saturating_sub(MOST_BYTES);
            search(bytes, start..here, sign, opener, true, |i| code(i) == kind)
        }
    }
}

fn search(
    bytes: &[u8],
    range: Range<usize>,
    same: char,
    other: char,
    back: bool,
    counts: impl Fn(usize) -> bool,
) -> Option<usize> {
    let part = bytes.get(range.clone())?;
    let found = memchr::memchr2_iter(same as u8, other as u8, part).map(|i| range.start + i);
    let mut depth = 0_usize;
    let mut step = |i: usize| {
        if !counts(i) {
            return false;
        }
        if bytes.get(i).copied().map(char::from) == Some(same) {
            depth += 1;
            return false;
        }
        if depth == 0 {
            return true;
        }
        depth -= 1;
        false
    };
    if back {
        found.rev().find(|i| step(*i))
    } else {
        let mut found = found;
        found.find(|i| step(*i))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partners() {
        let text = "f(a[1], \")\", {b})";
        let code = |i: usize| !(8..11).contains(&i);
        let of = |at| matching(text, at, code);
        assert_eq!(of(1), Some((1, 16)));
        assert_eq!(of(17), Some((16, 1)));
        assert_eq!(of(3), Some((3, 5)));
        assert_eq!(of(16), Some((16, 1)), "the one behind the cursor first");
        assert_eq!(of(0), None);
        assert_eq!(matching("((", 1, |_| true), None);
    }
}
