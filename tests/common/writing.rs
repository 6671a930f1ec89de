//! Writing in the whole window: keys into the editor, and what stands there.
#![allow(dead_code, reason = "every file of tests uses some of it")]

use super::common::{CTRL, Window, press, settle};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect};
use egui_kittest::kittest::{NodeT, Queryable};

pub const EDITOR: &str = "Rule editor";

/// The text of the editor.
pub fn text(harness: &Window<'_>) -> String {
    harness.get_by_label(EDITOR).value().unwrap_or_default()
}

/// Puts the cursor behind a text of the document.
pub fn behind(harness: &mut Window<'_>, wanted: &str) {
    harness.get_by_label(EDITOR).focus();
    harness.step();
    press(harness, CTRL, Key::F);
    harness.run_steps(2);
    harness.event(Event::Text(wanted.to_owned()));
    harness.run_steps(2);
    press(harness, Modifiers::NONE, Key::Escape);
    harness.run_steps(2);
    press(harness, Modifiers::NONE, Key::ArrowRight);
    settle(harness);
}

/// Types sign by sign, as a person does.
pub fn type_in(harness: &mut Window<'_>, text: &str) {
    for sign in text.chars() {
        match sign {
            '\n' => press(harness, Modifiers::NONE, Key::Enter),
            _ => harness.event(Event::Text(sign.to_string())),
        }
        harness.step();
    }
    settle(harness);
}

/// The rows of the open list.
pub fn rows(harness: &Window<'_>) -> Vec<String> {
    let items = harness.query_all_by_role(Role::ListBoxOption);
    let labels = items.filter_map(|item| item.accesskit_node().label());
    labels
        .map(|label| label.split(", ").next().unwrap_or("").to_owned())
        .collect()
}

/// Presses a key without modifiers.
pub fn key(harness: &mut Window<'_>, key: Key) {
    press(harness, Modifiers::NONE, key);
    settle(harness);
}

/// Where a text stands on the screen; it has to be on one row that can be seen.
pub fn place(harness: &Window<'_>, wanted: &str) -> Rect {
    for run in harness.query_all_by_role(Role::TextRun) {
        let node = run.accesskit_node();
        let (Some(value), Some(rect)) = (node.value(), node.bounding_box()) else {
            continue;
        };
        let row = value.trim_end_matches('\n');
        if let Some(at) = row.find(wanted) {
            // Points, and signs that are all of one width.
            let scale = f64::from(harness.ctx.pixels_per_point());
            let sign = rect.width() / scale / row.chars().count() as f64;
            let left = rect.x0 / scale + row[..at].chars().count() as f64 * sign;
            let width = wanted.chars().count() as f64 * sign;
            return Rect::from_min_max(
                egui::pos2(left as f32, (rect.y0 / scale) as f32),
                egui::pos2((left + width) as f32, (rect.y1 / scale) as f32),
            );
        }
    }
    panic!("`{wanted}` cannot be seen");
}

/// A click with modifiers held.
pub fn click_at(harness: &mut Window<'_>, at: Pos2, modifiers: Modifiers) {
    harness.event(Event::PointerMoved(at));
    harness.step();
    for pressed in [true, false] {
        harness.event_modifiers(
            Event::PointerButton {
                pos: at,
                button: PointerButton::Primary,
                pressed,
                modifiers,
            },
            modifiers,
        );
        harness.step();
    }
    settle(harness);
}

/// The line and column in the status bar.
pub fn cursor(harness: &Window<'_>) -> String {
    let mut buttons = harness.query_all_by_label_contains(", column");
    let found = buttons.find_map(|n| n.accesskit_node().label());
    found.unwrap_or_default()
}

/// The name on the tab that is seen.
pub fn tab(harness: &Window<'_>) -> String {
    let seen = harness.query_all_by_role(Role::Tab).find_map(|n| {
        let node = n.accesskit_node();
        let on = node.toggled() == Some(egui::accesskit::Toggled::True);
        let file = |l: &String| [".y", ".py", ".csv"].iter().any(|e| l.contains(e));
        node.label().filter(|l| on && file(l))
    });
    seen.unwrap_or_default()
}
