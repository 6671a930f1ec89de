//! A document as all questions see it: what kind it is, its entries, its query.

use super::layout::{Layout, NodeId};
use super::scalar::Scalar;
use super::{Context, Source};
use crate::kql;
use crate::value::Type;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A rule of Microsoft Sentinel.
    Sentinel,
    /// The cases of one.
    Cases,
    /// A document of Panther.
    Panther,
    /// A Python body or module.
    Python,
    /// A query by itself.
    Query,
    /// Something else.
    Other,
}

impl Kind {
    /// What a text of a file is; an empty one by its name.
    pub fn of(source: &Source<'_>) -> Self {
        let name = source.path.file_name().and_then(|n| n.to_str());
        let name = name.unwrap_or("").to_ascii_lowercase();
        let has = |key: &str| {
            let lines = source.text.trim_start_matches('\u{feff}').lines();
            lines.take(2000).any(|line| {
                line.strip_prefix(key)
                    .is_some_and(|rest| rest.trim_start().starts_with(':'))
            })
        };
        match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "py" => Kind::Python,
            "kql" | "csl" => Kind::Query,
            "yml" | "yaml" | "" => {
                if name.ends_with(".cases.yaml") || name.ends_with(".cases.yml") {
                    Kind::Cases
                } else if has("AnalysisType") {
                    Kind::Panther
                } else if [
                    "query",
                    "severity",
                    "queryFrequency",
                    "entityMappings",
                    "kind",
                    "id",
                ]
                .iter()
                .any(|k| has(k))
                {
                    Kind::Sentinel
                } else if ["RuleID", "LogTypes", "Filename", "Severity", "Tests"]
                    .iter()
                    .any(|k| has(k))
                {
                    Kind::Panther
                } else if has("cases") {
                    Kind::Cases
                } else if name.ends_with(".yaml") {
                    Kind::Sentinel
                } else {
                    Kind::Panther
                }
            }
            _ => Kind::Other,
        }
    }
}

/// A YAML document.
pub struct Doc<'a> {
    /// The question's text and path.
    pub source: Source<'a>,
    /// What it is.
    pub kind: Kind,
    /// Its entries.
    pub layout: Layout<'a>,
    /// `AnalysisType`; `rule` where it says nothing.
    pub analysis: String,
    /// Whether it has a `BaseDetection`.
    pub is_derived: bool,
}

impl<'a> Doc<'a> {
    /// Reads a document.
    pub fn new(source: &Source<'a>) -> Self {
        let layout = Layout::new(source.text);
        let text = |key: &str| layout.find(&[key]).map(|id| layout.scalar(id));
        let analysis = text("AnalysisType").filter(|t| !t.is_empty());
        Self {
            source: *source,
            kind: Kind::of(source),
            analysis: analysis.unwrap_or_else(|| "rule".to_owned()),
            is_derived: text("BaseDetection").is_some(),
            layout,
        }
    }

    /// The query of a Sentinel rule: its entry and its text.
    pub fn query(&self) -> Option<(NodeId, Scalar)> {
        if self.kind != Kind::Sentinel {
            return None;
        }
        let id = self.layout.find(&["query"])?;
        Some((id, Scalar::of(&self.layout, id)?))
    }

    /// The query and the place in it, where a place of the document lies in it.
    pub fn in_query(&self, offset: usize) -> Option<(Scalar, usize)> {
        let (_, scalar) = self.query()?;
        let inside = scalar.span.start <= offset && offset <= scalar.span.end;
        let at = inside.then(|| scalar.to_value(offset)).flatten()?;
        let at = at.min(scalar.value.len());
        Some((scalar, at))
    }

    /// The columns of the query's result.
    pub fn columns(&self, context: &Context<'_>) -> Vec<(String, Type)> {
        match self.query() {
            Some((_, query)) => kql::check(&query.value, context.catalog).columns,
            None => Vec::new(),
        }
    }

    /// The texts of a list, by its keys.
    pub fn texts(&self, path: &[&str]) -> Vec<String> {
        let id = self.layout.find(path);
        id.map(|id| self.layout.texts(id)).unwrap_or_default()
    }
}
