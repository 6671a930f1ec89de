//! Connectors whose transform leaves records out: a large load, which sees that without making rows, gives the same as
//! making all rows while loading.

use super::again::append;
use super::late::{EAGER, account, in_memory, on_disk};
use rulewright::kql::{self, Catalog, Options};
use rulewright::logs::{Connectors, Dataset, Source};
use rulewright::task::{CancelToken, Progress};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// A connector of the records whose `k` is its name: what its transform does before and behind the usual columns.
struct Case {
    name: &'static str,
    transform: &'static str,
    more: &'static str,
    /// Whether its columns can be made late.
    late: bool,
}

const fn case(name: &'static str, transform: &'static str) -> Case {
    Case {
        name,
        transform,
        more: "",
        late: true,
    }
}

const USUAL: &str = "project TimeGenerated = at, Id = id, S = s, N = n, A = d.a, Two = strcat(s, '/', tostring(n)), Whole";

const CASES: &[Case] = &[
    case("text", "source | where s != 'x' | USUAL"),
    case("number", "source | where n > 3 | USUAL"),
    case(
        "time",
        "source | where at >= datetime(2026-06-08T05:00) | USUAL",
    ),
    case(
        "other_time",
        "source | where isnull(when) or when < datetime(2026-06-08) | USUAL",
    ),
    case(
        "member",
        "source | where tostring(d.a) in ('1', 'x') or d.b.c == 'y' | USUAL",
    ),
    case("there", "source | where isnotempty(opt) | USUAL"),
    case(
        "and_or",
        "source | where (s startswith 'a' or n == 1 or ratio > 0.4) and not(opt == 'x') | USUAL",
    ),
    case(
        "several",
        "source | where s != 'x' | extend n = n + 1 | where n between (2 .. 9) // not all\n| where flag | USUAL",
    ),
    case(
        "computed",
        "source | extend who = tostring(d.a), unseen = strcat(s, opt, tostring(Whole)) | where who != '' and strlen(who) < 3 | USUAL",
    ),
    case(
        "projected",
        "let short = (t: string) { strlen(t) < 4 }; let rows = source | project-rename text = s | project d, at, text, id, n, Whole, both = strcat(text, opt); rows | where short(text) | extend s = both | where s !endswith 'x' | USUAL",
    ),
    case("all", "source | where true | USUAL"),
    case("none", "source | where 1 == 2 | USUAL"),
    case(
        "named",
        "source | where tostring(details.a) == 'x' or s == 'a' | USUAL",
    ),
    case("record", "source | where Whole has 'opt' | USUAL"),
    case(
        "parsed",
        "source | parse s with word '-' part:long | where part > 2 or word == '' | USUAL",
    ),
    case(
        "parsed_all",
        "source | parse s with word '-' part:long | extend s = strcat(part, word) | USUAL",
    ),
    Case {
        more: "  - { name: Further, id: Id, transform: \"source | project Id = id, Low = tolower(s)\", columns: { Id: string, Low: string } }\n  - { name: FurtherFew, id: Id, transform: \"source | where n > 5 | project Id = id, Low = tolower(s)\", columns: { Id: string, Low: string } }\n",
        ..case("further", "source | where s != 'x' | USUAL")
    },
    Case {
        more: "  - { name: BehindAll, id: Id, transform: \"source | where n > 5 | project Id = id, Low = tolower(s)\", columns: { Id: string, Low: string } }\n",
        ..case("whole", "source | USUAL")
    },
    Case {
        late: false,
        ..case("chance", "source | where rand() < 2 and s != 'x' | USUAL")
    },
    Case {
        late: false,
        ..case(
            "chance_behind",
            "source | where s != 'x' | extend n = n + tolong(rand() * 0.5) | USUAL",
        )
    },
    Case {
        late: false,
        ..case(
            "of_regex",
            "source | parse kind=regex s with word '-' part | where part != '' | USUAL",
        )
    },
];

