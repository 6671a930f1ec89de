//! What a table of keys is.

use serde_yaml::Value as Yaml;

/// A mapping that is known key by key.
pub(super) struct Table {
    /// What it is, as a message calls it: `a rule`.
    pub what: &'static str,
    /// Its keys. Others are refused, unless it is open.
    pub keys: &'static [Key],
    /// Whether it may have other keys.
    pub open: bool,
    /// Keys of which some have to be there.
    pub choices: &'static [Choice],
}

/// A key: its name, what it holds, whether it has to be there.
pub(super) struct Key(pub &'static str, pub Holds, pub bool);

/// Keys of which at least one, or exactly one, has to be there.
pub(super) struct Choice {
    pub keys: &'static [&'static str],
    pub only_one: bool,
}

/// A check of a text: whether it fits, and what is wanted in words.
pub(super) struct Form {
    pub fits: fn(&str) -> bool,
    pub wanted: &'static str,
}

/// What a key holds.
#[derive(Clone, Copy)]
pub(super) enum Holds {
    Text,
    /// A name or an id.
    Name,
    /// Text of a form.
    Formed(&'static Form),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// The severity of a detection.
    Severity,
    Flag,
    Whole,
    Texts,
    /// Texts of a form.
    FormedTexts(&'static Form),
    /// Anything; other checks may follow.
    Any,
    /// A mapping of this table.
    Mapping(&'static Table),
    /// A list of mappings of this table.
    List(&'static Table),
    /// A mapping from text to lists of texts and numbers.
    Reports,
    /// What `Mocks` hold in place of an object.
    MockValue,
}

impl Holds {
    /// Whether a value is of the kind at all, and what is wanted where it is not. The insides of mappings and lists
    /// of mappings are not looked at.
    pub fn accepts(self, value: &Yaml) -> (bool, String) {
        let texts = |value: &Yaml| {
            let items = value.as_sequence();
            items.is_some_and(|items| items.iter().all(Yaml::is_string))
        };
        let (fits, wanted) = match self {
            Holds::Text | Holds::Severity => (value.is_string(), "text"),
            Holds::Name => (
                value.as_str().is_some_and(is_name) || !value.is_string(),
                "text without < > & \" %",
            ),
            Holds::Formed(form) => (value.as_str().is_some_and(form.fits), form.wanted),
            Holds::OneOf(names) => {
                let fits = value.as_str().is_some_and(|text| names.contains(&text));
                return (fits, format!("one of {}", names.join(", ")));
            }
            Holds::Flag => (value.is_bool(), "true or false"),
            Holds::Whole => (value.is_i64() || value.is_u64(), "a whole number"),
            Holds::Texts | Holds::FormedTexts(_) => (texts(value), "a list of texts"),
            Holds::Any => (true, ""),
            Holds::Mapping(_) => (value.is_mapping(), "a mapping"),
            Holds::List(_) => (value.is_sequence(), "a list"),
            Holds::Reports => (reports(value), "a mapping from text to lists of texts"),
            Holds::MockValue => (value.is_string() || value.is_bool(), "text, true or false"),
        };
        (fits, wanted.to_owned())
    }
}

/// Whether a text can be a name or an id.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(['<', '>', '&', '"', '%'])
}

fn reports(value: &Yaml) -> bool {
    let entries = |list: &Yaml| {
        let items = list.as_sequence();
        items.is_some_and(|items| items.iter().all(|i| i.is_string() || i.is_number()))
    };
    value.as_mapping().is_some_and(|reports| {
        !reports.is_empty()
            && reports
                .iter()
                .all(|(name, list)| name.is_string() && entries(list))
    })
}
