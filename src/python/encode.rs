//! JSON text exactly as Python's `json.dumps(value, default=unwrap, allow_nan=False)` writes it:
//! `", "` and `": "` between items, ASCII only, keys in the order they were put in.

use super::list::{Items, ListView};
use super::view::{Content, View};
use rustpython_vm::builtins::{PyBaseExceptionRef, PyDict, PyFloat, PyInt, PyList, PyStr, PyTuple};
use rustpython_vm::literal::float;
use rustpython_vm::{AsObject, PyObject, PyResult, VirtualMachine};
use serde_json::Value as Json;
use std::fmt::Write;

/// The text of a value. Views into events are written as what they show.
///
/// # Errors
/// The Python exception that the standard encoder raises: a value or key it has no form for,
/// NaN or infinity, a reference to itself.
pub(super) fn dumps(value: &PyObject, vm: &VirtualMachine) -> PyResult<String> {
    let mut out = String::new();
    Encoder {
        vm,
        open: Vec::new(),
    }
    .value(value, &mut out)?;
    Ok(out)
}

struct Encoder<'a> {
    vm: &'a VirtualMachine,
    /// The containers being written, to notice one inside itself.
    open: Vec<usize>,
}

impl Encoder<'_> {
    fn value(&mut self, value: &PyObject, out: &mut String) -> PyResult<()> {
        let vm = self.vm;
        if let Some(text) = value.downcast_ref::<PyStr>() {
            string(text, out);
        } else if vm.is_none(value) {
            out.push_str("null");
        } else if value.is(&vm.ctx.true_value) {
            out.push_str("true");
        } else if value.is(&vm.ctx.false_value) {
            out.push_str("false");
        } else if let Some(int) = value.downcast_ref::<PyInt>() {
            out.push_str(&int.to_str_radix_10());
        } else if let Some(real) = value.downcast_ref::<PyFloat>() {
            self.float(real.to_f64(), out)?;
        } else if let Some(list) = value.downcast_ref::<PyList>() {
            let items = list.borrow_vec().to_vec();
            self.nested(value, |this| this.list(&items, out))?;
        } else if let Some(tuple) = value.downcast_ref::<PyTuple>() {
            let items = tuple.to_vec();
            self.nested(value, |this| this.list(&items, out))?;
        } else if let Some(dict) = value.downcast_ref::<PyDict>() {
            let members = dict.items_vec();
            self.nested(value, |this| this.dict(&members, out))?;
        } else if let Some(view) = value.downcast_ref::<View>() {
            match &view.content {
                Content::Json(node) => self.json(node.json(), out)?,
                Content::Object(mapping) => self.nested(value, |this| this.value(mapping, out))?,
            }
        } else if let Some(list) = value.downcast_ref::<ListView>() {
            match &list.content {
                Items::Json(node) => self.json(node.json(), out)?,
                Items::Objects(items) => {
                    self.nested(value, |this| this.value(items.as_object(), out))?;
                }
            }
        } else {
            return Err(vm.new_type_error(format!(
                "object of type <class '{}'> is not JSON serializable",
                value.class().name()
            )));
        }
        Ok(())
    }

    fn nested(
        &mut self,
        value: &PyObject,
        write: impl FnOnce(&mut Self) -> PyResult<()>,
    ) -> PyResult<()> {
        let id = value.get_id();
        if self.open.contains(&id) {
            return Err(self.vm.new_value_error("Circular reference detected"));
        }
        self.open.push(id);
        let vm = self.vm;
        vm.with_recursion("while encoding a JSON object", || write(self))?;
        self.open.pop();
        Ok(())
    }

    fn list(&mut self, items: &[rustpython_vm::PyObjectRef], out: &mut String) -> PyResult<()> {
        out.push('[');
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            self.value(item, out)?;
        }
        out.push(']');
        Ok(())
    }

    fn dict(
        &mut self,
        members: &[(rustpython_vm::PyObjectRef, rustpython_vm::PyObjectRef)],
        out: &mut String,
    ) -> PyResult<()> {
        out.push('{');
        for (i, (key, value)) in members.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            self.key(key, out)?;
            out.push_str(": ");
            self.value(value, out)?;
        }
        out.push('}');
        Ok(())
    }

    fn key(&mut self, key: &PyObject, out: &mut String) -> PyResult<()> {
        let vm = self.vm;
        if let Some(text) = key.downcast_ref::<PyStr>() {
            string(text, out);
            return Ok(());
        }
        out.push('"');
        if vm.is_none(key) {
            out.push_str("null");
        } else if key.is(&vm.ctx.true_value) {
            out.push_str("true");
        } else if key.is(&vm.ctx.false_value) {
            out.push_str("false");
        } else if let Some(int) = key.downcast_ref::<PyInt>() {
            out.push_str(&int.to_str_radix_10());
        } else if let Some(real) = key.downcast_ref::<PyFloat>() {
            self.float(real.to_f64(), out)?;
        } else {
            return Err(vm.new_type_error(format!(
                "keys must be str, int, float, bool or None, not {}",
                key.class().name()
            )));
        }
        out.push('"');
        Ok(())
    }

    fn float(&self, real: f64, out: &mut String) -> PyResult<()> {
        if !real.is_finite() {
            return Err(out_of_range(self.vm));
        }
        out.push_str(&float::to_string(real));
        Ok(())
    }

    fn json(&self, json: &Json, out: &mut String) -> PyResult<()> {
        match write_json(json, out) {
            true => Ok(()),
            false => Err(out_of_range(self.vm)),
        }
    }
}

