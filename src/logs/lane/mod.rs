//! The fast lane: records of known [shape](shapes) need no tree. What the strict reader and the connectors said of one
//! record of a shape holds for the next one, as long as everything they looked at is the same.

mod picks;
mod places;
mod shapes;

use super::connectors::{self, Cell, Connectors, Input, Member, Remarks};
use super::json::Node;
use super::shapes::SUSPECTS;
use places::{Asked, Spot, aliased, asked_of, looks, members, node, spot};
use shapes::{Found, Shapes};

pub(super) use picks::Picks;

/// Longer lines are looked into before they are read as one record.
pub(super) const LONG_LINE: usize = shapes::MOST_LINE;

/// What is known of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    /// How many bytes it has.
    pub length: usize,
    /// The connector that takes it.
    pub connector: usize,
    /// Its time, ticks.
    pub time: Option<i64>,
    /// What a person should know of it.
    pub remarks: Remarks,
    /// The shape that is told of its file.
    pub shape: Option<&'static str>,
    /// The number of its shape in this lane.
    number: usize,
}

/// What is kept of a shape.
#[derive(Debug)]
struct Known {
    members: Vec<(String, Spot)>,
    asked: Vec<Asked>,
    decisions: Vec<Decision>,
}

/// What the connectors said of records that look alike to them.
#[derive(Debug)]
struct Decision {
    looks: u128,
    connector: usize,
    shape: Option<&'static str>,
    time: Option<Spot>,
    /// Members whose text names another member.
    naming: Vec<usize>,
    /// The text that named a member last, and whether the member is there with dots only.
    named: Option<(Box<[u8]>, bool)>,
}

/// The lane of one thread. Lanes lie side by side: none shares a cache line with the one of another thread.
#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Lane {
    connectors: Connectors,
    /// What a connector looks at, by member; none where the lane cannot follow it.
    asked: Option<Vec<(String, Vec<String>)>>,
    shapes: Shapes,
    known: Vec<Known>,
    scalars: Found,
    /// How many records were of no known shape since one taught its own.
    untaught: usize,
}

impl Lane {
    /// A lane that knows no shape yet.
    pub fn new(connectors: &Connectors) -> Self {
        Self {
            connectors: connectors.clone(),
            asked: connectors.asked(),
            shapes: Shapes::default(),
            known: Vec::new(),
            scalars: Found::default(),
            untaught: 0,
        }
    }

    /// What is known of the record that a text begins with, up to the end of its line; none where the strict reader has
    /// to look at it.
    pub fn take(&mut self, text: &[u8]) -> Option<Taken> {
        let (shape, length) = self.shapes.walk(text, &mut self.scalars)?;
        let line = text.get(..length)?;
        let known = self.known.get_mut(shape as usize)?;
        let looks = looks(&known.asked, line, &self.scalars)?;
        let members = &known.members;
        let mut decisions = known.decisions.iter_mut();
        let decision = loop {
            let next = decisions.next()?;
            if next.looks == looks {
                break next;
            }
        };
        let mut remarks = Remarks::default();
        let time = match decision.time {
            None => connectors::instant(None, &mut remarks),
            Some(Spot::Inner(..)) => {
                connectors::instant(Some(&Node::List(Vec::new())), &mut remarks)
            }
            Some(Spot::Scalar(at)) => {
                let scalar = *self.scalars.get(at)?;
                match connectors::usual_seconds(scalar.of(line)?) {
                    Some(time) => Some(time),
                    None => connectors::instant(Some(&node(line, scalar)?), &mut remarks),
                }
            }
        };
        for naming in &decision.naming {
            let scalar = self.scalars.get(*naming)?;
            if scalar.is_escaped() {
                return None;
            }
            let text = scalar.of(line)?;
            remarks.aliased |= match &decision.named {
                Some((last, aliased)) if **last == *text => *aliased,
                _ => {
                    let aliased = aliased(text, members);
                    decision.named = Some((text.into(), aliased));
                    aliased
                }
            };
        }
        Some(Taken {
            length,
            connector: decision.connector,
            time,
            remarks,
            shape: decision.shape,
            number: shape as usize,
        })
    }

    /// Learns from a record that the strict reader took and that is the event itself: which connector took it, and
    /// the shape that is told of its file.
    pub fn learn(&mut self, line: &[u8], connector: usize, shape: Option<&'static str>) {
        // Best effort: what cannot be learnt is read strictly each time.
        let _ = self.try_learn(line, connector, shape);
    }

