//! The files beside this one: a text with cursors, keys, and the text with cursors after them.
//!
//! ```text
//! == What it shows
//! yaml, crlf
//! keys: Ctrl+D "x" Enter
//! --- a remark may stand here
//! before, with ¦ for a cursor and « » for the ends of a selection, » where the cursor is
//! ---
//! after
//! ```

use super::common::{State, headless};
use egui::{Event, Key, Modifiers, OutputCommand, Theme};
use rulewright::workbench::editor::Selection;
use rulewright::workbench::highlight::Language;
use rulewright::workbench::raster::Headless;
use std::path::Path;

struct Case {
    name: String,
    language: Language,
    crlf: bool,
    wrap: bool,
    keys: String,
    before: String,
    after: String,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for part in text.split("\n== ").skip(1) {
        let (head, rest) = part.split_once("\n---").expect("a case has a text");
        let (before, after) = rest.split_once("\n---").expect("a case has a text after");
        let body = |part: &str| {
            let (_, body) = part.split_once('\n').expect("a line break behind ---");
            body.to_owned()
        };
        let mut lines = head.lines();
        let name = lines.next().unwrap_or_default().to_owned();
        let about = lines.next().unwrap_or_default();
        let keys = lines.next().and_then(|l| l.strip_prefix("keys: "));
        let crlf = about.contains("crlf");
        let ends = |text: String| match crlf {
            true => text.replace('\n', "\r\n"),
            false => text,
        };
        let language = match about.split(',').next().unwrap_or_default() {
            "yaml" => Language::Yaml,
            "kql" => Language::Kql,
            "python" => Language::Python,
            "json" => Language::Json,
            "plain" => Language::Plain,
            other => panic!("{name}: no language {other}"),
        };
        cases.push(Case {
            language,
            crlf,
            wrap: about.contains("wrap"),
            keys: keys.unwrap_or_else(|| panic!("{name}: no keys")).to_owned(),
            before: ends(body(before)),
            after: ends(body(after).trim_end_matches('\n').to_owned()),
            name,
        });
    }
    cases
}

fn unmark(marked: &str) -> (String, Vec<Selection>) {
    let (mut text, mut selections) = (String::new(), Vec::new());
    let (mut anchor, mut head) = (None, None);
    for sign in marked.chars() {
        match sign {
            '¦' => selections.push(Selection::cursor(text.len())),
            '«' => anchor = Some(text.len()),
            '»' => head = Some(text.len()),
            _ => text.push(sign),
        }
        if let (Some(a), Some(h)) = (anchor, head) {
            selections.push(Selection::new(a, h));
            (anchor, head) = (None, None);
        }
    }
    (text, selections)
}

fn mark(text: &str, selections: &[Selection]) -> String {
    let mut marks = Vec::new();
    for s in selections {
        match s.is_empty() {
            true => marks.push((s.head, '¦')),
            false => marks.extend([(s.anchor, '«'), (s.head, '»')]),
        }
    }
    marks.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut marked = text.to_owned();
    for (at, sign) in marks {
        marked.insert(at, sign);
    }
    marked
}

