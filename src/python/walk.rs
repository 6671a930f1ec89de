//! Reaching into an event: `deep_get`, `deep_walk`, `lookup`.

use super::convert::{json, plain, view};
use super::view::{Content, View};
use rustpython_vm::builtins::{PyDict, PyList, PyStr, PyTuple};
use rustpython_vm::function::FuncArgs;
use rustpython_vm::{AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine};
use serde_json::Value as Json;

/// Splits arguments into keys (positional) and the named ones, in the order of `names`.
///
/// # Errors
/// A Python `TypeError` for a name that is not among them.
pub(super) fn split(
    mut args: FuncArgs,
    function: &str,
    names: &[&str],
    vm: &VirtualMachine,
) -> PyResult<(Vec<PyObjectRef>, Vec<Option<PyObjectRef>>)> {
    if args.kwargs.is_empty() {
        return Ok((args.args, vec![None; names.len()]));
    }
    let named = names.iter().map(|name| args.take_keyword(name)).collect();
    if let Some((name, _)) = args.remaining_keywords().next() {
        return Err(vm.new_type_error(format!(
            "{function}() got an unexpected keyword argument '{name}'"
        )));
    }
    Ok((args.args, named))
}

/// Whether a value is a `collections.abc.Mapping`.
pub(super) fn is_mapping(value: &PyObject, vm: &VirtualMachine) -> PyResult<bool> {
    if value.downcastable::<PyDict>() || value.downcastable::<View>() {
        return Ok(true);
    }
    let mapping = vm.try_class("_collections_abc", "Mapping")?;
    value.is_instance(mapping.as_object(), vm)
}

/// Step by step through mappings, keys without regard to case; the default where a step
/// is no mapping, the key is missing or the value found is `None`. Without keys the whole.
pub(super) fn deep_get(
    whole: &PyObject,
    event: &View,
    keys: &[PyObjectRef],
    default: PyObjectRef,
    vm: &VirtualMachine,
) -> PyResult {
    if keys.is_empty() {
        return Ok(whole.to_owned());
    }
    let Content::Json(node) = &event.content else {
        return deep_get_object(event, keys, default, vm);
    };
    let mut at = node.clone();
    for key in keys {
        if !at.is_object() {
            return Ok(default);
        }
        let Some(name) = key.downcast_ref::<PyStr>() else {
            // As a lookup of such a key does: an error unless there is nothing to compare it with.
            return if at.object().is_none_or(serde_json::Map::is_empty) {
                Ok(default)
            } else {
                View::json(at.clone()).find(key, vm).map(|_| default)
            };
        };
        match name.to_str().and_then(|name| at.member(name)) {
            Some(next) => at = next,
            None => return Ok(default),
        }
    }
    if at.json().is_null() {
        Ok(default)
    } else {
        Ok(view(at, vm))
    }
}

fn deep_get_object(
    event: &View,
    keys: &[PyObjectRef],
    default: PyObjectRef,
    vm: &VirtualMachine,
) -> PyResult {
    let mut at = event.again(vm);
    for key in keys {
        if !is_mapping(&at, vm)? {
            return Ok(default);
        }
        at = vm.call_method(&at, "get", (key.clone(),))?;
    }
    Ok(if vm.is_none(&at) { default } else { at })
}

/// What a test says that a lookup table holds for a key.
pub(super) fn lookup(
    event: &View,
    table: &PyObjectRef,
    key: &PyObjectRef,
    vm: &VirtualMachine,
) -> PyResult {
    let tables = vm.ctx.new_str("_mocked_lookup_data_").into();
    let keys = [tables, table.clone(), key.clone()];
    deep_get(&keys[0], event, &keys, vm.ctx.none(), vm)
}

/// Which of several results `deep_walk` gives.
pub(super) enum Chosen {
    /// One as it is, several as a list.
    All,
    /// The first.
    First,
    /// The last.
    Last,
    /// A word it does not know: the platform then gives the word `all`.
    Unknown,
}

impl Chosen {
    /// Reads `return_val`.
    pub fn from_argument(value: Option<PyObjectRef>) -> Self {
        let Some(value) = value else {
            return Chosen::All;
        };
        match value.downcast_ref::<PyStr>().and_then(|s| s.to_str()) {
            Some("all") => Chosen::All,
            Some("first") => Chosen::First,
            Some("last") => Chosen::Last,
            _ => Chosen::Unknown,
        }
    }
}

/// Like `deep_get`, but through lists as well, on the raw values: keys exactly as written, results plain.
/// Several results are collected without duplicates, in the order they were first seen.
///
/// # Errors
/// A Python `TypeError` when a result inside a list cannot be hashed (a mapping, a nested list).
pub(super) fn deep_walk(
    json: &Json,
    keys: &[PyObjectRef],
    default: &PyObject,
    chosen: &Chosen,
    vm: &VirtualMachine,
) -> PyResult {
    let Some((key, rest)) = keys.split_first() else {
        return Ok(if is_empty_list(json) {
            default.to_owned()
        } else {
            plain(json, vm)
        });
    };
    match json {
        Json::Object(members) => {
            let next = key
                .downcast_ref::<PyStr>()
                .and_then(|key| key.to_str())
                .and_then(|key| members.get(key));
            match next {
                None | Some(Json::Null) => Ok(default.to_owned()),
                Some(next) => deep_walk(next, rest, default, chosen, vm),
            }
        }
        Json::Array(items) => {
            let found = vm.ctx.new_dict();
            let add = |value: &PyObject| -> PyResult<()> {
                value.hash(vm)?;
                found.set_item(value, vm.ctx.none(), vm)
            };
            for item in items {
                let value = deep_walk(item, keys, default, chosen, vm)?;
                if vm.is_none(&value) {
                    continue;
                }
                if let Some(list) = value.downcast_ref::<PyList>() {
                    let items = list.borrow_vec().to_vec();
                    items.iter().try_for_each(|item| add(item))?;
                } else if let Some(tuple) = value.downcast_ref::<PyTuple>() {
                    tuple.iter().try_for_each(|item| add(item))?;
                } else {
                    add(&value)?;
                }
            }
            let mut found = found.keys_vec();
            Ok(match (found.len(), chosen) {
                (0, _) => default.to_owned(),
                (_, Chosen::First) | (1, Chosen::All) => found.swap_remove(0),
                (last, Chosen::Last) => found.swap_remove(last - 1),
                (_, Chosen::All) => vm.ctx.new_list(found).into(),
                (_, Chosen::Unknown) => vm.ctx.new_str("all").into(),
            })
        }
        _ => Ok(default.to_owned()),
    }
}

/// A list that holds nothing but lists that hold nothing.
fn is_empty_list(json: &Json) -> bool {
    json.as_array()
        .is_some_and(|items| items.iter().all(is_empty_list))
}

/// The same on a mapping that a body made.
///
/// # Errors
/// Also a Python `TypeError` where it holds something that no event can hold.
pub(super) fn deep_walk_object(
    mapping: &PyObject,
    keys: &[PyObjectRef],
    default: &PyObject,
    chosen: &Chosen,
    vm: &VirtualMachine,
) -> PyResult {
    deep_walk(&json(mapping, vm)?, keys, default, chosen, vm)
}
