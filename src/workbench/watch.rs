//! Looks every now and then whether files are still what they were. A thread of its own does, so that a slow disk
//! holds nobody up; the window is woken only when something changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(1_000);
/// A file that goes on changing is told of after so many looks.
const PATIENCE: u32 = 5;

/// What tells one state of a file from another: its size and when it was written. None: it is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp(Option<(u64, Option<SystemTime>)>);

impl Stamp {
    /// The state of a file as it is now.
    pub fn of(path: &Path) -> Self {
        let metadata = std::fs::metadata(path).ok();
        Self(metadata.map(|m| (m.len(), m.modified().ok())))
    }
}

#[derive(Default)]
struct Shared {
    /// The files as they were read.
    stamps: BTreeMap<PathBuf, Stamp>,
    /// Files that differ: as they were at the last look, and for how many looks they differ.
    differ: BTreeMap<PathBuf, (Stamp, u32)>,
    /// To be told.
    changed: Vec<PathBuf>,
}

/// The thread that looks.
pub struct Watch(Arc<Mutex<Shared>>);

impl Watch {
    /// Starts the thread; it ends with this value. `wake` is called when something changed.
    pub fn start(wake: impl Fn() + Send + 'static) -> Self {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let weak = Arc::downgrade(&shared);
        // Where no thread can be had changes are not told; Reload is still there.
        let _ = std::thread::Builder::new()
            .name("watch logs".to_owned())
            .spawn(move || {
                loop {
                    std::thread::sleep(PAUSE);
                    let Some(shared) = weak.upgrade() else {
                        return;
                    };
                    if look(&shared) {
                        wake();
                    }
                }
            });
        Self(shared)
    }

    /// Watches these files instead of those before.
    pub fn look_at(&self, stamps: BTreeMap<PathBuf, Stamp>) {
        *lock(&self.0) = Shared {
            stamps,
            ..Shared::default()
        };
    }

    /// What changed since it was last asked.
    pub fn changed(&self) -> Vec<PathBuf> {
        std::mem::take(&mut lock(&self.0).changed)
    }
}

fn lock(shared: &Mutex<Shared>) -> std::sync::MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks at all files; whether there is something to tell.
fn look(shared: &Mutex<Shared>) -> bool {
    let paths: Vec<PathBuf> = lock(shared).stamps.keys().cloned().collect();
    // The disk is asked without the lock: the window may want it.
    let now: Vec<(PathBuf, Stamp)> = paths
        .into_iter()
        .map(|path| {
            let stamp = Stamp::of(&path);
            (path, stamp)
        })
        .collect();
    let mut shared = lock(shared);
    let shared = &mut *shared;
    for (path, stamp) in now {
        let Some(read) = shared.stamps.get_mut(&path) else {
            continue;
        };
        if *read == stamp {
            shared.differ.remove(&path);
            continue;
        }
        let (before, looks) = shared.differ.remove(&path).unwrap_or((*read, 0));
        // Whoever writes it may not be done.
        if before == stamp || looks + 1 >= PATIENCE {
            *read = stamp;
            shared.changed.push(path);
        } else {
            shared.differ.insert(path, (stamp, looks + 1));
        }
    }
    !shared.changed.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_once_when_it_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        std::fs::write(&path, "{}").unwrap();
        let shared = Mutex::new(Shared {
            stamps: [(path.clone(), Stamp::of(&path))].into(),
            ..Shared::default()
        });
        assert!(!look(&shared), "as it was read");
        std::fs::write(&path, "{ }").unwrap();
        assert!(!look(&shared), "it may still be written");
        std::fs::write(&path, "{  }").unwrap();
        assert!(!look(&shared), "it still is");
        assert!(look(&shared));
        let told = std::mem::take(&mut lock(&shared).changed);
        assert_eq!(told, std::slice::from_ref(&path));
        assert!(!look(&shared), "told once");
        std::fs::remove_file(&path).unwrap();
        assert!(!look(&shared) && look(&shared), "it is gone");
        // One that never rests.
        std::mem::take(&mut lock(&shared).changed);
        let told = (1..=9).find(|n| {
            std::fs::write(&path, "x".repeat(*n)).unwrap();
            look(&shared)
        });
        assert_eq!(told, Some(PATIENCE as usize));
    }
}
