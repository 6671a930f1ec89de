//! Guard conditions: what they are (beside each body of `guard/bodies`), and that a run with them is the same as
//! one without, exceptions and side effects included, over events that are wrong in every way we could think of.
//!
//! The comments of a body: `needs:` a condition in words, in order; `python:` lines that stay in Python;
//! `refuses:` events for which `rule` surely gives False; `asks:` events for which the interpreter has to be asked.

use super::*;
use rulewright::event::EventJson;
use rulewright::panther::guard::{self, Column, Columns, Found, Guard, Left};
use rulewright::panther::{Earlier, Interpreter, Understood};
use serde_json::Map;

/// The values of a comment's lines.
fn comments<'a>(body: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("# {name}: ");
    body.lines()
        .filter_map(|l| l.strip_prefix(&start))
        .collect()
}

fn events_of(body: &str, name: &str) -> Vec<Json> {
    comments(body, name)
        .into_iter()
        .flat_map(|list| {
            let list = serde_json::from_str::<Vec<Json>>(&format!("[{list}]"));
            list.unwrap_or_else(|e| panic!("{name}: {e}"))
        })
        .collect()
}

/// `8-12`
fn run_of_lines((from, to): (usize, usize)) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("{from}-{to}")
    }
}

#[test]
fn bodies_have_the_conditions_beside_them() {
    let mut wrong = Vec::new();
    for (name, body) in files("guard/bodies") {
        let guard = guard::read(&body);
        let found: Vec<&str> = guard.conditions.iter().map(|c| c.text.as_str()).collect();
        let needs = comments(&body, "needs");
        if found != needs {
            wrong.push(format!("{name}: needs {found:#?}, not {needs:#?}"));
        }
        let python: Vec<String> = guard
            .python_lines(&body)
            .into_iter()
            .map(run_of_lines)
            .collect();
        let wanted = comments(&body, "python");
        if !wanted.is_empty() && python != wanted {
            wrong.push(format!("{name}: python {python:?}, not {wanted:?}"));
        }
        for (word, refused) in [("refuses", true), ("asks", false)] {
            for event in events_of(&body, word) {
                if guard.refuses(&event) != refused {
                    wrong.push(format!("{name}: {word} {event}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each condition's span is what it is about: the text the table jumps to.
#[test]
fn conditions_know_their_place() {
    let body = "\u{feff}KINDS = (\"a\", \"b\")\n\ndef is_kind(event):\n    return event.get('kind') in KINDS\n\n\ndef rule(event):\n    if not is_kind(event):\n        return False\n    return event.deep_get('x', 'y') == 1\n";
    let guard = guard::read(body);
    let places: Vec<&str> = guard
        .conditions
        .iter()
        .map(|c| &body[c.span.clone()])
        .collect();
    assert_eq!(
        places,
        [
            "event.get('kind') in KINDS",
            "event.deep_get('x', 'y') == 1"
        ]
    );
    let first = &guard.conditions[0];
    assert_eq!(first.field, "kind");
    assert_eq!(first.operator, "is one of");
    assert_eq!(first.values, ["a", "b"]);
}

/// Events whose values are of the body's own texts and numbers, or of any other kind, under keys in other letters,
/// at paths that are cut off.
struct Chance {
    rng: fastrand::Rng,
    pool: Vec<Json>,
    paths: Vec<Vec<String>>,
}

impl Chance {
    fn of(body: &str, guard: &Guard, seed: u64) -> Self {
        let mut pool: Vec<Json> = [
            "null",
            "true",
            "false",
            "0",
            "1",
            "1.0",
            "-1.5",
            "\"\"",
            "[]",
            "{}",
            "[null]",
            "18446744073709551615",
            "\"é\"",
            "[[\"x\"]]",
            "{\"a\": {\"b\": \"x\"}}",
            "\" x \"",
        ]
        .iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
        let mut paths = guard.paths().to_vec();
        for quoted in body
            .split('"')
            .skip(1)
            .step_by(2)
            .filter(|q| !q.contains('\n'))
        {
            pool.push(json!(quoted));
            pool.push(json!(quoted.to_uppercase()));
            pool.push(json!(format!("{quoted}a")));
            pool.push(json!([quoted, 1]));
            paths.push(vec![quoted.to_owned()]);
        }
        for number in body.split(|c: char| !c.is_ascii_digit()) {
            if let Ok(number) = number.parse::<i64>() {
                pool.extend([
                    json!(number),
                    json!(number as f64 + 0.5),
                    json!(number.to_string()),
                ]);
            }
        }
        if paths.is_empty() {
            paths.push(vec!["a".to_owned()]);
        }
        Self {
            rng: fastrand::Rng::with_seed(seed),
            pool,
            paths,
        }
    }

    fn value(&mut self) -> Json {
        self.pool[self.rng.usize(..self.pool.len())].clone()
    }

    fn key(&mut self, key: &str) -> String {
        match self.rng.u8(..10) {
            0 => key.to_uppercase(),
            1 => key.replace('k', "\u{212A}"),
            _ => key.to_owned(),
        }
    }

    fn event(&mut self) -> Json {
        let mut event = Json::Object(Map::new());
        for _ in 0..self.rng.usize(1..5).max(self.paths.len().min(4)) {
            let path = self.paths[self.rng.usize(..self.paths.len())].clone();
            let mut at = &mut event;
            for (depth, key) in path.iter().enumerate() {
                let key = self.key(key);
                let last = depth + 1 == path.len();
                let whole = last || self.rng.u8(..12) == 0;
                let value = if whole { self.value() } else { json!({}) };
                let Json::Object(members) = at else { break };
                at = members.entry(key).or_insert(value);
                if whole {
                    break;
                }
            }
        }
        event
    }
}

/// Columns over events in memory.
struct Held<'a>(&'a [Arc<EventJson>]);

struct HeldColumn<'a> {
    found: Vec<Found<'a>>,
    codes: Vec<usize>,
}

impl Columns for Held<'_> {
    fn rows(&self) -> usize {
        self.0.len()
    }

    fn column(&self, path: &[String]) -> Option<Box<dyn Column + '_>> {
        let mut column = HeldColumn {
            found: Vec::new(),
            codes: Vec::new(),
        };
        for event in self.0 {
            let found = look(event.json(), path);
            let known = column.found.iter().position(|other| *other == found);
            column.codes.push(known.unwrap_or(column.found.len()));
            if known.is_none() {
                column.found.push(found);
            }
        }
        Some(Box::new(column))
    }
}

impl Column for HeldColumn<'_> {
    fn distinct(&self) -> usize {
        self.found.len()
    }

    fn found(&self, code: usize) -> Option<Found<'_>> {
        self.found.get(code).copied()
    }

    fn spread(&self, answers: &[u8]) -> Option<Vec<u8>> {
        Some(self.codes.iter().map(|code| answers[*code]).collect())
    }
}

fn look<'a>(event: &'a Json, path: &[String]) -> Found<'a> {
    let mut at = event;
    for (depth, key) in path.iter().enumerate() {
        let Some(members) = at.as_object() else {
            return Found::Blocked(depth, at.is_null());
        };
        let alike = || {
            let mut members = members.iter();
            members.find(|(name, _)| name.to_lowercase() == key.to_lowercase())
        };
        match members.get(key).or_else(|| alike().map(|(_, value)| value)) {
            Some(value) => at = value,
            None => return Found::Missing(depth),
        }
    }
    match at {
        Json::Object(members) => Found::Object(members.is_empty()),
        value => Found::Value(value),
    }
}

