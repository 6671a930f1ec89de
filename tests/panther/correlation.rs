//! Runs the cases of `correlation/*.yaml`.

use rulewright::diagnostic::Diagnostic;
use rulewright::panther::Outcome;
use rulewright::panther::correlation::{
    Correlation, Found, Joined, MINUTE, Timeless, outputs, raw_events, read,
};
use rulewright::yaml::{Document, Step};
use serde_json::{Value as Json, json};
use serde_yaml::Value as Yaml;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn cases(file: &str) -> Vec<Yaml> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/panther/correlation")
        .join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn text<'a>(case: &'a Yaml, key: &str) -> &'a str {
    case.get(key).and_then(Yaml::as_str).unwrap_or("")
}

fn list<'a>(case: &'a Yaml, key: &str) -> &'a [Yaml] {
    case.get(key)
        .and_then(Yaml::as_sequence)
        .map_or(&[], Vec::as_slice)
}

fn rule(case: &Yaml) -> Correlation {
    let mut rule = case.get("rule").unwrap().clone();
    if rule.get("Schedule").is_none() {
        rule["Schedule"] = serde_yaml::from_str("{RateMinutes: 10, TimeoutMinutes: 1}").unwrap();
    }
    let mut whole = serde_yaml::Mapping::new();
    whole.insert("Detection".into(), Yaml::Sequence(vec![rule]));
    let (document, _) = Document::parse(&serde_yaml::to_string(&whole).unwrap());
    let (rule, found) = read(document.value(), &document);
    assert!(found.is_empty(), "{}: {found:?}", text(case, "name"));
    rule.unwrap()
}

/// The `RuleOutputs` of a case, which the cases here write shorter: the id, and its matches.
fn found(rule: &Correlation, case: &Yaml) -> Vec<Vec<Found>> {
    let short = case.get("outputs").unwrap().as_mapping().unwrap();
    let long: Vec<Yaml> = short
        .iter()
        .map(|(id, matches)| {
            let mut one = serde_yaml::Mapping::new();
            one.insert("ID".into(), id.clone());
            if !matches.is_null() {
                one.insert("Matches".into(), matches.clone());
            }
            Yaml::Mapping(one)
        })
        .collect();
    let mut whole = serde_yaml::Mapping::new();
    whole.insert("RuleOutputs".into(), Yaml::Sequence(long));
    let (document, _) = Document::parse(&serde_yaml::to_string(&whole).unwrap());
    let path = [Step::from("RuleOutputs")];
    let (found, said) = outputs(rule, document.get(&path).unwrap(), &document, &path);
    assert!(said.is_empty(), "{said:?}");
    found.unwrap()
}

/// A match in the words of the cases.
fn shown(rule: &Correlation, found: &[Vec<Found>], joined: &Joined, with_members: bool) -> Json {
    let join: Vec<String> = joined
        .values
        .iter()
        .map(|(n, v)| format!("{n}={v}"))
        .collect();
    let mut shown = json!({"join": join.join(", ")});
    if with_members {
        let mut of = serde_json::Map::new();
        for ((node, all), members) in rule.nodes().iter().zip(found).zip(&joined.members) {
            let times: Vec<Json> = members
                .iter()
                .map(|m| {
                    let time = all[*m].time;
                    match time % MINUTE {
                        0 => json!(time / MINUTE),
                        _ => json!(time as f64 / MINUTE as f64),
                    }
                })
                .collect();
            if !times.is_empty() {
                of.insert(node.id.clone(), Json::Array(times));
            }
        }
        shown["of"] = Json::Object(of);
    }
    let times: Vec<i64> = joined
        .members
        .iter()
        .zip(found)
        .flat_map(|(members, all)| members.iter().map(|m| all[*m].time))
        .collect();
    assert_eq!(Some(joined.start), times.iter().min().copied());
    assert_eq!(Some(joined.end), times.iter().max().copied());
    shown
}

