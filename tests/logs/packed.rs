//! Packed files and Parquet: the same events as the plain lines, and what is damaged costs only itself.

use super::cases::rows;
use super::load;
use arrow_array::builder::{
    Decimal128Builder, Int32Builder, ListBuilder, MapBuilder, StringBuilder,
    StringDictionaryBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Float32Array, Float64Array, Int64Array,
    RecordBatch, StringArray, StructArray, Time64MicrosecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use rulewright::logs::Dataset;
use serde_json::{Value as Json, json};
use std::sync::Arc;

const LINES: &str = include_str!("ndjson/input.ndjson");

fn columns(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true));
    let schema = Schema::new(fields.collect::<Vec<_>>());
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(schema), arrays).expect("columns of one length")
}

fn group(members: Vec<(&str, ArrayRef)>, nulls: Vec<bool>) -> ArrayRef {
    let fields: Vec<Field> = members
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = members.into_iter().map(|(_, array)| array).collect();
    Arc::new(StructArray::new(fields.into(), arrays, Some(nulls.into())))
}

fn texts<const N: usize>(texts: [Option<&str>; N]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

/// A file with row groups of so many rows.
pub(super) fn parquet(batch: &RecordBatch, compression: Compression, rows: usize) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_max_row_group_row_count(Some(rows))
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a writer");
    writer.write(batch).expect("written");
    writer.close().expect("closed");
    bytes
}

/// The events of the plain case, with a column for each member that any of them has.
fn raw_events() -> RecordBatch {
    let user = group(
        vec![
            ("id", texts([Some("user-1"), Some("user-1"), None])),
            (
                "email",
                texts([
                    Some("Ana.Roth@larkspur.example"),
                    Some("Ana.Roth@larkspur.example"),
                    None,
                ]),
            ),
        ],
        vec![true, true, false],
    );
    let session = group(
        vec![
            ("user", user),
            (
                "ip_address",
                texts([Some("198.51.100.7"), Some("198.51.100.7"), None]),
            ),
            (
                "user_agent",
                texts([Some("curl/8.5"), Some("curl/8.5"), None]),
            ),
        ],
        vec![true, true, false],
    );
    let account = group(
        vec![("id", texts([None, None, Some("svc_acct_1")]))],
        vec![false, false, true],
    );
    let key = group(
        vec![
            ("id", texts([None, None, Some("key_1")])),
            ("type", texts([None, None, Some("service_account")])),
            ("service_account", account),
        ],
        vec![false, false, true],
    );
    let actor = group(
        vec![
            (
                "type",
                texts([Some("session"), Some("session"), Some("api_key")]),
            ),
            ("session", session),
            ("api_key", key),
        ],
        vec![true; 3],
    );
    let project = group(
        vec![
            ("id", texts([None, Some("proj_1"), None])),
            ("name", texts([None, Some("Core"), None])),
        ],
        vec![false, true, false],
    );
    let second = |text| texts([None, Some(text), None]);
    let role = group(
        vec![
            (
                "id",
                second(
                    "role_assignment_role-api-organization-owner__api-organization__org-1_user-2",
                ),
            ),
            ("principal_id", second("user-2")),
            ("principal_type", second("user")),
            ("resource_id", second("org-1")),
            ("resource_type", second("api.organization")),
        ],
        vec![false, true, false],
    );
    let data = group(
        vec![
            ("name", texts([None, None, Some("naïve")])),
            ("title", texts([None, None, Some("Ünï")])),
        ],
        vec![false, false, true],
    );
    let created = group(
        vec![("id", texts([None, None, Some("proj_2")])), ("data", data)],
        vec![false, false, true],
    );
    columns(vec![
        ("object", texts([Some("organization.audit_log"); 3])),
        (
            "id",
            texts([
                Some("audit_log-1"),
                Some("audit_log-2"),
                Some("audit_log-3"),
            ]),
        ),
        (
            "type",
            texts([
                Some("login.succeeded"),
                Some("role.assignment.created"),
                Some("project.created"),
            ]),
        ),
        (
            "effective_at",
            Arc::new(Int64Array::from(vec![
                1_780_894_800,
                1_780_894_860,
                1_780_894_920,
            ])),
        ),
        ("project", project),
        ("actor", actor),
        ("role.assignment.created", role),
        ("project.created", created),
    ])
}

