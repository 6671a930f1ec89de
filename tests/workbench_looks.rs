//! The window in the states that people see it in: each is drawn, light and dark, small and large, enlarged and reduced.
//! `PICTURES=folder` writes them for whoever wants to look.

#[path = "common/window.rs"]
mod common;
#[path = "common/soft.rs"]
mod soft;

use common::{CTRL, Window, a_workspace, has, picture, press, settle, window_of};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use rulewright::workbench::Command;
use std::path::{Path, PathBuf};

const SIZES: [([f32; 2], &str); 2] = [([1440.0, 900.0], "large"), ([800.0, 560.0], "small")];

/// Draws a state in both sizes and both themes.
fn each(name: &str, paths: &[PathBuf], prepare: impl Fn(&mut Window<'_>)) {
    for (size, size_name) in SIZES {
        for (dark, theme) in [(true, "dark"), (false, "light")] {
            let mut harness = window_of(paths, size, dark);
            prepare(&mut harness);
            settle(&mut harness);
            picture(&mut harness, &format!("{name}-{size_name}-{theme}.png"));
        }
    }
}

/// A workspace of ten rules, in four of which a column is misspelt.
fn ten_rules(folder: &Path) {
    let path = folder.join("rules/sentinel/openai_config_to_abuse_chain.yaml");
    let text = std::fs::read_to_string(&path).expect("a rule");
    for n in 1..=8 {
        let mut other = text.replacen("name: ", &format!("name: Number {n} "), 1);
        if n % 2 == 0 {
            other = other.replace("isnotempty(ActorEmail)", "isnotempty(ActorEmial)");
        }
        std::fs::write(
            folder.join(format!("rules/sentinel/number_{n}.yaml")),
            other,
        )
        .expect("a rule");
    }
}

#[test]
fn an_empty_workspace() {
    let folder = tempfile::tempdir().expect("a folder");
    each("empty", &[folder.path().to_owned()], |harness| {
        assert!(has(harness, "No file is open"));
    });
}

#[test]
fn ten_tabs_in_two_groups_and_a_broken_rule() {
    let folder = a_workspace();
    ten_rules(folder.path());
    let rules: Vec<PathBuf> = (1..=8)
        .map(|n| {
            folder
                .path()
                .join(format!("rules/sentinel/number_{n}.yaml"))
        })
        .collect();
    each("ten", &[folder.path().to_owned()], |harness| {
        harness.state_mut().open_paths(rules.clone());
        settle(harness);
        press(harness, CTRL, Key::Backslash);
        harness.state_mut().execute(Command::ShowProblems);
        settle(harness);
        assert!(harness.query_by_label("Rule editor, group 2").is_some());
    });
}

#[test]
fn quick_open_commands_and_symbols() {
    let folder = a_workspace();
    for (name, command) in [
        ("files", Command::QuickOpen),
        ("commands", Command::Palette),
        ("symbols", Command::GoToSymbol),
        ("keys", Command::Shortcuts),
    ] {
        each(name, &[folder.path().to_owned()], |harness| {
            harness.state_mut().execute(command);
        });
    }
}

/// What overlaps something else, or sticks out of the window, in the lines at its top and at its bottom.
fn in_each_others_way(harness: &Window<'_>, size: egui::Vec2) -> Vec<String> {
    let window = egui::Rect::from_min_size(egui::Pos2::ZERO, size);
    let mut shown: Vec<(egui::Rect, String)> = Vec::new();
    for node in harness.root().children_recursive() {
        let role = node.accesskit_node().role();
        let named = matches!(role, Role::Button | Role::Label);
        let Some(name) = node.accesskit_node().label().filter(|_| named) else {
            continue;
        };
        let rect = node.rect();
        // What is scrolled out of sight lies below the window.
        let at_bottom = rect.top() >= size.y - 24.0 && rect.top() < size.y - 12.0;
        let in_bar = rect.bottom() <= 36.5 || at_bottom;
        if in_bar && rect.is_positive() {
            shown.push((rect, name));
        }
    }
    assert!(shown.len() > 8, "the bars are there: {shown:?}");
    let mut wrong = Vec::new();
    for (index, (rect, name)) in shown.iter().enumerate() {
        if !window.expand(1.5).contains_rect(*rect) {
            wrong.push(format!("`{name}` sticks out: {rect:?}"));
        }
        for (other, other_name) in shown.iter().skip(index + 1) {
            if rect.shrink(1.0).intersects(other.shrink(1.0)) {
                wrong.push(format!("`{name}` and `{other_name}`: {rect:?} {other:?}"));
            }
        }
    }
    wrong
}

#[test]
fn enlarged_and_reduced() {
    let folder = a_workspace();
    ten_rules(folder.path());
    let mut wrong = Vec::new();
    for percent in [80, 100, 125, 150, 200] {
        let zoom = percent as f32 / 100.0;
        let size = egui::vec2(1280.0, 800.0) / zoom;
        let mut harness = window_of(&[folder.path().to_owned()], [1280.0, 800.0], percent > 125);
        harness.set_pixels_per_point(zoom);
        harness.set_size(size);
        harness.state_mut().select_first_match();
        settle(&mut harness);
        let found = in_each_others_way(&harness, size);
        wrong.extend(found.into_iter().map(|what| format!("{percent} %: {what}")));
        picture(&mut harness, &format!("zoom-{percent}.png"));
        harness.state_mut().execute(Command::ShowProblems);
        settle(&mut harness);
        assert!(
            has(&harness, "Problems"),
            "the list is there at {percent} %"
        );
        picture(&mut harness, &format!("zoom-{percent}-problems.png"));
        for (name, command) in [
            ("export", Command::Export),
            ("connector", Command::NewConnector),
            ("keys", Command::Shortcuts),
            ("palette", Command::Palette),
        ] {
            harness.state_mut().execute(command);
            settle(&mut harness);
            picture(&mut harness, &format!("zoom-{percent}-{name}.png"));
            press(&mut harness, egui::Modifiers::NONE, Key::Escape);
            settle(&mut harness);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
