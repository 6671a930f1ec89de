//! The mappings a rule body sees: `PantherEvent` for the event, `ImmutableCaseInsensitiveDict` for
//! the mappings inside it. Both are views; nothing is converted until the body asks for it.

use super::convert::{json, plain, view};
use super::library::DataModel;
use super::lookup::Node;
use super::walk;
use rustpython_vm::builtins::{PyStr, PyType, PyTypeRef};
use rustpython_vm::common::lock::LazyLock;
use rustpython_vm::function::{FuncArgs, OptionalArg, PyComparisonValue};
use rustpython_vm::protocol::{PyMappingMethods, PySequenceMethods};
use rustpython_vm::types::{
    AsMapping, AsSequence, Comparable, Constructor, Iterable, PyComparisonOp, Representable,
};
use rustpython_vm::{
    AsObject, FromArgs, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine,
    atomic_func, pyclass,
};
use serde_json::Value as Json;
use std::sync::Arc;

/// A mapping inside an event: immutable, keys without regard to case.
#[pyclass(
    module = false,
    name = "ImmutableCaseInsensitiveDict",
    unhashable = true
)]
#[derive(Debug, PyPayload)]
pub(super) struct View {
    pub node: Node,
}

#[derive(FromArgs)]
struct GetArgs {
    #[pyarg(any)]
    key: PyObjectRef,
    #[pyarg(any, optional)]
    default: OptionalArg<PyObjectRef>,
}

impl View {
    /// The value of a key, or none where there is none. A key that is no string is looked up as
    /// Python would: it has to be hashable, and in a mapping that is not empty it has no `lower`.
    pub(super) fn find(
        &self,
        key: &PyObject,
        vm: &VirtualMachine,
    ) -> PyResult<Option<PyObjectRef>> {
        if let Some(name) = key.downcast_ref::<PyStr>() {
            let found = match name.to_str() {
                Some(name) => self.node.member(name),
                None => None,
            };
            return Ok(found.map(|node| view(node, vm)));
        }
        key.hash(vm)?;
        if self.node.object().is_none_or(|members| members.is_empty()) {
            return Ok(None);
        }
        Err(vm.new_attribute_error(format!(
            "'{}' object has no attribute 'lower'",
            key.class().name()
        )))
    }

    fn subscript(&self, key: &PyObject, vm: &VirtualMachine) -> PyResult {
        self.find(key, vm)?
            .ok_or_else(|| vm.new_key_error(key.to_owned()))
    }

    fn size(&self) -> usize {
        self.node.object().map_or(0, serde_json::Map::len)
    }
}

/// `collections.abc.<name>(mapping)`: the views that a mapping of that module gives.
fn abc_view(zelf: &PyObject, name: &'static str, vm: &VirtualMachine) -> PyResult {
    let class = vm.try_class("_collections_abc", name)?;
    class.as_object().call((zelf.to_owned(),), vm)
}

#[pyclass(
    with(
        AsMapping,
        AsSequence,
        Comparable,
        Constructor,
        Iterable,
        Representable
    ),
    flags(MAPPING)
)]
impl View {
    #[pymethod]
    fn get(zelf: &Py<Self>, args: GetArgs, vm: &VirtualMachine) -> PyResult {
        Ok(zelf
            .find(&args.key, vm)?
            .unwrap_or_else(|| args.default.unwrap_or_none(vm)))
    }

    #[pymethod]
    fn deep_get(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let (keys, mut named) = walk::split(args, "deep_get", &["default"], vm)?;
        let default = named.swap_remove(0).unwrap_or_else(|| vm.ctx.none());
        walk::deep_get(zelf.as_object(), &zelf.node, &keys, default, vm)
    }

    #[pymethod]
    fn keys(zelf: PyRef<Self>, vm: &VirtualMachine) -> PyResult {
        abc_view(zelf.as_object(), "KeysView", vm)
    }

    #[pymethod]
    fn values(zelf: PyRef<Self>, vm: &VirtualMachine) -> PyResult {
        abc_view(zelf.as_object(), "ValuesView", vm)
    }

