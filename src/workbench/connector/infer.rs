//! What records hold: members with their types, what tells them from others, which is their time.

use super::draft::{ColumnDraft, Draft, Says, TestDraft};
use crate::value::{Type, time};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashSet};

/// Members that are looked at.
const MOST_MEMBERS: usize = 400;
/// Levels of objects whose members are offered.
const DEEPEST: usize = 3;
/// Values that are shown of a member.
const SAMPLES: usize = 5;

/// What was seen of a member.
#[derive(Default)]
struct Seen {
    present: usize,
    null: usize,
    text: usize,
    whole: usize,
    real: usize,
    bool: usize,
    list: usize,
    object: usize,
    /// Texts and numbers that are instants.
    instants: usize,
    /// Texts that are numbers or truth values, where texts are all there is.
    as_whole: usize,
    as_real: usize,
    as_bool: usize,
    texts: BTreeMap<String, usize>,
    samples: Vec<String>,
}

/// What a form for these records begins with. `name` is the file's; `loose` says that all values are texts, as in CSV.
pub fn draft(records: &[Json], name: &str, loose: bool) -> Draft {
    let mut order: Vec<Vec<String>> = Vec::new();
    let mut seen: BTreeMap<Vec<String>, Seen> = BTreeMap::new();
    for record in records {
        if let Json::Object(members) = record {
            look(members, &mut Vec::new(), &mut order, &mut seen);
        }
    }
    let order = in_order(order);
    let mut columns = Vec::new();
    let mut taken = HashSet::new();
    for path in &order {
        let Some(found) = seen.get(path) else {
            continue;
        };
        let mut column = pascal(path);
        while !taken.insert(column.clone()) {
            column.push('_');
        }
        columns.push(ColumnDraft {
            include: path.len() == 1,
            name: column,
            ty: found.ty(path, loose),
            samples: found.samples.clone(),
            filled: found.present - found.null,
            path: path.clone(),
        });
    }
    let time = best_time(&columns, records.len());
    let tests = tests(&order, &seen, records.len());
    let (id, table) = names(name);
    Draft {
        title: format!("Events of {name}"),
        id,
        table,
        tests,
        columns,
        time,
        records: records.len(),
        ..Draft::default()
    }
}

fn look(
    members: &serde_json::Map<String, Json>,
    path: &mut Vec<String>,
    order: &mut Vec<Vec<String>>,
    seen: &mut BTreeMap<Vec<String>, Seen>,
) {
    for (key, value) in members {
        path.push(key.clone());
        if !seen.contains_key(path) {
            if order.len() >= MOST_MEMBERS {
                path.pop();
                continue;
            }
            order.push(path.clone());
        }
        seen.entry(path.clone()).or_default().add(value);
        if let Json::Object(inner) = value
            && path.len() < DEEPEST
        {
            look(inner, path, order, seen);
        }
        path.pop();
    }
}

/// Members of members stand behind what they are in, whichever record they came from.
fn in_order(order: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let place: BTreeMap<Vec<String>, usize> = order.iter().cloned().zip(0..).collect();
    let mut keyed: Vec<(Vec<usize>, Vec<String>)> = order
        .into_iter()
        .map(|path| {
            let fronts = (1..=path.len()).filter_map(|n| path.get(..n));
            let key = fronts.filter_map(|front| place.get(front).copied());
            (key.collect(), path)
        })
        .collect();
    keyed.sort();
    keyed.into_iter().map(|(_, path)| path).collect()
}

