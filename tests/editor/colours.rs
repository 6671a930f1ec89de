//! Colours: what is lexed anew after an edit, and what it is lexed as.

use super::common::RULE;
use rulewright::workbench::highlight::{HighlightCache, Kind, Language};

#[test]
fn an_edit_lexes_only_what_changed() {
    let mut text = RULE.repeat(100);
    let lines = text.lines().count() as u64;
    assert_eq!(lines, 3_000);
    let mut cache = HighlightCache::default();
    assert!(cache.update(&text, Language::Yaml, None));
    let lexed = cache.lexed_lines();
    assert_eq!(
        lexed,
        lines + 1,
        "every line once, and the empty one at the end"
    );

    let at = text[text.len() / 2..].find("TimeGenerated").unwrap() + text.len() / 2;
    assert_eq!(cache.kind_at(text.find("where").unwrap()), Kind::Keyword);
    text.insert(at, 'x');
    assert!(cache.update(&text, Language::Yaml, None));
    assert_eq!(cache.lexed_lines() - lexed, 1);

    // A block that ends early: all lines until the states meet again, and no more.
    let lexed = cache.lexed_lines();
    let query = text[..at].rfind("query: |").unwrap();
    text.replace_range(query..query + 8, "query: x");
    assert!(cache.update(&text, Language::Yaml, None));
    let more = cache.lexed_lines() - lexed;
    assert!((10..40).contains(&more), "{more} lines");

    // The same as from scratch.
    let mut fresh = HighlightCache::default();
    fresh.update(&text, Language::Yaml, None);
    assert!(cache.runs().eq(fresh.runs()));
}

#[test]
fn random_edits_lex_as_from_scratch() {
    // A small generator of numbers (xorshift): the same edits on every run.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    let pieces = [
        "\n",
        "query: |\n",
        "  x: \"",
        "'",
        "# c\n",
        "a: b\n",
        "  | where é\n",
        "\"\"\"",
        " ",
    ];
    let mut text = RULE.to_owned();
    let mut cache = HighlightCache::default();
    for step in 0..300 {
        let boundary = |at: usize| (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap();
        let from = boundary(next(text.len() + 1));
        let to = boundary((from + next(12)).min(text.len())).max(from);
        text.replace_range(from..to, pieces[next(pieces.len())]);
        // Some edits come while the one before is not lexed to its end.
        let budget = (step % 3 == 0).then_some(std::time::Duration::ZERO);
        cache.update(&text, Language::Yaml, budget);
        if budget.is_none() {
            let mut fresh = HighlightCache::default();
            fresh.update(&text, Language::Yaml, None);
            assert!(cache.runs().eq(fresh.runs()), "step {step}");
            let covered: usize = cache.runs().flatten().map(|run| run.len).sum();
            assert_eq!(covered, text.len());
        }
    }
}

#[test]
fn colours_of_the_languages() {
    let kinds = |text: &str, language: Language, expected: &[(&str, Kind)]| {
        let mut cache = HighlightCache::default();
        cache.update(text, language, None);
        for (part, kind) in expected {
            let at = text.find(part).unwrap();
            assert_eq!(cache.kind_at(at), *kind, "{part:?} in {language:?}");
        }
    };
    kinds(
        RULE,
        Language::Yaml,
        &[
            ("# Joins", Kind::Comment),
            ("severity", Kind::Key),
            ("High", Kind::Text),
            ("Privileged change, then", Kind::String),
            ("true", Kind::Constant),
            ("// Who", Kind::Comment),
            ("let window", Kind::Keyword),
            ("1d;", Kind::Constant),
            ("where Time", Kind::Keyword),
            ("has_any", Kind::Keyword),
            ("\"role\"", Kind::String),
            ("tolower", Kind::Function),
            ("OpenAIAuditLogs", Kind::Text),
            ("ChangeTime = ", Kind::Definition),
            ("join kind", Kind::Keyword),
            ("$left", Kind::Constant),
            ("between", Kind::Keyword),
            ("order by", Kind::Keyword),
            ("desc\n", Kind::Keyword),
            ("entityMappings", Kind::Key),
            ("version", Kind::Key),
        ],
    );
    kinds(
        "import re\n\n\ndef rule(event):\n    # why\n    return event.get(\"type\") in (1, None)\n",
        Language::Python,
        &[
            ("import", Kind::Keyword),
            ("def", Kind::Keyword),
            ("rule", Kind::Function),
            ("# why", Kind::Comment),
            ("return", Kind::Keyword),
            ("\"type\"", Kind::String),
            ("None", Kind::Constant),
        ],
    );
    kinds(
        "{\"a\": \"b\", \"c\": 1}\n",
        Language::Json,
        &[
            ("\"a\"", Kind::Key),
            ("\"b\"", Kind::String),
            ("1", Kind::Constant),
        ],
    );
    let long = format!("a: \"{}\"\nb: 1\n", "x".repeat(5_000));
    kinds(
        &long,
        Language::Yaml,
        &[("\"xx", Kind::Text), ("b:", Kind::Key)],
    );
}
