//! Whether two expressions compute the same of every event: written out, they are the same text.

use super::expr::{Expr, Kind};
use std::fmt::Write;
use std::mem::discriminant;

/// Writes an expression out, wherever it stands in its body; the paths are those that its accesses number.
pub(super) fn write(expr: &Expr, paths: &[Vec<String>], out: &mut String) {
    let kind = expr.kind();
    // Writing to a text does not fail. `Debug` tells all values apart, nought and its negative, too.
    let _ = write!(out, "{:?}", discriminant(kind));
    let _ = match kind {
        Kind::Const(value) => write!(out, "{value:?}"),
        Kind::Path(access) => {
            let path = paths.get(access.path);
            write!(out, "{path:?}{}{:?}", access.keys, access.steps)
        }
        Kind::Compare(op, ..) => write!(out, "{op:?}"),
        Kind::Method(method, ..) => write!(out, "{method:?}"),
        Kind::IsInstance(_, classes) => write!(out, "{classes:?}"),
        Kind::Items(_, shape) => write!(out, "{shape:?}"),
        Kind::Slice(_, from, to) => write!(out, "{}{}", from.is_some(), to.is_some()),
        Kind::Dict(members) => {
            let keys: Vec<&str> = members.iter().map(|(key, _)| &**key).collect();
            write!(out, "{keys:?}")
        }
        _ => Ok(()),
    };
    out.push('(');
    kind.each(&mut |part| {
        write(part, paths, out);
        out.push(',');
    });
    out.push(')');
}
