//! `ImmutableCaseInsensitiveDict`: a mapping inside an event. A view; nothing is converted until the body
//! asks for it.

use super::convert::{self, Wrapped, plain, view};
use super::lookup::Node;
use super::walk;
use rustpython_vm::builtins::{PyDict, PyStr, PyType};
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

/// A mapping inside an event: immutable, keys without regard to case.
#[pyclass(
    module = false,
    name = "ImmutableCaseInsensitiveDict",
    unhashable = true
)]
#[derive(Debug, PyPayload)]
pub(super) struct View {
    pub content: Content,
}

/// What a view shows.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// A part of an event, always a mapping.
    Json(Node),
    /// A mapping that the body made.
    Object(PyObjectRef),
}

#[derive(FromArgs)]
struct GetArgs {
    #[pyarg(any)]
    key: PyObjectRef,
    #[pyarg(any, optional)]
    default: OptionalArg<PyObjectRef>,
}

/// Python's `str.lower` of a key; the error of a key that has none.
fn lower(key: &PyObject, vm: &VirtualMachine) -> PyResult {
    if !key.downcastable::<PyStr>() {
        return Err(vm.new_attribute_error(format!(
            "'{}' object has no attribute 'lower'",
            key.class().name()
        )));
    }
    vm.call_method(key, "lower", ())
}

impl View {
    /// The view of a mapping inside an event.
    pub fn json(node: Node) -> Self {
        Self {
            content: Content::Json(node),
        }
    }

    /// The view of a mapping that a body made.
    ///
    /// # Errors
    /// A Python `TypeError` for what is no mapping.
    pub fn of(value: &PyObject, vm: &VirtualMachine) -> PyResult<Self> {
        if let Some(view) = value.downcast_ref::<View>() {
            return Ok(Self {
                content: view.content.clone(),
            });
        }
        if !walk::is_mapping(value, vm)? {
            return Err(vm.new_type_error(format!(
                "an event is a mapping, not {}",
                value.class().name()
            )));
        }
        // Most of the time it could have come from an event, and then everything is quick.
        let content = match convert::lossless(value, vm) {
            Some(json) => Content::Json(Node::of(json)),
            None => Content::Object(value.to_owned()),
        };
        Ok(Self { content })
    }

    /// The value of a key, or none where there is none. A key that is no string is looked up as
    /// Python would: it has to be hashable, and in a mapping that is not empty it has no `lower`.
    pub fn find(&self, key: &PyObject, vm: &VirtualMachine) -> PyResult<Option<PyObjectRef>> {
        let node = match &self.content {
            Content::Json(node) => node,
            Content::Object(mapping) => return in_object(mapping, key, vm),
        };
        if let Some(name) = key.downcast_ref::<PyStr>() {
            let found = match name.to_str() {
                Some(name) => match node.plain(name) {
                    Some(text) => return Ok(Some(vm.ctx.new_str(text).into())),
                    None => node.member(name),
                },
                None => None,
            };
            return Ok(found.map(|node| view(node, vm)));
        }
        key.hash(vm)?;
        if node.object().is_none_or(|members| members.is_empty()) {
            return Ok(None);
        }
        lower(key, vm).map(|_| None)
    }

    fn subscript(&self, key: &PyObject, vm: &VirtualMachine) -> PyResult {
        self.find(key, vm)?
            .ok_or_else(|| vm.new_key_error(key.to_owned()))
    }

    fn size(&self, vm: &VirtualMachine) -> PyResult<usize> {
        match &self.content {
            Content::Json(node) => Ok(node.object().map_or(0, serde_json::Map::len)),
            Content::Object(mapping) => mapping.length(vm),
        }
    }

    /// Another view of the same mapping.
    pub fn again(&self, vm: &VirtualMachine) -> PyObjectRef {
        let content = self.content.clone();
        Self { content }.into_pyobject(vm)
    }

