//! Large files: text stays on disk, records of known shape take a fast lane, columns are made when they are asked for.
//! Whatever a file holds, this gives the same as reading all of it at once.

use rulewright::kql::{self, Catalog, Options};
use rulewright::logs::{Connectors, Dataset, Source};
use rulewright::task::{CancelToken, Progress};
use std::path::{Path, PathBuf};

/// Columns late from the first byte on, in small blocks.
const LATE: (u64, usize) = (0, 1 << 10);
/// Never.
pub const EAGER: (u64, usize) = (u64::MAX, 1 << 20);

fn load(sources: &[Source], how: (u64, usize)) -> Dataset {
    Dataset::from_sources_late(
        sources.to_vec(),
        &Connectors::default(),
        how,
        &CancelToken::new(),
        &Progress::new(),
    )
}

pub fn on_disk(folder: &Path, files: &[Vec<u8>]) -> Vec<Source> {
    let sources = files.iter().enumerate().map(|(n, bytes)| {
        let path = folder.join(format!("{n}.ndjson"));
        std::fs::write(&path, bytes).expect("written");
        Source { path, bytes: None }
    });
    sources.collect()
}

pub fn in_memory(files: &[Vec<u8>]) -> Vec<Source> {
    let sources = files.iter().enumerate().map(|(n, bytes)| Source {
        path: PathBuf::from(format!("{n}.ndjson")),
        bytes: Some(bytes.clone()),
    });
    sources.collect()
}

/// Everything that can be asked of a dataset, a line each.
pub fn account(data: &Dataset) -> Vec<String> {
    let mut lines = Vec::new();
    for file in data.files() {
        let mut file = file.clone();
        file.path = file.path.file_name().map(PathBuf::from).unwrap_or_default();
        file.notes.sort();
        lines.push(format!("{file:?}"));
    }
    lines.push(format!("end {:?}", data.end()));
    for id in 0..u32::try_from(data.event_count()).expect("few") {
        lines.push(format!(
            "{:?} {:?} {:?}",
            data.event(id),
            data.byte_range(id),
            data.raw(id)
        ));
    }
    for name in data.table_names() {
        let table = data.table(&name).expect("a table");
        lines.push(format!("{name} {:?}", table.schema().collect::<Vec<_>>()));
        for row in 0..table.rows {
            let events = table.lineage.as_ref().map(|l| l.row(row).to_vec());
            lines.push(format!("{events:?} {:?}", table.row(row)));
        }
    }
    lines
}

fn same(files: &[Vec<u8>], what: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = account(&load(&in_memory(files), EAGER));
    for (how, sources) in [
        ("on disk", on_disk(folder.path(), files)),
        ("in memory", in_memory(files)),
    ] {
        let found = account(&load(&sources, LATE));
        for (expected, found) in expected.iter().zip(&found) {
            assert_eq!(found, expected, "{what}, {how}");
        }
        assert_eq!(found.len(), expected.len(), "{what}, {how}");
    }
}

fn pick<'t>(rng: &mut fastrand::Rng, from: &[&'t str]) -> &'t str {
    from[rng.usize(..from.len())]
}

/// A scalar, most of them plain.
fn scalar(rng: &mut fastrand::Rng) -> String {
    let plain = [
        "\"x\"", "1", "true", "null", "\"a b\"", "0.5", "false", "\"\"",
    ];
    let odd = [
        "-0",
        "-0.0",
        "1e3",
        "1E-2",
        "1.",
        "01",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "123456789012345678901234567890",
        "1e999",
        "1.00000000000000000000000000000000000000000000000001",
        "-",
        "+1",
        ".5",
        "\"\\n\\t\\\"\\\\\\/\\b\\f\\r\"",
        "\"\\u00e9\\ud83d\\ude00\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"é 漢 😀\"",
        "\"tab\there\"",
        "\"unclosed",
        "nul",
        "trueish",
        "NaN",
        "{}",
        "[]",
        "[1,2,3]",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":[{\"c\":null}]}}",
    ];
    if rng.u8(..4) == 0 {
        pick(rng, &odd).to_owned()
    } else {
        pick(rng, &plain).to_owned()
    }
}

