//! Changes of a text that mend what a diagnostic says.

use super::Span;

/// A piece of a text and what replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, in bytes; empty to insert.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// One way to mend a problem: edits of the same text that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a menu says it: `Replace "1h" with "PT1H"`.
    pub title: String,
    /// In the order of the text; they do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that replaces one piece of the text.
    pub fn replace(title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            edits: vec![Edit {
                span,
                text: text.into(),
            }],
        }
    }

    /// The text with the fix applied; none where an edit does not fit the text (it was made for another one).
    pub fn apply(&self, text: &str) -> Option<String> {
        apply(&self.edits, text)
    }
}

/// The text with edits made, which stand in its order and do not overlap; none where one does not fit it.
pub fn apply(edits: &[Edit], text: &str) -> Option<String> {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        result.push_str(text.get(done..edit.span.start)?);
        text.get(edit.span.start..edit.span.end)?;
        result.push_str(&edit.text);
        done = edit.span.end;
    }
    result.push_str(text.get(done..)?);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_of_another_text_are_refused() {
        let fix = Fix {
            title: String::new(),
            edits: vec![
                Edit {
                    span: Span::new(0, 1),
                    text: "x".into(),
                },
                Edit {
                    span: Span::new(2, 2),
                    text: "-".into(),
                },
            ],
        };
        assert_eq!(fix.apply("abc").as_deref(), Some("xb-c"));
        assert_eq!(fix.apply("a"), None);
        assert_eq!(Fix::replace("", Span::new(1, 2), "").apply("\u{e9}a"), None);
    }
}
