//! Cases of checks: text files, each with a few documents and what is to be found in them.
//!
//! ```text
//! === What the case shows
//! --- rule.yml
//! the document
//! --- rule.py
//! the files beside it; `logs/…` are loaded
//! --- found
//! rule.py:3:12 warning panther-return-type: the message
//!     hint: the hint
//!     fix: the title of a fix
//! ```
//!
//! A file that `--- all of NAME` begins is put into every case that follows. Of a finding only what is written down is
//! compared: lines `hint:` and `fix:` may be left out, and a message that ends in `…` is compared up to there. Findings
//! of other codes than the case names are left out when a line `codes: a, b` stands first in `found`.
//! `--- fixed FILE` is FILE after the first fix of the first finding.

use rulewright::check::{Context, Finding, check_folder};
use rulewright::detect::Disk;
use rulewright::diagnostic::LineIndex;
use rulewright::logs::Dataset;
use rulewright::task::{CancelToken, Progress};
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, Default)]
struct Case {
    name: String,
    files: Vec<(String, String)>,
    found: String,
    fixed: Option<(String, String)>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut shared: Vec<(String, String)> = Vec::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut into: Option<String> = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            cases.push(Case {
                name: name.to_owned(),
                files: shared.clone(),
                ..Case::default()
            });
            into = None;
        } else if let Some(name) = line.strip_prefix("--- ") {
            into = Some(name.to_owned());
            if let Some(name) = name.strip_prefix("all of ") {
                shared.push((name.to_owned(), String::new()));
            } else if let Some(case) = cases.last_mut() {
                if let Some(name) = name.strip_prefix("fixed ") {
                    case.fixed = Some((name.to_owned(), String::new()));
                } else if name != "found" {
                    // A case's own file takes the place of a shared one.
                    case.files.retain(|(other, _)| other != name);
                    case.files.push((name.to_owned(), String::new()));
                }
            }
        } else if let Some(name) = &into {
            let text = match (name.as_str(), cases.last_mut()) {
                (name, _) if name.starts_with("all of ") => shared.last_mut().map(|(_, text)| text),
                ("found", Some(case)) => Some(&mut case.found),
                (name, Some(case)) if name.starts_with("fixed ") => {
                    case.fixed.as_mut().map(|(_, text)| text)
                }
                (_, Some(case)) => case.files.last_mut().map(|(_, text)| text),
                (_, None) => None,
            };
            let text = text.unwrap_or_else(|| panic!("a line before the first case: {line}"));
            text.push_str(line);
            text.push('\n');
        }
    }
    cases
}

