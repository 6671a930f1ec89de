//! Values that a body compares a field with and that no loaded event has.

use super::known::known;
use super::query::number;
use super::{DataCheck, Subject, events, told};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Span, nearest};
use crate::logs::PathValue;
use crate::panther::{Matcher, guard};
use serde_json::Value as Json;

/// What a rule needs before it can match, and what is loaded.
pub(super) const CHECK: DataCheck = Check {
    name: "data-guard-values",
    codes: &[Code {
        id: "data-value-absent",
        about: "The rule needs a field to have a value that no loaded event has",
    }],
    run: check,
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some((rule, Some(body))) = events::rule(subject) else {
        return;
    };
    let Some(path) = subject.rule.companion.as_deref() else {
        return;
    };
    if !matches!(rule.matcher, Matcher::Python | Matcher::Derived(_)) {
        return;
    }
    let views = events::views(subject, rule);
    if views.is_empty() {
        return;
    }
    let guard = guard::read_with(body, rule.repository.library());
    for condition in &guard.conditions {
        if !matches!(condition.operator.as_str(), "is" | "is one of") || condition.values.is_empty()
        {
            continue;
        }
        let keys: Vec<String> = condition.field.split('.').map(str::to_owned).collect();
        // A key with a point in it is another path.
        if condition.field.is_empty() || !guard.paths().contains(&keys) {
            continue;
        }
        let mut there: Vec<String> = Vec::new();
        let mut filled = 0;
        for view in &views {
            let Some(codes) = view.path_codes(&keys) else {
                return;
            };
            for value in codes.values() {
                if let PathValue::Value(json) = value {
                    filled += 1;
                    there.push(text(json));
                }
            }
        }
        if filled == 0 || condition.values.iter().any(|value| there.contains(value)) {
            continue;
        }
        let all: usize = views.iter().map(|view| view.len()).sum();
        let documented = rule
            .log_types
            .iter()
            .find_map(|log_type| known(&format!("{log_type}/{}", condition.field)));
        let names: Vec<String> = condition
            .values
            .iter()
            .take(4)
            .map(|v| format!("`{v}`"))
            .collect();
        let or = match condition.values.len() > names.len() {
            true => format!(
                "{} or {} more",
                names.join(", "),
                condition.values.len() - names.len()
            ),
            false => names.join(" or "),
        };
        let message = format!(
            "none of the {} loaded events has {or} as `{}`, and the rule matches no other",
            number(all),
            condition.field
        );
        let mut found = told("data-value-absent", message);
        let unknown = documented.and_then(|names| {
            let mut values = condition.values.iter();
            values.find(|value| !names.contains(&value.as_str()))
        });
        let loaded = || there.iter().map(String::as_str);
        let hint = match (documented, unknown) {
            (Some(names), Some(value)) => {
                let all = loaded().chain(names.iter().copied());
                match nearest(value, all) {
                    Some(near) => {
                        format!("`{value}` is not documented either; the nearest is `{near}`")
                    }
                    None => format!("`{value}` is not documented either"),
                }
            }
            (Some(_), None) => {
                "It is documented: load logs that have it, or a scenario, to see the rule match"
                    .to_owned()
            }
            (None, _) => match condition.values.iter().find_map(|v| nearest(v, loaded())) {
                Some(near) => format!("The nearest value that is there is `{near}`"),
                None => {
                    let mut some: Vec<&str> = loaded().collect();
                    some.sort_unstable();
                    some.dedup();
                    let some: Vec<String> = some.iter().take(6).map(|v| format!("`{v}`")).collect();
                    format!("There is {}", some.join(", "))
                }
            },
        };
        found = found.with_hint(hint);
        let (start, end) = (condition.span.start, condition.span.end);
        found.span = Some(Span::new(start.min(body.len()), end.min(body.len())));
        events::tell(report, path, found);
    }
}

/// A value as the guard's conditions write it.
fn text(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Null => "None".to_owned(),
        other => other.to_string(),
    }
}
