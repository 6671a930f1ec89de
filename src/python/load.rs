//! Compiles a body and runs its top level.

use super::failure;
use super::worker::{Body, LoadFailure, STACK};
use rustpython_vm::builtins::{PyBaseExceptionRef, PyModule};
use rustpython_vm::compiler::{CompileError, Mode};
use rustpython_vm::scope::Scope;
use rustpython_vm::vm::VmCompileError;
use rustpython_vm::{PyRef, VirtualMachine};
use std::ops::Range;

/// Bodies are a few kilobytes; a text beyond this is no rule.
const LARGEST: usize = 4 << 20;
/// A text up to this length cannot nest deeper than [`STACK`] holds.
const LARGEST_CHECKED: usize = 64 << 10;

/// Parses a body without an interpreter: what is being typed is broken most of the time.
/// Texts so long that only the interpreter's bounds are safe pass unread.
///
/// # Errors
/// All errors of the grammar.
pub(super) fn check(source: &str) -> Result<(), LoadFailure> {
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
        Some(errors) if !errors.is_empty() => Err(LoadFailure::Syntax(errors)),
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
    vm: &VirtualMachine,
) -> Result<PyRef<PyModule>, LoadFailure> {
    let raised = |error: PyBaseExceptionRef| LoadFailure::Raised(failure::read(&error, file, vm));
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
    let dict = vm.ctx.new_dict();
    let module = vm.new_module(&body.module, dict.clone(), None);
    let prepared = vm
        .sys_module
        .get_attr("modules", vm)
        .and_then(|modules| modules.set_item(body.module.as_str(), module.clone().into(), vm))
        .and_then(|()| dict.set_item("__file__", vm.ctx.new_str(file).into(), vm))
        .and_then(|()| dict.set_item("__builtins__", vm.builtins.clone().into(), vm));
    prepared.map_err(raised)?;
    let scope = Scope::new(None, dict);
    vm.run_code_obj(code, scope).map_err(raised)?;
    Ok(module)
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
