//! What a case expects, and whether it came out.

use crate::sentinel::fields::Fields;
use crate::sentinel::json::{key_text, to_json};
use crate::sentinel::parse_duration;
use crate::value::{Value, time};
use crate::yaml::{Step, untagged};
use serde_json::Value as Json;
use serde_yaml::Value as Yaml;

/// What has to come out of a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expectation {
    /// Some columns of a result row and their values, for each row. Rows may come in any order.
    pub rows: Vec<Vec<(String, Json)>>,
    /// How many rows in all; none for "at least one" (`match: any`).
    pub count: Option<usize>,
    /// Entity type and some identifiers with values: each has to be named by at least one row.
    pub entities: Vec<(String, Vec<(String, String)>)>,
}

/// What came out of a case, as far as an expectation looks at it.
#[derive(Clone, Debug, Default)]
pub struct Found<'a> {
    /// Column names.
    pub columns: Vec<&'a str>,
    /// Result rows, in the order of the columns.
    pub rows: Vec<&'a [Value]>,
    /// Entity type and identifiers with values, of all rows.
    pub entities: Vec<(&'a str, &'a [(String, String)])>,
}

pub(super) fn read(fields: &mut Fields<'_>, path: &[Step]) -> Option<Expectation> {
    let at = |key: &str| -> Vec<Step> {
        let mut path = path.to_vec();
        path.push(key.into());
        path
    };
    if fields.value(path).is_none() {
        fields.missing(
            path,
            "say what comes out: `rows`, `count`, `entities`, or `match: none`",
        );
        return None;
    }
    fields.only(path, &["match", "rows", "count", "entities"]);
    let mut expect = Expectation {
        rows: rows(fields, &at("rows")),
        entities: entities(fields, &at("entities")),
        ..Expectation::default()
    };
    let listed = fields.value(&at("rows")).is_some();
    let count = fields.whole(&at("count"));
    expect.count = match count {
        Some(n) => match usize::try_from(n) {
            Ok(n) if n >= expect.rows.len() => Some(n),
            _ => {
                let span = fields.span(&at("count"));
                fields.error(
                    "count",
                    span,
                    format!(
                        "`count: {n}` is less than the {} rows listed",
                        expect.rows.len()
                    ),
                    "`count` is the number of all result rows",
                );
                return None;
            }
        },
        None => listed.then_some(expect.rows.len()),
    };
    match fields.choice(&at("match"), &["none", "any"]).as_deref() {
        Some("none") => {
            if listed || count.is_some() || !expect.entities.is_empty() {
                let span = fields.span(&at("match"));
                fields.error(
                    "match",
                    span,
                    "`match: none` stands alone",
                    "remove `rows`, `count` and `entities`, or this line",
                );
            }
            expect.count = Some(0);
        }
        Some(_) => {}
        None if expect.count.is_none() && expect.entities.is_empty() => {
            let span = fields.span(path);
            fields.error(
                "expect",
                span,
                "nothing is expected here",
                "say what comes out: `rows`, `count`, `entities`, `match: none` or `match: any`",
            );
        }
        None => {}
    }
    Some(expect)
}

fn rows(fields: &mut Fields<'_>, path: &[Step]) -> Vec<Vec<(String, Json)>> {
    let Some(items) = fields.list(path) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match untagged(item) {
            Yaml::Mapping(row) => rows.push(
                row.iter()
                    .map(|(column, value)| (key_text(column), to_json(value)))
                    .collect(),
            ),
            _ => {
                let mut at = path.to_vec();
                at.push(index.into());
                let span = fields.span(&at);
                fields.error(
                    "row",
                    span,
                    "a row is a mapping of columns to values",
                    "write it like `{ActorEmail: maya@larkspur.example}`",
                );
            }
        }
    }
    rows
}

fn entities(fields: &mut Fields<'_>, path: &[Step]) -> Vec<(String, Vec<(String, String)>)> {
    let Some(items) = fields.list(path) else {
        return Vec::new();
    };
    let mut entities = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let one = match untagged(item) {
            Yaml::Mapping(mapping) if mapping.len() == 1 => mapping.iter().next(),
            _ => None,
        };
        match one.map(|(kind, identifiers)| (key_text(kind), untagged(identifiers))) {
            Some((kind, Yaml::Mapping(identifiers))) => entities.push((
                kind,
                identifiers
                    .iter()
                    .map(|(name, value)| (key_text(name), key_text(value)))
                    .collect(),
            )),
            _ => {
                let mut at = path.to_vec();
                at.push(index.into());
                let span = fields.span(&at);
                fields.error(
                    "entity",
                    span,
                    "an entity is a type with its identifiers",
                    "write it like `Account: {Name: maya@larkspur.example}`",
                );
            }
        }
    }
    entities
}

impl Expectation {
    /// The expectation in words.
    pub fn words(&self) -> String {
        let mut words = match self.count {
            Some(0) => "no match".to_owned(),
            Some(1) => "1 row".to_owned(),
            Some(n) => format!("{n} rows"),
            None => "at least 1 row".to_owned(),
        };
        for (i, row) in self.rows.iter().enumerate() {
            words.push_str(if i == 0 { " with " } else { "; and " });
            words.push_str(&row_words(row));
        }
        for (kind, identifiers) in &self.entities {
            words.push_str(&format!(", {}", entity_words(kind, identifiers)));
        }
        words
    }

