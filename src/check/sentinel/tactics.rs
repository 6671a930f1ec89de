//! Tactics and techniques: whether they fit each other, and how a technique is written.
//!
//! Example: `T1059` without `Execution` among the tactics. The public repository's CI refuses what its table does not
//! put under one of the rule's tactics; the table misses many techniques, so elsewhere this is a hint. The service itself
//! takes no sub-technique in `techniques`: whoever deploys the rule has to split it off.

use super::techniques::tactics_of;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::{Diagnostic, Severity};
use crate::sentinel::TACTICS;
use crate::yaml::Step;

pub(super) const CHECK: SentinelCheck = Check {
    name: "tactics",
    codes: &[
        Code {
            id: "sentinel-technique-tactic",
            about: "A technique belongs to none of the rule's tactics",
        },
        Code {
            id: "sentinel-sub-technique",
            about: "The service takes no sub-technique here",
        },
        Code {
            id: "sentinel-repeated",
            about: "A tactic or technique is listed twice",
        },
    ],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    let key = match subject.value(&at!["relevantTechniques"]) {
        Some(_) => "relevantTechniques",
        None => "techniques",
    };
    let tactics = texts(subject, "tactics");
    let techniques = texts(subject, key);
    repeated(subject, "tactics", &tactics, report);
    repeated(subject, key, &techniques, report);
    for (at, technique) in &techniques {
        sub_technique(subject, at, technique, report);
        let known = tactics_of(technique);
        let listed = |tactic: &&str| tactics.iter().any(|(_, t)| t == tactic);
        // A tactic that is none is told elsewhere.
        let clear = tactics.iter().all(|(_, t)| TACTICS.contains(&t.as_str()));
        if known.is_empty() || !clear || known.iter().any(listed) {
            continue;
        }
        let message = format!(
            "`{technique}` belongs to {}, which {} not among the tactics",
            known.join(", "),
            if known.len() == 1 { "is" } else { "are" }
        );
        let strict = subject.named && subject.target == Target::AzureSentinel;
        let severity = if strict {
            Severity::Error
        } else {
            Severity::Hint
        };
        let mut found = subject.remark(severity, "sentinel-technique-tactic", at, message);
        if let (Some(tactic), false) = (known.first(), tactics.is_empty()) {
            let next = at!["tactics", tactics.len()];
            found
                .fixes
                .extend(subject.set(&next, tactic).map(|mut fix| {
                    fix.title = format!("Add {tactic} to the tactics");
                    fix
                }));
        }
        match strict {
            true => report.tell_for(Target::AzureSentinel, found),
            false => report.tell(found),
        }
    }
}

fn texts(subject: &Subject<'_>, key: &str) -> Vec<(Vec<Step>, String)> {
    let count = subject.items(&at![key]).len();
    let texts = (0..count).filter_map(|index| {
        let at = at![key, index].to_vec();
        let text = subject.text(&at)?;
        Some((at, text))
    });
    texts.collect()
}

/// In the service's words, where the rule goes to it as it is.
fn sub_technique(subject: &Subject<'_>, at: &[Step], technique: &str, report: &mut Report) {
    let is_sub = technique.split_once('.').is_some_and(|(parent, sub)| {
        parent.len() == 5 && sub.len() == 3 && sub.bytes().all(|b| b.is_ascii_digit())
    });
    if !is_sub || subject.target != Target::Service || !subject.named {
        return;
    }
    let message = format!(
        "Invalid data model. [: The technique '{technique}' is invalid. The expected format is 'T####', where '#' represents a digit.]"
    );
    let parent = technique.split('.').next().unwrap_or(technique);
    let mut found = Diagnostic::error("sentinel-sub-technique", subject.span(at), message)
        .with_hint("An export splits it into `techniques` and `subTechniques`");
    found.fixes.extend(subject.set(at, parent));
    report.tell_for(Target::Service, found);
}

fn repeated(subject: &Subject<'_>, key: &str, items: &[(Vec<Step>, String)], report: &mut Report) {
    for (index, (at, text)) in items.iter().enumerate() {
        let earlier = items.get(..index).unwrap_or(&[]);
        if earlier.iter().any(|(_, t)| t == text) {
            let message = format!("`{text}` stands in `{key}` already");
            report.tell(subject.remark(Severity::Hint, "sentinel-repeated", at, message));
        }
    }
}
