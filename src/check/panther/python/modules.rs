//! What a body can import: the globals of its repository, Python's own library, and what Panther has beside it.

use super::bound::Bound;
use super::uses::Uses;
use crate::diagnostic::nearest;
use crate::python::{self, Library, syntax};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

/// The modules of Python 3.11's own library, with the names in those that rules use most.
const LIBRARY: &str = include_str!("../../../../assets/python/standard-library.txt");

/// Packages that stand beside rules wherever Panther's tool runs: whether a rule may use them is not ours to say.
const BESIDE: [&str; 12] = [
    "jsonpath_ng",
    "jsonschema",
    "panther_analysis_tool",
    "panther_config",
    "panther_core",
    "panther_detection_helpers",
    "panther_sdk",
    "ruamel",
    "schema",
    "setuptools",
    "typing_extensions",
    "yaml",
];
/// Modules are followed this deep.
const DEEPEST: usize = 20;

/// What is known of a module that a body names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// There is one; its names where all are known.
    There(Option<Vec<String>>),
    /// There is none. A name that was meant, where one is near.
    Missing(Option<String>),
    /// There is one, and importing it fails: why.
    Broken(String),
    /// Nobody can tell.
    Unknown,
}

/// The modules that bodies of a repository can import.
pub struct Modules<'a> {
    library: &'a Library,
    seen: Mutex<HashMap<String, Status>>,
}

impl<'a> Modules<'a> {
    /// Those of a repository.
    pub fn new(library: &'a Library) -> Self {
        Self {
            library,
            seen: Mutex::default(),
        }
    }

    /// What is known of a module. Only on a deep stack.
    pub fn status(&self, name: &str) -> Status {
        self.status_at(name, DEEPEST)
    }

    fn status_at(&self, name: &str, depth: usize) -> Status {
        if let Some(known) = self.known().get(name) {
            return known.clone();
        }
        let Some(depth) = depth.checked_sub(1) else {
            return Status::Unknown;
        };
        // Modules may import each other.
        self.known().insert(name.to_owned(), Status::Unknown);
        let status = self.find(name, depth);
        self.known().insert(name.to_owned(), status.clone());
        status
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, Status>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, name: &str, depth: usize) -> Status {
        let standard = standard();
        if let Some(names) = standard.get(name) {
            let names = names.as_ref();
            return Status::There(names.map(|n| n.iter().map(|&n| n.to_owned()).collect()));
        }
        let first = name.split('.').next().unwrap_or(name);
        if python::is_shim(first) || BESIDE.contains(&first) {
            return Status::Unknown;
        }
        let modules = self.library.modules();
        if let Some(module) = modules.iter().rev().find(|m| m.name == name) {
            return self.of_library(&module.source, depth);
        }
        if first != name && standard.contains_key(first) {
            let inside = standard.keys().copied();
            return Status::Missing(nearest(name, inside.filter(|m| m.contains('.'))));
        }
        let known = modules.iter().map(|m| m.name.as_str());
        Status::Missing(nearest(name, known.chain(standard.keys().copied())))
    }

    fn of_library(&self, source: &str, depth: usize) -> Status {
        if let Err(errors) = python::check(source) {
            let why = errors.into_iter().next().map(|(_, message)| message);
            return Status::Broken(why.unwrap_or_default());
        }
        let Some(tree) = syntax::parse(source) else {
            return Status::Unknown;
        };
        let nested = Modules {
            library: self.library,
            seen: Mutex::new(self.known().clone()),
        };
        let python = super::Python::new(Path::new(""), source, &tree, &nested);
        if let Some((_, why)) = python.misplaced().into_iter().next() {
            return Status::Broken(why);
        }
        let uses = Uses::of(&python);
        if let Some(load) = uses.undefined.iter().find(|load| load.surely) {
            return Status::Broken(format!("`{}` is not defined", load.name));
        }
        for import in uses.imports.iter().filter(|import| import.surely) {
            let status = self.status_at(&import.module, depth);
            let inner = import
                .name
                .as_ref()
                .map(|(n, _)| format!("{}.{n}", import.module));
            if inner.is_some_and(|inner| standard().contains_key(inner.as_str())) {
                continue;
            }
            if let Some(why) = import.fails(&status) {
                return Status::Broken(why);
            }
        }
        let bound = Bound::of(&tree);
        if bound.is_tricky() || bound.has("__getattr__") {
            return Status::There(None);
        }
        let mut names: Vec<String> = bound.names().map(str::to_owned).collect();
        for star in bound.stars() {
            match self.status_at(star, depth) {
                Status::There(Some(more)) => names.extend(more),
                _ => return Status::There(None),
            }
        }
        Status::There(Some(names))
    }
}

fn standard() -> &'static BTreeMap<&'static str, Option<Vec<&'static str>>> {
    static TABLE: OnceLock<BTreeMap<&'static str, Option<Vec<&'static str>>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = LIBRARY.lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| match line.split_once(": ") {
                Some((module, names)) => (module, Some(names.split(' ').collect())),
                None => (line, None),
            })
            .collect()
    })
}
