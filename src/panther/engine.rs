//! Rule bodies in the sandbox.

use super::failure::{load_failure, stopped};
use super::guard::Answers;
use super::outputs::{Earlier, Facts, outcome, understood};
use super::{Limits, Mode, Outcome, Rule};
use crate::diagnostic::{Diagnostic, Span};
use crate::event::EventJson;
use crate::python::{self, Body, BodyId, Bounds, Library, LoadFailure, Sandbox, Stop};
use crate::task::CancelToken;
use serde_json::Value as Json;
use std::sync::{Arc, Mutex, PoisonError};

/// An interpreter for the bodies of one repository. Owns the interpreter's thread; dropping it ends the thread.
/// One that had to be stopped is started anew when it is next asked.
pub struct Interpreter {
    /// None until the first body is loaded: one that does not parse starts nothing.
    sandbox: Option<Sandbox>,
    library: Arc<Library>,
    limits: Limits,
}

/// A body that an [`Interpreter`] has loaded.
#[derive(Clone)]
pub struct Loaded {
    id: BodyId,
    facts: Arc<Facts>,
    body: Arc<str>,
    /// What is understood of the body; nothing until somebody says so.
    answers: Option<Arc<Answers>>,
}

impl Loaded {
    /// What is understood of the body: that much is not asked in production.
    #[must_use]
    pub fn with(self, understood: &Understood) -> Self {
        Self {
            answers: Some(Arc::clone(&understood.answers)),
            ..self
        }
    }
}

/// What is known of a body without an interpreter.
#[derive(Clone)]
pub struct Understood {
    facts: Arc<Facts>,
    answers: Arc<Answers>,
}

impl Understood {
    /// What is understood of the body of a rule.
    pub fn of(rule: &Rule, answers: Answers) -> Self {
        Self {
            facts: Arc::new(Facts::of(rule)),
            answers: Arc::new(answers),
        }
    }

    /// Whether what it decides is understood, so far as it can be without looking at an event.
    pub fn decides(&self) -> bool {
        self.answers.knows(self.facts.kind.function())
    }

    /// What the body gives for an event in production, where all of that is understood: nothing is run. `holds` says
    /// that it surely decides for a match. What an earlier body gave for the same event, and gives now as well, is not
    /// computed again.
    pub fn outcome(
        &self,
        event: &EventJson,
        holds: bool,
        earlier: Option<Earlier<'_>>,
    ) -> Option<Outcome> {
        understood(&self.answers, &self.facts, event, holds, earlier)
    }

    /// The functions that give of every event what those of an earlier body give.
    pub fn unchanged(&self, earlier: &Self) -> Vec<&'static str> {
        match self.facts.say_the_same(&earlier.facts) {
            true => self.answers.unchanged(&earlier.answers),
            false => Vec::new(),
        }
    }
}

impl Interpreter {
    /// An interpreter whose bodies can import the modules of a library. It starts with the first body.
    pub fn new(library: Arc<Library>, limits: Limits) -> Self {
        Self {
            sandbox: None,
            library,
            limits,
        }
    }

    /// The library its bodies import from.
    pub fn library(&self) -> &Arc<Library> {
        &self.library
    }

    /// Compiles and loads the body of a rule. Its name in errors is the rule's `Filename`.
    ///
    /// # Errors
    /// Diagnostics with spans in bytes of `body`: syntax errors, an exception at import, no deciding function.
    pub fn load(
        &mut self,
        rule: &Rule,
        body: &str,
        cancel: &CancelToken,
    ) -> Result<Loaded, Vec<Diagnostic>> {
        let function = rule.kind.function();
        let name = if rule.filename.is_empty() {
            format!("{function}.py")
        } else {
            rule.filename.clone()
        };
        let source = Body {
            name,
            module: rule.id.clone(),
            source: body.to_owned(),
        };
        let limits = self.limits;
        let failed = |failure| load_failure(failure, body, limits);
        // What is being typed is broken most of the time: nothing is started for it.
        python::check(body).map_err(|errors| failed(LoadFailure::Syntax(errors)))?;
        let mut sandbox = match self.sandbox.take() {
            Some(sandbox) => sandbox,
            None => {
                let bounds = Bounds {
                    time: limits.time,
                    memory: limits.memory,
                };
                Sandbox::open(Arc::clone(&self.library), bounds, cancel)
                    .map_err(|stop| failed(LoadFailure::Stopped(stop)))?
            }
        };
        let loaded = sandbox.load(source, cancel);
        let loaded = loaded.map(|id| (id, has_function(&mut sandbox, id, function, cancel)));
        self.sandbox = Some(sandbox);
        match loaded {
            Err(failure) => Err(failed(failure)),
            Ok((_, false)) => Err(vec![
                Diagnostic::error(
                    "panther-no-rule",
                    Span::new(0, 0),
                    format!("the body has no `{function}` function"),
                )
                .with_hint(match function {
                    "policy" => {
                        "Write `def policy(resource):` and return False where the resource is not as it shall be"
                    }
                    _ => "Write `def rule(event):` and return True where the event shall match",
                }),
            ]),
            Ok((id, true)) => Ok(Loaded {
                id,
                facts: Arc::new(Facts::of(rule)),
                body: Arc::from(body),
                answers: None,
            }),
        }
    }

