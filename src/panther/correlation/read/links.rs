//! What joins the nodes: `MatchCriteria` of a group, `Transitions` of a sequence.

use super::super::super::reading::{Reading, below};
use super::super::super::value::key_text;
use super::super::{Criterion, Form, Node};
use super::criterion;
use crate::yaml::Step;
use serde_yaml::{Mapping, Value as Yaml};

impl Reading<'_> {
    pub(super) fn group(
        &mut self,
        mapping: &Mapping,
        path: &[Step],
        nodes: &mut [Node],
    ) -> Option<Vec<Criterion>> {
        if mapping.get("MinMatchCount").is_some() {
            self.error(
                "panther-unsupported",
                &below(path, "MinMatchCount"),
                "MinMatchCount of a whole group is not supported: what it means is not published",
                "Write MinMatchCount at each rule of the group",
            );
        }
        let Some(value) = mapping.get("MatchCriteria") else {
            return Some(Vec::new());
        };
        let at = below(path, "MatchCriteria");
        let named = self.mapping(value, &at, "MatchCriteria")?;
        let mut criteria = Vec::new();
        for (name, list) in named {
            let name = key_text(name);
            let at = below(&at, name.as_str());
            let Some(items) = self.list(list, &at, "GroupID with Match") else {
                continue;
            };
            let mut one = criterion(&name, nodes.len());
            for (i, item) in items.iter().enumerate() {
                self.criterion_entry(item, &below(&at, i), nodes, &mut one);
            }
            // One node joins nothing, but its field still has to have a value.
            if items.is_empty() {
                self.error(
                    "panther-correlation",
                    &at,
                    format!("the criterion `{name}` is empty"),
                    "Name each rule by its GroupID with the field that has to match",
                );
            }
            if one
                .fields
                .iter()
                .zip(nodes.iter())
                .all(|(f, n)| f.is_empty() || n.absent)
                && !self.failed()
            {
                self.error(
                    "panther-correlation",
                    &at,
                    format!("the criterion `{name}` has no rule that has to be there"),
                    "",
                );
            }
            criteria.push(one);
        }
        Some(criteria)
    }

    fn criterion_entry(
        &mut self,
        item: &Yaml,
        path: &[Step],
        nodes: &mut [Node],
        criterion: &mut Criterion,
    ) {
        let Some(mapping) = self.mapping(item, path, "an entry of MatchCriteria") else {
            return;
        };
        self.only(mapping, &["GroupID", "Match"], path, "MatchCriteria");
        let (Some(id), Some(field)) = (mapping.get("GroupID"), mapping.get("Match")) else {
            self.error(
                "panther-missing-key",
                path,
                "an entry of MatchCriteria needs GroupID and Match",
                "",
            );
            return;
        };
        let id_at = below(path, "GroupID");
        let id = self.text(id, &id_at).map(str::to_owned);
        let field = self.field(field, &below(path, "Match"));
        let (Some(id), Some(field)) = (id, field) else {
            return;
        };
        let Some((n, node)) = self.known(&id, nodes, &id_at) else {
            return;
        };
        let place = node.field(&field);
        if let Some(fields) = criterion.fields.get_mut(n) {
            if !fields.is_empty() {
                self.error(
                    "panther-duplicate",
                    &id_at,
                    format!("`{id}` stands in this criterion twice"),
                    "",
                );
            }
            fields.push(place);
        }
    }

    pub(super) fn sequence(
        &mut self,
        mapping: &Mapping,
        path: &[Step],
        nodes: &mut [Node],
    ) -> Option<(Form, Vec<Criterion>)> {
        for (i, node) in nodes.iter().enumerate() {
            if node.max.is_some() {
                let mut at = below(&below(path, "Sequence"), i);
                at.push(Step::from("MaxMatchCount"));
                self.error(
                    "panther-unsupported",
                    &at,
                    "MaxMatchCount in a sequence is not supported: what it means is not published",
                    "A Group counts how many matches there are at most",
                );
            }
        }
        let mut gaps: Vec<Option<i64>> = vec![None; nodes.len().saturating_sub(1)];
        let mut joined = criterion("", nodes.len());
        if let Some(value) = mapping.get("Transitions") {
            let at = below(path, "Transitions");
            let items = self.list(value, &at, "transitions")?;
            let mut seen = vec![false; gaps.len()];
            for (i, item) in items.iter().enumerate() {
                self.transition(
                    item,
                    &below(&at, i),
                    nodes,
                    &mut gaps,
                    &mut seen,
                    &mut joined,
                );
            }
        }
        let mut names: Vec<&str> = Vec::new();
        for (node, fields) in nodes.iter().zip(&joined.fields) {
            for name in fields.iter().filter_map(|f| node.fields.get(*f)) {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
        joined.name = names.join(", ");
        let criteria = if names.is_empty() {
            Vec::new()
        } else {
            vec![joined]
        };
        Some((Form::Sequence(gaps), criteria))
    }

    fn transition(
        &mut self,
        item: &Yaml,
        path: &[Step],
        nodes: &mut [Node],
        gaps: &mut [Option<i64>],
        seen: &mut [bool],
        joined: &mut Criterion,
    ) -> Option<()> {
        let keys = ["ID", "From", "To", "WithinTimeFrameMinutes", "Match"];
        let mapping = self.mapping(item, path, "a transition")?;
        self.only(mapping, &keys, path, "a transition");
        let mut ends = [0, 0];
        for (end, name) in ends.iter_mut().zip(["From", "To"]) {
            let at = below(path, name);
            let Some(id) = mapping.get(name) else {
                let message = format!("{name} of the transition is missing");
                self.error("panther-missing-key", path, message, "");
                return None;
            };
            let id = self.text(id, &at)?.to_owned();
            *end = self.known(&id, nodes, &at)?.0;
        }
        let [from, to] = ends;
        if to != from + 1 {
            let (message, hint) = if to <= from {
                (
                    "the transition goes back, so the sequence would run in a circle",
                    "From is the entry of the sequence before To",
                )
            } else {
                (
                    "the transition leaves out an entry of the sequence",
                    "A transition leads from one entry to the next",
                )
            };
            self.error("panther-transition", &below(path, "To"), message, hint);
            return None;
        }
        if let Some(seen) = seen.get_mut(from) {
            if *seen {
                self.error(
                    "panther-transition",
                    path,
                    "a transition between these two stands before",
                    "Write its time frame and its Match there",
                );
                return None;
            }
            *seen = true;
        }
        let within = self.minutes(mapping, "WithinTimeFrameMinutes", path);
        let absent = |n: usize| nodes.get(n).is_some_and(|node| node.absent);
        let inner = |n: usize| absent(n) && n > 0 && n + 1 < nodes.len();
        if within.is_some() && (inner(from) || inner(to)) {
            self.error(
                "panther-unsupported",
                &below(path, "WithinTimeFrameMinutes"),
                "a time frame beside an absent rule in the middle of a sequence is not supported: what it means is not published",
                "Take it away: the absent rule has no match between its neighbours",
            );
        }
        if let Some(gap) = gaps.get_mut(from) {
            *gap = within;
        }
        let Some(value) = mapping.get("Match") else {
            return Some(());
        };
        let at = below(path, "Match");
        let items = self.list(value, &at, "fields")?;
        let [one] = items else {
            let message = format!("Match has one entry, here are {}", items.len());
            self.error(
                "panther-transition",
                &at,
                message,
                "Put values that have to match together into one field of the alert context",
            );
            return None;
        };
        let (from_field, to_field) = self.fields(one, &below(&at, 0))?;
        for (n, field) in [(from, from_field), (to, to_field)] {
            let place = nodes.get_mut(n)?.field(&field);
            let fields = joined.fields.get_mut(n)?;
            if !fields.contains(&place) {
                fields.push(place);
            }
        }
        Some(())
    }

    /// `On`, or `From` and `To`.
    fn fields(&mut self, item: &Yaml, path: &[Step]) -> Option<(String, String)> {
        let mapping = self.mapping(item, path, "an entry of Match")?;
        self.only(mapping, &["On", "From", "To"], path, "Match");
        match (mapping.get("On"), mapping.get("From"), mapping.get("To")) {
            (Some(on), None, None) => {
                let on = self.field(on, &below(path, "On"))?;
                Some((on.clone(), on))
            }
            (None, Some(from), Some(to)) => {
                let from = self.field(from, &below(path, "From"))?;
                Some((from, self.field(to, &below(path, "To"))?))
            }
            _ => {
                self.error(
                    "panther-transition",
                    path,
                    "Match has either On, or From and To",
                    "On names a field that both have; From and To name one of each",
                );
                None
            }
        }
    }

    /// The name of a field: a dotted path.
    fn field(&mut self, value: &Yaml, path: &[Step]) -> Option<String> {
        let text = self.text(value, path)?;
        if text
            .split('.')
            .any(|part| part.is_empty() || part.trim() != part)
        {
            let message = format!("`{text}` is no path to a field");
            self.error(
                "panther-key-path",
                path,
                message,
                "Write names with dots between them",
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// The node of an id, or an error with the ids there are.
    fn known<'n>(
        &mut self,
        id: &str,
        nodes: &'n mut [Node],
        path: &[Step],
    ) -> Option<(usize, &'n mut Node)> {
        if let Some(n) = nodes.iter().position(|node| node.id == id) {
            return nodes.get_mut(n).map(|node| (n, node));
        }
        let ids: Vec<&str> = nodes.iter().map(|node| node.id.as_str()).collect();
        self.error(
            "panther-unknown-id",
            path,
            format!("no entry has the ID `{id}`"),
            format!("Here are {}", ids.join(", ")),
        );
        None
    }
}