fn time(rng: &mut fastrand::Rng) -> String {
    let second = 1_780_800_000 + rng.i64(..100_000);
    match rng.u8(..24) {
        0 => format!("{second}000"),
        1 => format!("{second}.5"),
        2 => "\"2026-06-08T05:00:00Z\"".to_owned(),
        3 => "null".to_owned(),
        4 => "\"never\"".to_owned(),
        5 => "[1]".to_owned(),
        6 => "12".to_owned(),
        7 => format!("\"{second}\""),
        8 => format!("{second}e0"),
        9 => "9223372036854775807".to_owned(),
        _ => second.to_string(),
    }
}

fn audit(rng: &mut fastrand::Rng, id: usize) -> String {
    let kind = pick(
        rng,
        &[
            "role.updated",
            "logout",
            "invite.sent",
            "a\\u002eb",
            "user_added",
        ],
    );
    let object = match rng.u8(..8) {
        0 => String::new(),
        1 => "\"object\":\"something\",".to_owned(),
        2 => "\"object\":\"organization.audit\\u005flog\",".to_owned(),
        _ => "\"object\":\"organization.audit_log\",".to_owned(),
    };
    let actor = match rng.u8(..4) {
        0 => "\"actor\":null,".to_owned(),
        1 => String::new(),
        2 => format!(
            "\"actor\":{{\"type\":\"api_key\",\"api_key\":{{\"id\":{}}}}},",
            scalar(rng)
        ),
        _ => format!(
            "\"actor\":{{\"type\":\"session\",\"session\":{{\"user\":{{\"email\":{}}},\"ip_address\":{}}}}},",
            scalar(rng),
            scalar(rng)
        ),
    };
    let details = match rng.u8(..4) {
        0 => String::new(),
        1 => format!(",\"{}\":{{\"id\":{}}}", kind.replace('.', "_"), scalar(rng)),
        _ => format!(
            ",\"{kind}\":{{\"id\":{},\"n\":[{}]}}",
            scalar(rng),
            scalar(rng)
        ),
    };
    let more = match rng.u8(..16) {
        0 => ",\"p_log_type\":\"OpenAI.Audit\"".to_owned(),
        1 => ",\"p_log_type\":\"Other.Log\"".to_owned(),
        2 => ",\"event\":{\"dataset\":\"x\"}".to_owned(),
        3 => format!(",\"project\":{{\"id\":{}}}", scalar(rng)),
        4 => ",\"effective_at\":1".to_owned(),
        5 => format!(",\"EventType\":{}", scalar(rng)),
        6 => format!(",\"\\u0069d\":{}", scalar(rng)),
        _ => String::new(),
    };
    let kind = if rng.u8(..12) == 0 {
        scalar(rng)
    } else {
        format!("\"{kind}\"")
    };
    let at = time(rng);
    format!(
        "{{{object}\"id\":\"audit-{id}\",\"type\":{kind},{actor}\"effective_at\":{at}{details}{more}}}"
    )
}

fn completion(rng: &mut fastrand::Rng, id: usize) -> String {
    let reason = pick(
        rng,
        &["\"stop\"", "\"length\"", "null", "\"content_filter\""],
    );
    let choices = match rng.u8(..6) {
        0 => "[]".to_owned(),
        1 => scalar(rng),
        2 => format!("[{{\"finish_reason\":{reason}}},{{\"finish_reason\":\"length\"}}]"),
        _ => format!(
            "[{{\"index\":0,\"message\":{{\"content\":{}}},\"finish_reason\":{reason}}}]",
            scalar(rng)
        ),
    };
    let object = pick(
        rng,
        &[
            "\"object\":\"chat.completion\",",
            "\"object\":\"chat.completion\",",
            "",
        ],
    );
    let (seed, user, tool, at) = (scalar(rng), scalar(rng), scalar(rng), time(rng));
    let metadata = scalar(rng);
    format!(
        "{{{object}\"id\":\"chatcmpl-{id}\",\"model\":\"gpt\",\"created\":{at},\"usage\":{{\"prompt_tokens\":7}},\
         \"seed\":{seed},\"temperature\":1.0,\"tool_choice\":{tool},\"metadata\":{metadata},\"input_user\":{user},\"choices\":{choices}}}"
    )
}

