//! What long work is given: a way to be cancelled and a way to say how far it is.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A flag shared by the one who asks and the one who works. Cloning shares the flag.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token nobody has cancelled yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the work to stop at its next convenient point.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the work should stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How far a piece of work is: units done and units in all (0 where unknown). Cloning shares the counters.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<(AtomicU64, AtomicU64)>);

impl Progress {
    /// A progress at 0 of unknown.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says how many units there are in all.
    pub fn set_total(&self, total: u64) {
        self.0.1.store(total, Ordering::Relaxed);
    }

    /// Adds units done.
    pub fn add(&self, units: u64) {
        self.0.0.fetch_add(units, Ordering::Relaxed);
    }

    /// Units done and units in all.
    pub fn get(&self) -> (u64, u64) {
        (
            self.0.0.load(Ordering::Relaxed),
            self.0.1.load(Ordering::Relaxed),
        )
    }
}

/// The results of pieces of work, in order, on plain threads: as many as there are processors. For work that takes a lock
/// or waits. A worker of the pool that does so waits for itself, when meanwhile it is handed another piece that wants
/// the same.
pub fn in_threads<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
    let run = || loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if at >= count {
            break;
        }
        let result = work(at);
        let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
        results.push((at, result));
    };
    std::thread::scope(|scope| {
        for _ in 1..count.min(rayon::current_num_threads()) {
            // Without a thread to be had the others do the work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, run);
        }
        run();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