    /// A new run begins: what the platform's helpers keep between events (`caching`) is forgotten.
    pub fn forget(&mut self) {
        if let Some(sandbox) = &mut self.sandbox {
            sandbox.forget();
        }
    }

    /// Asks a body about events, in order. Stops early when cancelled or when a limit ended the interpreter;
    /// when cancelled, the outcomes so far are given.
    ///
    /// # Errors
    /// A diagnostic when a limit was reached (which one, at which event, at which line of the body).
    /// Its span is in bytes of the body.
    pub fn evaluate(
        &mut self,
        loaded: &Loaded,
        events: &[Arc<EventJson>],
        mode: Mode,
        mocks: &[(String, Json)],
        cancel: &CancelToken,
    ) -> Result<Vec<Outcome>, Diagnostic> {
        self.evaluate_some(loaded, events, &[], (mode, mocks), cancel)
    }

    /// The same where it is known of some events, in their order, that the body decides for a match and changes
    /// nothing by that (`guard`): they are asked for the other outputs only.
    ///
    /// # Errors
    /// See [`Interpreter::evaluate`].
    pub fn evaluate_some(
        &mut self,
        loaded: &Loaded,
        events: &[Arc<EventJson>],
        holds: &[bool],
        (mode, mocks): (Mode, &[(String, Json)]),
        cancel: &CancelToken,
    ) -> Result<Vec<Outcome>, Diagnostic> {
        let holds = holds.to_vec();
        let outcomes = Arc::new(Mutex::new(Vec::with_capacity(events.len())));
        let slot = Arc::clone(&outcomes);
        let facts = Arc::clone(&loaded.facts);
        let asked: Vec<Arc<EventJson>> = events.to_vec();
        let mocked = mocks.to_vec();
        let cancelled = cancel.clone();
        let understood =
            (mode == Mode::Production && mocks.is_empty()).then(|| loaded.answers.clone());
        let understood = understood.flatten();
        let job = move |session: &python::Session<'_>| {
            if mode == Mode::Test {
                session.forget();
            }
            let unmock = match session.mock(&mocked) {
                Ok(unmock) => unmock,
                Err(raised) => {
                    // The platform's tester fails such a test: as if `rule` had raised it.
                    let failed = Outcome {
                        matched: Some(Err(super::Exception {
                            text: raised.text,
                            line: None,
                        })),
                        ..Outcome::default()
                    };
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) =
                        vec![failed; asked.len()];
                    return;
                }
            };
            for (at, event) in asked.iter().enumerate() {
                session.next_step();
                let holds = holds.get(at).copied().unwrap_or(false);
                let outcome = outcome(session, &facts, event, mode, holds, understood.as_deref());
                if session.is_stopped() || cancelled.is_cancelled() {
                    break;
                }
                slot.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(outcome);
            }
            session.unmock(unmock);
        };
        let result = match &mut self.sandbox {
            Some(sandbox) => sandbox.ask(loaded.id, cancel, job),
            None => Err(Stop::Broken("it was never started".to_owned())),
        };
        match result {
            Ok(()) | Err(Stop::Cancelled) => {
                let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(std::mem::take(&mut *outcomes))
            }
            Err(stop) => Err(stopped(
                &stop,
                &loaded.body,
                self.limits,
                Some(events.len()),
            )),
        }
    }
}

fn has_function(
    sandbox: &mut Sandbox,
    id: BodyId,
    function: &'static str,
    cancel: &CancelToken,
) -> bool {
    let found = Arc::new(Mutex::new(false));
    let slot = Arc::clone(&found);
    let asked = sandbox.ask(id, cancel, move |session| {
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = session.has_function(function);
    });
    asked.is_ok() && *found.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One rule body ready to be asked, with an interpreter of its own.
pub struct Engine {
    interpreter: Interpreter,
    loaded: Loaded,
}

impl Engine {
    /// Compiles and loads a body. Its name in errors is the rule's `Filename`.
    ///
    /// # Errors
    /// See [`Interpreter::load`].
    pub fn load(rule: &Rule, body: &str, limits: Limits) -> Result<Self, Vec<Diagnostic>> {
        let library = Arc::clone(rule.repository.library());
        let mut interpreter = Interpreter::new(library, limits);
        let loaded = interpreter.load(rule, body, &CancelToken::new())?;
        Ok(Self {
            interpreter,
            loaded,
        })
    }

    /// A new run begins; see [`Interpreter::forget`].
    pub fn forget(&mut self) {
        self.interpreter.forget();
    }

    /// Asks the body about events; see [`Interpreter::evaluate`].
    ///
    /// # Errors
    /// A diagnostic when a limit was reached.
    pub fn evaluate(
        &mut self,
        events: &[Arc<EventJson>],
        mode: Mode,
        mocks: &[(String, Json)],
        cancel: &CancelToken,
    ) -> Result<Vec<Outcome>, Diagnostic> {
        self.interpreter
            .evaluate(&self.loaded, events, mode, mocks, cancel)
    }
}
