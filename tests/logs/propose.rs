//! Connectors that are proposed from records: read back, they take every record they were made of.

use rulewright::kql::Catalog;
use rulewright::logs::{
    Connectors, Dataset, Proposal, Sample, Source, propose, read_schema, sample,
};
use rulewright::task::{CancelToken, Progress};
use rulewright::value::Type;
use serde_json::{Value as Json, json};

fn source(name: &str, bytes: &[u8]) -> Source {
    Source {
        path: name.into(),
        bytes: Some(bytes.to_vec()),
    }
}

/// Loads a file with the proposed connector; every record must be a row.
fn load(proposal: &Proposal, file: &Source, records: usize) -> Dataset {
    let text = proposal.to_yaml();
    let mut connectors = Connectors::default();
    let wrong = connectors.add(&text);
    assert!(wrong.is_empty(), "{wrong:#?}\n{text}");
    let (cancel, progress) = (CancelToken::new(), Progress::new());
    let data = Dataset::from_sources_with(vec![file.clone()], &connectors, &cancel, &progress);
    let loaded = &data.files()[0];
    assert_eq!(loaded.rejected, [], "{text}");
    assert_eq!(loaded.events, records, "{loaded:?}\n{text}");
    assert_eq!(loaded.connector, proposal.id);
    assert_eq!(loaded.table, proposal.table);
    data
}

fn proposed(file: &Source) -> Proposal {
    let sample = sample(file, None, &Connectors::default(), 500).expect("records");
    propose(&sample).expect("a connector")
}

fn types(proposal: &Proposal) -> Vec<(&str, Type)> {
    let columns = proposal.columns.iter();
    columns.map(|c| (c.name.as_str(), c.ty)).collect()
}

fn cell(data: &Dataset, table: &str, column: &str, row: usize) -> String {
    let table = data.table(table).expect("a table");
    table.column(column).expect("a column").value(row).display()
}

fn cloudtrail() -> Vec<u8> {
    let record = |n: usize| {
        let mut record = json!({
            "eventVersion": "1.09",
            "userIdentity": {"type": "IAMUser", "arn": format!("arn:aws:iam::111122223333:user/u{n}")},
            "eventTime": format!("2026-06-08T05:0{n}:00Z"),
            "eventSource": if n.is_multiple_of(2) { "iam.amazonaws.com" } else { "s3.amazonaws.com" },
            "eventName": "GetObject",
            "awsRegion": "eu-central-1",
            "sourceIPAddress": "198.51.100.7",
            "requestParameters": null,
            "readOnly": n.is_multiple_of(2),
            "eventID": format!("0000-{n}"),
            "recipientAccountId": "111122223333",
        });
        if n == 2 {
            record["errorCode"] = json!("AccessDenied");
            record["requestParameters"] = json!({"bucketName": "b"});
        }
        record
    };
    let records: Vec<Json> = (0..4).map(record).collect();
    serde_json::to_vec(&json!({"Records": records})).expect("JSON")
}

#[test]
fn a_cloud_trail_file_gets_a_connector() {
    let file = source("logs/cloudtrail_2026-06-08.json", &cloudtrail());
    let proposal = proposed(&file);
    assert_eq!(
        (proposal.id.as_str(), proposal.table.as_str()),
        ("cloudtrail", "Cloudtrail_CL")
    );
    assert_eq!(
        types(&proposal),
        [
            ("TimeGenerated", Type::DateTime),
            ("eventVersion", Type::String),
            ("userIdentity", Type::Dynamic),
            ("eventTime", Type::DateTime),
            ("eventSource", Type::String),
            ("eventName", Type::String),
            ("awsRegion", Type::String),
            ("sourceIPAddress", Type::String),
            ("requestParameters", Type::Dynamic),
            ("readOnly", Type::Bool),
            ("eventID", Type::String),
            ("recipientAccountId", Type::String),
            ("errorCode", Type::String),
        ]
    );
    let tested: Vec<&str> = proposal.recognise[0]
        .iter()
        .map(|t| t.member.as_str())
        .collect();
    // What only one file has in common is no test: other files name other regions and versions.
    assert!(
        proposal.recognise[0].iter().all(|t| t.equals.is_empty()),
        "{tested:?}"
    );
    assert!(!tested.contains(&"errorCode"), "not all records have it");
    let data = load(&proposal, &file, 4);
    assert_eq!(
        cell(&data, "Cloudtrail_CL", "TimeGenerated", 3),
        "2026-06-08T05:03:00.0000000Z"
    );
    assert_eq!(cell(&data, "Cloudtrail_CL", "errorCode", 2), "AccessDenied");
    assert_eq!(
        data.event(1).and_then(|e| e.record_id).as_deref(),
        Some("0000-1")
    );
    assert_eq!(data.files()[0].form, "wrapped_list");
    // The bundled logs still go their own way.
    let audit = include_bytes!("ndjson/input.ndjson");
    let mut connectors = Connectors::default();
    assert_eq!(connectors.add(&proposal.to_yaml()), []);
    let files = vec![source("audit", audit)];
    let data =
        Dataset::from_sources_with(files, &connectors, &CancelToken::new(), &Progress::new());
    assert_eq!(data.files()[0].connector, "openai-audit");
}

