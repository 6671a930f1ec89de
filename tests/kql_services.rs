//! Runs the cases under `tests/kql-services/*.txt`: a query, and what the language services say about it.
//!
//! `=== name` begins a case, then comes the query; `$0` in it is the cursor. `--- service` begins what a
//! service must answer. Of `complete` only what is named is checked; the other answers are checked in full,
//! and `UPDATE_KQL_SERVICES=1 cargo test --test kql_services` writes those anew, to be read before a commit.
//! Places in a text are shown with carets under its lines.

#![expect(
    clippy::disallowed_methods,
    reason = "the update flags are in the environment"
)]

use rulewright::diagnostic::Span;
use rulewright::kql::services::{self, Completions, Layouting, Seen, Source, Values};
use rulewright::kql::{Catalog, aggregates, functions};
use rulewright::value::{ColumnBuilder, Table, Type, Value, time};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

#[derive(Deserialize)]
struct TableText {
    columns: Vec<String>,
    #[serde(default)]
    rows: Vec<Vec<Json>>,
}

struct Tables(BTreeMap<String, Arc<Table>>);

impl Catalog for Tables {
    fn table_names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        let table = self.0.get(table)?;
        Some(table.schema().map(|(n, t)| (n.to_owned(), t)).collect())
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        self.0.get(table).cloned()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kql-services")
}

fn tables() -> Tables {
    let text = std::fs::read_to_string(folder().join("tables.yaml")).expect("tables.yaml");
    let texts: BTreeMap<String, TableText> = serde_yaml::from_str(&text).expect("tables");
    let made = texts.into_iter().map(|(name, text)| {
        let columns = text.columns.iter().enumerate().map(|(at, column)| {
            let (name, ty) = column.split_once(": ").expect("`name: type`");
            let ty = Type::from_name(ty).expect("a type");
            let mut builder = ColumnBuilder::new(ty);
            for row in &text.rows {
                builder.push(&match (ty, &row[at]) {
                    (_, Json::Null) => Value::Null,
                    (Type::Dynamic, json) => Value::Dynamic(Arc::new(json.clone())),
                    (Type::DateTime, json) => {
                        let text = json.as_str().expect("an instant");
                        Value::DateTime(time::parse_datetime(text).expect("an instant"))
                    }
                    (Type::Long, json) => Value::Long(json.as_i64().expect("a number")),
                    (_, json) => Value::String(Arc::from(json.as_str().expect("a text"))),
                });
            }
            (name.to_owned(), builder.finish())
        });
        (name, Arc::new(Table::new(columns.collect())))
    });
    Tables(made.collect())
}

/// A text with carets under the places.
fn carets(text: &str, spans: &[Span]) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let here: Vec<&Span> = spans
            .iter()
            .filter(|s| s.start >= start && s.start < end)
            .collect();
        if here.is_empty() {
            continue;
        }
        let mut marks: Vec<char> = Vec::new();
        for (column, (byte, c)) in line.trim_end().char_indices().enumerate() {
            let place = start + byte;
            let marked = here.iter().any(|s| s.start <= place && place < s.end);
            if marked {
                marks.resize(column, ' ');
                marks.push('^');
            }
            let _ = c;
        }
        shown.push_str(line.trim_end());
        shown.push('\n');
        shown.extend(marks);
        shown.push('\n');
    }
    shown.trim_end().to_owned()
}

