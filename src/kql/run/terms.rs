//! Tests on text. A term is a run of letters and digits; everything else, the underscore included,
//! separates terms. A needle with separators inside must occur literally, with term boundaries at its ends.

use crate::kql::syntax::tree::TextTest;
use memchr::memmem::Finder;
use std::borrow::Cow;

/// A test made ready for many texts.
pub struct Matcher {
    test: TextTest,
    case: bool,
    needle: String,
    finder: Finder<'static>,
}

/// Lower case for comparing; ASCII text is the common case.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        }
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// The same in a given room: nothing is allocated for ASCII text.
pub fn fold_in<'a>(text: &str, room: &'a mut String) -> &'a str {
    room.clear();
    if text.is_ascii() {
        room.push_str(text);
        room.make_ascii_lowercase();
    } else {
        room.push_str(&text.to_lowercase());
    }
    room
}

impl Matcher {
    /// A matcher for a needle. A regular expression is not one: see [`super::text`].
    pub fn new(test: TextTest, case: bool, needle: &str) -> Self {
        let needle = if case {
            needle.to_owned()
        } else {
            fold(needle).into_owned()
        };
        let finder = Finder::new(needle.as_bytes()).into_owned();
        Self {
            test,
            case,
            needle,
            finder,
        }
    }

    /// Whether a text passes.
    pub fn matches(&self, text: &str) -> bool {
        if self.case {
            self.folded(text)
        } else {
            self.folded(&fold(text))
        }
    }

    /// The same, with room for the folded text that is used again for the next.
    pub fn matches_in(&self, text: &str, room: &mut String) -> bool {
        if self.case {
            return self.folded(text);
        }
        self.folded(fold_in(text, room))
    }

    /// The same for a text that was folded already (see [`fold`]).
    pub fn folded(&self, text: &str) -> bool {
        let needle = self.needle.as_str();
        match self.test {
            TextTest::Contains => self.finder.find(text.as_bytes()).is_some(),
            TextTest::StartsWith => text.starts_with(needle),
            TextTest::EndsWith => text.ends_with(needle),
            TextTest::Equals => text == needle,
            TextTest::Has => self.term(text, true, true),
            TextTest::HasPrefix => self.term(text, true, false),
            TextTest::HasSuffix => self.term(text, false, true),
            TextTest::Regex => false,
        }
    }

    fn term(&self, text: &str, at_start: bool, at_end: bool) -> bool {
        let needle = self.needle.as_str();
        if needle.is_empty() {
            return true;
        }
        let edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let guard_start = at_start && edge(needle.chars().next());
        let guard_end = at_end && edge(needle.chars().next_back());
        let mut from = 0;
        while let Some(rest) = text.get(from..) {
            let Some(found) = self.finder.find(rest.as_bytes()) else {
                return false;
            };
            let start = from + found;
            let end = start + needle.len();
            let before = text.get(..start).and_then(|t| t.chars().next_back());
            let after = text.get(end..).and_then(|t| t.chars().next());
            if !(guard_start && edge(before) || guard_end && edge(after)) {
                return true;
            }
            from = start
                + text
                    .get(start..)
                    .and_then(|t| t.chars().next())
                    .map_or(1, char::len_utf8);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_in_a_room_is_folding() {
        let mut room = "left over".to_owned();
        for text in ["", "abc", "ABC x", "ZOË", "İẞὈΔΥΣΣΕΎΣ", "\u{212a}"] {
            assert_eq!(fold_in(text, &mut room), fold(text));
        }
    }

    #[test]
    fn terms_are_runs_of_letters_and_digits() {
        let has =
            |text: &str, needle: &str| Matcher::new(TextTest::Has, false, needle).matches(text);
        assert!(has("role.assignment.created", "role"));
        assert!(has("user_role", "ROLE"));
        assert!(!has("roles.updated", "role"));
        assert!(has("roles role", "role"), "a later occurrence counts");
        assert!(has("api_key.created", "api_key.created"));
        assert!(has("tenant.admin_api_key.created", "api_key.created"));
        assert!(!has("xapi_key.created", "api_key.created"));
        assert!(!has("api_key.created2", "api_key.created"));
        assert!(!has("a api-key b", "api_key"));
        assert!(has("abc", ""));
        assert!(
            has("abc-def", "-def"),
            "an edge that is no letter needs no boundary"
        );
        assert!(!has("rôles", "r"), "accented letters are letters");
    }
}
