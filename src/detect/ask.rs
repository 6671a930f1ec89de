//! Asks a Panther detection about the loaded events of its log types, whatever it is made of.

use super::Asked;
use super::again::{Again, Events};
use super::asked::{Chosen, One};
use super::engine::{Engine, Kept};
use super::exceptions::Raised;
use crate::diagnostic::{Diagnostic, Severity};
use crate::event::EventJson;
use crate::logs::Dataset;
use crate::panther::guard::Guard;
use crate::panther::{self, Matcher, Mode, Outcome, Understood, simple};
use crate::task::CancelToken;
use crate::value::EventId;
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Events are asked about in portions: a cancelled run ends soon, and the memory of one portion serves the next while
/// it is still warm.
const PORTION: usize = 2_048;

/// The first portions are smaller, so that the first matches are soon there.
const FIRST: usize = 32;

/// An event that matched, and what was said of it.
#[derive(Clone)]
pub(super) struct Found {
    pub id: EventId,
    pub event: Arc<EventJson>,
    pub outcome: Arc<Outcome>,
    /// Whether no interpreter was asked.
    pub native: bool,
}

/// After the first matches, the next are told no sooner: what is told is made for whoever looks, and takes time.
const TOLD: Duration = Duration::from_millis(30);

/// Whoever waits for the first matches.
pub(super) type Telling<'a> = dyn FnMut(Vec<Found>) + 'a;

/// What a detection said.
#[derive(Default)]
pub(super) struct Answers {
    /// The events it matched, in time order.
    pub found: Vec<Found>,
    /// How many it was asked about.
    pub asked: Asked,
    /// What is understood of the body.
    pub understood: Option<Understood>,
    /// The events that the rule was understood to refuse.
    pub refused: Events,
    /// What functions raised; spans in the body.
    pub diagnostics: Vec<(std::path::PathBuf, Diagnostic)>,
}

/// A detection to be asked.
pub(super) struct Question<'a> {
    pub rule: &'a panther::Rule,
    /// Its Python, and where that stands.
    pub body: &'a str,
    pub body_path: &'a Path,
    pub data: &'a Dataset,
    /// Events later than this are not there yet.
    pub now: i64,
    pub cancel: &'a CancelToken,
    /// What was said before an edit.
    pub again: &'a Again,
}