    fn try_learn(
        &mut self,
        line: &[u8],
        connector: usize,
        shape: Option<&'static str>,
    ) -> Option<()> {
        /// Most kinds of records of one shape.
        const MOST: usize = 64;
        self.asked.as_ref()?;
        let known = self.walk(line);
        if known.is_none() && self.is_tired() {
            return None;
        }
        let scalars = shapes::scalars(line)?;
        let number = match known {
            Some(number) => number,
            None => {
                let asked = self.asked.as_ref()?;
                let members = members(line, &scalars)?;
                // Whether these are wrapped or rows of a table depends on more than their shape.
                let is_there = |name: &&str| spot(&members, name).is_some();
                if spot(&members, "p_log_type").is_none() && SUSPECTS.iter().any(is_there) {
                    return None;
                }
                let asked = asked_of(asked, &members);
                let number = self.shapes.learn(line, &scalars)? as usize;
                debug_assert_eq!(number, self.known.len());
                self.known.push(Known {
                    members,
                    asked,
                    decisions: Vec::new(),
                });
                self.untaught = 0;
                number
            }
        };
        let known = self.known.get_mut(number)?;
        let looks = looks(&known.asked, line, &scalars)?;
        if known.decisions.len() >= MOST || known.decisions.iter().any(|d| d.looks == looks) {
            return None;
        }
        let def = self.connectors.get(connector)?;
        let input = def.inputs.get(def.time?)?;
        let Member::Named(time) = &input.from else {
            return None;
        };
        let naming = def.inputs.iter().filter_map(|input| match &input.from {
            Member::NamedBy(by) => spot(&known.members, by),
            Member::Named(_) | Member::Whole => None,
        });
        let naming = naming.filter_map(|spot| match spot {
            Spot::Scalar(at) => Some(at),
            Spot::Inner(..) => None,
        });
        known.decisions.push(Decision {
            looks,
            connector,
            shape,
            time: spot(&known.members, time),
            naming: naming.collect(),
            named: None,
        });
        Some(())
    }

    /// Whether a record of unknown shape is not looked at: after many that taught nothing it hardly ever does.
    fn is_tired(&mut self) -> bool {
        const PATIENCE: usize = 64;
        self.untaught += 1;
        self.untaught > PATIENCE && !self.untaught.is_multiple_of(PATIENCE)
    }

    /// The number of the shape of a record that is all of a text, with its scalars.
    fn walk(&mut self, record: &[u8]) -> Option<usize> {
        let (shape, length) = self.shapes.walk(record, &mut self.scalars)?;
        (length == record.len()).then_some(shape as usize)
    }

    /// Learns the shape of a record that is the event itself, as it was found when it was loaded.
    pub fn learn_shape(&mut self, line: &[u8]) -> Option<()> {
        if self.is_tired() || self.walk(line).is_some() {
            return None;
        }
        let scalars = shapes::scalars(line)?;
        let members = members(line, &scalars)?;
        self.shapes.learn(line, &scalars)?;
        let asked = asked_of(self.asked.as_deref().unwrap_or_default(), &members);
        self.known.push(Known {
            members,
            asked,
            decisions: Vec::new(),
        });
        self.untaught = 0;
        Some(())
    }

    /// The cells of some inputs (by number) of a record; none where it has to be parsed.
    pub fn cells(&mut self, line: &[u8], inputs: &[Input], wanted: &[usize]) -> Option<Vec<Cell>> {
        let mut picks = Picks::new(inputs, wanted);
        self.pick(line, &mut picks)?;
        picks.cells(line)
    }

    /// Finds the values of some inputs in a record; none where it has to be parsed.
    pub fn pick(&mut self, line: &[u8], picks: &mut Picks<'_>) -> Option<()> {
        let shape = self.walk(line)?;
        self.pick_of(shape, line, picks)
    }

    /// The same in the record that was [taken](Lane::take) last.
    pub fn pick_taken(&self, line: &[u8], taken: &Taken, picks: &mut Picks<'_>) -> Option<()> {
        self.pick_of(taken.number, line, picks)
    }

    /// The same in the record that was walked last.
    fn pick_of(&self, shape: usize, line: &[u8], picks: &mut Picks<'_>) -> Option<()> {
        let members = &self.known.get(shape)?.members;
        picks.find(shape, members, line, &self.scalars)
    }
}

#[cfg(test)]
mod tests;
