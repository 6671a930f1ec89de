//! The event API against what Panther's own classes give (`events/*.txt`).

use super::*;

/// Each file: a comment, the event, then `>>> expression` and the `repr` that Panther's own classes
/// give under CPython 3.11, or `! ` and the exception.
#[test]
fn the_event_api_gives_what_panther_gives() {
    let mut wrong = Vec::new();
    for (name, text) in files("events") {
        let event = text
            .lines()
            .find_map(|line| line.strip_prefix("event = "))
            .unwrap_or_else(|| panic!("{name} has no event"));
        let event: Json = serde_json::from_str(event).unwrap();
        let cases: Vec<(String, String)> = text
            .split("\n>>> ")
            .skip(1)
            .map(|case| {
                let (expression, expected) = case.trim_end().split_once('\n').unwrap();
                (expression.to_owned(), expected.to_owned())
            })
            .collect();
        assert!(!cases.is_empty(), "{name} has no cases");
        let expressions: Vec<String> = cases.iter().map(|(e, _)| e.clone()).collect();
        let given = snippets(&event, "shown = repr(eval(snippet, names))", &expressions);
        for ((expression, expected), given) in cases.iter().zip(&given) {
            if expected != given {
                wrong.push(format!(
                    "{name}: {expression}\n  expected {expected}\n  given    {given}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
