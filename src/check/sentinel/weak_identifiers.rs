//! Identifiers that do not identify by themselves.
//!
//! Example: an account mapped by `Name` alone: two people called `admin` in two domains become one entity. A hint,
//! because some logs have nothing better.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::Severity;

pub(super) const CHECK: SentinelCheck = Check {
    name: "weak-identifiers",
    codes: &[
        Code {
            id: "sentinel-weak-identifier",
            about: "What is mapped identifies an entity weakly",
        },
        Code {
            id: "sentinel-entity-type",
            about: "The service's resource schema does not take this type of entity",
        },
    ],
    run,
};

/// Type, what is mapped alone, and what makes it strong.
const WEAK: [(&str, &str, &[&str]); 6] = [
    (
        "Account",
        "Name",
        &[
            "UPNSuffix",
            "NTDomain",
            "DnsDomain",
            "AadUserId",
            "Sid",
            "PUID",
            "ObjectGuid",
            "FullName",
            "AadTenantId",
            "CloudAppAccountId",
        ],
    ),
    (
        "Host",
        "HostName",
        &["DnsDomain", "NTDomain", "AzureID", "OMSAgentID", "FullName"],
    ),
    (
        "Host",
        "NetBiosName",
        &["DnsDomain", "NTDomain", "AzureID", "OMSAgentID", "FullName"],
    ),
    ("File", "Name", &["Directory"]),
    ("RegistryKey", "Key", &["Hive"]),
    ("RegistryKey", "Hive", &["Key"]),
];

fn run(subject: &Subject<'_>, report: &mut Report) {
    for (index, mapping) in subject.rule.entity_mappings.iter().enumerate() {
        let at = at!["entityMappings", index, "entityType"];
        if let Some(known) = crate::sentinel::entities::entity_type(&mapping.entity_type)
            && !known.deployable
        {
            let message = format!(
                "The service's resource schema does not take entities of type {}",
                known.name
            );
            let found = subject.remark(Severity::Warning, "sentinel-entity-type", &at, message);
            report.tell_for(
                Target::Service,
                found.with_hint("Map a Host, where it is one"),
            );
        }
        let has = |name: &str| mapping.fields.iter().any(|(i, _)| i == name);
        let weak = WEAK.iter().find(|(kind, alone, strong)| {
            *kind == mapping.entity_type && has(alone) && !strong.iter().any(|s| has(s))
        });
        let Some((kind, alone, strong)) = weak else {
            continue;
        };
        // Of an address that is mapped whole more is told elsewhere.
        let field = mapping.fields.iter().position(|(i, _)| i == alone);
        let told = report.findings().iter().any(|f| {
            f.diagnostic.code == "sentinel-account-name"
                && f.diagnostic.span
                    == field.map(|field| {
                        subject.span(&at![
                            "entityMappings",
                            index,
                            "fieldMappings",
                            field,
                            "columnName"
                        ])
                    })
        });
        if told {
            continue;
        }
        let first: Vec<&str> = strong.iter().take(3).copied().collect();
        let message = format!(
            "`{alone}` alone identifies an entity of type {kind} weakly: equal names become one"
        );
        let at = match field {
            Some(field) => at![
                "entityMappings",
                index,
                "fieldMappings",
                field,
                "identifier"
            ]
            .to_vec(),
            None => at.to_vec(),
        };
        let found = subject.remark(Severity::Hint, "sentinel-weak-identifier", &at, message);
        let hint = format!("Map {} too, where the log has it", first.join(", "));
        report.tell_for(Target::Service, found.with_hint(hint));
    }
}
