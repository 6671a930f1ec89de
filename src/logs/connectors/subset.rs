//! Which KQL an ingest transform may use: what works on one row at a time, as the platform's collection rules have it.

use crate::diagnostic::{Diagnostic, Span};
use crate::kql::syntax::lexer::{Kind, tokens};

/// The tabular operators of a transform.
const OPERATORS: [&str; 9] = [
    "extend",
    "project",
    "where",
    "parse",
    "project-away",
    "project-rename",
    "print",
    "datatable",
    // The same as `where`.
    "filter",
];
/// What could begin a table and may not here.
const SOURCES: [&str; 8] = [
    "union",
    "search",
    "find",
    "range",
    "evaluate",
    "externaldata",
    "materialize",
    "toscalar",
];
/// Functions that know an instant which does not exist while files are loaded.
const CLOCK: [&str; 3] = ["now", "ago", "ingestion_time"];

/// What is wrong with a transform beyond its being KQL. Spans are byte offsets into the text.
pub(super) fn check(text: &str) -> Vec<Diagnostic> {
    let (tokens, _) = tokens(text);
    let word = |at: usize| -> Option<(String, Span)> {
        let first = tokens.get(at).filter(|t| t.kind == Kind::Name)?;
        let mut span = first.span;
        // `project-away` is three tokens.
        if let (Some(minus), Some(rest)) = (tokens.get(at + 1), tokens.get(at + 2))
            && minus.kind == Kind::Punct("-")
            && minus.span.start == span.end
            && rest.kind == Kind::Name
            && rest.span.start == minus.span.end
        {
            span = span.to(rest.span);
        }
        Some((text.get(span.start..span.end)?.to_owned(), span))
    };
    let mut wrong = Vec::new();
    let mut tell = |span: Span, message: String, hint: &str| {
        wrong.push(Diagnostic::error("connector-transform", span, message).with_hint(hint));
    };
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == Kind::Punct("|") {
            if let Some((name, span)) = word(at + 1)
                && !OPERATORS.contains(&name.as_str())
            {
                let message = format!(
                    "`{name}` cannot be used in an ingest transform, which sees one row at a time"
                );
                tell(span, message, HINT);
            }
            continue;
        }
        let Kind::Name = token.kind else { continue };
        let name = text.get(token.span.start..token.span.end).unwrap_or("");
        let called = tokens.get(at + 1).map(|t| &t.kind) == Some(&Kind::Punct("("));
        let begins = at == 0
            || matches!(
                tokens.get(at - 1).map(|t| &t.kind),
                Some(Kind::Punct("(" | "=" | ";" | "{"))
            );
        let named = tokens.get(at + 1).map(|t| &t.kind) == Some(&Kind::Name);
        let table = name == "materialize" || name == "toscalar" || name == "externaldata";
        if SOURCES.contains(&name) && begins && (named || (table && called)) {
            let message = format!("`{name}` cannot be used in an ingest transform");
            tell(token.span, message, HINT);
        }
        if CLOCK.contains(&name) && called {
            let message = format!(
                "`{name}()` has no meaning while files are loaded: there is no time of ingestion"
            );
            tell(
                token.span,
                message,
                "leave the time null where the record has none",
            );
        }
    }
    wrong
}

const HINT: &str = "use `where`, `extend`, `project`, `project-away`, `project-rename` and `parse`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_works_row_by_row() {
        let wrong = |text: &str| -> Vec<String> {
            let found = check(text).into_iter();
            found
                .filter_map(|d| d.span.and_then(|s| text.get(s.start..s.end)))
                .map(str::to_owned)
                .collect()
        };
        assert!(wrong("source | where a > 1 | project-away b | parse c with * 'x' d").is_empty());
        assert!(
            wrong("let f = (x:string) { strcat(x, '|') }; source | extend y = f(a)").is_empty()
        );
        assert_eq!(wrong("source | summarize count() by a"), ["summarize"]);
        assert_eq!(
            wrong("source\n| mv-expand d // x\n| join (source) on a"),
            ["mv-expand", "join"]
        );
        assert_eq!(wrong("union source, source"), ["union"]);
        assert_eq!(
            wrong("source | extend t = now(), x = ago(1h)"),
            ["now", "ago"]
        );
        // Columns may have such names.
        assert!(wrong("source | extend range = union, now = find").is_empty());
    }
}