/// Runs all cases of a folder; with the logs of each where `data`.
pub fn run(folder: &str, data: bool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&root)
        .unwrap_or_else(|e| panic!("{}: {e}", root.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} has no cases");
    let mut failed = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        for (number, case) in cases(&text).into_iter().enumerate() {
            let place = std::env::temp_dir().join(format!(
                "rulewright-check-{}-{stem}-{number}",
                std::process::id()
            ));
            let outcome = one(&place, &case, data);
            let _ = std::fs::remove_dir_all(&place);
            if let Err(why) = outcome {
                failed.push(format!("{stem}: {}\n{why}", case.name));
            }
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n\n"));
}

fn one(place: &Path, case: &Case, data: bool) -> Result<(), String> {
    let _ = std::fs::remove_dir_all(place);
    for (name, text) in &case.files {
        let path = place.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let cancel = CancelToken::new();
    let dataset = match data {
        true => Dataset::load(&[place.join("logs")], &cancel, &Progress::new()),
        false => Dataset::default(),
    };
    let context = Context {
        target: None,
        tables: &dataset,
        dataset: data.then_some(&dataset),
        cancel: &cancel,
    };
    let rules = place.to_path_buf();
    let (checked, _) = check_folder(&[rules], &Disk, &context, &Progress::new());
    let mut findings: Vec<Finding> = checked.into_iter().flat_map(|c| c.findings).collect();
    // Machines are told of every code but those of the languages.
    for finding in &findings {
        let code = &finding.diagnostic.code;
        let told = rulewright::check::codes().any(|known| known.id == code);
        if !told && !code.starts_with("yaml-") && !code.starts_with("KQL") {
            return Err(format!("`{code}` is not among the codes that are told"));
        }
    }
    let mut expected: Vec<&str> = case
        .found
        .lines()
        .filter(|l| !l.trim().is_empty())
        .collect();
    if let Some(codes) = expected
        .first()
        .and_then(|line| line.strip_prefix("codes: "))
    {
        let codes: Vec<&str> = codes.split(", ").collect();
        findings.retain(|f| codes.iter().any(|code| f.diagnostic.code.starts_with(code)));
        expected.remove(0);
    }
    let shown: Vec<Vec<String>> = findings.iter().map(|f| show(place, f)).collect();
    compare(&expected, &shown)?;
    let Some((name, wanted)) = &case.fixed else {
        return Ok(());
    };
    let fix = findings.iter().find_map(|f| f.diagnostic.fixes.first());
    let text = std::fs::read_to_string(place.join(name)).unwrap();
    match fix.and_then(|fix| fix.apply(&text)) {
        // The line before the next case is the file's, not the text's.
        Some(text) if text.trim_end() == wanted.trim_end() => Ok(()),
        Some(text) => Err(format!("after the fix {name} is:\n{text}")),
        None => Err("there is no fix that fits".to_owned()),
    }
}

/// A finding: its line, its hint, its fixes.
fn show(place: &Path, finding: &Finding) -> Vec<String> {
    let text = std::fs::read_to_string(&finding.path).unwrap_or_default();
    let found = &finding.diagnostic;
    let short = |text: &str| text.replace(&format!("{}/", place.display()), "");
    let at = found
        .span
        .map(|span| LineIndex::new(&text).position(span.start));
    let at = at.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
    let name = short(&finding.path.display().to_string());
    let (severity, code) = (found.severity, &found.code);
    let mut lines = vec![short(&format!(
        "{name}{at} {severity} {code}: {}",
        found.message
    ))];
    lines.extend(found.hint.iter().map(|hint| format!("    hint: {hint}")));
    lines.extend(
        found
            .fixes
            .iter()
            .map(|fix| format!("    fix: {}", fix.title)),
    );
    lines
}

fn compare(expected: &[&str], shown: &[Vec<String>]) -> Result<(), String> {
    let all = || {
        let lines: Vec<String> = shown.iter().flatten().cloned().collect();
        format!("found:\n{}", lines.join("\n"))
    };
    let mut left: Vec<&Vec<String>> = shown.iter().collect();
    let mut current: Option<&Vec<String>> = None;
    for line in expected {
        if line.starts_with("    ") {
            let there = current.is_some_and(|lines| lines.iter().any(|other| fits(line, other)));
            if !there {
                return Err(format!("not there: {line}\n{}", all()));
            }
            continue;
        }
        let at = left
            .iter()
            .position(|lines| lines.first().is_some_and(|other| fits(line, other)));
        match at {
            Some(at) => current = Some(left.remove(at)),
            None => return Err(format!("not found: {line}\n{}", all())),
        }
    }
    match left.is_empty() {
        true => Ok(()),
        false => Err(format!("more than expected\n{}", all())),
    }
}

fn fits(expected: &str, other: &str) -> bool {
    match expected.strip_suffix('…') {
        Some(begin) => other.starts_with(begin),
        None => expected == other,
    }
}

/// Checks a document with a companion; whatever is found, places and fixes fit their texts.
#[allow(dead_code)]
pub fn survives(name: &str, file: &str, text: &str) {
    let place =
        std::env::temp_dir().join(format!("rulewright-check-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&place).unwrap();
    let rule = "AnalysisType: rule\nRuleID: A.B\nEnabled: true\nFilename: rule.py\nLogTypes: [OpenAI.Audit]\nSeverity: High\nTests:\n  - {Name: one, ExpectedResult: true, Log: {a: 1}}\n";
    if file.ends_with(".py") {
        std::fs::write(place.join("rule.yml"), rule).unwrap();
    }
    std::fs::write(place.join(file), text).unwrap();
    let cancel = CancelToken::new();
    let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs/c5-leaked-admin-key");
    let dataset = Dataset::load(&[logs], &cancel, &Progress::new());
    let context = Context {
        target: None,
        tables: &dataset,
        dataset: Some(&dataset),
        cancel: &cancel,
    };
    let (checked, _) = check_folder(
        std::slice::from_ref(&place),
        &Disk,
        &context,
        &Progress::new(),
    );
    assert!(!checked.is_empty(), "{name}: nothing was checked");
    for finding in checked.iter().flat_map(|one| &one.findings) {
        let text = std::fs::read_to_string(&finding.path).unwrap();
        if let Some(span) = finding.diagnostic.span {
            assert!(
                text.get(span.start..span.end).is_some(),
                "{name}: {finding:?}"
            );
        }
        for fix in &finding.diagnostic.fixes {
            assert!(fix.apply(&text).is_some(), "{name}: {fix:?}");
        }
    }
    let _ = std::fs::remove_dir_all(&place);
}
