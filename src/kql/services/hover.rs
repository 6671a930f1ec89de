//! Hover: what stands under the pointer, in plain words.

use super::literals;
use super::origin::Origin;
use super::resolve::What;
use super::signature::function_signature;
use super::values::Values;
use super::view::View;
use super::words;
use crate::diagnostic::{LineIndex, Span};
use crate::kql::Catalog;
use crate::kql::bind::trace::{Definition, Given, How, Rows};
use crate::kql::operators::docs::Doc;
use crate::kql::syntax::lexer::Kind;
use crate::value::{Type, Value};

/// What a hover says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    /// A signature, or name and type.
    pub title: String,
    /// One to three sentences; may be empty.
    pub doc: String,
    /// More lines: an example, where a column was made, values, columns.
    pub lines: Vec<String>,
}

/// Most columns that are listed.
const COLUMNS: usize = 40;
/// Most values that are listed.
const VALUES: usize = 8;

/// What stands at a position.
pub fn hover(
    text: &str,
    position: usize,
    catalog: &dyn Catalog,
    values: &dyn Values,
) -> Option<Hover> {
    let view = View::new(text, catalog);
    let token = view.layout.token_at(position)?;
    if let Some(hover) = view.literal(token) {
        return Some(hover);
    }
    let (what, span) = view.what(token)?;
    let mut hover = match what {
        What::Operator(doc)
        | What::Statement(doc)
        | What::JoinKind(doc)
        | What::Scalar(doc)
        | What::Plugin(doc) => of_doc(doc?),
        What::Special(doc) => of_doc(doc?),
        What::Function(function) => Hover {
            title: function.signature.to_owned(),
            doc: function.doc.to_owned(),
            ..Hover::default()
        },
        What::Aggregate(aggregate) => Hover {
            title: aggregate.signature.to_owned(),
            doc: aggregate.doc.to_owned(),
            ..Hover::default()
        },
        What::Type => {
            let word = view.layout.word(token);
            Hover {
                title: format!("type {word}"),
                doc: words::type_doc(word).to_owned(),
                ..Hover::default()
            }
        }
        What::Column(ty) => view.column_hover(token, ty, values),
        What::Property => view.property_hover(token, values)?,
        What::Table => {
            let (name, _) = view.layout.name_at(token)?;
            let rows = view.table(&name)?;
            Hover {
                title: format!("table {name}"),
                lines: columns(&rows),
                ..Hover::default()
            }
        }
        What::Defined(definition) => view.definition_hover(definition),
        What::Keyword | What::Chart | What::Constant | What::Unknown => return None,
    };
    hover.span = span;
    Some(hover)
}

fn of_doc(doc: &Doc) -> Hover {
    let mut lines = Vec::new();
    if !doc.example.is_empty() {
        lines.push(format!("Example: {}", doc.example));
    }
    if let [_, others @ ..] = doc.names
        && !others.is_empty()
    {
        lines.push(format!("Also written {}", others.join(", ")));
    }
    Hover {
        title: doc.signature.to_owned(),
        doc: doc.doc.to_owned(),
        lines,
        ..Hover::default()
    }
}

/// The columns of a table, one a line.
fn columns(rows: &Rows) -> Vec<String> {
    let mut lines: Vec<String> = rows
        .schema
        .iter()
        .take(COLUMNS)
        .map(|(name, ty)| format!("{name}: {ty}"))
        .collect();
    match rows.schema.len().saturating_sub(COLUMNS) {
        0 => {}
        more => lines.push(format!("and {more} more")),
    }
    if rows.open {
        lines.push("and columns that are only known when it runs".to_owned());
    }
    lines
}

fn shown(values: &[Value]) -> String {
    let texts = values.iter().map(|v| match v {
        Value::String(s) => format!("\"{}\"", shortened(s)),
        other => shortened(&other.display()),
    });
    texts.collect::<Vec<_>>().join(", ")
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST - 1).collect();
    format!("{kept}…")
}

