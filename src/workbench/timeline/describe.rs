//! The model in words: what a screen reader says of the whole, and what the tests compare.

use super::data::{NO_ENTITY, Timeline};
use crate::value::time::format_short;
use std::fmt::Write as _;

impl Timeline {
    /// What there is, in one line: `3 matches, 2 accounts, 1 IP address`.
    pub fn summary(&self) -> String {
        let mut text = count(self.matches.len(), "match", "matches");
        for group in &self.groups {
            if group.kind != NO_ENTITY {
                let (one, many) = kind_names(&group.kind);
                let all = group.lanes.len() + group.hidden;
                let _ = write!(text, ", {}", count(all, &one, &many));
            }
        }
        text
    }

    /// The whole model as text, for tests: lanes with their marks, links, strips.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n", self.summary());
        if let Some(now) = self.now {
            let _ = writeln!(text, "clock {}", format_short(now));
        }
        for band in &self.bands {
            let (start, end) = (format_short(band.start), format_short(band.end));
            let _ = writeln!(text, "band {start} .. {end} {}", band.label);
        }
        for group in &self.groups {
            for lane in self.lanes.get(group.lanes.clone()).unwrap_or_default() {
                let kind = if lane.kind == NO_ENTITY {
                    "-"
                } else {
                    &lane.kind
                };
                let _ = writeln!(text, "lane {kind} {}", lane.label);
                let mut marks = lane.marks.clone();
                marks.sort_unstable();
                for spot in marks.iter().filter_map(|m| self.spots.get(*m)) {
                    let matches: Vec<String> = spot
                        .matches
                        .iter()
                        .filter_map(|m| self.matches.get(*m))
                        .map(|m| m.index.to_string())
                        .collect();
                    let _ = writeln!(
                        text,
                        "  {} {} {} #{} match {}",
                        format_short(spot.time),
                        shape_name(spot.series),
                        spot.label,
                        spot.id,
                        matches.join(" ")
                    );
                }
                for link in lane.links.iter().filter_map(|l| self.links.get(l.link)) {
                    let id = |at: usize| self.spots.get(at).map_or(0, |s| s.id);
                    let _ = writeln!(text, "  link #{} -> #{}", id(link.from), id(link.to));
                }
            }
            if group.hidden > 0 {
                let (one, many) = kind_names(&group.kind);
                let _ = writeln!(text, "and {} more", count(group.hidden, &one, &many));
            }
        }
        for strip in &self.background {
            let _ = writeln!(
                text,
                "table {} {}, {} matched",
                strip.table,
                count(strip.times().len(), "event", "events"),
                strip.matched.len()
            );
        }
        text
    }
}

/// `1 match`, `2 matches`, `12,345 matches`.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text} {}", if n == 1 { one } else { many })
}

/// An entity type within a sentence, one and many: `("account", "accounts")`.
pub(super) fn kind_names(kind: &str) -> (String, String) {
    let (one, many) = match kind {
        "Account" => ("account", "accounts"),
        "IP" => ("IP address", "IP addresses"),
        "CloudApplication" => ("cloud application", "cloud applications"),
        "Host" => ("host", "hosts"),
        "Mailbox" => ("mailbox", "mailboxes"),
        "URL" => ("URL", "URLs"),
        "DNS" => ("domain", "domains"),
        "AzureResource" => ("Azure resource", "Azure resources"),
        "Process" => ("process", "processes"),
        "File" => ("file", "files"),
        "FileHash" => ("file hash", "file hashes"),
        NO_ENTITY => ("lane", "lanes"),
        other => return (format!("{other} entity"), format!("{other} entities")),
    };
    (one.to_owned(), many.to_owned())
}

/// An entity type as a heading: `Account`, `IP address`.
pub(super) fn kind_title(kind: &str) -> String {
    match kind {
        NO_ENTITY => "No entity".to_owned(),
        "CloudApplication" => "Cloud application".to_owned(),
        "AzureResource" => "Azure resource".to_owned(),
        "FileHash" => "File hash".to_owned(),
        "IP" => "IP address".to_owned(),
        other => other.to_owned(),
    }
}

/// The shape of a series, in a word.
pub(super) fn shape_name(series: u8) -> &'static str {
    match series % 4 {
        0 => "circle",
        1 => "diamond",
        2 => "square",
        _ => "triangle",
    }
}

/// A length of time for people, of at most two units: `1 h 5 min`, `12 s`, `3 d`, `250 ms`.
pub(super) fn duration(ticks: i64) -> String {
    let t = ticks.unsigned_abs();
    let units: [(u64, &str); 6] = [
        (864_000_000_000, "d"),
        (36_000_000_000, "h"),
        (600_000_000, "min"),
        (10_000_000, "s"),
        (10_000, "ms"),
        (10, "µs"),
    ];
    for (i, (size, name)) in units.iter().enumerate() {
        if t < *size {
            continue;
        }
        let mut text = format!("{} {name}", t / size);
        // Below a second one unit is exact enough, and reads better.
        if let Some((next, next_name)) = units.get(i + 1)
            && *size > 10_000_000
        {
            let rest = t % size / next;
            if rest > 0 {
                let _ = write!(text, " {rest} {next_name}");
            }
        }
        return text;
    }
    "0 s".to_owned()
}
