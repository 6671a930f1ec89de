//! The commands as a person or a CI job meets them. Every file below `tests/cli/` holds cases that anyone can
//! read and extend:
//!
//! ```yaml
//! - name: what is shown
//!   args: [run, rule.yaml, --logs, audit.ndjson]   # {repo} stands for the repository
//!   env: {NO_COLOR: "1"}                           # optional
//!   within: logs                                   # optional: a folder of those below, in which it runs instead
//!   files: {audit.ndjson: "…"}                     # written to a fresh folder, in which the command runs
//!   stdin: "…"                                     # optional
//!   status: 0
//!   json: {matches: []}         # stdout is JSON that has at least these keys; lists have the same length
//!   json_lines: [{…}, {…}]      # the same for every line of stdout
//!   stdout: [text, …]           # each stands somewhere in stdout
//!   stderr: [text, …]
//!   written: {out/rule.yaml: "…"}                  # files that are there afterwards, with these texts
//!   seconds: 20                 # longest time it may take; 60 where absent
//! ```

use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    args: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    within: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    stdin: String,
    status: i32,
    json: Option<Json>,
    json_lines: Option<Vec<Json>>,
    #[serde(default)]
    stdout: Vec<String>,
    #[serde(default)]
    stderr: Vec<String>,
    #[serde(default)]
    written: BTreeMap<String, String>,
    #[serde(default = "a_minute")]
    seconds: u64,
}

fn a_minute() -> u64 {
    60
}

#[test]
fn every_command_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut failures = Vec::new();
    let mut count = 0;
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let cases: Vec<Case> =
            serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        for case in cases {
            count += 1;
            for failure in check(&case) {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                failures.push(format!("{name}: {}\n    {failure}", case.name));
            }
        }
    }
    assert!(count > 20, "only {count} cases were found");
    assert!(
        failures.is_empty(),
        "{} of {count} cases:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Runs a case; what did not come out as written.
fn check(case: &Case) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in &case.files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let args = case
        .args
        .iter()
        .map(|arg| arg.replace("{repo}", env!("CARGO_MANIFEST_DIR")));
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_rulewright"))
        .args(args)
        .envs(&case.env)
        .current_dir(folder.path().join(&case.within))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its stdin may be gone before it is written.
    let _ = child.stdin.take().unwrap().write_all(case.stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let mut failures = Vec::new();
    if output.status.code() != Some(case.status) {
        failures.push(format!(
            "exit status {:?} instead of {}",
            output.status.code(),
            case.status
        ));
    }
    if begun.elapsed() > Duration::from_secs(case.seconds) {
        failures.push(format!("it took {:?}", begun.elapsed()));
    }
    if let Some(expected) = &case.json {
        match serde_json::from_str(&stdout) {
            Ok(actual) => differences(expected, &actual, "$", &mut failures),
            Err(e) => failures.push(format!("stdout is not JSON: {e}")),
        }
    }
    if let Some(expected) = &case.json_lines {
        let lines: Result<Vec<Json>, _> = stdout.lines().map(serde_json::from_str).collect();
        match lines {
            Ok(lines) => differences(
                &Json::Array(expected.clone()),
                &Json::Array(lines),
                "$",
                &mut failures,
            ),
            Err(e) => failures.push(format!("a line of stdout is not JSON: {e}")),
        }
    }
    for (stream, text, wanted) in [
        ("stdout", &stdout, &case.stdout),
        ("stderr", &stderr, &case.stderr),
    ] {
        for part in wanted {
            if !text.contains(part.as_str()) {
                failures.push(format!("{stream} lacks '{part}'"));
            }
        }
        if text.contains("panicked at") {
            failures.push(format!("{stream} tells of a panic"));
        }
    }
    for (name, wanted) in &case.written {
        match std::fs::read_to_string(folder.path().join(name)) {
            Ok(text) if text == *wanted => {}
            Ok(text) => failures.push(format!("{name} holds {text:?} instead of {wanted:?}")),
            Err(e) => failures.push(format!("{name}: {e}")),
        }
    }
    if !failures.is_empty() {
        failures.push(format!("stdout: {stdout}\n    stderr: {stderr}"));
    }
    failures
}

/// Where `actual` lacks something of `expected`: objects may have more keys, everything else is the same.
fn differences(expected: &Json, actual: &Json, at: &str, found: &mut Vec<String>) {
    match (expected, actual) {
        (Json::Object(e), Json::Object(a)) => {
            for (key, value) in e {
                match a.get(key) {
                    Some(other) => differences(value, other, &format!("{at}.{key}"), found),
                    None => found.push(format!("{at} has no '{key}'")),
                }
            }
        }
        (Json::Array(e), Json::Array(a)) if e.len() == a.len() => {
            for (i, (e, a)) in e.iter().zip(a).enumerate() {
                differences(e, a, &format!("{at}[{i}]"), found);
            }
        }
        (e, a) if e == a => {}
        (e, a) => found.push(format!("{at} is {a} instead of {e}")),
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rulewright"))
        .args([
            "query",
            "range x from 1 to 200000 step 1",
            "--format",
            "ndjson",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