/// The keys of a case: names joined by `+`, texts in quotes.
fn words(keys: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = keys.trim();
    while !rest.is_empty() {
        let end = match rest.strip_prefix('"') {
            // A quote within is written ''.
            Some(inner) => inner.find('"').expect("a closing quote") + 2,
            None => rest.find(' ').unwrap_or(rest.len()),
        };
        words.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    words
}

/// The events of a key or text, one frame each.
fn frames(word: &str, clipboard: &str) -> Vec<Vec<Event>> {
    if let Some(text) = word.strip_prefix('"').and_then(|w| w.strip_suffix('"')) {
        let text = text.replace("''", "\"");
        return text
            .chars()
            .map(|sign| vec![Event::Text(sign.to_string())])
            .collect();
    }
    match word {
        "Ctrl+C" => return vec![vec![Event::Copy]],
        "Ctrl+X" => return vec![vec![Event::Cut]],
        "Ctrl+V" => return vec![vec![Event::Paste(clipboard.to_owned())]],
        _ => {}
    }
    let mut modifiers = Modifiers::NONE;
    let mut name = word;
    while let Some((modifier, rest)) = name
        .split_once('+')
        .filter(|(m, r)| !m.is_empty() && !r.is_empty())
    {
        modifiers |= match modifier {
            "Ctrl" => Modifiers::CTRL | Modifiers::COMMAND,
            "Shift" => Modifiers::SHIFT,
            "Alt" => Modifiers::ALT,
            other => panic!("no modifier {other}"),
        };
        name = rest;
    }
    let (name, times) = match name.split_once('*') {
        Some((name, times)) => (name, times.parse().expect("a number behind *")),
        None => (name, 1),
    };
    let name = match name {
        "Up" => "ArrowUp",
        "Down" => "ArrowDown",
        "Left" => "ArrowLeft",
        "Right" => "ArrowRight",
        other => other,
    };
    let key = Key::from_name(name).unwrap_or_else(|| panic!("no key {name}"));
    let press = |pressed| Event::Key {
        key,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers,
    };
    vec![vec![press(true), press(false)]; times]
}

fn frame(headless: &mut Headless, state: &mut State, events: Vec<Event>) -> Option<String> {
    let size = [420, 400];
    let output = headless.frame(size, 1.0, Theme::Dark, events, |ui| state.ui(ui));
    output
        .platform_output
        .commands
        .into_iter()
        .find_map(|c| match c {
            OutputCommand::CopyText(text) => Some(text),
            _ => None,
        })
}

fn start(case: &Case) -> (Headless, State) {
    let (text, selections) = unmark(&case.before);
    assert!(!selections.is_empty(), "{}: no cursor", case.name);
    let mut state = State::new(&text, case.language);
    let mut headless = headless();
    state.editor.set_wrap(case.wrap);
    state.editor.request_focus();
    for _ in 0..2 {
        frame(&mut headless, &mut state, vec![]);
    }
    state.editor.set_selections(selections);
    frame(&mut headless, &mut state, vec![]);
    (headless, state)
}

fn run(case: &Case, together: bool) -> String {
    let (mut headless, mut state) = start(case);
    let mut clipboard = String::new();
    let mut all = Vec::new();
    for word in words(&case.keys) {
        for events in frames(&word, &clipboard) {
            if together {
                all.extend(events);
            } else if let Some(copied) = frame(&mut headless, &mut state, events) {
                clipboard = copied;
            }
        }
    }
    // Keys that open and close the bar take a frame each.
    frame(&mut headless, &mut state, all);
    for _ in 0..12 {
        frame(&mut headless, &mut state, vec![]);
    }
    mark(&state.text, state.editor.selections())
}

#[test]
fn texts_with_cursors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editor");
    let (mut failures, mut count) = (Vec::new(), 0);
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let file = path.file_name().unwrap().to_string_lossy();
        for case in cases(&format!("\n{text}")) {
            count += 1;
            let copies = ["Ctrl+C", "Ctrl+X", "Ctrl+V"];
            let waits = copies.iter().any(|keys| case.keys.contains(keys));
            for together in [false, true] {
                if together && waits {
                    continue;
                }
                let after = run(&case, together);
                if after != case.after {
                    let how = if together { ", all in one frame" } else { "" };
                    let (name, keys, wanted) = (&case.name, &case.keys, &case.after);
                    let crlf = if case.crlf { " (crlf)" } else { "" };
                    failures.push(format!(
                        "{file}: {name}{crlf}{how}\nkeys: {keys}\n--- wanted\n{wanted}\n--- got\n{after}\n"
                    ));
                }
            }
        }
    }
    assert!(count > 60, "only {count} cases were found");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
