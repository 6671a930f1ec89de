//! Column values against the platform's transform, cell by cell. The expected values are reasoned from
//! the connector's published collection rule.

use super::load;
use rulewright::kql::Catalog;
use rulewright::logs::{Dataset, PathValue};
use rulewright::value::{Type, Value};

/// The value of a cell as text; `null` where it is null.
fn cell(data: &Dataset, table: &str, column: &str, row: usize) -> String {
    let table = data.table(table).expect("a bundled table");
    let column = table
        .column(column)
        .unwrap_or_else(|| panic!("no column {column}"));
    match column.value(row) {
        Value::Null => "null".to_owned(),
        value => value.display(),
    }
}

const COMPLETION: &str = r#"{"object":"chat.completion","id":"chatcmpl-1","model":"gpt-5.4","created":1780894800,"request_id":"req_1","tool_choice":{"type":"auto"},"usage":{"total_tokens":31,"completion_tokens":18,"prompt_tokens":13},"seed":4944116822809979520,"top_p":1,"temperature":0.5,"presence_penalty":0.0,"frequency_penalty":0.0,"system_fingerprint":"fp_1","input_user":"Ana@Larkspur.example","service_tier":"default","tools":null,"metadata":{"app":"desk"},"choices":[{"index":0,"message":{"content":"naïve"},"finish_reason":"stop"},{"index":1,"finish_reason":"length"}],"response_format":null}"#;

