//! Stretches that records of a shape have in common, scalars and all.
//!
//! Most scalars of a record say the same as in the record before: `"object":"chat.completion"`, a temperature of 1,
//! a null. After some records of a shape, what was the same in nearly all of them becomes one long piece, compared at
//! once; a record that differs follows the plain pieces, as before. A run ends where shapes part.

use super::{MOST_BYTES, MOST_PIECES, Piece, Scalar, Shapes, Then};

/// So many records show what stays the same,
const RECORDS: u32 = 32;
/// though in so many of them it may differ.
const MOST_OTHERS: u32 = 4;
/// Most runs of a place. Where there would be more, what differs is an event's type or the like: it gets none.
const MOST_RUNS: u8 = 4;
const CLOSED: u8 = u8::MAX;

/// What the first records of a shape have in common.
#[derive(Debug)]
pub(super) struct Practice {
    line: Box<[u8]>,
    scalars: Box<[Scalar]>,
    /// How many records had another one, by scalar.
    others: Box<[u32]>,
    /// The places before the scalars, and before the end.
    path: Vec<usize>,
    records: u32,
}

impl Practice {
    pub fn new(line: &[u8], scalars: &[Scalar], path: Vec<usize>) -> Self {
        Self {
            line: line.into(),
            scalars: scalars.into(),
            others: vec![0; scalars.len()].into(),
            path,
            records: 0,
        }
    }

    fn compare(&mut self, line: &[u8], scalars: &[Scalar]) {
        self.records += 1;
        for ((others, own), other) in self.others.iter_mut().zip(&self.scalars).zip(scalars) {
            let same = own.of(&self.line).is_some() && own.of(&self.line) == other.of(line);
            *others += u32::from(!same);
        }
    }
}

impl Shapes {
    /// Takes notice of one more record of a shape that has no runs yet.
    #[cold]
    pub(super) fn practise(&mut self, shape: u32, line: &[u8], scalars: &[Scalar]) {
        let Some(slot) = self.practice.get_mut(shape as usize) else {
            return;
        };
        let Some(practice) = slot else {
            return;
        };
        practice.compare(line, scalars);
        if practice.records >= RECORDS
            && let Some(practice) = slot.take()
        {
            // Best effort: where a run cannot be laid the plain pieces stay.
            let _ = self.lay(&practice);
        }
    }

    fn lay(&mut self, practice: &Practice) -> Option<()> {
        let mut at = 0;
        while at < practice.scalars.len() {
            let from = at;
            while practice.others.get(at).is_some_and(|n| *n <= MOST_OTHERS)
                && !self.parts(practice, at)
            {
                at += 1;
            }
            let place = *practice.path.get(from)?;
            if from < at && self.is_open(place) {
                self.lay_run(practice, from, at)?;
            }
            // The scalar behind a run is found in the plain way, or the run's first where none can be laid.
            at = if self.is_open(place) {
                at + 1
            } else {
                from + 1
            };
        }
        Some(())
    }

    /// Whether shapes part behind a scalar, or the record ends.
    fn parts(&self, practice: &Practice, scalar: usize) -> bool {
        let next = practice.path.get(scalar + 1);
        let next = next.and_then(|place| self.places.get(*place));
        scalar + 1 >= practice.scalars.len()
            || next.is_none_or(|p| p.pieces.iter().filter(|p| p.is_plain()).count() > 1)
    }

    /// Whether a place can have a run more; one that cannot loses those it has.
    fn is_open(&mut self, place: usize) -> bool {
        let Some(place) = self.places.get_mut(place) else {
            return false;
        };
        if place.runs == MOST_RUNS {
            place.runs = CLOSED;
            place.pieces.retain(Piece::is_plain);
            place.settle(&self.text);
        }
        place.runs < MOST_RUNS
    }

    /// Lays a run over the scalars from one to before another.
    fn lay_run(&mut self, practice: &Practice, from: usize, to: usize) -> Option<()> {
        let before = match from.checked_sub(1) {
            Some(last) => practice.scalars.get(last)?.end(),
            None => 0,
        };
        let place = u32::try_from(*practice.path.get(to + 1)?).ok()?;
        let behind = practice.scalars.get(to)?.start();
        let text = practice.line.get(before..behind)?;
        let then = Then::Scalar(place);
        if self.pieces >= MOST_PIECES || self.text.len() + text.len() > MOST_BYTES {
            return None;
        }
        let place = *practice.path.get(from)?;
        if self.has_run(place, text) {
            return Some(());
        }
        let within = practice.scalars.get(from..to)?.iter();
        let within =
            within.map(|s| Scalar::new(s.start() - before, s.end() - before, s.is_escaped()));
        let within: Vec<Scalar> = within.collect();
        self.add(place, text, &within, then)?;
        let place = self.places.get_mut(place)?;
        place.runs += 1;
        if place.index.is_none() {
            place.pieces.rotate_right(1);
            place.settle(&self.text);
        }
        Some(())
    }

    fn has_run(&self, place: usize, text: &[u8]) -> bool {
        let pieces = self.places.get(place).map(|p| p.pieces.as_slice());
        pieces
            .unwrap_or_default()
            .iter()
            .any(|piece| !piece.is_plain() && piece.of(&self.text) == Some(text))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Found, scalars};
    use super::*;

    fn line(id: usize, kind: &str, country: &str) -> Vec<u8> {
        format!(r#"{{"object":"log","id":"a{id}","type":"{kind}","at":{id},"where":{{"country":"{country}","asn":"1","port":443}},"ok":true,"{kind}":{{}}}}"#)
            .into_bytes()
    }

    /// Runs or none, the scalars that the walk finds are those that are there.
    #[test]
    fn a_run_finds_the_same_scalars() {
        let mut shapes = Shapes::default();
        let kinds = [
            "made",
            "sent",
            "gone",
            "role.made",
            "role.gone",
            "role.sent",
        ];
        for kind in kinds {
            let first = line(1, kind, "NL");
            let found = scalars(&first).unwrap();
            shapes.learn(&first, &found).unwrap();
        }
        let mut found = Found::default();
        let mut rng = fastrand::Rng::with_seed(3);
        for n in 0..4_000 {
            let country =
                ["NL", "NL", "NL", "NL", "NL", "NL", "NL", "B", "N\\n", "}"][rng.usize(..10)];
            let line = line(n, kinds[n % kinds.len()], country);
            assert_eq!(
                shapes.walk(&line, &mut found).map(|w| w.1),
                Some(line.len()),
                "{n}"
            );
            assert_eq!(
                *found,
                scalars(&line).unwrap(),
                "{}",
                String::from_utf8_lossy(&line)
            );
        }
        let runs = |place: &super::super::Place| place.pieces.iter().any(|p| !p.is_plain());
        assert!(shapes.places.iter().filter(|place| runs(place)).count() >= 2);
        assert!(shapes.places.iter().any(|place| place.index.is_some()));
    }
}
