//! Exceptions of a body, as they are told.

use rustpython_vm::builtins::{PyBaseException, PyBaseExceptionRef, PyStr};
use rustpython_vm::{AsObject, Py, VirtualMachine};

/// An exception that left the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raised {
    /// As Python's `repr` gives it, such as `KeyError('x')`.
    pub text: String,
    /// Its class, such as `KeyError`.
    pub class: String,
    /// The deepest line of the body it came through, from 1.
    pub line: Option<usize>,
    /// The module that was not found, for a failed import.
    pub module: Option<String>,
}

/// Reads an exception. `file` is the name the body was compiled under.
pub(super) fn read(raised: &Py<PyBaseException>, file: &str, vm: &VirtualMachine) -> Raised {
    let class = raised.class().name().to_string();
    let text = raised.as_object().repr(vm).map_or_else(
        // An exception whose own representation fails.
        |_| format!("{class}()"),
        |text| text.to_string_lossy().into_owned(),
    );
    let line = raised.traceback().and_then(|first| {
        first
            .iter()
            .filter(|entry| entry.frame.iframe().code().source_path.as_str() == file)
            .last()
            .map(|entry| entry.lineno.get())
    });
    let module = if raised.fast_isinstance(vm.ctx.exceptions.import_error) {
        raised
            .as_object()
            .get_attr("name", vm)
            .ok()
            .and_then(|name| Some(name.downcast_ref::<PyStr>()?.to_string_lossy().into_owned()))
    } else {
        None
    };
    Raised {
        text,
        class,
        line,
        module,
    }
}

/// `PantherError(message)`, the exception of the platform's own event class.
pub(super) fn panther_error(message: &str, vm: &VirtualMachine) -> PyBaseExceptionRef {
    let class = vm
        .import("panther_core.exceptions", 0)
        .and_then(|_| vm.try_class("panther_core.exceptions", "PantherError"));
    match class {
        Ok(class) => vm.new_exception(class, vec![vm.ctx.new_str(message).into(), vm.ctx.none()]),
        Err(error) => error,
    }
}

/// The line of the body that runs on this thread right now; 0 where none does.
/// Reads only what is there: it may run inside the allocator.
pub(super) fn current_line() -> usize {
    let mut at = rustpython_vm::frame::current_thread_iframe();
    let mut steps = 0;
    while !at.is_null() && steps < 100_000 {
        // SAFETY: the chain of this thread's live frames, innermost first; they outlive this call,
        // because the thread that would end them is the one that asks.
        let frame = unsafe { &*at };
        let code = frame.code();
        if code.source_path.as_str().starts_with(BODY_FOLDER) {
            let last = frame.get_lasti() as usize;
            return last
                .checked_sub(1)
                .and_then(|i| code.locations.get(i))
                .map_or(0, |(start, _)| start.line.get());
        }
        at = frame.previous();
        steps += 1;
    }
    0
}

/// The folder that bodies are compiled under, so that their frames can be told from the library's.
pub(super) const BODY_FOLDER: &str = "/rule/";