fn check(name: &str, rule: &Correlation, found: &[Vec<Found>], got: &[Joined], wanted: &[Yaml]) {
    let got: Vec<Json> = got
        .iter()
        .enumerate()
        .map(|(i, joined)| {
            let members = wanted.get(i).is_none_or(|w| w.get("of").is_some());
            shown(rule, found, joined, members)
        })
        .collect();
    let wanted: Vec<Json> = wanted
        .iter()
        .map(|w| serde_json::to_value(w).unwrap())
        .collect();
    assert_eq!(Json::from(got), Json::from(wanted), "{name}");
}

#[test]
fn cases_are_asked_once() {
    for group in &cases("cases.yaml") {
        let rule = rule(group);
        for case in list(group, "cases") {
            let name = format!("{}: {}", text(group, "name"), text(case, "name"));
            let found = found(&rule, case);
            let got = rule.evaluate(&found).unwrap();
            check(&name, &rule, &found, &got, list(case, "gives"));
            let lacks: Vec<String> = rule
                .explain(&found, i64::MAX)
                .into_iter()
                .map(|lack| lack.reason)
                .collect();
            let wanted: Vec<&str> = list(case, "lacks")
                .iter()
                .filter_map(Yaml::as_str)
                .collect();
            assert_eq!(lacks, wanted, "{name}");
            assert_eq!(got.is_empty(), !wanted.is_empty(), "{name}");
            // Asked again with the matches in another order, the answer is the same.
            let mut turned = found.clone();
            turned.iter_mut().for_each(|all| all.reverse());
            let again = rule.evaluate(&turned).unwrap();
            let spans = |joined: &[Joined]| -> Vec<_> {
                joined
                    .iter()
                    .map(|j| (j.values.clone(), j.start, j.end))
                    .collect()
            };
            assert_eq!(spans(&again), spans(&got), "{name}");
        }
    }
}

#[test]
fn logs_give_each_match_once() {
    for case in &cases("logs.yaml") {
        let rule = rule(case);
        let found = found(&rule, case);
        let now = case.get("now").and_then(Yaml::as_i64).unwrap() * MINUTE;
        let got = rule.run(&found, now).unwrap();
        check(text(case, "name"), &rule, &found, &got, list(case, "gives"));
    }
}

#[test]
fn mistakes_are_said_with_their_place() {
    for case in &cases("mistakes.yaml") {
        let name = text(case, "name");
        let source = format!("Detection: {}\n", text(case, "rule"));
        let (document, broken) = Document::parse(&source);
        assert!(broken.is_empty(), "{name}: {broken:?}");
        let (rule, found) = read(document.value(), &document);
        assert_eq!(
            rule.is_none(),
            found.iter().any(Diagnostic::is_error),
            "{name}"
        );
        let said: Vec<&str> = found.iter().map(|d| d.message.as_str()).collect();
        let wanted = list(case, "says");
        assert_eq!(said.len(), wanted.len(), "{name}: {said:?}");
        for (diagnostic, want) in found.iter().zip(wanted) {
            assert_eq!(diagnostic.message, text(want, "message"), "{name}");
            assert_eq!(diagnostic.code, text(want, "code"), "{name}");
            let span = diagnostic
                .span
                .unwrap_or_else(|| panic!("{name}: no place"));
            assert_eq!(&source[span.start..span.end], text(want, "at"), "{name}");
            assert_eq!(
                diagnostic.is_error(),
                want.get("warning").is_none(),
                "{name}"
            );
        }
    }
}

const PAIR: &str = "Detection:\n  - Group: [{ID: A, RuleID: R.A}, {ID: B, RuleID: R.B}]\n    MatchCriteria:\n      u: [{GroupID: A, Match: p_alert_context.user}, {GroupID: B, Match: actor.name}]\n    Schedule: {RateMinutes: 5, TimeoutMinutes: 1}\n";

fn pair(source: &str) -> (Document, Correlation) {
    let (document, _) = Document::parse(source);
    let rule = read(document.value(), &document).0.unwrap();
    (document, rule)
}

