//! The tables of the window: loaded tables, rows of a stage and matches behave alike.

#[path = "common/drive.rs"]
mod drive;
#[path = "common/soft.rs"]
mod soft;

use drive::{CTRL, click, has, picture, press, settle, type_text, window};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rulewright::workbench::Workbench;
use std::path::{Path, PathBuf};

const LARGE: [f32; 2] = [1440.0, 900.0];

fn samples() -> Vec<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    vec![
        repository.join("rules/sentinel"),
        repository.join("sample-logs/c1-hijacked-session"),
    ]
}

/// The window with the panel of the loaded tables in front.
fn with_data<'a>(paths: &[PathBuf], size: [f32; 2], dark: bool) -> Harness<'a, Workbench> {
    let mut harness = window(paths, size, dark);
    harness.get_by_label("Data").click();
    settle(&mut harness);
    harness
}

#[test]
fn look() {
    if std::env::var_os("PICTURES").is_none() {
        return;
    }
    let logs = match std::env::var_os("LOGS") {
        Some(logs) => vec![PathBuf::from(logs), samples()[0].clone()],
        None => samples(),
    };
    for (dark, theme) in [(true, "dark"), (false, "light")] {
        let mut harness = with_data(&logs, LARGE, dark);
        picture(&mut harness, &format!("data-{theme}.png"));
        let row = harness.get_by_role_and_label(Role::Row, "Row 3").rect();
        harness.drag_at(row.center());
        harness.drop_at(row.center());
        settle(&mut harness);
        press(&mut harness, Modifiers::NONE, Key::ArrowRight);
        press(&mut harness, Modifiers::NONE, Key::Enter);
        settle(&mut harness);
        picture(&mut harness, &format!("detail-{theme}.png"));
        press(&mut harness, Modifiers::NONE, Key::Escape);
        harness
            .get_by_role_and_label(Role::Row, "Row 3")
            .click_secondary();
        settle(&mut harness);
        picture(&mut harness, &format!("menu-{theme}.png"));
        press(&mut harness, Modifiers::NONE, Key::Escape);
        settle(&mut harness);
        click(&mut harness, "Columns");
        picture(&mut harness, &format!("columns-{theme}.png"));
        press(&mut harness, Modifiers::NONE, Key::Escape);
        click(&mut harness, "Schema");
        picture(&mut harness, &format!("schema-{theme}.png"));
    }
    let _ = (CTRL, has, type_text);
}
