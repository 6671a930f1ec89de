//! JSON to Python values and back.

use super::list::{Items, ListView};
use super::lookup::Node;
use super::view::{Content, View};
use rustpython_vm::builtins::{PyDict, PyFloat, PyInt, PyList, PyStr, PyTuple};
use rustpython_vm::{AsObject, PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine};
use serde_json::{Map, Number, Value as Json};

/// What a body sees of a value inside an event: mappings and lists stay views, the rest is Python's own.
pub(super) fn view(node: Node, vm: &VirtualMachine) -> PyObjectRef {
    match node.json() {
        Json::Object(_) => View::json(node).into_pyobject(vm),
        Json::Array(_) => ListView::json(node).into_pyobject(vm),
        scalar => plain(scalar, vm),
    }
}

/// The value as plain Python dicts and lists, changed freely by whoever gets it.
pub(super) fn plain(json: &Json, vm: &VirtualMachine) -> PyObjectRef {
    match json {
        Json::Null => vm.ctx.none(),
        Json::Bool(b) => vm.ctx.new_bool(*b).into(),
        Json::Number(n) => number(n, vm),
        Json::String(s) => vm.ctx.new_str(s.as_str()).into(),
        Json::Array(items) => vm
            .ctx
            .new_list(items.iter().map(|item| plain(item, vm)).collect())
            .into(),
        Json::Object(members) => {
            let dict = vm.ctx.new_dict();
            for (key, value) in members {
                // A string key of a fresh dict: nothing of the body's runs, so this cannot fail.
                let _ = dict.set_item(key.as_str(), plain(value, vm), vm);
            }
            dict.into()
        }
    }
}

fn number(n: &Number, vm: &VirtualMachine) -> PyObjectRef {
    if let Some(i) = n.as_i64() {
        vm.ctx.new_int(i).into()
    } else if let Some(u) = n.as_u64() {
        vm.ctx.new_int(u).into()
    } else {
        vm.ctx.new_float(n.as_f64().unwrap_or(f64::NAN)).into()
    }
}

/// What a view gives of a value that a body made.
pub(super) trait Wrapped {
    /// A dict or a list as a view, anything else as it is.
    fn wrapped(self, vm: &VirtualMachine) -> PyObjectRef;
}

impl Wrapped for PyObjectRef {
    fn wrapped(self, vm: &VirtualMachine) -> PyObjectRef {
        if self.downcast_ref_if_exact::<PyDict>(vm).is_some() {
            View {
                content: super::view::Content::Object(self),
            }
            .into_pyobject(vm)
        } else if let Some(list) = self.downcast_ref_if_exact::<PyList>(vm) {
            let items = list.borrow_vec().to_vec();
            ListView::of(items, vm).into_pyobject(vm)
        } else {
            self
        }
    }
}

/// `copy.deepcopy(value)`.
pub(super) fn deep_copy(value: &PyObject, vm: &VirtualMachine) -> PyResult {
    let copy = vm.import("copy", 0)?.get_attr("deepcopy", vm)?;
    copy.call((value.to_owned(),), vm)
}

/// A Python value as JSON, if that shows exactly what the value shows.
pub(super) fn lossless(value: &PyObject, vm: &VirtualMachine) -> Option<Json> {
    exactly(value, 0, vm)
}

