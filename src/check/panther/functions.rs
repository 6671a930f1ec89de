//! The functions that Panther calls: that the deciding one is there, and that each can be called with an event.

use super::{PantherCheck, Subject};
use crate::check::panther::python::Python;
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Edit, Fix, Severity, Span, nearest};
use crate::panther::FUNCTIONS;
use crate::python::syntax::tree::{Parameters, Stmt};

/// `rule(event)`, and the functions that say what an alert is like.
pub(super) const CHECK: PantherCheck = Check {
    name: "python-functions",
    codes: &[
        Code {
            id: "panther-function-missing",
            about: "The body has no function that decides: `rule(event)`, or `policy(resource)` of a policy",
        },
        Code {
            id: "panther-function-parameters",
            about: "Panther calls a function of a body with one argument, and this one takes others",
        },
    ],
    run: check,
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some(python) = subject.python else {
        return;
    };
    let deciding = subject.panther.kind.function();
    missing(python, deciding, report);
    for function in python.functions() {
        let name = function.name.as_str();
        if !FUNCTIONS.contains(&name) || !function.decorator_list.is_empty() {
            continue;
        }
        // The function of the other kind of detection is never called.
        if matches!(name, "rule" | "policy") && name != deciding {
            continue;
        }
        let (needed, most) = arity(&function.parameters);
        if needed <= 1 && most >= 1 {
            continue;
        }
        let span = python.span(&*function.parameters);
        let argument = argument_of(deciding);
        let message = match needed {
            0 | 1 => format!("{name} takes no argument, and Panther calls it with the {argument}"),
            n => {
                format!("{name} needs {n} arguments, and Panther calls it with the {argument} only")
            }
        };
        let mut found = Diagnostic::warning("panther-function-parameters", span, message);
        if most == 0 {
            let fix = Fix::replace(
                format!("Write {name}({argument})"),
                span,
                format!("({argument})"),
            );
            found = found.with_fix(fix);
        }
        report.tell_in(python.path, None, found);
    }
}

fn argument_of(deciding: &str) -> &'static str {
    if deciding == "policy" {
        "resource"
    } else {
        "event"
    }
}

/// How many positional arguments have to be given, and how many can be.
fn arity(parameters: &Parameters) -> (usize, usize) {
    let positional = || parameters.posonlyargs.iter().chain(&parameters.args);
    let needed = positional().filter(|p| p.default.is_none()).count();
    let only_named = parameters.kwonlyargs.iter().any(|p| p.default.is_none());
    let most = match parameters.vararg {
        Some(_) => usize::MAX,
        None => positional().count(),
    };
    (if only_named { needed.max(2) } else { needed }, most)
}

fn missing(python: &Python<'_>, deciding: &str, report: &mut Report) {
    let bound = &python.bound;
    if bound.is_tricky() || !bound.stars().is_empty() {
        return;
    }
    if bound.has(deciding) && !deleted(python, deciding) {
        return;
    }
    let argument = argument_of(deciding);
    let hint = format!("Panther calls {deciding}({argument}), which gives True or False");
    let functions: Vec<_> = python.functions().collect();
    let near = nearest(
        deciding,
        functions
            .iter()
            .map(|f| f.name.as_str())
            .filter(|name| !FUNCTIONS.contains(name) || matches!(*name, "rule" | "policy")),
    );
    let other = if deciding == "rule" { "policy" } else { "rule" };
    let meant = functions
        .iter()
        .find(|f| near.as_deref() == Some(f.name.as_str()))
        .or_else(|| functions.iter().find(|f| f.name.as_str() == other));
    let first = python.tree.body.first().map(|stmt| python.span(stmt).start);
    let at = first.unwrap_or(python.text.len());
    let line = python.text.get(at..).and_then(|rest| rest.lines().next());
    let span = match meant {
        Some(function) => python.span(&function.name),
        None => Span::new(at, at + line.map_or(0, str::len)),
    };
    let message = format!("the body has no function {deciding}({argument})");
    let mut found = Diagnostic::new(
        Severity::Error,
        "panther-function-missing",
        Some(span),
        message,
    )
    .with_hint(hint);
    if let Some(function) = meant {
        let title = format!("Rename {} to {deciding}", function.name);
        found = found.with_fix(Fix::replace(title, python.span(&function.name), deciding));
    }
    found = found.with_fix(skeleton(python.text, deciding, argument));
    report.tell_in(python.path, None, found);
}

/// Whether the top level takes a name away again behind everything else.
fn deleted(python: &Python<'_>, name: &str) -> bool {
    let last = python.tree.body.iter().rposition(|stmt| match stmt {
        Stmt::FunctionDef(function) => function.name.as_str() == name,
        _ => false,
    });
    let after = last.and_then(|last| python.tree.body.get(last..));
    after.into_iter().flatten().any(|stmt| match stmt {
        Stmt::Delete(delete) => delete
            .targets
            .iter()
            .any(|target| target.as_name_expr().is_some_and(|n| n.id.as_str() == name)),
        _ => false,
    })
}

/// Adds the function at the end of the text.
fn skeleton(text: &str, deciding: &str, argument: &str) -> Fix {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = match text.trim().is_empty() {
        true => String::new(),
        false if text.ends_with('\n') => end.repeat(2),
        false => end.repeat(3),
    };
    let body = match deciding {
        "policy" => format!("def policy({argument}):{end}    return True{end}"),
        _ => format!("def rule({argument}):{end}    return False{end}"),
    };
    Fix {
        title: format!("Add a function {deciding}({argument})"),
        edits: vec![Edit {
            span: Span::new(text.len(), text.len()),
            text: format!("{before}{body}"),
        }],
    }
}
