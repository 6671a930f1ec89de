//! The interpreter's own thread: starts it, runs the jobs, and is where a body is stopped.

use super::control::{CALM, Control, UNWIND};
use super::library::Library;
use super::memory::Meter;
use super::session::Session;
use super::worker::{Done, Order};
use super::{boot, failure, load};
use rustpython_vm::builtins::PyModule;
use rustpython_vm::signal::user_signal_channel;
use rustpython_vm::{PyRef, VirtualMachine};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::mpsc::{Receiver, Sender};

/// Runs on the interpreter's thread, between two instructions of a body.
pub(super) fn press(control: &Control, vm: &VirtualMachine) -> rustpython_vm::PyResult<()> {
    if !control.running.load(SeqCst) {
        return Ok(());
    }
    let pressure = control.pressure.load(SeqCst);
    if pressure == CALM {
        return Ok(());
    }
    if control.place.load(Relaxed) == 0 {
        control.place.store(failure::current_place(), Relaxed);
    }
    if pressure == UNWIND {
        // Not a panic: nothing is wrong, and the panic hook has nothing to say.
        resume_unwind(Box::new(Unwinding));
    }
    if control.raised.swap(true, SeqCst) {
        return Ok(());
    }
    Err(vm.new_exception_msg(
        vm.ctx.exceptions.keyboard_interrupt.to_owned(),
        "a limit of the sandbox was reached".to_owned().into(),
    ))
}

/// What an unwound stack carries.
struct Unwinding;

/// The interpreter's thread.
pub(super) fn serve(
    warm: bool,
    control: &Arc<Control>,
    orders: &Receiver<Order>,
    done: &Sender<Done>,
) {
    control.meter.attach(failure::current_place);
    let (signals, incoming) = user_signal_channel();
    let booted = catch_unwind(AssertUnwindSafe(|| {
        let interpreter = boot::interpreter(incoming);
        let hardened = interpreter.enter(|vm| {
            boot::harden(vm)
                .and_then(|()| if warm { boot::warm(vm) } else { Ok(()) })
                .map_err(|error| failure::read(&error, "", &Library::default(), vm).text)
        });
        hardened.map(|()| interpreter)
    }));
    let interpreter = match booted {
        Ok(Ok(interpreter)) => interpreter,
        Ok(Err(text)) => {
            let _ = done.send(Done::Booted(Err(text)));
            return;
        }
        Err(panic) => {
            let text = said(panic.as_ref()).unwrap_or_default();
            let _ = done.send(Done::Booted(Err(text)));
            return;
        }
    };
    let _ = done.send(Done::Booted(Ok(signals)));
    let unwound = interpreter.enter(|vm| {
        let guarded = |work: &mut dyn FnMut() -> Done| {
            let result = catch_unwind(AssertUnwindSafe(work));
            control.running.store(false, SeqCst);
            match result {
                Ok(word) => done.send(word).is_ok(),
                Err(panic) => {
                    let _ = done.send(Done::Unwound(said(panic.as_ref())));
                    false
                }
            }
        };
        let mut bodies: HashMap<usize, (PyRef<PyModule>, String)> = HashMap::new();
        let mut unwound = false;
        while !unwound {
            // Waiting detached, so that nobody who stops the world waits for this thread.
            let Ok(order) = vm.allow_threads(|| orders.recv()) else {
                break;
            };
            match order {
                Order::Load(id, body, library) => {
                    let file = format!("{}{}", failure::BODY_FOLDER, body.name);
                    if let Some((before, _)) = bodies.remove(&id) {
                        // Functions and their module hold each other.
                        before.dict().clear();
                    }
                    unwound = !guarded(&mut || {
                        load::install(&library);
                        Done::Loaded(load::load(&body, &file, &library, vm).map(|loaded| {
                            bodies.insert(id, (loaded, file.clone()));
                        }))
                    });
                }
                Order::Ask(id, job) => {
                    let Some((module, file)) = bodies.get(&id) else {
                        break;
                    };
                    let library = load::library();
                    let session = Session {
                        vm,
                        control,
                        module,
                        file,
                        library: &library,
                    };
                    let mut job = Some(job);
                    unwound = !guarded(&mut || {
                        if let Some(job) = job.take() {
                            job(&session);
                        }
                        Done::Job
                    });
                }
            }
        }
        if unwound {
            // Its objects may be in any state: better leaked than touched again.
            std::mem::forget(bodies);
        }
        unwound
    });
    if unwound {
        std::mem::forget(interpreter);
    } else {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            interpreter.enter(boot::take_apart);
            drop(interpreter);
        }));
    }
    Meter::detach();
}

/// The message of a panic; none for our own unwinding.
fn said(panic: &(dyn std::any::Any + Send)) -> Option<String> {
    if panic.is::<Unwinding>() {
        return None;
    }
    let text = panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the interpreter broke".to_owned());
    Some(text)
}