fn exactly(value: &PyObject, depth: usize, vm: &VirtualMachine) -> Option<Json> {
    if depth > DEEPEST {
        return None;
    }
    if vm.is_none(value) {
        return Some(Json::Null);
    }
    if value.is(&vm.ctx.true_value) || value.is(&vm.ctx.false_value) {
        return Some(Json::Bool(value.is(&vm.ctx.true_value)));
    }
    if let Some(text) = value.downcast_ref_if_exact::<PyStr>(vm) {
        return Some(Json::String(text.to_str()?.to_owned()));
    }
    if let Some(int) = value.downcast_ref_if_exact::<PyInt>(vm) {
        let small = int.try_to_primitive::<i64>(vm).map(Number::from);
        let number = small.or_else(|_| int.try_to_primitive::<u64>(vm).map(Number::from));
        return number.ok().map(Json::Number);
    }
    if let Some(float) = value.downcast_ref_if_exact::<PyFloat>(vm) {
        return Number::from_f64(float.to_f64()).map(Json::Number);
    }
    if let Some(list) = value.downcast_ref_if_exact::<PyList>(vm) {
        let items = list.borrow_vec().to_vec();
        let items = items.iter().map(|item| exactly(item, depth + 1, vm));
        return items.collect::<Option<_>>().map(Json::Array);
    }
    let dict = value.downcast_ref_if_exact::<PyDict>(vm)?;
    let mut members = Map::new();
    for (key, value) in dict.items_vec() {
        let key = key.downcast_ref_if_exact::<PyStr>(vm)?.to_str()?.to_owned();
        members.insert(key, exactly(&value, depth + 1, vm)?);
    }
    Some(Json::Object(members))
}

/// A Python value as JSON.
///
/// # Errors
/// A Python `TypeError` for what JSON has no form for.
pub(super) fn json(value: &PyObject, vm: &VirtualMachine) -> PyResult<Json> {
    nested(value, 0, vm)
}

/// As deep as an event that was read from JSON text can be, and then some.
const DEEPEST: usize = 500;

fn nested(value: &PyObject, depth: usize, vm: &VirtualMachine) -> PyResult<Json> {
    if depth > DEEPEST {
        return Err(vm.new_recursion_error("an event that nests too deep"));
    }
    if vm.is_none(value) {
        return Ok(Json::Null);
    }
    if value.is(&vm.ctx.true_value) || value.is(&vm.ctx.false_value) {
        return Ok(Json::Bool(value.is(&vm.ctx.true_value)));
    }
    if let Some(view) = value.downcast_ref::<View>() {
        return match &view.content {
            Content::Json(node) => Ok(node.json().clone()),
            Content::Object(mapping) => nested(mapping, depth + 1, vm),
        };
    }
    if let Some(list) = value.downcast_ref::<ListView>() {
        return match &list.content {
            Items::Json(node) => Ok(node.json().clone()),
            Items::Objects(items) => nested(items.as_object(), depth + 1, vm),
        };
    }
    if let Some(text) = value.downcast_ref::<PyStr>() {
        return Ok(Json::String(text.to_string_lossy().into_owned()));
    }
    if let Some(int) = value.downcast_ref::<PyInt>() {
        let text = int.to_str_radix_10();
        return Ok(text
            .parse::<i64>()
            .map(Number::from)
            .or_else(|_| text.parse::<u64>().map(Number::from))
            .map_or_else(|_| Json::String(text), Json::Number));
    }
    if let Some(float) = value.downcast_ref::<PyFloat>() {
        return Number::from_f64(float.to_f64())
            .map(Json::Number)
            .ok_or_else(|| vm.new_value_error("NaN and infinity have no form in an event"));
    }
    if let Some(list) = value.downcast_ref::<PyList>() {
        let items = list.borrow_vec().to_vec();
        return items
            .iter()
            .map(|item| nested(item, depth + 1, vm))
            .collect::<PyResult<_>>()
            .map(Json::Array);
    }
    if let Some(tuple) = value.downcast_ref::<PyTuple>() {
        return tuple
            .iter()
            .map(|item| nested(item, depth + 1, vm))
            .collect::<PyResult<_>>()
            .map(Json::Array);
    }
    if let Some(dict) = value.downcast_ref::<PyDict>() {
        let mut members = Map::new();
        for (key, value) in dict.items_vec() {
            let Some(key) = key.downcast_ref::<PyStr>() else {
                return Err(vm.new_type_error("keys of an event are strings"));
            };
            members.insert(
                key.to_string_lossy().into_owned(),
                nested(&value, depth + 1, vm)?,
            );
        }
        return Ok(Json::Object(members));
    }
    Err(vm.new_type_error(format!(
        "a {} has no form in an event",
        value.class().name()
    )))
}