fn complete_lines(expected: &str, query: &str, found: &Completions) -> Result<(), String> {
    let labels: Vec<&str> = found.items.iter().map(|i| i.label.as_str()).collect();
    for line in expected.lines() {
        let (what, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let list: Vec<&str> = rest.split(", ").map(str::trim).collect();
        match what {
            "" => {}
            "first" => {
                let first: Vec<&str> = labels.iter().take(list.len()).copied().collect();
                if first != list {
                    let shown: Vec<&str> = labels.iter().take(20).copied().collect();
                    return Err(format!("expected first {list:?}, found {shown:?}"));
                }
            }
            "has" => {
                if let Some(missing) = list.iter().find(|l| !labels.contains(l)) {
                    let shown: Vec<&str> = labels.iter().take(60).copied().collect();
                    return Err(format!("`{missing}` is not among {shown:?}"));
                }
            }
            "lacks" => {
                if let Some(wrong) = list.iter().find(|l| labels.contains(l)) {
                    return Err(format!("`{wrong}` must not be offered here"));
                }
            }
            "only" => {
                let mut wanted = list.clone();
                let mut all = labels.clone();
                wanted.sort_unstable();
                all.sort_unstable();
                if wanted != all {
                    return Err(format!("expected only {wanted:?}, found {all:?}"));
                }
            }
            "nothing" => {
                if !labels.is_empty() {
                    return Err(format!("expected nothing, found {labels:?}"));
                }
            }
            "kind" => {
                let (label, kind) = rest.split_once(" = ").ok_or("`kind label = kind`")?;
                let item = found.items.iter().find(|i| i.label == label);
                let item = item.ok_or_else(|| format!("no `{label}`"))?;
                if format!("{:?}", item.kind) != kind {
                    return Err(format!("`{label}` is {:?}", item.kind));
                }
            }
            "detail" => {
                let (label, detail) = rest.split_once(" = ").ok_or("`detail label = detail`")?;
                let item = found.items.iter().find(|i| i.label == label);
                let item = item.ok_or_else(|| format!("no `{label}`"))?;
                if item.detail != detail {
                    return Err(format!("`{label}` has the detail `{}`", item.detail));
                }
            }
            "gives" => {
                // `gives label => the query with the item taken`
                let (label, wanted) = rest.split_once(" => ").ok_or("`gives label => text`")?;
                let item = found.items.iter().find(|i| i.label == label);
                let item = item.ok_or_else(|| format!("no `{label}` among {labels:?}"))?;
                let mut text = query.to_owned();
                let mut insert = item.insert.clone();
                insert.insert_str(item.cursor, "$0");
                text.replace_range(found.replace.start..found.replace.end, &insert);
                let last = text.lines().next_back().unwrap_or("");
                if last != wanted {
                    return Err(format!("`{label}` gives `{last}`"));
                }
            }
            _ => return Err(format!("unknown expectation `{line}`")),
        }
    }
    Ok(())
}

/// The answer of a service, as it is written in a case.
fn answer(service: &str, query: &str, cursor: usize, tables: &Tables) -> String {
    let seen = Seen(tables);
    let (service, argument) = service.split_once(' ').unwrap_or((service, ""));
    match service {
        "hover" => match services::hover(query, cursor, tables, &seen) {
            None => "nothing".to_owned(),
            Some(hover) => {
                let mut text = format!("on: {}\n", &query[hover.span.start..hover.span.end]);
                text.push_str(&format!("title: {}\n", hover.title));
                if !hover.doc.is_empty() {
                    text.push_str(&format!("doc: {}\n", hover.doc));
                }
                for line in hover.lines {
                    text.push_str(&format!("line: {line}\n"));
                }
                text.trim_end().to_owned()
            }
        },
        "signature" => match services::signature(query, cursor, tables) {
            None => "nothing".to_owned(),
            Some(signature) => {
                let active = signature.active.and_then(|a| signature.parameters.get(a));
                match active {
                    Some(span) => carets(&signature.label, &[*span]),
                    None => signature.label,
                }
            }
        },
        "definition" => match services::definition(query, cursor, tables) {
            None => "nothing".to_owned(),
            Some(span) => carets(query, &[span]),
        },
        "references" => {
            let found = services::references(query, cursor, tables);
            match found.is_empty() {
                true => "nothing".to_owned(),
                false => carets(query, &found),
            }
        }
        "rename" => match services::rename(query, cursor, argument, tables) {
            Err(why) => format!("refused: {why}"),
            Ok(mut edits) => {
                edits.sort_by_key(|e| std::cmp::Reverse(e.span));
                let mut text = query.to_owned();
                for edit in edits {
                    text.replace_range(edit.span.start..edit.span.end, &edit.text);
                }
                text
            }
        },
        "format" => {
            let mut options = Layouting::default();
            if let Ok(width) = argument.parse() {
                options.width = width;
            }
            let formatted = services::format(query, options);
            match formatted.refused {
                Some(why) => format!("refused: {why}"),
                None => formatted.text,
            }
        }
        "colours" => {
            let mut text = String::new();
            for (span, colour) in services::colours(query, tables) {
                let piece = &query[span.start..span.end];
                let name = format!("{colour:?}");
                if name != "Punctuation" {
                    text.push_str(&format!("{piece} : {name}\n"));
                }
            }
            text.trim_end().to_owned()
        }
        other => panic!("no service `{other}`"),
    }
}

#[test]
fn cases() {
    let update = std::env::var_os("UPDATE_KQL_SERVICES").is_some();
    let tables = tables();
    let mut failures = Vec::new();
    let mut count = 0;
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder")
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a file");
        let mut written = String::new();
        let mut cases = text.split("\n=== ");
        written.push_str(cases.next().unwrap_or(""));
        for case in cases {
            let mut parts = case.split("\n--- ");
            let head = parts.next().unwrap_or("");
            let (name, marked) = head.split_once('\n').unwrap_or((head, ""));
            written.push_str(&format!("\n=== {head}"));
            let cursor = marked.find("$0").unwrap_or(0);
            let query = marked.replacen("$0", "", 1);
            for part in parts {
                count += 1;
                let (service, expected) = part.split_once('\n').unwrap_or((part, ""));
                let tail = if expected.ends_with('\n') || expected.trim().is_empty() {
                    "\n"
                } else {
                    ""
                };
                let expected = expected.trim_end_matches('\n');
                if service == "complete" {
                    let seen = Seen(&tables);
                    let found = services::complete(&query, cursor, &tables, &seen);
                    if let Err(why) = complete_lines(expected, &query, &found) {
                        failures.push(format!("{}: {name}: {why}", path.display()));
                    }
                    written.push_str(&format!("\n--- {part}"));
                    continue;
                }
                let actual = answer(service, &query, cursor, &tables);
                if actual != expected && !update {
                    failures.push(format!(
                        "{}: {name}: {service}\nexpected:\n{expected}\nfound:\n{actual}",
                        path.display()
                    ));
                }
                written.push_str(&format!("\n--- {service}\n{actual}{tail}"));
            }
        }
        if update && written != text {
            std::fs::write(&path, written).expect("written");
        }
    }
    assert!(count > 50, "only {count} expectations were read");
    assert!(
        failures.is_empty(),
        "{} of {count}:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn the_reference_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/reference/kql.md");
    let page = services::reference();
    if std::env::var_os("UPDATE_KQL_REFERENCE").is_some() {
        std::fs::write(&path, &page).expect("written");
    }
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == page,
        "assets/reference/kql.md differs from the texts in src/kql; UPDATE_KQL_REFERENCE=1 cargo test --test kql_services writes it anew"
    );
}

