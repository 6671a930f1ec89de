//! The ways to load a dataset.

use super::{Connectors, Dataset, Options, Source, assemble, read};
use crate::task::{CancelToken, Progress};
use std::path::PathBuf;

impl Dataset {
    /// Loads files and, recursively, the log files in folders. Files that cannot be read are listed
    /// with a reject at line 0. Tables of the bundled connectors exist even where no event fills them.
    pub fn load(paths: &[PathBuf], cancel: &CancelToken, progress: &Progress) -> Self {
        Self::load_options(paths, &Options::default(), cancel, progress)
    }

    /// The same with a choice of connectors.
    pub fn load_with(
        paths: &[PathBuf],
        connectors: &Connectors,
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Self {
        Self::load_options(paths, &with(connectors), cancel, progress)
    }

    /// The same as a person chose. Progress counts bytes (packed).
    pub fn load_options(
        paths: &[PathBuf],
        options: &Options,
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Self {
        Self::from_sources_options(read::find(paths).sources, options, cancel, progress)
    }

    /// Loads sources held in memory or on disk, in the order given. Progress counts bytes (packed).
    pub fn from_sources(sources: Vec<Source>, cancel: &CancelToken, progress: &Progress) -> Self {
        Self::from_sources_options(sources, &Options::default(), cancel, progress)
    }

    /// The same with a choice of connectors.
    pub fn from_sources_with(
        sources: Vec<Source>,
        connectors: &Connectors,
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Self {
        Self::from_sources_options(sources, &with(connectors), cancel, progress)
    }

    /// The same with [`Options::late`].
    pub fn from_sources_late(
        sources: Vec<Source>,
        connectors: &Connectors,
        late: (u64, usize),
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Self {
        let mut options = with(connectors);
        options.late = late;
        Self::from_sources_options(sources, &options, cancel, progress)
    }

    /// Loads sources as a person chose.
    pub fn from_sources_options(
        sources: Vec<Source>,
        options: &Options,
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Self {
        let to_come = sources.iter().map(read::size).sum();
        progress.set_total(to_come);
        let mut assembly = assemble::Assembly::new(options, to_come);
        for source in sources {
            if cancel.is_cancelled() {
                break;
            }
            assembly.add(source, cancel, progress);
        }
        assembly.finish()
    }
}

/// The files that [`Dataset::load`] reads, as it lists them.
pub fn log_files(paths: &[PathBuf]) -> Vec<PathBuf> {
    let sources = read::find(paths).sources.into_iter();
    sources.map(|source| source.path).collect()
}

/// Files of folders that [`Dataset::load`] does not read, neither named as logs nor as what goes with rules.
pub fn passed_over(paths: &[PathBuf]) -> Vec<PathBuf> {
    read::find(paths).passed_over
}

fn with(connectors: &Connectors) -> Options {
    Options {
        connectors: connectors.clone(),
        ..Options::default()
    }
}
