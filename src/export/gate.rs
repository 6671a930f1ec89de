//! Whether a rule may be exported: its cases decide.

use crate::detect::{CaseResult, Platform, Rule};
use crate::diagnostic::LineIndex;

/// How an export is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// All cases pass; how many there are.
    Tested(usize),
    /// Exported all the same: why it is untested, in a few words.
    Untested(String),
}

impl Mark {
    /// The sentence that marks an untested export; none for a tested one.
    pub fn sentence(&self) -> Option<String> {
        match self {
            Mark::Tested(_) => None,
            Mark::Untested(why) => Some(format!("UNTESTED, exported by Rulewright: {why}")),
        }
    }
}

/// A rule whose files cannot be read right is never exported; wrong cases alone are for [`decide`].
pub(super) fn no_errors(rule: &Rule) -> Result<(), String> {
    let of_rule = |path: &std::path::Path| {
        path == rule.path
            || (rule.platform() == Platform::Panther && Some(path) == rule.companion.as_deref())
    };
    let Some((path, wrong)) = rule
        .diagnostics
        .iter()
        .find(|(path, d)| d.is_error() && of_rule(path))
    else {
        return Ok(());
    };
    let text = match rule.companion.as_deref() == Some(path) {
        true => rule.companion_text.as_deref().unwrap_or(""),
        false => &rule.text,
    };
    let at = LineIndex::new(text).position(wrong.span.map_or(0, |s| s.start));
    let hint = wrong
        .hint
        .as_ref()
        .map_or(String::new(), |h| format!("; {h}"));
    Err(format!(
        "{}:{}:{}: {}{hint}",
        path.display(),
        at.line,
        at.column,
        wrong.message
    ))
}

/// Tested where there are cases and all pass.
pub(super) fn decide(rule: &Rule, results: &[CaseResult], untested: bool) -> Result<Mark, String> {
    let failed: Vec<&CaseResult> = results.iter().filter(|r| !r.passed).collect();
    let Some(first) = failed.first() else {
        if !results.is_empty() {
            return Ok(Mark::Tested(results.len()));
        }
        if untested {
            return Ok(Mark::Untested("the rule has no cases".to_owned()));
        }
        let add = match rule.platform() {
            Platform::Panther => "add `Tests:` to its YAML".to_owned(),
            Platform::Sentinel => {
                let stem = rule.path.file_stem().and_then(|s| s.to_str());
                format!("add {}.cases.yaml beside it", stem.unwrap_or("<rule>"))
            }
        };
        return Err(format!(
            "{} has no cases: {add}, or export with --untested, which marks the result",
            rule.name()
        ));
    };
    if untested {
        return Ok(Mark::Untested(format!(
            "{} of {} cases fail",
            failed.len(),
            results.len()
        )));
    }
    let mut why = first.message.trim().trim_end_matches('.');
    if why.is_empty() {
        why = "it did not come out as expected";
    }
    Err(format!(
        "case '{}' fails ({} of {} do): {why} ({}:{}); mend the rule or the case, or export with --untested, which marks the result",
        first.case,
        failed.len(),
        results.len(),
        first.path.display(),
        first.line.max(1)
    ))
}