/// The same as rows of the table, as an export job writes them: dynamic columns are JSON text.
fn exported_rows() -> RecordBatch {
    let session = r#"{"user":{"id":"user-1","email":"Ana.Roth@larkspur.example"},"ip_address":"198.51.100.7","user_agent":"curl/8.5"}"#;
    let micros = [1_780_894_800, 1_780_894_860, 1_780_894_920].map(|s: i64| s * 1_000_000);
    let times = TimestampMicrosecondArray::from(micros.to_vec()).with_timezone("UTC");
    let times: ArrayRef = Arc::new(times);
    columns(vec![
        (
            "TenantId",
            texts([Some("00000000-0000-0000-0000-000000000000"); 3]),
        ),
        ("TimeGenerated", Arc::clone(&times)),
        (
            "Id",
            texts([
                Some("audit_log-1"),
                Some("audit_log-2"),
                Some("audit_log-3"),
            ]),
        ),
        (
            "EventType",
            texts([
                Some("login.succeeded"),
                Some("role.assignment.created"),
                Some("project.created"),
            ]),
        ),
        ("EffectiveAt", times),
        (
            "ActorType",
            texts([Some("session"), Some("session"), Some("api_key")]),
        ),
        (
            "ActorApiKey",
            texts([
                None,
                None,
                Some(
                    r#"{"id":"key_1","type":"service_account","service_account":{"id":"svc_acct_1"}}"#,
                ),
            ]),
        ),
        ("ActorSession", texts([Some(session), Some(session), None])),
        (
            "Project",
            texts([None, Some(r#"{"id":"proj_1","name":"Core"}"#), None]),
        ),
        (
            "EventDetails",
            texts([
                None,
                Some(
                    r#"{"id":"role_assignment_role-api-organization-owner__api-organization__org-1_user-2","principal_id":"user-2","principal_type":"user","resource_id":"org-1","resource_type":"api.organization"}"#,
                ),
                Some(r#"{"id":"proj_2","data":{"name":"naïve","title":"Ünï"}}"#),
            ]),
        ),
        ("Type", texts([Some("OpenAIAuditLogs_CL"); 3])),
    ])
}

fn is_the_plain_case(name: &str, bytes: Vec<u8>, form: &str) {
    let data = load(name, bytes);
    let file = &data.files()[0];
    assert_eq!((file.form.as_str(), file.events), (form, 3), "{file:?}");
    assert_eq!(file.rejected, [], "{name}");
    assert_eq!(rows(&data), rows(&load("plain", LINES)), "{name}");
    let lines: Vec<usize> = (0..3).filter_map(|id| Some(data.event(id)?.line)).collect();
    assert_eq!(lines, [1, 2, 3], "{name}");
}

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 3).expect("packed")
}

#[test]
fn zstd_gives_the_same_events() {
    is_the_plain_case("log.json", zstd(LINES.as_bytes()), "zstd+ndjson");
    // A frame a line, a skippable one first and between.
    let skippable = [0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7];
    let mut frames = skippable.to_vec();
    for line in LINES.split_inclusive('\n') {
        frames.extend(zstd(line.as_bytes()));
        frames.extend(skippable);
    }
    is_the_plain_case("log", frames.clone(), "zstd+ndjson");
    // Cut within the last frame: what was before it is there, and the cut is told at its line.
    frames.truncate(frames.len() - 15);
    let data = load("log", frames);
    let file = &data.files()[0];
    assert_eq!((file.events, file.rejected.len()), (2, 1), "{file:?}");
    assert_eq!(file.rejected[0].line, 3);
    assert!(file.rejected[0].reason.contains("zstd data ends here"));
}

#[test]
fn a_zstd_bomb_is_stopped() {
    let bomb = zstd(&vec![b' '; 400 << 20]);
    assert!(bomb.len() < 100_000);
    let data = load("bomb", bomb);
    let reason = &data.files()[0].rejected[0].reason;
    assert!(
        reason.contains("zstd data unpacks to more than 64 MB"),
        "{reason}"
    );
}

#[test]
fn parquet_gives_the_same_events() {
    let compressions = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
    ];
    for compression in compressions {
        is_the_plain_case("raw", parquet(&raw_events(), compression, 1000), "parquet");
        is_the_plain_case("raw", parquet(&raw_events(), compression, 1), "parquet");
        let rows = parquet(&exported_rows(), compression, 2);
        is_the_plain_case("rows", rows.clone(), "parquet");
        is_the_plain_case("rows", zstd(&rows), "zstd+parquet");
    }
}

const ANYTHING: &str = "
id: anything
title: Anything
recognise: [{ n: { is: present } }]
input: { n: long }
tables:
  - name: Anything_CL
    transform: source | project N = n
    columns: { N: long }
";

fn load_anything(bytes: Vec<u8>) -> Dataset {
    let mut connectors = rulewright::logs::Connectors::default();
    assert_eq!(connectors.add(ANYTHING), []);
    Dataset::from_sources_with(
        vec![rulewright::logs::Source {
            path: "file".into(),
            bytes: Some(bytes),
        }],
        &connectors,
        &rulewright::task::CancelToken::new(),
        &rulewright::task::Progress::new(),
    )
}

#[test]
fn cells_of_every_type_are_json() {
    let mut lists = ListBuilder::new(Int32Builder::new());
    lists.append_value([Some(1), None, Some(3)]);
    lists.append_null();
    let mut maps = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    maps.keys().append_value("a.b");
    maps.values().append_value(7);
    maps.append(true).expect("a map");
    maps.append(false).expect("no map");
    let mut decimals = Decimal128Builder::new()
        .with_precision_and_scale(38, 4)
        .expect("a decimal");
    decimals.append_value(123_456_789_012_345_678_901_234_567_890_i128);
    decimals.append_value(-5);
    let mut coded = StringDictionaryBuilder::<Int32Type>::new();
    coded.append_value("x\"y\n");
    coded.append_value("x\"y\n");
    let batch = columns(vec![
        (
            "n",
            Arc::new(Int64Array::from(vec![i64::MIN, 9_007_199_254_740_993])),
        ),
        ("u", Arc::new(UInt64Array::from(vec![u64::MAX, 0]))),
        (
            "f",
            Arc::new(Float64Array::from(vec![Some(0.5), Some(f64::NAN)])),
        ),
        (
            "g",
            Arc::new(Float32Array::from(vec![0.1_f32, f32::NEG_INFINITY])),
        ),
        ("b", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ("coded", Arc::new(coded.finish())),
        (
            "bytes",
            Arc::new(BinaryArray::from(vec![&b"text"[..], b"\xff\x00"])),
        ),
        ("list", Arc::new(lists.finish())),
        ("map", Arc::new(maps.finish())),
        ("decimal", Arc::new(decimals.finish())),
        ("day", Arc::new(Date32Array::from(vec![0, 20_612]))),
        (
            "clock",
            Arc::new(Time64MicrosecondArray::from(vec![0, 18_000_000_250])),
        ),
        (
            "ms",
            Arc::new(
                TimestampMillisecondArray::from(vec![1_780_894_800_120, -1]).with_timezone("UTC"),
            ),
        ),
        (
            "us",
            Arc::new(TimestampMicrosecondArray::from(vec![
                1_780_894_800_000_001,
                0,
            ])),
        ),
        (
            "ns",
            Arc::new(
                TimestampNanosecondArray::from(vec![1_780_894_800_000_000_100, 0])
                    .with_timezone("+02:00"),
            ),
        ),
    ]);
    let data = load_anything(parquet(&batch, Compression::SNAPPY, 100));
    assert_eq!(data.files()[0].rejected, []);
    let read = |id| data.raw(id).expect("raw text");
    let parsed = |id| serde_json::from_str::<Json>(&read(id)).expect("JSON");
    let first = json!({
        "n": i64::MIN, "u": u64::MAX, "f": 0.5, "g": 0.1, "b": true, "coded": "x\"y\n", "bytes": "text",
        "list": [1, null, 3], "map": {"a.b": 7}, "decimal": 12_345_678_901_234_567_890_123_456.789,
        "day": "1970-01-01", "clock": "00:00:00", "ms": "2026-06-08T05:00:00.12Z",
        "us": "2026-06-08T05:00:00.000001", "ns": "2026-06-08T05:00:00.0000001Z",
    });
    assert_eq!(parsed(0), first);
    // A decimal keeps all of its digits in the raw text.
    assert!(
        read(0).contains("12345678901234567890123456.7890"),
        "{}",
        read(0)
    );
    let second = json!({
        "n": 9_007_199_254_740_993_i64, "u": 0, "f": "NaN", "g": "-Infinity", "coded": "x\"y\n",
        "bytes": "/wA=", "decimal": -0.0005, "day": "2026-06-08", "clock": "05:00:00.00025",
        "ms": "1969-12-31T23:59:59.999Z", "us": "1970-01-01T00:00:00", "ns": "1970-01-01T00:00:00Z",
    });
    assert_eq!(parsed(1), second);
    let table = rulewright::kql::Catalog::table(&data, "Anything_CL").expect("a table");
    let cells: Vec<_> = (0..2)
        .map(|row| table.columns[0].value(row).display())
        .collect();
    assert_eq!(cells, [i64::MIN.to_string(), "9007199254740993".to_owned()]);
    assert_eq!(data.event(1).map(|e| e.line), Some(2));
    assert_eq!(first.as_object().map(serde_json::Map::len), Some(15));
    assert!(matches!(
        batch.schema().field(0).data_type(),
        DataType::Int64
    ));
}

/// Rows of a number and a text that says it.
pub(super) fn numbered(count: i64) -> RecordBatch {
    let texts: Vec<String> = (0..count)
        .map(|n| format!("row {n} {}", n * 7919 % 1009))
        .collect();
    columns(vec![
        ("n", Arc::new(Int64Array::from_iter_values(0..count))),
        ("text", Arc::new(StringArray::from(texts))),
    ])
}

#[test]
fn a_damaged_row_group_costs_only_itself() {
    let mut bytes = parquet(&numbered(400), Compression::ZSTD(ZstdLevel::default()), 100);
    let whole = load_anything(bytes.clone());
    assert_eq!(whole.event_count(), 400);
    // The data of the second group: a quarter of what lies before the metadata, about.
    let at = bytes.len() / 4;
    for byte in &mut bytes[at..at + 300] {
        *byte = !*byte;
    }
    let data = load_anything(bytes);
    let file = &data.files()[0];
    assert!(!file.rejected.is_empty() && file.events >= 100, "{file:?}");
    assert!(file.rejected[0].reason.contains("row group"), "{file:?}");
    // The rows behind it keep their numbers.
    let last = u32::try_from(data.event_count()).expect("few") - 1;
    assert_eq!(data.event(last).map(|e| e.line), Some(400));
    assert_eq!(data.raw(last), whole.raw(399));
}

#[test]
fn no_damage_to_parquet_is_a_crash() {
    let whole = parquet(&raw_events(), Compression::SNAPPY, 2);
    let mut rng = fastrand::Rng::with_seed(5);
    for _ in 0..3_000 {
        let mut bytes = whole.clone();
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(4..bytes.len());
            match rng.u8(..3) {
                0 => bytes[at] = rng.u8(..),
                1 => bytes[at] ^= 1 << rng.u8(..8),
                _ => drop(bytes.remove(at)),
            }
        }
        let data = load("file", bytes);
        let file = &data.files()[0];
        // Nothing is lost without a word, unless the damage changed what the rows say.
        assert!(file.events <= 100, "{file:?}");
    }
    for cut in 0..whole.len() {
        let data = load("file", whole[..cut].to_vec());
        assert_eq!(data.event_count(), 0, "{cut}");
        assert!(!data.files()[0].rejected.is_empty(), "{cut}");
    }
}

#[test]
fn a_parquet_bomb_is_stopped() {
    // One text of a megabyte, a thousand times: the file has it once.
    let text = "x".repeat(1 << 20);
    let mut coded = StringDictionaryBuilder::<Int32Type>::new();
    for _ in 0..1_000 {
        coded.append_value(&text);
    }
    let batch = columns(vec![("text", Arc::new(coded.finish()))]);
    let bomb = parquet(&batch, Compression::ZSTD(ZstdLevel::default()), 10_000);
    assert!(bomb.len() < 1 << 16, "{}", bomb.len());
    let data = load("bomb", bomb);
    let reason = &data.files()[0].rejected[0].reason;
    assert!(reason.contains("more than 64 MB of JSON"), "{reason}");
}

#[test]
fn a_row_of_parquet_that_is_too_long_costs_only_itself() {
    let long = "x".repeat(65 << 20);
    let ids = texts([Some("1"), Some("2"), Some("3")]);
    let kinds = texts([Some("t.x"), Some(&long), Some("t.y")]);
    let times: ArrayRef = Arc::new(Int64Array::from(vec![1_780_894_800; 3]));
    let batch = columns(vec![("id", ids), ("type", kinds), ("effective_at", times)]);
    let bytes = parquet(&batch, Compression::ZSTD(ZstdLevel::default()), 10);
    let data = load("rows.parquet", bytes);
    let file = &data.files()[0];
    let seen = |id| data.event(id).map(|e| (e.record_id, e.line));
    assert_eq!(seen(0), Some((Some("1".to_owned()), 1)));
    assert_eq!(seen(1), Some((Some("3".to_owned()), 3)));
    assert_eq!(file.rejected.len(), 1);
    assert_eq!(file.rejected[0].line, 2);
    assert!(file.rejected[0].reason.contains("more than 64 MB"));
}
