//! How connectors are named, and that each says what data it brings.
//!
//! Example: `connectorId: Azure AD` in a rule for Sentinel-as-Code, which takes letters and digits only; a connector
//! without `dataTypes`. Whether a connector exists is not checked: the list changes almost daily.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};

pub(super) const CHECK: SentinelCheck = Check {
    name: "connector-ids",
    codes: &[
        Code {
            id: "sentinel-connector-id",
            about: "The id of a connector is none that the target takes",
        },
        Code {
            id: "sentinel-data-types",
            about: "A connector does not say which data types it brings",
        },
    ],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    for index in 0..subject.items(&at!["requiredDataConnectors"]).len() {
        let name = at!["requiredDataConnectors", index, "connectorId"];
        let text = subject.text(&name).unwrap_or_default();
        let letter = text.starts_with(|c: char| c.is_ascii_alphabetic());
        let plain = letter && text.chars().all(|c| c.is_ascii_alphanumeric());
        if !plain && !text.is_empty() {
            let message =
                format!("`{text}` is no id of a connector: letters and digits, a letter first");
            let target = Target::SentinelAsCode;
            if let Some(found) = subject.objection(target, "sentinel-connector-id", &name, message)
            {
                report.tell_for(target, found);
            }
        }
        let types = at!["requiredDataConnectors", index, "dataTypes"];
        if subject.value(&types).is_some() {
            continue;
        }
        for target in [Target::AzureSentinel, Target::SentinelAsCode] {
            let message = "`dataTypes` is missing: name the tables that the connector fills";
            if let Some(found) = subject.objection(target, "sentinel-data-types", &types, message) {
                report.tell_for(target, found);
            }
        }
    }
}
