//! What loaded logs show of a rule.

#[path = "common/check_cases.rs"]
mod check_cases;

#[test]
fn cases() {
    check_cases::run("tests/check/data", true);
}

/// Queries that nest as deep as they are long: an answer, and no crash.
#[test]
fn hostile_queries_are_survived() {
    let rule = |query: String| {
        format!("id: c3d4e5f6-3333-4ccc-9003-0123456789ad\nname: A\nquery: |\n  {query}\n")
    };
    let begin = "OpenAIAuditLogs | where ";
    let queries = [
        format!("{begin}{}a", "(".repeat(20_000)),
        format!("{begin}ActorSession{}== 1", ".a".repeat(20_000)),
        format!("{begin}strlen('a'){}== 1", ".a".repeat(20_000)),
        format!(
            "{begin}{}EventType == 'b'",
            "EventType == 'a' or ".repeat(5_000)
        ),
        format!(
            "{begin}{}EventType == 'b'",
            "EventType has 'a' and ".repeat(5_000)
        ),
        format!("{begin}EventType in ({}'x')", "'y', ".repeat(5_000)),
        format!("OpenAIAuditLogs{}", " | where EventType != 'a'".repeat(300)),
        format!(
            "OpenAIAuditLogs{}",
            " | join OpenAIAuditLogs on EventType".repeat(30)
        ),
        format!(
            "{}1",
            "let a = (OpenAIAuditLogs | where EventType == 'x'); ".repeat(100)
        ),
        "let x = 1".to_owned(),
    ];
    for (number, query) in queries.into_iter().enumerate() {
        check_cases::survives(&format!("query-{number}"), "rule.yaml", &rule(query));
    }
}
