//! Filtering, sorting and copying, without a window.

use super::copy::{self, Format};
use super::filter::{self, Needle};
use super::query::{Filter, Query, Test};
use super::select::{Selected, select};
use super::sort;
use super::source::Source;
use crate::task::{CancelToken, Progress};
use crate::value::path::Step;
use crate::value::time::{HOUR, SECOND, UNIX_EPOCH};
use crate::value::{Column, ColumnBuilder, Table, Type, Value};
use std::sync::Arc;

fn column(ty: Type, values: &[Value], plain: bool) -> Column {
    let mut builder = match plain {
        true => ColumnBuilder::plain(ty),
        false => ColumnBuilder::new(ty),
    };
    values.iter().for_each(|v| builder.push(v));
    builder.finish()
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

fn json(text: &str) -> Value {
    Value::Dynamic(Arc::new(serde_json::from_str(text).expect("JSON")))
}

fn key(name: &str) -> Step {
    Step::Key(name.to_owned())
}

fn on(path: Vec<Step>, test: Test) -> Filter {
    Filter {
        column: "A".to_owned(),
        path,
        test,
    }
}

/// The rows that a condition keeps.
fn kept(column: &Column, filter: &Filter) -> Vec<usize> {
    let keep = filter::keep(column, filter).into_iter().enumerate();
    keep.filter(|(_, k)| *k).map(|(row, _)| row).collect()
}

#[test]
fn texts_are_filtered_alike_in_both_layouts() {
    let values = ["a", "", "b", "A", "a"].map(text);
    for plain in [true, false] {
        let column = column(Type::String, &values, plain);
        let rows = |test| kept(&column, &on(Vec::new(), test));
        assert_eq!(rows(Test::Only(vec![text("a")])), [0, 4], "capitals count");
        assert_eq!(rows(Test::Only(vec![text("a"), text("b")])), [0, 2, 4]);
        assert_eq!(rows(Test::Without(vec![text("a")])), [1, 2, 3]);
        assert_eq!(rows(Test::Empty), [1]);
        assert_eq!(rows(Test::Filled), [0, 2, 3, 4]);
    }
}

#[test]
fn nulls_are_no_values() {
    let values = [Value::Long(0), Value::Null, Value::Long(7)];
    let column = column(Type::Long, &values, false);
    let rows = |test| kept(&column, &on(Vec::new(), test));
    assert_eq!(rows(Test::Only(vec![Value::Long(0)])), [0]);
    assert_eq!(rows(Test::Without(vec![Value::Long(0)])), [1, 2]);
    assert_eq!(rows(Test::Empty), [1]);
    // Nothing is inside a number.
    let inside = on(vec![key("x")], Test::Only(vec![Value::Long(0)]));
    assert!(kept(&column, &inside).is_empty());
}

#[test]
fn no_number_equals_itself_for_a_person() {
    let values = [Value::Real(f64::NAN), Value::Real(0.0), Value::Real(-0.0)];
    let column = column(Type::Real, &values, false);
    let rows = |value| kept(&column, &on(Vec::new(), Test::Only(vec![value])));
    assert_eq!(rows(Value::Real(f64::NAN)), [0]);
    assert_eq!(rows(Value::Real(0.0)), [1, 2]);
}

#[test]
fn paths_are_filtered_inside_dynamic_values() {
    let column = column(
        Type::Dynamic,
        &[
            json(r#"{"role":"owner","tags":["x","y"]}"#),
            json(r#"{"role":"reader","tags":[]}"#),
            Value::Null,
            json(r#"{"role":""}"#),
            json(r#"{"role":null,"tags":["y"]}"#),
        ],
        false,
    );
    let role = || vec![key("role")];
    let tags = || vec![key("tags"), Step::Each];
    let is = |value: &str| Test::Only(vec![json(value)]);
    assert_eq!(kept(&column, &on(role(), is("\"owner\""))), [0]);
    assert_eq!(
        kept(&column, &on(tags(), is("\"y\""))),
        [0, 4],
        "any element"
    );
    let without = Test::Without(vec![json("\"y\"")]);
    assert_eq!(kept(&column, &on(tags(), without)), [1, 2, 3]);
    assert_eq!(kept(&column, &on(role(), Test::Empty)), [2, 3, 4]);
    assert_eq!(kept(&column, &on(role(), Test::Filled)), [0, 1]);
    let null = Test::Only(vec![Value::Null]);
    assert_eq!(
        kept(&column, &on(role(), null)),
        [2, 4],
        "null or not there"
    );
    assert_eq!(kept(&column, &on(Vec::new(), Test::Empty)), [2]);
    // The whole value, however it is spelt.
    let whole = json(r#"{ "role" : "reader", "tags" : [] }"#);
    assert_eq!(kept(&column, &on(Vec::new(), Test::Only(vec![whole]))), [1]);
}

#[test]
fn conditions_on_one_place_are_joined() {
    let mut query = Query::default();
    query.add(on(Vec::new(), Test::Only(vec![text("a")])));
    query.add(on(Vec::new(), Test::Only(vec![text("b")])));
    query.add(on(Vec::new(), Test::Only(vec![text("b")])));
    query.add(on(vec![key("x")], Test::Only(vec![text("c")])));
    query.add(on(Vec::new(), Test::Filled));
    query.add(on(Vec::new(), Test::Filled));
    let words: Vec<String> = query.filters.iter().map(Filter::words).collect();
    assert_eq!(words, ["A is a or b", "A.x is c", "A is not empty"]);
}

#[test]
fn a_text_is_found_in_capitals_or_not() {
    let found = |needle: &str, hay: &str| Needle::new(needle).is_some_and(|n| n.is_in(hay));
    for (needle, hay, expected) in [
        ("login", "User LOGIN.failed", true),
        ("LOGIN.F", "User login.failed", true),
        ("d", "login.failed", true),
        ("failed!", "login.failed", false),
        ("ärger", "ÄRGER", true),
        ("straße", "STRASSE", false),
        ("é", "cafe", false),
        ("a", "", false),
        ("aab", "aaab", true),
    ] {
        assert_eq!(found(needle, hay), expected, "{needle} in {hay}");
    }
    assert!(Needle::new("").is_none());
    let times = column(
        Type::DateTime,
        &[Value::DateTime(UNIX_EPOCH), Value::Null],
        false,
    );
    for shown in ["1970-01-01 00:00", "1970-01-01T00:00:00.0000000Z"] {
        let needle = Needle::new(shown).expect("a text");
        assert_eq!(filter::holds_text(&times, &needle), [true, false]);
    }
}

/// The values of a column in the order of its own.
fn sorted(column: &Column, down: bool) -> Vec<String> {
    let rows = (0..column.len() as u32).collect();
    let rows = sort::order(column, rows, down).into_iter();
    rows.map(|row| column.value(row as usize).display())
        .collect()
}

#[test]
fn every_type_is_sorted_as_its_values_go() {
    let decimal = |t: &str| Value::Decimal(t.into());
    let cases: Vec<(Type, Vec<Value>, &[&str])> = vec![
        (
            Type::Long,
            vec![
                Value::Long(10),
                Value::Null,
                Value::Long(9),
                Value::Long(-1),
            ],
            &["", "-1", "9", "10"],
        ),
        (
            Type::Real,
            vec![
                Value::Real(f64::NAN),
                Value::Real(1.5),
                Value::Real(f64::NEG_INFINITY),
                Value::Real(-2.0),
                Value::Null,
            ],
            &["", "-Infinity", "-2.0", "1.5", "NaN"],
        ),
        (
            Type::Decimal,
            vec![
                decimal("10.5"),
                decimal("9.25"),
                decimal("-3"),
                decimal("9.3"),
            ],
            &["-3", "9.25", "9.3", "10.5"],
        ),
        (
            Type::Bool,
            vec![Value::Bool(true), Value::Null, Value::Bool(false)],
            &["", "false", "true"],
        ),
        (
            Type::TimeSpan,
            vec![
                Value::TimeSpan(SECOND),
                Value::TimeSpan(-SECOND),
                Value::TimeSpan(0),
            ],
            &["-00:00:01", "00:00:00", "00:00:01"],
        ),
        (
            Type::Dynamic,
            vec![
                json("[1]"),
                json("\"b\""),
                json("10"),
                json("9.5"),
                json("true"),
                Value::Null,
                json("9007199254740993"),
                json("9007199254740992"),
            ],
            &[
                "",
                "true",
                "9.5",
                "10",
                "9007199254740992",
                "9007199254740993",
                "\"b\"",
                "[1]",
            ],
        ),
    ];
    for (ty, values, expected) in cases {
        let column = column(ty, &values, false);
        assert_eq!(sorted(&column, false), expected, "{ty}");
        let mut backwards = expected.to_vec();
        backwards.reverse();
        assert_eq!(sorted(&column, true), backwards, "{ty}");
    }
    let values = ["b", "", "a", "B", "ä"].map(text);
    for plain in [true, false] {
        let column = column(Type::String, &values, plain);
        // As `sort by` does it: by code points.
        assert_eq!(sorted(&column, false), ["", "B", "a", "b", "ä"]);
    }
}

#[test]
fn equal_rows_keep_their_order_in_both_directions() {
    let values: Vec<Value> = (0..100).map(|n| Value::Long(n % 3)).collect();
    let column = column(Type::Long, &values, false);
    for down in [false, true] {
        let rows = sort::order(&column, (0..100).collect(), down);
        let mut groups = rows.chunk_by(|a, b| a % 3 == b % 3);
        assert!(groups.all(|g| g.is_sorted()), "down: {down}");
    }
}

/// Ten rows, an hour apart.
fn a_table() -> Source {
    let times: Vec<Value> = (0..10)
        .map(|n| Value::DateTime(UNIX_EPOCH + n * HOUR))
        .collect();
    let names = [
        "ann", "bob", "cy", "", "ann", "bob", "cy", "dee", "ann", "bob",
    ]
    .map(text);
    let sizes: Vec<Value> = (0..10).map(|n| Value::Long(100 - n)).collect();
    Source::Table(Arc::new(Table::new(vec![
        (
            "TimeGenerated".to_owned(),
            column(Type::DateTime, &times, false),
        ),
        ("A".to_owned(), column(Type::String, &names, false)),
        ("Size".to_owned(), column(Type::Long, &sizes, false)),
    ])))
}

fn asked(query: &Query) -> Selected {
    select(&a_table(), query, &CancelToken::new(), &Progress::new()).expect("an answer")
}

fn rows(selected: &Selected) -> Vec<usize> {
    (0..selected.len(10))
        .filter_map(|place| selected.row(place))
        .collect()
}

#[test]
fn a_question_is_answered_with_rows_in_order() {
    assert!(
        asked(&Query::default()).order.is_none(),
        "all in their own order"
    );
    let mut query = Query {
        sort: Some(("Size".to_owned(), false)),
        ..Query::default()
    };
    assert_eq!(rows(&asked(&query)), [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    query.add(on(Vec::new(), Test::Only(vec![text("ann"), text("bob")])));
    assert_eq!(rows(&asked(&query)), [9, 8, 5, 4, 1, 0]);
    query.range = Some((UNIX_EPOCH + HOUR, UNIX_EPOCH + 5 * HOUR));
    let found = asked(&query);
    assert_eq!(rows(&found), [5, 4, 1], "both ends are within");
    // The rows over time know the filter, and not the range.
    let histogram = found.histogram.clone().expect("there are times");
    assert_eq!(histogram.all.iter().sum::<u32>(), 10);
    assert_eq!(histogram.kept.iter().sum::<u32>(), 6);
    assert_eq!((found.place(4), found.row(1)), (Some(1), Some(4)));
}

#[test]
fn a_text_is_looked_for_in_the_named_columns() {
    let mut query = Query {
        text: " ANN ".to_owned(),
        within: vec!["A".to_owned()],
        ..Query::default()
    };
    assert_eq!(rows(&asked(&query)), [0, 4, 8]);
    query.within = vec!["Size".to_owned()];
    assert!(rows(&asked(&query)).is_empty());
    query.text = "9".to_owned();
    assert_eq!(
        rows(&asked(&query)),
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
        "100 has none"
    );
    query.within.push("Gone".to_owned());
    assert_eq!(rows(&asked(&query)).len(), 9);
}

#[test]
fn what_cannot_be_answered_says_why() {
    let mut query = Query {
        sort: Some(("Gone".to_owned(), false)),
        ..Query::default()
    };
    assert!(asked(&query).order.is_none(), "nothing is ordered by it");
    query.add(Filter {
        column: "Gone".to_owned(),
        path: Vec::new(),
        test: Test::Empty,
    });
    let nobody = CancelToken::new();
    let found = select(&a_table(), &query, &nobody, &Progress::new());
    assert!(found.is_err_and(|reason| reason.contains("Gone")));
    let cancelled = CancelToken::new();
    cancelled.cancel();
    assert!(select(&a_table(), &Query::default(), &cancelled, &Progress::new()).is_err());
}

#[test]
fn rows_are_copied_as_text() {
    let names = column(
        Type::String,
        &["plain", "", "a \"b\",\n\tc"].map(text),
        false,
    );
    let sizes = [Value::Long(1), Value::Null, Value::Long(3)];
    let sizes = column(Type::Long, &sizes, false);
    let columns = [("Name", &names), ("A,B", &sizes)];
    let copied = |format| copy::text(&columns, 3, format);
    assert_eq!(
        copied(Format::Csv),
        "Name,\"A,B\"\nplain,1\n\"\",\n\"a \"\"b\"\",\n\tc\",3\n"
    );
    assert_eq!(
        copied(Format::Tsv),
        "Name\tA,B\nplain\t1\n\"\"\t\n\"a \"\"b\"\",\n\tc\"\t3\n"
    );
    let json: serde_json::Value = serde_json::from_str(&copied(Format::Json)).expect("JSON");
    let expected = serde_json::json!([
        {"Name": "plain", "A,B": 1}, {"Name": "", "A,B": null}, {"Name": "a \"b\",\n\tc", "A,B": 3}
    ]);
    assert_eq!(json, expected);
}

#[test]
fn copied_rows_are_those_that_are_selected_in_the_order_that_is_shown() {
    let query = Query {
        sort: Some(("Size".to_owned(), false)),
        ..Query::default()
    };
    let question = copy::Question {
        source: a_table(),
        selected: Arc::new(asked(&query)),
        places: vec![0, 3, 9],
        columns: vec![("Size".to_owned(), 2), ("A".to_owned(), 1)],
        format: Format::Tsv,
    };
    let (text, rows, _) = copy::work(question, &CancelToken::new()).expect("a text");
    assert_eq!(
        (text.as_str(), rows),
        ("Size\tA\n91\tbob\n94\tcy\n100\tann\n", 3)
    );
}
