//! Names, values and tables as they are written in a query.

use super::syntax::keywords;
use crate::value::path::{Step, is_plain};
use crate::value::{Column, Type, Value, time};
use serde_json::Value as Json;

/// A name, in brackets where it needs them: `Actor`, `['finish reason']`, `['date']`.
pub fn name(name: &str) -> String {
    let keyword = keywords::not_referenced(name) || keywords::not_declared(name);
    match is_plain(name) && !keyword {
        true => name.to_owned(),
        false => bracketed(name),
    }
}

fn bracketed(name: &str) -> String {
    format!("['{}']", escaped(name, '\''))
}

/// A path into a dynamic column: `Details.role`, `Details['a b']`. Of an array it is the first element.
pub fn path(column: &str, steps: &[Step]) -> String {
    let mut text = name(column);
    for step in steps {
        match step {
            Step::Each => text.push_str("[0]"),
            Step::Key(key) if is_plain(key) && !keywords::not_referenced(key) => {
                text.push('.');
                text.push_str(key);
            }
            Step::Key(key) => text.push_str(&bracketed(key)),
        }
    }
    text
}

/// A text in quotes. Its escapes are those of JSON too, so that it may stand inside `dynamic(…)`.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text, '"'))
}

fn escaped(text: &str, quote: char) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            c if c == quote => {
                written.push('\\');
                written.push(c);
            }
            // Signs that cannot be seen, or that some readers take for the end of a line.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                written.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => written.push(c),
        }
    }
    written
}

/// A value as a literal of its type.
pub fn literal(value: &Value, ty: Type) -> String {
    match value {
        Value::Null if ty == Type::String => "\"\"".to_owned(),
        Value::Null => format!("{}(null)", ty.name()),
        Value::Bool(v) => v.to_string(),
        Value::Int(v) => format!("int({v})"),
        Value::Long(v) => format!("long({v})"),
        Value::Real(v) if v.is_nan() => "real(nan)".to_owned(),
        Value::Real(v) if v.is_infinite() && *v > 0.0 => "real(+inf)".to_owned(),
        Value::Real(v) if v.is_infinite() => "real(-inf)".to_owned(),
        Value::Real(v) => format!("real({v:?})"),
        Value::Decimal(v) => format!("decimal({v})"),
        Value::String(v) => quoted(v),
        Value::DateTime(v) => format!("datetime({})", time::format_datetime(*v)),
        Value::TimeSpan(v) => format!("timespan({})", time::format_timespan(*v)),
        Value::Guid(v) => format!("guid({v})"),
        Value::Dynamic(v) => {
            let mut text = "dynamic(".to_owned();
            json(v, &mut text);
            text.push(')');
            text
        }
    }
}

/// JSON with the escapes of [`quoted`]. As deep as the value is; values come from a reader that is bounded itself.
fn json(value: &Json, into: &mut String) {
    match value {
        Json::String(text) => into.push_str(&quoted(text)),
        Json::Array(items) => {
            into.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    into.push(',');
                }
                json(item, into);
            }
            into.push(']');
        }
        Json::Object(object) => {
            into.push('{');
            for (n, (key, item)) in object.iter().enumerate() {
                if n > 0 {
                    into.push(',');
                }
                into.push_str(&quoted(key));
                into.push(':');
                json(item, into);
            }
            into.push('}');
        }
        // Without its sign it is no whole number any more.
        Json::Number(n) if n.as_i64() == Some(i64::MIN) => {
            into.push_str(&literal(&Value::Long(i64::MIN), Type::Long));
        }
        plain => into.push_str(&plain.to_string()),
    }
}

/// Whole numbers up to here are reals without loss.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A stage that the rows with a value pass: `where EventType == "login.failed"`. Of a path through an array it is that
/// any of the elements has it.
pub fn stage(column: &str, ty: Type, steps: &[Step], value: &Value) -> String {
    let nothing = |place: &str, negated: &str| format!("{negated}({place})");
    let Value::Dynamic(inside) = value else {
        let place = name(column);
        let condition = match (value, ty) {
            (Value::Null, _) => nothing(&place, "isnull"),
            (Value::String(text), _) if text.is_empty() => nothing(&place, "isempty"),
            (Value::Bool(_) | Value::String(_), _) => format!("{place} == {}", literal(value, ty)),
            (Value::Int(v), _) => format!("{place} == {v}"),
            (Value::Long(v), _) if *v != i64::MIN => format!("{place} == {v}"),
            (Value::Real(v), _) if v.is_nan() => nothing(&place, "isnan"),
            _ => format!("{place} == {}", literal(value, ty)),
        };
        return format!("where {condition}");
    };
    let test = |place: &str| match inside.as_ref() {
        Json::Null => nothing(place, "isnull"),
        Json::String(text) => format!("tostring({place}) == {}", quoted(text)),
        Json::Bool(v) => format!("tobool({place}) == {v}"),
        // As a real each of them is itself; beyond, only its digits are.
        Json::Number(n) if n.as_f64().is_some_and(|r| n.is_f64() || r.abs() <= EXACT) => {
            let real = Value::Real(n.as_f64().unwrap_or(0.0));
            format!("toreal({place}) == {}", literal(&real, Type::Real))
        }
        other => format!("tostring({place}) == {}", quoted(&other.to_string())),
    };
    match steps.iter().position(|step| *step == Step::Each) {
        None => format!("where {}", test(&path(column, steps))),
        Some(at) => {
            let (array, rest) = (
                steps.get(..at).unwrap_or_default(),
                steps.get(at + 1..).unwrap_or_default(),
            );
            let array = path(column, array);
            // Arrays within arrays: only the first elements of the inner ones are asked.
            let place = path("Item", rest);
            format!(
                "mv-apply Item = {array} on (where {} | take 1)",
                test(&place)
            )
        }
    }
}

/// Rows as a query that gives them: `datatable(…)[…]`, one row a line.
pub fn datatable(columns: &[(&str, &Column)], rows: usize) -> String {
    let schema = columns
        .iter()
        .map(|(n, column)| format!("{}: {}", name(n), column.ty));
    let schema: Vec<String> = schema.collect();
    let mut text = format!("datatable({})\n[\n", schema.join(", "));
    for row in 0..rows {
        let cells = columns
            .iter()
            .map(|(_, column)| literal(&column.value(row), column.ty));
        let cells: Vec<String> = cells.collect();
        text.push_str("    ");
        text.push_str(&cells.join(", "));
        // A comma after the last one as well: the platform allows it, and lines can be moved.
        text.push_str(if row + 1 < rows { ",\n" } else { "\n" });
    }
    text.push(']');
    text
}

#[cfg(test)]
mod tests;
