//! The commands.

use super::fuzzy::Fuzzy;
use super::item::{Does, Item};
use crate::diagnostic::Fix;
use crate::workbench::app::Workbench;
use crate::workbench::commands::{Command, MENUS, written};
use crate::workbench::editor::Action;
use std::path::PathBuf;

/// The commands of the window and of the editor whose name or description holds the letters; those used last first.
pub(super) fn find(workbench: &Workbench, text: &str) -> Vec<Item> {
    let used = &workbench.settings.used;
    let mut fuzzy = Fuzzy::new(text, false);
    let mut found = Vec::new();
    for (place, (about, mut item)) in all(workbench).enumerate() {
        let recent = used.iter().position(|name| *name == item.title);
        let score = match text.is_empty() {
            true => 0,
            false => {
                let title = fuzzy.score(&item.title).map(|score| score + 100);
                // What it does counts only by whole pieces: any letters are somewhere in a sentence.
                let by_about = || holds_words(about, text).then_some(1);
                let Some(score) = title.or_else(by_about) else {
                    continue;
                };
                score + recent.map_or(0, |_| 8)
            }
        };
        item.lit = fuzzy.lit(&item.title);
        let recent = recent.unwrap_or(usize::MAX);
        found.push(((std::cmp::Reverse(score), recent, place), item));
    }
    found.sort_by_key(|(order, _)| *order);
    found.into_iter().map(|(_, item)| item).collect()
}

/// All commands, each with what it does: those of the window in the order of its menus, then those of the editor.
fn all(workbench: &Workbench) -> impl Iterator<Item = (&'static str, Item)> {
    let window = MENUS
        .iter()
        .flat_map(|(menu, rows)| rows.iter().map(move |row| (*menu, row)))
        .filter(|(_, row)| row.command != Command::Palette)
        .map(|(menu, row)| {
            let item = Item {
                title: row.text.to_owned(),
                lit: Vec::new(),
                detail: menu.to_owned(),
                right: row.command.keys_text(&workbench.ctx).unwrap_or_default(),
                why_not: row.command.why_not(workbench),
                does: Does::Run(row.command),
            };
            (row.about, item)
        });
    let no_file = workbench
        .active_doc()
        .is_none()
        .then_some("No file is open");
    let editor = Action::ALL.into_iter().map(move |action| {
        let keys = action.shortcut().map(|k| written(&workbench.ctx, &k));
        let item = Item {
            title: action.text().to_owned(),
            lit: Vec::new(),
            detail: "Editor".to_owned(),
            right: keys.unwrap_or_default(),
            why_not: no_file,
            does: Does::Edit(action),
        };
        (action.tooltip(), item)
    });
    window.chain(editor)
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
