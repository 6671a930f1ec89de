//! Whether a connector takes what lies somewhere: a list inside a document is opened only where its elements are
//! records, and the document itself is none.

use crate::logs::json::{self, Node};
use crate::logs::record::Ways;
use crate::logs::scan::Member;
use crate::logs::shapes;
use std::borrow::Cow;

/// Asks the connectors.
#[derive(Clone, Copy)]
pub(in crate::logs) struct Judge<'w>(pub &'w Ways<'w>);

impl Judge<'_> {
    /// Whether an object with these members is a record. Only the members themselves are looked at, not what is in
    /// them: that is all that connectors ask.
    pub fn takes_members(self, text: &[u8], members: &[Member]) -> bool {
        let nodes = members.iter().filter_map(|member| {
            let key = std::str::from_utf8(text.get(member.key.clone())?).ok()?;
            Some((
                Cow::Borrowed(key),
                shallow(text.get(member.value.clone())?)?,
            ))
        });
        self.0.takes(&Node::Object(nodes.collect()))
    }

    /// Whether the text of an object is a record, as it is or wrapped in something.
    pub fn takes_record(self, text: &[u8]) -> bool {
        shapes::read(text, &super::Reading::Object).is_ok_and(|opened| {
            self.0.takes(&opened.event) || shapes::inside(self.0, &opened.event).is_ok()
        })
    }
}

/// What a value is, without what is in it.
fn shallow(value: &[u8]) -> Option<Node<'_>> {
    /// Longer texts are compared with nothing.
    const LONG: usize = 4096;
    Some(match value.first()? {
        b'{' => Node::Object(Vec::new()),
        b'[' => Node::List(Vec::new()),
        b'"' if value.len() > LONG => Node::Text(Cow::Borrowed("")),
        _ => json::parse(std::str::from_utf8(value).ok()?).ok()?.node,
    })
}
