//! Counts what interpreter threads allocate, so that a rule body cannot eat the machine.
//!
//! The process's allocator is the system's, with one thread-local pointer asked on the way: threads
//! that are no interpreter have none and pay a load and a branch. An interpreter thread keeps a
//! running total that its watchdog reads. Over the soft limit the watchdog stops the body; one that
//! grows inside a single native call, where it cannot be stopped, is parked here for good at the hard
//! limit, without ever returning to it, and its thread is given up.

use mimalloc::MiMalloc;
use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicPtr, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// The running total of one interpreter thread. Written by that thread, read by its watchdog.
#[derive(Debug)]
pub struct Meter {
    used: AtomicIsize,
    hard: AtomicIsize,
    parked: AtomicBool,
    condemned: AtomicBool,
    place: AtomicU64,
    locate: AtomicPtr<()>,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            used: AtomicIsize::new(0),
            hard: AtomicIsize::new(isize::MAX),
            parked: AtomicBool::new(false),
            condemned: AtomicBool::new(false),
            place: AtomicU64::new(0),
            locate: AtomicPtr::new(std::ptr::null_mut()),
        }
    }
}

thread_local! {
    static METER: Cell<*const Meter> = const { Cell::new(std::ptr::null()) };
}

impl Meter {
    /// Bytes the thread holds: allocated minus freed by it since it was attached.
    pub fn used(&self) -> usize {
        self.used.load(Relaxed).max(0) as usize
    }

    /// Bytes at which the thread is parked for good, counted as [`Meter::used`] does.
    pub fn set_hard_limit(&self, bytes: usize) {
        self.hard
            .store(isize::try_from(bytes).unwrap_or(isize::MAX), Relaxed);
    }

    /// Whether the thread stands parked in the allocator and will never return.
    pub fn is_parked(&self) -> bool {
        self.parked.load(Relaxed)
    }

    /// Parks the thread at its next allocation: for a thread that is given up.
    pub fn condemn(&self) {
        self.condemned.store(true, Relaxed);
    }

    /// Where the thread was parked, as the function given to [`Meter::attach`] told it; 0 where unknown.
    pub fn place(&self) -> u64 {
        self.place.load(Relaxed)
    }

    /// Counts this thread into the meter until [`Meter::detach`]. `locate` tells the place the thread is
    /// at when it has to be parked; it runs inside the allocator and must not allocate.
    pub fn attach(self: &Arc<Self>, locate: fn() -> u64) {
        self.locate.store(locate as *mut (), Relaxed);
        // The thread keeps the meter alive for as long as it points at it, also when it is given up.
        let kept = Arc::into_raw(Arc::clone(self));
        METER.with(|m| m.set(kept));
    }

    /// Ends the counting of this thread.
    pub fn detach() {
        let kept = METER.with(|m| m.replace(std::ptr::null()));
        if !kept.is_null() {
            // SAFETY: the pointer came from `Arc::into_raw` in `attach` and was taken out just now.
            drop(unsafe { Arc::from_raw(kept) });
        }
    }

    fn grow(&self, bytes: isize) {
        // One writer, so a plain load and store will do.
        let used = self.used.load(Relaxed).wrapping_add(bytes);
        self.used.store(used, Relaxed);
        if bytes > 0 && (used > self.hard.load(Relaxed) || self.condemned.load(Relaxed)) {
            self.park();
        }
    }

    #[cold]
    fn park(&self) {
        METER.with(|m| m.set(std::ptr::null()));
        let locate = self.locate.load(Relaxed);
        if !locate.is_null() {
            // SAFETY: only `attach` stores here, and it stores a `fn() -> u64`.
            let locate: fn() -> u64 = unsafe { std::mem::transmute(locate) };
            self.place.store(locate(), Relaxed);
        }
        self.parked.store(true, std::sync::atomic::Ordering::SeqCst);
        loop {
            std::thread::sleep(Duration::from_secs(3600));
        }
    }
}

/// The allocator with the counting of interpreter threads.
struct Counting;

/// What allocates. Events are made by one thread and freed by another, and an interpreter allocates for every call:
/// the allocator of glibc took a fifth of the time of both.
static INNER: MiMalloc = MiMalloc;

#[inline]
fn count(bytes: isize) {
    let meter = METER.with(Cell::get);
    if !meter.is_null() {
        // SAFETY: `attach` keeps the meter alive until `detach` has set the pointer to null.
        unsafe { (*meter).grow(bytes) };
    }
}

// SAFETY: every call goes to the system's allocator unchanged; the counting neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { INNER.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { INNER.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        unsafe { INNER.realloc(old, layout, size) }
    }

    #[inline]
    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { INNER.dealloc(old, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;