/// Every other event is read member by member, as loaded ones are.
fn event(json: Json, number: usize) -> Arc<EventJson> {
    let read = match number % 2 {
        0 => EventJson::of_checked(json.to_string()).ok(),
        _ => None,
    };
    Arc::new(read.unwrap_or_else(|| json.into()))
}

/// What a fresh interpreter says of events, in order. It is not asked to decide where it is known that the rule holds.
fn said(body: &str, events: &[Arc<EventJson>], holds: &[bool]) -> Option<Vec<String>> {
    let (rule, cancel) = (plain(), CancelToken::new());
    let library = Arc::clone(rule.repository.library());
    let mut interpreter = Interpreter::new(library, Limits::default());
    let loaded = interpreter.load(&rule, body, &cancel).ok()?;
    let outcomes = interpreter
        .evaluate_some(&loaded, events, holds, (Mode::Production, &[]), &cancel)
        .unwrap_or_else(|d| panic!("{d:?}"));
    Some(outcomes.iter().map(|o| format!("{o:?}")).collect())
}

#[test]
fn a_guarded_run_is_the_same_run() {
    let (mut refused, mut held) = (0, 0);
    for (name, body) in files("guard/bodies") {
        let guard = guard::read(&body);
        let mut chance = Chance::of(&body, &guard, 7);
        let mut events: Vec<Arc<EventJson>> = (0..600).map(|n| event(chance.event(), n)).collect();
        for word in ["refuses", "asks"] {
            events.extend(events_of(&body, word).into_iter().map(|e| event(e, 0)));
        }
        let Some(all) = said(&body, &events, &[]) else {
            assert!(!guard.filters(), "{name} cannot be loaded");
            continue;
        };
        let left = guard.left(&Held(&events));
        let every = || (0..events.len()).map(|at| Left { at, holds: false });
        let left = left.unwrap_or_else(|| every().collect());
        // Whoever surely holds says True; that this changes nothing is seen at the outcomes without it, below.
        for Left { at, .. } in left.iter().filter(|left| left.holds) {
            let said = format!("matched: {:?}", Some(Ok::<_, ()>(true)));
            assert!(all[*at].contains(&said), "{name}: {}", events[*at].json());
            held += 1;
        }
        // Whoever is not asked would have said False, and would have left the others as they are.
        let refusal = format!(
            "{:?}",
            Outcome {
                matched: Some(Ok(false)),
                ..Outcome::default()
            }
        );
        for (at, event) in events.iter().enumerate() {
            let is_left = left.iter().any(|left| left.at == at);
            let event = event.json();
            if !is_left || guard.refuses(event) {
                assert_eq!(all[at], refusal, "{name}: {event}");
            }
            assert!(is_left || guard.refuses(event), "{name}: {event}");
        }
        refused += events.len() - left.len();
        let asked: Vec<Arc<EventJson>> = left
            .iter()
            .map(|left| Arc::clone(&events[left.at]))
            .collect();
        let holds: Vec<bool> = left.iter().map(|left| left.holds).collect();
        let asked = said(&body, &asked, &holds).expect("loaded before");
        for (said, Left { at, .. }) in asked.iter().zip(&left) {
            assert_eq!(*said, all[*at], "{name}: {}", events[*at].json());
        }
    }
    assert!(refused > 15_000, "{refused} events were refused");
    assert!(held > 1_000, "{held} events surely hold");
}

