//! Tests that hold for all samples and for little else.

use super::ProposedTest;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Tests in an alternative.
const TESTS: usize = 5;
/// Most alternatives.
const ALTERNATIVES: usize = 8;
/// Members whose text says what a record is.
const KINDS: [&str; 15] = [
    "type",
    "kind",
    "category",
    "object",
    "schema",
    "sourcetype",
    "product",
    "vendor",
    "eventversion",
    "source",
    "_type",
    "log_type",
    "logname",
    "p_log_type",
    "recordtype",
];
/// Of these, those whose text is the same in every record of a log, not only in one file.
const CONSTANT: [&str; 9] = [
    "object",
    "schema",
    "sourcetype",
    "product",
    "vendor",
    "log_type",
    "logname",
    "p_log_type",
    "category",
];
/// Names that many logs have.
const GENERAL: [&str; 36] = [
    "id",
    "type",
    "time",
    "timestamp",
    "@timestamp",
    "name",
    "message",
    "level",
    "host",
    "hostname",
    "user",
    "data",
    "status",
    "value",
    "created",
    "date",
    "event",
    "source",
    "action",
    "ip",
    "version",
    "result",
    "severity",
    "title",
    "description",
    "tags",
    "fields",
    "metadata",
    "properties",
    "category",
    "kind",
    "log",
    "msg",
    "path",
    "url",
    "method",
];

/// The tests.
pub(super) struct Tests {
    pub alternatives: Vec<Vec<ProposedTest>>,
    /// Whether an alternative has nothing but names that many logs have.
    pub general: bool,
}

/// Finds tests that hold for all of the records.
///
/// # Errors
/// That there is nothing to test, in one sentence.
pub(super) fn tests(records: &[&Map<String, Json>]) -> Result<Tests, String> {
    if records.is_empty() {
        return Err("there is no record to make a connector of".to_owned());
    }
    if records
        .iter()
        .any(|record| record.keys().all(String::is_empty))
    {
        return Err("a record has no members to tell it by".to_owned());
    }
    let common = of(records);
    let alternatives = if is_specific(&common) {
        vec![common]
    } else {
        by_members(records).unwrap_or(vec![common])
    };
    let alternatives: Vec<_> = alternatives
        .into_iter()
        .filter(|tests| !tests.is_empty())
        .collect();
    if alternatives.is_empty() {
        return Err("the records have too little in common to tell them by".to_owned());
    }
    let general = alternatives.iter().any(|tests| !is_specific(tests));
    Ok(Tests {
        alternatives,
        general,
    })
}

fn is_specific(tests: &[ProposedTest]) -> bool {
    let own = tests.iter().filter(|test| {
        let name = test.member.to_lowercase();
        !test.equals.is_empty() || !GENERAL.contains(&name.as_str())
    });
    own.count() >= 2 || tests.iter().any(|test| !test.equals.is_empty())
}

/// An alternative for the records of each set of members; none where there are too many.
fn by_members(records: &[&Map<String, Json>]) -> Option<Vec<Vec<ProposedTest>>> {
    let mut groups: BTreeMap<Vec<&String>, Vec<&Map<String, Json>>> = BTreeMap::new();
    for record in records {
        let mut members: Vec<&String> = record.keys().collect();
        members.sort();
        groups.entry(members).or_default().push(record);
    }
    if groups.len() > ALTERNATIVES {
        return None;
    }
    let mut alternatives: Vec<Vec<ProposedTest>> = Vec::new();
    for tests in groups.values().map(|group| of(group)) {
        if !alternatives.contains(&tests) {
            alternatives.push(tests);
        }
    }
    Some(alternatives)
}

/// Tests on the members that all of the records have, the most telling first.
fn of(records: &[&Map<String, Json>]) -> Vec<ProposedTest> {
    let Some((first, rest)) = records.split_first() else {
        return Vec::new();
    };
    let common = first.keys().filter(|member| !member.is_empty());
    let common = common.filter(|member| rest.iter().all(|r| r.contains_key(*member)));
    let mut tests: Vec<(usize, ProposedTest)> = common
        .enumerate()
        .map(|(at, member)| {
            let values: Vec<&Json> = records.iter().filter_map(|r| r.get(member)).collect();
            let test = test(member, &values);
            (rank(&test, at), test)
        })
        .collect();
    tests.sort_by_key(|(rank, _)| *rank);
    tests
        .into_iter()
        .take(TESTS)
        .map(|(_, test)| test)
        .collect()
}

/// The smaller the better.
fn rank(test: &ProposedTest, at: usize) -> usize {
    let name = test.member.to_lowercase();
    let general = GENERAL.contains(&name.as_str());
    match (test.equals.is_empty(), general) {
        (false, _) => at,
        // Long names are rarely there by chance.
        (true, false) => 1_000 + (40 - name.len().min(40)) * 20 + at.min(19),
        (true, true) => 10_000 + at,
    }
}

fn test(member: &str, values: &[&Json]) -> ProposedTest {
    let kind = |value: &Json| match value {
        Json::Null => "none",
        Json::Bool(_) => "bool",
        Json::Number(_) => "number",
        Json::String(_) => "text",
        Json::Array(_) => "list",
        Json::Object(_) => "object",
    };
    let mut kinds: Vec<&str> = values.iter().map(|value| kind(value)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let is = match kinds.as_slice() {
        ["none"] => vec!["present"],
        [_] => kinds,
        // What is sometimes null may be anything another time.
        _ => vec!["present"],
    };
    let name = member.to_lowercase();
    let mut texts: Vec<&str> = values.iter().filter_map(|value| value.as_str()).collect();
    let all_texts = texts.len() == values.len();
    texts.sort_unstable();
    texts.dedup();
    let same = match texts.as_slice() {
        [one] if all_texts && !one.trim().is_empty() && one.len() <= 80 => Some((*one).to_owned()),
        _ => None,
    };
    // One record says nothing of what all have.
    let telling =
        CONSTANT.contains(&name.as_str()) || (KINDS.contains(&name.as_str()) && values.len() >= 20);
    let equals: Vec<String> = same.filter(|_| telling).into_iter().collect();
    ProposedTest {
        member: member.to_owned(),
        is: match equals.is_empty() {
            true => is.into_iter().map(str::to_owned).collect(),
            false => Vec::new(),
        },
        equals,
    }
}
