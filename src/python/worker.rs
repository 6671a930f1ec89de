//! An interpreter on a thread of its own, and the watchdog beside it.
//!
//! Over a limit the body first gets an exception that `except Exception` does not catch; one that
//! catches it all the same has its stack unwound shortly after; and one that stays inside a single
//! native call, where nothing can reach it, loses its thread. After the second and the third a fresh
//! interpreter is started for the next question.

use super::body::{Body, Bounds, Hit, Limit, LoadFailure, Stop};
use super::control::{CANCELLED, Control, MEMORY, NOTHING, RAISE, TIME, UNWIND};
use super::failure;
use super::library::Library;
use super::session::Session;
use super::thread::{press, serve};
use crate::task::CancelToken;
use rustpython_vm::VirtualMachine;
use rustpython_vm::signal::UserSignalSender;
use std::collections::HashSet;
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

pub(super) type Job = Box<dyn FnOnce(&Session<'_>) + Send>;

/// What an interpreter's thread is asked to do.
pub(super) enum Order {
    /// Load a body under a number, in place of the one that has it.
    Load(usize, Arc<Body>, Arc<Library>),
    /// Run a job on the loaded body of that number.
    Ask(usize, Job),
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
    bare: usize,
    /// Bytes it holds with its bodies loaded.
    base: usize,
    /// Of which modules, in which library.
    library: Arc<Library>,
    bodies: HashSet<usize>,
    /// Whether nothing of a body ever ran in it.
    untouched: bool,
    /// Whether its thread takes orders.
    alive: bool,
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
    pub fn wait(self, library: &Arc<Library>) -> Result<Worker, String> {
        let (orders, done, control) = match self {
            Self::Ready(mut worker) => {
                worker.library = Arc::clone(library);
                return Ok(worker);
            }
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
            bare: base,
            base,
            library: Arc::clone(library),
            bodies: HashSet::new(),
            untouched: true,
            alive: true,
        })
    }
}

/// Bytes at which the thread is parked inside the allocator: room enough for the watchdog to come first.
fn hard_limit(base: usize, memory: usize) -> usize {
    base.saturating_add(memory)
        .saturating_add((memory / 2).max(64 << 20))
}

impl Worker {
    /// Whether a body of that number is loaded.
    pub fn has(&self, id: usize) -> bool {
        self.bodies.contains(&id)
    }

    /// Whether nothing of a body ever ran in it.
    pub fn is_untouched(&self) -> bool {
        self.alive && self.untouched
    }

    /// Whether it takes orders.
    pub fn is_alive(&self) -> bool {
        self.alive
    }

    /// Whether what earlier jobs and the bodies themselves left behind leaves too little of the bounds.
    pub fn is_full(&self, bounds: Bounds) -> bool {
        let used = self.control.meter.used();
        used > self.base.saturating_add(bounds.memory / 2)
            || used > self.bare.saturating_add(bounds.memory.saturating_mul(2))
    }

    fn order(&self, order: Order, bounds: Bounds) -> Result<(), Stop> {
        self.control
            .meter
            .set_hard_limit(hard_limit(self.base, bounds.memory));
        self.control.reset();
        self.control.step.store(0, Relaxed);
        self.control.running.store(true, SeqCst);
        self.orders
            .send(order)
            .map_err(|_| Stop::Broken("the interpreter is gone".to_owned()))
    }

    /// Loads a body. After a limit it takes no more orders.
    pub fn load(
        &mut self,
        id: usize,
        body: &Arc<Body>,
        bounds: Bounds,
        cancel: &CancelToken,
    ) -> Result<(), LoadFailure> {
        self.bodies.remove(&id);
        self.base = self.control.meter.used();
        let bounds = Bounds {
            time: bounds.time.max(LOAD_TIME),
            ..bounds
        };
        let order = Order::Load(id, Arc::clone(body), Arc::clone(&self.library));
        self.order(order, bounds).map_err(LoadFailure::Stopped)?;
        let word = self.watch(bounds, cancel);
        if !matches!(word, Ok(Done::Loaded(Err(LoadFailure::Syntax(_))))) {
            self.untouched = false;
        }
        match word {
            Ok(Done::Loaded(loaded)) => {
                if let Some(stop) = self.stop(false) {
                    self.alive = false;
                    return Err(LoadFailure::Stopped(stop));
                }
                loaded?;
                self.base = self.control.meter.used();
                self.bodies.insert(id);
                Ok(())
            }
            other => {
                self.alive = false;
                Err(LoadFailure::Stopped(self.ended(other)))
            }
        }
    }

    /// Runs a job with a body. After a limit that took its stack or its thread it takes no more orders.
    pub fn ask(
        &mut self,
        id: usize,
        bounds: Bounds,
        cancel: &CancelToken,
        job: Job,
    ) -> Result<(), Stop> {
        self.order(Order::Ask(id, job), bounds)?;
        match self.watch(bounds, cancel) {
            Ok(Done::Job) => self.stop(false).map_or(Ok(()), Err),
            other => {
                self.alive = false;
                Err(self.ended(other))
            }
        }
    }

    /// Why the thread ended.
    fn ended(&self, word: Result<Done, Stop>) -> Stop {
        match word {
            Err(stop) => stop,
            Ok(Done::Unwound(text)) => self.stop(false).unwrap_or_else(|| {
                Stop::Broken(text.unwrap_or_else(|| "it was unwound".to_owned()))
            }),
            Ok(_) => Stop::Broken("the interpreter lost its way".to_owned()),
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
                control.place.store(control.meter.place(), Relaxed);
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
        let (line, helper) = failure::unpack(control.place.load(Relaxed), &self.library);
        Some(Stop::Hit(Hit {
            limit,
            step: control.step.load(Relaxed).saturating_sub(1),
            line,
            helper,
            abandoned,
        }))
    }
}

/// How long an interpreter may take to end by itself.
const END_TIME: Duration = Duration::from_millis(500);

impl Drop for Worker {
    /// Its thread ends when nobody can give it orders any more. What the bodies left may have a say in that
    /// (`__del__`), so somebody stays to press it.
    fn drop(&mut self) {
        if self.untouched || !self.alive {
            return;
        }
        let (nobody, _) = channel();
        self.orders = nobody;
        let (_, nothing) = channel();
        let done = std::mem::replace(&mut self.done, nothing);
        let control = Arc::clone(&self.control);
        let signals = self.signals.clone();
        // Where there is no thread to be had, it ends by itself or not.
        let _ = std::thread::Builder::new()
            .name("rule body end".to_owned())
            .spawn(move || see_off(&control, &done, &signals));
    }
}

/// Waits for an interpreter's thread to end; unwinds it, and gives it up, when it does not.
fn see_off(control: &Arc<Control>, done: &Receiver<Done>, signals: &UserSignalSender) {
    if !matches!(done.recv_timeout(END_TIME), Err(RecvTimeoutError::Timeout)) {
        return;
    }
    control.reset();
    control.reason.store(TIME, SeqCst);
    control.pressure.store(UNWIND, SeqCst);
    control.running.store(true, SeqCst);
    let since = Instant::now();
    while since.elapsed() < ABANDON_AFTER {
        let shared = Arc::clone(control);
        let _ = signals.send(Box::new(move |vm: &VirtualMachine| press(&shared, vm)));
        if !matches!(done.recv_timeout(TICK), Err(RecvTimeoutError::Timeout)) {
            return;
        }
    }
    control.meter.condemn();
}
