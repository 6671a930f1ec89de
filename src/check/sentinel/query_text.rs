//! The text of a query: what the service refuses in it, and what YAML makes of it.
//!
//! Examples: `search *`, which the service does not take in a rule; a `//` comment in a query that is written as a plain
//! or folded scalar, where YAML joins the lines and the comment swallows all that follows; a tab.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::kql::syntax::lexer;

pub(super) const CHECK: SentinelCheck = Check {
    name: "query-text",
    codes: &[
        Code {
            id: "sentinel-query-everything",
            about: "The service takes no `search *` and no `union *` in a rule",
        },
        Code {
            id: "sentinel-query-comment",
            about: "A comment swallows the rest of the query, because YAML joins its lines",
        },
        Code {
            id: "sentinel-query-folded",
            about: "YAML joins the lines of the query",
        },
        Code {
            id: "sentinel-query-tab",
            about: "The query holds a tab",
        },
    ],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    everything(subject, report);
    joined(subject, report);
    if let Some(at) = subject.rule.query.find('\t') {
        let span = subject.rule.query_span(Span::new(at, at + 1));
        let message = "The query holds tabs, which portals show as one space or eight";
        let hint = Diagnostic::new(Severity::Hint, "sentinel-query-tab", Some(span), message);
        report.tell(hint.with_hint("Use spaces"));
    }
}

/// `search *` and `union *`, outside of texts and comments.
fn everything(subject: &Subject<'_>, report: &mut Report) {
    let query = &subject.rule.query;
    let words = super::windows::words(query);
    for (at, word) in words.iter().enumerate() {
        let text = word.text(query);
        let next = words.get(at + 1).map(|w| w.text(query));
        if matches!(text, "search" | "union") && next == Some("*") {
            let star = words.get(at + 1).map_or(word.span, |w| w.span);
            // `union *_CL` names tables.
            let glued = query
                .get(star.end..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
            if glued {
                continue;
            }
            let span = subject.rule.query_span(word.span.to(star));
            let message = format!("`{text} *` is not taken in a rule");
            let found = Diagnostic::error("sentinel-query-everything", span, message);
            report.tell_for(Target::Service, found.with_hint("Name the tables"));
        }
    }
}

/// A query of several lines that YAML makes one line of.
fn joined(subject: &Subject<'_>, report: &mut Report) {
    let at = at!["query"];
    let document = subject.document();
    let (Some(style), Some(span)) = (document.style(&at), document.span(&at)) else {
        return;
    };
    let source = document.text().get(span.start..span.end).unwrap_or("");
    let lines = source.trim_end().lines().count();
    let several = if style == '>' { lines > 2 } else { lines > 1 };
    if style == '|' || !several {
        return;
    }
    let comments = lexer::lossless(&subject.rule.query);
    let comment = comments
        .iter()
        .filter(|lexeme| lexeme.kind == lexer::LexemeKind::Comment)
        .find(|lexeme| swallows(subject, lexeme.span));
    if let Some(comment) = comment {
        let start = comment.span.start;
        let span = subject.rule.query_span(Span::new(start, start + 2));
        let message =
            "YAML joins the lines of this query, so this comment swallows all that follows";
        let found = Diagnostic::error("sentinel-query-comment", span, message);
        report.tell(found.with_hint("Write `query: |`, and indent the lines below it"));
        return;
    }
    let message = "The query is not a block: YAML joins its lines with spaces";
    let found = subject.remark(Severity::Information, "sentinel-query-folded", &at, message);
    report.tell(found.with_hint("Write `query: |`, so that the lines stay as they are"));
}

/// Whether a comment of the joined text spans more than one line of the file.
fn swallows(subject: &Subject<'_>, comment: Span) -> bool {
    let span = subject.rule.query_span(comment);
    let text = subject.document().text();
    text.get(span.start..span.end)
        .is_some_and(|part| part.trim_end().contains('\n'))
}
