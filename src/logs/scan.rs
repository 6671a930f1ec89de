//! A structural walk over JSON text: where values begin and end, without building them.
//!
//! It finds the records inside documents of any size and depth in one pass, without recursion, and goes on
//! behind a damaged record. The grammar of each record is checked later, when it is parsed.

mod elements;

use std::ops::Range;

pub(super) use elements::{Budget, Element, TOO_DAMAGED, elements};

/// Why the walk could not go on, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Byte offset.
    pub at: usize,
    /// What is wrong, as a sentence.
    pub reason: &'static str,
}

const CUT_OFF: &str = "cut off: the file ends inside this record";

pub(super) const LIST_LEFT: &str = "the rest of the list was not read: where its next record begins cannot be told. \
     Repair the record before it, or write each record on a line of its own";

/// The offset of the first byte at or after `at` that is not JSON white space.
pub(super) fn skip_space(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// The end of the string whose opening quote stands at `at`.
fn skip_string(text: &[u8], at: usize) -> Result<usize, Fault> {
    let mut from = at + 1;
    loop {
        let rest = text.get(from..).unwrap_or_default();
        let Some(found) = memchr::memchr3(b'"', b'\\', b'\n', rest) else {
            return Err(Fault {
                at,
                reason: CUT_OFF,
            });
        };
        match rest.get(found) {
            Some(b'"') => return Ok(from + found + 1),
            Some(b'\\') => from += found + 2,
            _ => {
                return Err(Fault {
                    at,
                    reason: "a text is not closed before the end of its line",
                });
            }
        }
    }
}

/// The end of the value that begins at `at` (not white space).
pub(super) fn skip_value(text: &[u8], at: usize) -> Result<usize, Fault> {
    // The closing brackets still owed; its size is bounded by the text's.
    let mut owed: Vec<u8> = Vec::new();
    let mut i = at;
    loop {
        match text.get(i) {
            None => {
                return Err(Fault {
                    at: i,
                    reason: CUT_OFF,
                });
            }
            Some(b'"') => i = skip_string(text, i)?,
            Some(b'{') => {
                owed.push(b'}');
                i += 1;
            }
            Some(b'[') => {
                owed.push(b']');
                i += 1;
            }
            Some(close @ (b'}' | b']')) => {
                if owed.pop() != Some(*close) {
                    return Err(Fault {
                        at: i,
                        reason: "a closing bracket does not fit the opening one",
                    });
                }
                i += 1;
            }
            Some(_) if owed.is_empty() => {
                // A number or a word: up to the next delimiter.
                while let Some(byte) = text.get(i) {
                    if matches!(
                        byte,
                        b',' | b']' | b'}' | b':' | b' ' | b'\t' | b'\n' | b'\r'
                    ) {
                        break;
                    }
                    i += 1;
                }
                if i == at {
                    return Err(Fault {
                        at,
                        reason: "expected a value",
                    });
                }
            }
            Some(_) => i += 1,
        }
        if owed.is_empty() {
            return Ok(i);
        }
    }
}

/// Whether the text is one JSON value, as far as its brackets tell.
pub(super) fn is_whole(text: &[u8]) -> bool {
    let start = skip_space(text, 0);
    skip_value(text, start).is_ok_and(|end| skip_space(text, end) == text.len())
}

/// A member of an object: its key (without quotes, escapes as they stand) and its value.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// The key's bytes.
    pub key: Range<usize>,
    /// The value's bytes; up to the end of the text where the value is damaged.
    pub value: Range<usize>,
}

