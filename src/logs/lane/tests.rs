//! What is taken is what the strict reader takes.

use super::*;
use crate::logs::shapes as records;

const LINES: [&str; 6] = [
    r#"{"object":"organization.audit_log","id":"a1","type":"role.updated","effective_at":1780800000,"actor":{"type":"session","session":{"user":{"email":"a@x.example"},"list":[1,2.5,null]}},"role.updated":{"id":"r"}}"#,
    r#"{"object":"organization.audit_log","id":"a2","type":"logout","effective_at":1780800001,"project":null}"#,
    r#"{"object":"organization.audit_log","id":"é","type":"logout","effective_at":1780800001,"project":{"id":"p\n","empty":{},"none":[]}}"#,
    r#"{"object": "chat.completion", "id": "c1", "created": 1780800002, "seed": 4944116822809979520, "choices": [{"finish_reason": "stop"}]}"#,
    r#"{"object":"chat.completion","id":"c2","created":1780800002.5,"choices":[],"input_user":"a@x.example"}"#,
    r#"{"type":"t","effective_at":"2026-06-08T05:00:00Z","p_log_type":"OpenAI.Audit"}"#,
];

/// What the strict reader and the connectors say: connector, time, whether the details are aliased.
fn strictly(connectors: &Connectors, line: &[u8]) -> Option<(usize, Option<i64>, bool)> {
    let opened = records::read(line, &crate::logs::forms::Reading::Line).ok()?;
    let number = connectors.find(&opened.event).ok()?;
    let (time, remarks) = connectors::look(connectors.get(number)?, &opened.event);
    let unusual = opened.rounded || opened.row;
    (!unusual).then_some((number, time, remarks.aliased))
}

fn taught() -> (Connectors, Lane) {
    let connectors = Connectors::default();
    let mut lane = Lane::new(&connectors);
    for line in LINES {
        let line = line.as_bytes();
        let (number, _, _) = strictly(&connectors, line).unwrap();
        let opened = records::read(line, &crate::logs::forms::Reading::Line).unwrap();
        lane.learn(line, number, opened.shape);
    }
    (connectors, lane)
}

#[test]
fn lines_of_known_shape_are_taken() {
    let (connectors, mut lane) = taught();
    for line in LINES {
        let line = line
            .replace("a1", "another\\u00e9")
            .replace("180000", "180009");
        let taken = lane.take(line.as_bytes()).expect(&line);
        let found = (taken.connector, taken.time, taken.remarks.aliased);
        assert_eq!(
            Some(found),
            strictly(&connectors, line.as_bytes()),
            "{line}"
        );
    }
    // The same shape, and other texts where the connectors look.
    let other = LINES[1].replace("organization.audit_log", "organization.something");
    assert!(lane.take(other.as_bytes()).is_none());
}

#[test]
fn what_is_taken_is_what_the_strict_reader_takes() {
    for narrow in [false, true] {
        let (connectors, mut lane) = taught();
        if narrow {
            lane.shapes.narrow();
        }
        let mut rng = fastrand::Rng::with_seed(11);
        let bytes = b"\"\\{}[]:,.-+eE0123456789 \t\r\n\0\x80\xc3\xa9utfnxd/";
        let behind: [&[u8]; 6] = [b"", b"\n", b"\r\n", b"\r", b" ", b"\n{\"id\":\"\"}\n\"\n"];
        let mut taken = 0;
        for _ in 0..60_000 {
            let mut text = LINES[rng.usize(..LINES.len())].as_bytes().to_vec();
            for _ in 0..rng.usize(1..4) {
                let at = rng.usize(..text.len());
                let byte = bytes[rng.usize(..bytes.len())];
                match rng.u8(..3) {
                    0 => text[at] = byte,
                    1 => text.insert(at, byte),
                    _ => drop(text.remove(at)),
                }
            }
            text.extend_from_slice(behind[rng.usize(..behind.len())]);
            let mut line = text.split(|byte| *byte == b'\n').next().unwrap();
            if line.len() < text.len() {
                line = line.strip_suffix(b"\r").unwrap_or(line);
            }
            let expected = strictly(&connectors, line);
            if let Some(found) = lane.take(&text) {
                taken += 1;
                let text = String::from_utf8_lossy(&text);
                assert_eq!(found.length, line.len(), "{text}");
                let found = (found.connector, found.time, found.remarks.aliased);
                assert_eq!(Some(found), expected, "{text}");
            }
            // Shapes that the mutations make are learnt as well.
            if let (Some((number, _, _)), true) = (expected, rng.u8(..8) == 0) {
                let opened = records::read(line, &crate::logs::forms::Reading::Line).unwrap();
                lane.learn(line, number, opened.shape);
            }
        }
        assert!(taken > 5_000, "{taken}");
    }
}

