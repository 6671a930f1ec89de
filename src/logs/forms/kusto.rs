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
    let (elements, end) = scan::elements(text, tables.value.start);
    // The first table is the result; the others tell of the query itself.
    if let Some(first) = elements.into_iter().next() {
        query_api::table(text, first, ("Columns", "Rows"), lines, split);
    }
    Some(end)
}

fn frame(text: &[u8], element: &Element) -> Option<Vec<Member>> {
    let start = match element {
        Element::Value(range) => range.start,
        Element::Damaged(at, _) => *at,
    };
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
    for element in elements {
        let primary = frame(text, element).is_some_and(|members| {
            member(text, &members, "TableKind").and_then(|m| text.get(m.value.clone()))
                == Some(b"\"PrimaryResult\"")
        });
        if primary {
            query_api::table(text, element.clone(), ("Columns", "Rows"), lines, split);
        }
    }
}
