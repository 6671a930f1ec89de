//! Correlation rules: matches of other rules, joined by their values in time.
//!
//! `read` compiles the `Detection:` of a `correlation_rule` and says what is wrong with it, `split` takes the matches of
//! the nodes' rules apart by the value that joins them, `group` and `sequence` look for what was asked for,
//! `explain` says what was missing, `outputs` reads the `RuleOutputs` of a case and `raw` runs the rules over its raw
//! events.
//!
//! What joins. A field of a match criterion is a path into the event that the node's rule matched: `repo`,
//! `workflow_run.id`, `p_any_emails`. Below `p_alert_context.` it is a path into the alert context that the rule made for
//! the event (also of a rule that creates no alert). `p_rule_id` is the rule's id. Texts, numbers and booleans
//! join as text, a list joins by each of its items, objects, null and missing values join nothing.
//!
//! What counts (the platform tests these rules on its servers only; its public cases and style guide say so, and where
//! they are silent the reading below is taken):
//!
//! * Only matches within `LookbackWindowMinutes` (15) of each other count. A case is asked once, at its latest match.
//! * A group wants of every node at least `MinMatchCount` (1) and at most `MaxMatchCount` matches with one value, and
//!   of a node with `Absence` none. Each entry of `MatchCriteria` has a value of its own.
//! * A sequence wants its nodes in order, all of its `Match` fields having one and the same value. A node's last
//!   match and the next node's first are at most `WithinTimeFrameMinutes` (the lookback) apart; at the same time is
//!   in order. A node with `Absence` has no match between its neighbours; at either end, none within its time frame.
//! * Over logs, a rule is asked at every moment instead of at every tick of its `Schedule`, and each distinct match is
//!   given once: a group's is everything with the value within the lookback from its first match on; of a
//!   sequence, chains that run into each other are one. An absent node must have no match within the lookback
//!   before and after, as far as there is data up to the clock: a schedule may alert early and be
//!   proved wrong by a later event, this does not.
//! * `EventEvaluationOrder` changes in which order matches are given, not which there are.
//!
//! Refused, because nothing says what they mean: `MinMatchCount` of a whole group, `MaxMatchCount` in a sequence, and
//! a time frame beside an absent node in the middle of one.

mod explain;
mod group;
mod outputs;
mod raw;
mod read;
mod sequence;
mod split;
mod values;

pub use explain::Lack;
pub use outputs::outputs;
pub use raw::{Timeless, raw_events};
pub use read::read;
pub use values::{found, time_of};

use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::yaml::Step;

/// Ticks of 100 ns in a minute: the unit of every time here.
pub const MINUTE: i64 = 600_000_000;

/// A rule whose matches are joined.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// `ID`, or the rule's where the node has none.
    pub id: String,
    /// `RuleID`.
    pub rule_id: String,
    /// `MinMatchCount`.
    pub min: usize,
    /// `MaxMatchCount`.
    pub max: Option<usize>,
    /// `Absence`.
    pub absent: bool,
    /// The fields of its matches that join.
    pub fields: Vec<String>,
    /// The path of its `RuleID` in the document.
    pub path: Vec<Step>,
    /// Where that stands.
    pub span: Option<Span>,
}

/// One match of a node's rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// When its event was, in ticks.
    pub time: i64,
    /// The values of each of the node's fields, in their order.
    pub values: Vec<Vec<String>>,
    /// Whose it is: the caller's name of the event.
    pub event: u64,
}

/// Matches that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joined {
    /// What joins them: a criterion and its value. Empty where nothing has to be the same.
    pub values: Vec<(String, String)>,
    /// Time of the first.
    pub start: i64,
    /// Time of the last.
    pub end: i64,
    /// For every node the places of its matches in what was given, in time order.
    pub members: Vec<Vec<usize>>,
}

/// Fields that have to have one value.
#[derive(Clone, Debug, Default, PartialEq)]
struct Criterion {
    name: String,
    /// For every node which of its fields; none where the criterion says nothing of it.
    fields: Vec<Vec<usize>>,
}

/// How the nodes are asked for.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    Group,
    /// For every node but the last, the time frame to the next, in ticks.
    Sequence(Vec<Option<i64>>),
}

