//! The elements of a list of records, damaged ones among them.

use super::{CUT_OFF, Fault, LIST_LEFT, indentation, skip_space, skip_value};
use crate::logs::behind::{Alike, Row};
use std::ops::Range;

/// What [`elements`] met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::logs) enum Element {
    /// A whole value.
    Value(Range<usize>),
    /// A damaged one: where it begins and what is wrong.
    Damaged(usize, &'static str),
}

impl Element {
    /// Where it begins.
    pub fn start(&self) -> usize {
        match self {
            Element::Value(range) => range.start,
            Element::Damaged(at, _) => *at,
        }
    }
}

/// What may be walked to find the ends of damaged records: looking for one may go far each time, and this bounds the sum.
pub(in crate::logs) struct Budget(usize);

impl Budget {
    /// For a text of so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(bytes.saturating_mul(4).saturating_add(1 << 20))
    }

    /// Whether nothing is left.
    pub fn is_used_up(&self) -> bool {
        self.0 == 0
    }

    /// Whether something is left after a walk from one offset to another.
    pub fn walk(&mut self, from: usize, to: usize) -> bool {
        self.0 = self.0.saturating_sub(to.saturating_sub(from) + 1);
        self.0 > 0
    }
}

/// What is said where the budget is used up.
pub(in crate::logs) const TOO_DAMAGED: &str =
    "so much before here is damaged that the rest of the list is not read";

/// The elements of the array whose `[` stands at `at`, and the offset behind the array.
/// Behind a damaged element it goes on as [`go_on`] says, else where a record begins as those before it.
pub(in crate::logs) fn elements(text: &[u8], at: usize) -> (Vec<Element>, usize) {
    /// Most elements that can be no records.
    const MOST_OTHERS: usize = 10_000;
    let mut others = 0;
    let mut found = Vec::new();
    let mut budget = Budget::new(text.len().saturating_sub(at));
    let mut i = skip_space(text, at + 1);
    loop {
        match text.get(i) {
            Some(b']') => return (found, i + 1),
            None => {
                found.push(Element::Damaged(
                    i,
                    "cut off: the file ends before the list of records does",
                ));
                return (found, text.len());
            }
            Some(b'{' | b'[') => {}
            Some(_) => others += 1,
        }
        if others > MOST_OTHERS {
            let reason = "a list of values that are no records: the rest of it is not read";
            found.push(Element::Damaged(i, reason));
            return (found, skip_value(text, at).unwrap_or(text.len()));
        }
        let fault = match skip_value(text, i) {
            Ok(end) => {
                let next = skip_space(text, end);
                match text.get(next) {
                    Some(b',') => {
                        found.push(Element::Value(i..end));
                        i = skip_space(text, next + 1);
                        continue;
                    }
                    Some(b']') => {
                        found.push(Element::Value(i..end));
                        i = next;
                        continue;
                    }
                    None => {
                        found.push(Element::Value(i..end));
                        i = next;
                        continue;
                    }
                    Some(b'{') => {
                        // The comma is missing; both records are whole.
                        found.push(Element::Value(i..end));
                        i = next;
                        continue;
                    }
                    Some(_) => Fault {
                        at: next,
                        reason: "expected `,` or `]` behind a record",
                    },
                }
            }
            Err(fault) => fault,
        };
        found.push(Element::Damaged(i, fault.reason));
        let alike = |budget: &mut Budget| match text.get(i) {
            Some(b'[') => Row::of(text, &found, budget)?.next(text, i, budget),
            _ => Alike::of(text, &found, i)?.next(text, i, budget),
        };
        let next = go_on(text, i).or_else(|| alike(&mut budget));
        let reason = match (next, budget.walk(i, text.len().min(fault.at))) {
            (Some(next), true) => {
                i = next;
                continue;
            }
            (_, false) => Some(TOO_DAMAGED),
            (None, true) => {
                let longest = found.iter().map(|element| match element {
                    Element::Value(range) => range.len(),
                    Element::Damaged(..) => 0,
                });
                // The last record has nothing behind it.
                let rest = match longest.max() {
                    None | Some(0) => fault.reason != CUT_OFF,
                    Some(longest) => text.len() - i > longest + longest / 2,
                };
                rest.then_some(LIST_LEFT)
            }
        };
        found.extend(reason.map(|reason| Element::Damaged(fault.at.max(i), reason)));
        return (found, text.len());
    }
}

