//! One record, read: which connector takes it, or why none does.

use super::connectors::{self, Cell, Connectors, Remarks};
use super::forms::{self, Found, Judge, Reading, excerpt};
use super::json::Node;
use super::lane::LONG_LINE;
use super::{Reject, shapes};
use rayon::prelude::*;
use std::sync::Arc;

/// How records are read.
#[derive(Clone)]
pub(super) struct Ways<'c> {
    /// The connectors they are offered to.
    pub connectors: &'c Connectors,
    /// Which of them make their columns when somebody asks for one.
    pub late: Vec<bool>,
    /// Bytes of a block of lines.
    pub block: usize,
    /// The one that takes all records of the current file, where a person chose it.
    pub only: Option<usize>,
}

impl Ways<'_> {
    /// The connector that takes an event. One that was chosen is the only one that is asked.
    ///
    /// # Errors
    /// Why none takes it.
    pub fn find(&self, event: &Node<'_>) -> Result<usize, String> {
        let Some(only) = self.only else {
            return self.connectors.find(event);
        };
        let connector = self
            .connectors
            .get(only)
            .filter(|c| c.recognise.holds(event));
        let reason = || "the chosen connector does not recognise it".to_owned();
        connector.map(|_| only).ok_or_else(reason)
    }

    /// Whether a connector takes an event.
    pub fn takes(&self, event: &Node<'_>) -> bool {
        match self.only {
            Some(_) => self.find(event).is_ok(),
            None => {
                let mut all = self.connectors.iter();
                all.any(|c| self.connectors.takes(c, event))
            }
        }
    }
}

/// One record, read.
pub(super) enum Outcome {
    Event(Box<Taken>),
    Reject(Reject),
    Several(&'static str, Vec<Outcome>),
}

/// An event whose row is not made yet.
pub(super) struct Taken {
    pub file: usize,
    pub found: Found,
    pub connector: usize,
    pub cells: Vec<Cell>,
    pub remarks: Remarks,
    pub shape: Option<&'static str>,
    /// Whether its connector makes columns when somebody asks for them; it has a time then, and no cells but those
    /// that tell whether it is left out.
    pub late: bool,
    pub time: Option<i64>,
    /// Of a late one, as far as it is known.
    pub fate: Fate,
}

/// What becomes of an event whose row is made late.
#[derive(Default)]
pub(super) enum Fate {
    /// It gives a row.
    #[default]
    Stays,
    /// The transform leaves it out.
    LeftOut,
    /// The transform failed.
    Failed(String),
}

impl Taken {
    /// Whether its text is the event itself.
    pub fn plain(&self) -> bool {
        matches!(self.found.reading, Reading::Line | Reading::Object)
            && !self.remarks.turned_back
            && matches!(self.shape, None | Some(shapes::ENRICHED))
    }
}

impl Outcome {
    /// Moves it by an offset into the file.
    pub fn shift(&mut self, by: u64) {
        match self {
            Outcome::Event(taken) => taken.found.base = by,
            Outcome::Reject(_) => {}
            Outcome::Several(_, all) => all.iter_mut().for_each(|one| one.shift(by)),
        }
    }

    /// Moves it further, by so many bytes.
    pub fn move_by(&mut self, by: u64) {
        match self {
            Outcome::Event(taken) => taken.found.base += by,
            Outcome::Reject(_) => {}
            Outcome::Several(_, all) => all.iter_mut().for_each(|one| one.move_by(by)),
        }
    }

    /// Moves it by a number of lines.
    pub fn move_lines(&mut self, by: usize) {
        match self {
            Outcome::Event(taken) => taken.found.line += by,
            Outcome::Reject(reject) => reject.line += by,
            Outcome::Several(_, all) => all.iter_mut().for_each(|one| one.move_lines(by)),
        }
    }
}

/// Reads a record, or what a line holds that is none.
pub(super) fn outcome(ways: &Ways<'_>, text: &[u8], found: &Found, file: usize) -> Outcome {
    let is_line = matches!(found.reading, Reading::Line);
    if is_line
        && (found.range.len() > LONG_LINE || text.get(found.range.start) == Some(&b'['))
        && let Some(split) = forms::open_line(text, &found.range, found.line, Judge(ways))
    {
        return several(ways, text, split, file);
    }
    let record = text.get(found.range.clone()).unwrap_or_default();
    let result = shapes::read(record, &found.reading).and_then(|opened| {
        let (opened, index, wrapped) = match ways.find(&opened.event) {
            Ok(index) => (opened, index, None),
            Err(reason) => {
                inside(ways, opened, record, &found.reading).map_err(|r| r.unwrap_or(reason))?
            }
        };
        let connector = ways.connectors.get(index).ok_or("no such connector")?;
        Ok((opened, index, connector, wrapped))
    });
    match result {
        Ok((opened, index, connector, wrapped)) => {
            let late = ways.late.get(index).copied().unwrap_or(false);
            let (cells, time, mut remarks) = if late {
                let (time, remarks) = connectors::look(connector, &opened.event);
                let wanted = connector.sieve().map_or(&[][..], |sieve| &sieve.inputs);
                let cells = connectors::pick(connector, &opened.event, opened.loose, wanted);
                (cells, time, remarks)
            } else {
                let (cells, remarks) = connectors::read(connector, &opened.event, opened.loose);
                (cells, None, remarks)
            };
            let (unfit, rounded) = connectors::beyond(connector, &opened.event, opened.loose);
            remarks.unfit = unfit;
            remarks.rounded = (opened.rounded && !unfit) || rounded;
            remarks.turned_back = opened.row;
            Outcome::Event(Box::new(Taken {
                file,
                found: match wrapped {
                    Some(reading) => Found {
                        reading,
                        ..found.clone()
                    },
                    None => found.clone(),
                },
                connector: index,
                cells,
                remarks,
                shape: opened.shape,
                late,
                time,
                fate: Fate::default(),
            }))
        }
        Err(reason) => {
            // A line that is no event may be a page or list of them.
            if is_line
                && let Some(split) = forms::open_line(text, &found.range, found.line, Judge(ways))
            {
                return several(ways, text, split, file);
            }
            Outcome::Reject(Reject {
                line: found.line,
                reason,
                excerpt: excerpt(record),
            })
        }
    }
}

/// The event that a record is wrapped around, its connector, and how it is read.
type Inner<'r> = (shapes::Opened<'r>, usize, Option<Reading>);

/// Looks for an event inside a record that no connector takes.
fn inside<'r>(
    ways: &Ways<'_>,
    opened: shapes::Opened<'r>,
    record: &'r [u8],
    reading: &Reading,
) -> Result<Inner<'r>, Option<String>> {
    let found = shapes::inside(ways, &opened.event);
    if let (Err(None), Some(only)) = (&found, ways.only) {
        // A person said who takes it.
        return Ok((opened, only, None));
    }
    let (path, index) = found?;
    let reading = Reading::Inside(Arc::new((reading.clone(), path)));
    let opened = shapes::read(record, &reading).map_err(Some)?;
    Ok((opened, index, Some(reading)))
}

fn several(ways: &Ways<'_>, text: &[u8], split: forms::Split, file: usize) -> Outcome {
    let mut outcomes: Vec<Outcome> = split
        .found
        .par_iter()
        .map(|found| outcome(ways, text, found, file))
        .collect();
    outcomes.extend(split.rejects.into_iter().map(Outcome::Reject));
    Outcome::Several(split.form, outcomes)
}
