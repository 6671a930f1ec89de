//! Values as text: as the platform's runtime writes them into a title, and as a person reads them in a trace.

use crate::python::json_text;
use serde_json::Value as Json;

/// Python's `str` of a value. Lists and objects are written as JSON, which reads the same but for its words.
pub(super) fn text(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::String(text) => text.clone(),
        other => json(other),
    }
}

/// Python's `repr` of a value, near enough for a message.
pub(super) fn repr(value: &Json) -> String {
    match value {
        Json::String(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Json::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        other => text(other),
    }
}

/// JSON as Python's `json.dumps` writes it.
pub(super) fn json(value: &Json) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Json, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(n) => match n.as_f64().filter(|_| n.is_f64()) {
            Some(real) => out.push_str(&float(real)),
            None => out.push_str(&n.to_string()),
        },
        Json::String(text) => out.push_str(&json_text(text)),
        Json::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write(item, out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (i, (key, value)) in members.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                out.push_str(&json_text(key));
                out.push_str(": ");
                write(value, out);
            }
            out.push('}');
        }
    }
}

/// Python's `repr` of a float: the shortest digits, an exponent below 1e-4 and from 1e16 on.
fn float(real: f64) -> String {
    let shortest = format!("{real:e}");
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{real}");
        return if plain.contains('.') {
            plain
        } else {
            format!("{plain}.0")
        };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_written_as_python_writes_them() {
        for (real, python) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.5, "1.5"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.25e-5, "1.25e-05"),
            (0.0001, "0.0001"),
            (1e300, "1e+300"),
        ] {
            assert_eq!(float(real), python);
        }
        assert_eq!(text(&json!([1, "ä", null])), r#"[1, "\u00e4", null]"#);
        assert_eq!(text(&json!(true)), "True");
        assert_eq!(repr(&json!("it's")), r#""it's""#);
    }
}