#[test]
fn a_completion_becomes_an_agent_event() {
    let data = load("chat.json", COMPLETION);
    for (column, expected) in [
        ("TimeGenerated", "2026-06-08T05:00:00.0000000Z"),
        ("EventStartTime", "2026-06-08T05:00:00.0000000Z"),
        ("EventEndTime", "2026-06-08T05:00:00.0000000Z"),
        ("EventUid", "chatcmpl-1"),
        ("EventRequestId", "req_1"),
        ("ModelName", "gpt-5.4"),
        ("EventRequestTemperature", "0.5"),
        ("EventRequestTopP", "1.0"),
        ("EventRequestPresencePenalty", "0.0"),
        ("EventRequestFrequencyPenalty", "0.0"),
        // beyond 2^53: exact
        ("EventRequestSeed", "4944116822809979520"),
        // the request's choice of tools, not the tool that was called
        ("ToolName", r#"{"type":"auto"}"#),
        ("EventOriginalType", "chat.completion"),
        (
            "EventOriginalResultDetails",
            r#"[{"index":0,"message":{"content":"naïve"},"finish_reason":"stop"},{"index":1,"finish_reason":"length"}]"#,
        ),
        ("InputTokensUsed", "13"),
        ("OutputTokensUsed", "18"),
        ("EventVendor", "OpenAI"),
        ("EventProduct", "OpenAI API Platform"),
        ("EventSchema", "AgentEvent"),
        ("EventSchemaVersion", "0.1.0"),
        ("EventCount", "1"),
        ("EventType", "ChatCompletion"),
        ("ModelProviderName", "OpenAI"),
        (
            "AdditionalFields",
            r#"{"service_tier":"default","system_fingerprint":"fp_1","response_format":null,"tools":null,"metadata":{"app":"desk"},"input_user":"Ana@Larkspur.example"}"#,
        ),
        // only the first choice counts
        ("EventFinishReasons", r#"["stop"]"#),
        // not filled by the connector
        ("ActorUsername", ""),
        ("SrcIpAddr", ""),
        ("SrcPortNumber", "null"),
        ("_BilledSize", "null"),
    ] {
        for table in ["ASimAgentEventLogs", "OpenAIChatCompletions"] {
            assert_eq!(cell(&data, table, column, 0), expected, "{table}.{column}");
        }
    }
    assert_eq!(data.raw(0).as_deref(), Some(COMPLETION));
}

/// The table of the solution's version 3.0: the same events in other columns.
#[test]
fn a_completion_is_also_a_row_of_the_older_table() {
    let data = load("chat.json", COMPLETION);
    let table = "OpenAIChatCompletions_CL";
    let schema = data.schema(table).expect("a schema");
    let made = data.table(table).expect("a table");
    let columns: Vec<_> = made.schema().map(|(n, t)| (n.to_owned(), t)).collect();
    assert_eq!(columns, schema);
    assert_eq!(schema.len(), 21);
    for (column, expected) in [
        ("TimeGenerated", "2026-06-08T05:00:00.0000000Z"),
        ("CreatedAt", "2026-06-08T05:00:00.0000000Z"),
        ("Id", "chatcmpl-1"),
        ("ObjectType", "chat.completion"),
        ("Model", "gpt-5.4"),
        ("ServiceTier", "default"),
        ("SystemFingerprint", "fp_1"),
        ("ToolChoice", r#"{"type":"auto"}"#),
        ("Tools", "null"),
        ("Metadata", r#"{"app":"desk"}"#),
        ("Temperature", "0.5"),
        ("TopProbability", "1.0"),
        ("Seed", "4944116822809979520"),
        ("InputUser", "Ana@Larkspur.example"),
        ("ConnectorName", ""),
    ] {
        assert_eq!(cell(&data, table, column, 0), expected, "{column}");
    }
    assert_eq!(
        made.lineage.as_ref().map(|l| l.row(0).to_vec()),
        Some(vec![0])
    );
    assert!(!data.filled_tables().contains(&table.to_owned()));
    assert_eq!(data.table_size(table), Some((1, 21)));
    assert_eq!(data.table_size("OpenAIChatCompletions"), Some((1, 73)));
    // Made once, then shared; a table that is put in its place is taken instead.
    let again = data.clone().table(table).expect("a table");
    assert!(std::sync::Arc::ptr_eq(&made, &again));
    let other = data.with_table(table, rulewright::value::Table::default());
    assert_eq!(other.schema(table).map(|s| s.len()), Some(0));
}

#[test]
fn a_missing_finish_reason_is_one_empty_text() {
    for choices in [
        "[]",
        "null",
        "[{\"index\":0}]",
        "[{\"finish_reason\":null}]",
    ] {
        let text = format!(
            r#"{{"object":"chat.completion","id":"c","created":1780894800,"choices":{choices}}}"#
        );
        let data = load("chat.json", text);
        let reasons = cell(&data, "ASimAgentEventLogs", "EventFinishReasons", 0);
        assert_eq!(reasons, r#"[""]"#, "{choices}");
        assert_eq!(
            cell(&data, "ASimAgentEventLogs", "EventRequestSeed", 0),
            "null"
        );
        assert_eq!(
            cell(&data, "ASimAgentEventLogs", "InputTokensUsed", 0),
            "null"
        );
    }
}

#[test]
fn an_audit_event_becomes_a_row() {
    let session =
        r#"{"user":{"id":"user-1","email":"Ana@Larkspur.example"},"ip_address":"198.51.100.7"}"#;
    let events = [
        format!(
            r#"{{"id":"a1","type":"role.assignment.created","effective_at":1780894800,"project":{{"id":"p"}},"actor":{{"type":"session","session":{session}}},"role.assignment.created":{{"id":"x"}}}}"#
        ),
        r#"{"id":"a2","type":"role.assignment.created","effective_at":null,"actor":{"type":"api_key","api_key":{"id":"key_1"}},"role_assignment_created":{"id":"y"}}"#.to_owned(),
        r#"{"id":"a3","type":"something.brand_new","effective_at":1780894800,"actor":null}"#.to_owned(),
    ];
    let data = load("audit.ndjson", events.join("\n"));
    let at = "2026-06-08T05:00:00.0000000Z";
    let columns = [
        ("TimeGenerated", [at, "null", at]),
        ("Id", ["a1", "a2", "a3"]),
        (
            "EventType",
            [
                "role.assignment.created",
                "role.assignment.created",
                "something.brand_new",
            ],
        ),
        ("EffectiveAt", [at, "null", at]),
        ("ActorType", ["session", "api_key", ""]),
        ("ActorApiKey", ["null", r#"{"id":"key_1"}"#, "null"]),
        ("ActorSession", [session, "null", "null"]),
        ("Project", [r#"{"id":"p"}"#, "null", "null"]),
        ("EventDetails", [r#"{"id":"x"}"#, r#"{"id":"y"}"#, "null"]),
        ("ConnectorName", ["", "", ""]),
    ];
    for table in ["OpenAIAuditLogs", "OpenAIAuditLogs_CL"] {
        let names: Vec<_> = data.table(table).expect("table").names.clone();
        assert_eq!(names, columns.map(|(name, _)| name.to_owned()));
        for (column, expected) in &columns {
            for (row, expected) in expected.iter().enumerate() {
                assert_eq!(&cell(&data, table, column, row), expected, "{column}");
            }
        }
        let lineage = data.table(table).expect("table").lineage.clone();
        let lineage = lineage.expect("lineage");
        assert_eq!((lineage.row(0), lineage.row(2)), (&[0][..], &[2][..]));
    }
    assert!(data.files()[0].notes.iter().any(|n| n.contains("no time")));
}

#[test]
fn tables_are_there_before_any_event() {
    let data = load("empty.json", "");
    assert_eq!(
        data.table_names(),
        [
            "ASimAgentEventLogs",
            "OpenAIAuditLogs",
            "OpenAIAuditLogs_CL",
            "OpenAIChatCompletions",
            "OpenAIChatCompletions_CL",
            "PantherLogs_CL"
        ]
    );
    let schema = data.schema("OpenAIChatCompletions").expect("a schema");
    assert_eq!(schema.len(), 73);
    let count = |ty| schema.iter().filter(|(_, t)| *t == ty).count();
    assert_eq!(
        [
            Type::DateTime,
            Type::Int,
            Type::Long,
            Type::Real,
            Type::Dynamic
        ]
        .map(count),
        // real: the four request parameters and _BilledSize
        [3, 2, 3, 5, 2]
    );
    assert_eq!(data.schema("OpenAIAuditLogs").map(|s| s.len()), Some(10));
    assert!(data.schema("openaiauditlogs").is_none());
    for name in data.table_names() {
        let table = data.table(&name).expect("a table");
        assert_eq!(table.rows, 0);
        assert!(table.columns.iter().all(|c| c.is_empty()));
    }
    assert_eq!((data.event_count(), data.end()), (0, None));
    assert!(data.event(0).is_none() && data.raw(0).is_none());
    assert_eq!(Dataset::default().table_names(), data.table_names());
}

#[test]
fn panther_sees_its_own_spelling() {
    let text = r#"{"id":"late","type":"role.assignment.created","effective_at":1780894860,"role.assignment.created":{"id":"x"}}
{"id":"early","type":"role.assignment.created","effective_at":1780894800,"role_assignment_created":{"id":"y"},"p_log_type":"OpenAI.Audit"}
{"id":"timeless","type":"logout.succeeded","effective_at":null}
"#;
    let data = load("audit.ndjson", text);
    let events = data.panther_events("OpenAI.Audit");
    let ids: Vec<_> = events
        .iter()
        .flatten()
        .map(|(id, e)| (id, e.json()["id"].clone()))
        .collect();
    assert_eq!(
        ids,
        [
            (2, "timeless".into()),
            (1, "early".into()),
            (0, "late".into())
        ]
    );
    let late = events.event(2).expect("parsed");
    assert_eq!(late.json()["role_assignment_created"]["id"], "x");
    assert_eq!(late.json()["role.assignment.created"]["id"], "x");
    assert!(
        events
            .iter()
            .all(|e| e.is_ok_and(|(_, e)| e.json()["p_log_type"] == "OpenAI.Audit"))
    );
    let early = events.event(1).expect("parsed");
    assert_eq!(early.json()["role_assignment_created"]["id"], "y");
    assert!(data.panther_events("AWS.CloudTrail").is_empty());
    // read once, then shared
    let path = ["type".to_owned()];
    let column = |data: &Dataset| data.panther_events("OpenAI.Audit").path_codes(&path);
    let (first, second) = (column(&data), column(&data.clone()));
    assert!(std::sync::Arc::ptr_eq(
        &first.expect("codes"),
        &second.expect("codes")
    ));
}

#[test]
fn a_table_can_be_added_and_replaced() {
    let rows = |n| rulewright::value::Table {
        rows: n,
        ..Default::default()
    };
    let data = load("empty.json", "")
        .with_table("Watch", rows(1))
        .with_table("Watch", rows(2));
    assert_eq!(data.table("Watch").map(|t| t.rows), Some(2));
    assert!(data.table_names().contains(&"Watch".to_owned()));
}

#[test]
fn panther_sees_the_fields_that_it_adds_itself() {
    let text = concat!(
        r#"{"id":"a","type":"login.succeeded","effective_at":1780896325,"actor":{"type":"session","session":{"user":{"email":"maya@x.example"},"ip_address":"198.51.100.14"}}}"#,
        "\n",
        r#"{"id":"b","type":"login.failed","effective_at":1780896326.25,"p_any_emails":["kept@x.example"],"actor":{"type":"api_key","api_key":{"user":{"email":"leo@x.example"}}}}"#,
        "\n",
    );
    let data = load("audit.ndjson", text);
    let events = data.panther_events("OpenAI.Audit");
    let [a, b] = [0, 1].map(|at| events.event(at).unwrap());
    // As docs.panther.com gives the time: UTC without a zone, nine digits behind the point.
    assert_eq!(a.json()["p_event_time"], "2026-06-08 05:25:25.000000000");
    assert_eq!(b.json()["p_event_time"], "2026-06-08 05:25:26.250000000");
    assert_eq!(
        a.json()["p_any_emails"],
        serde_json::json!(["maya@x.example"])
    );
    assert_eq!(
        a.json()["p_any_ip_addresses"],
        serde_json::json!(["198.51.100.14"])
    );
    assert_eq!(
        b.json()["p_any_emails"],
        serde_json::json!(["kept@x.example"])
    );
    assert_eq!(b.json().get("p_any_ip_addresses"), None);
    // A condition on such a field is answered as the event answers it.
    let paths = ["p_event_time", "p_any_ip_addresses", "P_ANY_EMAILS"];
    for path in paths {
        let column = events.path_codes(&[path.to_owned()]).unwrap();
        let codes: Vec<usize> = (0..column.values().len()).collect();
        let codes = column.spread(0..events.len(), &codes).unwrap();
        for (event, code) in [&a, &b].into_iter().zip(codes) {
            match (&column.values()[code], event.member(path)) {
                (PathValue::Value(is), Some(value)) => assert_eq!(is, value),
                (PathValue::Missing(0), None) => {}
                (is, value) => panic!("{path}: {is:?}, {value:?}"),
            }
        }
    }
}
