//! `datamodel`: unified names for the fields of log types.

use super::check::{Checker, key};
use super::table::{Choice, Holds, Key, Table};
use crate::python::{Mapping, check_path};
use crate::yaml::Step;
use serde_yaml::Value as Yaml;

const MAPPING: Table = Table {
    what: "a mapping of a data model",
    open: false,
    keys: &[
        Key("Name", Holds::Text, true),
        Key("Path", Holds::Text, false),
        Key("Method", Holds::Text, false),
    ],
    choices: &[Choice {
        keys: &["Path", "Method"],
        only_one: true,
    }],
};

pub(super) const TABLE: Table = Table {
    what: "a data model",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["datamodel"]), true),
        Key("DataModelID", Holds::Name, true),
        Key("Enabled", Holds::Flag, true),
        Key("LogTypes", Holds::Texts, true),
        Key("Mappings", Holds::List(&MAPPING), true),
        Key("DisplayName", Holds::Name, false),
        Key("Filename", Holds::Text, false),
        Key("BaseVersion", Holds::Whole, false),
    ],
    choices: &[],
};

/// A data model, as far as its document could be read.
#[derive(Clone, Debug, Default)]
pub struct DataModelDocument {
    /// `Enabled`.
    pub enabled: bool,
    /// `LogTypes`.
    pub log_types: Vec<String>,
    /// `Mappings`: names and where their values are.
    pub mappings: Vec<(String, Mapping)>,
}

/// A method needs a body to be in, and a path has to be one.
pub(super) fn check(checker: &mut Checker<'_>, value: &Yaml) {
    let mappings = value.get("Mappings").and_then(Yaml::as_sequence);
    for (i, mapping) in mappings.into_iter().flatten().enumerate() {
        let at = |name: &str| [key("Mappings"), Step::Index(i), key(name)];
        if let Some(method) = mapping.get("Method").and_then(Yaml::as_str)
            && value.get("Filename").is_none()
        {
            let message = format!("there is no Filename whose Python has the method `{method}`");
            checker.warning("panther-method", &at("Method"), message);
        }
        if let Some(path) = mapping.get("Path").and_then(Yaml::as_str)
            && let Err(why) = check_path(path)
        {
            let message = format!("the path `{path}` cannot be read: {why}");
            checker.error("panther-path", &at("Path"), message);
        }
    }
}

pub(super) fn read(value: &Yaml) -> DataModelDocument {
    let items = |name: &str| value.get(name).and_then(Yaml::as_sequence);
    let log_types = items("LogTypes").into_iter().flatten();
    let mappings = items("Mappings").into_iter().flatten();
    DataModelDocument {
        enabled: value
            .get("Enabled")
            .and_then(Yaml::as_bool)
            .unwrap_or(false),
        log_types: log_types
            .filter_map(|t| t.as_str().map(str::to_owned))
            .collect(),
        mappings: mappings
            .filter_map(|mapping| {
                let text = |name: &str| mapping.get(name)?.as_str().map(str::to_owned);
                let found = match (text("Path"), text("Method")) {
                    (Some(path), _) => Mapping::Path(path),
                    (None, Some(method)) => Mapping::Method(method),
                    (None, None) => return None,
                };
                Some((text("Name")?, found))
            })
            .collect(),
    }
}
