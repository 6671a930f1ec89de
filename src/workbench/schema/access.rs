//! A column or path as it is written where it is wanted: in a query, in a Python body, in a simple detection.

use super::Subject;
use crate::kql::write;
use crate::value::path::{Step, shown};
use crate::value::{Type, Value};
use crate::workbench::insert::Insert;

/// A column, or a path inside one. It can be dragged into the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Whose it is.
    pub subject: Subject,
    /// The column; empty for the events of a log type.
    pub column: String,
    /// The column's type.
    pub ty: Type,
    /// The way inside.
    pub path: Vec<Step>,
}

/// What kind of text it is written into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A KQL query.
    Query,
    /// The body of a Panther rule.
    Python,
    /// A Panther rule without Python.
    Simple,
}

impl Field {
    /// What it is called.
    pub fn words(&self) -> String {
        shown(&self.column, &self.path)
    }

    /// As it is written.
    ///
    /// # Errors
    /// Why it has no place there, and what has.
    pub fn written(&self, wanted: Wanted) -> Result<String, String> {
        self.fits(wanted)?;
        Ok(match wanted {
            Wanted::Query => write::path(&self.column, &self.path),
            Wanted::Python => python(&self.path),
            Wanted::Simple => simple(&self.path),
        })
    }

    /// A condition that a value fulfils.
    ///
    /// # Errors
    /// Why it has no place there, and what has.
    pub fn condition(&self, wanted: Wanted, value: &Value) -> Result<Insert, String> {
        self.fits(wanted)?;
        Ok(match wanted {
            Wanted::Query => Insert::Stage(write::stage(&self.column, self.ty, &self.path, value)),
            Wanted::Python => Insert::Words(python_condition(&self.path, &python_literal(value))?),
            Wanted::Simple => {
                let value = match value {
                    Value::Dynamic(json) => json.to_string(),
                    other => other.display(),
                };
                Insert::Words(format!(
                    "{}, Condition: Equals, Value: {value}",
                    simple(&self.path)
                ))
            }
        })
    }

    fn fits(&self, wanted: Wanted) -> Result<(), String> {
        match (&self.subject, wanted) {
            (Subject::Table(_), Wanted::Query) => Ok(()),
            (Subject::Events(_), Wanted::Python | Wanted::Simple) => Ok(()),
            (Subject::Table(name), _) => Err(format!(
                "{name} is a table of Sentinel: choose a Panther log type in the schema to insert paths of its events"
            )),
            (Subject::Events(name), _) => Err(format!(
                "{name} is a log type of Panther: choose a table in the schema to insert its columns"
            )),
        }
    }
}

fn keys(path: &[Step]) -> Vec<String> {
    let keys = path.iter().filter_map(|step| match step {
        Step::Key(key) => Some(python_text(key)),
        Step::Each => None,
    });
    keys.collect()
}

/// `event.get("type")`, `event.deep_get("actor", "type")`, `event.deep_walk("choices", "finish_reason")`.
fn python(path: &[Step]) -> String {
    let keys = keys(path);
    match path {
        [Step::Key(_)] => format!("event.get({})", keys.join(", ")),
        path if path.contains(&Step::Each) => format!("event.deep_walk({})", keys.join(", ")),
        _ => format!("event.deep_get({})", keys.join(", ")),
    }
}

/// That a value stands at a path; through a list, that any of its elements has it.
fn python_condition(path: &[Step], value: &str) -> Result<String, String> {
    let Some(at) = path.iter().position(|step| *step == Step::Each) else {
        return Ok(format!("{} == {value}", python(path)));
    };
    let (list, rest) = path.split_at(at);
    let (list, rest) = (python(list), rest.get(1..).unwrap_or_default());
    if rest.contains(&Step::Each) {
        return Err(
            "A list inside a list has no condition on one line: insert the path".to_owned(),
        );
    }
    let rest = keys(rest);
    Ok(match rest.as_slice() {
        [] => format!("{value} in ({list} or [])"),
        [front @ .., last] => {
            let way: String = front
                .iter()
                .map(|key| format!(".get({key}, {{}})"))
                .collect();
            format!("any(item{way}.get({last}) == {value} for item in {list} or [])")
        }
    })
}

