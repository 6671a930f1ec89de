//! `saved_query` and `scheduled_query`. The SQL in them is not read.

use super::check::{Checker, key};
use super::table::{Choice, Holds, Key, Table};
use serde_yaml::Value as Yaml;

/// The keys that hold SQL, for one engine or for any.
pub(super) const QUERIES: [&str; 4] = ["Query", "AthenaQuery", "SnowflakeQuery", "DatabricksQuery"];

pub(super) const A_QUERY: Choice = Choice {
    keys: &QUERIES,
    only_one: false,
};

pub(super) const SAVED: Table = Table {
    what: "a saved query",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["saved_query"]), true),
        Key("QueryName", Holds::Name, true),
        Key("Query", Holds::Text, false),
        Key("AthenaQuery", Holds::Text, false),
        Key("SnowflakeQuery", Holds::Text, false),
        Key("DatabricksQuery", Holds::Text, false),
        Key("Description", Holds::Text, false),
        Key("Tags", Holds::Texts, false),
        Key("Lookback", Holds::Flag, false),
        Key("LookbackWindowSeconds", Holds::Whole, false),
        Key("BaseVersion", Holds::Whole, false),
    ],
    choices: &[A_QUERY],
};

pub(super) const SCHEDULE: Table = Table {
    what: "a schedule",
    open: false,
    keys: &[
        Key("CronExpression", Holds::Text, false),
        Key("RateMinutes", Holds::Whole, false),
        Key("TimeoutMinutes", Holds::Whole, true),
    ],
    choices: &[Choice {
        keys: &["CronExpression", "RateMinutes"],
        only_one: true,
    }],
};

const EMAIL: Table = Table {
    what: "the mail of a query",
    open: false,
    keys: &[
        Key("Recipients", Holds::Texts, true),
        Key("SendEmpty", Holds::Flag, false),
        Key("PreferAttachment", Holds::Flag, false),
    ],
    choices: &[],
};

pub(super) const SCHEDULED: Table = Table {
    what: "a scheduled query",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["scheduled_query"]), true),
        Key("QueryName", Holds::Name, true),
        Key("Enabled", Holds::Flag, true),
        Key("Query", Holds::Text, false),
        Key("AthenaQuery", Holds::Text, false),
        Key("SnowflakeQuery", Holds::Text, false),
        Key("DatabricksQuery", Holds::Text, false),
        Key("Schedule", Holds::Mapping(&SCHEDULE), true),
        Key("Description", Holds::Text, false),
        Key("Tags", Holds::Texts, false),
        Key("Lookback", Holds::Flag, false),
        Key("LookbackWindowSeconds", Holds::Whole, false),
        Key("EmailConfig", Holds::Mapping(&EMAIL), false),
        Key("BaseVersion", Holds::Whole, false),
    ],
    choices: &[A_QUERY],
};

/// A rate leaves time for the query to end.
pub(super) fn check_schedule(checker: &mut Checker<'_>, value: &Yaml) {
    let schedule = value.get("Schedule");
    let minutes = |name: &str| schedule?.get(name)?.as_i64();
    let Some(rate) = minutes("RateMinutes") else {
        return;
    };
    let at = [key("Schedule"), key("RateMinutes")];
    if rate <= 1 {
        checker.error("panther-schedule", &at, "RateMinutes has to be more than 1");
    } else if let Some(timeout) = minutes("TimeoutMinutes")
        && rate < timeout
    {
        let message = format!("RateMinutes is {rate}, less than the TimeoutMinutes of {timeout}");
        checker.error("panther-schedule", &at, message);
    }
}
