//! The commands.

use super::fuzzy::Fuzzy;
use super::item::{Does, Item};
use crate::diagnostic::Fix;
use crate::workbench::app::Workbench;
use crate::workbench::commands::{Command, MENUS};
use std::path::PathBuf;

/// The commands whose name or description holds the letters; those used last first.
pub(super) fn find(workbench: &Workbench, text: &str) -> Vec<Item> {
    let used = &workbench.settings.used;
    let mut fuzzy = Fuzzy::new(text, false);
    let mut found = Vec::new();
    let rows = MENUS
        .iter()
        .flat_map(|(menu, rows)| rows.iter().map(move |row| (*menu, row)));
    for (place, (menu, row)) in rows.enumerate() {
        if row.command == Command::Palette {
            continue;
        }
        let recent = used.iter().position(|name| name == row.text);
        let score = match text.is_empty() {
            true => 0,
            false => {
                let title = fuzzy.score(row.text).map(|score| score + 100);
                // What it does counts only by whole pieces: any letters are somewhere in a sentence.
                let about = || holds_words(row.about, text).then_some(1);
                let Some(score) = title.or_else(about) else {
                    continue;
                };
                score + recent.map_or(0, |_| 8)
            }
        };
        let item = Item {
            title: row.text.to_owned(),
            lit: fuzzy.lit(row.text),
            detail: menu.to_owned(),
            right: row.command.keys_text(&workbench.ctx).unwrap_or_default(),
            why_not: row.command.why_not(workbench),
            does: Does::Run(row.command),
        };
        let recent = recent.unwrap_or(usize::MAX);
        found.push(((std::cmp::Reverse(score), recent, place), item));
    }
    found.sort_by_key(|(order, _)| *order);
    found.into_iter().map(|(_, item)| item).collect()
}

/// The ways to mend something whose name holds the letters.
pub(super) fn fixes(fixes: &[(PathBuf, Fix)], text: &str) -> Vec<Item> {
    let mut fuzzy = Fuzzy::new(text, false);
    fixes
        .iter()
        .filter(|(_, fix)| text.is_empty() || fuzzy.score(&fix.title).is_some())
        .map(|(path, fix)| Item {
            title: fix.title.clone(),
            lit: Vec::new(),
            detail: String::new(),
            right: String::new(),
            why_not: None,
            does: Does::Fix(path.clone(), fix.clone()),
        })
        .collect()
}

fn holds_words(about: &str, text: &str) -> bool {
    let about = about.to_lowercase();
    let mut words = text.split_whitespace();
    words.all(|word| about.contains(&word.to_lowercase()))
}