/// Every word of the language has a signature and a text, in whole sentences.
#[test]
fn everything_is_documented() {
    let mut poor = Vec::new();
    let mut check = |what: &str, name: &str, signature: &str, doc: &str| {
        let sentence = doc.ends_with('.');
        if name.is_empty() || signature.trim().is_empty() || doc.trim().is_empty() || !sentence {
            poor.push(format!("{what} `{name}`: `{signature}`: {doc}"));
        }
    };
    for function in functions::all() {
        check(
            "function",
            function.name(),
            function.signature,
            function.doc,
        );
    }
    for aggregate in aggregates::all() {
        check(
            "aggregate",
            aggregate.name(),
            aggregate.signature,
            aggregate.doc,
        );
    }
    for doc in services::words::all() {
        check("word", doc.name(), doc.signature, doc.doc);
    }
    assert!(poor.is_empty(), "{}", poor.join("\n"));
}

/// Every operator that the parser reads has a text, and no text is about one that it does not read.
#[test]
fn every_operator_is_documented() {
    let tables = tables();
    let known: Vec<&str> = services::words::operators()
        .flat_map(|d| d.names.iter().copied())
        .collect();
    let missing: Vec<&&str> = rulewright::kql::syntax::OPERATORS
        .iter()
        .filter(|o| !known.contains(*o))
        .collect();
    assert!(missing.is_empty(), "without `DOCS`: {missing:?}");
    for name in known.iter().filter(|n| !n.contains(' ')) {
        let analysis = rulewright::kql::check(&format!("SigninLogs | {name} x"), &tables);
        let wrong = analysis
            .diagnostics
            .iter()
            .find(|d| d.message.contains("is not an operator"));
        assert!(
            wrong.is_none(),
            "`{name}` is documented and not an operator"
        );
    }
}

