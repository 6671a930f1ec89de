//! How far the loading of logs is: on a terminal's stderr, and only where it takes a while.

use crate::logs::Dataset;
use crate::task::{CancelToken, Progress};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Loads logs; tells how far it is every now and then.
pub(super) fn load(paths: &[PathBuf]) -> Dataset {
    let (cancel, progress) = (CancelToken::new(), Progress::new());
    if !io::stderr().is_terminal() {
        return Dataset::load(paths, &cancel, &progress);
    }
    let (done, waiting) = channel::<()>();
    let seen = progress.clone();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut shown = false;
            while let Err(RecvTimeoutError::Timeout) =
                waiting.recv_timeout(Duration::from_millis(250))
            {
                if let (bytes, all @ 1..) = seen.get() {
                    shown = true;
                    let _ = write!(
                        io::stderr(),
                        "\rloading logs: {} of {} MB",
                        bytes >> 20,
                        all >> 20
                    );
                }
            }
            if shown {
                let _ = write!(io::stderr(), "\r\u{1b}[K");
            }
        });
        let data = Dataset::load(paths, &cancel, &progress);
        drop(done);
        data
    })
}