    #[pymethod]
    fn items(zelf: PyRef<Self>, vm: &VirtualMachine) -> PyResult {
        abc_view(zelf.as_object(), "ItemsView", vm)
    }

    #[pymethod]
    fn copy(zelf: &Py<Self>, vm: &VirtualMachine) -> PyObjectRef {
        plain(zelf.node.json(), vm)
    }

    #[pymethod]
    fn to_dict(zelf: &Py<Self>, vm: &VirtualMachine) -> PyObjectRef {
        plain(zelf.node.json(), vm)
    }

    // The platform hands out the container itself here; a copy reads the same and keeps events safe.
    #[pymethod]
    fn raw_view(zelf: &Py<Self>, vm: &VirtualMachine) -> PyObjectRef {
        plain(zelf.node.json(), vm)
    }

    #[pymethod]
    fn __reversed__(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult {
        Err(vm.new_type_error(format!(
            "'{}' object is not reversible",
            zelf.class().name()
        )))
    }

    #[pymethod]
    fn __copy__(zelf: PyRef<Self>) -> PyRef<Self> {
        zelf
    }

    #[pymethod]
    fn __deepcopy__(zelf: PyRef<Self>, _memo: PyObjectRef) -> PyRef<Self> {
        zelf
    }
}

impl Constructor for View {
    type Args = PyObjectRef;

    fn py_new(_cls: &Py<PyType>, mapping: Self::Args, vm: &VirtualMachine) -> PyResult<Self> {
        Ok(Self {
            node: Node::root(Arc::new(mapping_json(&mapping, vm)?)),
        })
    }
}

fn mapping_json(value: &PyObject, vm: &VirtualMachine) -> PyResult<Json> {
    let json = json(value, vm)?;
    if json.is_object() {
        Ok(json)
    } else {
        Err(vm.new_type_error(format!(
            "an event is a mapping, not {}",
            value.class().name()
        )))
    }
}

impl AsMapping for View {
    fn as_mapping() -> &'static PyMappingMethods {
        static METHODS: LazyLock<PyMappingMethods> = LazyLock::new(|| PyMappingMethods {
            length: atomic_func!(|mapping, _vm| Ok(View::mapping_downcast(mapping).size())),
            subscript: atomic_func!(|mapping, key, vm| {
                View::mapping_downcast(mapping).subscript(key, vm)
            }),
            ..PyMappingMethods::NOT_IMPLEMENTED
        });
        &METHODS
    }
}

impl AsSequence for View {
    fn as_sequence() -> &'static PySequenceMethods {
        static METHODS: LazyLock<PySequenceMethods> = LazyLock::new(|| PySequenceMethods {
            contains: atomic_func!(|seq, key, vm| {
                Ok(View::sequence_downcast(seq).find(key, vm)?.is_some())
            }),
            ..PySequenceMethods::NOT_IMPLEMENTED
        });
        &METHODS
    }
}

impl Comparable for View {
    fn cmp(
        zelf: &Py<Self>,
        other: &PyObject,
        op: PyComparisonOp,
        vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        op.eq_only(|| {
            let other = if let Some(other) = other.downcast_ref::<View>() {
                if zelf.node.is_same(&other.node) {
                    return Ok(PyComparisonValue::Implemented(true));
                }
                plain(other.node.json(), vm)
            } else if other
                .is_instance(vm.try_class("_collections_abc", "Mapping")?.as_object(), vm)?
            {
                vm.ctx
                    .types
                    .dict_type
                    .as_object()
                    .call((other.to_owned(),), vm)?
            } else {
                return Ok(PyComparisonValue::NotImplemented);
            };
            let equal = vm.bool_eq(&plain(zelf.node.json(), vm), &other)?;
            Ok(PyComparisonValue::Implemented(equal))
        })
    }
}

