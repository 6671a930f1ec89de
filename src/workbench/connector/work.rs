//! The two questions of the form, answered beside the window: what records a sample holds, and what a connector file
//! makes of them.

use super::draft::Draft;
use crate::diagnostic::Diagnostic;
use crate::kql::Catalog;
use crate::logs::{self, Choice, ConnectorFile, Connectors, Dataset, Options, Reject, Source};
use crate::task::{CancelToken, Progress};
use crate::value::Table;
use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

/// Of a larger text only its beginning is the sample.
const HEAD: u64 = 8 << 20;
/// Larger packed files are no samples.
const LARGEST_PACKED: u64 = 64 << 20;
/// Records that are looked at.
const MOST_RECORDS: usize = 5_000;
/// Rows that are shown.
pub const ROWS: usize = 200;

/// A sample: the beginning of a file.
#[derive(Debug)]
pub struct Sample {
    /// The file.
    pub path: PathBuf,
    bytes: Vec<u8>,
    /// Only the beginning of the file was read.
    pub is_cut: bool,
    /// Records that were looked at.
    pub records: usize,
    /// The form they lie in.
    pub form: String,
    choice: Choice,
}

/// Which records are wanted.
pub struct SampleQuestion {
    /// The file.
    pub path: PathBuf,
    /// How the file is read in the session.
    pub choice: Choice,
    /// Records that none of these takes are looked at; where there are none, all.
    pub connectors: Connectors,
}

/// A sample, and what the form begins with.
pub type SampleAnswer = Result<(Arc<Sample>, Draft), String>;

/// Reads a sample and proposes what the form begins with.
pub fn sample(question: SampleQuestion, cancel: &CancelToken) -> SampleAnswer {
    let SampleQuestion {
        path,
        choice,
        connectors,
    } = question;
    let (bytes, is_cut) = head(&path)?;
    if cancel.is_cancelled() {
        return Err("Reading the sample was stopped".to_owned());
    }
    let source = Source {
        path: path.clone(),
        bytes: Some(bytes.clone()),
    };
    let wrong = |reason: String| format!("No record was found: {reason}");
    let form = choice.form.as_deref();
    let found = logs::sample(&source, form, &connectors, MOST_RECORDS).map_err(wrong)?;
    let mut draft = Draft::of(&found)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    draft.title = format!("Records like those of {name}");
    let sample = Sample {
        form: found.form.clone(),
        records: found.records.len(),
        bytes,
        is_cut,
        choice: Choice {
            connector: None,
            skip: false,
            ..choice
        },
        path,
    };
    Ok((Arc::new(sample), draft))
}

fn load(
    path: &std::path::Path,
    bytes: &[u8],
    choice: &Choice,
    connectors: &Connectors,
    cancel: &CancelToken,
) -> Dataset {
    let mut options = Options {
        connectors: connectors.clone(),
        ..Options::default()
    };
    options.choices.insert(path.to_owned(), choice.clone());
    let source = Source {
        path: path.to_owned(),
        bytes: Some(bytes.to_vec()),
    };
    Dataset::from_sources_options(vec![source], &options, cancel, &Progress::new())
}

/// The beginning of a file, and whether there is more of it.
fn head(path: &std::path::Path) -> Result<(Vec<u8>, bool), String> {
    let wrong = |e: std::io::Error| format!("{} cannot be read: {e}", path.display());
    let metadata = std::fs::metadata(path).map_err(wrong)?;
    if !metadata.is_file() {
        return Err(format!("{} is not a file", path.display()));
    }
    let mut file = File::open(path).map_err(wrong)?;
    let mut start = [0_u8; 4];
    let mut got = 0;
    while let Some(rest) = start.get_mut(got..).filter(|r| !r.is_empty()) {
        match file.read(rest).map_err(wrong)? {
            0 => break,
            n => got += n,
        }
    }
    let whole = matches!(
        start,
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd] | [b'P', b'A', b'R', b'1']
    );
    if whole && metadata.len() > LARGEST_PACKED {
        return Err(format!(
            "{} is too large for a sample: at most 64 MB where it is packed",
            path.display()
        ));
    }
    let most = if whole { LARGEST_PACKED } else { HEAD };
    let mut bytes = start.get(..got).unwrap_or_default().to_vec();
    file.take(most.saturating_sub(bytes.len() as u64))
        .read_to_end(&mut bytes)
        .map_err(wrong)?;
    let is_cut = (bytes.len() as u64) < metadata.len();
    if is_cut && let Some(end) = memchr::memrchr(b'\n', &bytes) {
        bytes.truncate(end + 1);
    }
    Ok((bytes, is_cut))
}

/// Try a connector file on a sample.
pub struct PreviewQuestion {
    /// The sample.
    pub sample: Arc<Sample>,
    /// The connector file.
    pub yaml: String,
    /// The person's other connector files.
    pub own: Vec<ConnectorFile>,
}