fn out_of_range(vm: &VirtualMachine) -> PyBaseExceptionRef {
    vm.new_value_error("Out of range float values are not JSON compliant")
}

/// Writes a value of an event as Python's `json.dumps` does. False where a number has no form.
pub fn write_json(json: &Json, out: &mut String) -> bool {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(n) => match n.as_f64().filter(|_| n.is_f64()) {
            Some(real) if real.is_finite() => out.push_str(&float::to_string(real)),
            Some(_) => return false,
            None => {
                let _ = write!(out, "{n}");
            }
        },
        Json::String(text) => literal(text, out),
        Json::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                if !write_json(item, out) {
                    return false;
                }
            }
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (i, (key, value)) in members.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                literal(key, out);
                out.push_str(": ");
                if !write_json(value, out) {
                    return false;
                }
            }
            out.push('}');
        }
    }
    true
}

/// A string literal as Python's `json.dumps` writes it.
pub fn json_text(text: &str) -> String {
    let mut out = String::new();
    literal(text, &mut out);
    out
}

fn string(text: &PyStr, out: &mut String) {
    match text.to_str() {
        Some(text) => literal(text, out),
        None => {
            out.push('"');
            escaped(text.as_wtf8().code_points().map(|c| c.to_u32()), out);
            out.push('"');
        }
    }
}

/// A string literal. What needs no escape, nearly everything, is written as it is.
fn literal(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest
        .bytes()
        .position(|b| !(0x20..=0x7E).contains(&b) || b == b'"' || b == b'\\')
    {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut points = from.chars();
        escaped(points.next().map(u32::from).into_iter(), out);
        rest = points.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// Characters, all but printable ASCII escaped, as UTF-16 where it takes two.
fn escaped(points: impl Iterator<Item = u32>, out: &mut String) {
    for point in points {
        match point {
            0x22 => out.push_str("\\\""),
            0x5C => out.push_str("\\\\"),
            0x0A => out.push_str("\\n"),
            0x0D => out.push_str("\\r"),
            0x09 => out.push_str("\\t"),
            0x0C => out.push_str("\\f"),
            0x08 => out.push_str("\\b"),
            0x20..=0x7E => out.push(char::from_u32(point).unwrap_or('?')),
            0x1_0000.. => {
                let rest = point - 0x1_0000;
                let (high, low) = (0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
                let _ = write!(out, "\\u{high:04x}\\u{low:04x}");
            }
            _ => {
                let _ = write!(out, "\\u{point:04x}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::json_text;

    #[test]
    fn strings_as_python_writes_them() {
        assert_eq!(json_text(""), r#""""#);
        assert_eq!(json_text("plain"), r#""plain""#);
        assert_eq!(json_text("a\"b\\\n\u{7f}éz"), r#""a\"b\\\n\u007f\u00e9z""#);
        assert_eq!(json_text("😀"), r#""\ud83d\ude00""#);
    }
}
