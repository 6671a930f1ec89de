//! What is said of a file as a whole once its events are rows, and the time at which a dataset ends.

use super::connectors::Remarks;
use super::store::Events;
use super::{Duplicates, LogFile, Options, Reject};
use crate::value::time::DAY;
use std::collections::BTreeMap;

/// Rejects that are listed for a file.
pub(super) const MOST_REJECTS: usize = 10_000;

/// How far after the median event an event can move the clock: ten years.
const MOST_AHEAD: i64 = 3_653 * DAY;

/// The remarks of a file's events, counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    timeless: usize,
    bad_time: usize,
    implausible: usize,
    other_unit: usize,
    aliased: usize,
    rounded: usize,
    unfit: usize,
    turned_back: usize,
    pub dropped: usize,
    shapes: BTreeMap<&'static str, usize>,
    connectors: Vec<usize>,
}

/// What is said of a file once all its events are rows.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub packing: &'static str,
    pub form: &'static str,
    pub forms: Vec<&'static str>,
    pub tally: Tally,
    /// Rejects that are not listed.
    pub unlisted: usize,
}

/// Keeps the first rejects of a file, by line; gives the number of the others.
pub(super) fn shorten(rejects: &mut Vec<Reject>) -> usize {
    rejects.sort_by_key(|reject| reject.line);
    let more = rejects.len().saturating_sub(MOST_REJECTS);
    rejects.truncate(MOST_REJECTS);
    more
}

impl Tally {
    /// Adds the counts of another.
    pub fn join(&mut self, other: &Tally) {
        self.timeless += other.timeless;
        self.bad_time += other.bad_time;
        self.implausible += other.implausible;
        self.other_unit += other.other_unit;
        self.aliased += other.aliased;
        self.rounded += other.rounded;
        self.unfit += other.unfit;
        self.turned_back += other.turned_back;
        self.dropped += other.dropped;
        for (shape, count) in &other.shapes {
            *self.shapes.entry(shape).or_default() += count;
        }
        if self.connectors.len() < other.connectors.len() {
            self.connectors.resize(other.connectors.len(), 0);
        }
        for (count, more) in self.connectors.iter_mut().zip(&other.connectors) {
            *count += more;
        }
    }

    /// Counts an event.
    #[inline]
    pub fn count(&mut self, connector: usize, shape: Option<&'static str>, remarks: Remarks) {
        if remarks != Remarks::default() {
            self.remark(remarks);
        }
        if let Some(shape) = shape {
            *self.shapes.entry(shape).or_default() += 1;
        }
        if self.connectors.len() <= connector {
            self.connectors.resize(connector + 1, 0);
        }
        if let Some(count) = self.connectors.get_mut(connector) {
            *count += 1;
        }
    }

    fn remark(&mut self, remarks: Remarks) {
        let Remarks {
            timeless,
            bad_time,
            implausible,
            other_unit,
            aliased,
            rounded,
            unfit,
            turned_back,
        } = remarks;
        self.timeless += usize::from(timeless);
        self.bad_time += usize::from(bad_time);
        self.implausible += usize::from(implausible);
        self.other_unit += usize::from(other_unit && !bad_time && !implausible);
        self.aliased += usize::from(aliased);
        self.rounded += usize::from(rounded);
        self.unfit += usize::from(unfit);
        self.turned_back += usize::from(turned_back);
    }
}

/// The time of the last event. One more than ten years after the median event is passed over and noted:
/// a single slip of a digit must not move the clock away from all other events.
pub(super) fn end(events: &Events, files: &mut [LogFile]) -> Option<i64> {
    let (first, last) = super::events::span(events.times())?;
    if last <= first.saturating_add(MOST_AHEAD) {
        return Some(last);
    }
    let mut times: Vec<i64> = super::events::known(events.times()).collect();
    let middle = times.len().checked_sub(1)? / 2;
    let (_, median, _) = times.select_nth_unstable(middle);
    let latest = median.saturating_add(MOST_AHEAD);
    let mut beyond: BTreeMap<usize, usize> = BTreeMap::new();
    for (ids, stretch) in events.stretches() {
        let count = events.times_of(&ids).iter().filter(|time| **time > latest);
        let count = count.count();
        if count > 0 {
            *beyond.entry(stretch.file as usize).or_default() += count;
        }
    }
    for (file, count) in beyond {
        if let Some(file) = files.get_mut(file) {
            let events = if count == 1 { "event" } else { "events" };
            file.notes.push(format!(
                "{count} {events}: the time lies more than ten years after that of the others; the clock does not follow"
            ));
        }
    }
    times.into_iter().filter(|time| *time <= latest).max()
}

/// Fills in what is said of the file as a whole.
pub(super) fn describe(file: &mut LogFile, options: &Options, open: &Open) {
    let connectors = &options.connectors;
    let tally = &open.tally;
    let own = [open.form];
    let forms = if open.forms.is_empty() {
        own.as_slice()
    } else {
        open.forms.as_slice()
    };
    let form = match (forms, tally.shapes.iter().next()) {
        // Lines or a list of rows: the shape says more than that.
        ([form @ ("ndjson" | "json_array" | "json_object")], Some((shape, count)))
            if tally.shapes.len() == 1 && *count == file.events =>
        {
            if *shape == "data_export_blob" && *form != "ndjson" {
                form
            } else {
                shape
            }
        }
        ([form], _) => form,
        _ => "mixed",
    };
    file.form = format!("{}{form}", open.packing);
    let used = || {
        let counts = connectors.iter().zip(&tally.connectors);
        counts.filter(|(_, n)| **n > 0).map(|(c, _)| c)
    };
    let joined = |names: Vec<&str>| names.join("+");
    file.connector = joined(used().map(|c| c.id.as_str()).collect());
    file.table = joined(used().map(|c| c.table()).collect());
    let duplicates = file.duplicates;
    let mut note = |count: usize, what: &str| {
        if count > 0 {
            let events = if count == 1 { "event" } else { "events" };
            file.notes.push(format!("{count} {events}: {what}"));
        }
    };
    note(
        tally.aliased,
        "the details stand under the API's key with dots; for Panther rules they are also given under the key with underscores",
    );
    note(
        if used().any(|c| c.in_seconds) {
            tally.other_unit
        } else {
            0
        },
        "the time was not in unix seconds (milliseconds or finer, or text) and was read as such",
    );
    note(
        tally.timeless,
        "no time (on the platform it would be the time of ingestion); TimeGenerated is null",
    );
    note(
        tally.bad_time,
        "the time could not be read; TimeGenerated is null",
    );
    note(
        tally.implausible,
        "the time lies before 2015 or after 2099 and cannot be right; TimeGenerated is null",
    );
    note(
        tally.turned_back,
        "a table's row or a document, turned back into the raw event; its other fields are not kept",
    );
    note(tally.dropped, "left out by the connector's transform");
    let counted = match options.duplicates {
        Duplicates::Once => "already loaded from another file, counted once",
        Duplicates::Each => "already loaded from another file, counted each time",
    };
    note(duplicates, counted);
    note(
        tally.unfit,
        "a number does not fit the whole numbers of its column and stands empty there; the raw text keeps it",
    );
    note(
        tally.rounded,
        "a number beyond 64 bits was rounded in the table; the raw text keeps it",
    );
    let more = open.unlisted + shorten(&mut file.rejected);
    file.unlisted = more;
    if more > 0 {
        file.notes.push(format!(
            "{more} more records were rejected and are not listed"
        ));
    }
}
