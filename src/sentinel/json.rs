//! From YAML values to JSON.

use serde_json::Value as Json;
use serde_yaml::Value as Yaml;

/// The JSON of a YAML value: tags are dropped, keys become texts, numbers JSON lacks become texts.
/// The depth is bounded by the reader.
pub(crate) fn to_json(value: &Yaml) -> Json {
    match value {
        Yaml::Null => Json::Null,
        Yaml::Bool(b) => Json::Bool(*b),
        Yaml::Number(n) => match (n.as_i64(), n.as_u64(), n.as_f64()) {
            (Some(i), _, _) => Json::from(i),
            (_, Some(u), _) => Json::from(u),
            (_, _, Some(f)) => serde_json::Number::from_f64(f)
                .map_or_else(|| Json::from(n.to_string()), Json::Number),
            _ => Json::Null,
        },
        Yaml::String(s) => Json::from(s.as_str()),
        Yaml::Sequence(items) => Json::Array(items.iter().map(to_json).collect()),
        Yaml::Mapping(entries) => Json::Object(
            entries
                .iter()
                .map(|(k, v)| (key_text(k), to_json(v)))
                .collect(),
        ),
        Yaml::Tagged(tagged) => to_json(&tagged.value),
    }
}

/// The text of a mapping's key.
pub(crate) fn key_text(key: &Yaml) -> String {
    match to_json(key) {
        Json::String(s) => s,
        other => other.to_string(),
    }
}
