//! Syntax that Panther's Python does not have yet: the interpreter here takes it, an export would not run there.

use super::load::LARGEST_CHECKED;
use super::syntax::on_deep_stack;
use ruff_python_ast::PythonVersion;
use ruff_python_parser::{
    Mode, ParseOptions, UnsupportedSyntaxError, UnsupportedSyntaxErrorKind as Kind,
};
use std::ops::Range;

/// What Panther runs.
const PANTHER: PythonVersion = PythonVersion::PY311;

/// Every use of syntax that came after Python 3.11: bytes of the source and what to say. None for a text that does not
/// parse: its errors come first.
pub fn newer_syntax(source: &str) -> Vec<(Range<usize>, String)> {
    let text = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    if text.len() > LARGEST_CHECKED {
        return Vec::new();
    }
    let cut = source.len() - text.len();
    on_deep_stack(|| {
        let options = ParseOptions::from(Mode::Module).with_target_version(PANTHER);
        let parsed = ruff_python_parser::parse_unchecked(text, options);
        if !parsed.errors().is_empty() {
            return Vec::new();
        }
        let found = parsed.unsupported_syntax_errors().iter();
        found
            .map(|error| {
                let (start, end) = (error.range.start(), error.range.end());
                let range = cut + usize::from(start)..cut + usize::from(end);
                (range, message(error))
            })
            .collect()
    })
    .unwrap_or_default()
}

fn message(error: &UnsupportedSyntaxError) -> String {
    let (what, since) = match error.kind {
        Kind::TypeParameterList => ("type parameters in brackets", "3.12"),
        Kind::TypeAliasStatement => ("the `type` statement", "3.12"),
        Kind::TypeParamDefault => ("a default of a type parameter", "3.13"),
        // Which of its new forms is told in the text only.
        Kind::Pep701FString(_) => {
            let text = error.to_string();
            let form = [
                ("backslash", "a backslash inside the braces of an f-string"),
                ("comments", "a comment inside the braces of an f-string"),
                (
                    "line breaks",
                    "a line break inside the braces of an f-string",
                ),
                ("quote", "the f-string's own quotes inside its braces"),
            ];
            let form = form.iter().find(|(word, _)| text.contains(word));
            (
                form.map_or("this form of an f-string", |(_, form)| form),
                "3.12",
            )
        }
        Kind::UnparenthesizedExceptionTypes => {
            ("`except` with several types and no parentheses", "3.14")
        }
        Kind::TemplateStrings => ("a t-string", "3.14"),
        // What this list has no words for yet.
        _ => return error.to_string(),
    };
    format!("{what} came with Python {since}, and Panther runs 3.11")
}

#[cfg(test)]
mod tests {
    use super::newer_syntax;

    /// What CPython 3.11 says to each was asked: the first list it refuses, the second it compiles.
    #[test]
    fn what_python_3_11_does_not_have_is_found() {
        for (source, at, said) in [
            ("def f[T](x: T): pass\n", "[T]", "type parameters"),
            ("class C[T]: pass\n", "[T]", "type parameters"),
            ("type X = int\n", "type", "`type` statement"),
            ("x = f'{\"\\n\".join(y)}'\n", "\\", "a backslash"),
            ("x = f'{y['a']}'\n", "'", "own quotes"),
            ("x = f'{y # z\n}'\n", "#", "a comment"),
            ("x = f'{y\n}'\n", "{", "a line break"),
            (
                "try:\n    x\nexcept A, B:\n    y\n",
                "A, B",
                "several types",
            ),
            ("x = t'{y}'\n", "t'{y}'", "a t-string"),
        ] {
            for source in [source.to_owned(), format!("\u{FEFF}{source}")] {
                let found = newer_syntax(&source);
                let Some((range, message)) = found.first() else {
                    panic!("{source}: nothing is found");
                };
                assert!(message.contains(said), "{source}: {message}");
                assert!(message.ends_with("and Panther runs 3.11"), "{message}");
                assert!(
                    source[range.clone()].starts_with(at),
                    "{source}: {range:?} {message}"
                );
            }
        }
    }

    #[test]
    fn what_it_has_is_let_through() {
        for source in [
            "try:\n    x\nexcept* A:\n    y\n",
            "match x:\n    case 1:\n        y\n",
            "x = f\"{y['a']}\"\n",
            "x = f'''{y\n}'''\n",
            "x = f'{y}' '\\n' f'{z!r:>{w}}'\n",
            "try:\n    x\nexcept (A, B):\n    y\nfinally:\n    z\n",
            "with (a as b, c as d):\n    pass\n",
            "def f(x: int | None = None, /, *, y: list[str]) -> dict[str, int]:\n    return (z := x)\n",
            "type = 5\nprint(type)\n",
            "async def f():\n    return [x async for x in y]\n",
            "a[*b]\n",
            "def f(*args: *Ts): pass\n",
            "def f():\n    for x in y:\n        try:\n            pass\n        finally:\n            return 1\n",
            "x = (\n",
            "",
        ] {
            assert_eq!(newer_syntax(source), [], "{source}");
        }
        assert_eq!(newer_syntax(&"(".repeat(100_000)), []);
    }
}
