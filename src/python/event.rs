//! `PantherEvent`: the event as a rule body gets it, with the data model of its log type.

use super::library::DataModel;
use super::lookup::Node;
use super::view::{Content, View};
use super::{dates, udm, walk};
use crate::event::EventJson;
use rustpython_vm::builtins::{PyType, PyTypeRef};
use rustpython_vm::function::{FuncArgs, OptionalArg};
use rustpython_vm::types::Constructor;
use rustpython_vm::{
    AsObject, FromArgs, Py, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, pyclass,
};
use std::sync::Arc;

/// An event as a rule body gets it.
#[pyclass(
    module = false,
    name = "PantherEvent",
    base = View,
    unhashable = true
)]
#[derive(Debug)]
#[repr(C)]
pub(super) struct Event {
    base: View,
    model: Option<Arc<DataModel>>,
}

impl Event {
    /// The event as a Python object.
    pub fn object(
        event: Arc<EventJson>,
        model: Option<Arc<DataModel>>,
        vm: &VirtualMachine,
    ) -> PyObjectRef {
        Self {
            model,
            base: View::json(Node::root(event)),
        }
        .into_pyobject(vm)
    }
}

#[derive(FromArgs)]
pub(super) struct EventArgs {
    #[pyarg(any)]
    event: PyObjectRef,
    #[pyarg(any, optional)]
    data_model: OptionalArg<PyObjectRef>,
}

#[derive(FromArgs)]
struct LookupArgs {
    #[pyarg(any)]
    lookup_name: PyObjectRef,
    #[pyarg(any)]
    lookup_key: PyObjectRef,
}

#[derive(FromArgs)]
struct TimeArgs {
    #[pyarg(any, optional)]
    force_utc: OptionalArg<bool>,
}

impl Constructor for Event {
    type Args = EventArgs;

    fn py_new(_cls: &Py<PyType>, args: Self::Args, vm: &VirtualMachine) -> PyResult<Self> {
        if let OptionalArg::Present(model) = &args.data_model
            && !vm.is_none(model)
        {
            return Err(vm.new_not_implemented_error(
                "an event that a body makes itself has no data model here",
            ));
        }
        let base = View::of(&args.event, vm)?;
        Ok(Self { base, model: None })
    }
}

#[pyclass(with(Constructor), flags(MAPPING))]
impl Event {
    #[pymethod]
    fn deep_walk(zelf: &Py<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let (keys, mut named) = walk::split(args, "deep_walk", &["default", "return_val"], vm)?;
        let chosen = walk::Chosen::from_argument(named.swap_remove(1));
        let default = named.swap_remove(0).unwrap_or_else(|| vm.ctx.none());
        match &zelf.base.content {
            Content::Json(node) => walk::deep_walk(node.json(), &keys, &default, &chosen, vm),
            Content::Object(mapping) => {
                walk::deep_walk_object(mapping, &keys, &default, &chosen, vm)
            }
        }
    }

    #[pymethod]
    fn udm(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let (keys, mut named) = walk::split(args, "udm", &["default"], vm)?;
        let default = named.swap_remove(0).unwrap_or_else(|| vm.ctx.none());
        let whole = zelf.as_object();
        udm::udm(whole, &zelf.base, zelf.model.as_deref(), &keys, default, vm)
    }

    #[pymethod]
    fn udm_path(zelf: &Py<Self>, key: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        udm::udm_path(&zelf.base, zelf.model.as_deref(), &key, vm)
    }

    #[pymethod]
    fn lookup(zelf: &Py<Self>, args: LookupArgs, vm: &VirtualMachine) -> PyResult {
        walk::lookup(&zelf.base, &args.lookup_name, &args.lookup_key, vm)
    }

    #[pymethod]
    fn event_time_epoch(zelf: &Py<Self>, args: TimeArgs, vm: &VirtualMachine) -> PyResult<i64> {
        let time = zelf
            .base
            .find(vm.ctx.new_str("p_event_time").as_object(), vm)?;
        dates::epoch(time.as_deref(), args.force_utc.unwrap_or(true), vm)
    }

    #[pygetset]
    fn data_model(zelf: &Py<Self>, vm: &VirtualMachine) -> PyObjectRef {
        match &zelf.model {
            // Bodies only ever ask whether there is one.
            Some(model) => vm.ctx.new_str(model.id.as_str()).into(),
            None => vm.ctx.none(),
        }
    }
}

/// The class of events, for the modules that name it.
pub(super) fn classes() -> (PyTypeRef, PyTypeRef) {
    use rustpython_vm::class::PyClassImpl;
    (View::make_static_type(), Event::make_static_type())
}
