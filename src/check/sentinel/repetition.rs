//! The same entity mapped twice.
//!
//! Example: two mappings of type IP that read the same column. The service divides the 500 entities of an alert equally
//! over the mappings, so the second one halves what there is room for.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::Severity;

pub(super) const CHECK: SentinelCheck = Check {
    name: "repetition",
    codes: &[Code {
        id: "sentinel-repeated-mapping",
        about: "Two mappings make the same entity",
    }],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    let mappings = &subject.rule.entity_mappings;
    for (index, mapping) in mappings.iter().enumerate() {
        let earlier = mappings.get(..index).unwrap_or(&[]);
        let same = earlier
            .iter()
            .any(|e| e.entity_type == mapping.entity_type && e.fields == mapping.fields);
        if same && !mapping.fields.is_empty() {
            let at = at!["entityMappings", index, "entityType"];
            let message = format!(
                "This {} is mapped above already, from the same columns",
                mapping.entity_type
            );
            let found =
                subject.remark(Severity::Warning, "sentinel-repeated-mapping", &at, message);
            report.tell_for(Target::Service, found.with_hint("Remove one of the two"));
        }
    }
}
