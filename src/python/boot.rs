//! Starts an interpreter with every door to the host closed.
//!
//! RustPython is built without its host modules, so files, sockets, processes and the environment have
//! no native code behind them. What is left is closed here: threads by the interpreter's own flag,
//! modules into the interpreter by taking their definitions away, paths by emptying them.

use super::{event, list};
use rustpython_vm::signal::UserSignalReceiver;
use rustpython_vm::vm::{Paths, Settings};
use rustpython_vm::{Interpreter, PyResult, VirtualMachine};
use std::sync::Arc;

/// Modules that reach into the interpreter, and those that a shim stands in for.
const NATIVE_CLOSED: &[&str] = &[
    "_asyncio",
    "_interpchannels",
    "_interpqueues",
    "_interpreters",
    "_remote_debugging",
    "_signal",
    "_symtable",
    "_testinternalcapi",
    "gc",
    "marshal",
];

/// Library modules that only make sense with a host: their absence is said at the import,
/// not somewhere inside them.
pub(super) const CLOSED: &[&str] = &[
    "asyncio",
    "concurrent",
    "ctypes",
    "ftplib",
    "glob",
    "http",
    "imaplib",
    "marshal",
    "mmap",
    "multiprocessing",
    "pathlib",
    "poplib",
    "pty",
    "select",
    "selectors",
    "shutil",
    "signal",
    "smtplib",
    "socket",
    "socketserver",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "tkinter",
    "venv",
    "webbrowser",
];

/// Whether a module exists in Python and is kept from rule bodies.
pub fn is_closed(module: &str) -> bool {
    let top = module.split('.').next().unwrap_or(module);
    CLOSED.contains(&top) || NATIVE_CLOSED.contains(&top)
}

/// Python sources of the modules of our own, by name.
const SHIMS: &[(&str, &str)] = &[
    ("os", include_str!("shims/os.py")),
    ("posix", include_str!("shims/posix.py")),
    ("gc", include_str!("shims/gc.py")),
    ("unittest", include_str!("shims/unittest.py")),
    ("unittest.mock", include_str!("shims/unittest_mock.py")),
    ("panther_core", include_str!("shims/panther_core.py")),
    (
        "panther_core.exceptions",
        include_str!("shims/panther_core_exceptions.py"),
    ),
];

const PRELUDE: &str = include_str!("shims/prelude.py");

/// Builds an interpreter on the current thread.
pub(super) fn interpreter(signals: UserSignalReceiver) -> Interpreter {
    let mut settings = Settings::default();
    settings.install_signal_handlers = false;
    settings.isolated = true;
    settings.ignore_environment = true;
    settings.import_site = false;
    settings.user_site_directory = false;
    settings.safe_path = true;
    settings.write_bytecode = false;
    settings.allow_external_library = false;
    settings.warnoptions = vec!["ignore".to_owned()];
    // Set orders and hashes are the same in every run.
    settings.hash_seed = Some(0);
    let builder = Interpreter::builder(settings);
    let defs = rustpython_stdlib::stdlib_module_defs(&builder.ctx);
    builder
        .add_native_modules(&defs)
        .add_frozen_modules(rustpython_pylib::FROZEN_STDLIB)
        .init_hook(move |vm| {
            vm.set_user_signal_channel(signals);
            if let Some(state) = Arc::get_mut(&mut vm.state) {
                state.config.paths = Paths {
                    // Some modules of the library ask where they lie.
                    stdlib_dir: Some("/lib".to_owned()),
                    ..Paths::default()
                };
                state.feature_flags.allow_threads = false;
                state.feature_flags.allow_daemon_threads = false;
                state.feature_flags.allow_fork = false;
                state.feature_flags.allow_exec = false;
                for name in NATIVE_CLOSED {
                    state.module_defs.remove(name);
                }
                state.frozen.retain(|name, _| {
                    let top = name.split('.').next().unwrap_or(name);
                    !CLOSED.contains(&top)
                });
                // A collection stops every interpreter of the process and would wait for ever
                // for one that hangs in a native call. Cycles count against the memory limit instead.
                state.gc.disable();
            }
        })
        .build()
}

/// Sets the modules of our own up and takes away what a body has no business with.
///
/// # Errors
/// A Python exception: the library that is built in does not fit this code.
pub(super) fn harden(vm: &VirtualMachine) -> PyResult<()> {
    let shims = vm.ctx.new_dict();
    for (name, source) in SHIMS {
        shims.set_item(*name, vm.ctx.new_str(*source).into(), vm)?;
    }
    let closed = vm.ctx.new_list(
        CLOSED
            .iter()
            .map(|name| vm.ctx.new_str(*name).into())
            .collect(),
    );
    let (view, event) = event::classes();
    let scope = vm.new_scope_with_builtins();
    let globals = &scope.globals;
    globals.set_item("SHIMS", shims.into(), vm)?;
    globals.set_item("CLOSED", closed.into(), vm)?;
    globals.set_item("View", view.into(), vm)?;
    globals.set_item("Event", event.into(), vm)?;
    globals.set_item("List", list::class().into(), vm)?;
    vm.run_string(scope, PRELUDE, "<prelude>").map(drop)
}