/// The names of those that are made late. Where a file mixes them with others, events have other numbers: those whose
/// row is made at once wait for it.
fn late() -> Vec<&'static str> {
    CASES.iter().filter(|c| c.late).map(|c| c.name).collect()
}

fn connectors() -> Connectors {
    static ALL: LazyLock<Connectors> = LazyLock::new(read);
    ALL.clone()
}

fn read() -> Connectors {
    let mut connectors = Connectors::default();
    for case in CASES {
        let Case { name, more, .. } = case;
        let transform = case.transform.replace("USUAL", USUAL);
        let transform = transform.replace('\n', "\n      ");
        let text = format!(
            r#"
id: {name}
title: Records
log_type: Acme.{name}
recognise: [{{ k: {{ equals: {name} }} }}]
input:
  at: datetime
  id: string
  s: string
  opt: string
  n: long
  ratio: real
  flag: bool
  when: datetime
  d: dynamic
  details: {{ type: dynamic, named_by: which }}
  Whole: {{ type: dynamic, whole: true }}
time: at
tables:
  - name: Of_{name}
    id: Id
    time: TimeGenerated
    transform: |
      {transform}
    columns: {{ TimeGenerated: datetime, Id: string, S: string, N: long, A: dynamic, Two: string, Whole: dynamic, K: {{ type: string, value: "k" }} }}
{more}"#
        );
        assert_eq!(connectors.add(&text), [], "{name}");
    }
    connectors
}

fn options(late: (u64, usize)) -> rulewright::logs::Options {
    rulewright::logs::Options {
        connectors: connectors(),
        late,
        ..rulewright::logs::Options::default()
    }
}

fn load(sources: &[Source], options: &rulewright::logs::Options) -> Dataset {
    let (cancel, progress) = (CancelToken::new(), Progress::new());
    Dataset::from_sources_options(sources.to_vec(), options, &cancel, &progress)
}

fn pick<'t>(rng: &mut fastrand::Rng, from: &[&'t str]) -> &'t str {
    from[rng.usize(..from.len())]
}

/// A record for one of the connectors. Texts come again, or hardly do.
fn record(rng: &mut fastrand::Rng, kinds: &[&str], id: usize) -> String {
    let kind = pick(rng, kinds);
    let at = 1_780_800_000 + rng.i64(0..200_000);
    let at = match rng.u8(..30) {
        0 => "null".to_owned(),
        1 => format!("{at}000"),
        2 => "\"never\"".to_owned(),
        3 => "12".to_owned(),
        _ => at.to_string(),
    };
    let s = match rng.u8(..12) {
        0 => "7".to_owned(),
        1 => "{\"x\": 1}".to_owned(),
        2 => "\"\\u0078\"".to_owned(),
        3 => format!("\"a{}\"", rng.u32(..)),
        4 => format!("\"w-{}\"", rng.u8(..6)),
        _ => pick(
            rng,
            &["\"x\"", "\"a\"", "\"abc\"", "\"\"", "null", "\"é-3\""],
        )
        .to_owned(),
    };
    let mut record = format!("{{\"k\":\"{kind}\",\"id\":\"{id}\",\"at\":{at},\"s\":{s}");
    let n = pick(
        rng,
        &[
            "1",
            "4",
            "6",
            "2.5",
            "\"8\"",
            "null",
            "-0",
            "9223372036854775808",
            "true",
        ],
    );
    let a = pick(
        rng,
        &["\"x\"", "1", "null", "\"long text\"", "[1, 2]", "1.0"],
    );
    for (one, member) in [
        (8, format!("\"n\":{n}")),
        (
            6,
            format!(
                "\"d\":{{\"a\":{a},\"b\":{{\"c\":\"{}\"}}}}",
                pick(rng, &["y", "z"])
            ),
        ),
        (
            2,
            format!(
                "\"opt\":{}",
                pick(rng, &["\"x\"", "\"\"", "null", "\"y\"", "\"x\""])
            ),
        ),
        (
            5,
            format!(
                "\"flag\":{}",
                pick(rng, &["true", "true", "false", "\"true\"", "null"])
            ),
        ),
        (
            5,
            format!("\"ratio\":{}", pick(rng, &["0.5", "0", "\"0.7\"", "1e3"])),
        ),
        (
            4,
            format!(
                "\"when\":{}",
                pick(
                    rng,
                    &["1780900000", "1780800000", "\"2026-06-09T00:00:00Z\"", "7"]
                )
            ),
        ),
        (
            3,
            format!(
                "\"which\":\"b.c\",\"{}\":{{\"a\":{a}}}",
                pick(rng, &["b.c", "b_c"])
            ),
        ),
    ] {
        // Most records have a member or have it not, so that shapes come again.
        if rng.u8(..8) < one {
            record += &format!(",{member}");
        }
    }
    record + "}"
}

