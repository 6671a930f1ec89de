//! `json_array`: `[{…}, …]`; a list whose elements have a `FrameType` is the `kusto_v2` form.

use super::{Reading, Split, kusto};
use crate::logs::scan;

/// Takes the array at `at`; gives the offset behind it.
pub(super) fn one(text: &[u8], at: usize, lines: &mut scan::Lines<'_>, split: &mut Split) -> usize {
    let (elements, end) = scan::elements(text, at);
    if kusto::is_frames(text, &elements) {
        kusto::frames(text, &elements, lines, split);
    } else {
        split.named("json_array");
        split.take(text, elements, lines, &Reading::Object);
    }
    end
}
