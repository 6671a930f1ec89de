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
    for (dark, theme) in [(true, "dark"), (false, "light")] {
        let mut harness = with_data(&samples(), LARGE, dark);
        picture(&mut harness, &format!("data-{theme}.png"));
        harness.get_by_role_and_label(Role::Row, "Row 3").click();
        settle(&mut harness);
        press(&mut harness, Modifiers::NONE, Key::ArrowRight);
        press(&mut harness, Modifiers::NONE, Key::Enter);
        settle(&mut harness);
        picture(&mut harness, &format!("detail-{theme}.png"));
    }
}
