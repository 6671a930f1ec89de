//! One line at a time through syntect's parser: scopes become [`Kind`]s.

use super::{Kind, Language, Run};
use std::sync::LazyLock;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

/// Longer lines stay plain: nobody reads them, and a grammar could take long over them.
const LONGEST_LINE: usize = 2_000;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(|| {
    syntect::dumps::from_binary(include_bytes!(concat!(
        env!("OUT_DIR"),
        "/syntaxes.packdump"
    )))
});

/// The state between two lines of one language.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Lexer {
    parse: ParseState,
    scopes: ScopeStack,
}

impl Lexer {
    /// The state at the start of a text; none for a language without a grammar.
    pub fn new(language: Language) -> Option<Self> {
        let name = match language {
            Language::Plain => return None,
            Language::Yaml => "YAML",
            Language::Kql => "KQL",
            Language::Python => "Python",
            Language::Json => "JSON",
        };
        let syntax = SYNTAXES.find_syntax_by_name(name)?;
        Some(Self {
            parse: ParseState::new(syntax),
            scopes: ScopeStack::new(),
        })
    }

    /// Lexes a line (with its line end, if it has one) and moves on to the next.
    /// The runs cover the whole line.
    pub fn line(&mut self, line: &str) -> Vec<Run> {
        if line.len() > LONGEST_LINE {
            return plain(line);
        }
        // The grammars want a line end on every line, also on the last.
        let owned;
        let fed = if line.ends_with('\n') {
            line
        } else {
            owned = format!("{line}\n");
            &owned
        };
        let before = self.parse.clone();
        let Ok(operations) = self.parse.parse_line(fed, &SYNTAXES) else {
            self.parse = before;
            return plain(line);
        };
        let mut runs = Runs::default();
        let mut at = 0;
        for (to, operation) in &operations {
            let to = (*to).min(line.len());
            if to > at {
                let kind = match kind(&self.scopes) {
                    // An address or a version: the grammar of YAML takes it for a number, its readers do not.
                    Kind::Constant if dots(line.get(at..to)) > 1 => Kind::Text,
                    kind => kind,
                };
                runs.push(to - at, kind);
                at = to;
            }
            if self.scopes.apply(operation).is_err() {
                break;
            }
        }
        if at < line.len() {
            runs.push(line.len() - at, kind(&self.scopes));
        }
        runs.0
    }
}

fn dots(text: Option<&str>) -> usize {
    text.map_or(0, |text| text.matches('.').count())
}

/// A line without colours.
pub(super) fn plain(line: &str) -> Vec<Run> {
    if line.is_empty() {
        return Vec::new();
    }
    vec![Run {
        len: line.len(),
        kind: Kind::Text,
    }]
}

/// Runs with neighbours of one kind joined.
#[derive(Default)]
struct Runs(Vec<Run>);

impl Runs {
    fn push(&mut self, len: usize, kind: Kind) {
        match self.0.last_mut() {
            Some(last) if last.kind == kind => last.len += len,
            _ => self.0.push(Run { len, kind }),
        }
    }
}

/// Scopes by prefix; the first line that fits the innermost fitting scope wins.
static KINDS: LazyLock<Vec<(Scope, Kind)>> = LazyLock::new(|| {
    [
        ("comment", Kind::Comment),
        ("punctuation.definition.comment", Kind::Comment),
        ("punctuation.definition.string", Kind::String),
        ("constant.character.escape", Kind::Escape),
        ("constant", Kind::Constant),
        ("string.unquoted", Kind::Text),
        ("string", Kind::String),
        ("entity.name.tag", Kind::Key),
        ("entity.name.function.decorator", Kind::Function),
        ("entity.name.function", Kind::Function),
        ("support.function", Kind::Function),
        ("variable.function", Kind::Function),
        ("entity.name", Kind::Type),
        ("entity.other.inherited-class", Kind::Type),
        ("support.type", Kind::Type),
        ("storage.type.kql", Kind::Type),
        ("storage", Kind::Keyword),
        ("keyword.operator.word", Kind::Keyword),
        ("keyword.operator.logical.python", Kind::Keyword),
        ("keyword.operator", Kind::Operator),
        ("keyword", Kind::Keyword),
        ("variable.language", Kind::Constant),
        ("variable.other.definition", Kind::Definition),
        ("variable", Kind::Text),
        ("invalid.illegal", Kind::Invalid),
        ("punctuation", Kind::Punctuation),
    ]
    .into_iter()
    .filter_map(|(name, kind)| Some((Scope::new(name).ok()?, kind)))
    .collect()
});

static JSON_KEY: LazyLock<Option<Scope>> =
    LazyLock::new(|| Scope::new("meta.structure.dictionary.key.json").ok());
static JSON_VALUE: LazyLock<Option<Scope>> =
    LazyLock::new(|| Scope::new("meta.structure.dictionary.value.json").ok());

fn kind(scopes: &ScopeStack) -> Kind {
    let is = |prefix: &LazyLock<Option<Scope>>, scope: &Scope| {
        prefix.as_ref().is_some_and(|p| p.is_prefix_of(*scope))
    };
    for scope in scopes.as_slice().iter().rev() {
        if is(&JSON_VALUE, scope) {
            break;
        }
        if is(&JSON_KEY, scope) {
            return Kind::Key;
        }
    }
    scopes
        .as_slice()
        .iter()
        .rev()
        .find_map(|scope| {
            KINDS
                .iter()
                .find(|(prefix, _)| prefix.is_prefix_of(*scope))
                .map(|(_, kind)| *kind)
        })
        .unwrap_or(Kind::Text)
}
