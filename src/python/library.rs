//! What a body can import besides the standard library: the modules of its repository; and the data models
//! that `event.udm` asks.

use super::failure;
use std::collections::HashMap;

/// A module that bodies can import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// The name in `import`.
    pub name: String,
    /// The file it came from, as errors show it.
    pub file: String,
    /// The text.
    pub source: String,
}

/// The importable modules of a repository: its globals by `GlobalID`, the bodies of its data models by
/// `DataModelID`. A module runs when a body first imports it.
#[derive(Clone, Debug, Default)]
pub struct Library {
    modules: Vec<Module>,
    by_name: HashMap<String, usize>,
}

impl Library {
    /// Of modules of the same name the last one is taken.
    pub fn new(modules: Vec<Module>) -> Self {
        let by_name = modules
            .iter()
            .enumerate()
            .map(|(index, module)| (module.name.clone(), index))
            .collect();
        Self { modules, by_name }
    }

    /// All modules, in the order they were given.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The module of a name and its index.
    pub(super) fn find(&self, name: &str) -> Option<(usize, &Module)> {
        let index = *self.by_name.get(name)?;
        Some((index, self.modules.get(index)?))
    }

    /// The module that was compiled under that path.
    pub(super) fn at_path(&self, path: &str) -> Option<&Module> {
        self.modules.get(failure::index_of(path)?)
    }
}

/// How a data model finds a unified field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// By a JSONPath; see [`check_path`](super::check_path).
    Path(String),
    /// By a function of the data model's body, called with the event.
    Method(String),
}

/// A data model: unified names for the fields of a log type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataModel {
    /// `DataModelID`.
    pub id: String,
    /// Unified names and where their values are. The case of a name counts, as on the platform.
    pub mappings: Vec<(String, Mapping)>,
    /// The module of the library that holds its methods.
    pub module: Option<String>,
}
