//! Opens a rule: the platform by content, the companion file, what is wrong with both.

use super::find::case_file_of;
use super::gather::{self, Found, refuses};
use super::{Body, Kind, Platform, Rule, Texts, kind_of};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::panther::documents::Content;
use crate::panther::{File, Matcher, Repository};
use crate::yaml::Step;
use crate::{panther, sentinel};
use std::path::Path;
use std::sync::Arc;

/// Opens a rule, with the helpers of its repository. Never fails for a file that can be read: what is wrong is in the
/// rule's diagnostics.
///
/// # Errors
/// A sentence when the file cannot be read or is no rule of either platform.
pub fn open(path: &Path, texts: &dyn Texts) -> Result<Rule, String> {
    open_with(path, texts, &mut |refers_to| {
        Arc::new(gather::around(path, refers_to, texts))
    })
}

/// The same with a way to find the documents around a detection that refers to others.
pub(super) fn open_with(
    path: &Path,
    texts: &dyn Texts,
    around: &mut dyn FnMut(&[String]) -> Arc<Repository>,
) -> Result<Rule, String> {
    let Some(text) = texts.text(path) else {
        return Err(format!(
            "{} cannot be read: {}",
            path.display(),
            why_unreadable(path)
        ));
    };
    match kind_of(path, &text) {
        Kind::Rule(Platform::Sentinel) => Ok(open_sentinel(path, text, texts)),
        Kind::Rule(Platform::Panther) => open_panther(path, text, texts, around),
        Kind::OtherPanther(kind) => Err(not_a_detection(path, &kind)),
        Kind::Cases => Err(format!(
            "{} holds the cases of a rule; open the rule beside it",
            path.display()
        )),
        Kind::Unknown => Err(format!(
            "{} is not a rule: a Sentinel rule has the keys 'id' and 'query', a Panther rule 'AnalysisType: rule'",
            path.display()
        )),
    }
}

fn not_a_detection(path: &Path, kind: &str) -> String {
    format!(
        "{} is a Panther document of AnalysisType '{kind}', which is no detection; open a rule, scheduled_rule, policy or correlation_rule",
        path.display()
    )
}

pub(super) fn open_sentinel(path: &Path, text: String, texts: &dyn Texts) -> Rule {
    let (rule, found) = sentinel::read(&text);
    let mut diagnostics = in_file(path, found);
    let companion = case_file_of(path, |p| texts.text(p).is_some());
    let companion_text = texts.text(&companion);
    if let Some(cases) = &companion_text {
        diagnostics.extend(in_file(&companion, super::case_sentinel::check(cases)));
    }
    Rule {
        path: path.to_owned(),
        companion: Some(companion),
        body: Body::Sentinel(rule),
        diagnostics,
        text,
        companion_text,
    }
}

fn open_panther(
    path: &Path,
    text: String,
    texts: &dyn Texts,
    around: &mut dyn FnMut(&[String]) -> Arc<Repository>,
) -> Result<Rule, String> {
    let Found::Panther(file, found) = gather::panther(path, text, texts) else {
        return Err(not_a_detection(path, "unknown"));
    };
    let refers_to = match &file.item.content {
        Content::Detection(rule) => refers_to(rule),
        _ => Vec::new(),
    };
    let repository = around(&refers_to);
    of_file(*file, found, &repository).ok_or_else(|| not_a_detection(path, "unknown"))
}

/// The ids of the detections that a detection refers to.
fn refers_to(rule: &panther::Rule) -> Vec<String> {
    match &rule.matcher {
        Matcher::Derived(base) => vec![base.clone()],
        Matcher::Correlation(Some(correlation)) => {
            let nodes = correlation.nodes().iter();
            nodes.map(|node| node.rule_id.clone()).collect()
        }
        Matcher::Python | Matcher::Simple(_) | Matcher::Correlation(None) => Vec::new(),
    }
}