/// What a line says is found where a longer text follows, and one that is too long for the lane is left.
#[test]
fn a_long_line_is_left_to_the_strict_reader() {
    let (_, mut lane) = taught();
    for (length, expected) in [
        (100, true),
        (LONG_LINE - 1, true),
        (LONG_LINE, true),
        (LONG_LINE + 1, false),
        (LONG_LINE + 2, false),
        (LONG_LINE + 3, false),
    ] {
        let without = LINES[1].replace("a2", "");
        let id = "x".repeat(length.saturating_sub(without.len()));
        let line = LINES[1].replace("a2", &id);
        for end in ["", "\n", "\r\n", "\n\n"] {
            let taken = lane.take(format!("{line}{end}").as_bytes());
            let length = taken.map(|taken| taken.length);
            assert_eq!(length, expected.then_some(line.len()), "{}", line.len());
        }
    }
}

/// However many shapes there are, few pieces are tried for a line; and what was known before stays known.
#[test]
fn keys_that_never_come_again_cost_little() {
    const COUNT: usize = 9_000;
    let head =
        r#"{"object":"organization.audit_log","id":"a","type":"logout","effective_at":1780800001"#;
    let kinds: [fn(&str, usize) -> String; 3] = [
        |head, n| format!(r#"{head},"logout":{{"labels":{{"k{n}":1}}}}}}"#),
        |head, n| format!(r#"{head},"k{n}":1}}"#),
        |head, n| format!(r#"{head},"a name that is long and then {n}":1,"logout":{{}}}}"#),
    ];
    for make in kinds {
        let (connectors, mut lane) = taught();
        let mut taken = 0;
        for n in 0..COUNT {
            // Numbers that are far from each other.
            let line = make(head, n.wrapping_mul(0x9e37_79b9) % 1_000_000_007);
            taken += usize::from(lane.take(line.as_bytes()).is_some());
            let (number, _, _) = strictly(&connectors, line.as_bytes()).unwrap();
            lane.learn(line.as_bytes(), number, None);
        }
        assert!(taken < 10, "{taken}");
        let tried = lane.shapes.tried();
        assert!(tried < COUNT * 300, "{tried} for {}", make(head, 0));
        for line in LINES {
            assert!(lane.take(line.as_bytes()).is_some(), "{line}");
        }
    }
}

/// Of many shapes that come again and again, each is known.
#[test]
fn a_thousand_shapes_are_known() {
    let (connectors, mut lane) = taught();
    let line = |n: usize| {
        let n = n * 7_919;
        format!(
            r#"{{"object":"organization.audit_log","id":"a","type":"logout","effective_at":1780800001,"the name {n}":1}}"#
        )
    };
    for n in 0..1_000 {
        let (number, _, _) = strictly(&connectors, line(n).as_bytes()).unwrap();
        lane.learn(line(n).as_bytes(), number, None);
    }
    for n in 0..1_000 {
        let found = lane.take(line(n).as_bytes());
        let found = found.map(|taken| (taken.connector, taken.time, taken.remarks.aliased));
        assert_eq!(found, strictly(&connectors, line(n).as_bytes()), "{n}");
    }
}
