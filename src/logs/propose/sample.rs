//! The first records of a file, of any form and whatever takes them.

use crate::logs::forms::{self, Judge};
use crate::logs::packed::Most;
use crate::logs::record::Ways;
use crate::logs::{Connectors, Options, Source, read, shapes, unpack};
use serde_json::{Map, Value as Json};

/// Bytes of a file that are looked at, where it is not packed.
const HEAD: u64 = 8 << 20;

/// What is packed takes no more: it is for a look at its first records.
const MOST: Most = Most {
    fits: None,
    unpacked: 1 << 30,
};

/// Some records of a log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// What the log is called: the path of its file.
    pub name: String,
    /// The form in which they lie.
    pub form: String,
    /// The records.
    pub records: Vec<Map<String, Json>>,
    /// Whether texts may be anything: those of CSV are all that there is of numbers and truth values.
    pub loose: bool,
}

impl Sample {
    /// A sample of JSON records; what is no object is left out.
    pub fn of_json(name: &str, records: impl IntoIterator<Item = Json>) -> Self {
        let objects = records.into_iter().filter_map(|record| match record {
            Json::Object(members) => Some(members),
            _ => None,
        });
        Self {
            name: name.to_owned(),
            records: objects.collect(),
            ..Self::default()
        }
    }

    /// The log type of Panther's that all records name.
    pub(super) fn log_type(&self) -> Option<String> {
        let mut types = self
            .records
            .iter()
            .map(|r| r.get("p_log_type").and_then(Json::as_str));
        let first = types.next().flatten()?;
        types.all(|ty| ty == Some(first)).then(|| first.to_owned())
    }

    /// The first records of some bytes, at most so many.
    pub(super) fn of_bytes(
        name: &str,
        bytes: Vec<u8>,
        form: Option<&str>,
        most: usize,
    ) -> Result<Self, String> {
        Self::read(name, bytes, form, &Connectors::default(), most)
    }

    fn read(
        name: &str,
        bytes: Vec<u8>,
        form: Option<&str>,
        connectors: &Connectors,
        most: usize,
    ) -> Result<Self, String> {
        let unpacked = unpack::unpack(bytes, MOST).map_err(Option::unwrap_or_default)?;
        let ways = Ways {
            connectors,
            late: Vec::new(),
            block: Options::default().late.1,
            only: None,
        };
        let form = if unpacked.parquet {
            Some(crate::logs::assemble::PARQUET)
        } else {
            form
        };
        let mut split = forms::split(&unpacked.text, unpacked.start, form, Judge(&ways));
        let found = std::mem::take(&mut split.found);
        let mut sample = Sample {
            name: name.to_owned(),
            form: split.form.to_owned(),
            ..Sample::default()
        };
        // Records that nobody takes; where there are none, all.
        let (mut taken, mut reason) = (Vec::new(), None);
        for found in found {
            if sample.records.len() >= most || taken.len() >= most {
                break;
            }
            let text = unpacked.text.get(found.range.clone()).unwrap_or_default();
            // A line may be a page or a list.
            let opened = forms::open_line(&unpacked.text, &found.range, found.line, Judge(&ways));
            let inner = match opened.filter(|_| matches!(found.reading, forms::Reading::Line)) {
                Some(split) => split.found,
                None => vec![found.clone()],
            };
            for found in inner {
                let text = unpacked.text.get(found.range.clone()).unwrap_or(text);
                match shapes::read(text, &found.reading) {
                    Ok(opened) => {
                        sample.loose |= opened.loose != Default::default();
                        let is_taken = ways.takes(&opened.event)
                            || shapes::inside(&ways, &opened.event).is_ok();
                        if let Json::Object(members) = opened.event.to_value() {
                            match is_taken {
                                true => taken.push(members),
                                false => sample.records.push(members),
                            }
                        }
                    }
                    Err(said) => reason = reason.or(Some(said)),
                }
            }
        }
        if sample.records.is_empty() {
            sample.records = taken;
        }
        sample.records.truncate(most);
        if sample.records.is_empty() {
            let first = split.rejects.into_iter().next().map(|reject| reject.reason);
            return Err(first
                .or(reason)
                .unwrap_or_else(|| "there is no record".to_owned()));
        }
        Ok(sample)
    }
}

/// The first records of a source that none of the connectors takes (where all are taken: the first ones), at most so
/// many. Of a large file that is not packed only the beginning is read.
///
/// # Errors
/// Why there are none, in one sentence.
pub fn sample(
    source: &Source,
    form: Option<&str>,
    connectors: &Connectors,
    most: usize,
) -> Result<Sample, String> {
    let bytes = match read::head(source, HEAD)? {
        Some(head) => head,
        None => read::bytes(source.clone())?,
    };
    let name = source.path.display().to_string();
    Sample::read(&name, bytes, form, connectors, most)
}
