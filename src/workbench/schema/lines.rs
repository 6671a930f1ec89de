//! The lines of the schema browser: columns, the paths inside them, frequent values.

use super::Column;
use crate::value::path::{Step, shown};
use crate::value::profile::{ColumnProfile, PathProfile, Values};
use std::collections::HashSet;

/// One line. Places are those of the column, of its path, of the frequent value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A column.
    Column(usize),
    /// A path inside a column.
    Path(usize, usize),
    /// A frequent value of a column or of a path.
    Value(usize, Option<usize>, usize),
    /// More values than are shown, or more paths.
    More(usize, Option<usize>),
}

/// The lines that are seen: what fits the filter, opened or not. With a filter, paths that fit are shown even where
/// their column is closed.
pub fn lines(columns: &[Column], filter: &str, open: &HashSet<String>) -> Vec<Line> {
    let filter = filter.trim().to_lowercase();
    let fits = |name: &str| filter.is_empty() || name.to_lowercase().contains(&filter);
    let mut lines = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let found = column.found.as_ref().and_then(|f| f.as_ref().ok());
        let paths = found.map_or(&[][..], |f| &f.paths);
        // The members of events stand at the top.
        let events = column.name.is_empty();
        let opened = events || open.contains(&column.name);
        let inside: Vec<usize> = visible_paths(column, paths, &fits, &filter, opened, open);
        if !events && (fits(&column.name) || !inside.is_empty()) {
            lines.push(Line::Column(at));
            if let Some(found) = found.filter(|_| opened && fits(&column.name)) {
                values(&mut lines, at, None, found);
            }
        }
        for path in inside {
            lines.push(Line::Path(at, path));
            if let Some(profile) = paths.get(path)
                && open.contains(&shown(&column.name, &profile.steps))
            {
                let count = profile.values.top.len();
                lines.extend((0..count).map(|n| Line::Value(at, Some(path), n)));
                if profile.values.distinct > count {
                    lines.push(Line::More(at, Some(path)));
                }
            }
        }
        if opened && found.is_some_and(|f| f.cut) {
            lines.push(Line::More(at, None));
        }
    }
    lines
}

/// Values of a column; of one that holds others only where it has no paths.
fn values(lines: &mut Vec<Line>, at: usize, path: Option<usize>, found: &ColumnProfile) {
    if !found.paths.is_empty() {
        return;
    }
    let count = found.values.top.len();
    lines.extend((0..count).map(|n| Line::Value(at, path, n)));
    if found.values.distinct > count && !found.cut {
        lines.push(Line::More(at, path));
    }
}

fn visible_paths(
    column: &Column,
    paths: &[PathProfile],
    fits: &impl Fn(&str) -> bool,
    filter: &str,
    opened: bool,
    open: &HashSet<String>,
) -> Vec<usize> {
    let all = paths.iter().enumerate();
    let seen = all.filter(|(_, path)| match filter.is_empty() {
        false => fits(&shown(&column.name, &path.steps)),
        // Every object on the way has to be open.
        true => {
            opened && above(&path.steps).all(|above| open.contains(&shown(&column.name, above)))
        }
    });
    seen.map(|(at, _)| at).collect()
}

/// The paths that lead to a path.
fn above(steps: &[Step]) -> impl Iterator<Item = &[Step]> {
    (1..steps.len()).filter_map(|n| steps.get(..n))
}

/// How many rows are filled, in words for a narrow place: `100 %`, `< 1 %`, `0 %`.
pub fn percent(part: usize, of: usize) -> String {
    if part == 0 || of == 0 {
        return "0 %".to_owned();
    }
    let tenths = part as f64 * 1000.0 / of as f64;
    match tenths {
        t if t < 10.0 => "< 1 %".to_owned(),
        // Not all is never a hundred.
        t if t >= 990.0 && part < of => "> 99 %".to_owned(),
        t => format!("{:.0} %", t / 10.0),
    }
}

/// `12`, `20,000+` where there are more than were told apart.
pub fn distinct(values: &Values) -> String {
    let more = if values.beyond > 0 { "+" } else { "" };
    format!(
        "{}{more}",
        crate::workbench::panels::grouped(values.distinct)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::CancelToken;
    use crate::value::profile::{self, Limits};
    use crate::value::{ColumnBuilder, Type};

    #[test]
    fn lines_open_close_and_are_filtered() {
        let mut builder = ColumnBuilder::new(Type::Dynamic);
        builder.push_text(r#"{"role":"owner","deep":{"x":1}}"#);
        let made = builder.finish();
        let found = profile::column(&made, Limits::default(), &CancelToken::new());
        let column = |name: &str| Column {
            name: name.to_owned(),
            ty: Type::Dynamic,
            found: found.clone().map(Ok),
        };
        let columns = [column("Details")];
        let mut open = HashSet::new();
        assert_eq!(lines(&columns, "", &open), [Line::Column(0)]);
        open.insert("Details".to_owned());
        // role, deep; what is inside deep is closed.
        let expected = [Line::Column(0), Line::Path(0, 0), Line::Path(0, 1)];
        assert_eq!(lines(&columns, "", &open), expected);
        open.insert("Details.role".to_owned());
        assert!(lines(&columns, "", &open).contains(&Line::Value(0, Some(0), 0)));
        open.clear();
        let expected = [Line::Column(0), Line::Path(0, 2)];
        assert_eq!(
            lines(&columns, "DEEP.X", &open),
            expected,
            "found although closed"
        );
        assert!(lines(&columns, "nothing", &open).is_empty());
        // Of events the members stand at the top.
        let events = [column("")];
        assert_eq!(
            lines(&events, "", &open),
            [Line::Path(0, 0), Line::Path(0, 1)]
        );
    }

    #[test]
    fn parts_are_never_rounded_to_all_or_none() {
        assert_eq!(percent(0, 10), "0 %");
        assert_eq!(percent(1, 1_000_000), "< 1 %");
        assert_eq!(percent(999_999, 1_000_000), "> 99 %");
        assert_eq!(percent(1_000_000, 1_000_000), "100 %");
        assert_eq!(percent(1, 3), "33 %");
    }
}
