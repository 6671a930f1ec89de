//! Typing: signs, their closing partners, and what is pasted.

use super::super::cursors::Selection;
use super::super::lines::{line_bounds, line_end_style, with_line_ends};
use super::super::splice::{Splice, Splices};
use super::{Change, closer_of};

/// What typing needs to know of the place.
pub(crate) struct Surroundings<'a> {
    /// Whether brackets and quotes bring their partners.
    pub pairs: bool,
    /// Closing signs that came by themselves: typing them steps over them.
    pub closers: &'a [usize],
    /// Whether an offset is within a string or comment, where quotes come alone.
    pub quoted: &'a dyn Fn(usize) -> bool,
}

/// What typing a sign does.
pub(crate) struct Typed {
    pub change: Change,
    /// Where closing signs came by themselves, in the new text.
    pub closers: Vec<usize>,
}

/// Types one sign at each selection.
pub(crate) fn type_sign(
    text: &str,
    selections: &[Selection],
    sign: char,
    round: &Surroundings<'_>,
) -> Typed {
    let mut splices = Splices::default();
    let (mut select, mut closers) = (Vec::new(), Vec::new());
    let closer = match sign {
        '"' | '\'' => Some(sign),
        _ => closer_of(sign),
    }
    .filter(|_| round.pairs);
    for selection in selections {
        let range = selection.range();
        let next = text.get(range.end..).and_then(|rest| rest.chars().next());
        if selection.is_empty() && next == Some(sign) && round.closers.contains(&range.start) {
            let over = splices.place(range.start) + sign.len_utf8();
            select.push(Selection::cursor(over));
            continue;
        }
        match closer {
            Some(closer) if !selection.is_empty() => {
                // Round what is selected.
                let inner = text.get(range.clone()).unwrap_or_default();
                let at = splices.replace(range.clone(), format!("{sign}{inner}{closer}"));
                let (start, end) = (at + 1, at + 1 + inner.len());
                select.push(match selection.head >= selection.anchor {
                    true => Selection::new(start, end),
                    false => Selection::new(end, start),
                });
            }
            Some(closer) if comes_along(text, range.start, sign, next, round) => {
                let at = splices.replace(range, format!("{sign}{closer}"));
                select.push(Selection::cursor(at + 1));
                closers.push(at + 1);
            }
            _ => {
                let at = splices.replace(range, sign);
                select.push(Selection::cursor(at + sign.len_utf8()));
            }
        }
    }
    Typed {
        change: Change {
            splices: splices.list,
            select: Some(select),
        },
        closers,
    }
}

/// Whether a closing partner comes by itself.
fn comes_along(
    text: &str,
    at: usize,
    sign: char,
    next: Option<char>,
    round: &Surroundings<'_>,
) -> bool {
    if next.is_some_and(|c| !c.is_whitespace() && !")]},;:".contains(c)) {
        return false;
    }
    let quote = matches!(sign, '"' | '\'');
    if !quote {
        return !(round.quoted)(at);
    }
    let line = line_bounds(text, at);
    let before = text.get(line.start..at).unwrap_or_default();
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == sign || c == '\\';
    // Behind a letter it is an apostrophe or ends something; a second of three quotes stands alone.
    !before.chars().next_back().is_some_and(word)
        && before.matches(sign).count() % 2 == 0
        && !(round.quoted)(at)
}

/// Inserts a text in place of each selection.
pub(crate) fn insert(selections: &[Selection], with: &str) -> Change {
    let mut splices = Splices::default();
    let select = selections
        .iter()
        .map(|s| Selection::cursor(splices.replace(s.range(), with) + with.len()))
        .collect();
    Change {
        splices: splices.list,
        select: Some(select),
    }
}

/// Pastes: each cursor its own part, if there are as many; whole lines go above the cursor's line.
pub(crate) fn paste(text: &str, selections: &[Selection], parts: &[String], lines: bool) -> Change {
    let style = line_end_style(text);
    let parts: Vec<String> = parts.iter().map(|p| with_line_ends(p, style)).collect();
    if lines && selections.iter().all(|s| s.is_empty()) {
        let whole = parts.concat();
        let mut starts: Vec<usize> = selections
            .iter()
            .map(|s| line_bounds(text, s.head).start)
            .map(|start| start.max(super::first_place(text)))
            .collect();
        starts.dedup();
        let splices = starts
            .into_iter()
            .map(|start| Splice::insert(start, whole.clone()))
            .collect();
        return Change {
            splices,
            select: None,
        };
    }
    let whole = parts.concat();
    let own = |i: usize| match parts.len() == selections.len() {
        true => parts.get(i).map_or("", String::as_str),
        false => whole.as_str(),
    };
    let mut splices = Splices::default();
    let select = selections
        .iter()
        .enumerate()
        .map(|(i, s)| Selection::cursor(splices.replace(s.range(), own(i)) + own(i).len()))
        .collect();
    Change {
        splices: splices.list,
        select: Some(select),
    }
}

#[cfg(test)]
mod tests {
    use super::super::marked::after;
    use super::*;

    fn typed(before: &str, sign: char, closers: &[usize]) -> String {
        let round = Surroundings {
            pairs: true,
            closers,
            quoted: &|_| false,
        };
        after(before, |t, s| Some(type_sign(t, s, sign, &round).change))
    }

    #[test]
    fn pairs() {
        assert_eq!(typed("f¦", '(', &[]), "f(¦)");
        assert_eq!(typed("¦x", '(', &[]), "(¦x");
        assert_eq!(typed("f(¦)", ')', &[2]), "f()¦");
        assert_eq!(typed("f(¦)", ')', &[]), "f()¦)");
        assert_eq!(typed("a: ¦", '"', &[]), "a: \"¦\"");
        assert_eq!(typed("don¦", '\'', &[]), "don'¦");
        assert_eq!(typed("\"¦", '"', &[]), "\"\"¦");
        assert_eq!(typed("\"a¦", '"', &[]), "\"a\"¦");
        assert_eq!(typed("«ab» »c«", '[', &[]), "[«ab»] [»c«]");
        assert_eq!(typed("a¦\nb¦", 'x', &[]), "ax¦\nbx¦");
    }

    #[test]
    fn pasting() {
        let paste = |before: &str, parts: &[&str], lines: bool| {
            let parts: Vec<String> = parts.iter().map(|p| (*p).to_owned()).collect();
            after(before, |t, s| Some(paste(t, s, &parts, lines)))
        };
        assert_eq!(paste("a¦\nb¦", &["1", "2"], false), "a1¦\nb2¦");
        assert_eq!(paste("a¦\nb¦", &["x\ny"], false), "ax\ny¦\nbx\ny¦");
        assert_eq!(paste("a\nb¦c", &["x\n"], true), "a\nx\nb¦c");
        assert_eq!(paste("a\r\n«b»", &["x\ny"], false), "a\r\nx\r\ny¦");
    }
}
