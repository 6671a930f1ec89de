use super::*;
use crate::value::time::{HOUR, UNIX_EPOCH};
use std::sync::Arc;

fn render(kind: &str, properties: &[(&str, &str)]) -> Render {
    let properties = properties.iter();
    Render {
        kind: kind.to_owned(),
        properties: properties
            .map(|(name, value)| {
                let values = value.split(',').map(str::to_owned).collect();
                ((*name).to_owned(), values)
            })
            .collect(),
    }
}

fn text(text: &str) -> Value {
    Value::String(Arc::from(text))
}

fn hour(hours: i64) -> Value {
    Value::DateTime(UNIX_EPOCH + hours * HOUR)
}

fn chart(
    render: &Render,
    columns: &[(&str, Type)],
    rows: &[Vec<Value>],
) -> Option<Result<Chart, String>> {
    let columns: Vec<_> = columns.iter().map(|(n, t)| ((*n).to_owned(), *t)).collect();
    let rows: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
    prepare(render, &columns, &rows)
}

fn points(series: &Series) -> Vec<(f64, f64)> {
    series.points.iter().map(|p| (p.x, p.y)).collect()
}

const BY_HOUR: [(&str, Type); 3] = [
    ("Who", Type::String),
    ("TimeGenerated", Type::DateTime),
    ("count_", Type::Long),
];

fn by_hour() -> Vec<Vec<Value>> {
    vec![
        vec![text("b"), hour(2), Value::Long(5)],
        vec![text("a"), hour(1), Value::Long(3)],
        vec![text("b"), hour(1), Value::Long(1)],
        vec![text("b"), hour(3), Value::Null],
    ]
}

#[test]
fn a_timechart_splits_by_text_and_goes_along_the_time() {
    let made = chart(
        &render("timechart", &[("title", "Calls")]),
        &BY_HOUR,
        &by_hour(),
    );
    let made = made.unwrap().unwrap();
    assert_eq!(
        (made.kind, made.axis, made.title.as_str()),
        (Kind::Line, Axis::Time, "Calls")
    );
    assert_eq!(
        (made.x_name.as_str(), made.y_name.as_str()),
        ("TimeGenerated", "count_")
    );
    let names: Vec<&str> = made.series.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
    // Sorted by time; the null is a gap.
    assert_eq!(points(&made.series[0]), [(3600.0, 1.0), (7200.0, 5.0)]);
}

#[test]
fn the_arrays_of_make_series_are_unfolded() {
    let columns = [("TimeGenerated", Type::Dynamic), ("n", Type::Dynamic)];
    let times = serde_json::json!([
        "1970-01-01T01:00:00.0000000Z",
        "1970-01-01T02:00:00.0000000Z"
    ]);
    let counts = serde_json::json!([4, null]);
    let rows = vec![vec![
        Value::Dynamic(Arc::new(times)),
        Value::Dynamic(Arc::new(counts)),
    ]];
    let made = chart(&render("timechart", &[]), &columns, &rows)
        .unwrap()
        .unwrap();
    assert_eq!(points(&made.series[0]), [(3600.0, 4.0)]);
}

#[test]
fn columns_add_up_what_lies_at_one_place_and_stack() {
    let columns = [
        ("Model", Type::String),
        ("Who", Type::String),
        ("n", Type::Long),
    ];
    let row = |model: &str, who: &str, n| vec![text(model), text(who), Value::Long(n)];
    let rows = vec![
        row("x", "a", 1),
        row("y", "a", 2),
        row("x", "b", 3),
        row("x", "a", 4),
    ];
    let stacked = render("columnchart", &[("kind", "stacked")]);
    let made = chart(&stacked, &columns, &rows).unwrap().unwrap();
    assert_eq!(
        made.axis,
        Axis::Categories(vec!["x".to_owned(), "y".to_owned()])
    );
    assert_eq!(points(&made.series[0]), [(0.0, 5.0), (1.0, 2.0)]);
    let second: Vec<_> = made.series[1]
        .points
        .iter()
        .map(|p| (p.base, p.y))
        .collect();
    assert_eq!(second, [(5.0, 3.0), (2.0, 0.0)]);
    assert_eq!(
        made.notes,
        ["Rows of the same place and series are added up"]
    );
    let percent = render("columnchart", &[("kind", "stacked100")]);
    let made = chart(&percent, &columns, &rows).unwrap().unwrap();
    assert_eq!(points(&made.series[0]), [(0.0, 62.5), (1.0, 100.0)]);
}

#[test]
fn a_pie_is_sorted_and_has_no_negative_share() {
    let columns = [("n", Type::Long), ("Model", Type::String)];
    let rows = vec![
        vec![Value::Long(1), text("small")],
        vec![Value::Long(9), text("")],
    ];
    let made = chart(&render("piechart", &[]), &columns, &rows)
        .unwrap()
        .unwrap();
    assert_eq!(made.kind, Kind::Shares);
    assert_eq!(
        made.axis,
        Axis::Categories(vec!["(empty)".to_owned(), "small".to_owned()])
    );
    assert_eq!(points(&made.series[0]), [(0.0, 9.0), (1.0, 1.0)]);
    let rows = vec![vec![Value::Long(-1), text("small")]];
    let made = chart(&render("piechart", &[]), &columns, &rows).unwrap();
    assert!(made.unwrap_err().contains("below 0"));
}

#[test]
fn bars_of_numbers_stand_in_the_order_of_the_numbers() {
    let columns = [("score", Type::Long), ("n", Type::Long)];
    let row = |score, n| vec![Value::Long(score), Value::Long(n)];
    let rows = vec![row(10, 1), row(2, 7)];
    let made = chart(&render("barchart", &[]), &columns, &rows)
        .unwrap()
        .unwrap();
    assert_eq!(
        made.axis,
        Axis::Categories(vec!["2".to_owned(), "10".to_owned()])
    );
    assert_eq!(points(&made.series[0]), [(0.0, 7.0), (1.0, 1.0)]);
}

#[test]
fn what_the_query_names_is_taken_and_missed() {
    let columns = [("a", Type::Long), ("b", Type::Long), ("c", Type::Long)];
    let rows = vec![vec![Value::Long(1), Value::Long(2), Value::Long(3)]];
    let named = [
        ("xcolumn", "c"),
        ("ycolumns", "b"),
        ("ytitle", "Bees"),
        ("ymin", "-2"),
    ];
    let made = chart(&render("linechart", &named), &columns, &rows)
        .unwrap()
        .unwrap();
    assert_eq!(points(&made.series[0]), [(3.0, 2.0)]);
    assert_eq!(
        (made.y_name.as_str(), made.limits),
        ("Bees", (Some(-2.0), None))
    );
    let wrong = chart(&render("linechart", &[("xcolumn", "d")]), &columns, &rows).unwrap();
    assert!(wrong.unwrap_err().contains("no column d"));
}

#[test]
fn what_cannot_be_drawn_says_so() {
    assert!(chart(&render("table", &[]), &BY_HOUR, &by_hour()).is_none());
    let unknown = chart(&render("treemap", &[]), &BY_HOUR, &by_hour()).unwrap();
    assert!(unknown.unwrap_err().contains("treemap"));
    let columns = [("Who", Type::String), ("n", Type::Long)];
    let rows = vec![vec![text("a"), Value::Long(1)]];
    let made = chart(&render("timechart", &[]), &columns, &rows).unwrap();
    assert!(made.unwrap_err().contains("datetime"));
    let only = chart(
        &render("columnchart", &[]),
        &columns[..1],
        &[vec![text("a")]],
    )
    .unwrap();
    assert!(only.unwrap_err().contains("numeric column"));
}
