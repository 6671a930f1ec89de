//! Long loops over rows: in blocks on all cores, and stopped soon after somebody asks for it.

use super::Stop;
use crate::task::CancelToken;
use rayon::prelude::*;
use std::cell::Cell;
use std::ops::Range;

/// Rows of a block: large enough that the bookkeeping does not count, small enough to stop within milliseconds.
pub const BLOCK: usize = 4096;

thread_local! {
    /// Whether this thread does its loops alone.
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Does some work on this thread alone, where that is asked for. Whoever waits for others while it holds a lock must not
/// be one of those that the others wait for.
pub fn alone<T>(alone: bool, work: impl FnOnce() -> T) -> T {
    let before = ALONE.replace(alone || is_alone());
    let done = work();
    ALONE.set(before);
    done
}

/// Whether this thread does its loops alone.
pub fn is_alone() -> bool {
    ALONE.get()
}

/// The results of blocks of rows, in the order of the blocks.
///
/// # Errors
/// [`Stop::Cancelled`]; blocks that were not begun by then are left out.
pub fn map<T: Send>(
    rows: usize,
    cancel: &CancelToken,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Result<Vec<T>, Stop> {
    map_by(BLOCK, rows, cancel, work)
}

/// The same with blocks of so many rows.
///
/// # Errors
/// [`Stop::Cancelled`].
pub fn map_by<T: Send>(
    size: usize,
    rows: usize,
    cancel: &CancelToken,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Result<Vec<T>, Stop> {
    let block = |n: usize| {
        let start = n * size;
        (!cancel.is_cancelled()).then(|| work(start..(start + size).min(rows)))
    };
    let blocks = rows.div_ceil(size);
    let made: Option<Vec<T>> = if blocks < 2 || is_alone() {
        (0..blocks).map(block).collect()
    } else {
        (0..blocks).into_par_iter().map(block).collect()
    };
    made.ok_or(Stop::Cancelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alone_all_blocks_are_done_by_this_thread() {
        let here = std::thread::current().id();
        let cancel = CancelToken::new();
        let threads = || map(64 * BLOCK, &cancel, |_| std::thread::current().id());
        let threads = alone(true, threads).expect("not cancelled");
        assert_eq!(threads.len(), 64);
        assert!(threads.iter().all(|id| *id == here));
        assert!(!is_alone());
    }

    #[test]
    fn blocks_cover_all_rows_in_order_and_stop_when_cancelled() {
        let cancel = CancelToken::new();
        for rows in [0, 1, BLOCK, BLOCK + 1, 5 * BLOCK - 1] {
            let made = map(rows, &cancel, |r| r.collect::<Vec<_>>()).expect("not cancelled");
            assert_eq!(made.concat(), (0..rows).collect::<Vec<_>>());
        }
        cancel.cancel();
        assert!(map(10, &cancel, |r| r.len()).is_err());
        assert!(map(10 * BLOCK, &cancel, |r| r.len()).is_err());
    }
}
