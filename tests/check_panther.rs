//! The checks of Panther's documents.

#[path = "common/check_cases.rs"]
mod check_cases;

use rulewright::check::{Context, check_folder};
use rulewright::detect::Disk;
use rulewright::diagnostic::LineIndex;
use rulewright::logs::Dataset;
use rulewright::task::{CancelToken, Progress};
use std::path::PathBuf;

#[test]
fn cases() {
    check_cases::run("tests/check/panther", false);
}

/// Prints what is found below a folder: RULEWRIGHT_CHECK names it.
#[test]
#[ignore = "for comparisons by hand"]
fn dump() {
    let Some(root) = std::env::var_os("RULEWRIGHT_CHECK").map(PathBuf::from) else {
        return;
    };
    let (data, cancel) = (Dataset::default(), CancelToken::new());
    let context = Context {
        target: None,
        tables: &data,
        dataset: None,
        cancel: &cancel,
    };
    let begun = std::time::Instant::now();
    let (checked, _) = check_folder(&[root.clone()], &Disk, &context, &Progress::new());
    eprintln!("{} documents in {:?}", checked.len(), begun.elapsed());
    for one in checked {
        for finding in &one.findings {
            let text = match &one.companion {
                Some((path, text)) if *path == finding.path => text,
                _ => &one.text,
            };
            let d = &finding.diagnostic;
            let line = d
                .span
                .map_or(0, |s| LineIndex::new(text).position(s.start).line);
            let short = |path: &std::path::Path| {
                let short = path.strip_prefix(&root).unwrap_or(path);
                short.display().to_string()
            };
            let fixes: Vec<&str> = d.fixes.iter().map(|f| f.title.as_str()).collect();
            println!(
                "F\t{}\t{}\t{line}\t{}\t{}\t{}\t{}\t{}",
                short(&one.path),
                short(&finding.path),
                d.severity,
                d.code,
                d.message.replace('\n', " "),
                d.hint.clone().unwrap_or_default().replace('\n', " "),
                fixes.join(" | ")
            );
        }
    }
}
