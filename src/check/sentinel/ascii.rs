//! Characters beyond ASCII.
//!
//! The public repository's CI refuses every one, in comments of the query too. Example: an en dash that a word processor
//! put into a description. The fix replaces the usual ones.

use super::{SentinelCheck, Subject};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::{Diagnostic, Fix, Severity, Span};
use crate::yaml::Document;

pub(super) const CHECK: SentinelCheck = Check {
    name: "ascii",
    codes: &[Code {
        id: "sentinel-ascii",
        about: "The Azure-Sentinel repository takes ASCII only",
    }],
    run,
};

/// Runs of such characters that are told one by one; the rest is counted.
const TOLD: usize = 20;

fn run(subject: &Subject<'_>, report: &mut Report) {
    if subject.target != Target::AzureSentinel {
        return;
    }
    let text = subject.document().text();
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let shift = text.len() - body.len();
    let severity = match subject.named {
        true => Severity::Error,
        false => Severity::Information,
    };
    let mut runs: Vec<Span> = Vec::new();
    for (at, c) in body.char_indices().filter(|(_, c)| !c.is_ascii()) {
        let (start, end) = (at + shift, at + shift + c.len_utf8());
        match runs.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => runs.push(Span::new(start, end)),
        }
    }
    let count = runs.len();
    for (index, span) in runs.into_iter().take(TOLD).enumerate() {
        let found = text.get(span.start..span.end).unwrap_or("");
        let shown: String = found.chars().take(12).collect();
        let more = match (index + 1 == TOLD).then(|| count - TOLD) {
            Some(more @ 1..) => format!(" (and {more} more)"),
            _ => String::new(),
        };
        let message = format!(
            "`{shown}` is not ASCII; the Azure-Sentinel repository takes nothing else{more}"
        );
        let mut diagnostic = Diagnostic::new(severity, "sentinel-ascii", Some(span), message);
        if let Some(plain) = plain(found) {
            let title = format!("Replace \"{shown}\" with \"{plain}\"");
            let fix = Fix::replace(title, span, plain);
            // A quotation mark may end the text it stands in.
            let after = fix.apply(text).map(|after| Document::parse(&after).1);
            if after.is_some_and(|found| found.is_empty()) {
                diagnostic = diagnostic.with_fix(fix);
            }
        }
        report.tell_for(Target::AzureSentinel, diagnostic);
    }
}

/// The usual stand-in of each character; none where one has none.
fn plain(text: &str) -> Option<String> {
    let mut all = String::new();
    for c in text.chars() {
        all.push_str(match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{2501}' => "-",
            '\u{2018}' | '\u{2019}' => "'",
            '\u{201c}' | '\u{201d}' => "\"",
            '\u{2026}' => "...",
            '\u{a0}' | '\u{2002}' | '\u{2003}' | '\u{2009}' | '\u{202f}' => " ",
            '\u{200b}' | '\u{feff}' => "",
            '\u{2192}' => "->",
            '\u{2022}' => "*",
            '\u{2265}' => ">=",
            '\u{2264}' => "<=",
            '\u{550}' | '\u{2550}' => "=",
            _ => return None,
        });
    }
    Some(all)
}