impl Question<'_> {
    /// Asks as the platform does in production. Keeps the interpreter for the next question. Tells the first matches
    /// when there are some, and again when there are several times as many.
    ///
    /// # Errors
    /// What kept the detection from being asked, or stopped it; spans in the body.
    pub fn ask(
        &self,
        kept: &mut Option<Kept>,
        tell: Option<&mut Telling<'_>>,
    ) -> Result<Answers, Vec<Diagnostic>> {
        match &self.rule.matcher {
            Matcher::Simple(Some(detection)) => self.ask_simple(detection),
            Matcher::Python | Matcher::Derived(_) => self.ask_python(kept, tell),
            // Told before: there is nothing to run.
            Matcher::Simple(None) | Matcher::Correlation(_) => Ok(Answers::default()),
        }
    }

    fn chosen(&self, guard: &Guard) -> (Chosen<'_>, Asked) {
        let chosen = Chosen::of(&self.rule.log_types, self.data, self.now, guard);
        let asked = Asked {
            asked: chosen.len(),
            events: chosen.events,
        };
        (chosen, asked)
    }

    fn ask_simple(&self, detection: &simple::Detection) -> Result<Answers, Vec<Diagnostic>> {
        let facts = simple::Facts {
            id: self.rule.id.clone(),
            severity: self.rule.severity.clone(),
            create_alert: self.rule.create_alert,
        };
        let (chosen, asked) = self.chosen(&Guard::default());
        let mut found = Vec::new();
        let mut raised = Raised::default();
        let mut from = 0;
        while from < chosen.len() {
            let portion = chosen.portion(from, PORTION, self.again)?;
            from += PORTION;
            let outcomes: Vec<Outcome> = portion
                .par_iter()
                .map(|One { event, .. }| {
                    self.rule.filtered(event.json()).unwrap_or_else(|| {
                        detection.outcome(event.json(), &facts, Mode::Production)
                    })
                })
                .collect();
            for (One { id, event, .. }, outcome) in portion.into_iter().zip(outcomes) {
                raised.note(&outcome, id);
                if outcome.is_match() {
                    found.push(Found {
                        id,
                        event,
                        outcome: Arc::new(outcome),
                        native: false,
                    });
                }
            }
            if self.cancel.is_cancelled() {
                return Err(vec![cancelled()]);
            }
        }
        Ok(Answers {
            found,
            asked,
            understood: None,
            refused: Events::default(),
            diagnostics: raised.diagnostics("", self.body_path, self.data),
        })
    }

    fn ask_python(
        &self,
        kept: &mut Option<Kept>,
        tell: Option<&mut Telling<'_>>,
    ) -> Result<Answers, Vec<Diagnostic>> {
        std::thread::scope(|scope| {
            let engine = Engine::begin(scope, self, kept.take());
            let (answers, engine) = self.ask_engine(engine, tell)?;
            *kept = Some(engine.keep()?);
            Ok(answers)
        })
    }

    fn ask_engine<'scope>(
        &self,
        mut engine: Engine<'scope>,
        mut tell: Option<&mut Telling<'_>>,
    ) -> Result<(Answers, Engine<'scope>), Vec<Diagnostic>> {
        let (mut chosen, asked) = self.chosen(engine.guard());
        let unchanged = self.again.unchanged(&engine.understood());
        let mut refused = Events::default();
        let mut raised = Raised::default();
        if unchanged.contains(&"rule") {
            refused.clone_from(self.again.refused());
            chosen.leave_out(|id| refused.holds(id));
        }
        raised.cannot_match(asked.events.saturating_sub(chosen.len()));
        let mut found: Vec<Found> = Vec::new();
        let (mut from, mut size) = (0, FIRST);
        let mut next_told = (1, None::<Instant>);
        let mut portion = chosen.portion(from, size, self.again)?;
        while from < chosen.len() {
            self.filter(&mut portion, &mut raised);
            from += size;
            size = (size * 2).min(PORTION);
            // The next ones are read while the interpreter has these. Only they are read by the pool: its threads do
            // not wait.
            let mut next = Ok(Vec::new());
            let outcomes = rayon::in_place_scope(|scope| {
                scope.spawn(|_| next = chosen.portion(from, size, self.again));
                self.outcomes(&mut engine, &portion, &unchanged)
            });
            // The interpreter may be of no use after a limit: it is dropped, and started anew next time.
            for (One { id, event, .. }, (outcome, native)) in portion.into_iter().zip(outcomes?) {
                raised.note(&outcome, id);
                if outcome.is_match() {
                    found.push(Found {
                        id,
                        event,
                        outcome,
                        native,
                    });
                } else if native && matches!(outcome.matched, Some(Ok(_))) {
                    refused.insert(id);
                }
            }
            if self.cancel.is_cancelled() {
                return Err(vec![cancelled()]);
            }
            if let Some(tell) = &mut tell
                && found.len() >= next_told.0
                && next_told.1.is_none_or(|last| last.elapsed() >= TOLD)
                && from < chosen.len()
            {
                tell(found.clone());
                next_told = (found.len() * 4, Some(Instant::now()));
            }
            portion = next?;
        }
        if let Some(tell) = &mut tell
            && !engine.is_ready()
        {
            tell(found.clone());
        }
        let answers = Answers {
            found,
            asked,
            understood: Some(engine.understood()),
            refused,
            diagnostics: raised.diagnostics(self.body, self.body_path, self.data),
        };
        Ok((answers, engine))
    }

    /// What the body says of events, in their order, and whether that is understood: the interpreter is asked about
    /// those that it is needed for. When cancelled, fewer.
    fn outcomes(
        &self,
        engine: &mut Engine<'_>,
        portion: &[One],
        unchanged: &[&'static str],
    ) -> Result<Vec<(Arc<Outcome>, bool)>, Vec<Diagnostic>> {
        let ask = |engine: &mut Engine<'_>, asked: &[&One]| {
            let events: Vec<Arc<EventJson>> =
                asked.iter().map(|one| Arc::clone(&one.event)).collect();
            let holds: Vec<bool> = asked.iter().map(|one| one.holds).collect();
            let how = (Mode::Production, &[][..]);
            let (interpreter, loaded) = engine.ready()?;
            let outcomes = interpreter.evaluate_some(loaded, &events, &holds, how, self.cancel);
            outcomes.map_err(|stopped| vec![stopped])
        };
        if !engine.tries() && portion.iter().all(|one| !one.holds) {
            let asked = ask(engine, &portion.iter().collect::<Vec<_>>())?;
            let asked = asked.into_iter();
            return Ok(asked.map(|outcome| (Arc::new(outcome), false)).collect());
        }
        let understood = engine.understood();
        // Most outcomes are this one: there is one of it.
        let refuses = Arc::new(Outcome {
            matched: Some(Ok(false)),
            ..Outcome::default()
        });
        let known: Vec<Option<Arc<Outcome>>> = portion
            .par_iter()
            .with_min_len(64)
            .map(|one| {
                let earlier = self.again.earlier(one.id, unchanged);
                let outcome = understood.outcome(&one.event, one.holds, earlier)?;
                Some(match outcome.refuses() {
                    true => Arc::clone(&refuses),
                    false => Arc::new(outcome),
                })
            })
            .collect();
        let open = portion.iter().zip(&known).filter(|(one, _)| !one.holds);
        let tried = open.clone().count();
        engine.tried(tried, open.filter(|(_, known)| known.is_some()).count());
        let left = portion.iter().zip(&known);
        let left: Vec<&One> = left
            .filter_map(|(one, known)| known.is_none().then_some(one))
            .collect();
        let mut asked = match left.is_empty() {
            true => Vec::new(),
            false => ask(engine, &left)?,
        }
        .into_iter();
        let known = known.into_iter();
        Ok(known
            .map_while(|known| match known {
                Some(known) => Some((known, true)),
                None => asked.next().map(|asked| (Arc::new(asked), false)),
            })
            .collect())
    }

    /// Takes events out that the inline filters do not let through.
    fn filter(&self, portion: &mut Vec<One>, raised: &mut Raised) {
        if self.rule.filters.is_none() {
            return;
        }
        portion.retain(
            |One { id, event, .. }| match self.rule.filtered(event.json()) {
                Some(outcome) => {
                    raised.note(&outcome, *id);
                    false
                }
                None => true,
            },
        );
    }
}

fn cancelled() -> Diagnostic {
    Diagnostic::new(
        Severity::Error,
        "panther-cancelled",
        None,
        "The run was cancelled",
    )
}
