//! How a body reaches a value of an event: `event.get("a", {}).get("b")`, `event.deep_get("a", "b")`, `event["a"]`.

use super::value::{Found, Val};
use std::sync::Arc;

/// A path and the steps that lead along it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Access {
    /// Index of the path among those of the guard.
    pub path: usize,
    /// How many keys it has.
    pub keys: usize,
    pub steps: Arc<[Step]>,
}

/// One step: it passes over one key or, for `deep_get`, several.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// `.get(key, default)`
    Get(Val),
    /// `[key]`
    Index,
    /// `.deep_get(key, …, default=…)`: so many keys.
    Deep(usize, Val),
    /// `key in …`, of the event itself; always the only step.
    Has,
}

impl Access {
    /// The value, from what lies at the path. None where it raises or nobody can tell.
    pub fn value(&self, found: Found<'_>) -> Option<Val> {
        let (broken, is_null) = match found {
            Found::Missing(at) => (at, false),
            Found::Blocked(at, is_null) => (at, is_null),
            _ => (self.keys, false),
        };
        let is_blocked = matches!(found, Found::Blocked(..));
        // A default that stands for what is not there.
        let mut standing: Option<Val> = None;
        let mut from = 0;
        for step in self.steps.iter() {
            let to = from
                + match step {
                    Step::Deep(keys, _) => *keys,
                    _ => 1,
                };
            if let Some(value) = standing.take() {
                // An empty mapping of the body's own has `get` and nothing else of these.
                match (value, step) {
                    (Val::Map(members), Step::Get(default)) if members.is_empty() => {
                        standing = Some(default.clone());
                    }
                    _ => return None,
                }
            } else if broken < to {
                match step {
                    Step::Has => return Some(Val::Bool(false)),
                    // The step before gave something that is no mapping and has no such method.
                    _ if is_blocked && broken == from => return None,
                    Step::Index => return None,
                    Step::Get(default) | Step::Deep(_, default) => standing = Some(default.clone()),
                }
            } else if let Step::Deep(_, default) = step
                && self.ends_in_null(found, to, broken, is_null)
            {
                standing = Some(default.clone());
            }
            from = to;
        }
        if let Some(value) = standing {
            return Some(value);
        }
        match found {
            _ if matches!(*self.steps, [Step::Has]) => Some(Val::Bool(true)),
            Found::Value(json) => Val::of(json),
            Found::List => Some(Val::SomeList),
            Found::Object(empty) => Some(Val::Object(empty)),
            Found::Missing(_) | Found::Blocked(..) => None,
        }
    }

    /// Whether the value behind the key before `to` is null.
    fn ends_in_null(&self, found: Found<'_>, to: usize, broken: usize, is_null: bool) -> bool {
        match found {
            Found::Value(json) => to == self.keys && json.is_null(),
            Found::Blocked(..) => broken == to && is_null,
            _ => false,
        }
    }

    /// Whether reaching it never raises, whatever the event holds.
    pub fn never_raises(&self) -> bool {
        matches!(*self.steps, [Step::Get(_) | Step::Deep(..) | Step::Has])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn access(keys: usize, steps: &[Step]) -> Access {
        Access {
            path: 0,
            keys,
            steps: Arc::from(steps),
        }
    }

    fn empty() -> Val {
        Val::Map(Arc::from([]))
    }

    #[test]
    fn a_chain_of_gets_raises_on_what_is_no_mapping() {
        // event.get("a", {}).get("b", 7)
        let chain = access(2, &[Step::Get(empty()), Step::Get(Val::Int(7))]);
        assert_eq!(chain.value(Found::Value(&json!("x"))), Some(Val::text("x")));
        assert_eq!(chain.value(Found::Value(&json!(null))), Some(Val::None));
        assert_eq!(chain.value(Found::Missing(1)), Some(Val::Int(7)));
        // `a` is missing: the empty mapping stands for it
        assert_eq!(chain.value(Found::Missing(0)), Some(Val::Int(7)));
        // `a` is null or a text: AttributeError
        assert_eq!(chain.value(Found::Blocked(1, true)), None);
        assert_eq!(chain.value(Found::Blocked(1, false)), None);
        // event.get("a").get("b"): None has no `get`
        let bare = access(2, &[Step::Get(Val::None), Step::Get(Val::None)]);
        assert_eq!(bare.value(Found::Missing(0)), None);
    }

    #[test]
    fn deep_get_gives_its_default_for_null() {
        // event.deep_get("a", "b", default="d")
        let deep = access(2, &[Step::Deep(2, Val::text("d"))]);
        for found in [
            Found::Missing(0),
            Found::Missing(1),
            Found::Blocked(1, false),
            Found::Blocked(1, true),
            Found::Value(&json!(null)),
        ] {
            assert_eq!(deep.value(found), Some(Val::text("d")), "{found:?}");
        }
        assert_eq!(deep.value(Found::Object(true)), Some(Val::Object(true)));
        // event.deep_get("a", default={}).get("b")
        let then = access(2, &[Step::Deep(1, empty()), Step::Get(Val::None)]);
        assert_eq!(then.value(Found::Blocked(1, true)), Some(Val::None));
        assert_eq!(then.value(Found::Blocked(1, false)), None);
        assert_eq!(then.value(Found::Missing(0)), Some(Val::None));
        // event.get("a", {}).deep_get("b"): a plain mapping has no deep_get
        let plain = access(2, &[Step::Get(empty()), Step::Deep(1, Val::None)]);
        assert_eq!(plain.value(Found::Missing(0)), None);
        assert_eq!(plain.value(Found::Missing(1)), Some(Val::None));
    }

    #[test]
    fn an_index_raises_where_there_is_no_key() {
        let index = access(1, &[Step::Index]);
        assert_eq!(index.value(Found::Missing(0)), None);
        assert_eq!(index.value(Found::Value(&json!(1))), Some(Val::Int(1)));
        let has = access(1, &[Step::Has]);
        assert_eq!(has.value(Found::Missing(0)), Some(Val::Bool(false)));
        assert_eq!(has.value(Found::Value(&json!(null))), Some(Val::Bool(true)));
    }
}
