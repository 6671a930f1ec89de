//! A rule derived from another one: `BaseDetection`. It has the base's body, and what it does not say itself is the
//! base's.

use super::table::{Holds, Key, Table};
use super::tests;

pub(super) const TABLE: Table = Table {
    what: "a derived rule",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["rule"]), true),
        Key("RuleID", Holds::Name, true),
        Key("BaseDetection", Holds::Name, true),
        Key("Enabled", Holds::Flag, false),
        Key("Severity", Holds::Severity, false),
        Key("Description", Holds::Text, false),
        Key("DedupPeriodMinutes", Holds::Whole, false),
        Key("InlineFilters", Holds::Any, false),
        Key("DisplayName", Holds::Name, false),
        Key("OnlyUseBaseRiskScore", Holds::Flag, false),
        Key("OutputIds", Holds::Texts, false),
        Key("Reference", Holds::Text, false),
        Key("Runbook", Holds::Text, false),
        Key("Status", Holds::Text, false),
        Key("SummaryAttributes", Holds::Texts, false),
        Key("Threshold", Holds::Whole, false),
        Key("Tags", Holds::Texts, false),
        Key("Reports", Holds::Reports, false),
        Key("DynamicSeverities", Holds::Any, false),
        Key("AlertTitle", Holds::Text, false),
        Key("AlertContext", Holds::Any, false),
        Key("GroupBy", Holds::Any, false),
        Key("Tests", Holds::List(&tests::OF_DERIVED), false),
        Key("CreateAlert", Holds::Flag, false),
        Key("BaseVersion", Holds::Whole, false),
    ],
    choices: &[],
};
