//! The values of a set at a place.

use super::document::Doc;
use super::layout::{Kind as NodeKind, NodeId};
use super::python::outline::names_of_module;
use super::schema::Set;
use super::{Context, ItemKind};
use crate::panther::documents::Analysis;
use crate::panther::documents::keys::SEVERITIES;
use crate::panther::simple::condition_names;
use crate::sentinel::{attack, entities};

/// A value that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As it is written.
    pub value: String,
    /// A few words beside it.
    pub detail: String,
    /// What it means; may be empty.
    pub doc: String,
    /// What it is.
    pub kind: ItemKind,
}

impl Choice {
    /// A choice with what it means.
    pub fn new(value: &str, detail: &str, doc: &str) -> Self {
        Self {
            value: value.to_owned(),
            detail: detail.to_owned(),
            doc: doc.to_owned(),
            kind: ItemKind::Choice,
        }
    }

    fn of(kind: ItemKind, value: &str, detail: &str, doc: &str) -> Self {
        Self {
            kind,
            ..Self::new(value, detail, doc)
        }
    }
}

/// Most values of a set.
const MOST: usize = 2000;

impl Doc<'_> {
    /// The values of a set for an entry or item, the likeliest first.
    pub fn choices(&self, set: Set, node: NodeId, context: &Context<'_>) -> Vec<Choice> {
        match set {
            Set::Fixed(list) => list
                .iter()
                .map(|c| Choice::new(c.name, "", c.doc))
                .collect(),
            Set::Names(list) => list.iter().map(|name| Choice::new(name, "", "")).collect(),
            Set::Analyses => Analysis::ALL
                .iter()
                .map(|a| Choice::new(a.name(), "", ""))
                .collect(),
            Set::Severities => SEVERITIES
                .iter()
                .map(|(name, doc)| Choice::new(name, "", doc))
                .collect(),
            Set::Tactics => attack::TACTICS
                .iter()
                .map(|t| Choice::new(t.name, t.id, t.doc))
                .collect(),
            Set::Techniques => self.techniques(),
            Set::EntityTypes => entities::ENTITY_TYPES.iter().map(entity).collect(),
            Set::MappedTypes => self.mapped_types(),
            Set::Identifiers => self.identifiers(node),
            Set::DetailKeys => self.detail_keys(),
            Set::Tables => context
                .catalog
                .table_names()
                .iter()
                .map(|name| Choice::of(ItemKind::Table, name, "table", ""))
                .collect(),
            Set::LogTypes => self.log_types(context),
            Set::Rules | Set::Documents | Set::Queries => {
                let documents = context.around.documents().iter();
                let wanted = documents.filter(|d| {
                    let own = d.path == self.source.path;
                    let kind = Analysis::of(&d.analysis);
                    let fits = match set {
                        Set::Rules => {
                            kind.is_some_and(|k| k.is_detection() && k != Analysis::CorrelationRule)
                        }
                        Set::Queries => {
                            matches!(kind, Some(Analysis::ScheduledQuery | Analysis::SavedQuery))
                        }
                        _ => !d.analysis.is_empty(),
                    };
                    fits && !own && !d.id.is_empty()
                });
                wanted
                    .take(MOST)
                    .map(|d| Choice::of(ItemKind::Document, &d.id, &d.analysis, &d.name))
                    .collect()
            }
            Set::Bodies => self.bodies(context),
            Set::Conditions => condition_names()
                .map(|name| Choice::new(name, "", ""))
                .collect(),
            Set::EventPaths => self.event_paths(context),
            Set::Mitre => mitre(),
            Set::BodyNames => match self.body(context) {
                Some(text) => names_of_module(text)
                    .iter()
                    .map(|name| Choice::of(ItemKind::Variable, name, "", ""))
                    .collect(),
                None => Vec::new(),
            },
            Set::Nodes => self.nodes(),
            Set::Free => Vec::new(),
        }
    }

    /// The text of the Python file that the document names.
    pub fn body<'c>(&self, context: &Context<'c>) -> Option<&'c str> {
        let id = self.layout.find(&["Filename"])?;
        let folder = self.source.path.parent()?;
        context.around.text(&folder.join(self.layout.scalar(id)))
    }

    fn techniques(&self) -> Vec<Choice> {
        let tactics = self.texts(&["tactics"]);
        let of = |tactics: &[String], t: &attack::Technique| {
            t.tactics.iter().any(|x| tactics.iter().any(|y| x == y))
        };
        let mut list: Vec<&attack::Technique> = attack::TECHNIQUES.iter().collect();
        list.sort_by_key(|t| !of(&tactics, t));
        let made = list
            .into_iter()
            .filter(|t| tactics.is_empty() || of(&tactics, t));
        made.map(|t| {
            Choice::new(
                t.id,
                t.name,
                &format!("{}. Serves {}.", t.name, t.tactics.join(", ")),
            )
        })
        .collect()
    }

    fn mapped_types(&self) -> Vec<Choice> {
        let Some(list) = self.layout.find(&["entityMappings"]) else {
            return Vec::new();
        };
        let mut found: Vec<Choice> = Vec::new();
        for item in self.layout.items(list) {
            let Some(entry) = self.layout.entry(item, "entityType") else {
                continue;
            };
            let name = self.layout.scalar(entry);
            if !name.is_empty() && found.iter().all(|c| c.value != name) {
                found.push(Choice::new(&name, "mapped here", ""));
            }
        }
        found
    }

    /// The identifiers of the entity type that the mapping round a node names, less those it has.
    fn identifiers(&self, node: NodeId) -> Vec<Choice> {
        let layout = &self.layout;
        let mut at = Some(node);
        let mut found = None;
        while let Some(id) = at {
            if let Some(entry) = layout.entry(id, "entityType") {
                found = entities::entity_type(&layout.scalar(entry)).map(|kind| (kind, id));
                break;
            }
            at = layout.node(id).parent;
        }
        let Some((kind, mapping)) = found else {
            return Vec::new();
        };
        let list = layout.entry(mapping, "fieldMappings");
        let taken: Vec<String> = list
            .into_iter()
            .flat_map(|list| layout.items(list).collect::<Vec<_>>())
            .filter_map(|item| layout.entry(item, "identifier"))
            .filter(|entry| *entry != node)
            .map(|entry| layout.scalar(entry))
            .collect();
        let strong = |name: &str| kind.required.iter().any(|set| set.contains(&name));
        let mut names: Vec<&str> = kind.identifiers.to_vec();
        names.sort_by_key(|name| !strong(name));
        let made = names
            .into_iter()
            .filter(|name| taken.iter().all(|t| t != name));
        made.map(|name| {
            let detail = if strong(name) {
                "identifies"
            } else {
                "describes"
            };
            let doc = match strong(name) {
                true => format!(
                    "Makes the entity of type {} by itself or with others.",
                    kind.name
                ),
                false => format!(
                    "Says more about the entity of type {}; another identifier has to make it.",
                    kind.name
                ),
            };
            Choice::new(name, detail, &doc)
        })
        .collect()
    }

    fn detail_keys(&self) -> Vec<Choice> {
        let Some(details) = self.layout.find(&["customDetails"]) else {
            return Vec::new();
        };
        let children = self.layout.node(details).children.iter();
        let keys = children.filter_map(|child| self.layout.key(*child));
        keys.map(|key| Choice::new(key, "custom detail", ""))
            .collect()
    }

    fn log_types(&self, context: &Context<'_>) -> Vec<Choice> {
        let mut found: Vec<Choice> = Vec::new();
        for name in context.events.log_types() {
            found.push(Choice::new(
                &name,
                "loaded",
                "Events of this type are loaded.",
            ));
        }
        for document in context.around.documents() {
            for name in &document.log_types {
                if !name.is_empty() && found.len() < MOST && found.iter().all(|c| c.value != *name)
                {
                    found.push(Choice::new(name, "used by another rule", ""));
                }
            }
        }
        found
    }

    fn bodies(&self, context: &Context<'_>) -> Vec<Choice> {
        let Some(folder) = self.source.path.parent() else {
            return Vec::new();
        };
        let stem = self
            .source
            .path
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or("");
        let mut names: Vec<String> = context.around.modules_in(folder);
        names.sort_by_key(|name| name.strip_suffix(".py") != Some(stem));
        let made = names
            .iter()
            .map(|name| Choice::of(ItemKind::Module, name, "Python", ""));
        made.collect()
    }

    /// The log types that the document is asked about, or all that are loaded.
    pub fn own_log_types(&self, context: &Context<'_>) -> Vec<String> {
        let own = self.texts(&["LogTypes"]);
        match own.is_empty() {
            true => context.events.log_types(),
            false => own,
        }
    }

    fn event_paths(&self, context: &Context<'_>) -> Vec<Choice> {
        let mut found = Vec::new();
        for log_type in self.own_log_types(context) {
            for path in context.events.paths(&log_type).iter() {
                let Some(dotted) = path.dotted() else {
                    continue;
                };
                found.push(Choice::of(
                    ItemKind::Property,
                    &dotted,
                    path.kind,
                    &path.about(),
                ));
            }
        }
        found.truncate(MOST);
        found
    }

    /// The steps of a correlation rule.
    fn nodes(&self) -> Vec<Choice> {
        let layout = &self.layout;
        let Some(detection) = layout.find(&["Detection"]) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in layout.items(detection) {
            for list in ["Sequence", "Group"] {
                let Some(list) = layout.entry(item, list) else {
                    continue;
                };
                for node in layout.items(list) {
                    let id = layout.entry(node, "ID").or(layout.entry(node, "RuleID"));
                    let rule = layout.entry(node, "RuleID");
                    if let Some(id) = id {
                        let rule = rule.map(|rule| layout.scalar(rule)).unwrap_or_default();
                        found.push(Choice::new(&layout.scalar(id), &rule, ""));
                    }
                }
            }
        }
        found
    }

    /// What a node is called among its like.
    pub fn item_name(&self, item: NodeId) -> Option<String> {
        let layout = &self.layout;
        if let super::layout::Value::Scalar(..) = layout.node(item).value {
            return Some(layout.scalar(item)).filter(|name| !name.is_empty());
        }
        let keys = [
            "name",
            "Name",
            "entityType",
            "identifier",
            "connectorId",
            "ID",
            "RuleID",
            "objectName",
            "alertProperty",
            "columnName",
            "KeyPath",
            "Condition",
        ];
        let named = keys.iter().find_map(|key| layout.entry(item, key));
        let found = named
            .map(|entry| layout.scalar(entry))
            .filter(|name| !name.is_empty());
        found.or_else(|| {
            let first = layout.node(item).children.first()?;
            // What holds others names itself: `Sequence`, `All`.
            match &layout.node(*first).kind {
                NodeKind::Entry { key, .. } if !layout.node(*first).children.is_empty() => {
                    Some(key.clone())
                }
                _ => None,
            }
        })
    }
}

fn entity(kind: &entities::EntityType) -> Choice {
    let sets: Vec<String> = kind.required.iter().map(|set| set.join(" with ")).collect();
    let doc = format!("Made by {}.", sets.join(", "));
    Choice::new(kind.name, "entity", &doc)
}

fn mitre() -> Vec<Choice> {
    let mut found = Vec::new();
    for tactic in attack::TACTICS.iter().filter(|t| !t.id.is_empty()) {
        for technique in attack::TECHNIQUES
            .iter()
            .filter(|t| t.tactics.contains(&tactic.name))
        {
            let value = format!("{}:{}", tactic.id, technique.id);
            let detail = format!("{} {}", tactic.name, technique.name);
            found.push(Choice::new(&value, &detail, ""));
        }
    }
    found
}
