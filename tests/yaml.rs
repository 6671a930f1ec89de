//! The YAML room: positions, odd files, offsets between values and text.
//! `yaml/broken/*.txt` are texts with the diagnostics they give, one `line:column code: message` a line.

use rulewright::diagnostic::{Diagnostic, LineIndex, Span};
use rulewright::yaml::{Document, Step};
use std::fmt::Write as _;

fn shown(text: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
    let lines = LineIndex::new(text);
    diagnostics
        .iter()
        .map(|d| {
            let at = lines.position(d.span.map_or(0, |s| s.start));
            format!("{}:{} {}: {}", at.line, at.column, d.code, d.message)
        })
        .collect()
}

fn path(text: &str) -> Vec<Step> {
    text.split('.')
        .filter(|s| !s.is_empty())
        .map(|s| s.parse().map_or_else(|_| Step::from(s), Step::Index))
        .collect()
}

#[test]
fn broken_texts_say_what_and_where() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/yaml/broken");
    let mut failures = String::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let content = std::fs::read_to_string(&file).unwrap();
        let (text, expected) = content.split_once("=== expect\n").unwrap();
        let expected: Vec<&str> = expected.lines().filter(|l| !l.starts_with("===")).collect();
        // Every text once more with a byte-order mark and with Windows line ends: the same places.
        for (how, text) in [
            ("as it is", text.to_owned()),
            ("with CRLF", text.replace('\n', "\r\n")),
            ("with a byte-order mark", format!("\u{feff}{text}")),
        ] {
            let (document, diagnostics) = Document::parse(&text);
            assert_eq!(document.text(), text);
            // The mark counts as a character of line 1; none of the cases has its error there.
            let actual = shown(&text, &diagnostics);
            if actual != expected {
                let _ = writeln!(
                    failures,
                    "{} {how}:\n  expected {expected:#?}\n  actual {actual:#?}",
                    file.display()
                );
            }
        }
        count += 1;
    }
    assert!(count >= 15, "the cases are there");
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn values_before_an_error_are_read() {
    let (document, diagnostics) =
        Document::parse("id: x\nname: y\nquery: |\n  T\n| where\nseverity: High\n");
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(
        diagnostics[0].hint.as_deref(),
        Some("indent it by 2 spaces, like the lines above")
    );
    assert_eq!(document.get(&path("name")).unwrap().as_str(), Some("y"));
    assert!(document.get(&path("query")).is_none());
    assert_eq!(document.span(&path("id")), Some(Span::new(4, 5)));
}

#[test]
fn the_last_of_equal_keys_wins() {
    let (document, diagnostics) = Document::parse("a: 1\nb: 2\na: 3\n");
    assert_eq!(diagnostics[0].span, Some(Span::new(10, 11)));
    assert_eq!(document.get(&path("a")).unwrap().as_i64(), Some(3));
    assert_eq!(document.span(&path("a")), Some(Span::new(13, 14)));
}

#[test]
fn merge_keys_are_followed() {
    let text = "base: &b {x: 1, y: 2}\nrule:\n  <<: *b\n  y: 3\n";
    let (document, diagnostics) = Document::parse(text);
    assert_eq!(diagnostics, []);
    assert_eq!(document.get(&path("rule.x")).unwrap().as_i64(), Some(1));
    assert_eq!(document.get(&path("rule.y")).unwrap().as_i64(), Some(3));
    let at = document.span(&path("rule.x")).unwrap();
    assert_eq!(&text[at.start..at.end], "1");
    assert_eq!(at.start, text.find("1, y").unwrap());
}

#[test]
fn spans_of_every_kind_of_node() {
    let text = "\u{feff}name: 'a b'  # note\r\nempty:\r\nlist:\r\n- k: v\r\n  q: |2\r\n     T\r\n\r\n    | x\r\n\r\n- [1, \"zwei\"]\r\ntilde: ~\r\nlast: {é: ü}";
    let (document, diagnostics) = Document::parse(text);
    assert_eq!(diagnostics, []);
    let shown = |p: &str| {
        let span = document.span(&path(p)).unwrap();
        &text[span.start..span.end]
    };
    assert_eq!(shown("name"), "'a b'");
    assert_eq!(shown("empty"), "");
    assert_eq!(
        document.span(&path("empty")).unwrap().start,
        text.find("empty:").unwrap() + 6
    );
    assert_eq!(shown("list.0.k"), "v");
    assert_eq!(shown("list.0.q"), "|2\r\n     T\r\n\r\n    | x");
    assert_eq!(shown("list.0"), "k: v\r\n  q: |2\r\n     T\r\n\r\n    | x");
    assert_eq!(shown("list.1"), "[1, \"zwei\"]");
    assert_eq!(shown("list.1.1"), "\"zwei\"");
    assert_eq!(shown("tilde"), "~");
    assert_eq!(shown("last.é"), "ü");
    let key = document.key_span(&path("list.0.q")).unwrap();
    assert_eq!(&text[key.start..key.end], "q");
    assert_eq!(
        document.get(&path("list.0.q")).unwrap().as_str(),
        Some(" T\n\n| x\n")
    );
    assert_eq!(document.span(&path("list.7")), None);
    assert_eq!(document.span(&path("name.x")), None);
    let near = document.nearest_span(&path("list.0.nope")).unwrap();
    assert_eq!(near.start, text.find("k: v").unwrap());
}

