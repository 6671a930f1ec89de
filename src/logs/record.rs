//! One record, read: which connector takes it, or why none does.

use super::connectors::{self, Cell, Connectors, Remarks};
use super::forms::{self, Found, Reading, excerpt};
use super::lane::LONG_LINE;
use super::{Reject, shapes};
use rayon::prelude::*;

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
    /// Whether its connector makes columns when somebody asks for them; it has no cells then, but a time.
    pub late: bool,
    pub time: Option<i64>,
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
    let connectors = ways.connectors;
    let is_line = matches!(found.reading, Reading::Line);
    if is_line
        && (found.range.len() > LONG_LINE || text.get(found.range.start) == Some(&b'['))
        && let Some(split) = forms::open_line(text, &found.range, found.line)
    {
        return several(ways, text, split, file);
    }
    let record = text.get(found.range.clone()).unwrap_or_default();
    let result = shapes::read(record, &found.reading).and_then(|opened| {
        let index = match ways.only {
            Some(chosen) => chosen,
            None => connectors.find(&opened.event)?,
        };
        let connector = connectors.get(index).ok_or("no such connector")?;
        Ok((opened, index, connector))
    });
    match result {
        Ok((opened, index, connector)) => {
            let late = ways.late.get(index).copied().unwrap_or(false);
            let (cells, time, mut remarks) = if late {
                let (time, remarks) = connectors::look(connector, &opened.event);
                (Vec::new(), time, remarks)
            } else {
                let (cells, remarks) = connectors::read(connector, &opened.event);
                (cells, None, remarks)
            };
            remarks.rounded = opened.rounded;
            remarks.turned_back = opened.row;
            Outcome::Event(Box::new(Taken {
                file,
                found: found.clone(),
                connector: index,
                cells,
                remarks,
                shape: opened.shape,
                late,
                time,
            }))
        }
        Err(reason) => {
            // A line that is no event may be a page or list of them.
            if is_line && let Some(split) = forms::open_line(text, &found.range, found.line) {
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

fn several(ways: &Ways<'_>, text: &[u8], split: forms::Split, file: usize) -> Outcome {
    let mut outcomes: Vec<Outcome> = split
        .found
        .par_iter()
        .map(|found| outcome(ways, text, found, file))
        .collect();
    outcomes.extend(split.rejects.into_iter().map(Outcome::Reject));
    Outcome::Several(split.form, outcomes)
}
