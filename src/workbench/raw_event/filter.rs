//! A value of a raw event as a condition of a query over its table. A connector may have put it under any name, so
//! every likely condition is asked of the event's own row, and only one that holds there is offered.

use super::copies::{Step, is_name, quoted};
use crate::kql::{self, Catalog};
use crate::value::{Table, Type, Value, time};
use std::fmt::Write;
use std::sync::Arc;

/// Most conditions that are tried.
const MOST: usize = 40;

/// The row that an event became.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// The table's name.
    pub table: String,
    /// The one row.
    pub row: Arc<Table>,
}

impl Catalog for EventRow {
    fn table_names(&self) -> Vec<String> {
        vec![self.table.clone()]
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        let schema = self.row.schema().map(|(name, ty)| (name.to_owned(), ty));
        (table == self.table).then(|| schema.collect())
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        (table == self.table).then(|| Arc::clone(&self.row))
    }
}

/// The condition under which a query finds the value: `| where ActorSession.ip == "…"`. None where no column of the
/// row holds it. `json` is the value as it is written.
pub fn condition(event: &EventRow, path: &[Step], json: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    if value.is_object() || value.is_array() || path.is_empty() {
        return None;
    }
    let mut found = candidates(event, path, &value);
    found.sort_by_key(|(likely, _)| std::cmp::Reverse(*likely));
    let texts = found.into_iter().take(MOST).map(|(_, text)| text);
    let holds = |text: &String| {
        let query = format!("{}\n| where {text}", event.table);
        let options = kql::Options::at(time::UNIX_EPOCH);
        kql::run(&query, event, &options).is_ok_and(|output| output.table.rows == 1)
    };
    let text = texts.into_iter().find(holds)?;
    Some(format!("| where {text}"))
}

/// Conditions, each with how likely it speaks of this value.
fn candidates(event: &EventRow, path: &[Step], value: &serde_json::Value) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let columns = event.row.names.iter().zip(&event.row.columns);
    // A name that is a keyword of KQL stands in brackets: both are tried.
    let spelled = columns.flat_map(|(name, column)| {
        let simple = is_name(name).then(|| name.clone());
        let both = simple.into_iter().chain([bracketed(name)]);
        both.map(move |spelled| (name, spelled, column))
    });
    for (name, spelled, column) in spelled {
        let own = plain(name);
        if column.ty != Type::Dynamic {
            // Named like the value: all of its path, or the end of it.
            let whole = joined(path);
            let last = path.last().map(|s| joined(std::slice::from_ref(s)));
            let likely = match last {
                _ if own == whole => 3,
                Some(last) if !last.is_empty() && own == last => 2,
                Some(last) if !last.is_empty() && own.ends_with(&last) => 1,
                _ => continue,
            };
            let cell = column.value(0);
            let same = match (&cell, value) {
                // The row's own instant: the raw one may be a number.
                (Value::DateTime(_), _) => true,
                (Value::String(text), serde_json::Value::String(raw)) => text.as_ref() == raw,
                (cell, raw) => cell.display() == raw.to_string().trim_matches('"'),
            };
            if let Some(literal) = literal(&cell).filter(|_| same) {
                found.push((likely, format!("{spelled} == {literal}")));
            }
            continue;
        }
        for cut in 0..=path.len() {
            let (front, rest) = path.split_at(cut);
            let named = !front.is_empty() && own == joined(front);
            let at = reach(&spelled, rest);
            let text = match value {
                // Every missing member is null: only one of the right name will do.
                serde_json::Value::Null if named => format!("isnull({at})"),
                serde_json::Value::Null => continue,
                serde_json::Value::String(text) if !rest.is_empty() => {
                    format!("tostring({at}) == {}", quoted(text))
                }
                serde_json::Value::Bool(truth) if !rest.is_empty() => {
                    format!("tobool({at}) == {truth}")
                }
                serde_json::Value::Number(number) if !rest.is_empty() => {
                    match number.is_i64() || number.is_u64() {
                        true => format!("tolong({at}) == {number}"),
                        false => format!("todouble({at}) == {number}"),
                    }
                }
                _ => continue,
            };
            found.push((if named { 3 } else { 0 } + rest.len().min(9) * 4, text));
        }
    }
    found
}

