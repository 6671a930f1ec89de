//! Asks a Panther detection about the loaded events of its log types, whatever it is made of.

use super::Asked;
use super::asked::{Chosen, One};
use super::exceptions::Raised;
use crate::diagnostic::{Diagnostic, Severity};
use crate::event::EventJson;
use crate::logs::Dataset;
use crate::panther::guard::{self, Guard};
use crate::panther::{
    self, Interpreter, Limits, Loaded, Matcher, Mode, Outcome, Repository, simple,
};
use crate::task::CancelToken;
use crate::value::EventId;
use rayon::prelude::*;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Events are asked about in portions: a cancelled run ends soon, and the memory of one portion serves the next while
/// it is still warm.
const PORTION: usize = 512;

/// The first portions are smaller, so that the first matches are soon there.
const FIRST: usize = 32;

/// An event that matched, and what was said of it.
type Found = (EventId, Arc<EventJson>, Outcome);

/// Whoever waits for the first matches.
pub(super) type Telling<'a> = dyn FnMut(Vec<Found>) + 'a;

/// An interpreter with the body that was asked last.
pub(super) struct Kept {
    interpreter: Interpreter,
    repository: Arc<Repository>,
    id: String,
    yaml: String,
    body: String,
    /// The bodies that the interpreter has seen, by rule.
    seen: HashMap<String, String>,
    loaded: panther::Loaded,
    guard: Guard,
}

/// What a detection said.
#[derive(Default)]
pub(super) struct Answers {
    /// The events it matched, in time order.
    pub found: Vec<Found>,
    /// How many it was asked about.
    pub asked: Asked,
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
            let portion = chosen.portion(from, PORTION);
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
                    found.push((id, event, outcome));
                }
            }
            if self.cancel.is_cancelled() {
                return Err(vec![cancelled()]);
            }
        }
        Ok(Answers {
            found,
            asked,
            diagnostics: raised.diagnostics("", self.body_path, self.data),
        })
    }

    fn ask_python(
        &self,
        kept: &mut Option<Kept>,
        mut tell: Option<&mut Telling<'_>>,
    ) -> Result<Answers, Vec<Diagnostic>> {
        let mut engine = self.load(kept)?;
        // What an earlier run left in the platform's cache is not this run's.
        engine.interpreter.forget();
        let (chosen, asked) = self.chosen(&engine.guard);
        let mut found = Vec::new();
        let mut raised = Raised::default();
        raised.cannot_match(asked.events.saturating_sub(asked.asked));
        let (mut from, mut size, mut next_told) = (0, FIRST, 1);
        let mut portion = chosen.portion(from, size);
        while from < chosen.len() {
            self.filter(&mut portion, &mut raised);
            from += size;
            size = (size * 2).min(PORTION);
            // The next ones are read while the interpreter has these.
            let (outcomes, next) = rayon::join(
                || self.outcomes(&mut engine.interpreter, &engine.loaded, &portion),
                || chosen.portion(from, size),
            );
            // The interpreter may be of no use after a limit: it is dropped, and started anew next time.
            let outcomes = outcomes.map_err(|stopped| vec![stopped])?;
            for (One { id, event, .. }, outcome) in portion.iter().zip(outcomes) {
                raised.note(&outcome, *id);
                if outcome.is_match() {
                    found.push((*id, Arc::clone(event), outcome));
                }
            }
            if self.cancel.is_cancelled() {
                return Err(vec![cancelled()]);
            }
            if let Some(tell) = &mut tell
                && found.len() >= next_told
                && from < chosen.len()
            {
                tell(found.clone());
                next_told = found.len() * 4;
            }
            portion = next;
        }
        *kept = Some(engine);
        Ok(Answers {
            found,
            asked,
            diagnostics: raised.diagnostics(self.body, self.body_path, self.data),
        })
    }

    /// What the body says of events, in their order: the interpreter is asked about those that it is needed for.
    /// When cancelled, fewer.
    fn outcomes(
        &self,
        interpreter: &mut Interpreter,
        loaded: &Loaded,
        portion: &[One],
    ) -> Result<Vec<Outcome>, Diagnostic> {
        let mut ask = |asked: &[&One]| {
            let events: Vec<Arc<EventJson>> =
                asked.iter().map(|one| Arc::clone(&one.event)).collect();
            let holds: Vec<bool> = asked.iter().map(|one| one.holds).collect();
            let how = (Mode::Production, &[][..]);
            interpreter.evaluate_some(loaded, &events, &holds, how, self.cancel)
        };
        if !loaded.decides() && portion.iter().all(|one| !one.holds) {
            return ask(&portion.iter().collect::<Vec<_>>());
        }
        let known: Vec<Option<Outcome>> = portion
            .par_iter()
            .with_min_len(64)
            .map(|one| loaded.understood(&one.event, one.holds))
            .collect();
        let left = portion.iter().zip(&known);
        let left: Vec<&One> = left
            .filter_map(|(one, known)| known.is_none().then_some(one))
            .collect();
        let mut asked = match left.is_empty() {
            true => Vec::new(),
            false => ask(&left)?,
        }
        .into_iter();
        let known = known.into_iter();
        Ok(known
            .map_while(|known| known.or_else(|| asked.next()))
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

    /// The kept body where nothing changed; another rule of the same repository in the kept interpreter; else a new one.
    fn load(&self, kept: &mut Option<Kept>) -> Result<Kept, Vec<Diagnostic>> {
        let (rule, body) = (self.rule, self.body);
        let yaml = rule.document.text();
        let kept = kept
            .take()
            .filter(|kept| kept.repository.is_like(&rule.repository));
        let (mut interpreter, mut seen) = match kept {
            Some(kept) if kept.id == rule.id && kept.yaml == yaml && kept.body == body => {
                return Ok(kept);
            }
            // A changed body begins in an interpreter that has not seen what it was before.
            Some(kept) if kept.seen.get(&rule.id).is_none_or(|seen| seen == body) => {
                (kept.interpreter, kept.seen)
            }
            _ => {
                let library = Arc::clone(rule.repository.library());
                (Interpreter::new(library, Limits::default()), HashMap::new())
            }
        };
        let loaded = interpreter.load(rule, body, self.cancel)?;
        // Inline filters come first, and may raise.
        let (guard, answers) = match rule.kind.function() == "rule" && rule.filters.is_none() {
            true => guard::read_to_run(body, rule.repository.library()),
            false => Default::default(),
        };
        seen.insert(rule.id.clone(), body.to_owned());
        Ok(Kept {
            interpreter,
            seen,
            repository: Arc::clone(&rule.repository),
            id: rule.id.clone(),
            yaml: yaml.to_owned(),
            body: body.to_owned(),
            loaded: loaded.with_answers(answers),
            guard,
        })
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
