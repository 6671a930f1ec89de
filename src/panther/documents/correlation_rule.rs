//! `correlation_rule`.

use super::table::{Holds, Key, Table};
use super::tests;

pub(super) const TABLE: Table = Table {
    what: "a correlation rule",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["correlation_rule"]), true),
        Key("RuleID", Holds::Name, true),
        Key("Enabled", Holds::Flag, true),
        Key("Detection", Holds::Any, true),
        Key("Severity", Holds::Severity, true),
        Key("Description", Holds::Text, false),
        Key("DisplayName", Holds::Name, false),
        Key("OnlyUseBaseRiskScore", Holds::Flag, false),
        Key("OutputIds", Holds::Texts, false),
        Key("CreatedBy", Holds::Text, false),
        Key("Reference", Holds::Text, false),
        Key("Runbook", Holds::Text, false),
        Key("Status", Holds::Text, false),
        Key("SummaryAttributes", Holds::Texts, false),
        Key("Tags", Holds::Texts, false),
        Key("Reports", Holds::Reports, false),
        Key("CreateAlert", Holds::Flag, false),
        Key("Tests", Holds::List(&tests::OF_CORRELATION), false),
        Key("BaseVersion", Holds::Whole, false),
    ],
    choices: &[],
};
