//! What Python code is given of dates.

use super::{Fault, read};
use rustpython_vm::builtins::{PyStr, PyStrRef};
use rustpython_vm::{PyObject, PyObjectRef, PyResult, VirtualMachine};

/// Seconds since 1970 of a text that says year, month and day.
pub(in crate::python) fn seconds(text: &str) -> Option<i64> {
    let stamp = read(text).ok()?;
    let day = chrono::NaiveDate::from_ymd_opt(stamp.year?, stamp.month?, stamp.day?)?;
    let time = day.and_hms_opt(stamp.hour, stamp.minute, stamp.second)?;
    Some(time.and_utc().timestamp() - i64::from(stamp.offset.unwrap_or(0)))
}

/// Seconds since 1970 of a value of `p_event_time`, 0 where it is no time.
///
/// # Errors
/// The Python exception for a value that is no text, or a form that is not read here.
pub(in crate::python) fn epoch(
    value: Option<&PyObject>,
    force_utc: bool,
    vm: &VirtualMachine,
) -> PyResult<i64> {
    let Some(value) = value else { return Ok(0) };
    if !value.to_owned().try_to_bool(vm)? {
        return Ok(0);
    }
    let Some(text) = value.downcast_ref::<PyStr>() else {
        let class = value.class().name().to_string();
        return Err(vm.new_type_error(if force_utc {
            format!("unsupported operand type(s) for +=: '{class}' and 'str'")
        } else {
            format!("Parser must be a string or character stream, not {class}")
        }));
    };
    let mut text = text.to_string_lossy().into_owned();
    if force_utc {
        text.push_str(" UTC");
    }
    let stamp = match read(&text) {
        Ok(stamp) => stamp,
        Err(Fault::NoDate(_)) => return Ok(0),
        Err(Fault::Unknown) => return Err(unknown(&text, vm)),
    };
    let day = if stamp.year.is_some() && stamp.month.is_some() && stamp.day.is_some() {
        (stamp.year, stamp.month, stamp.day)
    } else {
        let today = vm.import("datetime", 0)?.get_attr("date", vm)?;
        let today = vm.call_method(&today, "today", ())?;
        let field = |name: &'static str| today.get_attr(name, vm)?.try_to_value::<u32>(vm);
        let year = i32::try_from(field("year")?).ok();
        (
            stamp.year.or(year),
            stamp.month.or(Some(field("month")?)),
            stamp.day.or(Some(field("day")?)),
        )
    };
    let (Some(year), Some(month), Some(day)) = day else {
        return Ok(0);
    };
    let last = (1..=day)
        .rev()
        .find_map(|day| chrono::NaiveDate::from_ymd_opt(year, month, day))
        .and_then(|day| day.and_hms_micro_opt(stamp.hour, stamp.minute, stamp.second, stamp.micro));
    let Some(time) = last else { return Ok(0) };
    let time = time.and_utc();
    // Python's `int` of a time with a fraction cuts towards zero.
    let seconds =
        (time.timestamp_micros() - i64::from(stamp.offset.unwrap_or(0)) * 1_000_000) / 1_000_000;
    Ok(seconds)
}

fn unknown(text: &str, vm: &VirtualMachine) -> rustpython_vm::builtins::PyBaseExceptionRef {
    vm.new_not_implemented_error(format!("the form of the date {text:?} is not known here"))
}

/// The parts of a date for the `dateutil` shim: year, month, day (each may be `None`), hour, minute, second,
/// microsecond, offset from UTC in seconds (may be `None`); a text that says why where there is none.
///
/// # Errors
/// `NotImplementedError` for a form that is not read here.
pub(in crate::python) fn parts(text: PyStrRef, vm: &VirtualMachine) -> PyResult {
    let text = text.to_string_lossy().into_owned();
    let stamp = match read(&text) {
        Ok(stamp) => stamp,
        Err(Fault::NoDate(reason)) => return Ok(vm.ctx.new_str(reason).into()),
        Err(Fault::Unknown) => return Err(unknown(&text, vm)),
    };
    let part = |part: Option<i64>| -> PyObjectRef {
        part.map_or_else(|| vm.ctx.none(), |part| vm.ctx.new_int(part).into())
    };
    let parts = [
        stamp.year.map(i64::from),
        stamp.month.map(i64::from),
        stamp.day.map(i64::from),
        Some(stamp.hour.into()),
        Some(stamp.minute.into()),
        Some(stamp.second.into()),
        Some(stamp.micro.into()),
        stamp.offset.map(i64::from),
    ];
    Ok(vm
        .ctx
        .new_tuple(parts.into_iter().map(part).collect())
        .into())
}