struct Many;

impl Values for Many {
    fn values(&self, source: &Source, limit: usize) -> Vec<Value> {
        let values =
            (0..limit).map(|i| Value::String(format!("{} {i}\"\\'", source.column).into()));
        values.collect()
    }

    fn keys(&self, _: &Source, limit: usize) -> Vec<(String, Type)> {
        (0..limit)
            .map(|i| (format!("key {i}"), Type::String))
            .collect()
    }
}

fn real_queries() -> Vec<String> {
    let text = std::fs::read_to_string(folder().join("queries.kql")).expect("queries.kql");
    text.split("\n//----\n").map(str::to_owned).collect()
}

/// Half-typed queries at every place: no service panics or takes long, and their spans are within the text.
#[test]
fn every_prefix_and_position() {
    let tables = tables();
    let mut slowest = (Duration::ZERO, String::new());
    let mut calls = 0u32;
    let mut total = Duration::ZERO;
    for query in real_queries() {
        let places: Vec<usize> = query
            .char_indices()
            .map(|(i, _)| i)
            .chain([query.len()])
            .collect();
        // The whole query at every position, and every prefix at its end.
        let whole = places.iter().step_by(3).map(|at| (query.as_str(), *at));
        let prefixes = places.iter().map(|at| (&query[..*at], *at));
        for (round, (text, at)) in whole.chain(prefixes).enumerate() {
            let mut timed = |what: &str, work: &mut dyn FnMut()| {
                let begun = Instant::now();
                work();
                let took = begun.elapsed();
                total += took;
                calls += 1;
                if took > slowest.0 {
                    slowest = (took, format!("{what} at {at} of {} bytes", text.len()));
                }
            };
            let fits = |span: Span| {
                assert!(span.start <= span.end && text.get(span.start..span.end).is_some());
            };
            timed("complete", &mut || {
                let found = services::complete(text, at, &tables, &Many);
                fits(found.replace);
                for item in &found.items {
                    assert!(item.insert.is_char_boundary(item.cursor));
                }
            });
            // Half-typed texts are for completion first; the others look at every few places.
            if round % 4 != 0 {
                continue;
            }
            timed("hover", &mut || {
                if let Some(hover) = services::hover(text, at, &tables, &Many) {
                    fits(hover.span);
                }
            });
            timed("signature", &mut || {
                services::signature(text, at, &tables);
            });
            if round % 12 == 0 {
                timed("colours", &mut || {
                    let colours = services::colours(text, &tables);
                    let mut end = 0;
                    for (span, _) in colours {
                        fits(span);
                        assert!(span.start >= end, "colours overlap");
                        end = span.end;
                    }
                });
                timed("definition", &mut || {
                    if let Some(span) = services::definition(text, at, &tables) {
                        fits(span);
                    }
                });
                timed("references", &mut || {
                    services::references(text, at, &tables)
                        .into_iter()
                        .for_each(fits);
                });
                timed("rename", &mut || {
                    let _ = services::rename(text, at, "brand new", &tables);
                });
                timed("format", &mut || {
                    services::format(text, Layouting::default());
                });
            }
        }
    }
    let average = total / calls.max(1);
    println!("{calls} calls, {average:?} each, slowest {slowest:?}");
    // Generous: the machine that runs the tests may be busy and the build without optimisation.
    assert!(average < Duration::from_millis(20), "{average:?} a call");
}

