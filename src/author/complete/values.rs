//! Values of fields.

use super::List;
use crate::author::duration::{DurationStyle, in_words};
use crate::author::layout::{NodeId, Style};
use crate::author::scalar::quoted;
use crate::author::schema::Takes;
use crate::author::{Item, ItemKind};
use crate::diagnostic::Span;
use crate::value::time::{DAY, HOUR, MINUTE};

/// Lengths of time that rules usually have.
pub const USUAL: [i64; 10] = [
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    5 * HOUR,
    12 * HOUR,
    DAY,
    7 * DAY,
    14 * DAY,
];

impl List<'_, '_> {
    /// The values that the field at a path takes.
    pub(super) fn takes_value(&mut self, keys: &[String], node: NodeId, style: Style, flow: bool) {
        let Some(field) = self.doc.field(keys) else {
            return;
        };
        match field.takes {
            Takes::One(_) | Takes::Many(_) => {
                let Some(set) = Self::set_of(field.takes) else {
                    return;
                };
                let chosen = match field.takes {
                    Takes::Many(_) => self.chosen(node),
                    _ => Vec::new(),
                };
                let choices = self.doc.choices(set, node, self.context);
                let left = choices.into_iter().filter(|c| !chosen.contains(&c.value));
                for (at, choice) in left.enumerate() {
                    let text = quoted(&choice.value, style, flow);
                    self.items.push(Item {
                        label: choice.value,
                        kind: choice.kind,
                        detail: choice.detail,
                        doc: choice.doc,
                        edit: self.edit(text),
                        stops: Vec::new(),
                        rank: at,
                    });
                }
            }
            Takes::Flag => {
                for (at, value) in ["true", "false"].into_iter().enumerate() {
                    self.push(value, ItemKind::Keyword, "", at);
                }
            }
            Takes::Duration(least, most) => {
                let style = self.doc.duration_style();
                let usual = USUAL.into_iter().filter(|t| *t >= least && *t <= most);
                for (at, ticks) in usual.enumerate() {
                    self.push(&style.write(ticks), ItemKind::Value, &in_words(ticks), at);
                }
            }
            Takes::Column => self.columns(style, flow, ""),
            Takes::Format => self.format(),
            Takes::Event => self.event_values(keys, style, flow),
            Takes::Text
            | Takes::Query
            | Takes::Whole
            | Takes::Columns
            | Takes::Map
            | Takes::List
            | Takes::Instant
            | Takes::Any => self.plain_values(keys),
        }
    }

    fn push(&mut self, value: &str, kind: ItemKind, detail: &str, rank: usize) {
        self.items.push(Item {
            label: value.to_owned(),
            kind,
            detail: detail.to_owned(),
            doc: String::new(),
            edit: self.edit(value.to_owned()),
            stops: Vec::new(),
            rank,
        });
    }

    /// What the list that a node is or belongs to holds beside what is typed.
    fn chosen(&self, node: NodeId) -> Vec<String> {
        let layout = &self.doc.layout;
        let list = match layout.node(node).kind {
            crate::author::layout::Kind::Item => layout.node(node).parent.unwrap_or(node),
            _ => node,
        };
        let items = layout.items(list).filter(|item| {
            let at = layout.scalar_span(*item).map(|(_, span)| span);
            at.is_none_or(|span| span != self.replace)
        });
        let items: Vec<NodeId> = items.collect();
        items.into_iter().map(|item| layout.scalar(item)).collect()
    }

    fn columns(&mut self, style: Style, flow: bool, behind: &str) {
        for (at, (name, ty)) in self.doc.columns(self.context).into_iter().enumerate() {
            let text = format!("{}{behind}", quoted(&name, style, flow));
            self.items.push(Item {
                label: name,
                kind: ItemKind::Column,
                detail: ty.name().to_owned(),
                doc: String::new(),
                edit: self.edit(text),
                stops: Vec::new(),
                rank: at,
            });
        }
    }

