//! Opens a rule: the platform by content, the companion file, what is wrong with both.

use super::find::case_file_of;
use super::{Body, Kind, Platform, Rule, Texts, kind_of};
use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::Step;
use crate::{panther, sentinel};
use std::path::{Component, Path, PathBuf};

/// Opens a rule. Never fails for a file that can be read: what is wrong is in the rule's diagnostics.
///
/// # Errors
/// A sentence when the file cannot be read or is no rule of either platform.
pub fn open(path: &Path, texts: &dyn Texts) -> Result<Rule, String> {
    let Some(text) = texts.text(path) else {
        return Err(format!(
            "{} cannot be read: {}",
            path.display(),
            why_unreadable(path)
        ));
    };
    match kind_of(path, &text) {
        Kind::Rule(Platform::Sentinel) => Ok(open_sentinel(path, text, texts)),
        Kind::Rule(Platform::Panther) => Ok(open_panther(path, text, texts)),
        Kind::OtherPanther(kind) => Err(format!(
            "{} is a Panther document of AnalysisType '{kind}'; only 'rule' can be opened so far",
            path.display()
        )),
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

fn open_sentinel(path: &Path, text: String, texts: &dyn Texts) -> Rule {
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

fn open_panther(path: &Path, text: String, texts: &dyn Texts) -> Rule {
    let (rule, found) = panther::read(&text);
    let mut diagnostics = in_file(path, found);
    let companion = body_file(path, &rule.filename);
    let companion_text = companion.as_deref().and_then(|p| texts.text(p));
    if companion_text.is_none() && !rule.filename.is_empty() {
        let message = match &companion {
            Some(body) => format!(
                "The Python body {} cannot be read: {}",
                body.display(),
                why_unreadable(body)
            ),
            None => format!("'{}' leads out of the rule's folder", rule.filename),
        };
        diagnostics.push((
            path.to_owned(),
            Diagnostic::new(
                Severity::Error,
                "panther-body-missing",
                rule.document.span(&[Step::Key("Filename".into())]),
                message,
            )
            .with_hint("Put the body beside the rule, under the name that Filename gives"),
        ));
    }
    Rule {
        path: path.to_owned(),
        companion,
        body: Body::Panther(rule, companion_text.clone()),
        diagnostics,
        text,
        companion_text,
    }
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

/// The Python file of a rule: below the rule's own folder, so that a stranger's rule names no other file.
fn body_file(rule: &Path, filename: &str) -> Option<PathBuf> {
    let name = Path::new(filename);
    let inside = name
        .components()
        .all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
    (inside && !filename.is_empty()).then(|| rule.with_file_name("").join(name))
}

fn in_file(path: &Path, found: Vec<Diagnostic>) -> Vec<(PathBuf, Diagnostic)> {
    found.into_iter().map(|d| (path.to_owned(), d)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_stays_in_its_folder() {
        let of = |name| body_file(Path::new("rules/a.yml"), name);
        assert_eq!(of("a.py"), Some(PathBuf::from("rules/a.py")));
        assert_eq!(of("../a.py"), None);
        assert_eq!(of("/etc/passwd"), None);
        assert_eq!(of(""), None);
    }
}