    /// Its members as it shows them: what it is compared by.
    fn members(&self, vm: &VirtualMachine) -> PyResult<PyObjectRef> {
        let dict = vm.ctx.new_dict();
        match &self.content {
            Content::Json(node) => {
                for name in node.object().into_iter().flat_map(|members| members.keys()) {
                    if let Some(child) = node.exact(name) {
                        dict.set_item(name.as_str(), view(child, vm), vm)?;
                    }
                }
            }
            Content::Object(mapping) => {
                let names: Vec<PyObjectRef> = mapping.clone().try_to_value(vm)?;
                for name in names {
                    let value = mapping.get_item(&*name, vm)?;
                    dict.set_item(&*name, value.wrapped(vm), vm)?;
                }
            }
        }
        Ok(dict.into())
    }

    /// What is behind it, as a Python object that nobody else holds or nobody may change.
    pub fn raw(&self, vm: &VirtualMachine) -> PyObjectRef {
        match &self.content {
            Content::Json(node) => plain(node.json(), vm),
            Content::Object(mapping) => mapping.clone(),
        }
    }

    /// A copy that the body may change.
    fn copied(&self, vm: &VirtualMachine) -> PyResult {
        match &self.content {
            Content::Json(node) => Ok(plain(node.json(), vm)),
            Content::Object(mapping) => convert::deep_copy(mapping, vm),
        }
    }
}

fn in_object(
    mapping: &PyObject,
    key: &PyObject,
    vm: &VirtualMachine,
) -> PyResult<Option<PyObjectRef>> {
    key.hash(vm)?;
    let exact = match mapping.downcast_ref_if_exact::<PyDict>(vm) {
        Some(dict) => dict.get_item_opt(key, vm)?,
        None if vm
            .call_method(mapping, "__contains__", (key.to_owned(),))?
            .try_to_bool(vm)? =>
        {
            Some(mapping.get_item(key, vm)?)
        }
        None => None,
    };
    if let Some(value) = exact {
        return Ok(Some(value.wrapped(vm)));
    }
    if mapping.length(vm)? == 0 {
        return Ok(None);
    }
    let wanted = lower(key, vm)?;
    let names: Vec<PyObjectRef> = mapping.to_owned().try_to_value(vm)?;
    for name in names {
        let lowered = lower(&name, vm)?;
        if vm.bool_eq(&lowered, &wanted)? {
            return Ok(Some(mapping.get_item(&*name, vm)?.wrapped(vm)));
        }
    }
    Ok(None)
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
        walk::deep_get(zelf.as_object(), &zelf, &keys, default, vm)
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
    fn copy(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult {
        zelf.copied(vm)
    }

    #[pymethod]
    fn to_dict(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult {
        zelf.copied(vm)
    }

    // The platform hands out the container itself here; a copy reads the same and keeps events safe.
    #[pymethod]
    fn raw_view(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult {
        zelf.copied(vm)
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
        Self::of(&mapping, vm)
    }
}

impl AsMapping for View {
    fn as_mapping() -> &'static PyMappingMethods {
        static METHODS: LazyLock<PyMappingMethods> = LazyLock::new(|| PyMappingMethods {
            length: atomic_func!(|mapping, vm| View::mapping_downcast(mapping).size(vm)),
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
                if let (Content::Json(one), Content::Json(two)) = (&zelf.content, &other.content) {
                    let same = one.is_same(two)
                        || vm.bool_eq(&plain(one.json(), vm), &plain(two.json(), vm))?;
                    return Ok(PyComparisonValue::Implemented(same));
                }
                other.members(vm)?
            } else if walk::is_mapping(other, vm)? {
                vm.ctx
                    .types
                    .dict_type
                    .as_object()
                    .call((other.to_owned(),), vm)?
            } else {
                return Ok(PyComparisonValue::NotImplemented);
            };
            let members = zelf.members(vm)?;
            let equal = vm.bool_eq(&members, &other)?;
            Ok(PyComparisonValue::Implemented(equal))
        })
    }
}

impl Iterable for View {
    fn iter(zelf: PyRef<Self>, vm: &VirtualMachine) -> PyResult {
        let node = match &zelf.content {
            Content::Json(node) => node,
            Content::Object(mapping) => return Ok(mapping.get_iter(vm)?.into()),
        };
        let keys = node
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
        let inner = zelf.raw(vm).repr(vm)?;
        Ok(format!(
            "{}({})",
            zelf.class().name(),
            inner.to_string_lossy()
        ))
    }
}
