//! What a Python body is asked with: what is understood of it at once, and an interpreter that loads it meanwhile.

use super::ask::Question;
use crate::diagnostic::Diagnostic;
use crate::panther::guard::{self, Guard};
use crate::panther::{Interpreter, Limits, Loaded, Repository, Understood};
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{Scope, ScopedJoinHandle};

/// An interpreter with the body that was asked last.
pub(super) struct Kept {
    of: Of,
    known: Known,
    interpreter: Interpreter,
    loaded: Loaded,
}

/// Which body it is.
struct Of {
    repository: Arc<Repository>,
    id: String,
    yaml: String,
    body: String,
    /// The bodies that the interpreter has seen, by rule.
    seen: HashMap<String, String>,
}

/// What is known without the interpreter.
struct Known {
    guard: Guard,
    understood: Understood,
    chance: Chance,
}

/// Whether it is worth evaluating events without the interpreter: a body that is understood for the most part may meet
/// the rest of it in every event.
#[derive(Default)]
struct Chance {
    tried: usize,
    known: usize,
}

impl Chance {
    /// So many are tried before there is an answer.
    const TRIED: usize = 1024;

    fn is_there(&self) -> bool {
        self.tried < Self::TRIED || self.known * 16 >= self.tried
    }
}

/// An interpreter that has loaded the body, or why it could not.
type Ready = Result<Box<(Interpreter, Loaded)>, Vec<Diagnostic>>;

/// A body that can be asked.
pub(super) struct Engine<'scope> {
    of: Of,
    known: Known,
    /// The thread that loads it; none once that was waited for.
    loading: Option<ScopedJoinHandle<'scope, Ready>>,
    /// What came of it; nothing before.
    ready: Ready,
}

impl<'scope> Engine<'scope> {
    /// The kept body where nothing changed; else another rule of the same repository in the kept interpreter, or a new
    /// one.
    pub fn begin<'env: 'scope>(
        scope: &'scope Scope<'scope, 'env>,
        question: &'env Question<'env>,
        kept: Option<Kept>,
    ) -> Self {
        let (rule, body) = (question.rule, question.body);
        let yaml = rule.document.text();
        let kept = kept.filter(|kept| kept.of.repository.is_like(&rule.repository));
        let (mut interpreter, mut seen) = match kept {
            Some(kept) if kept.of.id == rule.id && kept.of.yaml == yaml && kept.of.body == body => {
                let mut interpreter = kept.interpreter;
                interpreter.forget();
                return Self {
                    of: kept.of,
                    known: kept.known,
                    loading: None,
                    ready: Ok(Box::new((interpreter, kept.loaded))),
                };
            }
            // A changed body begins in an interpreter that has not seen what it was before.
            Some(kept) if kept.of.seen.get(&rule.id).is_none_or(|seen| seen == body) => {
                (kept.interpreter, kept.of.seen)
            }
            _ => {
                let library = Arc::clone(rule.repository.library());
                (Interpreter::new(library, Limits::default()), HashMap::new())
            }
        };
        let loading = scope.spawn(move || {
            let loaded = interpreter.load(rule, body, question.cancel)?;
            // What an earlier run left in the platform's cache is not this run's.
            interpreter.forget();
            Ok(Box::new((interpreter, loaded)))
        });
        // Inline filters come first, and may raise.
        let (guard, answers) = match rule.kind.function() == "rule" && rule.filters.is_none() {
            true => guard::read_to_run(body, rule.repository.library()),
            false => Default::default(),
        };
        seen.insert(rule.id.clone(), body.to_owned());
        Self {
            of: Of {
                repository: Arc::clone(&rule.repository),
                id: rule.id.clone(),
                yaml: yaml.to_owned(),
                body: body.to_owned(),
                seen,
            },
            known: Known {
                guard,
                understood: Understood::of(rule, answers),
                chance: Chance::default(),
            },
            loading: Some(loading),
            ready: Err(Vec::new()),
        }
    }

    /// What an event needs to match.
    pub fn guard(&self) -> &Guard {
        &self.known.guard
    }

    /// What is known without the interpreter.
    pub fn understood(&self) -> Understood {
        self.known.understood.clone()
    }

    /// Whether events are worth evaluating by that alone.
    pub fn tries(&self) -> bool {
        self.known.understood.decides() && self.known.chance.is_there()
    }

    /// So many were tried, of which so many were known.
    pub fn tried(&mut self, tried: usize, known: usize) {
        self.known.chance.tried += tried;
        self.known.chance.known += known;
    }

    /// The interpreter, once it has loaded the body.
    ///
    /// # Errors
    /// What kept the body from being loaded.
    pub fn ready(&mut self) -> Result<(&mut Interpreter, &Loaded), Vec<Diagnostic>> {
        self.wait();
        match &mut self.ready {
            Ok(ready) => Ok((&mut ready.0, &ready.1)),
            Err(why) => Err(why.clone()),
        }
    }

    /// Whether nothing has to be waited for.
    pub fn is_ready(&self) -> bool {
        let loading = self.loading.as_ref();
        loading.is_none_or(ScopedJoinHandle::is_finished)
    }

    fn wait(&mut self) {
        if let Some(loading) = self.loading.take() {
            let ready = loading.join().unwrap_or_else(|panic| resume_unwind(panic));
            self.ready = ready.map(|mut ready| {
                ready.1 = ready.1.with(&self.known.understood);
                ready
            });
        }
    }

    /// To be asked again.
    ///
    /// # Errors
    /// What kept the body from being loaded.
    pub fn keep(mut self) -> Result<Kept, Vec<Diagnostic>> {
        self.wait();
        let (interpreter, loaded) = *self.ready?;
        Ok(Kept {
            of: self.of,
            known: self.known,
            interpreter,
            loaded,
        })
    }
}
