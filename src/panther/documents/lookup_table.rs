//! `lookup_table`: from a file, from a bucket that is read every now and then, or from a query.

use super::query::{A_QUERY, QUERIES};
use super::table::{Choice, Holds, Key, Table};
use serde_yaml::Value as Yaml;

const ASSOCIATED: Table = Table {
    what: "an associated log type",
    open: false,
    keys: &[
        Key("LogType", Holds::Text, true),
        Key("Selectors", Holds::Texts, true),
    ],
    choices: &[],
};

const LOG_TYPES: Table = Table {
    what: "the map of log types",
    open: false,
    keys: &[
        Key("PrimaryKey", Holds::Text, true),
        Key("AssociatedLogTypes", Holds::List(&ASSOCIATED), false),
    ],
    choices: &[],
};

const FROM_BUCKET: Table = Table {
    what: "the refresh of a lookup table",
    open: false,
    keys: &[
        Key("ObjectPath", Holds::Text, true),
        Key("PeriodMinutes", Holds::Whole, true),
        Key("AlarmPeriodMinutes", Holds::Whole, false),
        Key("RoleARN", Holds::Text, false),
        Key("ObjectKMSKey", Holds::Text, false),
        Key("GCSCredentials", Holds::Text, false),
        Key("StorageProvider", Holds::Text, false),
    ],
    choices: &[Choice {
        keys: &["RoleARN", "GCSCredentials"],
        only_one: true,
    }],
};

const TABLE: Table = Table {
    what: "a lookup table",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["lookup_table"]), true),
        Key("LookupName", Holds::Text, true),
        Key("Enabled", Holds::Flag, true),
        Key("Filename", Holds::Text, false),
        Key("Refresh", Holds::Mapping(&FROM_BUCKET), false),
        Key("Schema", Holds::Text, true),
        Key("LogTypeMap", Holds::Mapping(&LOG_TYPES), true),
        Key("Description", Holds::Text, false),
        Key("Reference", Holds::Text, false),
        Key("BaseVersion", Holds::Whole, false),
    ],
    choices: &[Choice {
        keys: &["Filename", "Refresh"],
        only_one: false,
    }],
};

const OF_QUERY: Table = Table {
    what: "the refresh of a query",
    open: false,
    keys: &[
        Key("PeriodMinutes", Holds::Whole, false),
        Key("CronExpression", Holds::Text, false),
    ],
    choices: &[Choice {
        keys: &["PeriodMinutes", "CronExpression"],
        only_one: true,
    }],
};

const INDICATOR: Table = Table {
    what: "an indicator",
    open: false,
    keys: &[
        Key("Field", Holds::Text, true),
        Key("Indicators", Holds::Texts, true),
    ],
    choices: &[],
};

const VALIDATION: Table = Table {
    what: "a validation",
    open: false,
    keys: &[
        Key("Field", Holds::Text, true),
        Key("Validations", Holds::Texts, true),
    ],
    choices: &[],
};

const FROM_QUERY: Table = Table {
    what: "a lookup table of a query",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["lookup_table"]), true),
        Key("LookupName", Holds::Text, true),
        Key("Enabled", Holds::Flag, true),
        Key("Query", Holds::Text, false),
        Key("AthenaQuery", Holds::Text, false),
        Key("SnowflakeQuery", Holds::Text, false),
        Key("DatabricksQuery", Holds::Text, false),
        Key("LogTypeMap", Holds::Mapping(&LOG_TYPES), true),
        Key("Refresh", Holds::Mapping(&OF_QUERY), true),
        Key("Indicators", Holds::List(&INDICATOR), false),
        Key("Validations", Holds::List(&VALIDATION), false),
        Key("Description", Holds::Text, false),
        Key("Reference", Holds::Text, false),
        Key("BaseVersion", Holds::Whole, false),
    ],
    choices: &[A_QUERY],
};

/// The keys depend on where the rows come from.
pub(super) fn table(value: &Yaml) -> &'static Table {
    match QUERIES.iter().any(|name| value.get(*name).is_some()) {
        true => &FROM_QUERY,
        false => &TABLE,
    }
}
