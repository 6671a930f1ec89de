//! Setting values by their path. Every file of `tests/check/edit` holds cases:
//!
//! ```text
//! === what is shown
//! set PATH=VALUE            (\n in a value is a line break)
//! --- before
//! …
//! --- after                 (or `--- refused: part of the message`, or `--- same`)
//! …
//! ```
//!
//! Each runs as it is, with Windows line ends, with a byte-order mark, and without its last line break: nothing else of
//! the file may differ.

use rulewright::diagnostic::Fix;
use rulewright::sentinel;
use rulewright::yaml::{Document, parse_path};
use std::path::Path;

fn set(text: &str, path: &str, value: &str) -> Result<String, String> {
    let (document, _) = Document::parse(text);
    let edits = document.set(&parse_path(path)?, value, &sentinel::KEYS)?;
    let fix = Fix {
        title: String::new(),
        edits,
    };
    Ok(fix.apply(text).expect("edits that fit"))
}

#[test]
fn every_edit_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/edit");
    let mut count = 0;
    let mut failures = Vec::new();
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        for case in text.split("=== ").skip(1) {
            count += 1;
            let (name, rest) = case.split_once('\n').unwrap();
            let (command, rest) = rest.split_once('\n').unwrap();
            let setting = command.strip_prefix("set ").expect("set PATH=VALUE");
            let (path, value) = setting.split_once('=').unwrap();
            let value = value.replace("\\n", "\n");
            let rest = rest.strip_prefix("--- before\n").expect("--- before");
            let (before, after) = rest.split_once("--- ").expect("an outcome");
            let (outcome, after) = after.split_once('\n').unwrap_or((after, ""));
            let expected = match outcome {
                "after" => Ok(after.to_owned()),
                "same" => Ok(before.to_owned()),
                refused => Err(refused.strip_prefix("refused: ").expect(refused).to_owned()),
            };
            let crlf = |t: &str| t.replace('\n', "\r\n");
            let bom = |t: &str| format!("\u{feff}{t}");
            let open = |t: &str| t.strip_suffix('\n').unwrap_or(t).to_owned();
            let same = |t: &str| t.to_owned();
            let ways: [(&str, &dyn Fn(&str) -> String); 4] = [
                ("as it is", &same),
                ("with CRLF", &crlf),
                ("with a byte-order mark", &bom),
                ("without the last line break", &open),
            ];
            for (how, way) in ways {
                let actual = set(&way(before), path, &value);
                let fits = match (&expected, &actual) {
                    (Ok(expected), Ok(actual)) => way(expected) == *actual,
                    (Err(part), Err(why)) => why.contains(part.as_str()),
                    _ => false,
                };
                if !fits {
                    failures.push(format!("{name}, {how}: {actual:?}"));
                }
            }
        }
    }
    assert!(count >= 30, "only {count} cases were found");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn hostile_texts_are_edited_or_refused_and_never_more() {
    let texts = [
        "",
        "\u{feff}",
        "a",
        "- x\n",
        "a: &x {b: 1}\nc: *x\n",
        "a:\n  <<: {b: 1}\n",
        "a: |\n",
        "a: >2-\n   x\n",
        "? a\n: b\n",
        "a: 'x\n\n  y'\n",
        "{a: [1, {b: 2}], c: \"d\"}\n",
        "a: !!str 5\n",
        "a: \"\\\n  x\"\n",
    ];
    let paths = [
        "a",
        "a.b",
        "a[0]",
        "a[1].b",
        "c.b",
        "new",
        "a.new[0].x",
        "[0]",
    ];
    let values = [
        "", "x", "1", "no", "a: b", "# c", "x\ny\n", "\u{1}", "[1, 2]", " x ", "{{y}}", "é\"'\\",
    ];
    for text in texts {
        for path in paths {
            for value in values {
                let Ok(new) = set(text, path, value) else {
                    continue;
                };
                let (document, found) = Document::parse(&new);
                assert!(found.is_empty(), "{text:?} {path} {value:?} -> {new:?}");
                assert!(
                    document.get(&parse_path(path).unwrap()).is_some(),
                    "{text:?} {path} {value:?} -> {new:?}"
                );
            }
        }
    }
}