    /// Whether it came out.
    ///
    /// # Errors
    /// What did not, in one sentence.
    pub fn check(&self, found: &Found<'_>) -> Result<(), String> {
        for row in &self.rows {
            for (column, _) in row {
                if !found.columns.contains(&column.as_str()) && !found.columns.is_empty() {
                    let columns = found.columns.join(", ");
                    return Err(format!(
                        "the result has no column `{column}`; it has {columns}"
                    ));
                }
            }
        }
        match self.count {
            Some(count) if count != found.rows.len() => {
                return Err(format!(
                    "expected {}, found {}",
                    number(count),
                    number(found.rows.len())
                ));
            }
            None if found.rows.is_empty() => {
                return Err("expected at least 1 row, found no row".to_owned());
            }
            _ => {}
        }
        if let Some(missing) = self.unmatched(found) {
            return Err(format!("no result row has {}", row_words(missing)));
        }
        for (kind, identifiers) in &self.entities {
            let named = found
                .entities
                .iter()
                .any(|(k, ids)| k == kind && identifiers.iter().all(|wanted| ids.contains(wanted)));
            if !named {
                return Err(format!("no row names {}", entity_words(kind, identifiers)));
            }
        }
        Ok(())
    }

    /// An expected row for which no result row is left when every result row may stand for one expected row only.
    fn unmatched(&self, found: &Found<'_>) -> Option<&[(String, Json)]> {
        let fits: Vec<Vec<usize>> = self
            .rows
            .iter()
            .map(|row| {
                (0..found.rows.len())
                    .filter(|&r| {
                        found
                            .rows
                            .get(r)
                            .is_some_and(|r| row_fits(row, &found.columns, r))
                    })
                    .collect()
            })
            .collect();
        // Augmenting paths: which expected row a result row stands for at the moment.
        let mut taken: Vec<Option<usize>> = vec![None; found.rows.len()];
        for start in 0..fits.len() {
            let mut from: Vec<Option<(usize, Option<usize>)>> = vec![None; found.rows.len()];
            let mut queue = vec![(start, None)];
            let mut free = None;
            while let Some((expected, via)) = queue.pop() {
                for &result in fits.get(expected).into_iter().flatten() {
                    let Some(seen) = from.get_mut(result) else {
                        continue;
                    };
                    if seen.is_some() {
                        continue;
                    }
                    *seen = Some((expected, via));
                    match taken.get(result).copied().flatten() {
                        Some(other) => queue.push((other, Some(result))),
                        None => {
                            free = Some(result);
                            queue.clear();
                            break;
                        }
                    }
                }
            }
            let Some(mut result) = free else {
                return self.rows.get(start).map(Vec::as_slice);
            };
            while let Some(Some((expected, via))) = from.get(result).copied() {
                if let Some(slot) = taken.get_mut(result) {
                    *slot = Some(expected);
                }
                match via {
                    Some(before) => result = before,
                    None => break,
                }
            }
        }
        None
    }
}

fn row_fits(row: &[(String, Json)], columns: &[&str], values: &[Value]) -> bool {
    row.iter().all(|(column, expected)| {
        columns
            .iter()
            .position(|c| c == column)
            .and_then(|at| values.get(at))
            .is_some_and(|actual| value_matches(expected, actual))
    })
}

/// Whether a value is the one a case file writes: datetimes and timespans in any of their spellings, numbers by their
/// value, `null` for null and for the empty text, dynamic values as they are.
pub fn value_matches(expected: &Json, actual: &Value) -> bool {
    match (expected, actual) {
        (Json::Null, Value::Null) => true,
        (Json::Null, Value::String(s)) => s.is_empty(),
        (Json::String(text), Value::DateTime(ticks)) => time::parse_datetime(text) == Some(*ticks),
        (Json::String(text), Value::TimeSpan(ticks)) => {
            *text == time::format_timespan(*ticks)
                || parse_duration(text).is_some_and(|t| t == *ticks)
        }
        (Json::String(text), Value::Guid(guid)) => text.eq_ignore_ascii_case(guid),
        (Json::Number(n), Value::Real(r)) => n.as_f64() == Some(*r),
        (Json::Number(n), Value::Decimal(d)) => n.as_f64() == d.parse().ok(),
        (Json::Number(n), Value::Int(_) | Value::Long(_)) => {
            let actual = match actual {
                Value::Int(i) => i64::from(*i),
                Value::Long(i) => *i,
                _ => return false,
            };
            match n.as_i64() {
                Some(i) => i == actual,
                None => n.as_f64() == Some(actual as f64),
            }
        }
        (_, Value::Dynamic(json)) => same_json(expected, json),
        _ => *expected == actual.to_json(),
    }
}

/// JSON equality in which `1` and `1.0` are the same number.
fn same_json(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(x), Json::Number(y)) => x == y || x.as_f64() == y.as_f64(),
        (Json::Array(x), Json::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same_json(x, y))
        }
        (Json::Object(x), Json::Object(y)) => {
            x.len() == y.len()
                && x.iter()
                    .all(|(k, x)| y.get(k).is_some_and(|y| same_json(x, y)))
        }
        _ => a == b,
    }
}

fn number(rows: usize) -> String {
    match rows {
        0 => "no row".to_owned(),
        1 => "1 row".to_owned(),
        n => format!("{n} rows"),
    }
}

fn row_words(row: &[(String, Json)]) -> String {
    let parts: Vec<String> = row.iter().map(|(c, v)| format!("{c} = {v}")).collect();
    parts.join(", ")
}

fn entity_words(kind: &str, identifiers: &[(String, String)]) -> String {
    let parts: Vec<String> = identifiers
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    format!("{kind} ({})", parts.join(", "))
}