#[test]
fn a_page_of_sign_ins_gets_a_connector() {
    let record = |n: i64| {
        json!({
            "id": format!("sign-in-{n}"),
            "createdDateTime": format!("2026-06-08T05:0{n}:00.1234567Z"),
            "userPrincipalName": "maya@larkspur.example",
            "riskScore": n as f64 / 2.0,
            "riskEventCount": n,
            "isInteractive": true,
            "status": {"errorCode": 0, "failureReason": "Other."},
            "appliedConditionalAccessPolicies": [],
        })
    };
    let records: Vec<Json> = (1..4).map(record).collect();
    let page = json!({"@odata.context": "https://graph.example/", "value": records});
    let file = source("Sign-in logs.json", page.to_string().as_bytes());
    let proposal = proposed(&file);
    assert_eq!(
        types(&proposal),
        [
            ("TimeGenerated", Type::DateTime),
            ("id", Type::String),
            ("createdDateTime", Type::DateTime),
            ("userPrincipalName", Type::String),
            ("riskScore", Type::Real),
            ("riskEventCount", Type::Long),
            ("isInteractive", Type::Bool),
            ("status", Type::Dynamic),
            ("appliedConditionalAccessPolicies", Type::Dynamic),
        ]
    );
    let data = load(&proposal, &file, 3);
    assert_eq!(cell(&data, "SignInLogs_CL", "riskScore", 0), "0.5");
    assert_eq!(
        data.event(2).and_then(|e| e.record_id).as_deref(),
        Some("sign-in-3")
    );
}

#[test]
fn a_table_of_syslog_lines_gets_a_connector() {
    let csv = "Event Time;Host;Severity;Process ID;Load;Alive;Message\r\n\
        2026-06-08 05:00:00;web-1;3;812;0,25;true;\"Failed password; user root\"\r\n\
        2026-06-08 05:00:01;web-2;6;900;1,5;false;\"said \"\"hello\"\"\nand went\"\r\n";
    let file = source("syslog.csv", csv.as_bytes());
    let proposal = proposed(&file);
    assert_eq!(
        types(&proposal),
        [
            ("TimeGenerated", Type::DateTime),
            ("Event_Time", Type::DateTime),
            ("Host", Type::String),
            ("Severity", Type::Long),
            // An identifier is no number, though it is written with digits.
            ("Process_ID", Type::String),
            ("Load", Type::String),
            ("Alive", Type::Bool),
            ("Message", Type::String),
        ]
    );
    let data = load(&proposal, &file, 2);
    assert_eq!(cell(&data, "Syslog_CL", "Severity", 1), "6");
    assert_eq!(cell(&data, "Syslog_CL", "Alive", 0), "true");
    assert_eq!(
        cell(&data, "Syslog_CL", "Message", 1),
        "said \"hello\"\nand went"
    );
    assert_eq!(data.event(1).map(|e| e.line), Some(3));
    // A real is read with its comma where a person says that it is one.
    let mut proposal = proposal;
    let load_at = proposal
        .inputs
        .iter()
        .position(|i| i.member == "Load")
        .expect("there");
    proposal.inputs[load_at].ty = Type::Real;
    proposal.columns = proposal.columns_of_inputs();
    assert_eq!(
        cell(&load(&proposal, &file, 2), "Syslog_CL", "Load", 0),
        "0.25"
    );
}

#[test]
fn what_takes_its_time_from_numbers_is_read() {
    let lines = "{\"ts\":1780894800123,\"port\":443,\"uid\":\"a\",\"id.orig_h\":\"198.51.100.7\"}\n\
                 {\"ts\":1780894801000,\"port\":80,\"uid\":\"b\",\"id.orig_h\":null}\n";
    let file = source("conn.log", lines.as_bytes());
    let proposal = proposed(&file);
    let data = load(&proposal, &file, 2);
    assert_eq!(
        cell(&data, "Conn_CL", "TimeGenerated", 0),
        "2026-06-08T05:00:00.1230000Z"
    );
    assert_eq!(cell(&data, "Conn_CL", "id_orig_h", 0), "198.51.100.7");
    assert_eq!(cell(&data, "Conn_CL", "port", 1), "80");
}

