//! `api_envelope`: the pages of OpenAI's list endpoints. Many exporters leave out `object`.

use super::{Reading, Split, documents::member};
use crate::logs::scan::{self, Member};

/// Takes the records of a page; gives the offset behind its last record. None where it is no page.
pub(super) fn take(
    text: &[u8],
    members: &[Member],
    lines: &mut scan::Lines<'_>,
    split: &mut Split,
) -> Option<usize> {
    let data = member(text, members, "data")?;
    if text.get(data.value.start) != Some(&b'[') {
        return None;
    }
    let object = member(text, members, "object").and_then(|m| text.get(m.value.clone()));
    // A page cut off before `has_more` is still one: it is told from an event by what an event has.
    let is_event = ["type", "created", "effective_at", "stream"]
        .iter()
        .any(|key| member(text, members, key).is_some());
    if is_event || object.is_some_and(|name| name != b"\"list\"") {
        return None;
    }
    split.named("api_envelope");
    let (elements, end) = scan::elements(text, data.value.start);
    split.take(text, elements, lines, &Reading::Object);
    Some(end)
}
