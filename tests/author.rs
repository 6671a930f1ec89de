//! Runs the cases under `tests/author/*.txt`: a document with a cursor, and what the editor is told about it.
//!
//! `=== name (file)` begins a case, then comes the document; `$0` in it is the cursor. The file is in the folder
//! `rules`, and its name tells what the document is. `--- question` begins what has to be answered. Of `complete`, `fields` and
//! `snippets` only what is named is checked; the other answers are checked in full, and
//! `UPDATE_AUTHOR=1 cargo test --test author` writes those anew, to be read before a commit. Places are shown with carets
//! under their lines. `tests/author/around` is the workspace round the document, `events.yaml` are the loaded events, and the
//! tables are those of `tests/kql-services`.

#![expect(
    clippy::disallowed_methods,
    reason = "the update flag is in the environment"
)]

#[path = "author/world.rs"]
mod world;

use rulewright::author::{self, Form, Kind, Source};
use rulewright::diagnostic::{Edit, Span};
use std::path::{Path, PathBuf};
use std::time::Instant;
use world::World;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/author")
}

/// A text with carets under the places.
fn carets(text: &str, spans: &[Span]) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let last = end == text.len();
        let here = |s: &&Span| s.start >= start && (s.start < end || last && s.start == end);
        let here: Vec<&Span> = spans.iter().filter(here).collect();
        if here.is_empty() {
            continue;
        }
        let line = line.trim_end_matches(['\n', '\r']);
        let mut marks: Vec<char> = Vec::new();
        for span in here {
            let column = text[start..span.start].chars().count();
            let wide = text[span.start..span.end]
                .lines()
                .next()
                .unwrap_or("")
                .chars()
                .count();
            marks.resize(marks.len().max(column), ' ');
            marks.truncate(column.max(marks.iter().rposition(|c| *c == '^').map_or(0, |n| n + 1)));
            marks.resize(column, ' ');
            marks.extend(std::iter::repeat_n('^', wide.max(1)));
        }
        shown.push_str(line);
        shown.push('\n');
        shown.extend(marks);
        shown.push('\n');
    }
    shown.trim_end().to_owned()
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|e| std::cmp::Reverse(e.span));
    let mut changed = text.to_owned();
    for edit in edits {
        changed.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    changed
}

/// The lines in which a text differs from another, the first to the last, line ends shown as they are written in a case.
fn changed_lines(before: &str, after: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = (a.len() - head).min(b.len() - head);
    let tail = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take(rest)
        .take_while(|(x, y)| x == y)
        .count();
    b[head..b.len() - tail].join("\n")
}

/// The text with an edit made and `$0` at the cursor.
fn taken(text: &str, item: &author::Item) -> String {
    let mut inserted = item.edit.text.clone();
    let at = item.stops.first().map_or(inserted.len(), |s| s.start);
    inserted.insert_str(at, "$0");
    let mut changed = text.to_owned();
    changed.replace_range(item.edit.span.start..item.edit.span.end, &inserted);
    changed_lines(text, &changed)
}