#[test]
fn a_schema_gives_the_columns() {
    let file = source("cloudtrail.json", &cloudtrail());
    let csv = "ColumnName,ColumnOrdinal,DataType,ColumnType\n\
        TimeGenerated,0,System.DateTime,datetime\n\
        EventName,1,System.String,string\n\
        ReadOnly,2,System.SByte,bool\n\
        UserIdentity,3,System.String,string\n\
        TenantId,4,System.String,string\n\
        EventId,5,System.Guid,guid\n";
    let json = json!({"tables": [{"name": "PrimaryResult",
        "columns": [{"name": "ColumnName", "type": "string"}, {"name": "ColumnType", "type": "string"}],
        "rows": [["TimeGenerated", "datetime"], ["EventName", "string"], ["ReadOnly", "bool"],
                 ["UserIdentity", "string"], ["TenantId", "string"], ["EventId", "guid"]]}]});
    let list = json!([
        {"name": "TimeGenerated", "type": "DateTime"}, {"name": "EventName", "type": "String"},
        {"name": "ReadOnly", "type": "boolean"}, {"name": "UserIdentity", "type": "string"},
        {"name": "TenantId", "type": "string"}, {"name": "EventId", "type": "guid"},
    ]);
    let expected = [
        ("TimeGenerated", Type::DateTime),
        ("EventName", Type::String),
        ("ReadOnly", Type::Bool),
        ("UserIdentity", Type::String),
        ("TenantId", Type::String),
        ("EventId", Type::Guid),
    ];
    for text in [csv.to_owned(), json.to_string(), list.to_string()] {
        let schema = read_schema(text.as_bytes()).expect("a schema");
        let read: Vec<(&str, Type)> = schema
            .columns
            .iter()
            .map(|(n, t)| (n.as_str(), *t))
            .collect();
        assert_eq!(read, expected);
        let mut proposal = proposed(&file);
        proposal.use_schema(&schema);
        assert_eq!(types(&proposal), expected);
        assert!(
            proposal.notes.iter().any(|n| n.contains("TenantId")),
            "{:?}",
            proposal.notes
        );
        let data = load(&proposal, &file, 4);
        assert_eq!(cell(&data, "Cloudtrail_CL", "EventName", 0), "GetObject");
        assert_eq!(cell(&data, "Cloudtrail_CL", "TenantId", 0), "");
        assert!(cell(&data, "Cloudtrail_CL", "UserIdentity", 1).contains("user/u1"));
    }
    for (text, reason) in [
        ("name,type\na,string\na,long\n", "second time"),
        ("name,type\na,money\n", "the type `money`"),
        ("column,width\na,3\n", "has no type"),
        ("", "empty"),
    ] {
        let wrong = read_schema(text.as_bytes()).expect_err(text);
        assert!(wrong.contains(reason), "{wrong}");
    }
}

/// Whatever records look like, the connector that is proposed for them can be read and takes them.
#[test]
fn any_records_give_a_connector_that_takes_them() {
    let names = [
        "time",
        "Type",
        "type",
        "where",
        "project",
        "a b",
        "a.b",
        "A_B",
        "@t",
        "",
        "naïve",
        "9",
        "_id",
        "id",
        "yes",
        "null",
        "x\"y'z",
        "TimeGenerated",
        "TenantId",
        "count",
        "in",
        "event: {x}",
        "# no",
        "p_log_type",
        "very_long_name_that_goes_on_and_on_and_on_until_it_is_too_long",
    ];
    let mut rng = fastrand::Rng::with_seed(11);
    let mut made = 0;
    for round in 0..150 {
        let chosen: Vec<&str> = names.into_iter().filter(|_| rng.u8(..4) == 0).collect();
        let value = |rng: &mut fastrand::Rng| match rng.u8(..9) {
            0 => Json::Null,
            1 => json!(rng.bool()),
            2 => json!(rng.i64(..)),
            3 => json!(1_780_894_800 + rng.i64(..1000)),
            4 => json!(rng.f64()),
            5 => json!("2026-06-08T05:00:00Z"),
            6 => json!({"a": [1, "x"]}),
            7 => json!(""),
            _ => json!(format!("text {}", rng.u8(..))),
        };
        let count = rng.usize(1..30);
        let records: Vec<Json> = (0..count)
            .map(|_| {
                let members = chosen
                    .iter()
                    .filter(|_| rng.u8(..8) > 0)
                    .copied()
                    .collect::<Vec<_>>();
                let members = members
                    .into_iter()
                    .map(|name| (name.to_owned(), value(&mut rng)));
                Json::Object(members.collect())
            })
            .collect();
        let sample = Sample::of_json("any log.json", records.clone());
        let Ok(proposal) = propose(&sample) else {
            continue;
        };
        made += 1;
        let lines: String = records.iter().map(|r| format!("{r}\n")).collect();
        let data = load(&proposal, &source("any", lines.as_bytes()), count);
        let table = data.table(&proposal.table).expect("a table");
        assert_eq!(
            (table.rows, table.columns.len()),
            (count, proposal.columns.len()),
            "{round}"
        );
    }
    assert!(made > 100, "{made}");
}