/// Every character of the value is found at a place of the text that shows it, or where it was escaped or folded
/// from; and the way back leads to the same character.
fn round_trip(text: &str, at: &str, value: &str) -> Document {
    let (document, diagnostics) = Document::parse(text);
    assert_eq!(diagnostics, [], "{text:?}");
    assert_eq!(
        document.get(&path(at)).unwrap().as_str(),
        Some(value),
        "{text:?}"
    );
    for (offset, character) in value.char_indices() {
        let there = document.offset_in_text(&path(at), offset).unwrap();
        let shown = text[there..].chars().next();
        let plain = shown == Some(character);
        let changed = character.is_whitespace() || matches!(shown, Some('\\' | '\''));
        assert!(
            plain || changed,
            "{text:?} {offset} {character:?} at {shown:?}"
        );
        if plain {
            assert_eq!(
                document.offset_in_value(&path(at), there),
                Some(offset),
                "{text:?} {offset}"
            );
        }
    }
    assert!(document.offset_in_text(&path(at), value.len()).is_some());
    assert_eq!(document.offset_in_text(&path(at), value.len() + 1), None);
    document
}

#[test]
fn offsets_through_every_style() {
    for (text, at, value) in [
        // Literal: keep, clip, strip; leading blank lines; deeper lines; indentation indicator.
        ("q: |\n  T\n  | a\nz: 1\n", "q", "T\n| a\n"),
        ("q: |-\n  T\n  | a\nz: 1\n", "q", "T\n| a"),
        ("q: |+\n  T\n  | a\n\n\nz: 1\n", "q", "T\n| a\n\n\n"),
        (
            "q: |\n\n  \n  T\n     deep\n\n  | a\n",
            "q",
            "\n\nT\n   deep\n\n| a\n",
        ),
        ("q: |\n  T", "q", "T"),
        ("q: |\r\n  T\r\n  | a\r\n", "q", "T\n| a\n"),
        (
            "\u{feff}é: 1\nq: | # note | x\n  ü\n  | é\n",
            "q",
            "ü\n| é\n",
        ),
        ("- - |1\n    T\n", "0.0", " T\n"),
        ("q: !!str &x |\n  T  \n  \t| a\n", "q", "T  \n\t| a\n"),
        ("a:\n- q: |\n    T\n  r: 2\n", "a.0.q", "T\n"),
        ("q: |\n", "q", ""),
        // Folded.
        ("q: >\n  one\n  two\n\n  three\n", "q", "one two\nthree\n"),
        ("q: >-\n  one\n    deep\n  two\n", "q", "one\n  deep\ntwo"),
        ("q: >\r\n\r\n  one\r\n  two\r\n", "q", "\none two\n"),
        // Plain, on one line and on several.
        ("q: T | take 1 # note\n", "q", "T | take 1"),
        ("q:\n  T\n  | a\n\n  | b\nz: 1\n", "q", "T | a\n| b"),
        // Quoted.
        ("q: 'it''s \"x\"'\n", "q", "it's \"x\""),
        (
            "q: \"a\\tb \\\"c\\\" \\u00e9\\x41 \\\\ z\"\n",
            "q",
            "a\tb \"c\" éA \\ z",
        ),
        (
            "q: \"one\n  two\n\n  three \\\n  four\"\n",
            "q",
            "one two\nthree four",
        ),
        ("q: ''\n", "q", ""),
        ("q: [\"a\", 'b c']\n", "q.1", "b c"),
    ] {
        round_trip(text, at, value);
    }
}

