//! Opens rules again and again, as somebody types in them: what lies around a rule is read anew only when it changed.

use super::{Rule, Texts, gather, open};
use crate::panther::Repository;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Opens rules and keeps the documents around the last one.
#[derive(Default)]
pub struct Opener {
    kept: Option<Kept>,
}

struct Kept {
    print: u64,
    repository: Arc<Repository>,
}

impl Opener {
    /// Opens a rule as [`super::open`] does.
    ///
    /// # Errors
    /// As [`super::open`].
    pub fn open(&mut self, path: &Path, texts: &dyn Texts) -> Result<Rule, String> {
        let kept = &mut self.kept;
        open::open_with(path, texts, &mut |refers_to| {
            let files = gather::files_around(path, refers_to);
            let print = print(&files, refers_to, texts);
            match kept {
                Some(kept) if kept.print == print => Arc::clone(&kept.repository),
                _ => {
                    let repository = gather::read_around(&files, refers_to, texts);
                    let repository = Arc::new(repository);
                    *kept = Some(Kept {
                        print,
                        repository: Arc::clone(&repository),
                    });
                    repository
                }
            }
        })
    }
}

/// A number that differs when the files do: by name, and by what their texts are known to be.
fn print(files: &[PathBuf], refers_to: &[String], texts: &dyn Texts) -> u64 {
    let mut hasher = DefaultHasher::new();
    refers_to.hash(&mut hasher);
    for file in files {
        file.hash(&mut hasher);
        texts.stamp(file).hash(&mut hasher);
        // The Python file of a helper is called like its document, or not: then its folder's date tells.
        texts.stamp(&file.with_extension("py")).hash(&mut hasher);
    }
    hasher.finish()
}