/// The members of the object whose `{` stands at `at`, and the end of the object
/// or the reason why it could not be walked to its end (the members before it are given).
pub(super) fn members(text: &[u8], at: usize) -> (Vec<Member>, Result<usize, Fault>) {
    let mut found = Vec::new();
    let mut i = skip_space(text, at + 1);
    let end = loop {
        match text.get(i) {
            Some(b'}') => break Ok(i + 1),
            Some(b'"') => {}
            None => {
                break Err(Fault {
                    at: i,
                    reason: CUT_OFF,
                });
            }
            Some(_) => {
                break Err(Fault {
                    at: i,
                    reason: "expected a key in quotes",
                });
            }
        }
        let key_end = match skip_string(text, i) {
            Ok(end) => end,
            Err(fault) => break Err(fault),
        };
        let key = i + 1..key_end - 1;
        i = skip_space(text, key_end);
        if text.get(i) != Some(&b':') {
            break Err(Fault {
                at: i,
                reason: "expected `:` after a key",
            });
        }
        i = skip_space(text, i + 1);
        match skip_value(text, i) {
            Ok(end) => {
                found.push(Member { key, value: i..end });
                i = skip_space(text, end);
            }
            Err(fault) => {
                found.push(Member {
                    key,
                    value: i..text.len(),
                });
                break Err(fault);
            }
        }
        match text.get(i) {
            Some(b',') => i = skip_space(text, i + 1),
            Some(b'}') => {}
            _ => {
                break Err(Fault {
                    at: i,
                    reason: "expected `,` or `}`",
                });
            }
        }
    };
    (found, end)
}

/// The white space that a line begins with, up to an offset; none where something else stands there.
fn indentation(text: &[u8], at: usize) -> Option<&[u8]> {
    let before = text.get(..at)?;
    let line = memchr::memrchr(b'\n', before).map_or(0, |n| n + 1);
    let indent = text.get(line..at)?;
    let blank = indent.iter().all(|b| matches!(b, b' ' | b'\t'));
    blank.then_some(indent)
}

/// The first line after the one of `from` that has the indentation of `at` followed by `{`.
pub(super) fn resume(text: &[u8], at: usize, from: usize) -> Option<usize> {
    let indent = indentation(text, at)?;
    let mut from = from;
    loop {
        from += memchr::memchr(b'\n', text.get(from..)?)? + 1;
        let rest = text.get(from..)?;
        if rest.starts_with(indent) && rest.get(indent.len()) == Some(&b'{') {
            return Some(from + indent.len());
        }
    }
}

/// Line numbers of offsets that are asked for in ascending order.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
    returns: bool,
}

impl<'a> Lines<'a> {
    /// Counts from a line number at the beginning of the text.
    pub fn new(text: &'a [u8], first: usize) -> Self {
        Self {
            text,
            at: 0,
            line: first,
            returns: false,
        }
    }

    /// The same where a carriage return alone ends a line, too.
    pub fn with_returns(text: &'a [u8], first: usize) -> Self {
        Self {
            returns: true,
            ..Self::new(text, first)
        }
    }

    /// Starts counting at an offset: everything before it is passed over.
    pub fn skip_to(&mut self, offset: usize) {
        self.at = offset;
    }

    /// The line of an offset, which is not before the one asked for last.
    pub fn at(&mut self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        if let Some(passed) = self.text.get(self.at..offset) {
            self.line += memchr::memchr_iter(b'\n', passed).count();
            if self.returns {
                let alone = |n: &usize| self.text.get(self.at + n + 1) != Some(&b'\n');
                self.line += memchr::memchr_iter(b'\r', passed).filter(alone).count();
            }
            self.at = offset;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_they_end() {
        assert_eq!(skip_value(br#"{"a":"}\"]"} ,"#, 0), Ok(12));
        assert_eq!(skip_value(b"12.5e3,", 0), Ok(6));
        assert!(skip_value(b"{\"a\":[}", 0).is_err());
        assert!(skip_value(b"{\"a", 0).is_err());
        let deep = "[".repeat(1_000_000);
        assert_eq!(
            skip_value(deep.as_bytes(), 0).map_err(|f| f.reason),
            Err(CUT_OFF)
        );
    }

    #[test]
    fn members_are_named() {
        let text = br#" {"object":"list","data":[1,2],"n":{}} "#;
        let (found, end) = members(text, 1);
        assert_eq!(end, Ok(text.len() - 1));
        let keys: Vec<_> = found.iter().map(|m| &text[m.key.clone()]).collect();
        assert_eq!(keys, [&b"object"[..], b"data", b"n"]);
        assert_eq!(&text[found[1].value.clone()], b"[1,2]");
    }
}