/// Letters and digits of a path, in small letters, one after another.
fn joined(path: &[Step]) -> String {
    let keys = path.iter().map(|step| match step {
        Step::Key(key) => plain(key),
        Step::Item(at) => at.to_string(),
    });
    keys.collect()
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

fn bracketed(name: &str) -> String {
    format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn reach(column: &str, rest: &[Step]) -> String {
    let mut text = column.to_owned();
    for step in rest {
        match step {
            Step::Key(key) if is_name(key) => {
                text.push('.');
                text.push_str(key);
            }
            Step::Key(key) => {
                let _ = write!(text, "[{}]", quoted(key));
            }
            Step::Item(at) => {
                let _ = write!(text, "[{at}]");
            }
        }
    }
    text
}

fn literal(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Long(number) => number.to_string(),
        Value::Real(number) if number.is_finite() => number.to_string(),
        Value::Decimal(number) => format!("decimal({number})"),
        Value::String(text) => quoted(text),
        Value::DateTime(at) => format!("datetime({})", time::format_datetime(*at)),
        Value::Guid(text) => format!("guid({text})"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::{Dataset, Source};
    use crate::task::{CancelToken, Progress};

    const EVENT: &str = r#"{"object":"organization.audit_log","id":"audit_log-1","type":"role.created","effective_at":1780880000,"role.created":{"id":"role_7","data":{"count":3}},"actor":{"type":"session","session":{"ip_address":"203.0.113.9","user":{"id":"user-1","email":"a \"b\"@example.com"}}}}"#;

    fn row() -> EventRow {
        let source = Source {
            path: "audit.ndjson".into(),
            bytes: Some(EVENT.as_bytes().to_vec()),
        };
        let data = Dataset::from_sources(vec![source], &CancelToken::new(), &Progress::new());
        super::super::read::row_of(&data, 0).expect("a row")
    }

    fn condition_of(path: &[&str], json: &str) -> Option<String> {
        let path: Vec<Step> = path.iter().map(|k| Step::Key((*k).to_owned())).collect();
        condition(&row(), &path, json)
    }

    #[test]
    fn a_value_is_found_under_the_name_the_connector_gave_it() {
        assert_eq!(
            condition_of(&["id"], "\"audit_log-1\"").as_deref(),
            Some(r#"| where Id == "audit_log-1""#)
        );
        assert_eq!(
            condition_of(&["type"], "\"role.created\"").as_deref(),
            Some(r#"| where EventType == "role.created""#)
        );
        // Within a dynamic column, quotes and all.
        assert_eq!(
            condition_of(
                &["actor", "session", "user", "email"],
                r#""a \"b\"@example.com""#
            )
            .as_deref(),
            Some(r#"| where tostring(ActorSession.user.email) == "a \"b\"@example.com""#)
        );
        assert_eq!(
            condition_of(&["role.created", "data", "count"], "3").as_deref(),
            Some("| where tolong(EventDetails.data.count) == 3")
        );
        // A number that became an instant: 1780880000 s is 2026-06-08T00:53:20Z.
        assert_eq!(
            condition_of(&["effective_at"], "1780880000").as_deref(),
            Some("| where EffectiveAt == datetime(2026-06-08T00:53:20.0000000Z)")
        );
    }

    #[test]
    fn what_no_column_holds_is_not_offered() {
        assert_eq!(
            condition_of(&["object"], "\"organization.audit_log\""),
            None
        );
        assert_eq!(condition_of(&["actor"], "{}"), None);
        assert_eq!(condition_of(&["no", "such"], "null"), None);
    }
}
