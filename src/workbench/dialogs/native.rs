//! The system's own file dialogs. They run beside the window, which goes on drawing.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

/// Which dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Rules and logs.
    OpenFiles,
    /// A workspace.
    OpenFolder,
    /// Logs.
    AddLogs,
    /// A folder of logs.
    AddLogFolder,
    /// A log file to make a connector from.
    Sample,
    /// A table's schema.
    Schema,
    /// Where an export goes.
    ExportFolder,
    /// Where a file is saved.
    SaveAs,
}

/// What a person chose.
#[derive(Debug)]
pub enum Answer {
    /// To be opened.
    Paths(Vec<PathBuf>),
    /// Logs to be loaded.
    LogFolder(PathBuf),
    /// A sample of records.
    Sample(PathBuf),
    /// A schema to take over.
    Schema(PathBuf),
    /// To write into.
    Folder(PathBuf),
    /// To write to.
    SaveTo(PathBuf),
    /// The system has no dialog to offer.
    NoDialog,
}

/// A dialog that is open, if any.
#[derive(Default)]
pub struct Pending {
    open: Option<(Receiver<Option<Answer>>, Instant)>,
}

/// A dialog that answers sooner than this never stood on the screen: there is no portal and no zenity.
const TOO_FAST: Duration = Duration::from_millis(250);

type Waiting = Pin<Box<dyn Future<Output = Option<Answer>> + Send>>;

impl Pending {
    /// Opens a dialog, unless one is open. `wake` is called when it has been answered.
    pub fn ask(&mut self, ask: Ask, wake: impl FnOnce() + Send + 'static) {
        if self.open.is_some() {
            return;
        }
        let (sender, receiver) = channel();
        // The future is made here, on the thread of the window, as macOS wants it, and waited for elsewhere.
        let future = dialog(ask);
        let spawned = std::thread::Builder::new()
            .name("file dialog".to_owned())
            .spawn(move || {
                let _ = sender.send(pollster::block_on(future));
                wake();
            });
        if spawned.is_ok() {
            self.open = Some((receiver, Instant::now()));
        }
    }

    /// The answer, once. A cancelled dialog has none.
    pub fn answer(&mut self) -> Option<Answer> {
        let (receiver, since) = self.open.as_ref()?;
        match receiver.try_recv() {
            Ok(answer) => {
                let fast = since.elapsed() < TOO_FAST;
                self.open = None;
                answer.or_else(|| fast.then_some(Answer::NoDialog))
            }
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.open = None;
                Some(Answer::NoDialog)
            }
        }
    }
}

fn dialog(ask: Ask) -> Waiting {
    let logs = [
        "json", "jsonl", "ndjson", "log", "gz", "zst", "csv", "parquet",
    ];
    let rules = ["yaml", "yml", "py", "kql"];
    let dialog = rfd::AsyncFileDialog::new();
    match ask {
        Ask::OpenFiles | Ask::AddLogs => {
            let dialog = match ask {
                Ask::OpenFiles => dialog
                    .set_title("Open files")
                    .add_filter("Rules and logs", &[&rules[..], &logs[..]].concat()),
                _ => dialog.set_title("Add log files").add_filter("Logs", &logs),
            };
            let files = dialog.add_filter("All files", &["*"]).pick_files();
            Box::pin(async move {
                let files = files.await?;
                let paths = files.iter().map(|f| f.path().to_owned()).collect();
                Some(Answer::Paths(paths))
            })
        }
        Ask::OpenFolder => {
            let folder = dialog.set_title("Open folder").pick_folder();
            Box::pin(async move { Some(Answer::Paths(vec![folder.await?.path().to_owned()])) })
        }
        Ask::Sample => {
            let dialog = dialog.set_title("Sample of the log");
            let file = dialog
                .add_filter("Logs", &logs)
                .add_filter("All files", &["*"]);
            let file = file.pick_file();
            Box::pin(async move { Some(Answer::Sample(file.await?.path().to_owned())) })
        }
        Ask::Schema => {
            let dialog = dialog.set_title("Schema of the table");
            let file = dialog.add_filter("Schemas", &["csv", "tsv", "txt", "json"]);
            let file = file.add_filter("All files", &["*"]).pick_file();
            Box::pin(async move { Some(Answer::Schema(file.await?.path().to_owned())) })
        }
        Ask::AddLogFolder => {
            let folder = dialog.set_title("Add log folder").pick_folder();
            Box::pin(async move { Some(Answer::LogFolder(folder.await?.path().to_owned())) })
        }
        Ask::ExportFolder => {
            let folder = dialog.set_title("Export to folder").pick_folder();
            Box::pin(async move { Some(Answer::Folder(folder.await?.path().to_owned())) })
        }
        Ask::SaveAs => {
            let file = dialog.set_title("Save as").save_file();
            Box::pin(async move { Some(Answer::SaveTo(file.await?.path().to_owned())) })
        }
    }
}
