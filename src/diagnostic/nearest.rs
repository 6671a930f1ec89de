//! The nearest known name to one that is not known.

/// The candidate that is nearest to a name, if any is near enough to be what was meant.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted: Vec<char> = name.to_lowercase().chars().collect();
    if wanted.is_empty() || name.len() > 128 {
        return None;
    }
    // Tables and columns may be thousands: what cannot be nearer than the best so far is left early.
    let mut most = (wanted.len() / 3).clamp(1, 4);
    let mut best: Option<(usize, &str)> = None;
    let mut room = Room::default();
    for candidate in candidates.filter(|c| c.len() <= 128) {
        room.lower(candidate);
        let Some(distance) = room.distance(&wanted, most) else {
            continue;
        };
        if best.is_none_or(|(d, c)| (distance, candidate.len()) < (d, c.len())) {
            most = distance;
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, c)| c.to_owned())
}

/// A candidate in small letters, and the rows of the table of distances: kept from one candidate to the next.
#[derive(Default)]
struct Room {
    candidate: Vec<char>,
    before: Vec<usize>,
    row: Vec<usize>,
    next: Vec<usize>,
}

impl Room {
    fn lower(&mut self, candidate: &str) {
        self.candidate.clear();
        if candidate.is_ascii() {
            let small = candidate
                .bytes()
                .map(|b| char::from(b.to_ascii_lowercase()));
            self.candidate.extend(small);
        } else {
            self.candidate.extend(candidate.to_lowercase().chars());
        }
    }

    /// How many characters must be added, dropped, replaced or exchanged with their neighbour; none where more than `most`.
    fn distance(&mut self, a: &[char], most: usize) -> Option<usize> {
        let b = self.candidate.as_slice();
        if a.len().abs_diff(b.len()) > most || lacking(a, b) > most {
            return None;
        }
        self.before.clear();
        self.row.clear();
        self.row.extend(0..=b.len());
        let mut last = None;
        for (i, x) in a.iter().enumerate() {
            self.next.clear();
            self.next.push(i + 1);
            let mut lowest = i + 1;
            let mut left = i + 1;
            let mut previous = None;
            // Beside the place in `b` the distances of the row above: before, and of the place itself.
            for (j, (y, above)) in b.iter().zip(self.row.windows(2)).enumerate() {
                let [diagonal, above] = above else { continue };
                let replaced = diagonal + usize::from(x != y);
                let mut here = replaced.min(above + 1).min(left + 1);
                if previous == Some(x) && last == Some(y) {
                    let exchanged = j.checked_sub(1).and_then(|p| self.before.get(p));
                    here = here.min(exchanged.map_or(usize::MAX, |d| d + 1));
                }
                self.next.push(here);
                lowest = lowest.min(here);
                left = here;
                previous = Some(y);
            }
            // An exchange reaches two rows back.
            let reachable = self.row.iter().min().is_some_and(|d| *d < most);
            if lowest > most && !reachable {
                return None;
            }
            std::mem::swap(&mut self.before, &mut self.row);
            std::mem::swap(&mut self.row, &mut self.next);
            last = Some(x);
        }
        self.row.last().copied().filter(|d| *d <= most)
    }
}

/// How many characters of one text the other does not have, wherever they stand: the distance is not less.
fn lacking(a: &[char], b: &[char]) -> usize {
    let mut counts = [0i32; 64];
    let slot = |c: char| u32::from(c) as usize % 64;
    for c in a {
        if let Some(count) = counts.get_mut(slot(*c)) {
            *count += 1;
        }
    }
    for c in b {
        if let Some(count) = counts.get_mut(slot(*c)) {
            *count -= 1;
        }
    }
    counts.iter().filter(|c| **c > 0).map(|c| *c as usize).sum()
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

    #[test]
    fn the_nearest_of_several_and_the_first_of_equals() {
        let near = |name: &str, of: &[&str]| nearest(name, of.iter().copied());
        // Of two at distance 1 the shorter, then the first.
        assert_eq!(
            near("abcdef", &["abcdefg", "abcde"]).as_deref(),
            Some("abcde")
        );
        assert_eq!(near("abcd", &["abce", "abcf"]).as_deref(), Some("abce"));
        // Two exchanges are two steps, and six characters allow two.
        assert_eq!(near("badcef", &["abcdef"]).as_deref(), Some("abcdef"));
        assert_eq!(near("badcfe", &["abcdef"]), None);
        assert_eq!(
            near("Größe", &["GRÖSSE", "größen"]).as_deref(),
            Some("größen")
        );
    }
}