fn line(rng: &mut fastrand::Rng, kinds: &[&str], id: usize) -> Vec<u8> {
    let one = record(rng, kinds, id);
    let mut text = match rng.u8(..60) {
        0 => String::new(),
        1 => "{\"some\":\"thing\"}".to_owned(),
        2 => format!("[{one},{}]", record(rng, kinds, id + 1)),
        3 => format!("{{\"object\":\"list\",\"data\":[{one},{}]}}", record(rng, kinds, id + 1)),
        4 => format!("{{\"message\":{one}}}"),
        5 => format!("{{\"_index\":\"i\",\"_source\":{one}}}"),
        6 => one.replace("\":", "\" : "),
        7 => format!(" {one} "),
        8 => format!("{one},"),
        9 => one.replacen("\"id\":\"", &format!("\"id\":\"{}", "y".repeat(2_000)), 1),
        10 => format!("{{\"object\":\"organization.audit_log\",\"id\":\"{id}\",\"type\":\"logout\",\"effective_at\":1780800000}}"),
        _ => one,
    }
    .into_bytes();
    if rng.u8(..20) == 0 && !text.is_empty() {
        let at = rng.usize(..text.len());
        text[at] = *rng.choice(b"\"{}[]:,\\ 0x".iter()).expect("some");
    }
    text
}

fn file(rng: &mut fastrand::Rng, kinds: &[&str], lines: usize) -> Vec<u8> {
    let end: &[u8] = if rng.u8(..4) == 0 { b"\r\n" } else { b"\n" };
    let mut bytes = Vec::new();
    for id in 0..lines {
        // Some events are in several files.
        bytes.extend(line(rng, kinds, id % 50));
        bytes.extend(end);
    }
    bytes
}

/// Everything that can be asked of a dataset, Panther's views among it.
fn seen(data: &Dataset) -> Vec<String> {
    let mut lines = account(data);
    for log_type in data.log_types() {
        let ids: Vec<u32> = data
            .panther_events(&log_type)
            .iter()
            .map(|e| e.expect("read").0)
            .collect();
        lines.push(format!("{log_type} {ids:?}"));
    }
    lines
}

fn same(expected: &[String], found: &[String], what: &str) {
    for (expected, found) in expected.iter().zip(found) {
        assert_eq!(found, expected, "{what}");
    }
    assert_eq!(found.len(), expected.len(), "{what}");
}

/// How many events of a file its notes say were left out.
fn left_out(data: &Dataset) -> usize {
    let notes = data.files().iter().flat_map(|file| &file.notes);
    let notes = notes.filter(|note| note.contains("left out by the connector's transform"));
    let count = |note: &String| note.split(' ').next()?.parse::<usize>().ok();
    notes.filter_map(count).sum()
}

