//! YAML values as the JSON that an event is made of.

use serde_json::{Map, Number, Value as Json};
use serde_yaml::Value as Yaml;

/// The value as JSON. Keys that are no strings become their text, tags are dropped, NaN becomes null.
pub(super) fn json(yaml: &Yaml) -> Json {
    match yaml {
        Yaml::Null => Json::Null,
        Yaml::Bool(b) => Json::Bool(*b),
        Yaml::Number(n) => number(n),
        Yaml::String(s) => Json::String(s.clone()),
        Yaml::Sequence(items) => Json::Array(items.iter().map(json).collect()),
        Yaml::Mapping(members) => {
            let mut object = Map::new();
            for (key, value) in members {
                object.insert(key_text(key), json(value));
            }
            Json::Object(object)
        }
        Yaml::Tagged(tagged) => json(&tagged.value),
    }
}

fn number(n: &serde_yaml::Number) -> Json {
    if let Some(i) = n.as_i64() {
        Json::Number(i.into())
    } else if let Some(u) = n.as_u64() {
        Json::Number(u.into())
    } else {
        n.as_f64()
            .and_then(Number::from_f64)
            .map_or(Json::Null, Json::Number)
    }
}

/// A key's text, such as `5` for the number 5.
pub(super) fn key_text(key: &Yaml) -> String {
    match key {
        Yaml::String(s) => s.clone(),
        Yaml::Null => "null".to_owned(),
        other => match json(other) {
            Json::String(s) => s,
            json => json.to_string(),
        },
    }
}

/// What a value is called in a message.
pub(super) fn kind(yaml: &Yaml) -> &'static str {
    match yaml {
        Yaml::Null => "nothing",
        Yaml::Bool(_) => "true or false",
        Yaml::Number(_) => "a number",
        Yaml::String(_) => "text",
        Yaml::Sequence(_) => "a list",
        Yaml::Mapping(_) => "a mapping",
        Yaml::Tagged(_) => "a tagged value",
    }
}
