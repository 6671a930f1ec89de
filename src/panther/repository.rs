//! What the documents of a repository are to each other: globals that bodies import, data models of log types,
//! detections that others derive from or correlate, ids that may stand once only.

use super::documents::{Analysis, Content, Item, key};
use super::{Matcher, Rule, derive};
use crate::diagnostic::{Diagnostic, Severity};
use crate::python::{DataModel, Library, Module};
use crate::yaml::{Document, Step};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A document with where it stands.
#[derive(Clone, Debug)]
pub struct File {
    /// The YAML file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What it says.
    pub item: Item,
    /// Whether the platform's tool would refuse it.
    pub refused: bool,
    /// The Python file beside it and its text; none where there is none.
    pub body: Option<(PathBuf, String)>,
}

/// A detection of a repository, for those that refer to it.
#[derive(Clone, Debug)]
pub struct Member {
    /// The YAML file.
    pub path: PathBuf,
    /// What it says. Its own repository is empty.
    pub rule: Rule,
    /// The Python file and its text.
    pub body: Option<(PathBuf, String)>,
}

/// The documents around a detection.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    library: Arc<Library>,
    models: HashMap<String, Arc<DataModel>>,
    members: HashMap<String, Arc<Member>>,
    queries: BTreeSet<String>,
}

/// What is wrong between documents: the file and the diagnostic, whose span is in that file's text.
pub type Problems = Vec<(PathBuf, Diagnostic)>;

impl Repository {
    /// Puts documents together, in the order in which the platform's tool loads them: of two with the same id the
    /// first one counts. Also says which files are refused for what stands in others.
    pub fn new(files: &[File]) -> (Self, Problems) {
        let mut maker = Maker::default();
        for file in files {
            maker.take(file);
        }
        maker.check_packs(files);
        let repository = Self {
            library: Arc::new(Library::new(maker.modules)),
            models: maker.models,
            members: maker.members,
            queries: maker.queries,
        };
        (repository, maker.problems)
    }

    /// What bodies can import.
    pub fn library(&self) -> &Arc<Library> {
        &self.library
    }

    /// The enabled data model of a log type.
    pub fn model(&self, log_type: &str) -> Option<Arc<DataModel>> {
        self.models.get(log_type).cloned()
    }

    /// The detection of an id.
    pub fn member(&self, id: &str) -> Option<&Arc<Member>> {
        self.members.get(id)
    }

    /// The names of the scheduled and saved queries, as far as they were read.
    pub fn queries(&self) -> &BTreeSet<String> {
        &self.queries
    }

    /// The detection of an id as it is asked: a derived one filled from its base, with its Python body.
    pub fn detection(self: &Arc<Self>, id: &str) -> Option<(Rule, Option<String>)> {
        let member = self.member(id)?;
        let mut rule = member.rule.clone();
        rule.repository = Arc::clone(self);
        let mut body = &member.body;
        if let Matcher::Derived(base) = rule.matcher.clone() {
            let base = self.member(&base)?;
            derive(&mut rule, &base.rule);
            body = &base.body;
        }
        Some((rule, body.as_ref().map(|(_, text)| text.clone())))
    }

    /// Whether bodies see the same in both: the same modules and the same data models.
    pub fn is_like(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
            || self.library.modules() == other.library.modules() && self.models == other.models
    }

    /// How many globals, log types with a data model, and detections there are.
    pub fn counts(&self) -> (usize, usize, usize) {
        (
            self.library.modules().len(),
            self.models.len(),
            self.members.len(),
        )
    }
}

#[derive(Default)]
struct Maker {
    modules: Vec<Module>,
    models: HashMap<String, Arc<DataModel>>,
    members: HashMap<String, Arc<Member>>,
    queries: BTreeSet<String>,
    /// Every id and the file it was first seen in.
    ids: HashMap<String, PathBuf>,
    problems: Problems,
}

