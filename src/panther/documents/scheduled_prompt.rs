//! `scheduled_prompt`.

use super::check::{Checker, key};
use super::query::SCHEDULE;
use super::table::{Form, Holds, Key, Table};
use serde_yaml::Value as Yaml;

const NAME: Form = Form {
    fits: |text| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    },
    wanted: "a name of a-z, 0-9 and _ that begins with a letter",
};

const NOT_EMPTY: Form = Form {
    fits: |text| !text.is_empty(),
    wanted: "a user or the id of a token",
};

pub(super) const TABLE: Table = Table {
    what: "a scheduled prompt",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["scheduled_prompt"]), true),
        Key("PromptName", Holds::Formed(&NAME), true),
        Key("DisplayName", Holds::Text, true),
        Key("PromptText", Holds::Text, true),
        Key("RunAsUser", Holds::Formed(&NOT_EMPTY), true),
        Key("Schedule", Holds::Mapping(&SCHEDULE), true),
        Key("Description", Holds::Text, false),
        Key(
            "OutputLength",
            Holds::OneOf(&["small", "medium", "largest"]),
            false,
        ),
        Key("Enabled", Holds::Flag, false),
        Key("Private", Holds::Flag, false),
    ],
    choices: &[],
};

/// Only shared prompts are deployed from files.
pub(super) fn check(checker: &mut Checker<'_>, value: &Yaml) {
    if value.get("Private").and_then(Yaml::as_bool) == Some(true) {
        let message = "a private prompt cannot be deployed from a file";
        let found = checker.error("panther-value", &[key("Private")], message);
        found.hint = Some("leave Private out".to_owned());
    }
}
