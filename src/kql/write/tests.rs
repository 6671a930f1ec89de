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
