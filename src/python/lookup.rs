//! Views into an event: a value somewhere inside a JSON tree that the view keeps alive.

use serde_json::{Map, Value as Json};
use std::ptr::NonNull;
use std::sync::Arc;

/// A value inside a shared JSON tree. Cloning shares the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    root: Arc<Json>,
    /// Points into `root`, which nobody changes while the view holds it.
    at: NonNull<Json>,
}

// SAFETY: the pointer only ever gives shared access to a `Json` that the `Arc` beside it owns.
unsafe impl Send for Node {}
unsafe impl Sync for Node {}

impl Node {
    /// The tree as a whole.
    pub fn root(root: Arc<Json>) -> Self {
        let at = NonNull::from(&*root);
        Self { root, at }
    }

    /// The value.
    pub fn json(&self) -> &Json {
        // SAFETY: `at` points into the tree that `root` keeps alive and unchanged.
        unsafe { self.at.as_ref() }
    }

    /// The view of a value borrowed from this one.
    fn at<'a>(&'a self, child: &'a Json) -> Node {
        Node {
            root: Arc::clone(&self.root),
            at: NonNull::from(child),
        }
    }

    /// The mapping, if it is one.
    pub fn object(&self) -> Option<&Map<String, Json>> {
        self.json().as_object()
    }

    /// The list, if it is one.
    pub fn array(&self) -> Option<&[Json]> {
        self.json().as_array().map(Vec::as_slice)
    }

    /// Member of a mapping: the key as it stands, else the first key that is the same in lower case.
    pub fn member(&self, key: &str) -> Option<Node> {
        find(self.object()?, key).map(|child| self.at(child))
    }

    /// Member of a mapping, the key as it stands.
    pub fn exact(&self, key: &str) -> Option<Node> {
        self.object()?.get(key).map(|child| self.at(child))
    }

    /// Item of a list, from 0.
    pub fn item(&self, index: usize) -> Option<Node> {
        self.array()?.get(index).map(|child| self.at(child))
    }

    /// Whether both are the same place of the same tree.
    pub fn is_same(&self, other: &Node) -> bool {
        self.at == other.at
    }
}

/// Looks a key up as an event does: exactly, then without regard to case, in the order of the keys.
pub fn find<'a>(object: &'a Map<String, Json>, key: &str) -> Option<&'a Json> {
    if let Some(value) = object.get(key) {
        return Some(value);
    }
    if key.is_ascii() {
        // A key that is not ASCII can still be the same in lower case (KELVIN SIGN), so both are tried.
        return object
            .iter()
            .find(|(name, _)| {
                name.eq_ignore_ascii_case(key)
                    || (!name.is_ascii() && name.to_lowercase() == key.to_ascii_lowercase())
            })
            .map(|(_, value)| value);
    }
    let lower = key.to_lowercase();
    object
        .iter()
        .find(|(name, _)| name.to_lowercase() == lower)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(value: &Json, key: &str) -> Option<Json> {
        Node::root(Arc::new(value.clone()))
            .member(key)
            .map(|n| n.json().clone())
    }

    #[test]
    fn the_exact_key_wins_then_the_first_in_lower_case() {
        let event = json!({"type": 1, "Type": 2, "TYPE": 3, "größe": 4, "\u{212A}ey": 5});
        assert_eq!(text(&event, "TYPE"), Some(json!(3)));
        assert_eq!(text(&event, "tYPE"), Some(json!(1)));
        assert_eq!(text(&event, "GRÖSSE"), None);
        assert_eq!(text(&event, "GRÖßE"), Some(json!(4)));
        assert_eq!(text(&event, "KEY"), Some(json!(5)));
        assert_eq!(text(&json!([1]), "type"), None);
    }

    #[test]
    fn a_view_outlives_the_one_it_came_from() {
        let node = Node::root(Arc::new(json!({"a": [{"b": 7}]})));
        let inner = node.member("A").and_then(|n| n.item(0));
        drop(node);
        assert_eq!(
            inner.and_then(|n| n.member("b")).map(|n| n.json().clone()),
            Some(json!(7))
        );
    }
}
