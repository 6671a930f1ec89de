//! Reaching into an event: `deep_get`, `deep_walk`, `udm`.

use super::convert::{plain, view};
use super::event::View;
use super::lookup::Node;
use rustpython_vm::builtins::{PyList, PyStr, PyTuple};
use rustpython_vm::function::FuncArgs;
use rustpython_vm::{PyObject, PyObjectRef, PyResult, VirtualMachine};
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
    let named = names.iter().map(|name| args.take_keyword(name)).collect();
    if let Some((name, _)) = args.remaining_keywords().next() {
        return Err(vm.new_type_error(format!(
            "{function}() got an unexpected keyword argument '{name}'"
        )));
    }
    Ok((args.args, named))
}

/// Step by step through mappings, keys without regard to case; the default where a step
/// is no mapping, the key is missing or the value found is `None`.
pub(super) fn deep_get(
    whole: &PyObject,
    node: &Node,
    keys: &[PyObjectRef],
    default: PyObjectRef,
    vm: &VirtualMachine,
) -> PyResult {
    if keys.is_empty() {
        return Ok(whole.to_owned());
    }
    let mut at = node.clone();
    for key in keys {
        let Some(members) = at.object() else {
            return Ok(default);
        };
        let Some(name) = key.downcast_ref::<PyStr>() else {
            // As a lookup of such a key does: an error unless there is nothing to compare it with.
            let found = View { node: at.clone() };
            return if members.is_empty() {
                Ok(default)
            } else {
                found.find(key, vm).map(|_| default)
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
    pub fn from_argument(value: Option<PyObjectRef>, vm: &VirtualMachine) -> Self {
        let Some(value) = value else {
            return Chosen::All;
        };
        let _ = vm;
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

/// The unified field of that name without a data model: `p_udm` first, then the event itself.
pub(super) fn udm(
    whole: &PyObject,
    node: &Node,
    keys: &[PyObjectRef],
    default: PyObjectRef,
    vm: &VirtualMachine,
) -> PyResult {
    if keys.is_empty() {
        return Ok(default);
    }
    if let Some(unified) = node.member("p_udm") {
        let value = deep_get(whole, &unified, keys, vm.ctx.none(), vm)?;
        if value.clone().try_to_bool(vm)? {
            return Ok(value);
        }
    }
    let value = deep_get(whole, node, keys, vm.ctx.none(), vm)?;
    if value.clone().try_to_bool(vm)? {
        Ok(value)
    } else {
        Ok(default)
    }
}

/// Seconds since 1970 of an event time, 0 where it is not one.
pub(super) fn epoch(text: &str) -> i64 {
    const FORMS: [&str; 4] = [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M",
    ];
    let text = text.trim();
    FORMS
        .iter()
        .find_map(|form| chrono::NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| {
            chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()
                .and_then(|day| day.and_hms_opt(0, 0, 0))
        })
        .map_or(0, |time| time.and_utc().timestamp())
}

#[cfg(test)]
mod tests {
    use super::epoch;

    #[test]
    fn event_times() {
        assert_eq!(epoch("2024-01-02 03:04:05.123"), 1_704_164_645);
        assert_eq!(epoch("2024-01-02T03:04:05"), 1_704_164_645);
        // The platform appends " UTC", which together with a zone of its own is no time.
        assert_eq!(epoch("2024-01-02T03:04:05Z"), 0);
        assert_eq!(epoch("bad"), 0);
        assert_eq!(epoch(""), 0);
    }
}
