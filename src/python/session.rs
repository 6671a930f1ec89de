//! What a job may do with a loaded body, on the interpreter's own thread.

use super::control::Control;
use super::convert::plain;
use super::dates;
use super::encode::dumps;
use super::event::Event;
use super::failure::{self, Raised};
use super::library::{DataModel, Library};
use super::load;
use super::walk::is_mapping;
use crate::event::EventJson;
use rustpython_vm::builtins::{PyBaseExceptionRef, PyDict, PyList, PyModule, PyStr};
use rustpython_vm::{AsObject, PyObject, PyObjectRef, PyRef, PyResult, VirtualMachine};
use serde_json::Value as Json;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// What a function of the body gave back.
#[derive(Clone, Debug, PartialEq)]
pub enum Returned {
    /// `None`.
    None,
    /// A boolean.
    Bool(bool),
    /// A string; lone surrogates replaced.
    Text(String),
    /// A list.
    List(Vec<Returned>),
    /// A mapping: the name of its type, and its JSON text or why it has none.
    Mapping(String, Result<String, Raised>),
    /// Anything else, by the name of its type.
    Other(String),
}

impl Returned {
    /// The name of its Python type.
    pub fn type_name(&self) -> &str {
        match self {
            Returned::None => "NoneType",
            Returned::Bool(_) => "bool",
            Returned::Text(_) => "str",
            Returned::List(_) => "list",
            Returned::Mapping(name, _) | Returned::Other(name) => name,
        }
    }
}

/// A name of the body to be replaced by something callable that returns a value.
pub type Mock = (String, Json);

thread_local! {
    /// The event that the interpreter of this thread was last asked about.
    static EVENT: RefCell<Option<Arc<EventJson>>> = const { RefCell::new(None) };
}

/// Seconds since 1970 of the event that is being looked at, where it has a time.
pub(super) fn event_time() -> Option<i64> {
    let event = EVENT.with(|current| current.borrow().clone())?;
    let time = event.member("p_event_time")?.as_str()?;
    dates::seconds(time)
}

/// A loaded body, asked from the interpreter's own thread.
pub struct Session<'a> {
    pub(super) vm: &'a VirtualMachine,
    pub(super) control: &'a Control,
    pub(super) module: &'a PyRef<PyModule>,
    pub(super) file: &'a str,
    pub(super) library: &'a Library,
}

