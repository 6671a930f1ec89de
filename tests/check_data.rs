//! What loaded logs show of a rule.

#[path = "common/check_cases.rs"]
mod check_cases;
#[path = "common/scale.rs"]
mod scale;

use rulewright::check::{Context, check_folder};
use rulewright::detect::{self, Disk};
use rulewright::logs::Dataset;
use rulewright::task::{CancelToken, Progress};
use scale::scale;
use std::sync::Arc;

#[test]
fn cases() {
    check_cases::run("tests/check/data", true);
}

/// Queries that nest as deep as they are long: an answer, and no crash.
#[test]
fn hostile_queries_are_survived() {
    let rule = |query: String| {
        format!("id: c3d4e5f6-3333-4ccc-9003-0123456789ad\nname: A\nquery: |\n  {query}\n")
    };
    let begin = "OpenAIAuditLogs | where ";
    let queries = [
        format!("{begin}{}a", "(".repeat(20_000)),
        format!("{begin}ActorSession{}== 1", ".a".repeat(20_000)),
        format!("{begin}strlen('a'){}== 1", ".a".repeat(20_000)),
        format!(
            "{begin}{}EventType == 'b'",
            "EventType == 'a' or ".repeat(5_000)
        ),
        format!(
            "{begin}{}EventType == 'b'",
            "EventType has 'a' and ".repeat(5_000)
        ),
        format!("{begin}EventType in ({}'x')", "'y', ".repeat(5_000)),
        format!("OpenAIAuditLogs{}", " | where EventType != 'a'".repeat(300)),
        format!(
            "OpenAIAuditLogs{}",
            " | join OpenAIAuditLogs on EventType".repeat(30)
        ),
        format!(
            "{}1",
            "let a = (OpenAIAuditLogs | where EventType == 'x'); ".repeat(100)
        ),
        "let x = 1".to_owned(),
    ];
    for (number, query) in queries.into_iter().enumerate() {
        check_cases::survives(&format!("query-{number}"), "rule.yaml", &rule(query));
    }
}

/// Rules that ask the same of many events are checked at once, over and over, while another one runs: whoever makes what
/// the others wait for must not be handed their work meanwhile.
#[test]
fn many_rules_ask_the_same_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for n in 0..12 {
        let rule = format!(
            "AnalysisType: rule\nRuleID: Same.{n}\nFilename: same_{n}.py\nEnabled: true\nSeverity: Info\nLogTypes: [OpenAI.Audit]\n"
        );
        let body = "def rule(event):\n    return event.get('type') == 'x' and event.deep_get('actor', 'type') == 'y' and event.get('id') == 'z'\n";
        let query = "OpenAIAuditLogs | where EventType == 'x' and ActorSession.user.email has 'z' | project TimeGenerated, EventType";
        let sentinel = format!(
            "id: c3d4e5f6-3333-4ccc-9003-0123456789{n:02}\nname: A{n}\nquery: |\n  {query}\n"
        );
        for (name, text) in [
            (format!("same_{n}.yml"), rule),
            (format!("same_{n}.py"), body.to_owned()),
            (format!("same_{n}.yaml"), sentinel),
        ] {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
    }
    let paths = vec![folder.path().to_owned()];
    let (done, waits) = std::sync::mpsc::channel();
    // A thread of its own: one that waits for ever cannot be ended.
    std::thread::spawn(move || {
        let sources = scale(40_000, 10, "audit");
        for _ in 0..2 {
            let cancel = CancelToken::new();
            let data = Dataset::from_sources(sources.clone(), &cancel, &Progress::new());
            let data = Arc::new(data);
            let context = Context {
                target: None,
                tables: &*data,
                dataset: Some(&data),
                cancel: &cancel,
            };
            std::thread::scope(|scope| {
                let rule = detect::open(&paths[0].join("same_0.yaml"), &Disk).expect("a rule");
                let (data, cancel) = (&data, &cancel);
                scope.spawn(move || {
                    let now = data.end().expect("there are events");
                    detect::run(&rule, data, now, cancel)
                });
                let (checked, _) = check_folder(&paths, &Disk, &context, &Progress::new());
                assert_eq!(checked.len(), 24);
            });
        }
        done.send(()).expect("somebody waits");
    });
    let limit = std::time::Duration::from_secs(60);
    waits.recv_timeout(limit).expect("it ends");
}
