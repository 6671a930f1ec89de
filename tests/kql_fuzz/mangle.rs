//! Real queries with something cut, doubled, swapped or pasted in, and monsters: very deep, very long, very many.

use fastrand::Rng;

const SCRAPS: [&str; 40] = [
    "|",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    "=",
    "==",
    "..",
    ".",
    "'",
    "\"",
    "@\"",
    "```",
    "//",
    "\n",
    "\0",
    "\u{feff}",
    "ü",
    "🦀",
    "let",
    "by",
    "on",
    "kind=",
    "summarize",
    "join",
    "dynamic(",
    "datetime(",
    "$left.",
    "*",
    "-",
    "!",
    "~",
    "1d",
    "0x",
    "h'",
    "typeof(",
];

fn cut(rng: &mut Rng, text: &str) -> usize {
    let mut at = rng.usize(..=text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A query of the cases with a few changes.
pub fn mangled(rng: &mut Rng, seeds: &[String]) -> String {
    let pick = |rng: &mut Rng| {
        seeds
            .get(rng.usize(..seeds.len()))
            .cloned()
            .unwrap_or_default()
    };
    let mut text = pick(rng);
    for _ in 0..1 + rng.u32(..4) {
        let (a, b) = (cut(rng, &text), cut(rng, &text));
        let (from, to) = (a.min(b), a.max(b));
        match rng.u32(..8) {
            0 => text.truncate(a),
            1 => text = text.split_off(a),
            2 if to - from < 60 => text.replace_range(from..to, ""),
            3 => text.insert_str(
                a,
                SCRAPS.get(rng.usize(..SCRAPS.len())).copied().unwrap_or(""),
            ),
            4 => {
                let part = text.get(from..to).unwrap_or("").to_owned();
                text.insert_str(a, &part);
            }
            5 => {
                let other = pick(rng);
                let at = cut(rng, &other);
                text.insert_str(a, other.get(at..).unwrap_or(""));
            }
            6 => {
                let words: Vec<&str> = text.split(' ').collect();
                let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
                let (i, j) = (rng.usize(..words.len()), rng.usize(..words.len()));
                words.swap(i, j);
                text = words.join(" ");
            }
            _ => {
                let other = pick(rng);
                text = format!("let q = ({text});\n{other}");
            }
        }
    }
    text
}

/// Something no person writes.
pub fn monster(rng: &mut Rng) -> String {
    let n = 1 << rng.u32(4..14);
    match rng.u32(..14) {
        0 => format!("print {}1{}", "(".repeat(n), ")".repeat(n)),
        1 => format!("print {}1", "-".repeat(n)),
        2 => format!("print x = 1 {}", "+ 1 ".repeat(n)),
        3 => format!("print dynamic({}{})", "[".repeat(n), "]".repeat(n)),
        4 => format!("Events {}", "| where Ok ".repeat(n)),
        5 => format!("Events | where User in ({}'z')", "'a',".repeat(n)),
        6 => format!("print '{}'", "é".repeat(n)),
        7 => format!(
            "print '{}' matches regex '{}'",
            "a".repeat(n.min(500)),
            "(a*)*".repeat(n.min(2_000))
        ),
        8 => format!("{}print 1{}", "toscalar(".repeat(n), ")".repeat(n)),
        9 => {
            // Each `let` doubles the one before.
            let depth = rng.u32(4..40);
            let lets: String = (1..depth)
                .map(|i| format!("let a{i} = (a{p} | union a{p});\n", p = i - 1))
                .collect();
            format!("let a0 = Events;\n{lets}a{} | count", depth - 1)
        }
        10 => {
            let depth = rng.u32(4..40);
            let lets: String = (1..depth)
                .map(|i| format!("let f{i} = (x: long) {{ f{p}(x) + f{p}(x) }};\n", p = i - 1))
                .collect();
            format!("let f0 = (x: long) {{ x }};\n{lets}print f{}(1)", depth - 1)
        }
        11 => format!(
            "print repeat('{}', {n}), range(1, {n}00000), strcat_array(repeat('ab', {n}), 'x')",
            "x".repeat(n.min(1_000))
        ),
        12 => format!(
            "range x from 1 to {n}00000 step 1 | extend y = x | join (range x from 1 to 100000 step 1) on x | summarize make_list(y) by x % 7"
        ),
        _ => format!(
            "Events | extend {}",
            (0..n.min(3_000))
                .map(|i| format!("c{i} = {i}"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}
