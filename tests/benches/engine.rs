//! What the query engine does in a second, over logs that are loaded: `cargo bench --bench engine`.
//!
//! The data is `rulewright generate scale`: as many audit events and as many completions as `RULEWRIGHT_BENCH_EVENTS`
//! says (a million), over 30 days. `cargo bench --bench engine -- seed` runs only what has `seed` in its name.

#[path = "../common/scale.rs"]
mod scale;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use rulewright::kql::{self, Catalog, Options};
use rulewright::logs::Dataset;
use rulewright::task::{CancelToken, Progress};
use scale::scale;
use std::hint::black_box;
use std::path::Path;
use std::sync::LazyLock;

fn main() {
    divan::main();
}

#[expect(clippy::disallowed_methods, reason = "whoever measures says how many")]
fn events() -> usize {
    let wanted = std::env::var("RULEWRIGHT_BENCH_EVENTS").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(1_000_000)
}

static LOGS: LazyLock<Dataset> = LazyLock::new(|| {
    let sources = scale(events(), 30, "");
    Dataset::from_sources(sources, &CancelToken::new(), &Progress::new())
});

/// The query of the seed rule: a configuration change followed by an abuse signal of the same person.
fn chain(window: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("tests/sentinel/seed.yaml");
    let text = std::fs::read_to_string(file).expect("the seed rule");
    let rule: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
    let query = rule["query"].as_str().expect("a query");
    assert!(query.contains("let window = 1d;"));
    query.replace("let window = 1d;", &format!("let window = {window};"))
}

fn run(bencher: Bencher, query: &str, lineage: bool) {
    let logs = &*LOGS;
    let options = Options {
        lineage,
        ..Options::at(logs.end().expect("there are events"))
    };
    // What a dataset keeps between runs is made by the first: a keystroke's run is not the first.
    let first = kql::run(query, logs, &options).expect("the query runs");
    assert!(first.table.rows > 0, "a benchmark over nothing");
    bencher.bench(|| kql::run(black_box(query), logs, &options));
}

/// A query over all rows of both or one table; rows a second.
fn scan(bencher: Bencher, query: &str, tables: usize) {
    run(
        bencher.counter(ItemsCount::new(tables * events())),
        query,
        false,
    );
}

mod seed {
    use super::*;

    #[divan::bench(args = ["1d", "30d"])]
    fn window(bencher: Bencher, window: &str) {
        run(bencher, &chain(window), false);
    }

    #[divan::bench(args = ["1d", "30d"])]
    fn window_with_lineage(bencher: Bencher, window: &str) {
        run(bencher, &chain(window), true);
    }
}

#[divan::bench]
fn where_has_any(bencher: Bencher) {
    scan(
        bencher,
        r#"OpenAIAuditLogs | where EventType has_any ("role", "invite", "api_key.created") | count"#,
        1,
    );
}

#[divan::bench]
fn where_has_plain_text(bencher: Bencher) {
    scan(
        bencher,
        r#"OpenAIChatCompletions | where EventOriginalResultDetails has "content_filter" | count"#,
        1,
    );
}

#[divan::bench]
fn where_regex_plain_text(bencher: Bencher) {
    scan(
        bencher,
        r#"OpenAIChatCompletions | where EventOriginalResultDetails matches regex "finish_reason.{3,5}content_f" | count"#,
        1,
    );
}

#[divan::bench]
fn where_and_or(bencher: Bencher) {
    scan(
        bencher,
        r#"OpenAIChatCompletions | where (ModelName == "gpt-5.4" or InputTokensUsed > 800) and not(OutputTokensUsed < 100) | count"#,
        1,
    );
}

#[divan::bench]
fn extend_dynamic_path(bencher: Bencher) {
    scan(
        bencher,
        "OpenAIAuditLogs | extend Who = tolower(tostring(ActorSession.user.email)) | where isnotempty(Who) | count",
        1,
    );
}

#[divan::bench]
fn extend_dynamic_path_plain(bencher: Bencher) {
    scan(
        bencher,
        "OpenAIAuditLogs | extend Key = tostring(EventDetails.id) | where isnotempty(Key) | count",
        1,
    );
}

#[divan::bench]
fn join_time_window(bencher: Bencher) {
    scan(
        bencher,
        r#"OpenAIAuditLogs
        | where EventType == "api_key.created"
        | project KeyTime = TimeGenerated, Who = tolower(tostring(ActorSession.user.email))
        | where isnotempty(Who)
        | join kind=inner (OpenAIChatCompletions
            | project CallTime = TimeGenerated, Who = tolower(tostring(AdditionalFields.input_user))) on Who
        | where CallTime between (KeyTime .. KeyTime + 1h)
        | count"#,
        2,
    );
}

#[divan::bench]
fn summarize_by_dictionary(bencher: Bencher) {
    scan(
        bencher,
        "OpenAIAuditLogs | summarize count(), min(TimeGenerated), max(TimeGenerated), dcount(ActorType) by EventType",
        1,
    );
}

#[divan::bench]
fn summarize_numbers(bencher: Bencher) {
    scan(
        bencher,
        "OpenAIChatCompletions | summarize sum(InputTokensUsed), avg(OutputTokensUsed), arg_max(TimeGenerated, ModelName) by tostring(AdditionalFields.input_user), bin(TimeGenerated, 1d)",
        1,
    );
}

#[divan::bench]
fn summarize_sets(bencher: Bencher) {
    scan(
        bencher,
        "OpenAIAuditLogs | summarize make_set(EventType), dcount(tostring(ActorSession.ip_address)) by tostring(ActorSession.user.email)",
        1,
    );
}

#[divan::bench]
fn top_of_all(bencher: Bencher) {
    scan(
        bencher,
        "OpenAIChatCompletions | top 20 by InputTokensUsed desc",
        1,
    );
}

#[divan::bench]
fn analyse_seed(bencher: Bencher) {
    let (text, logs) = (chain("1d"), Dataset::default());
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| kql::check(black_box(&text), &logs));
}

#[divan::bench]
fn analyse_10_000_characters(bencher: Bencher) {
    let logs = Dataset::default();
    assert!(logs.schema("OpenAIAuditLogs").is_some());
    let mut text = "OpenAIAuditLogs\n".to_owned();
    let mut n = 0;
    while text.len() < 10_000 {
        n += 1;
        text.push_str(&format!(
            "| extend Who{n} = tolower(tostring(ActorSession.user.email)) // step {n}\n\
             | where Who{n} !in (\"a\", \"b\") and TimeGenerated > ago({n}d) or EventType has_any (\"role\", \"invite\")\n"
        ));
    }
    assert!(kql::check(&text, &logs).diagnostics.is_empty());
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| kql::check(black_box(&text), &logs));
}