#[test]
fn offsets_are_exact() {
    let text = "id: x\nquery: |\n\n    T\n      | where a\n    | take 1\nk: v\n";
    let document = round_trip(text, "query", "\nT\n  | where a\n| take 1\n");
    let q = path("query");
    let value = "\nT\n  | where a\n| take 1\n";
    for word in ["T\n", "where", "take", "1\n"] {
        assert_eq!(
            document.offset_in_text(&q, value.find(word).unwrap()),
            text.find(word)
        );
    }
    // Indentation belongs to the line's first character; outside there is nothing.
    let indentation = text.find("    | take").unwrap();
    assert_eq!(
        document.offset_in_value(&q, indentation + 1),
        value.find("| take")
    );
    assert_eq!(document.offset_in_value(&q, 0), None);
    assert_eq!(
        document.offset_in_value(&q, text.find("k: v").unwrap() + 1),
        None
    );
    // An escape is found at its backslash.
    let document = round_trip("q: \"a\\u0041b\"\n", "q", "aAb");
    assert_eq!(document.offset_in_text(&q[..0], 0), None);
    assert_eq!(document.offset_in_text(&path("q"), 1), Some(5));
    assert_eq!(document.offset_in_text(&path("q"), 2), Some(11));
}

#[test]
fn the_path_at_a_place() {
    let text = "name: x\nlist:\n- a: 1\n  b: |\n    T\n\n- c: {d: 2}\nend:\n";
    let (document, _) = Document::parse(text);
    for (word, expected) in [
        ("x\n", "name"),
        ("ame", "name"),
        ("1\n", "list.0.a"),
        ("T\n", "list.0.b"),
        ("2}", "list.1.c.d"),
        ("end", "end"),
    ] {
        let at = text.find(word).unwrap();
        assert_eq!(document.path_at(at), path(expected), "{word}");
    }
    assert_eq!(document.path_at(text.len()), path(""));
}

#[test]
fn a_splice_changes_its_span_only() {
    let text = "\u{feff}severity: 'High' # as agreed\r\nname: x  \r\nlast: é";
    let (document, _) = Document::parse(text);
    let span = document.span(&path("severity")).unwrap();
    assert_eq!(document.splice(span, "'High'"), text);
    assert_eq!(document.splice(span, "Low"), text.replace("'High'", "Low"));
    let end = document.span(&path("last")).unwrap();
    assert_eq!(
        document.splice(Span::new(end.start + 1, 999), "e"),
        text.replace('é', "e")
    );
}

#[test]
fn hostile_texts_are_bounded() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        let of = format!("*a{}", i - 1);
        let _ = writeln!(laughs, "a{i}: &a{i} [{}]", vec![of; 10].join(", "));
    }
    let big = format!(
        "a: &a \"{}\"\nb: [{}]\n",
        "x".repeat(100_000),
        vec!["*a"; 10_000].join(",")
    );
    for (text, code, line, column) in [
        ("[".repeat(5000), "yaml-depth", 1, 101),
        ("- ".repeat(5000) + "x", "yaml-depth", 1, 201),
        (
            (0..5000).map(|i| " ".repeat(i) + "a:\n").collect(),
            "yaml-depth",
            101,
            101,
        ),
        ("{a: ".repeat(5000), "yaml-depth", 1, 401),
        (laughs, "yaml-aliases", 2, 10),
        (big, "yaml-aliases", 2, 5),
        ("x".repeat(33 << 20), "yaml-size", 1, 1),
    ] {
        let started = std::time::Instant::now();
        let (document, diagnostics) = Document::parse(&text);
        let lines = LineIndex::new(&text);
        let first = &diagnostics[0];
        let at = lines.position(first.span.unwrap().start);
        assert_eq!(
            (first.code.as_str(), at.line, at.column),
            (code, line, column)
        );
        assert_eq!(document.text().len(), text.len());
        assert!(started.elapsed().as_secs() < 5, "{code}");
    }
}

#[test]
fn no_prefix_and_no_missing_character_breaks_the_reader() {
    let text = "\u{feff}id: \"a\\u00e9\"\r\nq: |-\r\n  é\r\n\r\n   T\r\nl: &x\r\n- {a: 'b''', c: [*x, ~]}\r\n- >\r\n  f\r\n  g\r\n? k\r\n: !t v\r\n";
    for i in 0..=text.len() {
        let Some(prefix) = text.get(..i) else {
            continue;
        };
        for candidate in [
            prefix.to_owned(),
            prefix.to_owned() + text.get(i + 1..).unwrap_or(""),
        ] {
            let (document, diagnostics) = Document::parse(&candidate);
            for diagnostic in &diagnostics {
                let span = diagnostic.span.unwrap();
                assert!(span.start <= span.end && span.end <= candidate.len());
                assert!(
                    candidate.get(span.start..span.end).is_some(),
                    "{candidate:?}"
                );
            }
            for at in 0..=candidate.len() {
                let path = document.path_at(at);
                if let Some(span) = document.span(&path) {
                    assert!(
                        candidate.get(span.start..span.end).is_some(),
                        "{candidate:?}"
                    );
                }
                let _ = document.offset_in_text(&path, 1);
                let _ = document.offset_in_value(&path, at);
            }
        }
    }
}

#[path = "yaml/pyyaml.rs"]
mod pyyaml;
