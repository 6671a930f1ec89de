//! What joins: the values of fields in an event and its alert context, and when the event was.

use super::{Found, Node};
use chrono::{DateTime, NaiveDateTime};
use serde_json::Value as Json;

/// Values of one field: more than this are not looked at.
const MOST: usize = 10_000;

/// A match of a node's rule, from the event and the alert context that the rule made for it.
pub fn found(node: &Node, event: &Json, context: Option<&Json>, time: i64, name: u64) -> Found {
    Found {
        time,
        values: node
            .fields
            .iter()
            .map(|field| values(node, field, event, context))
            .collect(),
        event: name,
    }
}

fn values(node: &Node, field: &str, event: &Json, context: Option<&Json>) -> Vec<String> {
    let value = match field.strip_prefix("p_alert_context.") {
        Some(rest) => context.and_then(|context| at(context, rest)),
        None if field == "p_rule_id" => return vec![node.rule_id.clone()],
        None => at(event, field),
    };
    match value {
        Some(Json::Array(items)) => {
            let mut values: Vec<String> = items.iter().take(MOST).filter_map(text).collect();
            values.sort_unstable();
            values.dedup();
            values
        }
        Some(value) => text(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The value at a dotted path; a key that itself has dots is found too.
fn at<'j>(value: &'j Json, path: &str) -> Option<&'j Json> {
    let object = value.as_object()?;
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    let (first, rest) = path.split_once('.')?;
    at(object.get(first)?, rest)
}

fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Ticks from the year 1 to 1970.
const EPOCH: i64 = 621_355_968_000_000_000;

/// When an event was, by its `p_event_time`, in ticks. Times without a zone are UTC, as the platform writes them.
pub fn time_of(event: &Json) -> Option<i64> {
    parse(event.get("p_event_time")?.as_str()?)
}

/// A time such as `2024-06-01T10:00:00Z` or `2024-06-01 10:00:00.123`.
pub(super) fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    let utc = match DateTime::parse_from_rfc3339(text) {
        Ok(time) => time.to_utc(),
        Err(_) => ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
            .into_iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?
            .and_utc(),
    };
    let ticks = utc.timestamp().checked_mul(10_000_000)?;
    ticks
        .checked_add(i64::from(utc.timestamp_subsec_nanos()) / 100)?
        .checked_add(EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(field: &str, event: Json, context: Json) -> Vec<String> {
        let node = Node {
            rule_id: "R".into(),
            fields: vec![field.into()],
            ..Node::default()
        };
        found(&node, &event, Some(&context), 0, 0).values.remove(0)
    }

    #[test]
    fn fields_are_paths_into_event_and_context() {
        assert_eq!(of("a.b", json!({"a": {"b": "x"}}), json!({})), ["x"]);
        assert_eq!(of("a.b", json!({"a.b": "x"}), json!({})), ["x"]);
        assert_eq!(
            of("p_alert_context.a.b", json!({}), json!({"a": {"b": 5}})),
            ["5"]
        );
        assert_eq!(of("p_rule_id", json!({}), json!({})), ["R"]);
        assert_eq!(
            of(
                "p_any_emails",
                json!({"p_any_emails": ["b", "a", "b", null]}),
                json!({})
            ),
            ["a", "b"]
        );
        for none in [
            json!({"a": null}),
            json!({"a": {"b": 1}}),
            json!({}),
            json!([]),
        ] {
            assert_eq!(of("a", none, json!({})), Vec::<String>::new());
        }
        assert_eq!(of("a", json!({"a": true}), json!({})), ["true"]);
    }

    #[test]
    fn times() {
        let minute = |text: &str| parse(text).map(|t| t - 638_528_328_000_000_000);
        assert_eq!(minute("2024-06-01T10:00:00Z"), Some(0));
        assert_eq!(minute("2024-06-01T12:00:00+02:00"), Some(0));
        assert_eq!(minute("2024-06-01 10:00:00.5"), Some(5_000_000));
        assert_eq!(parse("yesterday"), None);
        assert_eq!(parse(""), None);
    }
}
