//! `test`: the cases of all rules below the paths.

use super::input::{self, exact, shown};
use super::output::{Answer, Screen, Stop, count, say, stdout};
use super::{junit, progress, test_text};
use crate::detect::{CaseResult, Folder, Other, Rule};
use crate::diagnostic::LineIndex;
use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Rule files, or folders with rules.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Only cases whose name, or whose rule's name or id, contains this text.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// Every case on a line of its own, however many there are.
    #[arg(long)]
    verbose: bool,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines for people.
    Text,
    /// One JSON object.
    Json,
    /// JUnit's XML, which CI services show.
    Junit,
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    let folder = input::folder(&arguments.paths)?;
    let tested = test(&folder, arguments.filter.as_deref());
    if let Some(filter) = &arguments.filter
        && tested.results().next().is_none()
    {
        return Err(Stop::Cannot(format!("no case matches '{filter}'")));
    }
    let mut out = stdout();
    match arguments.format {
        Format::Text => test_text::write(&mut Screen(&mut out), &tested, arguments.verbose)?,
        Format::Json => writeln!(out, "{}", to_json(&tested))?,
        Format::Junit => junit::write_junit(&mut out, &tested)?,
    }
    out.flush()?;
    Ok(Answer::yes_if(tested.failed() == 0))
}

/// Rules with the results of their cases.
pub(super) struct Tested<'a> {
    /// In the order of their paths.
    pub(super) rules: Vec<TestedRule<'a>>,
}

/// A rule, or another document that cannot be loaded, with its results.
pub(super) struct TestedRule<'a> {
    pub(super) path: &'a Path,
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) platform: &'static str,
    pub(super) results: Vec<CaseResult>,
}

impl TestedRule<'_> {
    /// How many results are so.
    pub(super) fn count(&self, so: impl Fn(&CaseResult) -> bool) -> usize {
        self.results.iter().filter(|r| so(r)).count()
    }
}

impl Tested<'_> {
    /// All results.
    pub(super) fn results(&self) -> impl Iterator<Item = &CaseResult> {
        self.rules.iter().flat_map(|rule| &rule.results)
    }

    /// How many results are so.
    pub(super) fn count(&self, so: impl Fn(&CaseResult) -> bool) -> usize {
        self.results().filter(|r| so(r)).count()
    }

    /// How many cases failed, and rules that could not be loaded.
    pub(super) fn failed(&self) -> usize {
        self.count(|r| !r.passed && !r.skipped)
    }
}

/// Runs the cases of what lies below folders, and says which rules have none.
pub(super) fn test<'a>(folder: &'a Folder, filter: Option<&str>) -> Tested<'a> {
    let results = progress::test(&folder.rules, filter);
    let mut rules: Vec<TestedRule<'a>> = folder
        .rules
        .iter()
        .zip(results)
        .map(|(rule, results)| tested(rule, results))
        .collect();
    if filter.is_some() {
        rules.retain(|rule| !rule.results.is_empty());
    } else {
        rules.extend(folder.refused.iter().map(refused));
        rules.sort_by(|a, b| a.path.cmp(b.path));
        say_without_cases(&rules);
    }
    Tested { rules }
}

fn tested(rule: &Rule, results: Vec<CaseResult>) -> TestedRule<'_> {
    TestedRule {
        path: &rule.path,
        id: rule.id(),
        name: rule.name(),
        platform: rule.platform().name(),
        results,
    }
}

/// A document that is no rule and that the platform's tool refuses.
fn refused(refused: &Other) -> TestedRule<'_> {
    let lines = LineIndex::new(&refused.text);
    let wrong = refused.diagnostics.iter().find(|d| d.is_error());
    let at = lines.position(wrong.and_then(|d| d.span).map_or(0, |s| s.start));
    let message = wrong.map_or(String::new(), |d| match &d.hint {
        Some(hint) => format!("{} ({hint})", d.message),
        None => d.message.clone(),
    });
    let code = wrong.map_or("", |d| d.code.as_str());
    TestedRule {
        path: &refused.path,
        id: &refused.id,
        name: &refused.id,
        platform: "panther",
        results: vec![CaseResult {
            case: "load".to_owned(),
            invalid: true,
            expected: "the document loads".to_owned(),
            actual: format!("{code} at {}:{}", at.line, at.column),
            outputs: Json::Object(serde_json::Map::new()),
            message,
            path: refused.path.clone(),
            line: at.line,
            ..CaseResult::default()
        }],
    }
}

/// Few are named, many are counted.
fn say_without_cases(rules: &[TestedRule<'_>]) {
    const NAMED: usize = 10;
    let without: Vec<&TestedRule<'_>> = rules.iter().filter(|r| r.results.is_empty()).collect();
    for rule in without.iter().take(NAMED) {
        say(&format!("{}: no cases", shown(rule.path)));
    }
    if let Some(more) = without.len().checked_sub(NAMED).filter(|m| *m > 0) {
        say(&format!(
            "{} more have no cases",
            count(more, "rule", "rules")
        ));
    }
}

fn to_json(tested: &Tested<'_>) -> Json {
    let results: Vec<Json> = tested
        .rules
        .iter()
        .flat_map(|rule| {
            rule.results.iter().map(|r| {
                json!({
                    "rule": rule.id,
                    "case": r.case,
                    "passed": r.passed,
                    "skipped": r.skipped,
                    "invalid": r.invalid,
                    "expected": r.expected,
                    "actual": r.actual,
                    "outputs": r.outputs,
                    "message": r.message,
                    "path": exact(&r.path),
                    "line": r.line,
                })
            })
        })
        .collect();
    json!({
        "rules": tested.rules.len(),
        "cases": {
            "total": results.len(),
            "passed": tested.count(|r| r.passed),
            "failed": tested.failed(),
            "skipped": tested.count(|r| r.skipped),
            "invalid": tested.count(|r| r.invalid),
        },
        "results": results,
    })
}
