//! Exceptions of a body, as they are told.

use super::library::Library;
use rustpython_vm::builtins::{PyBaseException, PyBaseExceptionRef, PyInt, PyStr, PyType};
use rustpython_vm::{AsObject, Py, PyObjectRef, VirtualMachine};

/// A line of a module of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The module's file.
    pub file: String,
    /// From 1.
    pub line: usize,
}

/// An exception that left the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raised {
    /// As Python's `repr` gives it, such as `KeyError('x')`.
    pub text: String,
    /// Its class, such as `KeyError`.
    pub class: String,
    /// The deepest line of the body it came through, from 1.
    pub line: Option<usize>,
    /// Where it was raised, when that was in a module of the library.
    pub helper: Option<Place>,
    /// The module that was not found, for a failed import.
    pub module: Option<String>,
}

/// Reads an exception. `file` is the name the body was compiled under.
pub(super) fn read(
    raised: &Py<PyBaseException>,
    file: &str,
    library: &Library,
    vm: &VirtualMachine,
) -> Raised {
    let class = raised.class().name().to_string();
    let text = raised.as_object().repr(vm).map_or_else(
        // An exception whose own representation fails.
        |_| format!("{class}()"),
        // As Python 3.11, which Panther runs, words it.
        |text| {
            let text = text.to_string_lossy().into_owned();
            text.replace("' is not a container or iterable", "' is not iterable")
        },
    );
    let (mut line, mut helper) = (None, None);
    if let Some(first) = raised.traceback() {
        for entry in first.iter() {
            let frame = &entry.frame;
            let path = frame.iframe().code().source_path.as_str();
            if path == file {
                line = Some(entry.lineno.get());
                helper = None;
            } else if let Some(module) = library.at_path(path) {
                helper = Some(Place {
                    file: module.file.clone(),
                    line: entry.lineno.get(),
                });
            }
        }
    }
    let text_of = |name: &'static str| {
        let value = raised.as_object().get_attr(name, vm).ok()?;
        Some(
            value
                .downcast_ref::<PyStr>()?
                .to_string_lossy()
                .into_owned(),
        )
    };
    if raised.fast_isinstance(vm.ctx.exceptions.syntax_error)
        && let Some(module) = text_of("filename").and_then(|path| library.at_path(&path))
        && let Ok(at) = raised.as_object().get_attr("lineno", vm)
        && let Some(Ok(at)) = at.downcast_ref::<PyInt>().map(|at| at.try_to_primitive(vm))
    {
        helper = Some(Place {
            file: module.file.clone(),
            line: at,
        });
    }
    let module = raised
        .fast_isinstance(vm.ctx.exceptions.import_error)
        .then(|| text_of("name"))
        .flatten();
    Raised {
        text,
        class,
        line,
        helper,
        module,
    }
}

/// `PantherError(message, log type)`, the exception of the platform's own event class.
pub(super) fn panther_error(
    message: &str,
    log_type: Option<PyObjectRef>,
    vm: &VirtualMachine,
) -> PyBaseExceptionRef {
    let class = vm
        .import("panther_core.exceptions", 0)
        .and_then(|package| package.get_attr("exceptions", vm))
        .and_then(|module| module.get_attr("PantherError", vm));
    let class = match class.map(|class| class.downcast::<PyType>()) {
        Ok(Ok(class)) => class,
        Ok(Err(_)) => vm.ctx.exceptions.exception_type.to_owned(),
        Err(error) => return error,
    };
    vm.new_exception(
        class,
        vec![vm.ctx.new_str(message).into(), vm.unwrap_or_none(log_type)],
    )
}

/// The place that runs on this thread right now, packed for [`unpack`]; 0 where none does.
/// Reads only what is there: it may run inside the allocator.
pub(super) fn current_place() -> u64 {
    let mut at = rustpython_vm::frame::current_thread_iframe();
    let mut steps = 0;
    let mut packed = 0;
    while !at.is_null() && steps < 100_000 {
        // SAFETY: the chain of this thread's live frames, innermost first; they outlive this call,
        // because the thread that would end them is the one that asks.
        let frame = unsafe { &*at };
        let code = frame.code();
        let path = code.source_path.as_str();
        let line = || {
            let last = frame.get_lasti() as usize;
            let start = last.checked_sub(1).and_then(|i| code.locations.get(i));
            start.map_or(0, |(start, _)| start.line.get() as u64) & LINE
        };
        if path.starts_with(BODY_FOLDER) {
            return packed | line();
        }
        if packed == 0
            && let Some(index) = index_of(path)
        {
            packed = (index as u64 + 1) << 48 | line() << 24;
        }
        at = frame.previous();
        steps += 1;
    }
    packed
}

/// Lines take 24 bits: those of the body lowest, those of a module above, then the module's index from 1.
const LINE: u64 = (1 << 24) - 1;

/// The line of the body, and the place in a module of the library.
pub(super) fn unpack(packed: u64, library: &Library) -> (Option<usize>, Option<Place>) {
    let line = |bits: u64| usize::try_from(bits & LINE).unwrap_or(0);
    let helper = usize::try_from(packed >> 48)
        .ok()
        .and_then(|index| library.modules().get(index.checked_sub(1)?))
        .map(|module| Place {
            file: module.file.clone(),
            line: line(packed >> 24),
        });
    (Some(line(packed)).filter(|line| *line > 0), helper)
}

/// The folder that bodies are compiled under, so that their frames can be told from the library's.
pub(super) const BODY_FOLDER: &str = "/rule/";

/// The folder that modules of the library are compiled under, each below its index.
const LIBRARY_FOLDER: &str = "/library/";

/// The name a module of the library is compiled under.
pub(super) fn library_path(index: usize, file: &str) -> String {
    format!("{LIBRARY_FOLDER}{index}/{file}")
}

/// The index of the module that was compiled under that name.
pub(super) fn index_of(path: &str) -> Option<usize> {
    let (index, _) = path.strip_prefix(LIBRARY_FOLDER)?.split_once('/')?;
    index.parse().ok()
}
