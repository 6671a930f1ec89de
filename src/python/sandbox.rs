//! Several bodies in one interpreter, kept apart from whoever asks them.

use super::body::{Body, Bounds, LoadFailure, Stop};
use super::library::Library;
use super::load;
use super::reserve;
use super::session::Session;
use super::worker::Worker;
use crate::task::CancelToken;
use std::collections::HashMap;
use std::sync::Arc;

/// A body of a [`Sandbox`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BodyId(usize);

/// An interpreter with the bodies that were loaded into it. Dropping it ends the interpreter's thread.
///
/// Bodies share the modules they import, as they do on the platform; only bodies that belong together
/// belong into one sandbox.
pub struct Sandbox {
    library: Arc<Library>,
    pub(super) bounds: Bounds,
    bodies: Vec<Arc<Body>>,
    by_module: HashMap<String, BodyId>,
    worker: Option<Worker>,
    /// Whether what helpers remember is to be forgotten before the next job.
    forget: bool,
}

impl Sandbox {
    /// An interpreter without a body: the one in reserve where there is one (`reserve`), else one that is
    /// started for it.
    ///
    /// # Errors
    /// Why none could be started, or that the work was cancelled.
    pub fn open(library: Arc<Library>, bounds: Bounds, cancel: &CancelToken) -> Result<Self, Stop> {
        let mut sandbox = Self {
            library,
            bounds,
            bodies: Vec::new(),
            by_module: HashMap::new(),
            worker: None,
            forget: false,
        };
        if cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        sandbox.worker()?;
        Ok(sandbox)
    }

    /// The interpreter: a new one where the one before had to be stopped, or holds so much that little is
    /// left of the bounds.
    fn worker(&mut self) -> Result<&mut Worker, Stop> {
        if self
            .worker
            .as_ref()
            .is_some_and(|worker| worker.is_full(self.bounds))
        {
            self.worker = None;
        }
        if self.worker.is_none() {
            let worker = reserve::take(&self.library).map_err(Stop::Broken)?;
            self.worker = Some(worker);
        }
        self.worker.as_mut().ok_or_else(gone)
    }

    /// Loads a body: runs its top level as a module of its own. One of the same module name is replaced
    /// and keeps its id. A body that does not parse is not run.
    ///
    /// # Errors
    /// Syntax errors, an exception while importing, a limit.
    pub fn load(&mut self, body: Body, cancel: &CancelToken) -> Result<BodyId, LoadFailure> {
        load::check(&body.source).map_err(LoadFailure::Syntax)?;
        let id = match self.by_module.get(&body.module) {
            Some(id) => *id,
            None => BodyId(self.bodies.len()),
        };
        let body = Arc::new(body);
        self.run(id, &body, cancel)?;
        if let Some(before) = self.bodies.get_mut(id.0) {
            *before = body;
        } else {
            self.by_module.insert(body.module.clone(), id);
            self.bodies.push(body);
        }
        Ok(id)
    }

    fn run(
        &mut self,
        id: BodyId,
        body: &Arc<Body>,
        cancel: &CancelToken,
    ) -> Result<(), LoadFailure> {
        let bounds = self.bounds;
        let worker = self.worker().map_err(LoadFailure::Stopped)?;
        let loaded = worker.load(id.0, body, bounds, cancel);
        if let Err(LoadFailure::Stopped(_)) = loaded {
            self.worker = None;
        }
        // Only now, so that the start of the next one takes no time from this load.
        reserve::refill();
        loaded
    }

    /// A new run begins: what the platform's helpers keep between events is forgotten before the next job.
    pub fn forget(&mut self) {
        self.forget = true;
    }

    /// Runs a job on the interpreter's thread with one of the bodies and waits for it. Each unit of work it
    /// begins ([`Session::next_step`]) has the bounds to itself. After an early end the interpreter is started
    /// anew and bodies are loaded anew when they are next asked.
    ///
    /// # Errors
    /// Why it ended early. What the job made by then is the job's to keep.
    pub fn ask(
        &mut self,
        id: BodyId,
        cancel: &CancelToken,
        job: impl FnOnce(&Session<'_>) + Send + 'static,
    ) -> Result<(), Stop> {
        let bounds = self.bounds;
        if !self.worker()?.has(id.0) {
            let Some(body) = self.bodies.get(id.0).cloned() else {
                return Err(Stop::Broken("it has no such body".to_owned()));
            };
            self.run(id, &body, cancel)
                .map_err(|failure| match failure {
                    LoadFailure::Stopped(stop) => stop,
                    LoadFailure::Raised(raised) => Stop::Broken(raised.text),
                    LoadFailure::Syntax(_) => Stop::Broken("the body does not compile".to_owned()),
                })?;
        }
        let mut worker = self.worker.take().ok_or_else(gone)?;
        let forget = std::mem::take(&mut self.forget);
        let job = move |session: &Session<'_>| {
            if forget {
                session.forget();
            }
            job(session);
        };
        let asked = worker.ask(id.0, bounds, cancel, Box::new(job));
        if worker.is_alive() {
            self.worker = Some(worker);
        }
        asked
    }
}

fn gone() -> Stop {
    Stop::Broken("the interpreter is gone".to_owned())
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        match self.worker.take() {
            Some(worker) if worker.is_untouched() => reserve::give_back(worker),
            Some(worker) => reserve::retire(worker),
            None => {}
        }
    }
}
