//! `event.udm` and `event.udm_path`: unified fields, through the data model of the log type or without one.

use super::convert::{Wrapped, view};
use super::failure::panther_error;
use super::library::{DataModel, Mapping};
use super::load;
use super::path::{Match, Path};
use super::view::{Content, View};
use super::walk::deep_get;
use rustpython_vm::builtins::PyStr;
use rustpython_vm::{AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine};

/// The unified field of that name: what the data model says of it; without a model, or for a name that it does
/// not have, `p_udm` first, then the event itself.
pub(super) fn udm(
    whole: &PyObject,
    event: &View,
    model: Option<&DataModel>,
    keys: &[PyObjectRef],
    default: PyObjectRef,
    vm: &VirtualMachine,
) -> PyResult {
    if let (Some(model), [key]) = (model, keys)
        && let Some(name) = key.downcast_ref::<PyStr>().and_then(|key| key.to_str())
    {
        let ways = model.ways(name);
        if let Some(path) = ways.path
            && let Some(found) = find(event, model, path, vm)?
        {
            return Ok(view(found.node, vm));
        }
        if let Some(method) = ways.method {
            let method = function(model, method, vm)?;
            if !method.is_callable() {
                return Ok(vm.ctx.none());
            }
            let value = method.call((event.again(vm),), vm)?;
            return Ok(value.wrapped(vm));
        }
        if ways.path.is_some() {
            return Ok(default);
        }
    }
    if keys.is_empty() {
        return Ok(default);
    }
    let unified = event.find(vm.ctx.new_str("p_udm").as_object(), vm)?;
    if let Some(unified) = unified.as_ref().and_then(|u| u.downcast_ref::<View>()) {
        let value = deep_get(whole, unified, keys, vm.ctx.none(), vm)?;
        if value.clone().try_to_bool(vm)? {
            return Ok(value);
        }
    }
    let value = deep_get(whole, event, keys, vm.ctx.none(), vm)?;
    if value.clone().try_to_bool(vm)? {
        Ok(value)
    } else {
        Ok(default)
    }
}

/// Where a unified field comes from: the path of the match or the name of the method.
pub(super) fn udm_path(
    event: &View,
    model: Option<&DataModel>,
    key: &PyObject,
    vm: &VirtualMachine,
) -> PyResult {
    let Some(model) = model else {
        let log_type = event.find(vm.ctx.new_str("p_log_type").as_object(), vm)?;
        return Err(panther_error(
            "a data model hasn't been specified for log type",
            log_type,
            vm,
        ));
    };
    key.hash(vm)?;
    let Some(name) = key.downcast_ref::<PyStr>().and_then(|key| key.to_str()) else {
        return Ok(vm.ctx.none());
    };
    let ways = model.ways(name);
    if let Some(path) = ways.path
        && let Some(found) = find(event, model, path, vm)?
    {
        let text = if found.path.is_empty() {
            "$".to_owned()
        } else {
            found.path.join(".")
        };
        return Ok(vm.ctx.new_str(text).into());
    }
    let Some(method) = ways.method else {
        return Ok(vm.ctx.none());
    };
    let method = function(model, method, vm)?;
    if !method.is_callable() {
        return Ok(vm.ctx.none());
    }
    match method.get_attr("__name__", vm) {
        Ok(name) => Ok(name),
        Err(_) => Ok(method.repr(vm)?.into()),
    }
}

/// The one match of a path.
///
/// # Errors
/// Several matches, or a path that does not say anything.
fn find(
    event: &View,
    model: &DataModel,
    text: &str,
    vm: &VirtualMachine,
) -> PyResult<Option<Match>> {
    let Content::Json(node) = &event.content else {
        return Err(vm.new_not_implemented_error(
            "a path of a data model works on events only, not on what a body made",
        ));
    };
    let path = Path::parse(text).map_err(|message| vm.new_value_error(message))?;
    let mut found = path.find(node, vm)?;
    if found.len() > 1 {
        return Err(vm.new_exception_msg(
            vm.ctx.exceptions.exception_type.to_owned(),
            format!(
                "JSONPath [{}] in DataModel [{}], matched multiple fields.",
                path.text(),
                model.id
            )
            .into(),
        ));
    }
    Ok(found.pop())
}

/// A function of the data model's body.
fn function(model: &DataModel, name: &str, vm: &VirtualMachine) -> PyResult {
    let missing = || {
        vm.new_attribute_error(format!(
            "the data model {} has no method `{name}`",
            model.id
        ))
    };
    let module = model.module.as_deref().ok_or_else(missing)?;
    let module = load::library_module(module, vm)?;
    let name = vm.ctx.new_str(name);
    vm.get_attribute_opt(&module, &name)?.ok_or_else(missing)
}

/// The ways of a data model to one name; of several of a kind the last counts.
#[derive(Default)]
struct Ways<'a> {
    path: Option<&'a str>,
    method: Option<&'a str>,
}

impl DataModel {
    fn ways(&self, name: &str) -> Ways<'_> {
        let mut ways = Ways::default();
        for (_, mapping) in self.mappings.iter().filter(|(key, _)| key == name) {
            match mapping {
                Mapping::Path(path) => ways.path = Some(path),
                Mapping::Method(method) => ways.method = Some(method),
            }
        }
        ways
    }
}
