//! Test results as lines for people.

use super::input::shown;
use super::output::{Style, count};
use super::test::{Tested, TestedRule};
use crate::detect::CaseResult;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

/// Up to so many cases each has a line of its own.
const FEW: usize = 200;

/// Few results case by case; of many what did not pass, and counts for each folder.
pub(super) fn write(out: &mut dyn Write, tested: &Tested<'_>, verbose: bool) -> io::Result<()> {
    let style = Style::stdout();
    if verbose || tested.results().count() <= FEW {
        for rule in &tested.rules {
            write_rule(out, rule, style)?;
        }
    } else {
        for rule in &tested.rules {
            write_problems(out, rule, style)?;
        }
        write_folders(out, tested, style)?;
    }
    let (invalid, skipped) = (tested.count(|r| r.invalid), tested.count(|r| r.skipped));
    let total = tested.results().count() - invalid;
    write!(
        out,
        "{} of {}: {} passed, {} failed",
        count(total, "case", "cases"),
        count(tested.rules.len(), "rule", "rules"),
        tested.count(|r| r.passed),
        tested.failed() - invalid,
    )?;
    for (number, what) in [(invalid, "invalid"), (skipped, "skipped")] {
        if number > 0 {
            write!(out, ", {number} {what}")?;
        }
    }
    writeln!(out)
}

/// A rule with its counts, each of its cases, and each failed one with its place and reason.
fn write_rule(out: &mut dyn Write, rule: &TestedRule<'_>, style: Style) -> io::Result<()> {
    let failures = rule.count(|r| !r.passed && !r.skipped);
    let skipped = rule.count(|r| r.skipped);
    let all = rule.results.len();
    let verdict = match (all, failures) {
        (0, _) => style.dim("no cases"),
        _ if rule.count(|r| r.invalid) > 0 => style.red("invalid"),
        (all, 0) if skipped == all => style.yellow("skipped"),
        (all, 0) => style.green(&format!("{} passed", count(all - skipped, "case", "cases"))),
        (all, failures) => style.red(&format!(
            "{failures} of {} failed",
            count(all, "case", "cases")
        )),
    };
    writeln!(
        out,
        "{} ({}): {verdict}",
        style.bold(rule.name),
        rule.platform
    )?;
    for result in &rule.results {
        write_case(out, result, style)?;
    }
    Ok(())
}

fn write_case(out: &mut dyn Write, result: &CaseResult, style: Style) -> io::Result<()> {
    let mark = if result.passed {
        style.green("pass")
    } else if result.skipped {
        style.yellow("skip")
    } else {
        style.red("FAIL")
    };
    writeln!(out, "  {mark} {}", result.case)?;
    if result.passed {
        return Ok(());
    }
    writeln!(
        out,
        "       {}:{}: {}",
        shown(&result.path),
        result.line,
        result.message.replace('\n', "\n       ")
    )?;
    if result.skipped {
        return Ok(());
    }
    writeln!(
        out,
        "       expected {}, got {}",
        result.expected,
        result.actual.replace('\n', "\n       ")
    )
}

/// Only what did not pass; cases skipped for the same reason in one line.
fn write_problems(out: &mut dyn Write, rule: &TestedRule<'_>, style: Style) -> io::Result<()> {
    let failures = rule.count(|r| !r.passed && !r.skipped);
    if failures > 0 {
        let verdict = match rule.count(|r| r.invalid) {
            0 => format!(
                "{failures} of {} failed",
                count(rule.results.len(), "case", "cases")
            ),
            _ => "invalid".to_owned(),
        };
        writeln!(
            out,
            "{} ({}): {}",
            style.bold(rule.name),
            rule.platform,
            style.red(&verdict)
        )?;
        for result in rule.results.iter().filter(|r| !r.passed && !r.skipped) {
            write_case(out, result, style)?;
        }
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for result in rule.results.iter().filter(|r| r.skipped) {
        *reasons.entry(result.message.as_str()).or_default() += 1;
    }
    for (why, cases) in reasons {
        writeln!(
            out,
            "{} ({}): {}, {why}",
            style.bold(rule.name),
            rule.platform,
            style.yellow(&format!("{} skipped", count(cases, "case", "cases")))
        )?;
    }
    Ok(())
}

/// One line a folder: rules and cases, and what did not pass.
fn write_folders(out: &mut dyn Write, tested: &Tested<'_>, style: Style) -> io::Result<()> {
    #[derive(Default)]
    struct Sum {
        rules: usize,
        passed: usize,
        others: [usize; 3],
    }
    let mut folders: BTreeMap<PathBuf, Sum> = BTreeMap::new();
    for rule in &tested.rules {
        let folder = rule.path.parent().map(PathBuf::from).unwrap_or_default();
        let sum = folders.entry(folder).or_default();
        sum.rules += 1;
        for result in &rule.results {
            if result.passed {
                sum.passed += 1;
                continue;
            }
            let kind = match (result.invalid, result.skipped) {
                (true, _) => 1,
                (_, true) => 2,
                _ => 0,
            };
            if let Some(number) = sum.others.get_mut(kind) {
                *number += 1;
            }
        }
    }
    for (folder, sum) in folders {
        let passed = format!("{} passed", count(sum.passed, "case", "cases"));
        write!(
            out,
            "{} ({}): {}",
            shown(&folder),
            count(sum.rules, "rule", "rules"),
            match sum.passed {
                0 => style.dim(&passed),
                _ => style.green(&passed),
            }
        )?;
        let [failed, invalid, skipped] = sum.others;
        for (number, text) in [
            (failed, style.red(&format!("{failed} failed"))),
            (invalid, style.red(&format!("{invalid} invalid"))),
            (skipped, style.yellow(&format!("{skipped} skipped"))),
        ] {
            if number > 0 {
                write!(out, ", {text}")?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn case(name: &str, passed: bool) -> CaseResult {
        CaseResult {
            case: name.to_owned(),
            passed,
            message: if passed { "" } else { "it is wrong" }.to_owned(),
            path: PathBuf::from("r/a.yml"),
            line: 3,
            ..CaseResult::default()
        }
    }

    fn text(cases: usize, verbose: bool) -> String {
        let mut results: Vec<CaseResult> = (1..cases).map(|n| case(&n.to_string(), true)).collect();
        results.push(case("last", false));
        let rule = TestedRule {
            path: Path::new("r/a.yml"),
            id: "A",
            name: "A",
            platform: "panther",
            results,
        };
        let mut out = Vec::new();
        write(&mut out, &Tested { rules: vec![rule] }, verbose).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn few_cases_are_told_one_by_one_and_many_by_folder() {
        assert!(text(200, false).contains("pass 7\n"));
        assert!(text(201, true).contains("pass 7\n"));
        let many = text(201, false);
        assert!(!many.contains("pass 7\n") && many.contains("FAIL last\n"));
        assert!(many.contains("r (1 rule): 200 cases passed, 1 failed\n"));
        assert!(many.ends_with("201 cases of 1 rule: 200 passed, 1 failed\n"));
    }
}