/// Where a list goes on behind a damaged element: at the next line with the element's indentation and its bracket, or
/// at the `]` of the list, where a line begins with one that is not within the element. None where it stands in a line
/// with others.
fn go_on(text: &[u8], at: usize) -> Option<usize> {
    let indent = indentation(text, at)?;
    let bracket = match text.get(at) {
        Some(b'[') => b'[',
        _ => b'{',
    };
    let line = text.get(at + 1..)?;
    let line = line.get(..memchr::memchr(b'\n', line)?).unwrap_or_default();
    // An element of several lines may close brackets of its own at its own indentation.
    let several = line.iter().all(u8::is_ascii_whitespace);
    let mut from = at;
    loop {
        from += memchr::memchr(b'\n', text.get(from..)?)? + 1;
        let rest = text.get(from..)?;
        if rest.starts_with(indent) && rest.get(indent.len()) == Some(&bracket) {
            return Some(from + indent.len());
        }
        let blanks = rest.iter().take(indent.len() + 1);
        let blanks = blanks.take_while(|b| matches!(b, b' ' | b'\t')).count();
        let nearest = indent.len() + usize::from(!several);
        let closes = blanks < nearest && rest.get(blanks) == Some(&b']');
        if closes && (bracket == b'[' || !goes_on(rest.get(blanks..).unwrap_or_default())) {
            return Some(from + blanks);
        }
    }
}

/// Whether a comma stands behind the brackets that close here: then they closed what is inside of an object.
fn goes_on(text: &[u8]) -> bool {
    let closing = |b: &&u8| matches!(**b, b']' | b'}') || b.is_ascii_whitespace();
    text.iter().find(|b| !closing(b)) == Some(&b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        elements(text.as_bytes(), 0)
            .0
            .into_iter()
            .map(|e| match e {
                Element::Value(r) => &text[r],
                Element::Damaged(_, reason) => reason,
            })
            .collect()
    }

    #[test]
    fn elements_are_found_behind_damage() {
        assert_eq!(
            texts(r#"[{"a":1}, {"b":[2]} ,3]"#),
            [r#"{"a":1}"#, r#"{"b":[2]}"#, "3"]
        );
        assert_eq!(texts("[]"), [""; 0]);
        assert_eq!(texts("[{},]"), ["{}"]);
        assert_eq!(texts("[{\"a\":1}, {\"b\""), ["{\"a\":1}", CUT_OFF]);
        assert_eq!(
            texts("[\n {\"a\": {\n },\n {\"b\":1}\n]"),
            [
                "a closing bracket does not fit the opening one",
                "{\"b\":1}"
            ]
        );
    }

    #[test]
    fn a_list_ends_behind_a_damaged_element() {
        let bad = "a closing bracket does not fit the opening one";
        assert_eq!(
            texts("[\n[1,2],\n[3},\n[4]\n],[\n[5]\n]"),
            ["[1,2]", bad, "[4]"]
        );
        assert_eq!(texts("[\n[1,2],\n[3}\n],[\n[5]\n]"), ["[1,2]", bad]);
        // The brackets of an element of several lines are its own.
        assert_eq!(
            texts("[\n [\n  1}\n ],\n [\n  2\n ]\n],\n [\n  3\n ]"),
            [bad, "[\n  2\n ]"]
        );
    }

    #[test]
    fn rows_are_found_behind_a_damaged_one() {
        let rows = "[\n[1],\n[2,[],\n[3]\n]}";
        assert_eq!(
            texts(rows),
            ["[1]", "expected `,` or `]` behind a record", "[3]"]
        );
        let rows = "[\n  [1],\n  [2}\n],\n  [4]";
        assert_eq!(
            texts(rows),
            ["[1]", "a closing bracket does not fit the opening one"]
        );
        // In one line: a row has as many cells of the same kinds.
        let bad = "a closing bracket does not fit the opening one";
        let rows = r#"[[1,"a",null], [2,"b",[5,6],[7,8,9]}], [3,null,[0]],[4,"d",null] ]}"#;
        assert_eq!(
            texts(rows),
            [r#"[1,"a",null]"#, bad, r#"[3,null,[0]]"#, r#"[4,"d",null]"#]
        );
        // Two cells tell nothing: what is in the damaged row could be another.
        assert_eq!(
            texts("[[1,2],[3,[4,5],[6,7]},[8,9]]"),
            ["[1,2]", bad, LIST_LEFT]
        );
    }

    #[test]
    fn an_object_may_close_a_list_of_its_own() {
        let bad = "a closing bracket does not fit the opening one";
        let one = r#"{"rows":[1,"#;
        let list = format!("[\n{one}\n2}}\n]}},\n{{\"b\":1}}\n]}}");
        assert_eq!(texts(&list), [bad, r#"{"b":1}"#]);
        let list = format!("[\n{one}\n2}}\n]}}\n{{\"b\":1}}\n]}}");
        assert_eq!(texts(&list), [bad]);
    }

    #[test]
    fn a_long_list_of_values_is_left() {
        let text = format!("[{}{{}}],[]", "0,".repeat(1_000_000));
        let (found, end) = elements(text.as_bytes(), 0);
        assert_eq!((found.len(), end), (10_001, text.len() - 3));
    }
}
