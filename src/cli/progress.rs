//! How far long work is: on a terminal's stderr, and only where it takes a while.

use crate::check::{self, Checked, Context};
use crate::detect::{self, CaseResult, Disk, Folder, Rule};
use crate::logs::{Dataset, Options};
use crate::task::{CancelToken, Progress};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Loads logs; tells how far it is every now and then.
pub(super) fn load(paths: &[PathBuf], options: &Options) -> Dataset {
    let told = |done: u64, all: u64| format!("loading logs: {} of {} MB", done >> 20, all >> 20);
    telling(told, |progress| {
        Dataset::load_options(paths, options, &CancelToken::new(), progress)
    })
}

/// Opens folders; tells how far it is.
pub(super) fn open(paths: &[PathBuf]) -> Folder {
    let told = |done: u64, all: u64| format!("reading documents: {done} of {all}");
    telling(told, |progress| {
        detect::open_folder(paths, &Disk, &CancelToken::new(), progress)
    })
}

/// Checks folders; tells how far it is.
pub(super) fn check(paths: &[PathBuf], context: &Context<'_>) -> (Vec<Checked>, Folder) {
    let told = |done: u64, all: u64| format!("checking: {done} of {all} documents");
    telling(told, |progress| {
        check::check_folder(paths, &Disk, context, progress)
    })
}

/// Runs the cases of rules; tells how far it is.
pub(super) fn test(rules: &[Rule], filter: Option<&str>) -> Vec<Vec<CaseResult>> {
    let told = |done: u64, all: u64| format!("testing: {done} of {all} rules");
    telling(told, |progress| {
        detect::test_rules(rules, filter, &CancelToken::new(), progress)
    })
}

/// Does work; where stderr is a terminal, says in one line how far it is.
fn telling<T>(told: impl Fn(u64, u64) -> String + Send, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::new();
    if !io::stderr().is_terminal() {
        return work(&progress);
    }
    let (done, waiting) = channel::<()>();
    let seen = progress.clone();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut shown = false;
            while let Err(RecvTimeoutError::Timeout) =
                waiting.recv_timeout(Duration::from_millis(250))
            {
                if let (done, all @ 1..) = seen.get() {
                    shown = true;
                    let _ = write!(io::stderr(), "\r{}\u{1b}[K", told(done, all));
                }
            }
            if shown {
                let _ = write!(io::stderr(), "\r\u{1b}[K");
            }
        });
        let result = work(&progress);
        drop(done);
        result
    })
}
