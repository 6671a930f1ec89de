//! What rule bodies do in a second: `cargo bench --bench python`.
//!
//! The events are those of `rulewright generate scale`: audit events, of which few are role assignments. The same
//! body and events under CPython with Panther's own classes: see `rule.py` beside this file.

#[path = "../common/scale.rs"]
mod scale;

use divan::Bencher;
use divan::counter::ItemsCount;
use rulewright::event::EventJson;
use rulewright::panther::{Engine, Limits, Mode, read};
use rulewright::python::{Body, BodyId, Bounds, Library, Returned, Sandbox};
use rulewright::task::CancelToken;
use scale::scale;
use serde_json::Value as Json;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

fn main() {
    divan::main();
}

const EVENTS: usize = 100_000;

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(path).expect("a file of the repository")
}

static BODY: LazyLock<String> =
    LazyLock::new(|| file("rules/panther/openai_admin_role_assignment.py"));

/// Audit events as they come.
static MIXED: LazyLock<Vec<Arc<EventJson>>> = LazyLock::new(|| {
    let audit = scale(EVENTS, 30, "audit");
    let audit = audit.into_iter().next().and_then(|file| file.bytes);
    let audit = audit.expect("a file of audit events");
    let text = String::from_utf8(audit).expect("JSON lines");
    let events: Vec<Arc<EventJson>> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok().map(panther))
        .collect();
    assert_eq!(events.len(), EVENTS);
    events
});

/// The event under the names that Panther's schema gives its fields.
fn panther(event: serde_json::Map<String, Json>) -> Arc<EventJson> {
    let members = event
        .into_iter()
        .map(|(name, value)| (name.replace('.', "_"), value));
    Arc::new(Json::Object(members.collect()).into())
}

/// Only role assignments.
static HITS: LazyLock<Vec<Arc<EventJson>>> = LazyLock::new(|| {
    let hits: Vec<Arc<EventJson>> = MIXED
        .iter()
        .filter(|event| event.json()["type"] == "role.assignment.created")
        .cloned()
        .collect();
    assert!(!hits.is_empty());
    hits.iter().cycle().take(EVENTS / 10).cloned().collect()
});

fn sandbox(body: &str) -> (Sandbox, BodyId) {
    let bounds = Bounds {
        time: Duration::from_secs(10),
        memory: 1 << 30,
    };
    let cancel = CancelToken::new();
    let mut sandbox =
        Sandbox::open(Arc::new(Library::default()), bounds, &cancel).expect("it starts");
    let body = Body {
        name: "body.py".to_owned(),
        module: "Bench.Rule".to_owned(),
        source: body.to_owned(),
    };
    let id = sandbox.load(body, &cancel).expect("it loads");
    (sandbox, id)
}

/// `rule(event)` alone, every event; how many matched.
fn rules(bencher: Bencher, events: &'static [Arc<EventJson>]) {
    let (mut sandbox, id) = sandbox(&BODY);
    let matched = Arc::new(AtomicUsize::new(0));
    bencher
        .counter(ItemsCount::new(events.len()))
        .bench_local(|| {
            let seen = Arc::clone(&matched);
            seen.store(0, Relaxed);
            let job = move |session: &rulewright::python::Session<'_>| {
                for event in events {
                    session.next_step();
                    let event = session.event(Arc::clone(event), None);
                    if session.call("rule", &event) == Ok(Returned::Bool(true)) {
                        seen.fetch_add(1, Relaxed);
                    }
                }
            };
            sandbox.ask(id, &CancelToken::new(), job).expect("it ends");
        });
    assert!(matched.load(Relaxed) > 0, "a benchmark over nothing");
}

#[divan::bench]
fn rule_mixed(bencher: Bencher) {
    rules(bencher, &MIXED);
}

#[divan::bench]
fn rule_hits(bencher: Bencher) {
    rules(bencher, &HITS);
}

fn outcomes(bencher: Bencher, events: &'static [Arc<EventJson>]) {
    let (rule, _) = read(&file("rules/panther/openai_admin_role_assignment.yml"));
    let limits = Limits::default();
    let mut engine = Engine::load(&rule, &BODY, limits).expect("it loads");
    bencher
        .counter(ItemsCount::new(events.len()))
        .bench_local(|| {
            engine
                .evaluate(events, Mode::Production, &[], &CancelToken::new())
                .expect("it ends")
        });
}

/// As the platform: all outputs of the events that match.
#[divan::bench]
fn outcomes_mixed(bencher: Bencher) {
    outcomes(bencher, &MIXED);
}

#[divan::bench]
fn outcomes_hits(bencher: Bencher) {
    outcomes(bencher, &HITS);
}

/// An interpreter from nothing, with one body.
#[divan::bench]
fn open_and_load(bencher: Bencher) {
    bencher.bench_local(|| sandbox(&BODY));
}