/// The rule of a document that was read; none where it is no detection.
pub(super) fn of_file(
    file: File,
    found: Vec<Diagnostic>,
    repository: &Arc<Repository>,
) -> Option<Rule> {
    let Content::Detection(rule) = file.item.content else {
        return None;
    };
    let mut rule = *rule;
    rule.repository = Arc::clone(repository);
    let mut diagnostics = in_file(&file.path, found);
    let mut companion = gather::body_file(&file.path, &rule.filename);
    let mut body = file.body.map(|(_, text)| text);
    let document = rule.document.clone();
    let mut problem = |code: &str, at: &str, message: String, hint: &str| {
        let span = document.span(&[Step::Key(at.to_owned())]);
        let found = Diagnostic::new(Severity::Error, code, span, message).with_hint(hint);
        diagnostics.push((file.path.clone(), found));
    };
    match rule.matcher.clone() {
        Matcher::Derived(base) => match repository.member(&base).cloned() {
            None => problem(
                "panther-base-missing",
                "BaseDetection",
                format!("there is no rule with the id `{base}` to derive from"),
                "Put the base into the same repository; opened alone, a rule finds what lies below the folder that holds global_helpers or data_models",
            ),
            Some(member) if matches!(member.rule.matcher, Matcher::Derived(_)) => problem(
                "panther-base-derived",
                "BaseDetection",
                format!("`{base}` is itself derived from another rule"),
                "Derive from a rule that has a body of its own",
            ),
            Some(member) => {
                panther::derive(&mut rule, &member.rule);
                companion = member.body.as_ref().map(|(path, _)| path.clone());
                body = member.body.as_ref().map(|(_, text)| text.clone());
                if body.is_none() && !rule.filename.is_empty() {
                    let message = format!("the Python file of the base `{base}` cannot be read");
                    problem(
                        "panther-body-missing",
                        "BaseDetection",
                        message,
                        "Mend the base",
                    );
                }
            }
        },
        Matcher::Python if body.is_none() && !rule.filename.is_empty() => {
            let message = match &companion {
                Some(body) => format!(
                    "The Python body {} cannot be read: {}",
                    body.display(),
                    why_unreadable(body)
                ),
                None => format!("'{}' leads out of the rule's folder", rule.filename),
            };
            problem(
                "panther-body-missing",
                "Filename",
                message,
                "Put the body beside the rule, under the name that Filename gives",
            );
        }
        Matcher::Correlation(Some(correlation)) => {
            // Its cases say themselves what the rules gave.
            let known = |id: &str| repository.member(id).is_some();
            for mut unknown in correlation.unknown_rules(known) {
                unknown.severity = Severity::Warning;
                diagnostics.push((file.path.clone(), unknown));
            }
        }
        _ => {}
    }
    if let (Some(path), Some(body)) = (&companion, &body) {
        let newer = crate::python::newer_syntax(body).into_iter();
        diagnostics.extend(newer.map(|(range, message)| {
            let span = Some(Span::new(range.start, range.end));
            let code = "python-newer-syntax";
            (
                path.clone(),
                Diagnostic::new(Severity::Warning, code, span, message),
            )
        }));
    }
    Some(Rule {
        path: file.path,
        companion,
        body: Body::Panther(rule, body.clone()),
        diagnostics,
        text: file.text,
        companion_text: body,
    })
}

/// What keeps a Panther detection from being asked at all, as the platform's tool sees it.
pub(super) fn refused(rule: &Rule) -> Option<&(std::path::PathBuf, Diagnostic)> {
    let Body::Panther(..) = &rule.body else {
        return None;
    };
    rule.diagnostics
        .iter()
        .find(|(path, found)| *path == rule.path && refuses(found))
}

/// Why a file gave no text.
fn why_unreadable(path: &Path) -> &'static str {
    if path.is_dir() {
        return "it is a folder, not a file";
    }
    match std::fs::read(path) {
        Ok(_) => "it is not UTF-8 text",
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => "there is no such file",
        Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => "access is not permitted",
        Err(_) => "the system gives no access to it",
    }
}

fn in_file(path: &Path, found: Vec<Diagnostic>) -> Vec<(std::path::PathBuf, Diagnostic)> {
    found.into_iter().map(|d| (path.to_owned(), d)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Two;

    impl Texts for Two {
        fn text(&self, path: &Path) -> Option<String> {
            match path.extension()?.to_str()? {
                "yml" => Some("AnalysisType: rule\nEnabled: true\nFilename: a.py\nRuleID: A.B\nLogTypes: [X]\nSeverity: High\n".into()),
                "py" => Some("type X = int\ndef rule(event):\n    return False\n".into()),
                _ => None,
            }
        }
    }

    #[test]
    fn syntax_that_the_platform_does_not_have_is_a_warning_at_its_place() {
        let rule = open(Path::new("no-such-folder/a.yml"), &Two).unwrap();
        let found: Vec<_> = rule
            .diagnostics
            .iter()
            .filter(|(path, _)| path.extension().is_some_and(|e| e == "py"))
            .map(|(_, d)| (d.code.as_str(), d.span.map(|s| s.start), d.is_error()))
            .collect();
        assert_eq!(found, [("python-newer-syntax", Some(0), false)]);
    }
}
