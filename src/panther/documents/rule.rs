//! `rule` and `scheduled_rule`.

use super::table::{Choice, Holds, Key, Table};
use super::tests;

/// A rule with a body or a simple detection, over log types or scheduled queries.
pub(super) const TABLE: Table = Table {
    what: "a rule",
    open: false,
    keys: &[
        Key(
            "AnalysisType",
            Holds::OneOf(&["rule", "scheduled_rule"]),
            true,
        ),
        Key("Enabled", Holds::Flag, true),
        Key("Filename", Holds::Text, false),
        Key("Detection", Holds::Any, false),
        Key("RuleID", Holds::Name, true),
        Key("LogTypes", Holds::Texts, false),
        Key("ScheduledQueries", Holds::Texts, false),
        Key("Severity", Holds::Severity, true),
        Key("Description", Holds::Text, false),
        Key("DedupPeriodMinutes", Holds::Whole, false),
        Key("InlineFilters", Holds::Any, false),
        Key("DisplayName", Holds::Name, false),
        Key("OnlyUseBaseRiskScore", Holds::Flag, false),
        Key("OutputIds", Holds::Texts, false),
        Key("CreatedBy", Holds::Text, false),
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
        Key("CreateAlert", Holds::Flag, false),
        Key("BaseVersion", Holds::Whole, false),
        Key("Tests", Holds::List(&tests::OF_RULE), false),
    ],
    choices: &[
        Choice {
            keys: &["Filename", "Detection"],
            only_one: true,
        },
        Choice {
            keys: &["LogTypes", "ScheduledQueries"],
            only_one: true,
        },
    ],
};
