use super::*;
use crate::value::path::{Step, shown};
use crate::value::{ColumnBuilder, Value};

fn made(ty: Type, values: &[Value], plain: bool) -> Column {
    let mut builder = match plain {
        true => ColumnBuilder::plain(ty),
        false => ColumnBuilder::new(ty),
    };
    values.iter().for_each(|v| builder.push(v));
    builder.finish()
}

fn look(column: &Column, limits: Limits) -> ColumnProfile {
    super::column(column, limits, &CancelToken::new()).expect("nobody cancels")
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

#[test]
fn texts_are_counted_alike_in_both_layouts() {
    let values = ["a", "b", "", "a", "c", "a", "b"].map(text);
    for plain in [true, false] {
        let found = look(&made(Type::String, &values, plain), Limits::default()).values;
        assert_eq!((found.rows, found.filled, found.distinct), (7, 6, 3));
        assert_eq!(found.top, [(text("a"), 3), (text("b"), 2), (text("c"), 1)]);
        assert!((found.fill() - 6.0 / 7.0).abs() < 1e-9);
    }
}

#[test]
fn nulls_fill_nothing_and_zeros_are_one() {
    let values = [
        Value::Real(0.0),
        Value::Null,
        Value::Real(-0.0),
        Value::Real(f64::NAN),
    ];
    let found = look(&made(Type::Real, &values, false), Limits::default()).values;
    assert_eq!((found.rows, found.filled, found.distinct), (4, 3, 2));
    assert_eq!(found.top[0], (Value::Real(0.0), 2));
}

#[test]
fn beyond_the_limit_the_count_says_so() {
    let values: Vec<Value> = (0..10).map(|n| Value::Long(n % 5)).collect();
    let limits = Limits {
        distinct: 3,
        ..Limits::default()
    };
    let found = look(&made(Type::Long, &values, false), limits).values;
    // 0, 1, 2 are told apart, each twice; 3 and 4 came twice each.
    assert_eq!((found.distinct, found.beyond, found.counted), (3, 4, 10));
}

fn dynamic(texts: &[&str]) -> Column {
    let mut builder = ColumnBuilder::new(Type::Dynamic);
    for text in texts {
        match *text {
            "" => builder.push_null(),
            text => builder.push_text(text),
        }
    }
    builder.finish()
}

#[test]
fn paths_have_kinds_fill_and_values() {
    let column = dynamic(&[
        r#"{"role":"owner","tags":["x","y","x"],"n":1}"#,
        r#"{"role":"reader","tags":[],"n":1.5,"deep":{"a b":true}}"#,
        "",
        r#"{"role":null,"n":"one"}"#,
    ]);
    let found = look(&column, Limits::default());
    assert_eq!((found.values.rows, found.values.filled), (4, 3));
    let names: Vec<String> = found.paths.iter().map(|p| shown("D", &p.steps)).collect();
    assert_eq!(
        names,
        [
            "D.role",
            "D.tags",
            "D.tags[]",
            "D.n",
            "D.deep",
            "D.deep['a b']"
        ]
    );
    let of = |name: &str| {
        let at = names.iter().position(|n| n == name).expect(name);
        &found.paths[at]
    };
    // The null role fills nothing.
    assert_eq!(
        (of("D.role").values.rows, of("D.role").values.filled),
        (4, 2)
    );
    assert_eq!(of("D.tags").kinds, [(Kind::Array, 2)]);
    let tags = &of("D.tags[]").values;
    assert_eq!((tags.filled, tags.counted, tags.distinct), (1, 3, 2));
    assert_eq!(tags.top[0].0.display(), "\"x\"");
    assert_eq!(tags.top[0].1, 2);
    let kinds = [(Kind::String, 1), (Kind::Long, 1), (Kind::Real, 1)];
    assert_eq!(of("D.n").kinds, kinds);
    assert!(!found.cut);
}

#[test]
fn hostile_values_stay_within_the_limits() {
    let many: String = (0..1000).map(|n| format!("\"k{n}\":1,")).collect();
    let many = format!("{{{}}}", many.trim_end_matches(','));
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let too_deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let limits = Limits::default();
    let found = look(&dynamic(&[&many]), limits);
    assert!(found.cut && found.paths.len() == limits.paths);
    let found = look(&dynamic(&[&deep]), limits);
    assert!(found.cut && found.paths.len() == limits.depth);
    // Deeper than JSON is read: a text, as everywhere in the engine.
    let found = look(&dynamic(&[&too_deep]), limits);
    assert!(found.paths.is_empty() && found.values.filled == 1);
    assert!(found.paths.iter().all(|p| p.steps != [Step::Each]));
}
