//! The two rules over the ten scenarios, and the rules' own cases.

use rulewright::detect::schedule::{Schedule, runs};
use rulewright::detect::{self, Disk, Platform, Rule};
use rulewright::logs::Dataset;
use rulewright::task::{CancelToken, Progress};
use rulewright::value::time;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn rule(platform: Platform, id: &str) -> Rule {
    detect::find_rules(&[repository("rules")])
        .iter()
        .map(|path| detect::open(path, &Disk).unwrap())
        .find(|rule| rule.platform() == platform && rule.id() == id)
        .unwrap_or_else(|| panic!("rules/ has no {id}"))
}

fn chain_rule() -> Rule {
    rule(Platform::Sentinel, "c3d4e5f6-3333-4ccc-9003-0123456789ad")
}

fn role_rule() -> Rule {
    rule(Platform::Panther, "OpenAI.Admin.Role.Assignment")
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    scenario: String,
    story: String,
    fires: usize,
    rows: usize,
    first: Option<String>,
    role: usize,
}

fn expected() -> Vec<Expected> {
    let text = std::fs::read_to_string(repository("tests/detect/scenarios.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

/// The folder of a scenario: the one whose name begins with its id.
fn logs_of(scenario: &str) -> Arc<Dataset> {
    let folder = std::fs::read_dir(repository("sample-logs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = name.to_lowercase();
            let id = scenario.to_lowercase();
            path.is_dir()
                && name
                    .strip_prefix(&id)
                    .is_some_and(|r| r.is_empty() || r.starts_with('-'))
        })
        .unwrap_or_else(|| panic!("sample-logs/ has no folder {scenario}"));
    let data = Dataset::load(&[folder], &CancelToken::new(), &Progress::new());
    for file in data.files() {
        assert_eq!(file.rejected, [], "{}", file.path.display());
    }
    Arc::new(data)
}

/// From the hour of the first event to a day and an hour after the last.
fn hourly(data: &Dataset) -> Schedule {
    let first = data.files().iter().filter_map(|f| f.first).min().unwrap();
    Schedule::hourly(5, first, data.end().unwrap() + 25 * time::HOUR)
}

#[test]
fn the_chain_rule_sees_what_it_should_in_every_scenario() {
    let rule = chain_rule();
    for scenario in expected() {
        let data = logs_of(&scenario.scenario);
        let mut fires = 0;
        let mut rows = 0;
        let mut first = None;
        for run in runs(&rule, &data, hourly(&data), &CancelToken::new()) {
            assert_eq!(run.diagnostics, []);
            if !run.matches.is_empty() {
                fires += 1;
                rows = rows.max(run.matches.len());
                first = first.or(Some(run.now));
            }
            for one in &run.matches {
                // Every match knows its two events: the change, then the answer.
                assert_eq!(one.events.len(), 2, "{}", scenario.scenario);
                let times: Vec<_> = one
                    .events
                    .iter()
                    .map(|id| data.event(*id).unwrap().time)
                    .collect();
                assert!(times.is_sorted());
                assert_eq!(one.entities.first().unwrap().entity_type, "Account");
            }
        }
        let wanted = scenario
            .first
            .as_deref()
            .map(|t| time::parse_datetime(t).unwrap());
        assert_eq!(
            (fires, rows, first.map(time::format_short)),
            (
                scenario.fires,
                scenario.rows,
                wanted.map(time::format_short)
            ),
            "{}: {}",
            scenario.scenario,
            scenario.story
        );
    }
}

#[test]
fn the_role_rule_speaks_once() {
    let rule = role_rule();
    let mut runner = detect::Runner::new();
    for scenario in expected() {
        let data = logs_of(&scenario.scenario);
        let run = runner.run(&rule, &data, data.end().unwrap(), &CancelToken::new());
        assert!(!run.failed(), "{:?}", run.diagnostics);
        assert_eq!(
            run.matches.len(),
            scenario.role,
            "{}: {}",
            scenario.scenario,
            scenario.story
        );
        for one in &run.matches {
            assert_eq!(one.events.len(), 1);
            let event = data.event(one.events[0]).unwrap();
            assert!(
                data.raw(event.id)
                    .unwrap()
                    .contains("role.assignment.created")
            );
            assert!(one.entities.iter().any(|e| e.entity_type == "Account"));
            assert!(one.context.is_some());
        }
    }
}

#[test]
fn the_bundled_rules_open_without_an_error_and_their_cases_pass() {
    for rule in [chain_rule(), role_rule()] {
        let errors: Vec<_> = rule
            .diagnostics
            .iter()
            .filter(|(_, d)| d.is_error())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        let results = detect::run_cases(&rule, None, &CancelToken::new());
        assert!(
            results.len() >= 5,
            "{} has {} cases",
            rule.name(),
            results.len()
        );
        let yes = results
            .iter()
            .filter(|r| !r.expected.starts_with("no "))
            .count();
        assert!(yes > 0 && yes < results.len(), "cases of both kinds");
        for result in results {
            assert!(result.passed, "{}: {}", result.case, result.message);
            assert!(result.line > 0);
        }
    }
}

#[test]
fn stages_stand_at_their_text_in_the_yaml_file() {
    let rule = chain_rule();
    let data = logs_of("B1");
    let run = detect::run(&rule, &data, data.end().unwrap(), &CancelToken::new());
    assert!(run.stages.len() > 10, "{} stages", run.stages.len());
    for stage in &run.stages {
        let text = &rule.text[stage.span.start..stage.span.end];
        let words = ["where", "extend", "project", "join", "order", "OpenAI"];
        let begins = text.trim_start_matches(['|', ' ']);
        // A stage is an operator, a table, or the name of a `let` that stands for one.
        let named = begins.chars().all(char::is_alphanumeric);
        assert!(
            named || words.iter().any(|w| begins.starts_with(w)),
            "{text}"
        );
    }
    let last = run.stages.last().unwrap();
    assert!(rule.text[last.span.start..last.span.end].contains("order by ConfigTime desc"));
    assert_eq!(last.rows, run.matches.len());
}

/// Texts from disk, but for one file.
struct Instead {
    path: PathBuf,
    text: String,
}

impl detect::Texts for Instead {
    fn text(&self, path: &Path) -> Option<String> {
        if path == self.path {
            Some(self.text.clone())
        } else {
            Disk.text(path)
        }
    }
}

#[test]
fn the_seed_rules_give_the_same_rows_as_ours() {
    let cancel = CancelToken::new();
    let (chain, role) = (chain_rule(), role_rule());
    let seed_chain = detect::open(&repository("tests/sentinel/seed.yaml"), &Disk).unwrap();
    // The seed of the role rule names a body without giving it: it takes ours.
    let body = Instead {
        path: repository("tests/panther/seed/openai_admin_role_assignment.py"),
        text: role.companion_text.clone().unwrap(),
    };
    let seed_role = repository("tests/panther/seed/openai_admin_role_assignment.yml");
    let seed_role = detect::open(&seed_role, &body).unwrap();
    let mut rows = 0;
    for (ours, seed) in [(&chain, &seed_chain), (&role, &seed_role)] {
        assert_eq!(ours.id(), seed.id());
        for scenario in expected() {
            let data = logs_of(&scenario.scenario);
            let now = data.end().unwrap();
            let (ours, seed) = (
                detect::run(ours, &data, now, &cancel),
                detect::run(seed, &data, now, &cancel),
            );
            assert!(!seed.failed(), "{:?}", seed.diagnostics);
            assert_eq!(ours.columns, seed.columns);
            rows += seed.matches.len();
            let of = |run: &detect::Run| -> Vec<_> {
                let matches = run.matches.iter();
                matches
                    .map(|m| (m.row.clone(), m.events.clone(), m.entities.clone()))
                    .collect()
            };
            assert_eq!(of(&ours), of(&seed), "{}", scenario.scenario);
        }
    }
    // At the end of each scenario's logs every row of the table above is there, but for rows that are gone again.
    assert!(rows > 500, "{rows} rows were compared");
    let results = detect::run_cases(&seed_role, None, &cancel);
    assert_eq!(results.len(), 7);
    assert!(results.iter().all(|r| r.passed), "{results:?}");
}

#[test]
fn the_combined_day_has_all_scenarios_in_it() {
    // sample-logs/README.md says how the 613 rows come about.
    let folder = repository("sample-logs/combined-day");
    let data = Arc::new(Dataset::load(
        &[folder],
        &CancelToken::new(),
        &Progress::new(),
    ));
    let now = data.end().unwrap();
    let matches = |rule: &Rule| {
        detect::run(rule, &data, now, &CancelToken::new())
            .matches
            .len()
    };
    assert_eq!((matches(&chain_rule()), matches(&role_rule())), (613, 1));
}

#[test]
fn a_keystroke_is_answered_within_a_tenth_of_a_second() {
    let folder = repository("sample-logs/combined-day");
    let data = Arc::new(Dataset::load(
        &[folder],
        &CancelToken::new(),
        &Progress::new(),
    ));
    let now = data.end().unwrap();
    let cancel = CancelToken::new();
    for saved in [chain_rule(), role_rule()] {
        let mut runner = detect::Runner::for_typing();
        runner.run(&saved, &data, now, &cancel);
        // The fastest of a few: other work on the machine is not what is measured.
        let fastest = (0..8)
            .map(|key| {
                let begun = std::time::Instant::now();
                let path = saved
                    .companion
                    .clone()
                    .filter(|p| p.extension().is_some_and(|e| e == "py"));
                let (path, text) = match path {
                    Some(body) => (body, saved.companion_text.clone().unwrap()),
                    None => (saved.path.clone(), saved.text.clone()),
                };
                let texts = Instead {
                    path,
                    text: format!("{text}\n# {key}"),
                };
                let typed = detect::open(&saved.path, &texts).unwrap();
                let run = runner.run(&typed, &data, now, &cancel);
                assert!(!run.matches.is_empty());
                let took = begun.elapsed();
                std::thread::sleep(std::time::Duration::from_millis(100)); // nobody types faster for long
                took
            })
            .min()
            .unwrap();
        assert!(fastest.as_millis() < 100, "{}: {fastest:?}", saved.name());
    }
}

#[test]
fn a_rule_from_an_editor_runs_with_the_text_of_the_editor() {
    let saved = chain_rule();
    let text = saved.text.replace("\"length\"", "\"nothing\"");
    assert_ne!(text, saved.text);
    let path = saved.path.clone();
    let typed = detect::open(
        &path,
        &Instead {
            path: path.clone(),
            text,
        },
    )
    .unwrap();
    // B1 is thirty answers cut for length and nothing else.
    let data = logs_of("B1");
    let cancel = CancelToken::new();
    let now = data.end().unwrap();
    assert_eq!(detect::run(&saved, &data, now, &cancel).matches.len(), 30);
    assert_eq!(detect::run(&typed, &data, now, &cancel).matches.len(), 0);
}

/// A thousand role assignments, of which the odd ones are of a role, the others of one without rights.
fn assignments(role: &str) -> Arc<Dataset> {
    let line = |n: usize| {
        let role = if n % 2 == 1 { role } else { "reader" };
        format!(
            r#"{{"id":"e{n}","type":"role.assignment.created","effective_at":{},"role.assignment.created":{{"id":"role_assignment_role-{role}__project__p_u{n}","principal_id":"u{n}"}}}}"#,
            1_780_000_000 + n
        )
    };
    let text: Vec<String> = (0..1000).map(line).collect();
    let source = rulewright::logs::Source {
        path: "audit.ndjson".into(),
        bytes: Some(text.join("\n").into_bytes()),
    };
    let data = Dataset::from_sources(vec![source], &CancelToken::new(), &Progress::new());
    Arc::new(data)
}

/// What was said before an edit is taken over where it still holds: the runs are those of somebody who begins anew.
#[test]
fn a_run_after_an_edit_is_the_run_of_a_new_runner() {
    let saved = role_rule();
    let body = saved.companion.clone().unwrap();
    let text = saved.companion_text.clone().unwrap();
    let edits = [
        ("", ""),
        ("admin role assigned", "role given"),
        ("admin role assigned", "role given"),
        ("\"HIGH\"", "\"LOW\""),
        ("\"HIGH\"", "\"NONE SUCH\""),
        ("\"resource_type\": event", "\"resource\": event"),
        (
            "\"event_type\": event.get(\"type\"),",
            "\"title\": 1, \"event_type\": [event.get(\"id\")],",
        ),
        ("(\"owner\", \"admin\")", "(\"owner\", \"reader\")"),
        ("(\"owner\", \"admin\")", "(\"reader\",)"),
        ("", ""),
        ("admin role assigned", "role given"),
        ("return any(", "return event.get(\"id\") == \"e8\" or any("),
        (
            "def rule(event):\n",
            "def rule(event):\n    int(event.get(\"id\")[1:])\n",
        ),
        (
            "def alert_context",
            "def dedup(event):\n    return event.get(\"id\")\n\n\ndef alert_context",
        ),
        ("def alert_context", "def no_context"),
        ("def title", "def no_title"),
        ("return f\"", "return 7\n    return f\""),
        ("", ""),
    ];
    let (mut runner, mut steady) = (detect::Runner::new(), detect::Runner::new());
    let cancel = CancelToken::new();
    let (owners, admins) = (assignments("owner"), assignments("admin"));
    let mut seen = std::collections::BTreeSet::new();
    for (old, new) in edits {
        let typed = Instead {
            path: body.clone(),
            text: text.replace(old, new),
        };
        let rule = detect::open(&saved.path, &typed).unwrap();
        // Other logs have events of the same numbers.
        for (data, stays) in [(&owners, false), (&admins, false), (&admins, true)] {
            let now = data.end().unwrap();
            let account = |run: detect::Run| {
                assert!(!run.failed(), "{new}: {:?}", run.diagnostics);
                format!(
                    "{:?} {:?} {:?} {:?} {:?}",
                    run.columns, run.matches, run.alerts, run.diagnostics, run.asked
                )
            };
            let runner = if stays { &mut steady } else { &mut runner };
            let again = account(runner.run(&rule, data, now, &cancel));
            let anew = account(detect::run(&rule, data, now, &cancel));
            assert!(
                again == anew,
                "{old} -> {new}:\n{again:.2000}\n{anew:.2000}"
            );
            seen.insert(anew);
        }
    }
    assert!(seen.len() > 15, "{} different runs", seen.len());
}

#[test]
fn the_first_matches_of_a_long_run_are_those_of_the_whole() {
    let (data, rule) = (assignments("owner"), role_rule());
    let mut told = Vec::new();
    let whole = detect::Runner::new().run_telling(
        &rule,
        &data,
        data.end().unwrap(),
        &CancelToken::new(),
        &mut |run| told.push(run),
    );
    assert!(!whole.partial && whole.matches.len() == 500);
    assert!(
        !told.is_empty() && told[0].matches.len() <= 32,
        "they come early"
    );
    for run in told {
        assert!(run.partial && !run.failed());
        let titles = |run: &detect::Run, most: usize| -> Vec<(Arc<str>, Vec<u32>)> {
            let matches = run.matches.iter().take(most);
            matches
                .map(|m| (m.title.clone(), m.events.clone()))
                .collect()
        };
        let count = run.matches.len();
        assert_eq!(titles(&run, count), titles(&whole, count));
    }
}