impl Seen {
    fn add(&mut self, value: &Json) {
        self.present += 1;
        match value {
            Json::Null => self.null += 1,
            Json::Bool(_) => self.bool += 1,
            Json::Number(number) if number.is_f64() => self.real += 1,
            Json::Number(number) => {
                self.whole += 1;
                self.instants += usize::from(number.as_i64().is_some_and(is_unix));
            }
            Json::String(text) => {
                self.text += 1;
                self.instants += usize::from(is_iso(text));
                let zeros = text.len() > 1 && text.trim_start_matches('-').starts_with('0');
                self.as_whole += usize::from(!zeros && text.parse::<i64>().is_ok());
                let number = text.parse::<f64>().is_ok_and(f64::is_finite);
                let decimal = text.starts_with("0.") || text.starts_with("-0.");
                self.as_real += usize::from(number && (!zeros || decimal));
                self.as_bool +=
                    usize::from(matches!(text.as_str(), "true" | "false" | "True" | "False"));
                if text.len() <= 80 && self.texts.len() < 20 {
                    *self.texts.entry(text.clone()).or_default() += 1;
                }
            }
            Json::Array(_) => self.list += 1,
            Json::Object(_) => self.object += 1,
        }
        if self.samples.len() < SAMPLES && !value.is_null() {
            let text = match value {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            let short: String = text.chars().take(120).collect();
            if !short.is_empty() && !self.samples.contains(&short) {
                self.samples.push(short);
            }
        }
    }

    /// The type that holds all of its values.
    fn ty(&self, path: &[String], loose: bool) -> Type {
        let all = self.present - self.null;
        let name = path.last().map_or("", String::as_str);
        if all == 0 {
            return Type::String;
        }
        if self.text == all {
            let empty = self.texts.get("").copied().unwrap_or(0);
            let filled = all - empty;
            return match () {
                () if filled == 0 => Type::String,
                () if self.instants == filled => Type::DateTime,
                () if loose && self.as_whole == filled => Type::Long,
                () if loose && self.as_real == filled => Type::Real,
                () if loose && self.as_bool == filled => Type::Bool,
                () => Type::String,
            };
        }
        match () {
            () if self.bool == all => Type::Bool,
            () if self.whole == all && self.instants == all && sounds_like_time(name) => {
                Type::DateTime
            }
            () if self.whole == all => Type::Long,
            () if self.whole + self.real == all => Type::Real,
            () => Type::Dynamic,
        }
    }

    /// What all of its values are.
    fn kind(&self) -> Option<&'static str> {
        [
            (self.text, "text"),
            (self.whole + self.real, "number"),
            (self.bool, "bool"),
            (self.list, "list"),
            (self.object, "object"),
        ]
        .into_iter()
        .find(|(count, _)| *count == self.present && *count > 0)
        .map(|(_, kind)| kind)
    }
}

/// The tests that hold for all records: what the first members are, and texts that are always the same.
fn tests(
    order: &[Vec<String>],
    seen: &BTreeMap<Vec<String>, Seen>,
    records: usize,
) -> Vec<TestDraft> {
    /// Tests of what a member is that are used at first.
    const USED: usize = 4;
    let mut tests = Vec::new();
    let always = order.iter().filter(|path| path.len() == 1);
    let always = always.filter_map(|path| Some((path.first()?, seen.get(path)?)));
    let always: Vec<_> = always.filter(|(_, s)| s.present == records).collect();
    for (member, found) in &always {
        let one = match found.texts.iter().next() {
            Some((text, count)) if *count == records && !text.is_empty() => text,
            _ => continue,
        };
        tests.push(TestDraft {
            include: names_a_kind(member) && records > 1,
            member: (*member).clone(),
            says: Says::Equals(vec![one.clone()]),
        });
    }
    let mut used = 0;
    for (member, found) in always {
        if tests.iter().any(|t| t.member == *member && t.include) {
            continue;
        }
        let kind = found.kind().unwrap_or("present");
        used += 1;
        tests.push(TestDraft {
            include: used <= USED,
            member: member.clone(),
            says: Says::Is(kind),
        });
    }
    tests.truncate(40);
    tests
}

/// Whether a member says what a record is, so that its text tells it from others.
fn names_a_kind(member: &str) -> bool {
    let name = member.to_ascii_lowercase();
    let kinds = [
        "object",
        "kind",
        "schema",
        "logtype",
        "log_type",
        "category",
        "recordtype",
        "sourcetype",
        "dataset",
        "vendor",
        "product",
    ];
    kinds
        .iter()
        .any(|kind| name == *kind || name.ends_with(&format!("_{kind}")))
}

fn sounds_like_time(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = [
        "time",
        "date",
        "timestamp",
        "_at",
        "_ts",
        "created",
        "updated",
        "when",
    ];
    name == "ts"
        || name == "at"
        || ends.iter().any(|end| name.ends_with(end))
        || name.contains("timestamp")
}

/// The column that is most likely the event's time.
fn best_time(columns: &[ColumnDraft], records: usize) -> Option<usize> {
    let score = |column: &ColumnDraft| {
        let name = column
            .path
            .last()
            .map_or("", String::as_str)
            .to_ascii_lowercase();
        let usual = [
            "timegenerated",
            "eventtime",
            "@timestamp",
            "timestamp",
            "event_time",
            "time",
            "createddatetime",
            "effective_at",
            "created_at",
            "datetime",
            "ts",
        ];
        let likely = usual.iter().position(|u| *u == name);
        let always = column.filled == records;
        (
            always,
            likely.is_some(),
            usize::MAX - column.path.len(),
            usual.len() - likely.unwrap_or(usual.len()),
            sounds_like_time(&name),
        )
    };
    let times = columns
        .iter()
        .enumerate()
        .filter(|(_, c)| c.ty == Type::DateTime);
    // The first of those that are equally likely.
    times.rev().max_by_key(|(_, c)| score(c)).map(|(at, _)| at)
}

fn is_iso(text: &str) -> bool {
    // A bare number is none, and neither is a day of a person's age.
    text.len() >= 10
        && text.as_bytes().get(4) == Some(&b'-')
        && time::parse_datetime(text).is_some()
}