fn line(rng: &mut fastrand::Rng, id: usize) -> Vec<u8> {
    let mut text = match rng.u8(..40) {
        0 => String::new(),
        1 => "  ".to_owned(),
        2 => "[".to_owned(),
        3 => "{\"some\":\"thing\"}".to_owned(),
        4 => format!(
            "{{\"object\":\"list\",\"data\":[{},{}],\"has_more\":false}}",
            audit(rng, id),
            completion(rng, id)
        ),
        5 => format!("[{},{}]", audit(rng, id), audit(rng, id + 1)),
        6 => format!("{},", audit(rng, id)),
        7 => audit(rng, id).replace("\":", "\" : ").replace(',', ", "),
        8 => format!("  {}\t", completion(rng, id)),
        9 => {
            let long = "y".repeat(rng.usize(1_000..100_000));
            audit(rng, id).replacen("\"id\":\"", &format!("\"id\":\"{long}"), 1)
        }
        10 => "[".repeat(200),
        11 => format!(
            "{{\"type\":\"t\",\"effective_at\":1,\"x\":{}1{}}}",
            "[".repeat(126),
            "]".repeat(126)
        ),
        12 => format!(
            "{{\"type\":\"t\",\"effective_at\":1,\"x\":{}1{}}}",
            "[".repeat(127),
            "]".repeat(127)
        ),
        13..24 => completion(rng, id),
        _ => audit(rng, id),
    }
    .into_bytes();
    // One byte in a while is another one.
    if rng.u8(..6) == 0 && !text.is_empty() {
        let at = rng.usize(..text.len());
        match rng.u8(..4) {
            0 => text[at] = rng.u8(..),
            1 => text[at] = *rng.choice(b"\"{}[]:,\\ 0x".iter()).expect("some"),
            2 => drop(text.remove(at)),
            _ => text.truncate(at),
        }
    }
    text
}

fn file(rng: &mut fastrand::Rng) -> Vec<u8> {
    let end: &[u8] = if rng.u8(..4) == 0 { b"\r\n" } else { b"\n" };
    let mut bytes = audit(rng, 999).into_bytes();
    bytes.extend(end);
    for id in 0..rng.usize(..60) {
        bytes.extend(line(rng, id % 40));
        bytes.extend(end);
    }
    if rng.bool() {
        bytes.truncate(bytes.len().saturating_sub(rng.usize(..30)));
    }
    bytes
}

#[test]
fn whatever_a_file_holds_is_the_same() {
    for seed in 0..60 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let files: Vec<Vec<u8>> = (0..rng.usize(1..4)).map(|_| file(&mut rng)).collect();
        same(&files, &format!("seed {seed}"));
    }
}