impl Iterable for View {
    fn iter(zelf: PyRef<Self>, vm: &VirtualMachine) -> PyResult {
        let keys = zelf
            .node
            .object()
            .into_iter()
            .flat_map(|members| members.keys())
            .map(|key| vm.ctx.new_str(key.as_str()).into())
            .collect();
        Ok(vm.ctx.new_tuple(keys).as_object().get_iter(vm)?.into())
    }
}

impl Representable for View {
    fn repr_str(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult<String> {
        let inner = plain(zelf.node.json(), vm).repr(vm)?;
        Ok(format!(
            "{}({})",
            zelf.class().name(),
            inner.to_string_lossy()
        ))
    }
}

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
        event: Arc<Json>,
        model: Option<Arc<DataModel>>,
        vm: &VirtualMachine,
    ) -> PyObjectRef {
        Self {
            model,
            base: View {
                node: Node::root(event),
            },
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

impl Constructor for Event {
    type Args = EventArgs;

    fn py_new(_cls: &Py<PyType>, args: Self::Args, vm: &VirtualMachine) -> PyResult<Self> {
        if let OptionalArg::Present(model) = &args.data_model
            && !vm.is_none(model)
        {
            return Err(vm.new_not_implemented_error("data models are not supported yet"));
        }
        Ok(Self {
            model: None,
            base: View {
                node: Node::root(Arc::new(mapping_json(&args.event, vm)?)),
            },
        })
    }
}

#[pyclass(with(Constructor), flags(MAPPING))]
impl Event {
    fn node(&self) -> &Node {
        &self.base.node
    }

    #[pymethod]
    fn deep_walk(zelf: &Py<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let (keys, mut named) = walk::split(args, "deep_walk", &["default", "return_val"], vm)?;
        let chosen = walk::Chosen::from_argument(named.swap_remove(1), vm);
        let default = named.swap_remove(0).unwrap_or_else(|| vm.ctx.none());
        walk::deep_walk(zelf.node().json(), &keys, &default, &chosen, vm)
    }

    #[pymethod]
    fn udm(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let (keys, mut named) = walk::split(args, "udm", &["default"], vm)?;
        let default = named.swap_remove(0).unwrap_or_else(|| vm.ctx.none());
        walk::udm(zelf.as_object(), zelf.node(), &keys, default, vm)
    }

    #[pymethod]
    fn udm_path(_zelf: &Py<Self>, _key: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        Err(super::failure::panther_error(
            "a data model hasn't been specified for log type",
            vm,
        ))
    }

    #[pymethod]
    fn lookup(
        zelf: &Py<Self>,
        table: PyObjectRef,
        key: PyObjectRef,
        vm: &VirtualMachine,
    ) -> PyResult {
        let tables = zelf.node().member("_mocked_lookup_data_");
        let (Some(table), Some(key)) = (
            table.downcast_ref::<PyStr>().and_then(|t| t.to_str()),
            key.downcast_ref::<PyStr>().and_then(|k| k.to_str()),
        ) else {
            return Ok(vm.ctx.none());
        };
        let found = tables
            .and_then(|tables| tables.member(table))
            .and_then(|table| table.member(key));
        Ok(found.map_or_else(|| vm.ctx.none(), |node| view(node, vm)))
    }

    #[pymethod]
    fn event_time_epoch(zelf: &Py<Self>) -> i64 {
        zelf.node()
            .member("p_event_time")
            .and_then(|node| node.json().as_str().map(walk::epoch))
            .unwrap_or(0)
    }

    #[pygetset]
    fn data_model(_zelf: &Py<Self>, vm: &VirtualMachine) -> PyObjectRef {
        vm.ctx.none()
    }
}

/// The class of events, for the modules that name it.
pub(super) fn classes() -> (PyTypeRef, PyTypeRef) {
    use rustpython_vm::class::PyClassImpl;
    (View::make_static_type(), Event::make_static_type())
}

/// The JSON behind a view of either kind.
pub(super) fn behind(value: &PyObject) -> Option<&Json> {
    if let Some(view) = value.downcast_ref::<View>() {
        return Some(view.node.json());
    }
    value
        .downcast_ref::<super::list::ListView>()
        .map(|list| list.node.json())
}
