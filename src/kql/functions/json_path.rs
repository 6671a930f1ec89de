//! JSON as text: one element of it by its path, and its canonical form.

use super::Param::{Any, AnyText, TextConst};
use super::entry::{entry, string, text, texted};
use super::{Context, Function};
use crate::kql::plan::Step;
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::Value as Json;
use std::sync::Arc;

pub const FUNCTIONS: &[Function] = &[
    entry(
        &["extract_json", "extractjson"],
        "extract_json(path, text:string [, typeof(type)])",
        "The element at a JSONPath (`$.a['b'][0]`) of a JSON text, as text or as the type; \"\" or null where there is none.",
        &[TextConst, AnyText],
        (0, 0),
        string,
        extract_json,
    ),
    entry(
        &["dynamic_to_json"],
        "dynamic_to_json(value)",
        "The text of a value with the keys of bags in order, so that equal values have equal texts.",
        &[Any],
        (0, 0),
        string,
        |context, a| match a.first() {
            Some(Value::Dynamic(json)) => texted(sorted(json).to_string()),
            Some(Value::Null) if context.types.first() == Some(&Type::Dynamic) => {
                context.refuse("The canonical text of a dynamic null is not known");
                texted("")
            }
            Some(other) => texted(convert::text(other)),
            None => texted(""),
        },
    ),
];

fn extract_json(context: &Context, args: &[Value]) -> Value {
    let Some(steps) = steps(&text(args, 0)) else {
        context.refuse("This is no JSONPath: write for example \"$.user['name'][0]\"");
        return texted("");
    };
    let Ok(json) = serde_json::from_str::<Json>(&text(args, 1)) else {
        return texted("");
    };
    let mut at = &json;
    for step in &steps {
        let next = match step {
            Step::Key(key) => at.get(&**key),
            Step::Index(index) => usize::try_from(*index).ok().and_then(|i| at.get(i)),
        };
        match next {
            Some(next) => at = next,
            None => return texted(""),
        }
    }
    texted(convert::text(&Value::Dynamic(Arc::new(at.clone()))))
}

/// The steps of `$.name['name'][0]`; none where it is something else.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.trim().strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, after) = name.split_at_checked(end)?;
            let plain = name.chars().all(|c| {
                c.is_alphanumeric() || c == '_' || c == '-' || c == '@' || c == '#' || c == ' '
            });
            if name.is_empty() || !plain {
                return None;
            }
            steps.push(Step::Key(Arc::from(name)));
            rest = after;
            continue;
        }
        let inner = rest.strip_prefix('[')?;
        let quote = inner.chars().next().filter(|c| *c == '\'' || *c == '"');
        match quote {
            Some(quote) => {
                let (name, after) = inner.get(1..)?.split_once(quote)?;
                steps.push(Step::Key(Arc::from(name)));
                rest = after.strip_prefix(']')?;
            }
            None => {
                let (number, after) = inner.split_once(']')?;
                let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
                steps.push(Step::Index(number.parse().ok().filter(|_| digits)?));
                rest = after;
            }
        }
    }
    Some(steps)
}

/// The same value with the keys of its bags in order.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(sorted).collect()),
        Json::Object(bag) => {
            let mut keys: Vec<_> = bag.iter().collect();
            keys.sort_by(|a, b| a.0.cmp(b.0));
            Json::Object(
                keys.into_iter()
                    .map(|(k, v)| (k.clone(), sorted(v)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}
