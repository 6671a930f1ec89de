//! What loaded logs show of a rule.

#[path = "common/check_cases.rs"]
mod check_cases;

use rulewright::check::{Context, Source, check};
use rulewright::detect::Disk;
use rulewright::diagnostic::LineIndex;
use rulewright::logs::Dataset;
use rulewright::task::{CancelToken, Progress};
use std::path::PathBuf;

#[test]
fn cases() {
    check_cases::run("tests/check/data", true);
}

/// Prints what the logs of RULEWRIGHT_LOGS show of the rule RULEWRIGHT_CHECK.
#[test]
#[ignore = "for comparisons by hand"]
fn dump() {
    let of = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let (Some(path), Some(logs)) = (of("RULEWRIGHT_CHECK"), of("RULEWRIGHT_LOGS")) else {
        return;
    };
    let cancel = CancelToken::new();
    let data = Dataset::load(&[logs], &cancel, &Progress::new());
    println!(
        "{} events, log types {:?}",
        data.event_count(),
        data.log_types()
    );
    let text = std::fs::read_to_string(&path).unwrap();
    for _ in 0..3 {
        let begun = std::time::Instant::now();
        let context = Context {
            target: None,
            tables: &data,
            dataset: Some(&data),
            cancel: &cancel,
        };
        let source = Source {
            path: &path,
            text: &text,
            texts: &Disk,
        };
        let found = check(&source, &context);
        println!("{} findings in {:?}", found.len(), begun.elapsed());
        for finding in found {
            let text = std::fs::read_to_string(&finding.path).unwrap();
            let name = finding
                .path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            println!(
                "{}",
                finding.diagnostic.render(&name, &LineIndex::new(&text))
            );
        }
    }
}
