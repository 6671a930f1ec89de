//! Views into an event: a value somewhere inside it that the view keeps alive.

use crate::event::{EventJson, find};
use serde_json::{Map, Value as Json};
use std::ptr::NonNull;
use std::sync::Arc;

/// A value inside a shared event. Cloning shares the event.
#[derive(Clone, Debug)]
pub(super) struct Node {
    root: Arc<EventJson>,
    /// Points into `root`, which nobody changes while the view holds it. None is the event as a whole, which may
    /// not be read yet.
    at: Option<NonNull<Json>>,
}

// SAFETY: the pointer only ever gives shared access to a `Json` that the `Arc` beside it owns: what an event has read
// stays where it is as long as the event lives.
unsafe impl Send for Node {}
unsafe impl Sync for Node {}

impl Node {
    /// The event as a whole.
    pub fn root(root: Arc<EventJson>) -> Self {
        Self { root, at: None }
    }

    /// A value that is not part of an event.
    pub fn of(json: Json) -> Self {
        Self::root(Arc::new(json.into()))
    }

    /// The value.
    pub fn json(&self) -> &Json {
        match self.at {
            // SAFETY: `at` points into the event that `root` keeps alive and unchanged.
            Some(at) => unsafe { at.as_ref() },
            None => self.root.json(),
        }
    }

    /// The view of a value borrowed from this one.
    fn at<'a>(&'a self, child: &'a Json) -> Node {
        Node {
            root: Arc::clone(&self.root),
            at: Some(NonNull::from(child)),
        }
    }

    /// Whether it is a mapping.
    pub fn is_object(&self) -> bool {
        match self.at {
            Some(_) => self.json().is_object(),
            None => self.root.is_object(),
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
        let found = match self.at {
            None => self.root.member(key),
            Some(_) => find(self.object()?, key),
        };
        found.map(|child| self.at(child))
    }

    /// The text of a member, the key as it stands, where it can be had without reading the member. None says nothing.
    pub fn plain(&self, key: &str) -> Option<&str> {
        match self.at {
            None => self.root.plain(key),
            Some(_) => None,
        }
    }

    /// Member of a mapping, the key as it stands.
    pub fn exact(&self, key: &str) -> Option<Node> {
        self.object()?.get(key).map(|child| self.at(child))
    }

    /// Item of a list, from 0.
    pub fn item(&self, index: usize) -> Option<Node> {
        self.array()?.get(index).map(|child| self.at(child))
    }

    /// Whether both are surely the same place of the same event.
    pub fn is_same(&self, other: &Node) -> bool {
        match (self.at, other.at) {
            (Some(one), Some(two)) => one == two,
            (None, None) => Arc::ptr_eq(&self.root, &other.root),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_view_outlives_the_one_it_came_from() {
        let node = Node::of(json!({"a": [{"b": 7}]}));
        let inner = node.member("A").and_then(|n| n.item(0));
        drop(node);
        assert_eq!(
            inner.and_then(|n| n.member("b")).map(|n| n.json().clone()),
            Some(json!(7))
        );
    }
}