/// Formatting keeps the query and is done after one time, at any width.
#[test]
fn formatting_is_stable() {
    let mut texts = real_queries();
    for path in ["tests/kql"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        for entry in std::fs::read_dir(folder).expect("the cases") {
            let path = entry.expect("a file").path();
            if path.extension().is_none_or(|e| e != "yaml") {
                continue;
            }
            let text = std::fs::read_to_string(path).expect("a text");
            #[derive(Deserialize)]
            struct File {
                cases: Vec<Case>,
            }
            #[derive(Deserialize)]
            struct Case {
                query: String,
            }
            let file: File = serde_yaml::from_str(&text).expect("cases");
            texts.extend(file.cases.into_iter().map(|c| c.query));
        }
    }
    let mut formatted = 0;
    let mut refused = Vec::new();
    for text in &texts {
        for width in [20, 60, 100] {
            let options = Layouting { indent: 4, width };
            let once = services::format(text, options);
            match once.refused {
                Some(why) if !why.contains("syntax error") => {
                    refused.push(format!("{why}:\n{text}"))
                }
                Some(_) => {}
                None => {
                    formatted += 1;
                    let twice = services::format(&once.text, options);
                    assert_eq!(once.text, twice.text, "formatted twice it differs:\n{text}");
                    let crlf = services::format(&text.replace('\n', "\r\n"), options);
                    if !text.contains("```") {
                        assert_eq!(
                            crlf.text.replace("\r\n", "\n"),
                            once.text,
                            "line ends matter:\n{text}"
                        );
                    }
                }
            }
        }
    }
    assert!(
        refused.is_empty(),
        "{} refused:\n{}",
        refused.len(),
        refused.join("\n\n")
    );
    assert!(formatted > 300, "only {formatted} were formatted");
}

/// Hostile texts: deep, long, broken.
#[test]
fn monsters_end_soon() {
    let tables = tables();
    let monsters = [
        "(".repeat(20_000),
        "SigninLogs | where ".to_owned() + &"(a == 1 and ".repeat(5_000),
        "let a = ".repeat(5_000),
        "SigninLogs ".to_owned() + &"| extend x = tostring(x) ".repeat(3_000),
        "SigninLogs | where x in (".to_owned() + &"\"a\", ".repeat(20_000),
        "a.".repeat(20_000),
        "}".repeat(10_000) + &"|".repeat(10_000) + &";".repeat(10_000),
        "let f = (T:(a:long)) { T | invoke f() }; SigninLogs | invoke f()".to_owned(),
        "\u{feff}é“”\u{1f600} | where 'é == \"".to_owned(),
    ];
    for text in monsters {
        for at in [0, text.len() / 2, text.len()] {
            let mut at = at;
            while !text.is_char_boundary(at) {
                at += 1;
            }
            let begun = Instant::now();
            services::complete(&text, at, &tables, &Many);
            services::hover(&text, at, &tables, &Many);
            services::signature(&text, at, &tables);
            services::definition(&text, at, &tables);
            services::format(&text, Layouting::default());
            if at == 0 {
                services::colours(&text, &tables);
            }
            let took = begun.elapsed();
            let head: String = text.chars().take(40).collect();
            assert!(took < Duration::from_secs(20), "{head}… took {took:?}");
        }
    }
}
