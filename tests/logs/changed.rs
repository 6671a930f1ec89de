//! Files that change after they were loaded, while their text is on disk: what cannot be read any more is an error of
//! whoever asks, never an event that is not there.

use rulewright::detect::{self, Disk, Run};
use rulewright::generate;
use rulewright::logs::{Connectors, Dataset, Source};
use rulewright::task::{CancelToken, Progress};
use std::path::Path;
use std::sync::Arc;

fn run(rule: &str, data: &Arc<Dataset>) -> Run {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(rule);
    let rule = detect::open(&path, &Disk).expect("a bundled rule");
    let now = data.end().expect("there are events");
    detect::run(&rule, data, now, &CancelToken::new())
}

#[test]
fn a_rule_over_a_changed_file_fails() {
    const PANTHER: &str = "rules/panther/openai_admin_role_assignment.yml";
    const SENTINEL: &str = "rules/sentinel/openai_config_to_abuse_chain.yaml";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = generate::Options {
        events: Some(2_000),
        ..generate::Options::default()
    };
    let files = generate::generate(generate::SCALE, &options).expect("made");
    type Change = fn(&mut Vec<u8>);
    let changes: [(&str, Change); 3] = [
        ("cut off", |bytes| bytes.truncate(bytes.len() / 3)),
        ("written over", |bytes| bytes[..9].fill(b' ')),
        ("gone", Vec::clear),
    ];
    for (what, change) in changes {
        let mut sources = Vec::new();
        for (name, bytes) in &files {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("written");
            sources.push(Source { path, bytes: None });
        }
        let load = || {
            Arc::new(Dataset::from_sources_late(
                sources.clone(),
                &Connectors::default(),
                (0, 64 << 10),
                &CancelToken::new(),
                &Progress::new(),
            ))
        };
        let data = load();
        let undisturbed = load();
        assert!(!run(PANTHER, &undisturbed).matches.is_empty());
        for (source, (_, bytes)) in sources.iter().zip(&files) {
            let mut bytes = bytes.clone();
            change(&mut bytes);
            if bytes.is_empty() {
                std::fs::remove_file(&source.path).expect("removed");
            } else {
                std::fs::write(&source.path, &bytes).expect("written");
            }
        }
        for rule in [PANTHER, SENTINEL] {
            let run = run(rule, &data);
            assert!(run.failed(), "{what}: {rule}: {:?}", run.matches.len());
            let said: Vec<&str> = run.diagnostics.iter().map(|(_, d)| &*d.message).collect();
            let why = if what == "gone" {
                "any more"
            } else {
                "changed"
            };
            assert!(
                said.iter().any(|said| said.contains(why)),
                "{what}: {said:?}"
            );
        }
    }
}
