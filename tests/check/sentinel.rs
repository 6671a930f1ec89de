//! Runs the cases of the Sentinel checks.

use rulewright::check::{self, Context, Finding, Schemas, Source, Target};
use rulewright::detect::Disk;
use rulewright::diagnostic::LineIndex;
use rulewright::logs::Dataset;
use rulewright::task::CancelToken;
use rulewright::value::Type;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/sentinel")
}

/// The lines at the top of a case.
#[derive(Default)]
struct Header {
    target: Option<Target>,
    without: Vec<String>,
    crlf: bool,
    schema: Vec<(String, Vec<(String, Type)>)>,
}

impl Header {
    fn of(text: &str) -> Self {
        let mut header = Header::default();
        for line in text.lines().map_while(|l| l.strip_prefix("# ")) {
            if let Some(name) = line.strip_prefix("target: ") {
                let target = Target::ALL.into_iter().find(|t| t.name() == name.trim());
                header.target = Some(target.expect("a target"));
            } else if let Some(names) = line.strip_prefix("without: ") {
                header.without = names.split_whitespace().map(str::to_owned).collect();
            } else if let Some(table) = line.strip_prefix("schema: ") {
                let (name, columns) = table.split_once('(').expect("Table(Column:type, …)");
                let columns = columns.trim_end_matches(')').split(',').map(|column| {
                    let (name, ty) = column.trim().split_once(':').expect("Column:type");
                    (name.to_owned(), Type::from_name(ty).expect("a type"))
                });
                header.schema.push((name.to_owned(), columns.collect()));
            } else if line.trim() == "crlf" {
                header.crlf = true;
            }
        }
        header
    }
}

/// The top-level entries of a text, with their keys.
fn entries(text: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let key = line
            .split_once(':')
            .map(|(key, _)| key)
            .filter(|key| !key.is_empty() && !key.starts_with([' ', '#', '-', '\t']));
        match (key, entries.last_mut()) {
            (Some(key), _) => entries.push((key.to_owned(), line.to_owned())),
            (None, Some((_, entry))) => entry.push_str(line),
            (None, None) => {}
        }
    }
    entries
}

/// The whole rule of a case.
fn whole(case: &str, header: &Header) -> String {
    let base = std::fs::read_to_string(folder().join("base.yaml")).unwrap();
    let own: Vec<String> = entries(case).into_iter().map(|(key, _)| key).collect();
    let mut text = case.to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    for (key, entry) in entries(&base) {
        if !own.contains(&key) && !header.without.contains(&key) {
            text.push_str(&entry);
        }
    }
    match header.crlf {
        true => text.replace('\n', "\r\n"),
        false => text,
    }
}

fn findings(text: &str, header: &Header) -> Vec<Finding> {
    let data = Dataset::default();
    let mut tables = Schemas::new(&data);
    tables.add(header.schema.clone());
    let source = Source {
        path: Path::new("no-such-folder/case.yaml"),
        text,
        texts: &Disk,
    };
    let cancel = CancelToken::new();
    let context = Context {
        target: header.target,
        tables: &tables,
        dataset: None,
        cancel: &cancel,
    };
    check::check(&source, &context)
}

/// The lines of `new` that are not in `old` at the same place from the front or the back.
fn changed<'n>(old: &str, new: &'n str) -> Vec<&'n str> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let front = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - front;
    let back = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    new[front..new.len() - back.min(most)].to_vec()
}

fn shown(text: &str, findings: &[Finding], codes: &[&str]) -> String {
    let lines = LineIndex::new(text);
    let mut shown = String::new();
    for finding in findings {
        let d = &finding.diagnostic;
        if !codes.contains(&d.code.as_str()) {
            continue;
        }
        let span = d
            .span
            .unwrap_or_else(|| panic!("{d:?} has no place in {text}"));
        let (start, end) = (lines.position(span.start), lines.position(span.end));
        let end = match start.line == end.line {
            true => end.column.to_string(),
            false => format!("{}:{}", end.line, end.column),
        };
        let target = finding
            .target
            .map_or(String::new(), |t| format!(" [{}]", t.name()));
        let _ = writeln!(
            shown,
            "{}:{}-{end} {} {}{target} {}",
            start.line, start.column, d.severity, d.code, d.message
        );
        for fix in &d.fixes {
            let _ = writeln!(shown, "  fix: {}", fix.title);
            let after = fix
                .apply(text)
                .unwrap_or_else(|| panic!("{fix:?} fits {text}"));
            for line in changed(text, &after) {
                let _ = writeln!(shown, "  => {line}");
            }
        }
    }
    shown
}

#[test]
fn the_base_is_free_of_everything_but_remarks() {
    let text = std::fs::read_to_string(folder().join("base.yaml")).unwrap();
    for target in [None, Some(Target::Service), Some(Target::SentinelAsCode)] {
        let header = Header {
            target,
            ..Header::default()
        };
        let found = findings(&text, &header);
        assert_eq!(found, [], "{target:?}");
    }
}

#[test]
fn every_check_says_what_its_cases_expect() {
    let write = std::env::var_os("CHECK_CASES").is_some_and(|v| v == "write");
    let mut failures = String::new();
    let mut written = Vec::new();
    let mut count = 0;
    let mut seen: Vec<String> = Vec::new();
    for check in std::fs::read_dir(folder()).unwrap().flatten() {
        if !check.path().is_dir() {
            continue;
        }
        let codes = std::fs::read_to_string(check.path().join("codes.txt")).unwrap();
        let codes: Vec<&str> = codes.split_whitespace().collect();
        for case in std::fs::read_dir(check.path()).unwrap().flatten() {
            let path = case.path();
            if path.extension().is_none_or(|e| e != "yaml") {
                continue;
            }
            count += 1;
            let case = std::fs::read_to_string(&path).unwrap();
            let header = Header::of(&case);
            let text = whole(&case, &header);
            let found = findings(&text, &header);
            let actual = shown(&text, &found, &codes);
            let expected_path = path.with_extension("txt");
            let expected = std::fs::read_to_string(&expected_path).unwrap_or_default();
            seen.extend(
                codes
                    .iter()
                    .filter(|c| expected.contains(**c))
                    .map(|c| (*c).to_owned()),
            );
            if actual == expected {
                continue;
            }
            let _ = writeln!(
                failures,
                "{}:\n--- expected\n{expected}--- actual\n{actual}",
                path.display()
            );
            if write {
                std::fs::write(&expected_path, &actual).unwrap();
                written.push(expected_path);
            }
        }
        for code in codes {
            if !seen.iter().any(|s| s == code) {
                let _ = writeln!(
                    failures,
                    "no case of {} shows {code}",
                    check.path().display()
                );
            }
        }
    }
    assert!(count >= 40, "only {count} cases were found");
    assert!(
        written.is_empty(),
        "written; read the difference: {written:#?}"
    );
    assert!(failures.is_empty(), "{failures}");
}
