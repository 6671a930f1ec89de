//! `test`: the cases of all rules below the paths.

use super::input::{self, shown};
use super::output::{Answer, Stop, Style, count, say, stdout};
use crate::detect::{self, CaseResult, Rule};
use crate::task::CancelToken;
use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Rule files, or folders with rules.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Only cases whose name, or whose rule's name or id, contains this text.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

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
    let rules = input::rules(&arguments.paths)?;
    let tested = test(&rules, arguments.filter.as_deref());
    if let Some(filter) = &arguments.filter
        && tested.iter().all(|(_, results)| results.is_empty())
    {
        return Err(Stop::Cannot(format!("no case matches '{filter}'")));
    }
    let mut out = stdout();
    match arguments.format {
        Format::Text => write_text(&mut out, &tested)?,
        Format::Json => writeln!(out, "{}", to_json(&tested))?,
        Format::Junit => write_junit(&mut out, &tested)?,
    }
    out.flush()?;
    Ok(Answer::yes_if(failed(&tested) == 0))
}

type Tested<'a> = Vec<(&'a Rule, Vec<CaseResult>)>;

/// Runs the cases of rules and says which rules have none.
pub(super) fn test<'a>(rules: &'a [Rule], filter: Option<&str>) -> Tested<'a> {
    let cancel = CancelToken::new();
    rules
        .iter()
        .map(|rule| {
            let results = detect::run_cases(rule, filter, &cancel);
            if results.is_empty() && filter.is_none() {
                say(&format!("{}: no cases", shown(&rule.path)));
            }
            (rule, results)
        })
        .collect()
}

fn all<'a>(tested: &'a Tested) -> impl Iterator<Item = &'a CaseResult> {
    tested.iter().flat_map(|(_, results)| results)
}

/// How many cases failed.
pub(super) fn failed(tested: &Tested) -> usize {
    all(tested).filter(|r| !r.passed).count()
}

/// Results as lines for people: each rule with its counts, each failed case with its place and reason.
pub(super) fn write_text(out: &mut dyn Write, tested: &Tested) -> io::Result<()> {
    let style = Style::stdout();
    for (rule, results) in tested {
        let failures = results.iter().filter(|r| !r.passed).count();
        let verdict = match (results.len(), failures) {
            (0, _) => style.dim("no cases"),
            (all, 0) => style.green(&format!("{} passed", count(all, "case", "cases"))),
            (all, failures) => style.red(&format!(
                "{failures} of {} failed",
                count(all, "case", "cases")
            )),
        };
        writeln!(
            out,
            "{} ({}): {verdict}",
            style.bold(rule.name()),
            rule.platform().name()
        )?;
        for result in results {
            let mark = if result.passed {
                style.green("pass")
            } else {
                style.red("FAIL")
            };
            writeln!(out, "  {mark} {}", result.case)?;
            if !result.passed {
                writeln!(
                    out,
                    "       {}:{}: {}",
                    shown(&result.path),
                    result.line,
                    result.message.replace('\n', "\n       ")
                )?;
                writeln!(
                    out,
                    "       expected {}, got {}",
                    result.expected, result.actual
                )?;
            }
        }
    }
    let total = all(tested).count();
    let failures = failed(tested);
    writeln!(
        out,
        "{} of {}: {} passed, {failures} failed",
        count(total, "case", "cases"),
        count(tested.len(), "rule", "rules"),
        total - failures,
    )
}

fn to_json(tested: &Tested) -> Json {
    let results: Vec<Json> = tested
        .iter()
        .flat_map(|(rule, results)| {
            results.iter().map(|r| {
                json!({
                    "rule": rule.id(),
                    "case": r.case,
                    "passed": r.passed,
                    "expected": r.expected,
                    "actual": r.actual,
                    "outputs": r.outputs,
                    "message": r.message,
                    "path": shown(&r.path),
                    "line": r.line,
                })
            })
        })
        .collect();
    let failures = failed(tested);
    json!({
        "rules": tested.len(),
        "cases": {
            "total": results.len(),
            "passed": results.len() - failures,
            "failed": failures,
            "skipped": 0,
        },
        "results": results,
    })
}

fn write_junit(out: &mut dyn Write, tested: &Tested) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites tests=\"{}\" failures=\"{}\">",
        all(tested).count(),
        failed(tested)
    )?;
    for (rule, results) in tested {
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">",
            xml(rule.name()),
            results.len(),
            results.iter().filter(|r| !r.passed).count()
        )?;
        for r in results {
            write!(
                out,
                "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"",
                xml(rule.id()),
                xml(&r.case),
                xml(&shown(&r.path)),
                r.line
            )?;
            if r.passed {
                writeln!(out, "/>")?;
            } else {
                writeln!(
                    out,
                    ">\n      <failure message=\"{}\">expected {}, got {}</failure>\n    </testcase>",
                    xml(&r.message),
                    xml(&r.expected),
                    xml(&r.actual)
                )?;
            }
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Text within XML: marks escaped, characters that XML lacks left out.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_text_is_escaped() {
        assert_eq!(xml("a<b>&\"\u{1}\n"), "a&lt;b&gt;&amp;&quot;&#10;");
    }
}
