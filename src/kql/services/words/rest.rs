//! Operators that came later: their texts show as soon as the parser reads them, and give way to the texts
//! of an operator's own file.

use crate::kql::operators::docs::Doc;
use crate::kql::syntax;

/// Whether the parser reads an operator.
pub fn is_read(doc: &Doc) -> bool {
    let parsed = syntax::parse(&format!("T | {}", doc.name()));
    let refused = |d: &crate::diagnostic::Diagnostic| {
        d.code == "KQL-unsupported" || d.message.contains("is not an operator")
    };
    !parsed.diagnostics.iter().any(refused)
}

/// Their texts.
pub const DOCS: &[Doc] = &[
    Doc::operator(
        &["assert-schema"],
        "T | assert-schema (Column:type, …)",
        "Ends the query with an error unless the rows have these columns with these types.",
        "SigninLogs | project IPAddress | assert-schema (IPAddress:string)",
    ),
    Doc::operator(
        &["consume"],
        "T | consume",
        "Reads all rows and gives none, to see what a query costs.",
        "",
    ),
    Doc::operator(
        &["evaluate"],
        "[T |] evaluate Plugin([argument, …])",
        "Runs a plugin over the rows; each plugin has its own arguments and result.",
        "SigninLogs | evaluate bag_unpack(LocationDetails)",
    ),
    Doc::operator(
        &["externaldata"],
        "externaldata(Column:type, …)[address, …] [with (property=value, …)]",
        "A table whose rows are read from files outside of the workspace.",
        "externaldata(Address:string)[\"https://feeds.contoso.example/bad.csv\"] with (format=\"csv\", ignoreFirstRecord=true)",
    ),
    Doc::operator(
        &["facet"],
        "T | facet by column, … [with (operators)]",
        "Gives a table for every column with its values and how often they occur; with `with` also a table that the operators make.",
        "SigninLogs | facet by AppDisplayName, ResultType with (take 10)",
    ),
    Doc::operator(
        &["find"],
        "find [withsource=Column] [in (table, …)] where predicate [project column, …]",
        "The rows of several tables for which a predicate is true, with the name of their table.",
        "find in (SigninLogs, AuditLogs) where CorrelationId == \"0f8e\"",
    ),
    Doc::operator(
        &["fork"],
        "T | fork [Name=](operators) …",
        "Runs several pipes over the same rows, each with a result of its own.",
        "SigninLogs | fork (summarize count() by ResultType) (top 10 by TimeGenerated)",
    ),
    Doc::operator(
        &["make-series"],
        "T | make-series [Name =] aggregate(…) [default=value], … on axis [from start] [to end] step step [by key, …]",
        "Makes arrays of an aggregate's values along an axis, one row a group; steps without rows get the default.",
        "SigninLogs | make-series Tries = count() default=0 on TimeGenerated from ago(7d) to now() step 1h by IPAddress",
    ),
    Doc::operator(
        &["parse-kv"],
        "T | parse-kv text as (Key:type, …) with (pair_delimiter=\",\", kv_delimiter=\"=\", …)",
        "Cuts columns out of a text of keys with their values; keys that are not listed are passed over.",
        "CommonSecurityLog | parse-kv AdditionalExtensions as (act:string, cnt:long) with (pair_delimiter=\";\", kv_delimiter=\"=\")",
    ),
    Doc::operator(
        &["partition"],
        "T | partition [hint.strategy=native|legacy|shuffle] by column (operators)",
        "Runs operators over the rows of each value of a column by themselves and puts the results together.",
        "SigninLogs | partition by IPAddress (top 1 by TimeGenerated)",
    ),
    Doc::operator(
        &["project-by-names"],
        "T | project-by-names name, …",
        "Keeps the columns whose names are given as texts or as arrays of texts.",
        "SigninLogs | project-by-names dynamic([\"IPAddress\", \"User*\"])",
    ),
    Doc::operator(
        &["reduce"],
        "T | reduce by column [with threshold=number, characters=text]",
        "Groups texts by patterns that they share and counts each pattern.",
        "Syslog | reduce by SyslogMessage",
    ),
    Doc::operator(
        &["sample"],
        "T | sample n",
        "So many rows, picked by chance.",
        "SigninLogs | sample 10",
    ),
    Doc::operator(
        &["sample-distinct"],
        "T | sample-distinct n of column",
        "So many different values of a column.",
        "SigninLogs | sample-distinct 10 of UserPrincipalName",
    ),
    Doc::operator(
        &["scan"],
        "T | scan [with_match_id=Column] [declare (Name:type = value, …)] with (step Name: condition => assignment, …; …)",
        "Follows rows in their order through steps, each with its condition: for sequences of events.",
        "SigninLogs | sort by TimeGenerated asc | scan with (step failed: ResultType != \"0\"; step then: ResultType == \"0\";)",
    ),
    Doc::operator(
        &["search"],
        "[T |] search [kind=case_insensitive|case_sensitive] [in (table, …)] predicate",
        "The rows in which a text occurs in any column, or for which a predicate is true, with the name of their table.",
        "search in (SigninLogs, AuditLogs) \"203.0.113.7\"",
    ),
    Doc::operator(
        &["top-hitters"],
        "T | top-hitters n of expression [by weight]",
        "The values that occur most often, or with the greatest sum of weights, about.",
        "SigninLogs | top-hitters 5 of IPAddress",
    ),
    Doc::operator(
        &["top-nested"],
        "T | top-nested n of expression [with others=value] by aggregate [asc|desc], …",
        "The greatest groups of one level, within each of them the greatest of the next, and so on.",
        "SigninLogs | top-nested 3 of Location by count(), top-nested 2 of IPAddress by count()",
    ),
];