impl Maker {
    fn problem(&mut self, file: &File, code: &str, at: &[Step], message: String, hint: &str) {
        // Made again only for what is wrong: few files.
        let (document, _) = Document::parse(&file.text);
        let span = document.span(at);
        let found = Diagnostic::new(Severity::Error, code, span, message).with_hint(hint);
        self.problems.push((file.path.clone(), found));
    }

    fn take(&mut self, file: &File) {
        let item = &file.item;
        if file.refused || item.id.is_empty() {
            return;
        }
        if let Some(first) = self.ids.get(&item.id) {
            let message = format!(
                "the id `{}` is already that of {}",
                item.id,
                first.display()
            );
            let at = [key(item.analysis.id_key())];
            self.problem(
                file,
                "panther-duplicate-id",
                &at,
                message,
                "Give each document an id of its own",
            );
            return;
        }
        self.ids.insert(item.id.clone(), file.path.clone());
        if file.body.is_none() && !item.filename.is_empty() && needs_body(item.analysis) {
            let message = format!("the Python file {} cannot be read", item.filename);
            self.problem(
                file,
                "panther-body-missing",
                &[key("Filename")],
                message,
                "Put it beside the document, under the name that Filename gives",
            );
            return;
        }
        match &item.content {
            Content::DataModel(_) => self.take_model(file),
            Content::Detection(rule) => {
                let member = Member {
                    path: file.path.clone(),
                    rule: (**rule).clone(),
                    body: file.body.clone(),
                };
                self.members.insert(item.id.clone(), Arc::new(member));
            }
            _ if item.analysis == Analysis::Global => {
                self.take_module(file);
            }
            _ if matches!(
                item.analysis,
                Analysis::ScheduledQuery | Analysis::SavedQuery
            ) =>
            {
                self.queries.insert(item.id.clone());
            }
            _ => {}
        }
    }

    fn take_module(&mut self, file: &File) -> bool {
        let Some((path, source)) = &file.body else {
            return false;
        };
        self.modules.push(Module {
            name: file.item.id.clone(),
            file: short(path),
            source: source.clone(),
        });
        true
    }

    fn take_model(&mut self, file: &File) {
        let Content::DataModel(model) = &file.item.content else {
            return;
        };
        if !model.enabled {
            return;
        }
        let has_module = self.take_module(file);
        let made = Arc::new(DataModel {
            id: file.item.id.clone(),
            mappings: model.mappings.clone(),
            module: has_module.then(|| file.item.id.clone()),
        });
        for (i, log_type) in model.log_types.iter().enumerate() {
            if let Some(other) = self.models.get(log_type) {
                let message = format!(
                    "the enabled data model `{}` is already that of {log_type}",
                    other.id
                );
                self.problem(
                    file,
                    "panther-model-conflict",
                    &[key("LogTypes"), Step::Index(i)],
                    message,
                    "A log type has one enabled data model: disable the other one, or take the log type out",
                );
                continue;
            }
            self.models.insert(log_type.clone(), Arc::clone(&made));
        }
    }

    /// A pack names what is there.
    fn check_packs(&mut self, files: &[File]) {
        for file in files {
            let Content::Pack(ids) = &file.item.content else {
                continue;
            };
            if file.refused {
                continue;
            }
            for (i, id) in ids.iter().enumerate() {
                if !self.ids.contains_key(id) {
                    let message = format!("there is no document with the id `{id}`");
                    let at = [key("PackDefinition"), key("IDs"), Step::Index(i)];
                    self.problem(
                        file,
                        "panther-pack",
                        &at,
                        message,
                        "Take the id out, or put the document into the repository",
                    );
                }
            }
        }
    }
}

/// Kinds whose `Filename` is a Python file. (A lookup table's is data, and a rule's is told when it is opened.)
fn needs_body(analysis: Analysis) -> bool {
    matches!(analysis, Analysis::Global | Analysis::DataModel)
}

/// The folder and the name of a file: what errors show.
fn short(path: &Path) -> String {
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let own = name(path).unwrap_or_default();
    match path.parent().and_then(name) {
        Some(folder) => format!("{folder}/{own}"),
        None => own,
    }
}
