//! What a Panther rule costs over loaded audit events: `cargo bench --bench panther`. `tests/benches/panther_pat.py`
//! measures Panther's own tool over the same events.
//!
//! The data is the audit log of `rulewright generate scale`: as many events as `RULEWRIGHT_BENCH_EVENTS` says
//! (a million), of which three in a thousand match. On one thread nothing is done beside the interpreter.

#[path = "../common/scale.rs"]
mod scale;

use divan::Bencher;
use divan::counter::ItemsCount;
use rulewright::detect::{self, Rule, Run, Runner, Texts};
use rulewright::logs::Dataset;
use rulewright::task::{CancelToken, Progress};
use scale::scale;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

/// When all matches of a run after an edit were told, and what was edited.
static SHOWN: Mutex<Vec<(&str, Duration)>> = Mutex::new(Vec::new());

fn main() {
    divan::main();
    let shown = SHOWN.lock().expect("nobody else is left").clone();
    for edited in ["title", "rule"] {
        let of_it = shown.iter().filter(|(name, _)| *name == edited);
        let mut times: Vec<Duration> = of_it.map(|(_, time)| *time).collect();
        times.sort();
        if let (Some(least), Some(median)) = (times.first(), times.get(times.len() / 2)) {
            println!(
                "{edited} edited: all matches shown after {least:.1?} at least, {median:.1?} median"
            );
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever measures says how many")]
fn events() -> usize {
    let wanted = std::env::var("RULEWRIGHT_BENCH_EVENTS").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(1_000_000)
}

fn load() -> Arc<Dataset> {
    let sources = scale(events(), 30, "audit");
    Arc::new(Dataset::from_sources(
        sources,
        &CancelToken::new(),
        &Progress::new(),
    ))
}

static LOGS: LazyLock<Arc<Dataset>> = LazyLock::new(load);

/// The bundled rule, with something of its body exchanged.
struct With<'a>(&'a str, &'a str);

impl Texts for With<'_> {
    fn text(&self, path: &Path) -> Option<String> {
        let text = std::fs::read_to_string(path).ok()?;
        Some(text.replace(self.0, self.1))
    }
}

fn rule(with: &With) -> Rule {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("rules/panther/openai_admin_role_assignment.yml");
    detect::open(&path, with).expect("the bundled rule")
}

const AS_IT_IS: With = With("", "");
/// The same test in a way that no guard is read from.
const UNGUARDED: With = With(
    "    if event.get(\"type\") != \"role.assignment.created\":\n",
    "    look = event.get\n    if look(\"type\") != \"role.assignment.created\":\n",
);

fn checked(run: Run, guarded: bool) -> Run {
    assert!(!run.failed(), "{:?}", run.diagnostics);
    let asked = run.asked.expect("a Panther rule");
    assert_eq!(asked.events, events());
    assert_eq!(asked.asked < asked.events, guarded);
    assert!(run.matches.len() > events() / 500, "too few matches");
    run
}

fn again(bencher: Bencher, with: &With, threads: usize, guarded: bool) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let pool = pool.build().expect("threads");
    let (rule, logs) = (rule(with), &*LOGS);
    let now = logs.end().expect("there are events");
    let mut runner = Runner::new();
    let mut run = || pool.install(|| runner.run(&rule, logs, now, &CancelToken::new()));
    checked(run(), guarded);
    bencher
        .counter(ItemsCount::new(events()))
        .bench_local(|| checked(run(), guarded));
}

/// The engine is loaded, the values at the rule's paths are read.
#[divan::bench(args = [1, 2], sample_count = 10)]
fn guarded(bencher: Bencher, threads: usize) {
    again(bencher, &AS_IT_IS, threads, true);
}

#[divan::bench(args = [1, 2], sample_count = 3)]
fn unguarded(bencher: Bencher, threads: usize) {
    again(bencher, &UNGUARDED, threads, false);
}

/// How fast a fast typist types.
const KEYS: Duration = Duration::from_millis(100);

/// What is edited of the bundled rule: a text of its body, and how it begins after the edit.
const TITLE: (&str, &str) = ("admin role assigned", "admin role assigned");
const WORDS: (&str, &str) = ("\"admin\")", "\"admin\", \"never");

/// What is done with the rule after each of many edits of its body. There is time between two keys, in which an
/// interpreter is put in reserve.
fn edits(
    bencher: Bencher,
    (before, after): (&str, &str),
    mut run: impl FnMut(&mut Runner, &Rule, i64),
) {
    let now = LOGS.end().expect("there are events");
    let mut runner = Runner::for_typing();
    let mut edits = 0;
    let end = if before.ends_with(')') { "\")" } else { "" };
    let keys = bencher.with_inputs(|| std::thread::sleep(KEYS));
    keys.bench_local_values(|()| {
        edits += 1;
        let edited = format!("{after} {edits}{end}");
        run(&mut runner, &rule(&With(before, &edited)), now);
    });
}

/// From an edit of the body to the first matches, which the window shows while the rest is asked about.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn first_matches(bencher: Bencher) {
    edits(bencher, WORDS, |runner, rule, now| {
        let cancel = CancelToken::new();
        let mut first = 0;
        runner.run_telling(rule, &LOGS, now, &cancel, &mut |run| {
            first = run.matches.len();
            cancel.cancel();
        });
        assert!(first > 0, "nothing was told");
    });
}

/// The same to the end of the run, when the body is loaded: all matches are shown before, where they are known before.
fn all(bencher: Bencher, name: &'static str, edit: (&str, &str)) {
    edits(bencher, edit, |runner, rule, now| {
        let begun = Instant::now();
        let mut told = (0, Duration::ZERO);
        let run = runner.run_telling(rule, &LOGS, now, &CancelToken::new(), &mut |run| {
            told = (run.matches.len(), begun.elapsed());
        });
        let run = checked(run, true);
        let shown = match told {
            (all, when) if all == run.matches.len() => when,
            _ => begun.elapsed(),
        };
        SHOWN.lock().expect("no one panicked").push((name, shown));
    });
}

/// The title is edited: what `rule` says of the events is known from before.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn all_matches_title(bencher: Bencher) {
    all(bencher, "title", TITLE);
}

/// What decides is edited: every event of the type is decided anew.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn all_matches_rule(bencher: Bencher) {
    all(bencher, "rule", WORDS);
}

/// The first run over events that were just loaded, with the start of the interpreter.
#[divan::bench(args = [1, 2], sample_count = 1, sample_size = 1)]
fn guarded_first(bencher: Bencher, threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let pool = pool.build().expect("threads");
    let rule = rule(&AS_IT_IS);
    bencher
        .counter(ItemsCount::new(events()))
        .with_inputs(load)
        .bench_local_values(|logs| {
            let now = logs.end().expect("there are events");
            pool.install(|| checked(detect::run(&rule, &logs, now, &CancelToken::new()), true))
        });
}