fn check_list(
    expected: &str,
    labels: &[String],
    special: &dyn Fn(&str, &str) -> Result<(), String>,
) -> Result<(), String> {
    let shown = |n: usize| {
        labels
            .iter()
            .take(n)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut lines = expected.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        let (what, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let list: Vec<String> = rest.split(", ").map(|l| l.trim().to_owned()).collect();
        match what {
            "first" => {
                if labels.iter().take(list.len()).cloned().collect::<Vec<_>>() != list {
                    return Err(format!("expected first {list:?}, found {}", shown(20)));
                }
            }
            "has" => {
                if let Some(missing) = list.iter().find(|l| !labels.contains(l)) {
                    return Err(format!("`{missing}` is not among {}", shown(60)));
                }
            }
            "lacks" => {
                if let Some(wrong) = list.iter().find(|l| labels.contains(l)) {
                    return Err(format!("`{wrong}` must not be offered here"));
                }
            }
            "only" => {
                let (mut wanted, mut all) = (list.clone(), labels.to_vec());
                wanted.sort();
                all.sort();
                if wanted != all {
                    return Err(format!("expected only {wanted:?}, found {all:?}"));
                }
            }
            "nothing" => {
                if !labels.is_empty() {
                    return Err(format!("expected nothing, found {}", shown(20)));
                }
            }
            _ => {
                // More lines of the same expectation are indented by a bar.
                let mut rest = rest.to_owned();
                while let Some(more) = lines.peek().and_then(|l| {
                    l.strip_prefix("    | ")
                        .or_else(|| (*l == "    |").then_some(""))
                }) {
                    rest.push('\n');
                    rest.push_str(more);
                    lines.next();
                }
                special(what, &rest)?;
            }
        }
    }
    Ok(())
}

fn check_complete(expected: &str, text: &str, found: &author::Completions) -> Result<(), String> {
    let labels: Vec<String> = found.items.iter().map(|i| i.label.clone()).collect();
    let item = |label: &str| {
        let found = found.items.iter().find(|i| i.label == label);
        found.ok_or_else(|| format!("no `{label}` among {}", labels.join(", ")))
    };
    check_list(expected, &labels, &|what, rest| {
        let (label, wanted) = rest
            .split_once(" => ")
            .ok_or(format!("`{what} label => …`"))?;
        let item = item(label)?;
        let found = match what {
            "gives" => taken(text, item),
            "kind" => format!("{:?}", item.kind),
            "detail" => item.detail.clone(),
            "doc" => item.doc.clone(),
            _ => return Err(format!("unknown expectation `{what}`")),
        };
        match found == wanted {
            true => Ok(()),
            false => Err(format!("{what} `{label}` is\n{found}")),
        }
    })
}

fn check_fields(
    expected: &str,
    text: &str,
    found: Option<author::FieldHelp>,
) -> Result<(), String> {
    let Some(help) = found else {
        return match expected.trim() {
            "nothing" => Ok(()),
            _ => Err("no help here".to_owned()),
        };
    };
    let (picks, many) = match &help.form {
        Form::One(picks) => (picks.clone(), false),
        Form::Many(picks) => (picks.clone(), true),
        Form::Duration(_) => (Vec::new(), false),
    };
    let labels: Vec<String> = picks.iter().map(|p| p.value.clone()).collect();
    check_list(expected, &labels, &|what, rest| {
        let found = match what {
            "key" => help.key.clone(),
            "value" => help.value.clone(),
            "form" => match &help.form {
                Form::Duration(form) => format!("Duration {:?}", form.style),
                _ if many => "Many".to_owned(),
                _ => "One".to_owned(),
            },
            "chosen" => {
                let chosen = picks.iter().filter(|p| p.chosen).map(|p| p.value.clone());
                chosen.collect::<Vec<_>>().join(", ")
            }
            "set" => {
                let (value, wanted) = rest.split_once(" =>").ok_or("`set value => text`")?;
                let wanted = wanted.strip_prefix(' ').unwrap_or(wanted);
                let edits = match &help.form {
                    Form::Duration(form) => {
                        let ticks =
                            rulewright::sentinel::parse_duration(value).ok_or("a duration")?;
                        vec![form.set(ticks)]
                    }
                    _ => {
                        let pick = picks.iter().find(|p| p.value == value);
                        pick.ok_or(format!("no `{value}` among {}", labels.join(", ")))?
                            .edits
                            .clone()
                    }
                };
                let after = changed_lines(text, &applied(text, &edits));
                return match after == wanted {
                    true => Ok(()),
                    false => Err(format!("set {value} gives\n{after}")),
                };
            }
            _ => return Err(format!("unknown expectation `{what}`")),
        };
        match found == rest {
            true => Ok(()),
            false => Err(format!("{what} is `{found}`")),
        }
    })
}

fn places(source: &Source<'_>, found: &[author::Place], world: &World) -> String {
    if found.is_empty() {
        return "nothing".to_owned();
    }
    let mut shown = String::new();
    let own: Vec<Span> = found
        .iter()
        .filter(|p| p.path == source.path)
        .map(|p| p.span)
        .collect();
    if !own.is_empty() {
        shown.push_str(&carets(source.text, &own));
        shown.push('\n');
    }
    for place in found.iter().filter(|p| p.path != source.path) {
        let text = world
            .around
            .text(&place.path)
            .expect("a file of the workspace");
        shown.push_str(&format!(
            "{}\n{}\n",
            place.path.display(),
            carets(text, &[place.span])
        ));
    }
    shown.trim_end().to_owned()
}

fn answer(question: &str, source: &Source<'_>, cursor: usize, world: &World) -> String {
    let context = world.context();
    let (question, argument) = question.split_once(' ').unwrap_or((question, ""));
    match question {
        "hover" => match author::hover(source, cursor, &context) {
            None => "nothing".to_owned(),
            Some(hover) => {
                let mut text = format!("on: {}\n", &source.text[hover.span.start..hover.span.end]);
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
        "signature" => match author::signature(source, cursor, &context) {
            None => "nothing".to_owned(),
            Some(signature) => match signature.active.and_then(|a| signature.parameters.get(a)) {
                Some(span) => carets(&signature.label, &[*span]),
                None => signature.label,
            },
        },
        "definition" => {
            let found: Vec<_> = author::definition(source, cursor, &context)
                .into_iter()
                .collect();
            places(source, &found, world)
        }
        "references" => places(source, &author::references(source, cursor, &context), world),
        "rename" => match author::rename(source, cursor, argument, &context) {
            Err(why) => format!("refused: {why}"),
            Ok(edits) => changed_lines(source.text, &applied(source.text, &edits)),
        },
        "format" => match author::format(source) {
            Err(why) => format!("refused: {why}"),
            Ok(edits) if edits.is_empty() => "as it is".to_owned(),
            Ok(edits) => applied(source.text, &edits)
                .replace('\r', "¬")
                .trim_end_matches('\n')
                .to_owned(),
        },
        "breadcrumbs" => {
            let crumbs = author::breadcrumbs(source, cursor);
            let labels: Vec<String> = crumbs.into_iter().map(|c| c.label).collect();
            labels.join(" > ")
        }
        "outline" => {
            let symbols = author::outline(source).into_iter();
            let lines = symbols.map(|s| {
                format!("{}{} {}", "  ".repeat(s.depth), s.name, s.detail)
                    .trim_end()
                    .to_owned()
            });
            lines.collect::<Vec<_>>().join("\n")
        }
        other => panic!("no question `{other}`"),
    }
}

#[test]
fn cases() {
    let update = std::env::var_os("UPDATE_AUTHOR").is_some();
    let world = World::new(&folder());
    let mut failures = Vec::new();
    let (mut count, mut named) = (0, 0);
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
            named += 1;
            let mut parts = case.split("\n--- ");
            let head = parts.next().unwrap_or("");
            let (title, marked) = head.split_once('\n').unwrap_or((head, ""));
            written.push_str(&format!("\n=== {head}"));
            let (name, file) = title.rsplit_once(" (").expect("`=== name (file)`");
            let file = Path::new("rules").join(file.trim_end_matches(')'));
            // `¬` at the end of a line is a carriage return.
            let marked = marked.replace('¬', "\r");
            let cursor = marked.find("$0").unwrap_or(0);
            let document = marked.replacen("$0", "", 1);
            let source = Source {
                path: &file,
                text: &document,
            };
            for part in parts {
                count += 1;
                let (question, expected) = part.split_once('\n').unwrap_or((part, ""));
                let tail = if expected.ends_with('\n') || expected.trim().is_empty() {
                    "\n"
                } else {
                    ""
                };
                let expected = expected.trim_end_matches('\n');
                let begun = Instant::now();
                let checked = match question {
                    "complete" => Some(check_complete(
                        expected,
                        &document,
                        &author::complete(&source, cursor, &world.context()),
                    )),
                    "fields" => Some(check_fields(
                        expected,
                        &document,
                        author::fields(&source, cursor, &world.context()),
                    )),
                    "snippets" => {
                        let found = author::snippets(&source, &world.context());
                        let names: Vec<String> = found.iter().map(|s| s.name.clone()).collect();
                        Some(check_list(expected, &names, &|what, rest| {
                            let (name, wanted) =
                                rest.split_once(" => ").ok_or("`text name => …`")?;
                            let snippet = found
                                .iter()
                                .find(|s| s.name == name)
                                .ok_or(format!("no `{name}` among {names:?}"))?;
                            let holds = match what {
                                "text" => snippet.text.contains(wanted),
                                "stop" => snippet
                                    .stops
                                    .iter()
                                    .any(|s| &snippet.text[s.start..s.end] == wanted),
                                _ => false,
                            };
                            holds
                                .then_some(())
                                .ok_or(format!("{what} {name} is\n{}", snippet.text))
                        }))
                    }
                    _ => None,
                };
                let took = begun.elapsed();
                assert!(
                    took.as_secs() < 5,
                    "{}: {name} took {took:?}",
                    path.display()
                );
                if let Some(checked) = checked {
                    if let Err(why) = checked {
                        failures.push(format!("{}: {name}: {question}: {why}", path.display()));
                    }
                    written.push_str(&format!("\n--- {part}"));
                    continue;
                }
                let actual = answer(question, &source, cursor, &world);
                if actual != expected && !update {
                    failures.push(format!(
                        "{}: {name}: {question}\nexpected:\n{expected}\nfound:\n{actual}",
                        path.display()
                    ));
                }
                written.push_str(&format!("\n--- {question}\n{actual}{tail}"));
            }
        }
        if update && written != text {
            std::fs::write(&path, written).expect("written");
        }
    }
    assert!(
        named >= 100,
        "only {named} cases with {count} expectations were read"
    );
    assert!(
        failures.is_empty(),
        "{} of {count}:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

/// Every question at a place; every edit has to lie in the text.
fn ask_all(source: &Source<'_>, offset: usize, world: &World) {
    let context = world.context();
    let text = source.text;
    let fits = |span: Span| {
        assert!(
            text.get(span.start..span.end).is_some(),
            "{span:?} of {} in {}",
            text.len(),
            source.path.display()
        );
    };
    let found = author::complete(source, offset, &context);
    fits(found.replace);
    for item in &found.items {
        fits(item.edit.span);
        for stop in &item.stops {
            assert!(
                item.edit.text.get(stop.start..stop.end).is_some(),
                "{item:?}"
            );
        }
    }
    if let Some(hover) = author::hover(source, offset, &context) {
        fits(hover.span);
    }
    author::signature(source, offset, &context);
    let own = |place: &author::Place| place.path == source.path;
    for place in author::definition(source, offset, &context)
        .iter()
        .filter(|p| own(p))
    {
        fits(place.span);
    }
    for place in author::references(source, offset, &context)
        .iter()
        .filter(|p| own(p))
    {
        fits(place.span);
    }
    for edit in author::rename(source, offset, "brand_new_name", &context).unwrap_or_default() {
        fits(edit.span);
    }
    if let Some(help) = author::fields(source, offset, &context) {
        fits(help.span);
        match help.form {
            Form::One(picks) | Form::Many(picks) => {
                picks
                    .iter()
                    .flat_map(|p| &p.edits)
                    .for_each(|edit| fits(edit.span));
            }
            Form::Duration(form) => fits(form.span),
        }
    }
    for crumb in author::breadcrumbs(source, offset) {
        fits(crumb.span);
    }
}

/// The bundled rules and mutilated copies of them.
fn documents() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut found = Vec::new();
    for folder in ["sentinel", "panther"] {
        for entry in std::fs::read_dir(root.join(folder))
            .expect("rules")
            .flatten()
        {
            let path = entry.path();
            let text = std::fs::read_to_string(&path).expect("a rule");
            found.push((path, text));
        }
    }
    found.sort();
    found
}

#[test]
fn no_place_of_any_text_panics_or_is_edited_outside_of_it() {
    let world = World::new(&folder());
    // A walk over the places in steps that have nothing to do with lines.
    for (number, (path, text)) in documents().into_iter().enumerate() {
        let half = text.len() / 2;
        let half = (half..).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let mutilated = [
            text.clone(),
            text[..half].to_owned(),
            text.replace(": ", ":"),
            text.replace("  ", "\t"),
            text.replace('\n', "\r\n"),
            text.replace(['"', '|', ')'], ""),
            format!("\u{feff}{}", text.replace('-', "[{")),
            text.replace('e', "é\"'"),
        ];
        for (kind, text) in mutilated.iter().enumerate() {
            let source = Source { path: &path, text };
            author::outline(&source);
            for edit in author::format(&source).unwrap_or_default() {
                assert!(text.get(edit.span.start..edit.span.end).is_some());
            }
            author::snippets(&source, &world.context());
            let step = (text.len() / 25).max(1) + kind + number;
            for offset in (0..text.len() + 3).step_by(step) {
                ask_all(&source, offset, &world);
            }
        }
    }
}

#[test]
fn hostile_texts_end_soon() {
    let world = World::new(&folder());
    let deep = |sign: &str| sign.repeat(20_000);
    let texts = [
        format!("query: {}", deep("[")),
        format!("query: {}", deep("{a: ")),
        deep("- "),
        (0..3000)
            .map(|n| format!("{}a:\n", " ".repeat(n % 300)))
            .collect::<String>(),
        format!("query: |\n  T {}", "| where (".repeat(300)),
        deep("x = event.get('a', "),
        format!("x = {}", deep("(")),
        deep("\"\"\"'"),
        deep("{{"),
    ];
    for text in &texts {
        for file in ["rules/x.yaml", "rules/x.yml", "rules/x.py"] {
            let source = Source {
                path: Path::new(file),
                text,
            };
            for offset in [0, text.len() / 2, text.len()] {
                let begun = Instant::now();
                ask_all(&source, offset, &world);
                let head: String = text.chars().take(30).collect();
                assert!(
                    begun.elapsed().as_secs() < 20,
                    "{head}… in {file} took {:?}",
                    begun.elapsed()
                );
            }
        }
    }
}

/// Says how long an answer takes: `cargo test --test author -- --nocapture times`.
#[test]
fn times() {
    let world = World::new(&folder());
    for (path, text) in documents() {
        let source = Source {
            path: &path,
            text: &text,
        };
        if Kind::of(&source) == Kind::Other {
            continue;
        }
        let offsets: Vec<usize> = (0..text.len()).step_by((text.len() / 20).max(1)).collect();
        let begun = Instant::now();
        for offset in &offsets {
            author::complete(&source, *offset, &world.context());
        }
        let each = begun.elapsed() / offsets.len() as u32;
        println!("complete in {}: {each:?}", path.display());
    }
}

/// What the editor offers is what the readers and checks know.
#[test]
fn the_lists_of_the_editor_are_those_of_the_checks() {
    use rulewright::sentinel::{self, attack, keys};
    let tactics: Vec<&str> = attack::TACTICS.iter().map(|t| t.name).collect();
    assert_eq!(tactics, sentinel::TACTICS);
    let severities: Vec<&str> = keys::SEVERITIES.iter().map(|c| c.name).collect();
    assert_eq!(severities, sentinel::SEVERITIES);
    for key in keys::RULE {
        assert!(sentinel::KEYS.contains(&key.name), "{}", key.name);
        assert!(key.doc.ends_with('.'), "{}", key.name);
    }
    // Keys that are read and not offered: other tools' spellings, and rules that are no queries.
    let offered = |name: &&&str| !keys::RULE.iter().any(|key| key.name == **name);
    let hidden: Vec<&&str> = sentinel::KEYS.iter().filter(offered).collect();
    assert_eq!(
        hidden,
        [
            &"techniques",
            &"subTechniques",
            &"productFilter",
            &"displayName"
        ]
    );
    for technique in attack::TECHNIQUES {
        assert!(
            technique.tactics.iter().all(|t| tactics.contains(t)),
            "{}",
            technique.id
        );
    }
    let in_order = |pair: &[attack::Technique]| pair[0].id < pair[1].id;
    assert!(attack::TECHNIQUES.windows(2).all(in_order));
}
