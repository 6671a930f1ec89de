//! Which items fit what has been typed, and in which order.

use super::{Item, ItemKind};

/// How well a label fits: less is better; none where it does not.
fn fit(label: &str, typed: &str) -> Option<usize> {
    if typed.is_empty() {
        return Some(0);
    }
    if label.starts_with(typed) {
        return Some(0);
    }
    let (low, wanted) = (label.to_lowercase(), typed.to_lowercase());
    if low.starts_with(&wanted) {
        return Some(1);
    }
    // A word within: `Email` in `ActorEmail`, `away` in `project-away`.
    let begins_word = low.match_indices(&wanted).any(|(at, _)| {
        let before = label.get(..at).and_then(|b| b.chars().next_back());
        let here = label.get(at..).and_then(|b| b.chars().next());
        before.is_none_or(|b| !b.is_alphanumeric()) || here.is_some_and(char::is_uppercase)
    });
    if begins_word {
        return Some(2);
    }
    if low.contains(&wanted) {
        return Some(3);
    }
    // All letters in their order: `tsg` in `TimeSpanGroup`.
    let mut letters = low.chars();
    let in_order = wanted.chars().all(|w| letters.any(|c| c == w));
    (in_order && wanted.chars().count() > 1).then_some(4)
}

/// Keeps what fits, best first; the rank becomes the place in the list.
pub fn sort(items: &mut Vec<Item>, typed: &str) {
    let mut scored: Vec<(usize, Item)> = std::mem::take(items)
        .into_iter()
        .filter_map(|item| {
            // A text is found by what stands between its quotes.
            let label = match item.kind {
                ItemKind::Value => item.label.trim_start_matches(['"', '\'']),
                _ => &item.label,
            };
            fit(label, typed).map(|fit| (fit, item))
        })
        .collect();
    scored.sort_by(|(f, a), (g, b)| f.cmp(g).then(a.rank.cmp(&b.rank)));
    let mut seen = std::collections::HashSet::new();
    for (_, mut item) in scored {
        if seen.insert((item.label.clone(), item.kind)) {
            item.rank = items.len();
            items.push(item);
        }
    }
}