fn simple(path: &[Step]) -> String {
    let keys = keys(path);
    match keys.as_slice() {
        [one] => format!("Key: {one}"),
        many => format!("DeepKey: [{}]", many.join(", ")),
    }
}

/// A text as Python, YAML and JSON write it alike.
fn python_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn python_literal(value: &Value) -> String {
    match value {
        Value::Dynamic(json) => match json.as_ref() {
            serde_json::Value::Bool(true) => "True".to_owned(),
            serde_json::Value::Bool(false) => "False".to_owned(),
            serde_json::Value::Null => "None".to_owned(),
            other => other.to_string(),
        },
        Value::Null => "None".to_owned(),
        other => python_text(&other.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn field(subject: Subject, column: &str, path: &[&str]) -> Field {
        let step = |s: &&str| match *s {
            "[]" => Step::Each,
            key => Step::Key(key.to_owned()),
        };
        Field {
            subject,
            column: column.to_owned(),
            ty: Type::Dynamic,
            path: path.iter().map(step).collect(),
        }
    }

    #[test]
    fn a_path_is_written_as_its_text_wants_it() {
        let events = |path: &[&str]| field(Subject::Events("OpenAI.Audit".into()), "", path);
        let written = |path: &[&str], wanted| events(path).written(wanted).unwrap_or_default();
        assert_eq!(written(&["type"], Wanted::Python), "event.get(\"type\")");
        let deep = ["actor", "session", "a \"b\""];
        assert_eq!(
            written(&deep, Wanted::Python),
            "event.deep_get(\"actor\", \"session\", \"a \\\"b\\\"\")"
        );
        let list = ["choices", "[]", "finish_reason"];
        assert_eq!(
            written(&list, Wanted::Python),
            "event.deep_walk(\"choices\", \"finish_reason\")"
        );
        assert_eq!(written(&["type"], Wanted::Simple), "Key: \"type\"");
        assert_eq!(
            written(&["actor", "type"], Wanted::Simple),
            "DeepKey: [\"actor\", \"type\"]"
        );
        let table = field(Subject::Table("T".into()), "Details", &["role", "a b"]);
        assert_eq!(
            table.written(Wanted::Query).as_deref(),
            Ok("Details.role['a b']")
        );
        assert!(
            table.written(Wanted::Python).is_err()
                && events(&["type"]).written(Wanted::Query).is_err()
        );
    }

    #[test]
    fn a_value_becomes_a_condition() {
        let table = field(Subject::Table("T".into()), "Choices", &["[]", "reason"]);
        let stop = Value::Dynamic(Arc::new("stop".into()));
        let stage = "mv-apply Item = Choices on (where tostring(Item.reason) == \"stop\" | take 1)";
        assert_eq!(
            table.condition(Wanted::Query, &stop),
            Ok(Insert::Stage(stage.to_owned()))
        );
        let events = field(Subject::Events("L".into()), "", &["actor", "is_bot"]);
        let yes = Value::Dynamic(Arc::new(true.into()));
        assert_eq!(
            events.condition(Wanted::Python, &yes),
            Ok(Insert::Words(
                "event.deep_get(\"actor\", \"is_bot\") == True".to_owned()
            ))
        );
        let list = field(
            Subject::Events("L".into()),
            "",
            &["choices", "[]", "a", "b"],
        );
        let any =
            "any(item.get(\"a\", {}).get(\"b\") == True for item in event.get(\"choices\") or [])";
        assert_eq!(
            list.condition(Wanted::Python, &yes),
            Ok(Insert::Words(any.to_owned()))
        );
        let tags = field(Subject::Events("L".into()), "", &["x", "tags", "[]"]);
        let among = "True in (event.deep_get(\"x\", \"tags\") or [])";
        assert_eq!(
            tags.condition(Wanted::Python, &yes),
            Ok(Insert::Words(among.to_owned()))
        );
    }
}