#[test]
fn what_is_left_out_is_the_same() {
    let mut left: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (seed, case) in (0..).zip(CASES.iter().chain(CASES)) {
        let mut rng = fastrand::Rng::with_seed(seed);
        // Alone in its files, or among others.
        let kinds: Vec<&str> = match seed < CASES.len() as u64 {
            true => vec![case.name],
            false => late(),
        };
        let mut files: Vec<Vec<u8>> = (0..2).map(|_| file(&mut rng, &kinds, 70)).collect();
        if kinds.len() > 1 {
            // Its events are there already.
            files.push(files[0].clone());
        }
        let folder = tempfile::tempdir().expect("a folder");
        let eager = load(&in_memory(&files), &options(EAGER));
        let expected = seen(&eager);
        for (how, sources) in [
            ("on disk", on_disk(folder.path(), &files)),
            ("in memory", in_memory(&files)),
        ] {
            let late = load(&sources, &options((0, 1 << 10)));
            for Case {
                name,
                late: is_late,
                ..
            } in CASES
            {
                let made = late.is_made(&format!("Of_{name}"));
                assert_eq!(made, !is_late, "{name}");
            }
            let what = format!("{}, seed {seed}, {how}", case.name);
            if case.late || kinds.len() > 1 {
                same(&expected, &seen(&late), &what);
            }
        }
        if kinds.len() == 1 {
            let rows = eager
                .table(&format!("Of_{}", case.name))
                .map_or(0, |t| t.rows);
            left.insert(case.name, (rows, left_out(&eager)));
        }
    }
    for (name, (rows, left)) in left {
        let (some_rows, some_left) = match name {
            "none" => (false, true),
            "all" | "whole" | "parsed_all" => (true, false),
            _ => (true, true),
        };
        assert_eq!(
            (rows > 0, left > 0),
            (some_rows, some_left),
            "{name}: {rows}, {left}"
        );
    }
}

/// Enough lines for what was seen in one block to be known in the next, and for texts of which hardly any comes again.
#[test]
fn many_lines_are_the_same() {
    for (seed, different) in [(1, false), (2, true)] {
        let mut rng = fastrand::Rng::with_seed(seed);
        let names = ["text", "number", "computed", "several", "record"];
        let lines = (0..4_000).map(|n| {
            let mut record = record(&mut rng, &names, n);
            if different {
                record = record.replacen("\"s\":", &format!("\"s\":\"{n}\",\"t\":"), 1);
            }
            record + "\n"
        });
        let files = [lines.collect::<String>().into_bytes()];
        let folder = tempfile::tempdir().expect("a folder");
        let eager = load(&in_memory(&files), &options(EAGER));
        let late = load(&on_disk(folder.path(), &files), &options((0, 32 << 10)));
        assert!(left_out(&eager) > 100 && eager.event_count() > 1_000);
        same(&seen(&eager), &seen(&late), &format!("seed {seed}"));
    }
}

/// Lists and documents, which are read strictly, and packed lines.
#[test]
fn other_forms_are_the_same() {
    let mut rng = fastrand::Rng::with_seed(3);
    let kinds = late();
    let records: Vec<String> = (0..300).map(|n| record(&mut rng, &kinds, n)).collect();
    let list = format!("[{}]", records.join(",\n"));
    let page = format!("{{\"value\":[{}]}}", records.join(","));
    let packed = zstd::encode_all(records.join("\n").as_bytes(), 1).expect("packed");
    let csv = records.iter().enumerate();
    let csv = csv.map(|(n, _)| {
        format!(
            "{},i{n},178080{n:04},{}\n",
            kinds[n % kinds.len()],
            ["x", "a", "abc-9"][n % 3]
        )
    });
    let csv = format!("k,id,at,s\n{}", csv.collect::<String>());
    for (what, bytes) in [
        ("list", list.into_bytes()),
        ("page", page.into_bytes()),
        ("packed", packed),
        ("csv", csv.into_bytes()),
    ] {
        let sources = in_memory(&[bytes]);
        let eager = load(&sources, &options(EAGER));
        let counts = (left_out(&eager), eager.event_count());
        assert!(counts.0 > 50 && counts.1 > 50, "{what}: {counts:?}");
        same(
            &seen(&eager),
            &seen(&load(&sources, &options((0, 1 << 10)))),
            what,
        );
    }
}