impl View<'_> {
    /// A literal of time at a token, read out.
    fn literal(&self, token: usize) -> Option<Hover> {
        let layout = &self.layout;
        if *layout.kind(token) == Kind::TimeSpan {
            let text = layout.slice(token);
            let reading = literals::reading(Type::TimeSpan, text)?;
            return Some(Hover {
                span: layout.span(token),
                title: format!("timespan {text}"),
                doc: reading,
                lines: Vec::new(),
            });
        }
        let Kind::Typed(ty) = layout.kind(token) else {
            return None;
        };
        let text = layout.slice(token);
        let inner = text.split_once('(').map_or("", |(_, inner)| inner);
        let reading = literals::reading(*ty, inner.strip_suffix(')').unwrap_or(inner));
        let word = text.split('(').next().unwrap_or("").trim();
        Some(Hover {
            span: layout.span(token),
            title: text.to_owned(),
            doc: reading.unwrap_or_else(|| words::type_doc(word).to_owned()),
            lines: Vec::new(),
        })
    }

    /// Where the column at a token comes from.
    pub fn column_origin(&self, token: usize) -> Origin {
        let layout = &self.layout;
        let Some((name, _)) = layout.name_at(token) else {
            return Origin::default();
        };
        let segment = layout.segment(token);
        // `X = …` gives a new value: that is where it is made.
        let last = if layout.is(token, "[") {
            token + 2
        } else {
            token
        };
        let side = token.checked_sub(2).map(|s| layout.word(s));
        if layout.is(last + 1, "=") || layout.is(last + 1, ":") {
            return self.origin_after(segment, &name, Vec::new());
        }
        let Some((rows, owner)) = self.columns(segment) else {
            return Origin::default();
        };
        let left = rows.schema.iter().any(|(n, _)| *n == name);
        if side == Some("$right") || !left {
            let inside = layout
                .level(owner)
                .into_iter()
                .find(|t| layout.is(*t, "(") && !layout.is(t.saturating_sub(1), "="));
            if let Some(inside) = inside.and_then(|t| layout.first_inside(t)) {
                return self.origin_after(layout.last_of_chain(inside), &name, Vec::new());
            }
            return self.origin_after(owner, &name, Vec::new());
        }
        self.origin(owner, &name)
    }

    fn column_hover(&self, token: usize, ty: Option<Type>, values: &dyn Values) -> Hover {
        let name = self
            .layout
            .name_at(token)
            .map(|(n, _)| n)
            .unwrap_or_default();
        let origin = self.column_origin(token);
        let mut lines = Vec::new();
        if let Some(at) = origin.at {
            let index = LineIndex::new(self.layout.text);
            let line = index.position(at.start).line;
            let stage = origin.stage.and_then(|s| self.first_line(s));
            lines.push(match stage {
                Some(stage) => format!("Made on line {line}: {stage}"),
                None => format!("Made on line {line}"),
            });
        }
        if let Some(source) = &origin.source {
            let path: String = source
                .path
                .iter()
                .map(|p| {
                    if p == "[]" {
                        p.clone()
                    } else {
                        format!(".{p}")
                    }
                })
                .collect();
            lines.push(format!("From {}.{}{path}", source.table, source.column));
            let seen = values.values(source, VALUES);
            if !seen.is_empty() {
                lines.push(format!("Values seen: {}", shown(&seen)));
            }
        }
        Hover {
            title: match ty {
                Some(ty) => format!("column {name}: {ty}"),
                None => format!("column {name}"),
            },
            lines,
            ..Hover::default()
        }
    }

    fn first_line(&self, span: Span) -> Option<String> {
        let text = self.layout.text.get(span.start..span.end)?;
        let line = text.lines().next()?.trim();
        (!line.is_empty()).then(|| shortened(line))
    }

    /// The column that a property at a token belongs to, with the path to it, the property included.
    pub fn path_to(&self, token: usize) -> Option<(usize, Vec<String>)> {
        let layout = &self.layout;
        let mut path = Vec::new();
        let mut at = token;
        for _ in 0..64 {
            let (name, span) = layout.name_at(at)?;
            let first = layout.tokens.partition_point(|t| t.span.start < span.start);
            if first > 0 && layout.is(first - 1, ".") {
                path.push(name);
                at = self.before_dot(first - 1, &mut path)?;
                continue;
            }
            path.reverse();
            return Some((first, path));
        }
        None
    }

    /// The name before a dot, over indexes such as `[0]` and `["key"]`.
    pub fn before_dot(&self, dot: usize, path: &mut Vec<String>) -> Option<usize> {
        let layout = &self.layout;
        let mut before = dot.checked_sub(1)?;
        while layout.is(before, "]") {
            let open = layout.partner.get(before).copied().flatten()?;
            if !layout.indexes(open) {
                return Some(before);
            }
            match layout.kind(open + 1) {
                Kind::Text(key) if open + 2 == before => path.push(key.clone()),
                _ => path.push("[]".to_owned()),
            }
            before = open.checked_sub(1)?;
        }
        // `parse_json(Column).key`
        if layout.is(before, ")") {
            let open = layout.partner.get(before).copied().flatten()?;
            let word = layout.word(open.checked_sub(1)?);
            let single = open + 2 == before && matches!(word, "parse_json" | "todynamic");
            return single.then_some(open + 1);
        }
        Some(before)
    }

    fn property_hover(&self, token: usize, values: &dyn Values) -> Option<Hover> {
        let (base, path) = self.path_to(token)?;
        let name = path.last()?.clone();
        let mut lines = Vec::new();
        if let Some(source) = self.column_origin(base).source {
            let mut source = source;
            source.path.extend(path);
            let seen = values.values(&source, VALUES);
            if !seen.is_empty() {
                lines.push(format!("Values seen: {}", shown(&seen)));
            }
            let keys = values.keys(&source, 20);
            if !keys.is_empty() {
                let keys: Vec<String> = keys.iter().map(|(k, t)| format!("{k}: {t}")).collect();
                lines.push(format!("Properties seen: {}", keys.join(", ")));
            }
        }
        Some(Hover {
            title: format!("property {name}: dynamic"),
            lines,
            ..Hover::default()
        })
    }

    fn definition_hover(&self, definition: &Definition) -> Hover {
        let name = &definition.name;
        let what = match definition.how {
            How::Let => "let",
            How::Parameter => "parameter",
            How::As => "as",
        };
        let index = LineIndex::new(self.layout.text);
        let line = index.position(definition.at.start).line;
        let mut hover = Hover {
            title: format!("{what} {name}"),
            lines: vec![format!("Defined on line {line}")],
            ..Hover::default()
        };
        match &definition.given {
            Given::Scalar(ty) => hover.title = format!("{what} {name}: {ty}"),
            Given::Table(rows) => {
                hover.title = format!("{what} {name}: table");
                hover.lines.extend(columns(rows));
            }
            Given::Function(function) => {
                hover.title = format!("{what} {}", function_signature(name, function));
            }
            Given::Unknown => {}
        }
        // A short value says more than its type.
        if definition.how == How::Let && matches!(definition.given, Given::Scalar(_)) {
            let layout = &self.layout;
            let token = layout
                .tokens
                .partition_point(|t| t.span.start < definition.at.start);
            let segment = layout.segment(token);
            let end = layout.get(segment).end;
            let start = layout.start(segment);
            if layout.start(segment) > token && end > start {
                let span = layout.span(start).to(layout.span(end - 1));
                if let Some(value) = self.first_line(span) {
                    hover.lines.push(format!("= {value}"));
                }
            }
        }
        hover
    }
}