/// What a connector file makes of the sample.
#[derive(Debug, Default)]
pub struct Preview {
    /// The file that was tried.
    pub yaml: String,
    /// What is wrong with it; spans are byte offsets into it.
    pub diagnostics: Vec<Diagnostic>,
    /// The first rows of its table.
    pub rows: Option<Arc<Table>>,
    /// Records that became rows, and records in all.
    pub taken: (usize, usize),
    /// Records that were not taken, the first of them.
    pub rejected: Vec<Reject>,
    /// What is to be known of the records.
    pub notes: Vec<String>,
    /// The connector's id and its table.
    pub id: String,
    /// Its table.
    pub table: String,
}

impl Preview {
    /// Whether the file can be used.
    pub fn is_sound(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error) && !self.id.is_empty()
    }
}

/// Tries a connector file.
pub fn preview(question: PreviewQuestion, cancel: &CancelToken) -> Preview {
    let PreviewQuestion { sample, yaml, own } = question;
    let mut preview = Preview::default();
    let mut connectors = Connectors::default();
    let before: Vec<String> = connectors.list().map(|(id, _)| id.to_owned()).collect();
    for file in own {
        // One of the same name is replaced.
        connectors.add(&file.text);
    }
    preview.diagnostics = connectors.add(&yaml);
    preview.yaml = yaml;
    if preview.diagnostics.iter().any(Diagnostic::is_error) {
        return preview;
    }
    // The newest is asked first.
    let first = connectors.list().next().map(|(id, _)| id.to_owned());
    preview.id = first.unwrap_or_default();
    let data = load(
        &sample.path,
        &sample.bytes,
        &sample.choice,
        &connectors,
        cancel,
    );
    let Some(file) = data.files().first() else {
        return preview;
    };
    let names: HashSet<&str> = file.connector.split('+').collect();
    preview.rejected = file.rejected.iter().take(1_000).cloned().collect();
    preview.notes.clone_from(&file.notes);
    let of_others = names.iter().filter(|n| !n.is_empty() && **n != preview.id);
    let others: Vec<&str> = of_others.copied().collect();
    if !others.is_empty() {
        let others = others.join(", ");
        preview
            .notes
            .push(format!("Some records are taken by {others}"));
    }
    if before.contains(&preview.id) {
        let id = &preview.id;
        preview.notes.push(format!(
            "This takes the place of the bundled connector {id}"
        ));
    }
    let table = file.table.split('+').zip(file.connector.split('+'));
    let own_table = table
        .filter(|(_, c)| *c == preview.id)
        .map(|(t, _)| t.to_owned());
    preview.table = own_table.last().unwrap_or_default();
    if let Some(table) = data.table(&preview.table) {
        preview.taken = (table.rows, file.events + file.rejects());
        let columns = table
            .names
            .iter()
            .zip(&table.columns)
            .map(|(name, column)| {
                let shown = crate::value::Column {
                    ty: column.ty,
                    array: column.array.slice(0, table.rows.min(ROWS)),
                };
                (name.clone(), shown)
            });
        let mut rows = Table::new(columns.collect());
        rows.rows = table.rows.min(ROWS);
        preview.rows = Some(Arc::new(rows));
    } else {
        preview.taken = (0, file.events + file.rejects());
    }
    preview
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_becomes_a_connector_that_takes_all_of_it() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            (
                "door-events.ndjson",
                "{\"at\":\"2026-06-08T12:00:00Z\",\"door\":\"front\",\"who\":{\"name\":\"maya\"},\"open\":true,\"type\":\"x\"}\n{\"at\":\"2026-06-08T12:01:00Z\",\"door\":\"back\",\"who\":{\"name\":\"tom\"},\"open\":false,\"type\":\"x\"}\n",
            ),
            (
                "door.json",
                "[{\"at\":\"2026-06-08T12:00:00Z\",\"door\":\"front\",\"n\":1},\n{\"at\":\"2026-06-08T12:01:00Z\",\"door\":\"back\",\"n\":2}]",
            ),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            let question = SampleQuestion {
                path,
                choice: Choice::default(),
                connectors: Connectors::default(),
            };
            let (sample, draft) = super::sample(question, &CancelToken::new()).unwrap();
            assert_eq!(sample.records, 2, "{name}");
            assert!(draft.wrong().is_empty(), "{name}: {:?}", draft.wrong());
            let yaml = draft.yaml();
            let question = PreviewQuestion {
                sample,
                yaml: yaml.clone(),
                own: Vec::new(),
            };
            let preview = super::preview(question, &CancelToken::new());
            assert!(preview.is_sound(), "{:#?}\n{yaml}", preview.diagnostics);
            assert_eq!(preview.taken, (2, 2), "{name}\n{yaml}");
            let rows = preview.rows.unwrap();
            let at = rows.column("TimeGenerated").unwrap().value(0);
            let noon = crate::value::time::parse_datetime("2026-06-08T12:00:00Z").unwrap();
            assert_eq!(at, crate::value::Value::DateTime(noon), "{name}");
            assert_eq!(rows.column("door").unwrap().text(1), "back");
        }
    }
}
