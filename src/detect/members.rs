//! Rules of a repository as rules of their own: what a correlation joins.

use super::{Body, Rule};
use crate::panther;

/// The rule of an id among those around another, ready to be run; none where there is none.
pub(super) fn member(around: &panther::Rule, id: &str) -> Option<Rule> {
    let member = around.repository.member(id)?;
    let (rule, body) = around.repository.detection(id)?;
    let companion = member
        .body
        .as_ref()
        .map(|(path, _)| path.clone())
        .or_else(|| Some(member.path.with_file_name(&rule.filename)))
        .filter(|_| body.is_some());
    Some(Rule {
        path: member.path.clone(),
        companion,
        text: rule.document.text().to_owned(),
        body: Body::Panther(rule, body.clone()),
        diagnostics: Vec::new(),
        companion_text: body,
    })
}

/// The Panther rule of one.
pub(super) fn panther(rule: &Rule) -> Option<&panther::Rule> {
    match &rule.body {
        Body::Panther(panther, _) => Some(panther),
        Body::Sentinel(_) => None,
    }
}