impl Session<'_> {
    /// Begins the next unit of work: the time limit starts anew.
    pub fn next_step(&self) {
        self.control.step.fetch_add(1, Relaxed);
    }

    /// Whether a limit was reached or the work was cancelled: what follows is not worth asking.
    pub fn is_stopped(&self) -> bool {
        self.control.is_hit()
    }

    /// An event as a rule gets it, with the data model of its log type.
    pub fn event(&self, event: Arc<EventJson>, model: Option<Arc<DataModel>>) -> Argument {
        EVENT.with(|current| *current.borrow_mut() = Some(Arc::clone(&event)));
        Argument(Event::object(event, model, self.vm))
    }

    /// A resource as a policy gets it: a plain dict.
    pub fn mapping(&self, resource: &EventJson) -> Argument {
        Argument(plain(resource.json(), self.vm))
    }

    /// Forgets what the helpers that keep something between events remember. To be called before each case and
    /// before each run.
    pub fn forget(&self) {
        EVENT.with(|current| *current.borrow_mut() = None);
        let Ok(modules) = self.vm.sys_module.get_attr("modules", self.vm) else {
            return;
        };
        if let Ok(module) = modules.get_item("panther_detection_helpers.caching", self.vm)
            && let Ok(store) = module.get_attr("_store", self.vm)
            && let Some(store) = store.downcast_ref::<PyDict>()
        {
            store.clear();
        }
    }

    /// Imports a module of the library, such as the body of a data model.
    ///
    /// # Errors
    /// The exception that it raised while it was imported.
    pub fn import(&self, module: &str) -> Result<(), Raised> {
        let imported = load::library_module(module, self.vm);
        imported.map(drop).map_err(|error| self.raised(&error))
    }

    /// Whether a module of the library has something of that name.
    ///
    /// # Errors
    /// The exception that it raised while it was imported.
    pub fn module_has(&self, module: &str, name: &str) -> Result<bool, Raised> {
        let name = self.vm.ctx.new_str(name);
        let found = load::library_module(module, self.vm)
            .and_then(|module| self.vm.get_attribute_opt(&module, &name));
        found
            .map(|found| found.is_some())
            .map_err(|error| self.raised(&error))
    }

    /// Whether the body has anything of that name.
    pub fn has(&self, name: &str) -> bool {
        self.global(name).is_some()
    }

    /// Whether the body has something of that name that can be called.
    pub fn has_function(&self, name: &str) -> bool {
        self.global(name).is_some_and(|found| found.is_callable())
    }

    fn global(&self, name: &str) -> Option<PyObjectRef> {
        self.module.dict().get_item_opt(name, self.vm).ok()?
    }

    /// Calls a function with an event.
    ///
    /// # Errors
    /// The exception it raised; a missing function is a `NameError`.
    pub fn call(&self, name: &str, event: &Argument) -> Result<Returned, Raised> {
        let result = self.invoke(name, event);
        match result.and_then(|value| self.read(&value)) {
            Ok(returned) => Ok(returned),
            Err(error) => Err(self.raised(&error)),
        }
    }

    fn invoke(&self, name: &str, event: &Argument) -> PyResult {
        let Some(function) = self.global(name) else {
            return Err(self.vm.new_name_error(
                format!("name '{name}' is not defined"),
                self.vm.ctx.new_str(name),
            ));
        };
        function.call((event.0.clone(),), self.vm)
    }

    fn raised(&self, error: &PyBaseExceptionRef) -> Raised {
        failure::read(error, self.file, self.library, self.vm)
    }

    fn read(&self, value: &PyObject) -> PyResult<Returned> {
        let vm = self.vm;
        if vm.is_none(value) {
            return Ok(Returned::None);
        }
        if value.is(&vm.ctx.true_value) || value.is(&vm.ctx.false_value) {
            return Ok(Returned::Bool(value.is(&vm.ctx.true_value)));
        }
        if let Some(text) = value.downcast_ref::<PyStr>() {
            return Ok(Returned::Text(text.to_string_lossy().into_owned()));
        }
        if let Some(list) = value.downcast_ref::<PyList>() {
            let items = list.borrow_vec().to_vec();
            return items
                .iter()
                .map(|item| vm.with_recursion("", || self.read(item)))
                .collect::<PyResult<_>>()
                .map(Returned::List);
        }
        let type_name = value.class().name().to_string();
        if is_mapping(value, vm)? {
            return Ok(Returned::Mapping(
                type_name,
                dumps(value, vm).map_err(|error| self.raised(&error)),
            ));
        }
        Ok(Returned::Other(type_name))
    }

    /// Replaces names of the body by mocks; what they were is put back by [`Session::unmock`].
    ///
    /// # Errors
    /// The exception of the platform: a mocked name has to exist.
    pub fn mock(&self, mocks: &[Mock]) -> Result<Unmock, Raised> {
        let mut before = Unmock(Vec::new());
        for (name, value) in mocks {
            if let Err(error) = self.mock_one(name, value, &mut before) {
                let raised = self.raised(&error);
                self.unmock(before);
                return Err(raised);
            }
        }
        Ok(before)
    }

    fn mock_one(&self, name: &str, value: &Json, before: &mut Unmock) -> PyResult<()> {
        let vm = self.vm;
        let dict = self.module.dict();
        let Some(old) = dict.get_item_opt(name, vm)? else {
            return Err(vm.new_attribute_error(format!("the body has no `{name}` to be mocked")));
        };
        let module = vm.import("unittest.mock", 0)?.get_attr("mock", vm)?;
        let mock = module.get_attr("MagicMock", vm)?.call((), vm)?;
        mock.set_attr("return_value", plain(value, vm), vm)?;
        dict.set_item(name, mock, vm)?;
        before.0.push((name.to_owned(), old));
        Ok(())
    }

    /// Takes mocks away.
    pub fn unmock(&self, before: Unmock) {
        let dict = self.module.dict();
        for (name, old) in before.0.into_iter().rev() {
            // A string key of a module's dict: nothing of the body's runs, so this cannot fail.
            let _ = dict.set_item(name.as_str(), old, self.vm);
        }
    }
}

/// An argument for the functions of a body.
pub struct Argument(PyObjectRef);

/// What mocked names were before.
pub struct Unmock(Vec<(String, PyObjectRef)>);