    /// Columns between the braces of a format, or with their braces where none are open.
    fn format(&mut self) {
        let layout = &self.doc.layout;
        let line = layout.line(self.offset);
        let before = layout.slice(Span::new(line.start, self.offset));
        let after = layout.slice(Span::new(self.offset, line.end));
        let open = before.rfind("{{").filter(|at| {
            let inner = before.get(at + 2..).unwrap_or("");
            !inner.contains(['}', '{'])
        });
        if let Some(open) = open {
            let inner = before.get(open + 2..).unwrap_or("");
            let start = line.start + open + 2 + (inner.len() - inner.trim_start().len());
            let word = after
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(after.len());
            let rest = after.get(word..).unwrap_or("");
            let closed = rest.trim_start().starts_with("}}");
            self.replace = Span::new(start, self.offset + word);
            self.columns(Style::Single, false, if closed { "" } else { "}}" });
            return;
        }
        if before.ends_with(|c: char| c.is_alphanumeric()) {
            return;
        }
        // One brace is there.
        let brace = before.ends_with('{');
        self.replace = Span::new(self.offset - usize::from(brace), self.offset);
        for (at, (name, ty)) in self.doc.columns(self.context).into_iter().enumerate() {
            let text = format!("{{{{{name}}}}}");
            self.items.push(Item {
                label: text.clone(),
                kind: ItemKind::Column,
                detail: ty.name().to_owned(),
                doc: String::new(),
                edit: self.edit(text),
                stops: Vec::new(),
                rank: at,
            });
        }
    }

    /// Values that loaded events have at a place of an event.
    fn event_values(&mut self, keys: &[String], style: Style, flow: bool) {
        let Some((last, above)) = keys.split_last() else {
            return;
        };
        let inside: Vec<String> = above.iter().skip(2).cloned().collect();
        for log_type in self.doc.own_log_types(self.context) {
            for event in self.context.events.paths(&log_type).iter() {
                if event.below(&inside) != Some(last) {
                    continue;
                }
                let is_text = event.kind == "string";
                for (at, sample) in event.samples.iter().enumerate() {
                    let text = match is_text {
                        true => quoted(sample, style, flow),
                        false => sample.clone(),
                    };
                    let known = self.items.iter().any(|item| item.label == *sample);
                    if !known {
                        self.items.push(Item {
                            label: sample.clone(),
                            kind: ItemKind::Value,
                            detail: event.kind.to_owned(),
                            doc: String::new(),
                            edit: self.edit(text),
                            stops: Vec::new(),
                            rank: at,
                        });
                    }
                }
            }
        }
    }

    /// Values that texts and numbers usually have.
    fn plain_values(&mut self, keys: &[String]) {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        match keys.as_slice() {
            ["id"] if !self.context.new_id.is_empty() => {
                let id = self.context.new_id;
                self.push(id, ItemKind::Value, "a new GUID", 0);
            }
            ["version"] => self.push("1.0.0", ItemKind::Value, "the first version", 0),
            ["triggerThreshold"] => self.push("0", ItemKind::Value, "any row, with gt", 0),
            ["DedupPeriodMinutes"] => {
                for (at, minutes) in ["15", "60", "180", "720", "1440"].into_iter().enumerate() {
                    self.push(minutes, ItemKind::Value, "minutes", at);
                }
            }
            ["Threshold"] => self.push("1", ItemKind::Value, "every match", 0),
            ["requiredDataConnectors", "connectorId"] => {}
            _ => {}
        }
    }
}

impl crate::author::document::Doc<'_> {
    /// How the document writes durations: as its first one, else short.
    pub fn duration_style(&self) -> DurationStyle {
        let layout = &self.layout;
        let paths: [&[&str]; 4] = [
            &["queryFrequency"],
            &["queryPeriod"],
            &["suppressionDuration"],
            &[
                "incidentConfiguration",
                "groupingConfiguration",
                "lookbackDuration",
            ],
        ];
        let texts = paths
            .iter()
            .filter_map(|path| layout.find(path))
            .map(|id| layout.scalar(id));
        let styles = texts.filter_map(|text| DurationStyle::of(&text));
        styles.into_iter().next().unwrap_or_default()
    }
}