#[test]
fn every_form_is_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs");
    let files = walkdir::WalkDir::new(folder).sort_by_file_name();
    let mut seen = 0;
    for file in files.into_iter().filter_map(Result::ok) {
        let name = file.file_name().to_string_lossy();
        if name.starts_with("input.") {
            let bytes = std::fs::read(file.path()).expect("readable");
            same(&[bytes], &file.path().display().to_string());
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn a_file_twice_is_counted_once() {
    let mut rng = fastrand::Rng::with_seed(7);
    let one = file(&mut rng);
    let spaced = String::from_utf8_lossy(&one)
        .replace("\":", "\": ")
        .into_bytes();
    same(&[one.clone(), one.clone()], "twice");
    same(&[one.clone(), spaced, one], "spaced");
}

fn plain(count: usize) -> Vec<u8> {
    let lines = (0..count).map(|n| {
        format!(
            "{{\"object\":\"organization.audit_log\",\"id\":\"a{n}\",\"type\":\"role.updated\",\"effective_at\":{},\
             \"actor\":{{\"type\":\"session\",\"session\":{{\"user\":{{\"email\":\"u{}@x.example\"}}}}}}}}\n",
            1_780_800_000 + n,
            n % 7
        )
    });
    lines.collect::<String>().into_bytes()
}

/// A line as a program writes them: of few shapes, most of its texts as in the lines before or all different.
fn usual(rng: &mut fastrand::Rng, n: usize) -> String {
    let at = 1_780_800_000 + n;
    let user = rng.usize(..40);
    let own = rng.u64(..);
    let text = pick(
        rng,
        &[
            "yes",
            "no",
            "é",
            "a\\nb",
            "\\u00e9",
            "a much longer text than the others, beyond a window",
        ],
    );
    let line = match rng.u8(..8) {
        0 => format!(
            "{{\"object\":\"organization.audit_log\",\"id\":\"a{n}\",\"type\":\"invite.sent\",\"effective_at\":{at},\
             \"actor\":{{\"type\":\"session\",\"session\":{{\"user\":{{\"email\":\"u{user}@x.example\"}},\"agent\":\"{text}\"}}}},\
             \"invite.sent\":{{\"id\":\"i{own}\"}}}}"
        ),
        kind => {
            let (temperature, tool) = if kind == 1 {
                ("0.5", "\"auto\"")
            } else {
                ("1.0", "null")
            };
            let seed = if kind == 2 { own >> 1 } else { own >> 40 };
            let asked = if kind == 3 {
                "null".to_owned()
            } else {
                format!("\"u{user}\"")
            };
            format!(
                "{{\"object\":\"chat.completion\",\"id\":\"c{n}\",\"model\":\"gpt\",\"created\":{at},\"request_id\":\"r{own:x}\",\
                 \"tool_choice\":{tool},\"usage\":{{\"prompt_tokens\":{user}}},\"seed\":{seed},\"temperature\":{temperature},\
                 \"input_user\":{asked},\"metadata\":{{\"n\":{own}}},\
                 \"choices\":[{{\"message\":{{\"content\":\"{text}\"}},\"finish_reason\":\"stop\"}}]}}"
            )
        }
    };
    // Now and then a line is written in another way, or is damaged.
    match rng.u16(..400) {
        0 => format!(" {line}"),
        1 => format!("{line} "),
        2 => format!("{line},"),
        3 => line.replace(':', ": "),
        4 => line.replace("\"id\"", "\"id\":\"\",\"id\""),
        5 => String::new(),
        6 => line.replace("stop", "st\u{1}op"),
        7 => line.replace("gpt", "g\"pt"),
        _ => line,
    }
}

/// Enough lines for each shape to be known by what its records have in common, and of each column for those that hold
/// few values as well as for those that hold one for each row.
#[test]
fn many_lines_are_the_same() {
    for (seed, end) in [(1, "\n"), (2, "\r\n")] {
        let mut rng = fastrand::Rng::with_seed(seed);
        let lines = (0..6_000).map(|n| usual(&mut rng, n) + end);
        let files = [lines.collect::<String>().into_bytes()];
        let folder = tempfile::tempdir().expect("a folder");
        let expected = load(&in_memory(&files), EAGER);
        let found = load(&on_disk(folder.path(), &files), (0, 64 << 10));
        let told = |data: &Dataset| {
            let file = &data.files()[0];
            (
                file.events,
                file.rejected.clone(),
                file.first,
                file.last,
                data.end(),
            )
        };
        assert_eq!(told(&found), told(&expected));
        assert!(told(&found).0 > 5_900 && !told(&found).1.is_empty());
        for id in 0..u32::try_from(expected.event_count()).expect("few") {
            let place = |data: &Dataset| (data.event(id).map(|e| e.line), data.byte_range(id));
            assert_eq!(place(&found), place(&expected));
        }
        for name in expected.table_names() {
            let table = |data: &Dataset| data.table(&name).expect("a table");
            let (found, expected) = (table(&found), table(&expected));
            assert_eq!(found.rows, expected.rows, "{name}");
            for row in 0..expected.rows {
                assert_eq!(found.row(row), expected.row(row), "{name}, row {row}");
            }
        }
    }
}

#[test]
fn queries_give_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [plain(9_000)];
    let (eager, late) = (
        load(&in_memory(&files), EAGER),
        load(&on_disk(folder.path(), &files), LATE),
    );
    for query in [
        "OpenAIAuditLogs | count",
        "OpenAIAuditLogs | where Id == 'a77'",
        "OpenAIAuditLogs | where tostring(ActorSession.user.email) startswith 'u3' | summarize count(), max(TimeGenerated) by ActorType",
        "OpenAIAuditLogs | top 5 by Id desc | project Id, ActorSession, EventDetails",
        "OpenAIAuditLogs | where TimeGenerated > datetime(2026-06-07 04:00) | order by Id asc | take 20",
        "OpenAIAuditLogs | project Id, T = TimeGenerated | join kind=leftouter (OpenAIAuditLogs | where Id endswith '77' | project Id, Who = ActorSession.user.email) on Id | where Id endswith '7' | project Id, T, Who | order by T asc",
        "OpenAIChatCompletions | take 5",
        "union OpenAIAuditLogs, OpenAIAuditLogs | summarize dcount(Id)",
    ] {
        for _ in 0..2 {
            let run = |data: &Dataset| kql::run(query, data, &Options::at(0)).expect("it runs");
            let (expected, found) = (run(&eager), run(&late));
            assert_eq!(found.table.rows, expected.table.rows, "{query}");
            for row in 0..expected.table.rows {
                assert_eq!(found.table.row(row), expected.table.row(row), "{query}");
                let events = |output: &kql::Output| {
                    output.table.lineage.as_ref().map(|l| l.row(row).to_vec())
                };
                assert_eq!(events(&found), events(&expected), "{query}");
            }
        }
    }
}

#[test]
fn a_file_that_changed_is_told_and_never_misread() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [plain(3_000)];
    let sources = on_disk(folder.path(), &files);
    let data = load(&sources, LATE);
    assert!(data.read_raw(5).is_ok());
    let query = "OpenAIAuditLogs | where Id == 'a5' | project Id";
    for change in ["shorter", "other", "gone"] {
        match change {
            "shorter" => std::fs::write(&sources[0].path, &files[0][..2_000]),
            "other" => std::fs::write(&sources[0].path, vec![b'x'; files[0].len() + 1]),
            _ => std::fs::remove_file(&sources[0].path),
        }
        .expect("changed");
        let reason = data.read_raw(5).expect_err(change);
        assert!(reason.contains("0.ndjson"), "{reason}");
        assert_eq!(data.raw(5), None);
        let wrong = kql::run(query, &data, &Options::at(0)).expect_err(change);
        assert!(wrong[0].message.contains("0.ndjson"), "{wrong:?}");
        assert!(data.table("OpenAIAuditLogs").is_none());
        assert!(data.event(5).is_some());
    }
}

/// Objects whose keys are identifiers: hardly a record has the shape of another one.
#[test]
fn keys_that_never_come_again() {
    let mut rng = fastrand::Rng::with_seed(41);
    let lines = (0..1_500).map(|n| {
        let key = format!("k{}", rng.u32(..));
        let [top, actor, details] = match n % 5 {
            0 => [format!(",\"{key}\":{n}"), String::new(), String::new()],
            1 => [String::new(), format!(",\"{key}\":null"), String::new()],
            2 => [String::new(), String::new(), format!("\"labels\":{{\"{key}\":1}}")],
            3 => [String::new(), String::new(), format!("\"{key}\":[{{}},1e3]")],
            _ => Default::default(),
        };
        format!(
            r#"{{"id":"a{n}","type":"login.succeeded","effective_at":{},"actor":{{"type":"session"{actor}}},"login.succeeded":{{{details}}}{top}}}"#,
            1_780_800_000 + n
        )
    });
    let lines: Vec<String> = lines.collect();
    same(&[lines.join("\n").into_bytes()], "keys");
}
