//! `kusto_v1`: `{"Tables":[{"TableName","Columns","Rows"}]}`, and `kusto_v2`: a list of frames,
//! of which the data tables of kind `PrimaryResult` hold the rows.

use super::{Split, documents::member, query_api};
use crate::logs::scan::{self, Element, Member};

/// Takes the rows of a version 1 answer; gives the offset behind its tables. None where it is none.
pub(super) fn take(
    text: &[u8],
    members: &[Member],
    lines: &mut scan::Lines<'_>,
    split: &mut Split,
) -> Option<usize> {
    let tables = member(text, members, "Tables")?;
    if text.get(tables.value.start) != Some(&b'[') {
        return None;
    }
    split.named("kusto_v1");
    // The first table is the result; the others tell of the query itself.
    let names = ("Columns", "Rows");
    let end = query_api::all(text, tables.value.start, names, 1, lines, split);
    Some(end)
}

fn frame(text: &[u8], element: &Element) -> Option<Vec<Member>> {
    let start = element.start();
    (text.get(start) == Some(&b'{')).then(|| scan::members(text, start).0)
}

/// Whether the elements of a list are frames.
pub(super) fn is_frames(text: &[u8], elements: &[Element]) -> bool {
    elements
        .first()
        .and_then(|first| frame(text, first))
        .is_some_and(|members| member(text, &members, "FrameType").is_some())
}

/// Takes the rows of a version 2 answer.
pub(super) fn frames(
    text: &[u8],
    elements: &[Element],
    lines: &mut scan::Lines<'_>,
    split: &mut Split,
) {
    split.named("kusto_v2");
    // Where the list was left, the rows of its damaged frame are read as far as they go.
    let left = |element: &&Element| matches!(element, Element::Damaged(_, scan::LIST_LEFT));
    let elements: Vec<&Element> = elements.iter().filter(|e| !left(e)).collect();
    for (n, element) in elements.iter().enumerate() {
        let primary = frame(text, element).is_some_and(|members| {
            member(text, &members, "TableKind").and_then(|m| text.get(m.value.clone()))
                == Some(b"\"PrimaryResult\"")
        });
        let range = match element {
            Element::Value(range) => range.clone(),
            Element::Damaged(at, reason) => {
                if text.get(*at) != Some(&b'{') {
                    let line = lines.at(*at);
                    split.reject(text, line, *at, *reason);
                }
                // A damaged frame may still have whole rows, up to the next frame.
                let next = elements.get(n + 1).map(|next| next.start());
                *at..next.unwrap_or(text.len())
            }
        };
        if primary {
            query_api::table(text, range, ("Columns", "Rows"), lines, split);
        }
    }
}