/// Whether a number is an instant from 2015 to 2099 in seconds, milliseconds, microseconds or nanoseconds.
fn is_unix(number: i64) -> bool {
    const FROM: i64 = 1_420_070_400;
    const TO: i64 = 4_102_444_800;
    [1, 1_000, 1_000_000, 1_000_000_000]
        .iter()
        .any(|unit| (FROM * unit..TO.saturating_mul(*unit)).contains(&number))
}

/// `userIdentity.arn` → `UserIdentityArn`.
fn pascal(path: &[String]) -> String {
    let mut name = String::new();
    for part in path
        .iter()
        .flat_map(|p| p.split(|c: char| !c.is_ascii_alphanumeric()))
    {
        let mut letters = part.chars();
        if let Some(first) = letters.next() {
            name.push(first.to_ascii_uppercase());
            name.extend(letters);
        }
    }
    match name.chars().next() {
        None => "Column".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) => name,
    }
}

/// The names that a file's name gives: of the connector and of the table.
fn names(file: &str) -> (String, String) {
    let stem = file.split('.').next().unwrap_or("");
    let words: Vec<&str> = stem
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty() && !w.chars().all(|c| c.is_ascii_digit()))
        .collect();
    let id = words.join("-").to_ascii_lowercase();
    let table = pascal(&[words.join("_")]);
    match id.is_empty() {
        true => ("my-log".to_owned(), "MyLog_CL".to_owned()),
        false => (id, format!("{table}_CL")),
    }
}

#[cfg(test)]
mod tests_of {
    use super::*;
    use serde_json::json;

    fn records() -> Vec<Json> {
        (0..3)
            .map(|n| {
                json!({
                    "eventVersion": "1.08",
                    "eventTime": format!("2026-06-08T0{n}:00:00Z"),
                    "eventName": (["GetObject", "PutObject", "ListBuckets"][n]),
                    "userIdentity": {"type": "IAMUser", "arn": format!("arn:aws:iam::1:user/u{n}")},
                    "bytes": n * 100,
                    "ratio": 0.5 * n as f64,
                    "readOnly": n == 0,
                    "seen_at": 1_780_880_000 + n,
                    "mixed": if n == 0 { json!("x") } else { json!([1]) },
                })
            })
            .collect()
    }

    fn column<'d>(draft: &'d Draft, path: &str) -> &'d ColumnDraft {
        let mut columns = draft.columns.iter();
        columns.find(|c| c.path.join(".") == path).expect(path)
    }

    #[test]
    fn types_are_those_that_hold_all_values() {
        let draft = draft(&records(), "cloudtrail-2026.ndjson", false);
        for (path, ty) in [
            ("eventVersion", Type::String),
            ("eventTime", Type::DateTime),
            ("userIdentity", Type::Dynamic),
            ("userIdentity.arn", Type::String),
            ("bytes", Type::Long),
            ("ratio", Type::Real),
            ("readOnly", Type::Bool),
            ("seen_at", Type::DateTime),
            ("mixed", Type::Dynamic),
        ] {
            assert_eq!(column(&draft, path).ty, ty, "{path}");
        }
        assert_eq!(column(&draft, "userIdentity.arn").name, "UserIdentityArn");
        assert!(!column(&draft, "userIdentity.arn").include);
        let time = draft.time.map(|at| draft.columns[at].path.join("."));
        assert_eq!(time.as_deref(), Some("eventTime"));
        assert_eq!(
            (draft.id.as_str(), draft.table.as_str()),
            ("cloudtrail", "Cloudtrail_CL")
        );
        assert!(draft.wrong().is_empty(), "{:?}", draft.wrong());
        // A text that is always the same is offered; a version is not asked for.
        let version = draft.tests.iter().find(|t| t.member == "eventVersion");
        let version = version.expect("a test");
        assert_eq!(version.says, Says::Equals(vec!["1.08".to_owned()]));
        assert!(!version.include);
    }

    #[test]
    fn texts_of_csv_are_numbers_where_all_of_them_are() {
        let rows = [
            json!({"n": "12", "zip": "01234", "r": "0.5", "b": "true", "t": "2026-06-08 12:00:00", "e": ""}),
            json!({"n": "-3", "zip": "99999", "r": "7", "b": "false", "t": "", "e": ""}),
        ];
        let types = |loose| -> Vec<Type> {
            let draft = draft(&rows, "a.csv", loose);
            draft.columns.iter().map(|c| c.ty).collect()
        };
        use Type::{Bool, DateTime, Long, Real, String};
        // The code begins with a zero: as a number it would lose it.
        assert_eq!(types(true), [Long, String, Real, Bool, DateTime, String]);
        assert_eq!(
            types(false),
            [String, String, String, String, DateTime, String]
        );
    }
}
