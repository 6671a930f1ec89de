//! Starts an interpreter with every door to the host closed.
//!
//! RustPython is built without its host modules, so files, sockets, processes and the environment have
//! no native code behind them. What is left is closed here: threads by the interpreter's own flag,
//! modules into the interpreter by taking their definitions away, paths by emptying them.

use super::{event, list, load, shims};
use rustpython_vm::builtins::{PyDict, PyModule, PyType};
use rustpython_vm::recursion::ReprGuard;
use rustpython_vm::signal::UserSignalReceiver;
use rustpython_vm::types::PyTypeFlags;
use rustpython_vm::vm::{Paths, Settings};
use rustpython_vm::{AsObject, Interpreter, PyObjectRef, PyResult, VirtualMachine};
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
    let closed = vm.ctx.new_list(
        CLOSED
            .iter()
            .map(|name| vm.ctx.new_str(*name).into())
            .collect(),
    );
    // Bytecode made by hand can make the interpreter do anything: code comes from source only.
    let code = vm.ctx.types.code_type;
    for name in ["replace", "__replace__", "__new__"] {
        code.attributes.remove(vm.ctx.intern_str(name));
    }
    code.slots.new.store(None);
    let (view, event) = event::classes();
    let scope = vm.new_scope_with_builtins();
    let globals = &scope.globals;
    globals.set_item("SHIMS", shims::table(vm)?.into(), vm)?;
    globals.set_item("NATIVES", shims::natives(vm)?.into(), vm)?;
    globals.set_item("CLOSED", closed.into(), vm)?;
    globals.set_item("View", view.into(), vm)?;
    globals.set_item("Event", event.into(), vm)?;
    globals.set_item("List", list::class().into(), vm)?;
    let library = vm.new_function("library", load::source);
    globals.set_item("LIBRARY", library.into(), vm)?;
    seal_shared_types(vm);
    show_as_3_11(vm)?;
    vm.run_string(scope, PRELUDE, "<prelude>").map(drop)
}

/// `OrderedDict` shows itself as in Python 3.11, which Panther runs; 3.12 changed that.
fn show_as_3_11(vm: &VirtualMachine) -> PyResult<()> {
    let ordered = vm.try_class("_collections", "OrderedDict")?;
    ordered.slots.repr.store(Some(|zelf, vm| {
        let name = zelf.class().name().to_string();
        let text = match ReprGuard::enter(vm, zelf) {
            None => "...".to_owned(),
            Some(_) if zelf.length(vm)? == 0 => format!("{name}()"),
            Some(_) => {
                let items = vm.call_method(zelf, "items", ())?;
                let items: Vec<PyObjectRef> = items.try_to_value(vm)?;
                let items = vm.ctx.new_list(items).as_object().repr(vm)?;
                format!("{name}({})", items.to_string_lossy())
            }
        };
        Ok(vm.ctx.new_str(text))
    }));
    Ok(())
}

/// What rule bodies import most: imported beforehand where there is time for it.
const COMMON: &[&str] = &["collections", "datetime", "fnmatch", "json", "re", "typing"];

/// Imports what most bodies do. A body sees no difference but in `sys.modules`.
///
/// # Errors
/// A Python exception: the library that is built in is broken.
pub(super) fn warm(vm: &VirtualMachine) -> PyResult<()> {
    COMMON
        .iter()
        .try_for_each(|name| vm.import(*name, 0).map(drop))
}

/// The exceptions of native modules belong to all interpreters of the process: none may change them,
/// or a later body would see it. Done once, with the first interpreter.
fn seal_shared_types(vm: &VirtualMachine) {
    static SEALED: std::sync::Mutex<bool> = std::sync::Mutex::new(false);
    let mut sealed = SEALED
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if std::mem::replace(&mut *sealed, true) {
        return;
    }
    let Ok(modules) = vm.sys_module.get_attr("modules", vm) else {
        return;
    };
    for name in vm.state.module_defs.keys() {
        let known = modules.get_item(*name, vm).is_ok();
        let Ok(module) = vm.import(*name, 0) else {
            continue;
        };
        let Some(module) = module.downcast_ref::<PyModule>() else {
            continue;
        };
        for value in module.dict().values_vec() {
            if let Some(class) = value.downcast_ref::<PyType>()
                && class.fast_issubclass(vm.ctx.exceptions.base_exception_type)
            {
                class.slots.flags.insert(PyTypeFlags::IMMUTABLETYPE);
            }
        }
        if !known {
            // It was not there, and the body's own import makes it anew.
            let _ = modules.del_item(*name, vm);
        }
    }
}

/// Modules and their functions hold each other: emptied, most of them can go with the interpreter.
/// (The interpreter's own way to do this collects garbage, which stops every interpreter of the process
/// and would wait for ever for one that was given up.)
pub(super) fn take_apart(vm: &VirtualMachine) {
    let Ok(modules) = vm.sys_module.get_attr("modules", vm) else {
        return;
    };
    let Some(modules) = modules.downcast_ref::<PyDict>() else {
        return;
    };
    let all = modules.values_vec();
    modules.clear();
    for module in &all {
        let Some(module) = module.downcast_ref::<PyModule>() else {
            continue;
        };
        for value in module.dict().values_vec() {
            if let Some(class) = value.downcast_ref::<PyType>()
                && class.slots.flags.has_feature(PyTypeFlags::HEAPTYPE)
                // Exceptions of native modules belong to all interpreters.
                && !class.fast_issubclass(vm.ctx.exceptions.base_exception_type)
                && let Some(members) = class.attributes.as_dict()
            {
                // The interpreter takes for granted that a class which had one still has it.
                let end = members.get_item_opt("__del__", vm).ok().flatten();
                members.clear();
                if let Some(end) = end {
                    let _ = members.set_item("__del__", end, vm);
                }
            }
        }
    }
    for module in &all {
        if let Some(module) = module.downcast_ref::<PyModule>() {
            let dict = module.dict();
            if !dict.is(&vm.builtins.dict()) && !dict.is(&vm.sys_module.dict()) {
                dict.clear();
            }
        }
    }
}
