//! The checks of Panther's documents.

#[path = "common/check_cases.rs"]
mod check_cases;

#[test]
fn cases() {
    check_cases::run("tests/check/panther", false);
}

/// Bodies that nest as deep as they are long, and names without end: an answer, and no crash.
#[test]
fn hostile_bodies_are_survived() {
    let deep = |begin: &str, piece: &str, times: usize, end: &str| {
        format!(
            "def rule(event):\n    return {begin}{}{end}\n",
            piece.repeat(times)
        )
    };
    let bodies = [
        deep("", "(", 60_000, ""),
        deep("", "[", 20_000, &"]".repeat(20_000)),
        deep("a", ".b", 30_000, ""),
        deep("event", ".get('a')", 7_000, ""),
        deep("event", "['a']", 12_000, ""),
        deep("", "not ", 15_000, "a"),
        deep("", "lambda: ", 7_000, "1"),
        deep("", "1 if a else ", 5_000, "2"),
        deep("", "a and ", 10_000, "b"),
        deep("", "f(", 20_000, &")".repeat(20_000)),
        deep("", "'a' + ", 10_000, "'b'"),
        deep(
            "",
            "[x for x in ",
            5_000,
            &format!("y{}", "]".repeat(5_000)),
        ),
        format!("{}\n", "from a import *\n".repeat(3_000)),
        (0..90).fold(String::new(), |text, at| {
            format!("{text}{}def f{at}(x):\n", " ".repeat(at))
        }) + &format!("{}return x\n", " ".repeat(91)),
        "\u{FEFF}def rule(event):\n    return helper(event)\n".to_owned(),
        "\0\u{7f}é".to_owned(),
    ];
    for (number, body) in bodies.iter().enumerate() {
        check_cases::survives(&format!("body-{number}"), "rule.py", body);
    }
}
