//! `ImmutableList`: a list inside an event. Behaves as a sequence around a tuple of raw values.

use super::convert::{Wrapped, deep_copy, plain, view};
use super::lookup::Node;
use rustpython_vm::builtins::{PyInt, PyList, PySlice, PyTuple, PyType, PyTypeRef};
use rustpython_vm::common::lock::LazyLock;
use rustpython_vm::function::PyComparisonValue;
use rustpython_vm::protocol::{PyMappingMethods, PySequenceMethods};
use rustpython_vm::types::{
    AsMapping, AsSequence, Comparable, Constructor, Iterable, PyComparisonOp, Representable,
};
use rustpython_vm::{
    AsObject, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, atomic_func,
    pyclass,
};

/// A list inside an event, immutable.
#[pyclass(module = false, name = "ImmutableList", unhashable = true)]
#[derive(Debug, PyPayload)]
pub(super) struct ListView {
    pub content: Items,
}

/// What a list shows.
#[derive(Clone, Debug)]
pub(super) enum Items {
    /// A part of an event, always a list.
    Json(Node),
    /// Values that the body made.
    Objects(PyRef<PyTuple>),
}

impl ListView {
    /// The view of a list inside an event.
    pub fn json(node: Node) -> Self {
        Self {
            content: Items::Json(node),
        }
    }

    /// The view of values that a body made.
    pub fn of(items: Vec<PyObjectRef>, vm: &VirtualMachine) -> Self {
        Self {
            content: Items::Objects(vm.ctx.new_tuple(items)),
        }
    }

    fn size(&self) -> usize {
        match &self.content {
            Items::Json(node) => node.array().map_or(0, <[_]>::len),
            Items::Objects(items) => items.len(),
        }
    }

    fn wrapped(&self, index: usize, vm: &VirtualMachine) -> Option<PyObjectRef> {
        match &self.content {
            Items::Json(node) => node.item(index).map(|node| view(node, vm)),
            Items::Objects(items) => items.get(index).map(|item| item.clone().wrapped(vm)),
        }
    }

    fn all(&self, vm: &VirtualMachine) -> Vec<PyObjectRef> {
        (0..self.size())
            .filter_map(|index| self.wrapped(index, vm))
            .collect()
    }

    /// A tuple of the raw values: what slices and representations are made from.
    fn raw(&self, vm: &VirtualMachine) -> PyRef<PyTuple> {
        match &self.content {
            Items::Json(node) => {
                let items = node.array().unwrap_or_default();
                vm.ctx
                    .new_tuple(items.iter().map(|item| plain(item, vm)).collect())
            }
            Items::Objects(items) => items.clone(),
        }
    }

    /// A list of the raw values.
    fn raw_list(&self, vm: &VirtualMachine) -> PyObjectRef {
        vm.ctx.new_list(self.raw(vm).to_vec()).into()
    }

    /// A copy that the body may change.
    fn copied(&self, vm: &VirtualMachine) -> PyResult {
        match &self.content {
            Items::Json(_) => Ok(self.raw_list(vm)),
            Items::Objects(_) => deep_copy(&self.raw_list(vm), vm),
        }
    }

    fn subscript(&self, index: &PyObject, vm: &VirtualMachine) -> PyResult {
        if let Some(int) = index.downcast_ref::<PyInt>() {
            let size = self.size() as i64;
            let at = int.try_to_primitive::<i64>(vm).unwrap_or(i64::MAX);
            let at = if at < 0 { at.saturating_add(size) } else { at };
            return usize::try_from(at)
                .ok()
                .and_then(|at| self.wrapped(at, vm))
                .ok_or_else(|| vm.new_index_error("tuple index out of range"));
        }
        if index.downcastable::<PySlice>() {
            return self.raw(vm).as_object().get_item(index, vm);
        }
        // Whatever a tuple says to it: an index object, or the error.
        self.raw(vm).as_object().get_item(index, vm)
    }