#[test]
fn mistakes_in_a_case_are_said() {
    let says = |case: &str| -> Vec<String> {
        let source = format!("{PAIR}RuleOutputs: {case}\n");
        let (document, rule) = pair(&source);
        let path = [Step::from("RuleOutputs")];
        let (found, said) = outputs(&rule, document.get(&path).unwrap(), &document, &path);
        assert_eq!(found.is_none(), !said.is_empty(), "{case}");
        said.iter()
            .map(|d| {
                let span = d.span.unwrap();
                format!("{}: {}", &source[span.start..span.end], d.message)
            })
            .collect()
    };
    assert_eq!(
        says("[{ID: C}]"),
        ["C: no entry of the rule has the ID `C`"]
    );
    assert_eq!(
        says("[{ID: A}, {ID: A}]"),
        ["A: `A` stands in RuleOutputs twice"]
    );
    assert_eq!(
        says("[{ID: A, Matches: {x: {y: [soon]}}}]"),
        ["soon: one of the times of `y` is none"]
    );
    assert_eq!(
        says(
            "[{ID: A, Matches: {x: {y: [1]}}}, {ID: B, Matches: {x: {y: ['2024-01-01T00:00:00Z']}}}]"
        ),
        [
            "'2024-01-01T00:00:00Z': minutes and instants stand in one case, and how far they are apart is not known"
        ]
    );
    assert_eq!(
        says("[{ID: A, Matches: {x: {y: 5}}}]").len(),
        1,
        "times are a list"
    );
    assert_eq!(says("[{Matches: {}}]"), ["{Matches: {}}: ID is missing"]);
}

#[test]
fn unknown_rules_are_named_where_they_stand() {
    let (_, rule) = pair(PAIR);
    let said = rule.unknown_rules(|id| id == "R.A");
    let span = said[0].span.unwrap();
    assert_eq!(said.len(), 1);
    assert_eq!(&PAIR[span.start..span.end], "R.B");
    assert_eq!(said[0].message, "no rule has the id `R.B`");
}

