//! Events that their connector's transform leaves out, among those whose rows are made late: what its `where` looks at
//! is read of each, and whether it gives a row is seen for many at once, before any is counted or numbered.

use super::assemble::whole;
use super::blocks::Block;
use super::connectors::{self, Cell, Connector, Remarks};
use super::ingest::CHUNK;
use super::lane::{self, Lane, Picks};
use super::picked::Seen;
use super::record::{Fate, Outcome, Taken, Ways};
use std::collections::BTreeMap;

/// The sieve of a connector whose rows are made late, where it has one.
fn sieve<'c>(ways: &Ways<'c>, at: usize) -> Option<(&'c Connector, &'c connectors::Sieve)> {
    let late = ways.late.get(at).copied().unwrap_or(false);
    let connector: &Connector = ways.connectors.get(at).filter(|_| late)?;
    Some((connector, connector.sieve()?))
}

/// Sees what becomes of events that were read strictly.
pub(super) fn sift<'o>(ways: &Ways<'_>, outcomes: impl Iterator<Item = &'o mut Outcome>) {
    let has_one = |at: usize| sieve(ways, at).is_some();
    let with: Vec<bool> = (0..ways.late.len()).map(has_one).collect();
    if !with.contains(&true) {
        return;
    }
    let mut waiting: BTreeMap<usize, Vec<&mut Taken>> = BTreeMap::new();
    for outcome in outcomes {
        gather(outcome, &with, &mut waiting);
    }
    for (at, mut all) in waiting {
        let Some((connector, sieve)) = sieve(ways, at) else {
            continue;
        };
        for part in all.chunks_mut(CHUNK) {
            let cells = part
                .iter_mut()
                .map(|taken| std::mem::take(&mut taken.cells));
            let records: Vec<Vec<Cell>> = cells.collect();
            let seen = connectors::survivors(connector, sieve, &records);
            for (n, taken) in part.iter_mut().enumerate() {
                taken.fate = match &seen {
                    Ok(survive) if survive.get(n) == Some(&true) => Fate::Stays,
                    Ok(_) => Fate::LeftOut,
                    Err(reason) => Fate::Failed(reason.clone()),
                };
            }
        }
    }
}

/// The events of connectors that have a sieve.
fn gather<'o>(
    outcome: &'o mut Outcome,
    with: &[bool],
    into: &mut BTreeMap<usize, Vec<&'o mut Taken>>,
) {
    match outcome {
        Outcome::Event(taken) => {
            if with.get(taken.connector) == Some(&true) {
                into.entry(taken.connector).or_default().push(taken);
            }
        }
        Outcome::Several(_, all) => all.iter_mut().for_each(|one| gather(one, with, into)),
        Outcome::Reject(_) => {}
    }
}

/// The sieves that one thread uses for the lines of a file. They go with one lane.
pub(super) struct Sieves<'c> {
    ways: Ways<'c>,
    /// By connector.
    all: Vec<Option<Known<'c>>>,
    /// Events of the block that is being read.
    waiting: Vec<Waiting>,
    text: Vec<u8>,
}

/// What is known of the records of a connector.
struct Known<'c> {
    connector: &'c Connector,
    sieve: &'c connectors::Sieve,
    picks: Picks<'c>,
    /// What was read of records, each distinct reading with a key.
    seen: Seen,
    /// By key, whether such records give rows.
    survive: Vec<bool>,
    /// What was read of the records of the keys behind those.
    fresh: Vec<Vec<Cell>>,
    /// How many events of the block there are.
    offered: usize,
}

/// An event of a block that may be left out.
struct Waiting {
    /// Which of the block's events it is.
    at: usize,
    connector: usize,
    key: u32,
    shape: Option<&'static str>,
    remarks: Remarks,
}

impl<'c> Sieves<'c> {
    pub fn new(ways: &Ways<'c>) -> Self {
        let known = |at: usize| {
            let (connector, sieve) = sieve(ways, at)?;
            Some(Known {
                connector,
                sieve,
                picks: Picks::new(&connector.inputs, &sieve.inputs),
                seen: Seen::default(),
                survive: Vec::new(),
                fresh: Vec::new(),
                offered: 0,
            })
        };
        Self {
            ways: ways.clone(),
            all: (0..ways.late.len()).map(known).collect(),
            waiting: Vec::new(),
            text: Vec::new(),
        }
    }

    /// A block begins.
    pub fn begin(&mut self) {
        // Of one that could not be read to its end.
        self.waiting.clear();
    }

