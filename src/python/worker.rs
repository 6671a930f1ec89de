//! An interpreter on a thread of its own, and the watchdog beside it.
//!
//! Over a limit the body first gets an exception that `except Exception` does not catch; one that
//! catches it all the same has its stack unwound shortly after; and one that stays inside a single
//! native call, where nothing can reach it, loses its thread. After the second and the third a fresh
//! interpreter is started for the next question.

use super::control::{CANCELLED, Control, MEMORY, NOTHING, RAISE, TIME, UNWIND};
use super::failure::Raised;
use super::session::Session;
use super::thread::{press, serve};
use super::{load, reserve};
use crate::task::CancelToken;
use rustpython_vm::VirtualMachine;
use rustpython_vm::signal::UserSignalSender;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// Deep data and deep calls end in Python's `RecursionError` long before this is used up.
pub(super) const STACK: usize = 256 << 20;
/// How often the watchdog looks.
const TICK: Duration = Duration::from_millis(3);
/// From the exception to the unwinding.
const UNWIND_AFTER: Duration = Duration::from_millis(50);
/// From the exception to giving the thread up.
const ABANDON_AFTER: Duration = Duration::from_millis(1200);
/// Loading imports parts of the library, which is not the body's doing.
const LOAD_TIME: Duration = Duration::from_secs(2);
/// Building the interpreter runs no body code; this only guards against a machine that is stuck.
const BOOT_TIME: Duration = Duration::from_secs(60);

/// A rule body.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// File name shown in errors, such as `openai_admin_role_assignment.py`.
    pub name: String,
    /// `__name__` of the module.
    pub module: String,
    /// The text.
    pub source: String,
}

/// Bounds of one unit of work.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Wall time.
    pub time: Duration,
    /// Bytes beyond what the bare interpreter holds.
    pub memory: usize,
}

/// A kind of bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Bounds::time`].
    Time,
    /// [`Bounds::memory`].
    Memory,
}

/// A bound that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which one.
    pub limit: Limit,
    /// Unit of work of the job, from 0.
    pub step: u64,
    /// Line of the body, from 1, where it could be seen.
    pub line: Option<usize>,
    /// Whether the thread hung inside one native call and was given up.
    pub abandoned: bool,
}

/// Why a job ended before it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The token was cancelled.
    Cancelled,
    /// A bound was reached.
    Hit(Hit),
    /// The interpreter broke, with what it said.
    Broken(String),
}

/// Why a body could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadFailure {
    /// Errors of syntax: bytes of the source and messages.
    Syntax(Vec<(Range<usize>, String)>),
    /// The body raised an exception while it was imported.
    Raised(Raised),
    /// A limit, or the interpreter itself.
    Stopped(Stop),
}