#[test]
fn raw_events_become_matches_of_the_rules() {
    let (_, rule) = pair(PAIR);
    let events = [
        json!({"p_log_type": "X", "kind": "a", "by": "maya", "p_event_time": "2024-06-01 10:00:00"}),
        json!({"p_log_type": "X", "kind": "b", "actor": {"name": "maya"}, "p_event_time": "2024-06-01T10:05:00Z"}),
        json!({"p_log_type": "X", "kind": "b", "actor": {"name": "ines"}, "p_event_time": "2024-06-01T10:06:00Z"}),
        json!({"p_log_type": "Y", "kind": "a", "by": "ines"}),
    ];
    // The rules of the test: R.A matches kind a and puts the user into its context, R.B matches kind b.
    let asked = std::cell::Cell::new(0);
    let mut evaluate = |id: &str, event: &Json| {
        asked.set(asked.get() + 1);
        (event["p_log_type"] == "X").then(|| Outcome {
            matched: Some(Ok(event["kind"] == if id == "R.A" { "a" } else { "b" })),
            alert_context: Some(Ok(format!(r#"{{"user": {}}}"#, event["by"]).into())),
            ..Outcome::default()
        })
    };
    let found = raw_events(&rule, &events, &mut evaluate).unwrap();
    assert_eq!(asked.get(), 8, "each rule is asked of each event once");
    let joined = rule.evaluate(&found).unwrap();
    assert_eq!(joined.len(), 1);
    assert_eq!(joined[0].values, [("u".to_owned(), "maya".to_owned())]);
    let events_of = |n: usize| -> Vec<u64> {
        joined[0].members[n]
            .iter()
            .map(|m| found[n][*m].event)
            .collect()
    };
    assert_eq!((events_of(0), events_of(1)), (vec![0], vec![1]));
    // An event that no rule matches needs no time; one that matched does.
    let timeless = [
        json!({"p_log_type": "X", "kind": "c"}),
        json!({"p_log_type": "X", "kind": "a"}),
    ];
    let failed = raw_events(&rule, &timeless, &mut evaluate);
    assert_eq!(failed.unwrap_err(), Timeless { event: 1 });
}

/// Matches with one value each.
fn many(
    count: usize,
    value: impl Fn(usize) -> String,
    minute: impl Fn(usize) -> i64,
) -> Vec<Found> {
    (0..count)
        .map(|i| Found {
            time: minute(i) * MINUTE / 60,
            values: vec![vec![value(i)]],
            event: i as u64,
        })
        .collect()
}

fn big(body: &str) -> Correlation {
    let source = format!(
        "Detection:\n  - {body}\n    LookbackWindowMinutes: 1800\n    Schedule: {{RateMinutes: 5, TimeoutMinutes: 1}}\n"
    );
    pair(&source).1
}

/// Unoptimised builds are slow; the bound is for what grows faster than the data.
fn quick<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    let took = begun.elapsed();
    println!("{what}: {took:?}");
    assert!(took < Duration::from_secs(20), "{what} took {took:?}");
    done
}

#[test]
fn a_hundred_thousand_matches_are_joined_quickly() {
    let one = |_| "same".to_owned();
    let each = |i: usize| format!("value {i}");
    let group = "Group: [{ID: A, RuleID: R.A, MinMatchCount: 50}, {ID: B, RuleID: R.B}]\n    MatchCriteria:\n      u: [{GroupID: A, Match: u}, {GroupID: B, Match: u}]";
    let sequence = "Sequence: [{ID: A, RuleID: R.A, MinMatchCount: 50}, {ID: B, RuleID: R.B}, {ID: C, RuleID: R.C}]\n    Transitions:\n      - {From: A, To: B, Match: [{On: u}]}\n      - {From: B, To: C, WithinTimeFrameMinutes: 5, Match: [{On: u}]}";
    let second = |i: usize| i as i64;
    for (name, body, nodes) in [("group", group, 2), ("sequence", sequence, 3)] {
        let rule = big(body);
        let same: Vec<Vec<Found>> = (0..nodes).map(|_| many(100_000, one, second)).collect();
        let joined = quick(&format!("{name}, one value"), || {
            rule.run(&same, i64::MAX).unwrap()
        });
        assert!(!joined.is_empty());
        quick(&format!("{name}, one value, why"), || {
            rule.explain(&same, i64::MAX)
        });
        let other: Vec<Vec<Found>> = (0..nodes).map(|_| many(100_000, each, second)).collect();
        let joined = quick(&format!("{name}, a value each"), || {
            rule.run(&other, i64::MAX).unwrap()
        });
        assert!(joined.is_empty(), "one match is fewer than 50");
        quick(&format!("{name}, a value each, why"), || {
            rule.explain(&other, i64::MAX)
        });
    }
}

#[test]
fn pairs_of_a_hundred_thousand_values() {
    let rule = big(
        "Sequence: [{ID: A, RuleID: R.A}, {ID: B, RuleID: R.B}]\n    Transitions: [{From: A, To: B, Match: [{On: u}]}]",
    );
    let each = |i: usize| format!("value {i}");
    let found = vec![
        many(100_000, each, |i| i as i64),
        many(100_000, each, |i| i as i64 + 1),
    ];
    let joined = quick("a pair each", || rule.run(&found, i64::MAX).unwrap());
    assert_eq!(joined.len(), 100_000);
    assert_eq!(joined[7].members, [vec![7], vec![7]]);
}

#[test]
fn what_cannot_be_looked_at_is_refused() {
    // B takes no part in the criterion: it would be looked through for every value of A.
    let rule = big(
        "Group: [{ID: A, RuleID: R.A}, {ID: B, RuleID: R.B}, {ID: C, RuleID: R.C}]\n    MatchCriteria:\n      u: [{GroupID: A, Match: u}, {GroupID: C, Match: u}]",
    );
    let each = |i: usize| format!("value {i}");
    let found = vec![
        many(50_000, each, |_| 0),
        many(50_000, each, |_| 0),
        many(50_000, each, |_| 0),
    ];
    let refused = quick("too many", || rule.run(&found, i64::MAX).unwrap_err());
    assert_eq!(refused.code, "panther-correlation-size");
}
