//! Where a space stands between two tokens of one line.

use crate::kql::operators::docs::Topic;
use crate::kql::services::layout::Layout;
use crate::kql::services::words;
use crate::kql::syntax::lexer::Kind;

/// Operators in whose lists `*` is a part of a name.
pub fn has_patterns(operator: &str) -> bool {
    matches!(
        operator,
        "project-away" | "project-keep" | "project-reorder" | "union" | "search" | "find"
    )
}

/// Whether a word is one of the language at its place, not a name: a bracket behind it is not a call's.
pub fn is_keyword(layout: &Layout, at: usize) -> bool {
    let word = layout.word(at);
    if word.is_empty() {
        return false;
    }
    let segment = layout.segment(at);
    let start = layout.start(segment);
    let (keyword, count) = layout.keyword(start);
    let first = layout.get(segment).first;
    if (start..start + count).contains(&at) {
        let piped = layout.get(segment).pipe.is_some();
        let known = words::find(Topic::Operator, keyword).is_some();
        // A call such as `range(1, 5, 1)` or `count()` is not the operator.
        return known
            && keyword != "datatable"
            && keyword != "externaldata"
            && (piped
                || !layout.is(at + 1, "(")
                || matches!(keyword, "union" | "search" | "find" | "print"));
    }
    if at == first && matches!(word, "let" | "set" | "declare") {
        return true;
    }
    if words::is_operator_word(word) && at > first {
        return true;
    }
    let operator = layout.operator(segment);
    // The value of a setting: `kind=inner (`.
    if at > 1 && layout.is(at - 1, "=") && is_setting(layout, at - 1) {
        return true;
    }
    if operator == "partition" && layout.is(at + 1, "(") && at > first + 1 {
        return true;
    }
    words::clause_words(operator).contains(&word) && word != "typeof" && word != "range"
}

/// Whether an `=` belongs to a setting such as `kind=inner` or `hint.strategy=shuffle`.
pub fn is_setting(layout: &Layout, equals: usize) -> bool {
    let Some(name) = equals.checked_sub(1) else {
        return false;
    };
    let segment = layout.segment(equals);
    let word = layout.word(name);
    if name >= 2 && layout.is(name - 1, ".") && layout.word(name - 2) == "hint" {
        return true;
    }
    let operator = layout.operator(segment);
    words::settings(operator).iter().any(|(n, _)| *n == word)
        || matches!(
            word,
            "withsource" | "with_source" | "isfuzzy" | "with_itemindex"
        )
}

/// Whether an `=` stands without spaces: settings and named arguments.
fn tight_equals(layout: &Layout, at: usize) -> bool {
    if is_setting(layout, at) {
        return true;
    }
    let segment = layout.segment(at);
    let s = layout.get(segment);
    if layout.opener(segment) != "(" || s.pipe.is_some() {
        return false;
    }
    // A default of a parameter: `(a:long = 5)`.
    if at >= 2 && layout.is(at - 2, ":") {
        return false;
    }
    words::find(Topic::Operator, layout.operator(segment)).is_none()
}

/// Whether a sign at a token has one operand only.
fn is_unary(layout: &Layout, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return true;
    };
    match layout.kind(before) {
        Kind::Punct(p) => !matches!(*p, ")" | "]" | "}" | "*"),
        Kind::Name => is_keyword(layout, before),
        _ => false,
    }
}

/// Whether a space stands between a token and the one before it.
pub fn space(layout: &Layout, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return false;
    };
    let joined = layout.joined(at);
    let segment = layout.segment(at);
    let patterns = has_patterns(layout.operator(segment));
    // Hyphens and stars within one word.
    if joined
        && (hyphenated(layout, at) || patterns && (layout.is(at, "*") || layout.is(before, "*")))
    {
        return false;
    }
    // A pattern such as `T*` in brackets: nothing follows that could be multiplied.
    if joined
        && layout.is(at, "*")
        && *layout.kind(before) == Kind::Name
        && matches!(layout.kind(at + 1), Kind::Punct("," | ")"))
    {
        return false;
    }
    match (layout.kind(before), layout.kind(at)) {
        (_, Kind::Punct("," | ";" | ")" | "]" | ".")) => {
            // `* ,` keeps nothing between; a dot after `by` cannot be.
            false
        }
        (Kind::Punct("(" | "[" | "."), _) => false,
        (Kind::Punct("!"), _) => false,
        (_, Kind::Punct("~")) if joined => false,
        (_, Kind::Punct(":")) => layout.is(before, ")"),
        (Kind::Punct(":"), Kind::Punct("(")) if before > 0 && layout.is(before - 1, ")") => true,
        (Kind::Punct(":"), _) => {
            // JSON has a space, a column with its type has none.
            before > 0
                && matches!(layout.kind(before - 1), Kind::Text(_))
                && layout.opener(segment) == "{"
        }
        (_, Kind::Punct("=")) => !tight_equals(layout, at),
        (Kind::Punct("="), _) => !tight_equals(layout, before),
        (Kind::Punct("-" | "+"), _) if is_unary(layout, before) => false,
        (Kind::Name, Kind::Punct("(")) => is_keyword(layout, before),
        (Kind::Punct(")" | "]"), Kind::Punct("(")) => true,
        (Kind::Name, Kind::Punct("[")) if *layout.kind(at + 1) == Kind::Long => false,
        (Kind::Name | Kind::Punct(")" | "]"), Kind::Punct("[")) => {
            if is_keyword(layout, before) {
                true
            } else {
                !joined
            }
        }
        (Kind::Punct("}"), _) | (_, Kind::Punct("}")) => true,
        _ => true,
    }
}

/// Whether a token is joined to the one before it by a hyphen within a keyword.
fn hyphenated(layout: &Layout, at: usize) -> bool {
    let segment = layout.segment(at);
    let start = layout.start(segment);
    let (keyword, count) = layout.keyword(start);
    if count > 1
        && (start + 1..start + count).contains(&at)
        && (layout.get(segment).pipe.is_some() || words::find(Topic::Operator, keyword).is_some())
    {
        return true;
    }
    // `granny-asc` and other words of clauses.
    let operator = layout.operator(segment);
    [at, at + 1, at.saturating_sub(1)].iter().any(|mid| {
        let mid = *mid;
        if mid == 0 || !layout.is(mid, "-") || !(mid == at || mid + 1 == at) {
            return false;
        }
        let text = format!("{}-{}", layout.word(mid - 1), layout.word(mid + 1));
        words::clause_words(operator).contains(&text.as_str())
    })
}
