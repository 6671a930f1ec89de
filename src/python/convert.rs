//! JSON to Python values and back.

use super::event::View;
use super::list::ListView;
use super::lookup::Node;
use rustpython_vm::builtins::{PyDict, PyFloat, PyInt, PyList, PyStr, PyTuple};
use rustpython_vm::{AsObject, PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine};
use serde_json::{Map, Number, Value as Json};

/// What a body sees of a value inside an event: mappings and lists stay views, the rest is Python's own.
pub(super) fn view(node: Node, vm: &VirtualMachine) -> PyObjectRef {
    match node.json() {
        Json::Object(_) => View { node }.into_pyobject(vm),
        Json::Array(_) => ListView { node }.into_pyobject(vm),
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

/// A Python value as JSON.
///
/// # Errors
/// A Python `TypeError` for what JSON has no form for.
pub(super) fn json(value: &PyObject, vm: &VirtualMachine) -> PyResult<Json> {
    vm.with_recursion(" while reading an event", || json_inner(value, vm))
}

fn json_inner(value: &PyObject, vm: &VirtualMachine) -> PyResult<Json> {
    if vm.is_none(value) {
        return Ok(Json::Null);
    }
    if value.is(&vm.ctx.true_value) || value.is(&vm.ctx.false_value) {
        return Ok(Json::Bool(value.is(&vm.ctx.true_value)));
    }
    if let Some(view) = value.downcast_ref::<View>() {
        return Ok(view.node.json().clone());
    }
    if let Some(list) = value.downcast_ref::<ListView>() {
        return Ok(list.node.json().clone());
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
            .map(|item| json(item, vm))
            .collect::<PyResult<_>>()
            .map(Json::Array);
    }
    if let Some(tuple) = value.downcast_ref::<PyTuple>() {
        return tuple
            .iter()
            .map(|item| json(item, vm))
            .collect::<PyResult<_>>()
            .map(Json::Array);
    }
    if let Some(dict) = value.downcast_ref::<PyDict>() {
        let mut members = Map::new();
        for (key, value) in dict.items_vec() {
            let Some(key) = key.downcast_ref::<PyStr>() else {
                return Err(vm.new_type_error("keys of an event are strings"));
            };
            members.insert(key.to_string_lossy().into_owned(), json(&value, vm)?);
        }
        return Ok(Json::Object(members));
    }
    Err(vm.new_type_error(format!(
        "a {} has no form in an event",
        value.class().name()
    )))
}
