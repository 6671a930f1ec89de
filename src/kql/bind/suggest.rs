//! The nearest known name to one that is not known.

/// The candidate that is nearest to a name, if any is near enough to be what was meant.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted = name.to_lowercase();
    if wanted.is_empty() || wanted.len() > 128 {
        return None;
    }
    let most = (wanted.chars().count() / 3).clamp(1, 4);
    candidates
        .filter(|c| c.len() <= 128)
        .map(|c| (distance(&wanted, &c.to_lowercase()), c))
        .filter(|(d, _)| *d <= most)
        .min_by_key(|(d, c)| (*d, c.len()))
        .map(|(_, c)| c.to_owned())
}

/// What to say of a name that is not known: the nearest one, and whether only the case differs.
pub fn did_you_mean(name: &str, near: &str) -> String {
    if name.to_lowercase() == near.to_lowercase() {
        return format!("KQL names are case-sensitive; did you mean `{near}`?");
    }
    format!("Did you mean `{near}`?")
}

/// How many characters must be added, dropped, replaced or exchanged with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut last = None;
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&row, j) + usize::from(x != *y);
            let mut best = replaced.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let previous = j.checked_sub(1).and_then(|p| b.get(p)).copied();
            if previous == Some(x) && last == Some(*y) && j > 0 {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(x);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let columns = ["ActorEmail", "ConfigTime", "EventType"];
        let near = |name: &str| nearest(name, columns.iter().copied());
        assert_eq!(near("ActorMail").as_deref(), Some("ActorEmail"));
        assert_eq!(near("eventtype").as_deref(), Some("EventType"));
        assert_eq!(near("EvnetType").as_deref(), Some("EventType"));
        assert_eq!(near("Nope"), None);
    }
}
