//! Compiles a body and runs its top level.

use super::body::{Body, LoadFailure};
use super::failure;
use super::library::Library;
use super::worker::STACK;
use rustpython_vm::builtins::{PyBaseExceptionRef, PyCode, PyModule, PyStrRef};
use rustpython_vm::compiler::{CompileError, Mode};
use rustpython_vm::scope::Scope;
use rustpython_vm::vm::VmCompileError;
use rustpython_vm::{PyObjectRef, PyRef, PyResult, VirtualMachine};
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

/// Bodies are a few kilobytes; a text beyond this is no rule.
const LARGEST: usize = 4 << 20;
/// A text up to this length cannot nest deeper than [`STACK`] holds.
pub(super) const LARGEST_CHECKED: usize = 64 << 10;

/// Parses a body without an interpreter: what is being typed is broken most of the time.
/// Texts so long that only the interpreter's bounds are safe pass unread.
///
/// # Errors
/// All errors of the grammar: bytes of the source and messages.
pub fn check(source: &str) -> Result<(), Vec<(Range<usize>, String)>> {
    let text = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    if text.len() > LARGEST_CHECKED {
        return Ok(());
    }
    let cut = source.len() - text.len();
    // The parser goes as deep as the text nests, and the caller's stack may be small.
    let found = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("rule body check".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || syntax_errors(text, cut))
            .ok()
            .and_then(|thread| thread.join().ok())
    });
    match found {
        Some(errors) if !errors.is_empty() => Err(errors),
        // No thread, or the parser broke: the interpreter tells.
        _ => Ok(()),
    }
}

/// Loads a body as a module.
///
/// # Errors
/// Syntax errors, or the exception that its top level raised.
pub(super) fn load(
    body: &Body,
    file: &str,
    library: &Library,
    vm: &VirtualMachine,
) -> Result<PyRef<PyModule>, LoadFailure> {
    let raised =
        |error: PyBaseExceptionRef| LoadFailure::Raised(failure::read(&error, file, library, vm));
    let source = body.source.strip_prefix('\u{FEFF}').unwrap_or(&body.source);
    let cut = body.source.len() - source.len();
    if source.len() > LARGEST {
        return Err(LoadFailure::Syntax(vec![(
            0..0,
            format!("the body is larger than {} MB", LARGEST >> 20),
        )]));
    }
    let code = match vm.compile(source, Mode::Exec, file.to_owned()) {
        Ok(code) => code,
        Err(VmCompileError::Compile(error)) => {
            let all = syntax_errors(source, cut);
            if matches!(error, CompileError::Parse(_)) && !all.is_empty() {
                return Err(LoadFailure::Syntax(all));
            }
            return Err(LoadFailure::Syntax(vec![compile_error(
                &error, source, cut,
            )]));
        }
        Err(other) => return Err(raised(other.into_pyexception(vm, Some(source)))),
    };
    run(&body.module, file, code, vm).map_err(raised)
}

/// Runs code as a module of that name.
fn run(
    name: &str,
    file: &str,
    code: PyRef<PyCode>,
    vm: &VirtualMachine,
) -> PyResult<PyRef<PyModule>> {
    let dict = vm.ctx.new_dict();
    let module = vm.new_module(name, dict.clone(), None);
    let modules = vm.sys_module.get_attr("modules", vm)?;
    modules.set_item(name, module.clone().into(), vm)?;
    dict.set_item("__file__", vm.ctx.new_str(file).into(), vm)?;
    dict.set_item("__builtins__", vm.builtins.clone().into(), vm)?;
    if let Err(error) = vm.run_code_obj(code, Scope::new(None, dict)) {
        // The body may have taken it away itself.
        let _ = modules.del_item(name, vm);
        return Err(error);
    }
    Ok(module)
}

thread_local! {
    /// What the interpreter of this thread can import: each has a thread to itself.
    static LIBRARY: RefCell<Arc<Library>> = RefCell::default();
}

/// Sets the library of this thread's interpreter.
pub(super) fn install(library: &Arc<Library>) {
    LIBRARY.with(|current| *current.borrow_mut() = Arc::clone(library));
}

/// The library of this thread's interpreter.
pub(super) fn library() -> Arc<Library> {
    LIBRARY.with(|current| Arc::clone(&current.borrow()))
}

/// The function through which the import machinery asks for a module of the library: the name it is
/// compiled under and its text, or `None`.
pub(super) fn source(name: PyStrRef, vm: &VirtualMachine) -> PyObjectRef {
    let library = library();
    let Some((index, module)) = name.to_str().and_then(|name| library.find(name)) else {
        return vm.ctx.none();
    };
    let text = &module.source;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let path = failure::library_path(index, &module.file);
    let pair = [path.as_str(), text].map(|text| vm.ctx.new_str(text).into());
    vm.ctx.new_tuple(pair.into()).into()
}

/// A module of the library by its name, which need not be one that `import` can say.
///
/// # Errors
/// The exception that it raised while it was imported; a `ModuleNotFoundError` where there is none.
pub(super) fn library_module(name: &str, vm: &VirtualMachine) -> PyResult {
    let modules = vm.sys_module.get_attr("modules", vm)?;
    if let Ok(module) = modules.get_item(name, vm) {
        return Ok(module);
    }
    let library = library();
    let Some((index, module)) = library.find(name) else {
        let name = vm.ctx.new_str(name);
        let text = format!("No module named '{name}'");
        return Err(vm.new_import_error(text, name));
    };
    let text = &module.source;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let path = failure::library_path(index, &module.file);
    let code = vm
        .compile(text, Mode::Exec, path.clone())
        .map_err(|error| error.into_pyexception(vm, Some(text)))?;
    run(name, &path, code, vm).map(Into::into)
}

/// All errors of the grammar at once; none for a text so long that it could nest deeper than the stack,
/// which only the compiler guards.
fn syntax_errors(source: &str, cut: usize) -> Vec<(Range<usize>, String)> {
    if source.len() > LARGEST_CHECKED {
        return Vec::new();
    }
    let options = ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Module);
    let parsed = ruff_python_parser::parse_unchecked(source, options);
    parsed
        .errors()
        .iter()
        .map(|error| {
            let range = error.location;
            (
                cut + usize::from(range.start())..cut + usize::from(range.end()),
                error.error.to_string(),
            )
        })
        .collect()
}

fn compile_error(error: &CompileError, source: &str, cut: usize) -> (Range<usize>, String) {
    let (location, text) = match error {
        CompileError::Codegen(error) => (error.location, error.error.to_string()),
        CompileError::Parse(error) => (Some(error.location), error.error.to_string()),
    };
    let Some(location) = location else {
        return (cut..cut, text);
    };
    let start: usize = source
        .split_inclusive('\n')
        .take(location.line.get() - 1)
        .map(str::len)
        .sum();
    let line = source.get(start..).unwrap_or("");
    let line = line.split('\n').next().unwrap_or("");
    let column: usize = line
        .chars()
        .take(location.character_offset.get() - 1)
        .map(char::len_utf8)
        .sum();
    let at = cut + start + column;
    (at..cut + start + line.len().max(column), text)
}
