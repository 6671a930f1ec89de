//! `==` and `!=` between a text and a number or a truth value. The platform allows it and does not document how
//! it converts: what both ways of converting agree on is answered, the rest is refused.

use super::{Context, Function, Naming, Param};
use crate::kql::syntax::literal;
use crate::value::{Type, Value};

const REFUSED: &str = "A text that is another spelling of the number or truth value is compared with it: the platform's answer is not certain. Convert one side, for example with `tolong(…)` or `tostring(…)`";

const fn comparison(name: &'static [&'static str], body: super::Body) -> Function {
    Function {
        names: name,
        signature: "text == value",
        doc: "Whether a text is the value's text.",
        params: &[Param::Any, Param::Any],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Bool),
        naming: Naming::None,
        body,
    }
}

/// `==`; not in the list of functions, as no query can call it.
pub static EQUALS: Function = comparison(&["=="], |c, v| Value::Bool(equal(c, v)));

/// `!=`
pub static DIFFERS: Function = comparison(&["!="], |c, v| Value::Bool(!equal(c, v)));

fn equal(context: &Context, values: &[Value]) -> bool {
    let (text, other) = match values {
        [Value::String(text), other] | [other, Value::String(text)] => (text, other),
        _ => return false,
    };
    let means_the_same = match other {
        Value::Null => return false,
        Value::Bool(truth) => truth_value(text) == Some(*truth),
        other => number(text).is_some_and(|n| value(other) == Some(n)),
    };
    let spelled = match other {
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.display().to_string(),
    };
    if means_the_same && **text != *spelled {
        context.refuse(REFUSED);
    }
    means_the_same
}

fn truth_value(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        other => number(other).map(|n| n != 0.0),
    }
}

fn number(text: &str) -> Option<f64> {
    let whole = literal::long(text).map(|n| n as f64);
    whole.or_else(|| literal::real(text))
}

fn value(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(f64::from(*n)),
        Value::Long(n) => Some(*n as f64),
        Value::Real(n) => Some(*n),
        Value::Decimal(text) => literal::real(text),
        _ => None,
    }
}
