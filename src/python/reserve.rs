//! One started, empty interpreter in reserve, so that a changed body waits for no start.
//!
//! Starting an interpreter takes many times what loading a body takes. While somebody holds a [`Reserve`],
//! every body that is loaded anywhere in the process takes the interpreter that stands ready, and the
//! next one is started in the background. One that ran anything of a body never comes back. The reserve changes how soon an answer comes, never the answer.

use super::library::Library;
use super::worker::{Starting, Worker};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

struct Shelf {
    holders: usize,
    spare: Option<Starting>,
    /// Those who have more urgent work for the processor than the next start.
    busy: usize,
    /// Whether there is to be a start when they are done.
    wanted: bool,
    /// Interpreters that nobody needs any more, but that take time to end: until they are done.
    retired: Vec<Worker>,
}

/// More retired ones are not kept: each holds memory.
const RETIRED: usize = 2;

static SHELF: Mutex<Shelf> = Mutex::new(Shelf {
    holders: 0,
    spare: None,
    busy: 0,
    wanted: false,
    retired: Vec::new(),
});

fn shelf() -> MutexGuard<'static, Shelf> {
    SHELF.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps one interpreter in reserve from the first load on, for as long as it lives.
/// Several of them share the one interpreter.
#[derive(Debug)]
pub struct Reserve(());

impl Reserve {
    /// Asks for the reserve. Costs nothing before a body is loaded.
    pub fn hold() -> Self {
        shelf().holders += 1;
        Self(())
    }

    /// While what this gives lives, no interpreter is started for the reserve, and none is taken apart: there is more
    /// urgent work.
    pub fn busy(&self) -> Busy {
        shelf().busy += 1;
        Busy(())
    }
}

/// More urgent work; see [`Reserve::busy`].
#[derive(Debug)]
pub struct Busy(());

impl Drop for Busy {
    fn drop(&mut self) {
        let mut shelf = shelf();
        shelf.busy = shelf.busy.saturating_sub(1);
        if shelf.busy > 0 {
            return;
        }
        let retired = std::mem::take(&mut shelf.retired);
        let wanted = std::mem::take(&mut shelf.wanted);
        drop(shelf);
        drop(retired);
        if wanted {
            refill();
        }
    }
}

impl Drop for Reserve {
    fn drop(&mut self) {
        let mut shelf = shelf();
        shelf.holders = shelf.holders.saturating_sub(1);
        if shelf.holders == 0 {
            // Its thread sees that nobody will ask it anything, and ends.
            shelf.spare = None;
        }
    }
}

/// An empty interpreter: the one in reserve, else a new one.
///
/// # Errors
/// Why none could be started.
pub(super) fn take(library: &Arc<Library>) -> Result<Worker, String> {
    let spare = shelf().spare.take();
    match spare.map(|spare| spare.wait(library)) {
        Some(Ok(worker)) => Ok(worker),
        _ => Starting::begin(false)?.wait(library),
    }
}

/// Starts the next one, where somebody wants it and none is there, once nothing is more urgent. Does not wait for it.
pub(super) fn refill() {
    let mut shelf = shelf();
    if shelf.busy > 0 {
        shelf.wanted = true;
    } else if shelf.holders > 0 && shelf.spare.is_none() {
        // Where there is no thread for it now, the next load starts its own and says so.
        shelf.spare = Starting::begin(true).ok();
    }
}

/// Ends one that is not needed any more, once nothing is more urgent.
pub(super) fn retire(worker: Worker) {
    let mut shelf = shelf();
    if shelf.busy > 0 && shelf.retired.len() < RETIRED {
        shelf.retired.push(worker);
    }
}

/// Puts one back that ran nothing of a body.
pub(super) fn give_back(worker: Worker) {
    let mut shelf = shelf();
    if shelf.holders > 0 && shelf.spare.is_none() {
        shelf.spare = Some(Starting::ready(worker));
    }
}
