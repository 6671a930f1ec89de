//! Places inside dynamic values: `Details.role`, `Choices[].finish_reason`.

use serde_json::Value as Json;

/// One step into a dynamic value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The value of a key of an object.
    Key(String),
    /// Every element of an array.
    Each,
}

/// Calls `found` with every value at a path: several where it goes through arrays, none where it is not there.
pub fn visit<'a>(json: &'a Json, path: &[Step], found: &mut impl FnMut(&'a Json)) {
    let Some((step, rest)) = path.split_first() else {
        found(json);
        return;
    };
    match (step, json) {
        (Step::Key(key), Json::Object(object)) => {
            if let Some(inner) = object.get(key) {
                visit(inner, rest, found);
            }
        }
        (Step::Each, Json::Array(items)) => {
            for item in items {
                visit(item, rest, found);
            }
        }
        _ => {}
    }
}

/// The path as people read it, after the name of its column.
pub fn shown(column: &str, path: &[Step]) -> String {
    let mut text = column.to_owned();
    for step in path {
        match step {
            Step::Each => text.push_str("[]"),
            Step::Key(key) if is_plain(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Step::Key(key) => text.push_str(&format!("['{}']", key.replace('\'', "\\'"))),
        }
    }
    text
}

/// Whether a name needs no quotes: letters, digits and `_`, no digit first.
pub fn is_plain(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Step {
        Step::Key(name.to_owned())
    }

    #[test]
    fn every_element_is_visited() {
        let json =
            serde_json::json!({"choices": [{"reason": "stop"}, {"reason": "length"}, {}, 5]});
        let mut found = Vec::new();
        let path = [key("choices"), Step::Each, key("reason")];
        visit(&json, &path, &mut |v| found.push(v.as_str()));
        assert_eq!(found, [Some("stop"), Some("length")]);
        visit(&json, &[Step::Each], &mut |_| {
            panic!("an object has no elements")
        });
    }

    #[test]
    fn a_path_is_shown_as_it_is_read() {
        let path = [key("choices"), Step::Each, key("finish reason"), key("x")];
        assert_eq!(shown("Body", &path), "Body.choices[]['finish reason'].x");
        assert_eq!(shown("", &path[..1]), "choices");
    }
}
