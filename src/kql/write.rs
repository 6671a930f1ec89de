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
mod tests {
    use super::*;
    use crate::kql::{self, Catalog, Options};
    use crate::value::{ColumnBuilder, Table};
    use std::sync::Arc;

    struct Nothing;

    impl Catalog for Nothing {
        fn table_names(&self) -> Vec<String> {
            Vec::new()
        }
        fn schema(&self, _: &str) -> Option<Vec<(String, Type)>> {
            None
        }
        fn table(&self, _: &str) -> Option<Arc<Table>> {
            None
        }
    }

    fn ran(query: &str) -> Table {
        match kql::run(query, &Nothing, &Options::at(0)) {
            Ok(output) => output.table,
            Err(found) => panic!("{found:?}\n{query}"),
        }
    }

    fn dynamic(text: &str) -> Value {
        Value::Dynamic(Arc::new(serde_json::from_str(text).expect("JSON")))
    }

    /// Every type, its null, its limits and what is hard to write.
    fn hard() -> Vec<(Type, Vec<Value>)> {
        let text = |t: &str| Value::String(t.into());
        let decimal = |t: &str| Value::Decimal(t.into());
        vec![
            (Type::Bool, vec![Value::Bool(true), Value::Bool(false)]),
            (
                Type::Int,
                [0, -1, i32::MAX, i32::MIN].map(Value::Int).to_vec(),
            ),
            (
                Type::Long,
                [0, -1, i64::MAX, i64::MIN, 1 << 53]
                    .map(Value::Long)
                    .to_vec(),
            ),
            (
                Type::Real,
                [
                    0.1,
                    -2.0,
                    1e300,
                    5e-324,
                    f64::INFINITY,
                    f64::NEG_INFINITY,
                    0.0,
                ]
                .map(Value::Real)
                .to_vec(),
            ),
            (
                Type::Decimal,
                vec![
                    decimal("1.10"),
                    decimal("-0.0001"),
                    decimal("12345678901234567890.5"),
                ],
            ),
            (
                Type::String,
                vec![
                    text(""),
                    text("plain"),
                    text("it's \"quoted\" \\ and /slashed/"),
                    text("two\nlines\r\nand\ta tab"),
                    text("bell \u{7}, nul \u{0}, delete \u{7f}, line \u{2028}, mark \u{feff}"),
                    text("ünïcödé 🦀 // no comment | where x"),
                    text("null"),
                    text("datetime(2024-01-01)"),
                ],
            ),
            (
                Type::DateTime,
                vec![
                    Value::DateTime(0),
                    Value::DateTime(time::MAX_DATETIME),
                    Value::DateTime(time::UNIX_EPOCH + 1),
                ],
            ),
            (
                Type::TimeSpan,
                [0, 1, -1, time::DAY * 400 + 7, -time::HOUR * 30, i64::MAX]
                    .map(Value::TimeSpan)
                    .to_vec(),
            ),
            (
                Type::Guid,
                vec![Value::Guid("74be27de-1e4e-49d9-b579-fe0b331d3642".into())],
            ),
            (
                Type::Dynamic,
                vec![
                    dynamic(r#"{"a":{"b c":[1,-2.5,null,true,"x\"y\n"]},"it's":{}}"#),
                    dynamic("[]"),
                    dynamic("{}"),
                    dynamic("\"a text\""),
                    dynamic("\"\""),
                    dynamic("9007199254740993"),
                    dynamic("-9223372036854775808"),
                    dynamic("1.0"),
                    dynamic("1e21"),
                    dynamic("false"),
                    dynamic(r#"[[["\u0000\ud83e\udd80"]]]"#),
                ],
            ),
        ]
    }

    #[test]
    fn a_datatable_gives_the_same_rows() {
        for (ty, mut values) in hard() {
            values.push(Value::Null);
            let mut builder = ColumnBuilder::new(ty);
            values.iter().for_each(|v| builder.push(v));
            let column = builder.finish();
            let odd = "odd 'name' \\ date";
            let columns = [("date", &column), (odd, &column), ("Plain_1", &column)];
            let query = datatable(&columns, column.len());
            let table = ran(&query);
            assert_eq!(table.names, ["date", odd, "Plain_1"]);
            assert_eq!(table.rows, values.len(), "{query}");
            for (row, value) in values.iter().enumerate() {
                // An absent text is an empty one.
                let expected = match (ty, value) {
                    (Type::String, Value::Null) => &Value::String("".into()),
                    (_, value) => value,
                };
                for found in &table.columns {
                    assert_eq!(found.ty, ty);
                    assert_eq!(&found.value(row), expected, "{query}");
                }
            }
        }
    }

    #[test]
    fn a_stage_finds_the_rows_with_its_value() {
        for (ty, mut values) in hard() {
            values.push(Value::Null);
            // What holds others is asked by what is inside.
            let holds = |v: &Value| matches!(v, Value::Dynamic(j) if j.is_object() || j.is_array());
            values.retain(|v| !holds(v));
            let mut builder = ColumnBuilder::new(ty);
            values.iter().for_each(|v| builder.push(v));
            let column = builder.finish();
            let table = datatable(&[("date", &column)], column.len());
            for row in 0..column.len() {
                let value = column.value(row);
                let query = format!("{table}\n| {}", stage("date", ty, &[], &value));
                let found = ran(&query);
                // An empty text is one in a dynamic value too, and reals may be equal to whole numbers.
                assert!(found.rows >= 1, "{query}");
                for at in 0..found.rows {
                    let same = found.columns[0].value(at);
                    let empty = |v: &Value| v.display().trim_matches('"').is_empty();
                    let both_empty = empty(&value) && empty(&same);
                    assert!(same == value || both_empty, "{query}: {same:?}");
                }
            }
        }
    }

    #[test]
    fn a_stage_reaches_into_objects_and_lists() {
        let bags = r#"dynamic({"a":[{"b":"x"},{"b":"y"}],"n":5}), dynamic({"a":[{"b":"z"}],"n":5.5}), dynamic(null)"#;
        let key = |k: &str| Step::Key(k.to_owned());
        let in_list = vec![key("a"), Step::Each, key("b")];
        for (steps, value, rows) in [
            (in_list.clone(), "\"y\"", 1),
            (in_list.clone(), "\"z\"", 1),
            (in_list, "\"none\"", 0),
            (vec![key("n")], "5", 1),
            (vec![key("n")], "5.5", 1),
        ] {
            let stage = stage("D", Type::Dynamic, &steps, &dynamic(value));
            let query = format!("datatable(D: dynamic)[{bags}] | {stage}");
            assert_eq!(ran(&query).rows, rows, "{query}");
        }
    }

    #[test]
    fn not_a_number_stays_what_it_is() {
        let table = ran(&format!(
            "print x = {}",
            literal(&Value::Real(f64::NAN), Type::Real)
        ));
        assert!(matches!(table.columns[0].value(0), Value::Real(v) if v.is_nan()));
    }

    #[test]
    fn no_rows_and_no_columns_are_a_query_too() {
        let column = ColumnBuilder::new(Type::Long).finish();
        assert_eq!(ran(&datatable(&[("n", &column)], 0)).rows, 0);
    }

    #[test]
    fn paths_are_read_as_they_are_written() {
        let key = |k: &str| Step::Key(k.to_owned());
        let cases = [
            (vec![key("role")], "D.role"),
            (vec![key("a b"), key("c")], "D['a b'].c"),
            (
                vec![key("items"), Step::Each, key("x-y")],
                "D.items[0]['x-y']",
            ),
            (vec![key("it's")], "D['it\\'s']"),
            (vec![key("where")], "D['where']"),
        ];
        let bag = r#"{"role":1,"a b":{"c":1},"items":[{"x-y":1}],"it's":1,"where":1}"#;
        for (steps, written) in cases {
            assert_eq!(path("D", &steps), written);
            let query =
                format!("datatable(D: dynamic)[dynamic({bag})] | project found = toint({written})");
            assert_eq!(ran(&query).columns[0].value(0), Value::Int(1), "{written}");
        }
    }
}