pub(super) type Job = Box<dyn FnOnce(&Session<'_>) + Send>;

/// What an interpreter's thread is asked to do.
pub(super) enum Order {
    /// Load a body: once only, unless it does not compile.
    Load(Arc<Body>),
    /// Run a job on the loaded body.
    Ask(Job),
}

pub(super) enum Done {
    Booted(Result<UserSignalSender, String>),
    Loaded(Result<(), LoadFailure>),
    Job,
    Unwound(Option<String>),
}

/// An interpreter whose start nobody has waited for yet.
pub(super) enum Starting {
    /// Its thread is at it.
    Underway {
        orders: Sender<Order>,
        done: Receiver<Done>,
        control: Arc<Control>,
    },
    /// It was waited for before.
    Ready(Worker),
}

/// An interpreter that takes orders. Dropping it ends its thread.
pub(super) struct Worker {
    orders: Sender<Order>,
    done: Receiver<Done>,
    control: Arc<Control>,
    signals: UserSignalSender,
    /// Bytes the bare interpreter holds.
    base: usize,
}

/// A body in its interpreter. Dropping it ends the interpreter's thread.
pub struct Sandbox {
    body: Arc<Body>,
    bounds: Bounds,
    worker: Option<Worker>,
}

impl Starting {
    /// Starts a thread that builds an interpreter, `warm` with what most bodies import already imported.
    /// Does not wait for it.
    ///
    /// # Errors
    /// Why there is no thread.
    pub fn begin(warm: bool) -> Result<Self, String> {
        let control = Arc::new(Control::default());
        let (orders, incoming) = channel();
        let (outgoing, done) = channel();
        let shared = Arc::clone(&control);
        std::thread::Builder::new()
            .name("rule body".to_owned())
            .stack_size(STACK)
            .spawn(move || serve(warm, &shared, &incoming, &outgoing))
            .map_err(|error| format!("no thread for the interpreter: {error}"))?;
        Ok(Self::Underway {
            orders,
            done,
            control,
        })
    }

    /// One that needs no waiting.
    pub fn ready(worker: Worker) -> Self {
        Self::Ready(worker)
    }

    /// Waits until the interpreter is empty and ready.
    ///
    /// # Errors
    /// Why it did not start.
    pub fn wait(self) -> Result<Worker, String> {
        let (orders, done, control) = match self {
            Self::Ready(worker) => return Ok(worker),
            Self::Underway {
                orders,
                done,
                control,
            } => (orders, done, control),
        };
        let signals = match done.recv_timeout(BOOT_TIME) {
            Ok(Done::Booted(booted)) => booted?,
            _ => return Err("the interpreter did not start".to_owned()),
        };
        let base = control.meter.used();
        Ok(Worker {
            orders,
            done,
            control,
            signals,
            base,
        })
    }
}

impl Sandbox {
    /// Loads a body into an interpreter: the one in reserve where there is one (`reserve`), else one that is
    /// started for it. A body that does not parse starts none.
    ///
    /// # Errors
    /// Syntax errors, an exception while importing, a limit.
    pub fn load(body: Body, bounds: Bounds, cancel: &CancelToken) -> Result<Self, LoadFailure> {
        load::check(&body.source)?;
        let mut sandbox = Self {
            body: Arc::new(body),
            bounds,
            worker: None,
        };
        sandbox.start(cancel)?;
        Ok(sandbox)
    }

    fn start(&mut self, cancel: &CancelToken) -> Result<(), LoadFailure> {
        let worker = reserve::take().map_err(broken)?;
        let loaded = worker.load(&self.body, self.bounds, cancel);
        match loaded {
            Ok(()) => self.worker = Some(worker),
            // Nothing of the body ran.
            Err(LoadFailure::Syntax(_)) => reserve::give_back(worker),
            Err(_) => {}
        }
        // Only now, so that the start of the next one takes no time from this load.
        reserve::refill();
        loaded
    }

    /// Runs a job on the interpreter's thread and waits for it. Each unit of work it begins
    /// ([`Session::next_step`]) has the bounds to itself.
    ///
    /// # Errors
    /// Why it ended early. What the job made by then is the job's to keep.
    pub fn ask(
        &mut self,
        cancel: &CancelToken,
        job: impl FnOnce(&Session<'_>) + Send + 'static,
    ) -> Result<(), Stop> {
        if self.worker.is_none() {
            self.start(cancel).map_err(|failure| match failure {
                LoadFailure::Stopped(stop) => stop,
                LoadFailure::Raised(raised) => Stop::Broken(raised.text),
                LoadFailure::Syntax(_) => Stop::Broken("the body does not compile".to_owned()),
            })?;
        }
        let Some(worker) = self.worker.take() else {
            return Err(Stop::Broken("the interpreter is gone".to_owned()));
        };
        worker.order(Order::Ask(Box::new(job)))?;
        match worker.watch(self.bounds, cancel) {
            Ok(Done::Job) => {
                let hit = worker.stop(false);
                self.worker = Some(worker);
                hit.map_or(Ok(()), Err)
            }
            Ok(Done::Unwound(text)) => Err(worker
                .stop(false)
                .unwrap_or_else(|| Stop::Broken(text.unwrap_or_default()))),
            Ok(_) => Err(Stop::Broken("the interpreter lost its way".to_owned())),
            Err(stop) => Err(stop),
        }
    }
}

/// Bytes at which the thread is parked inside the allocator: room enough for the watchdog to come first.
fn hard_limit(base: usize, memory: usize) -> usize {
    base.saturating_add(memory)
        .saturating_add((memory / 2).max(64 << 20))
}

fn broken(text: impl Into<String>) -> LoadFailure {
    LoadFailure::Stopped(Stop::Broken(text.into()))
}

impl Worker {
    fn order(&self, order: Order) -> Result<(), Stop> {
        self.control.reset();
        self.control.step.store(0, Relaxed);
        self.control.running.store(true, SeqCst);
        self.orders
            .send(order)
            .map_err(|_| Stop::Broken("the interpreter is gone".to_owned()))
    }

    /// Loads a body into the empty interpreter.
    fn load(
        &self,
        body: &Arc<Body>,
        bounds: Bounds,
        cancel: &CancelToken,
    ) -> Result<(), LoadFailure> {
        self.control
            .meter
            .set_hard_limit(hard_limit(self.base, bounds.memory));
        self.order(Order::Load(Arc::clone(body)))
            .map_err(LoadFailure::Stopped)?;
        let bounds = Bounds {
            time: bounds.time.max(LOAD_TIME),
            ..bounds
        };
        match self.watch(bounds, cancel) {
            Ok(Done::Loaded(loaded)) => match self.stop(false) {
                Some(stop) => Err(LoadFailure::Stopped(stop)),
                None => loaded,
            },
            Ok(Done::Unwound(None)) => {
                let stop = self.stop(false);
                Err(stop.map_or_else(|| broken("it was unwound"), LoadFailure::Stopped))
            }
            Ok(Done::Unwound(Some(text))) => Err(broken(text)),
            Ok(_) => Err(broken("the interpreter lost its way")),
            Err(stop) => Err(LoadFailure::Stopped(stop)),
        }
    }

    /// Waits for the thread's next word and presses it when it takes too much.
    fn watch(&self, bounds: Bounds, cancel: &CancelToken) -> Result<Done, Stop> {
        let control = &self.control;
        let mut step = control.step.load(Relaxed);
        let mut since = Instant::now();
        let mut pressed: Option<Instant> = None;
        loop {
            match self.done.recv_timeout(TICK) {
                Ok(done) => return Ok(done),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Stop::Broken("the interpreter ended by itself".to_owned()));
                }
            }
            let now = control.step.load(Relaxed);
            if now != step {
                step = now;
                since = Instant::now();
            }
            if control.meter.is_parked() {
                control.reason.store(MEMORY, Relaxed);
                control.line.store(control.meter.line(), Relaxed);
                return Err(self.give_up());
            }
            if pressed.is_none() {
                let reason = if cancel.is_cancelled() {
                    CANCELLED
                } else if control.meter.used() > self.base.saturating_add(bounds.memory) {
                    MEMORY
                } else if since.elapsed() > bounds.time {
                    TIME
                } else {
                    NOTHING
                };
                if reason == NOTHING {
                    continue;
                }
                control.reason.store(reason, SeqCst);
                control.pressure.store(RAISE, SeqCst);
                pressed = Some(Instant::now());
            }
            let waited = pressed.map_or(Duration::ZERO, |at| at.elapsed());
            if waited > ABANDON_AFTER {
                return Err(self.give_up());
            }
            if waited > UNWIND_AFTER {
                control.pressure.store(UNWIND, SeqCst);
            }
            // The flag behind the channel belongs to the whole process, and another interpreter
            // may have taken it down: it is put up again until there is an answer.
            let shared = Arc::clone(control);
            let _ = self
                .signals
                .send(Box::new(move |vm: &VirtualMachine| press(&shared, vm)));
        }
    }

    /// Leaves the thread to itself. It is parked as soon as it allocates.
    fn give_up(&self) -> Stop {
        self.control.meter.condemn();
        self.stop(true)
            .unwrap_or_else(|| Stop::Broken("the interpreter hangs".to_owned()))
    }

    /// What ended the job, if anything did.
    fn stop(&self, abandoned: bool) -> Option<Stop> {
        let control = &self.control;
        let limit = match control.reason.load(SeqCst) {
            TIME => Limit::Time,
            MEMORY => Limit::Memory,
            CANCELLED => return Some(Stop::Cancelled),
            _ => return None,
        };
        let line = control.line.load(Relaxed);
        Some(Stop::Hit(Hit {
            limit,
            step: control.step.load(Relaxed).saturating_sub(1),
            line: (line > 0).then_some(line),
            abandoned,
        }))
    }
}
