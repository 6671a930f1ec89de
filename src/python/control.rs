//! What an interpreter thread and its watchdog tell each other.

use super::memory::Meter;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};

/// Why a body is being stopped; 0 is "it is not".
pub(super) const NOTHING: u8 = 0;
pub(super) const TIME: u8 = 1;
pub(super) const MEMORY: u8 = 2;
pub(super) const CANCELLED: u8 = 3;

/// How hard the watchdog presses.
pub(super) const CALM: u8 = 0;
pub(super) const RAISE: u8 = 1;
pub(super) const UNWIND: u8 = 2;

/// Shared by an interpreter thread and the one who asks it.
#[derive(Debug, Default)]
pub(super) struct Control {
    /// Counts units of work (events); each has the time limit to itself.
    pub step: AtomicU64,
    /// Whether body code may be running; signals are for body code only.
    pub running: AtomicBool,
    /// The limit that was hit, or that the job was cancelled.
    pub reason: AtomicU8,
    /// How hard to press.
    pub pressure: AtomicU8,
    /// Whether the exception of this hit has been raised already.
    pub raised: AtomicBool,
    /// Where the hit was seen, as `failure::current_place` tells it.
    pub place: AtomicU64,
    /// The thread's memory.
    pub meter: Arc<Meter>,
}

impl Control {
    /// Forgets an earlier hit: a new job begins.
    pub fn reset(&self) {
        self.reason.store(NOTHING, Relaxed);
        self.pressure.store(CALM, Relaxed);
        self.raised.store(false, Relaxed);
        self.place.store(0, Relaxed);
    }

    /// Whether a limit was hit or the job was cancelled.
    pub fn is_hit(&self) -> bool {
        self.reason.load(Relaxed) != NOTHING
    }
}