#[test]
fn files_that_grow_give_what_a_fresh_load_gives() {
    let kinds = late();
    for seed in 0..6 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let folder = tempfile::tempdir().expect("a folder");
        // Of the last one nothing stays.
        let mut files: Vec<Vec<u8>> = (0..2).map(|_| file(&mut rng, &kinds, 40)).collect();
        files.push(file(&mut rng, &["none"], 20));
        let sources = on_disk(folder.path(), &files);
        let mut late = options((0, 512));
        let mut before = Arc::new(load(&sources, &late));
        for _ in 0..4 {
            if rng.bool() {
                let columns = before.table("Of_text").expect("a table");
                assert!(columns.columns.len() > 3);
            }
            let at = rng.usize(..3);
            let more =
                record(&mut rng, &kinds, 1_000) + "\n" + &record(&mut rng, &kinds, 1_001) + "\n";
            append(&sources[at].path, &more);
            late.earlier = Some(Arc::clone(&before));
            let again = load(&sources, &late);
            let fresh = load(&sources, &options(EAGER));
            same(&seen(&fresh), &seen(&again), &format!("seed {seed}"));
            before = Arc::new(again);
        }
    }
}

#[test]
fn queries_give_the_same() {
    let mut rng = fastrand::Rng::with_seed(5);
    let lines = (0..6_000).map(|n| record(&mut rng, &["computed", "several"], n) + "\n");
    let files = [lines.collect::<String>().into_bytes()];
    let folder = tempfile::tempdir().expect("a folder");
    let eager = load(&in_memory(&files), &options(EAGER));
    let late = load(&on_disk(folder.path(), &files), &options((0, 16 << 10)));
    for query in [
        "Of_computed | count",
        "Of_computed | where Two startswith 'a' | project Two, A",
        "Of_several | where Id endswith '7' | project Two, N | take 50",
        "union Of_several, Of_computed | summarize count(), max(TimeGenerated) by S | order by S asc",
        "Of_several | where N > 3 | join kind=inner (Of_computed | project S, Other = Two | distinct S, Other) on S | summarize count() by Two | order by Two asc",
    ] {
        let run = |data: &Dataset| {
            kql::run(query, data, &Options::at(0))
                .expect("it runs")
                .table
        };
        let (expected, found) = (run(&eager), run(&late));
        assert!(expected.rows > 0, "{query}");
        assert_eq!(found.rows, expected.rows, "{query}");
        for row in 0..expected.rows {
            assert_eq!(found.row(row), expected.row(row), "{query}");
            let events = |table: &rulewright::value::Table| {
                table.lineage.as_ref().map(|l| l.row(row).to_vec())
            };
            assert_eq!(events(&found), events(&expected), "{query}");
        }
    }
}

/// Where a predicate refuses values, the events are rejected, for the same reason.
#[test]
fn what_cannot_be_said_is_told() {
    let text = r#"
id: refused
title: Records
recognise: [{ k: { is: text } }]
input: { k: string, at: datetime, n: long }
time: at
tables:
  - name: Refused
    time: TimeGenerated
    transform: "source | where hash(n) != 0 | project TimeGenerated = at, K = k"
    columns: { TimeGenerated: datetime, K: string }
"#;
    let mut all = options(EAGER);
    assert_eq!(all.connectors.add(text), []);
    let lines = (0..40).map(|n| format!("{{\"k\":\"a{n}\",\"at\":{}}}\n", 1_780_800_000 + n));
    let sources = in_memory(&[lines.collect::<String>().into_bytes()]);
    let expected = seen(&load(&sources, &all));
    all.late = (0, 512);
    let late = load(&sources, &all);
    assert!(!late.is_made("Refused"));
    let rejected = &late.files()[0].rejected;
    assert_eq!((rejected.len(), late.event_count()), (40, 0));
    assert_eq!(rejected[39].line, 40);
    assert!(
        rejected[39].reason.contains("hash of a null"),
        "{rejected:?}"
    );
    same(&expected, &seen(&late), "refused");
}
