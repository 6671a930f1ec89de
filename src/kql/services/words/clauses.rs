//! The words within operators: what may follow behind their first operand, and their settings.

/// The scalar types.
pub const TYPES: [&str; 10] = [
    "bool", "datetime", "decimal", "dynamic", "guid", "int", "long", "real", "string", "timespan",
];

/// What a type holds, in one sentence.
pub fn type_doc(name: &str) -> &'static str {
    match name {
        "bool" | "boolean" => "True, false or null.",
        "datetime" | "date" => "An instant in UTC, in steps of 100 nanoseconds.",
        "decimal" => "An exact decimal number.",
        "dynamic" => "A JSON value: array, bag or plain value.",
        "guid" | "uuid" | "uniqueid" => "A globally unique identifier.",
        "int" => "A whole number of 32 bits.",
        "long" => "A whole number of 64 bits.",
        "real" | "double" => "A number with a fraction, 64 bits.",
        "string" => "Text; never null, an absent text is empty.",
        "timespan" | "time" => "A span of time, in steps of 100 nanoseconds.",
        _ => "",
    }
}

/// The charts of `render`.
pub const CHARTS: [&str; 14] = [
    "anomalychart",
    "areachart",
    "barchart",
    "card",
    "columnchart",
    "ladderchart",
    "linechart",
    "piechart",
    "pivotchart",
    "scatterchart",
    "stackedareachart",
    "table",
    "timechart",
    "treemap",
];

/// The words that divide an operator into clauses, outside of brackets.
pub fn clause_words(operator: &str) -> &'static [&'static str] {
    match operator {
        "summarize" | "reduce" => &["by", "with"],
        "join" | "lookup" => &["on"],
        "sort" | "order" => &["by", "asc", "desc", "nulls", "first", "last"],
        "top" => &["by", "asc", "desc", "nulls", "first", "last"],
        "project-reorder" => &["asc", "desc", "granny-asc", "granny-desc"],
        "parse" | "parse-where" => &["with"],
        "parse-kv" => &["as", "with"],
        "mv-expand" | "mvexpand" => &["to", "typeof", "limit"],
        "mv-apply" | "mvapply" => &["to", "typeof", "limit", "on"],
        "range" => &["from", "to", "step"],
        "make-series" => &["default", "on", "from", "to", "step", "by", "in", "range"],
        "top-nested" => &["of", "by", "with", "others", "top-nested", "asc", "desc"],
        "top-hitters" | "sample-distinct" => &["of", "by"],
        "partition" => &["by"],
        "facet" => &["by", "with"],
        "find" => &["in", "where", "project", "project-smart", "project-away"],
        "search" => &["in"],
        "render" | "externaldata" => &["with"],
        "scan" => &[
            "order",
            "partition",
            "by",
            "declare",
            "with",
            "step",
            "output",
        ],
        "evaluate" => &[],
        _ => &[],
    }
}

/// The settings of an operator, written `name=value` behind its keyword, with their values.
pub fn settings(operator: &str) -> &'static [(&'static str, &'static [&'static str])] {
    const STRATEGIES: &[&str] = &["broadcast", "shuffle"];
    match operator {
        "join" => &[
            (
                "kind",
                &[
                    "inner",
                    "innerunique",
                    "leftouter",
                    "rightouter",
                    "fullouter",
                    "leftanti",
                    "rightanti",
                    "leftsemi",
                    "rightsemi",
                ],
            ),
            ("hint.strategy", STRATEGIES),
            ("hint.remote", &["auto", "left", "local", "right"]),
            ("hint.shufflekey", &[]),
        ],
        "lookup" => &[("kind", &["leftouter", "inner"])],
        "union" => &[
            ("withsource", &[]),
            ("isfuzzy", &["true", "false"]),
            ("kind", &["outer", "inner"]),
        ],
        "summarize" => &[("hint.strategy", &["shuffle"]), ("hint.shufflekey", &[])],
        "parse" | "parse-where" => &[
            ("kind", &["simple", "relaxed", "regex"]),
            ("flags", &["i", "s", "U", "m"]),
        ],
        "mv-expand" | "mvexpand" => &[
            ("bagexpansion", &["bag", "array"]),
            ("kind", &["bag", "array"]),
            ("with_itemindex", &[]),
        ],
        "mv-apply" | "mvapply" => &[("with_itemindex", &[])],
        "make-series" => &[("kind", &["nonempty"])],
        "search" => &[("kind", &["case_insensitive", "case_sensitive"])],
        "find" => &[("withsource", &[]), ("datascope", &["all", "hotcache"])],
        "partition" => &[("hint.strategy", &["legacy", "native", "shuffle"])],
        "scan" => &[("with_match_id", &[])],
        _ => &[],
    }
}