/// A compiled correlation rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    nodes: Vec<Node>,
    criteria: Vec<Criterion>,
    form: Form,
    lookback: i64,
    reverse: bool,
}

/// Steps that one evaluation may take: seconds at most.
const STEPS: u64 = 20_000_000;

/// What is left of the steps.
struct Budget(u64);

/// There are too many combinations to look at.
struct TooMany;

impl Budget {
    fn take(&mut self, steps: usize) -> Result<(), TooMany> {
        self.0 = self.0.checked_sub(steps as u64).ok_or(TooMany)?;
        Ok(())
    }
}

impl Correlation {
    /// The nodes, in the order of the document.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Whether the nodes have to come in order.
    pub fn is_sequence(&self) -> bool {
        matches!(self.form, Form::Sequence(_))
    }

    /// `LookbackWindowMinutes` in ticks.
    pub fn lookback(&self) -> i64 {
        self.lookback
    }

    /// An error for every node whose rule is not known.
    pub fn unknown_rules(&self, known: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        self.nodes
            .iter()
            .filter(|node| !known(&node.rule_id))
            .map(|node| {
                Diagnostic::new(
                    Severity::Error,
                    "panther-unknown-rule",
                    node.span,
                    format!("no rule has the id `{}`", node.rule_id),
                )
                .with_hint("Write the RuleID of a rule that is loaded beside this one")
            })
            .collect()
    }

    /// Asks a case: `found` has the matches of each node. Only those within the lookback of the latest count.
    ///
    /// # Errors
    /// A diagnostic where there are more combinations than can be looked at.
    pub fn evaluate(&self, found: &[Vec<Found>]) -> Result<Vec<Joined>, Diagnostic> {
        let Some(latest) = found.iter().flatten().map(|f| f.time).max() else {
            return Ok(Vec::new());
        };
        self.between(found, latest.saturating_sub(self.lookback), latest)
    }

    /// Every distinct match over all data up to a clock.
    ///
    /// # Errors
    /// A diagnostic where there are more combinations than can be looked at.
    pub fn run(&self, found: &[Vec<Found>], now: i64) -> Result<Vec<Joined>, Diagnostic> {
        self.between(found, i64::MIN, now)
    }

    fn between(&self, found: &[Vec<Found>], from: i64, to: i64) -> Result<Vec<Joined>, Diagnostic> {
        let mut budget = Budget(STEPS);
        let mut joined = Vec::new();
        let lists = self.lists(found, from, to);
        self.split(found, &lists, &mut budget, &mut |values, lists, budget| {
            let from = joined.len();
            match &self.form {
                Form::Group => self.group(found, lists, to, budget, &mut joined)?,
                Form::Sequence(gaps) => {
                    self.sequence(found, lists, gaps, budget, &mut joined)?;
                }
            }
            for one in joined.iter_mut().skip(from) {
                one.values = values.to_vec();
            }
            Ok(())
        })
        .map_err(|TooMany| too_many())?;
        joined.sort_by(|a, b| (a.start, a.end, &a.values).cmp(&(b.start, b.end, &b.values)));
        if self.reverse {
            joined.reverse();
        }
        Ok(joined)
    }

    /// For every node the places of its matches within a time, in time order.
    fn lists(&self, found: &[Vec<Found>], from: i64, to: i64) -> Vec<Vec<u32>> {
        (0..self.nodes.len())
            .map(|node| {
                let all = found.get(node).map_or(&[][..], Vec::as_slice);
                let mut list: Vec<u32> = (0u32..)
                    .zip(all)
                    .filter(|(_, f)| f.time >= from && f.time <= to)
                    .map(|(i, _)| i)
                    .collect();
                list.sort_by_key(|i| time(all, *i));
                list
            })
            .collect()
    }
}

fn too_many() -> Diagnostic {
    Diagnostic::new(
        Severity::Error,
        "panther-correlation-size",
        None,
        "the matches of this correlation's rules have more combinations than can be looked at",
    )
    .with_hint("Let every node take part in MatchCriteria, or in the Match of a transition, or load less data")
}

/// The time of a match by its place.
fn time(found: &[Found], place: u32) -> i64 {
    found.get(place as usize).map_or(i64::MIN, |f| f.time)
}
