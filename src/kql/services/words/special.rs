//! What looks like a function and is read by the analysis itself, and pieces of calls.

use crate::kql::operators::docs::{Doc, Topic};

const fn special(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
) -> Doc {
    Doc::new(Topic::Special, names, signature, doc, example)
}

/// Their texts.
pub const DOCS: &[Doc] = &[
    special(
        &["toscalar"],
        "toscalar(table)",
        "The first value of the first row of a table, as a single value. It is computed once.",
        "let Last = toscalar(SigninLogs | summarize max(TimeGenerated));",
    ),
    special(
        &["materialize"],
        "materialize(table)",
        "Computes a table once and keeps its rows for every place where its `let` name is used.",
        "let Failures = materialize(SigninLogs | where ResultType != \"0\");",
    ),
    special(
        &["table"],
        "table(name)",
        "The table of that name, where the name is a text.",
        "table(\"SigninLogs\") | count",
    ),
    special(
        &["column_ifexists", "columnifexists"],
        "column_ifexists(name, default)",
        "The column of that name where there is one, else the default.",
        "extend Risk = column_ifexists(\"RiskLevel\", \"\")",
    ),
    special(
        &["typeof"],
        "typeof(type)",
        "Names a type where one is asked for, such as behind `to` or as the last argument of `extract`.",
        "mv-expand Id to typeof(string)",
    ),
    special(
        &["prev"],
        "prev(column [, offset [, default]])",
        "The value of a column in an earlier row; the rows must be in an order (`sort` or `serialize`).",
        "sort by TimeGenerated asc | extend Gap = TimeGenerated - prev(TimeGenerated)",
    ),
    special(
        &["next"],
        "next(column [, offset [, default]])",
        "The value of a column in a later row; the rows must be in an order (`sort` or `serialize`).",
        "",
    ),
    special(
        &["row_number"],
        "row_number([start [, restart:bool]])",
        "The row's number in an order, from 1 or from `start`; it begins anew where `restart` is true.",
        "sort by TimeGenerated asc | extend Nr = row_number()",
    ),
    special(
        &["row_cumsum"],
        "row_cumsum(term [, restart:bool])",
        "The sum of a number over the rows so far; it begins anew where `restart` is true.",
        "",
    ),
    special(
        &["row_rank_dense"],
        "row_rank_dense(term [, restart:bool])",
        "The row's rank by a value, without gaps; equal neighbours have the same rank.",
        "",
    ),
    special(
        &["row_rank_min"],
        "row_rank_min(term [, restart:bool])",
        "The row's rank by a value; equal neighbours have the rank of the first of them.",
        "",
    ),
    special(
        &["row_window_session"],
        "row_window_session(value:datetime, longest:timespan, farthest:timespan [, restart:bool])",
        "When the row's session began. A session ends where it would last `longest` or the next row is `farthest` away, and where `restart` is true.",
        "sort by User asc, TimeGenerated asc | extend Session = row_window_session(TimeGenerated, 1h, 5m, User != prev(User))",
    ),
    special(
        &["arg_max"],
        "arg_max(value, column, …)",
        "The row of each group in which a value is greatest: these columns of it, or all with `*`.",
        "summarize arg_max(TimeGenerated, *) by UserPrincipalName",
    ),
    special(
        &["arg_min"],
        "arg_min(value, column, …)",
        "The row of each group in which a value is least: these columns of it, or all with `*`.",
        "summarize arg_min(TimeGenerated, IPAddress) by UserPrincipalName",
    ),
    special(
        &["take_any", "any"],
        "take_any(column, …)",
        "The values of some row of each group; with `*` all columns.",
        "summarize take_any(Location) by IPAddress",
    ),
    special(
        &["percentiles"],
        "percentiles(value, percent, …)",
        "The values below which these percents of the group's values lie, one column each.",
        "summarize percentiles(Duration, 50, 95) by Service",
    ),
    special(
        &["datetime", "date"],
        "datetime(year-month-day [hour:minute[:second]])",
        "An instant, in UTC. `datetime(null)` is the null instant.",
        "datetime(2024-05-01 13:30)",
    ),
    special(
        &["timespan", "time"],
        "timespan([days.]hours:minutes[:seconds])",
        "A span of time. Short forms such as `7d`, `24h`, `30m` and `10s` need no call.",
        "timespan(1.12:00:00)",
    ),
    special(
        &["dynamic"],
        "dynamic(json)",
        "A JSON value: array, bag or plain value.",
        "dynamic({\"key\": [1, 2]})",
    ),
    special(
        &["guid"],
        "guid(hex-hex-hex-hex-hex)",
        "A globally unique identifier.",
        "guid(74be27de-1e4e-49d9-b579-fe0b331d3642)",
    ),
    special(
        &["decimal"],
        "decimal(number)",
        "An exact decimal number.",
        "decimal(0.1)",
    ),
    special(
        &["int"],
        "int(number)",
        "A whole number of 32 bits; `int(null)` is a null of that type.",
        "",
    ),
    special(
        &["long"],
        "long(number)",
        "A whole number of 64 bits; `long(null)` is a null of that type.",
        "",
    ),
    special(
        &["real", "double"],
        "real(number)",
        "A number with a fraction; `real(nan)` and `real(+inf)` are such too.",
        "",
    ),
    special(
        &["bool"],
        "bool(true|false)",
        "A truth value; `bool(null)` is a null of that type.",
        "",
    ),
];