    /// The key of the record that a lane has just taken; an inner none where its connector has no sieve, an outer one
    /// where the strict reader has to look at it.
    #[inline]
    pub fn key(&mut self, lane: &Lane, line: &[u8], taken: &lane::Taken) -> Option<Option<u32>> {
        match self.all.get_mut(taken.connector) {
            Some(Some(known)) => known.key(lane, line, taken, &mut self.text).map(Some),
            _ => Some(None),
        }
    }

    /// An event of the block, by number, waits to be seen.
    pub fn wait(&mut self, at: usize, key: u32, taken: &lane::Taken) {
        self.waiting.push(Waiting {
            at,
            connector: taken.connector,
            key,
            shape: taken.shape,
            remarks: taken.remarks,
        });
    }

    /// Sees what becomes of the events of a block that has been read.
    pub fn settle(&mut self, block: &mut Block) {
        sift(&self.ways, block.others.iter_mut().map(|(_, other)| other));
        if self.waiting.is_empty() {
            return;
        }
        let all = self.all.iter_mut();
        let failed = all.map(|known| known.as_mut()?.look().err());
        let failed: Vec<Option<String>> = failed.collect();
        let mut keep = vec![true; block.events.len()];
        let mut rejected = Vec::new();
        for event in self.waiting.drain(..) {
            let known = self.all.get(event.connector).and_then(Option::as_ref);
            let survives = known.and_then(|known| known.survive.get(event.key as usize));
            if survives == Some(&true) {
                block
                    .tally
                    .count(event.connector, event.shape, event.remarks);
                continue;
            }
            if let Some(slot) = keep.get_mut(event.at) {
                *slot = false;
            }
            match (survives, failed.get(event.connector)) {
                (None, Some(Some(reason))) => rejected.push((event.at, reason.clone())),
                _ => block.tally.dropped += 1,
            }
        }
        if keep.contains(&false) {
            leave_out(block, &keep, rejected);
        }
        self.all.iter_mut().flatten().for_each(Known::forget);
    }
}

impl Known<'_> {
    fn key(
        &mut self,
        lane: &Lane,
        line: &[u8],
        taken: &lane::Taken,
        text: &mut Vec<u8>,
    ) -> Option<u32> {
        lane.pick_taken(line, taken, &mut self.picks)?;
        let next = u32::try_from(self.survive.len() + self.fresh.len()).ok()?;
        if self.seen.useless {
            self.fresh.push(self.picks.cells(line)?);
            self.offered += 1;
            return Some(next);
        }
        self.picks.text(line, text);
        let hash = Seen::hash(text);
        if let Some(key) = self.seen.find(hash, text) {
            self.offered += 1;
            return Some(key);
        }
        self.fresh.push(self.picks.cells(line)?);
        self.seen.add(hash, text, next);
        self.offered += 1;
        Some(next)
    }

    /// Sees which of the fresh records give rows.
    fn look(&mut self) -> Result<(), String> {
        /// So many events show whether what they say comes again.
        const SAMPLE: usize = 256;
        if self.offered >= SAMPLE && self.fresh.len() > self.offered / 4 * 3 {
            self.seen.useless = true;
        }
        self.offered = 0;
        let fresh = std::mem::take(&mut self.fresh);
        let survive = connectors::survivors(self.connector, self.sieve, &fresh);
        if survive.is_err() {
            // The keys of these are not to be found again.
            self.seen.clear();
        }
        self.survive.extend(survive?);
        Ok(())
    }

    /// Forgets what would take too much memory, and what is of no use.
    fn forget(&mut self) {
        /// Most bytes of texts that are kept from one block to the next.
        const MOST: usize = 1 << 20;
        let emptied = self.seen.size() == 0;
        if emptied || self.seen.useless || self.seen.size() > MOST {
            self.seen.clear();
            self.survive.clear();
        }
    }
}

/// Leaves the events out of a block that are not kept; some of them are rejected, for a reason.
fn leave_out(block: &mut Block, keep: &[bool], rejected: Vec<(usize, String)>) {
    for (at, reason) in rejected {
        let line = u32::try_from(at).ok().and_then(|id| block.events.get(id));
        let line = line.map_or(0, |event| event.line as usize);
        let reject = Outcome::Reject(whole(line, reason));
        block.others.push((at, reject));
    }
    let mut kept = Vec::with_capacity(keep.len() + 1);
    let mut before = 0;
    for keep in keep {
        kept.push(before);
        before += usize::from(*keep);
    }
    for (at, _) in &mut block.others {
        *at = kept.get(*at).copied().unwrap_or(before);
    }
    block.others.sort_by_key(|(at, _)| *at);
    block.events.retain(keep);
}