/// What the functions of a body give without the interpreter is what it would say, event for event; and the functions
/// that a body's comment names are understood, no others.
#[test]
fn what_is_understood_is_what_the_interpreter_says() {
    let mut bodies = files("guard/bodies");
    let own = bodies.len();
    bodies.extend(files("guard/answers"));
    let rules = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/panther");
    for entry in std::fs::read_dir(rules)
        .expect("the bundled rules")
        .flatten()
    {
        if entry.path().extension().is_some_and(|kind| kind == "py") {
            let body = std::fs::read_to_string(entry.path()).expect("a text");
            bodies.push((entry.path().display().to_string(), body));
        }
    }
    let (mut known, mut matched) = (0, 0);
    for (at, (name, body)) in bodies.into_iter().enumerate() {
        let (guard, answers) = guard::read_to_run(&body, &rulewright::python::Library::default());
        if let Some(names) = comments(&body, "understood").first() {
            let functions = [
                "rule",
                "title",
                "description",
                "reference",
                "severity",
                "runbook",
            ];
            let others = ["destinations", "dedup", "alert_context", "unique"];
            let functions = functions.iter().chain(&others);
            let understood: Vec<&str> = functions.copied().filter(|f| answers.knows(f)).collect();
            assert_eq!(understood.join(", "), *names, "{name}");
        }
        let mut chance = Chance::of(&body, &guard, 11);
        let many = if name == "texts.py" { 4_000 } else { 600 };
        let events: Vec<Arc<EventJson>> = (0..many).map(|n| event(chance.event(), n)).collect();
        let Some(all) = said(&body, &events, &[]) else {
            assert!(at < own, "{name} cannot be loaded");
            continue;
        };
        let (rule, cancel) = (plain(), CancelToken::new());
        let mut interpreter =
            Interpreter::new(Arc::clone(rule.repository.library()), Limits::default());
        let loaded = interpreter
            .load(&rule, &body, &cancel)
            .expect("loaded before");
        let understood = Understood::of(&rule, answers);
        let loaded = loaded.with(&understood);
        let before = matched;
        for (event, said) in events.iter().zip(&all) {
            if let Some(outcome) = understood.outcome(event, false, None) {
                assert_eq!(format!("{outcome:?}"), *said, "{name}: {}", event.json());
                known += 1;
                matched += usize::from(outcome.is_match());
            }
        }
        // This one is there for what it gives of a match.
        if name == "texts.py" {
            assert!(matched > before + 10, "{name}: {}", matched - before);
        }
        // The interpreter is asked for the rest only, in its order.
        let how = (Mode::Production, &[][..]);
        let some = interpreter.evaluate_some(&loaded, &events, &[], how, &cancel);
        for ((outcome, said), event) in some.expect("no limit").iter().zip(&all).zip(&events) {
            assert_eq!(format!("{outcome:?}"), *said, "{name}: {}", event.json());
        }
    }
    assert!(known > 20_000, "{known} events were understood");
    assert!(matched > 1_500, "{matched} matches were understood");
}