    /// First position from `start` up to `stop` of an item that equals the value.
    fn position(
        &self,
        value: &PyObject,
        range: std::ops::Range<usize>,
        vm: &VirtualMachine,
    ) -> PyResult<Option<usize>> {
        for index in range {
            if let Some(item) = self.wrapped(index, vm)
                && (item.is(value) || vm.bool_eq(&item, value)?)
            {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
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
    flags(SEQUENCE)
)]
impl ListView {
    #[pymethod]
    fn index(
        zelf: &Py<Self>,
        value: PyObjectRef,
        start: rustpython_vm::function::OptionalArg<isize>,
        stop: rustpython_vm::function::OptionalArg<isize>,
        vm: &VirtualMachine,
    ) -> PyResult<usize> {
        let size = zelf.size();
        let clamp = |at: isize| {
            let at = if at < 0 {
                at.saturating_add_unsigned(size).max(0)
            } else {
                at
            };
            at.unsigned_abs().min(size)
        };
        let start = start.into_option().map_or(0, clamp);
        let stop = stop.into_option().map_or(size, clamp);
        zelf.position(&value, start..stop, vm)?
            .ok_or_else(|| vm.new_exception_empty(vm.ctx.exceptions.value_error.to_owned()))
    }

    #[pymethod]
    fn count(zelf: &Py<Self>, value: PyObjectRef, vm: &VirtualMachine) -> PyResult<usize> {
        let mut count = 0;
        for item in zelf.all(vm) {
            if item.is(&value) || vm.bool_eq(&item, &value)? {
                count += 1;
            }
        }
        Ok(count)
    }

    #[pymethod]
    fn copy(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult {
        zelf.copied(vm)
    }

    #[pymethod]
    fn as_list(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult {
        zelf.copied(vm)
    }

    #[pymethod]
    fn __reversed__(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult {
        let mut items = zelf.all(vm);
        items.reverse();
        Ok(vm.ctx.new_tuple(items).as_object().get_iter(vm)?.into())
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

impl Constructor for ListView {
    type Args = PyObjectRef;

    fn py_new(_cls: &Py<PyType>, items: Self::Args, vm: &VirtualMachine) -> PyResult<Self> {
        let items: Vec<PyObjectRef> = items.try_to_value(vm)?;
        Ok(Self::of(items, vm))
    }
}

impl AsMapping for ListView {
    fn as_mapping() -> &'static PyMappingMethods {
        static METHODS: LazyLock<PyMappingMethods> = LazyLock::new(|| PyMappingMethods {
            length: atomic_func!(|mapping, _vm| Ok(ListView::mapping_downcast(mapping).size())),
            subscript: atomic_func!(|mapping, index, vm| {
                ListView::mapping_downcast(mapping).subscript(index, vm)
            }),
            ..PyMappingMethods::NOT_IMPLEMENTED
        });
        &METHODS
    }
}

impl AsSequence for ListView {
    fn as_sequence() -> &'static PySequenceMethods {
        static METHODS: LazyLock<PySequenceMethods> = LazyLock::new(|| PySequenceMethods {
            length: atomic_func!(|seq, _vm| Ok(ListView::sequence_downcast(seq).size())),
            item: atomic_func!(|seq, index, vm| {
                let list = ListView::sequence_downcast(seq);
                usize::try_from(index)
                    .ok()
                    .and_then(|at| list.wrapped(at, vm))
                    .ok_or_else(|| vm.new_index_error("tuple index out of range"))
            }),
            contains: atomic_func!(|seq, value, vm| {
                let list = ListView::sequence_downcast(seq);
                Ok(list.position(value, 0..list.size(), vm)?.is_some())
            }),
            ..PySequenceMethods::NOT_IMPLEMENTED
        });
        &METHODS
    }
}

impl Comparable for ListView {
    fn cmp(
        zelf: &Py<Self>,
        other: &PyObject,
        op: PyComparisonOp,
        vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        op.eq_only(|| {
            let other = if let Some(other) = other.downcast_ref::<ListView>() {
                other.raw_list(vm)
            } else if other.downcastable::<PyList>() {
                other.to_owned()
            } else if let Some(tuple) = other.downcast_ref::<PyTuple>() {
                vm.ctx.new_list(tuple.to_vec()).into()
            } else {
                return Ok(PyComparisonValue::NotImplemented);
            };
            let equal = vm.bool_eq(&zelf.raw_list(vm), &other)?;
            Ok(PyComparisonValue::Implemented(equal))
        })
    }
}

impl Iterable for ListView {
    fn iter(zelf: PyRef<Self>, vm: &VirtualMachine) -> PyResult {
        let items = zelf.all(vm);
        Ok(vm.ctx.new_tuple(items).as_object().get_iter(vm)?.into())
    }
}

impl Representable for ListView {
    fn repr_str(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult<String> {
        let inner = zelf.raw(vm).as_object().repr(vm)?;
        Ok(format!("ImmutableList({})", inner.to_string_lossy()))
    }
}

/// The class of lists, for the modules that name it.
pub(super) fn class() -> PyTypeRef {
    use rustpython_vm::class::PyClassImpl;
    ListView::make_static_type()
}