/// Bodies with one text or number in them changed.
fn edits(body: &str) -> Vec<String> {
    let quotes: Vec<usize> = body.match_indices('"').map(|(at, _)| at).collect();
    let texts = quotes.chunks(2).filter_map(|pair| {
        let [from, to] = pair else { return None };
        let text = body.get(from + 1..*to)?;
        let plain = !text.is_empty() && !text.contains(['\\', '\n', '{']);
        plain.then(|| format!("{}x{}", &body[..*to], &body[*to..]))
    });
    let numbers = body.match_indices(" 1").map(|(at, _)| {
        let (before, behind) = body.split_at(at + 2);
        format!("{before}7{behind}")
    });
    texts.chain(numbers).take(24).collect()
}

/// After an edit the functions that are the same give what they gave; the others give what they give now.
#[test]
fn what_an_edit_leaves_as_it_was_is_said_again() {
    let mut bodies = files("guard/bodies");
    bodies.extend(files("guard/answers"));
    let bundled = include_str!("../../rules/panther/openai_admin_role_assignment.py");
    bodies.push(("the bundled rule".to_owned(), bundled.to_owned()));
    let rule = plain();
    let read = |body: &str| {
        let (guard, answers) = guard::read_to_run(body, rule.repository.library());
        (guard, Understood::of(&rule, answers))
    };
    let (mut kept, mut changed) = (0, 0);
    for (name, body) in bodies {
        let (guard, understood) = read(&body);
        let mut chance = Chance::of(&body, &guard, 5);
        let events: Vec<Arc<EventJson>> = (0..300).map(|n| event(chance.event(), n)).collect();
        let said = events.iter().filter_map(|event| {
            let outcome = understood.outcome(event, false, None)?;
            outcome.is_match().then_some((event, outcome))
        });
        let said: Vec<_> = said.collect();
        for edit in edits(&body) {
            let (_, after) = read(&edit);
            let unchanged = after.unchanged(&understood);
            for (event, outcome) in &said {
                let earlier = Earlier {
                    outcome,
                    unchanged: &unchanged,
                };
                let now = format!("{:?}", after.outcome(event, false, None));
                let again = after.outcome(event, false, Some(earlier));
                assert_eq!(
                    format!("{again:?}"),
                    now,
                    "{name}: {edit}\n{}",
                    event.json()
                );
                changed += usize::from(now != format!("{:?}", Some(outcome)));
            }
            kept += said.len() * usize::from(unchanged.contains(&"rule"));
        }
    }
    assert!(kept > 2_000, "{kept} outcomes were taken over in part");
    assert!(changed > 1_000, "{changed} outcomes are not what they were");
}
