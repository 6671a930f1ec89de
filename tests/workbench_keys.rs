//! The window without a mouse and without eyes: everything that can be clicked has a name and is reached by keys.

#[path = "common/window.rs"]
mod common;
#[path = "common/soft.rs"]
mod soft;

use common::{CTRL, Window, a_workspace, press, settle, window};
use egui::accesskit::{Action, Role};
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use rulewright::workbench::Command;
use std::collections::BTreeSet;

/// What can be clicked now: what it is and what it is called, by its identity.
fn clickable(harness: &Window<'_>) -> Vec<(u64, Role, String, bool)> {
    harness
        .root()
        .children_recursive()
        .filter_map(|node| {
            let node = node.accesskit_node();
            // What is out of sight has no place.
            let rect = node.bounding_box().filter(|r| r.x0.is_finite())?;
            let clicks = node.data().supports_action(Action::Click);
            let name = node.label().or_else(|| node.value()).unwrap_or_default();
            // The toolkit's own: who uses keys scrolls by moving to what is out of sight, and the bars and borders of
            // the docking are only dragged.
            let role = node.role();
            let thin = rect.width() <= 8.0 || rect.height() <= 8.0;
            let docking = role == Role::Unknown && (thin || rect.height() == 28.0);
            let own = !docking && role != Role::ScrollBar;
            (clicks && own && !node.is_hidden())
                .then(|| (node.locate().0.0, role, name, node.is_disabled()))
        })
        .collect()
}

fn check_names(harness: &Window<'_>, place: &str, wrong: &mut Vec<String>) {
    let found = clickable(harness);
    assert!(found.len() > 5, "{place}: nothing to click was found");
    for (id, role, name, _) in found {
        if name.trim().is_empty() {
            let at = harness
                .root()
                .children_recursive()
                .find(|n| n.accesskit_node().locate().0.0 == id)
                .map(|n| n.rect());
            wrong.push(format!("{place}: a {role:?} without a name at {at:?}"));
        }
    }
}

/// Brings every panel to the front in turn.
fn each_panel(harness: &mut Window<'_>, mut look: impl FnMut(&mut Window<'_>, &str)) {
    for tab in [
        "Explorer", "Schema", "Matches", "Tests", "Data", "Details", "Timeline", "Logs", "Problems",
    ] {
        let found = harness.query_all_by_label_contains(tab).find(|n| {
            n.accesskit_node()
                .label()
                .is_some_and(|l| l.starts_with(tab))
        });
        if let Some(node) = found {
            node.click();
        }
        settle(harness);
        look(harness, tab);
    }
}

/// Opens every dialog in turn.
fn each_dialog(harness: &mut Window<'_>, mut look: impl FnMut(&mut Window<'_>, &str)) {
    for command in [
        Command::OpenPath,
        Command::SaveAs,
        Command::Export,
        Command::SetClock,
        Command::NewConnector,
        Command::Palette,
        Command::QuickOpen,
        Command::Shortcuts,
    ] {
        harness.state_mut().execute(command);
        settle(harness);
        look(harness, command.text());
        press(harness, Modifiers::NONE, Key::Escape);
        settle(harness);
    }
}

#[test]
fn whatever_can_be_clicked_has_a_name() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), [1440.0, 900.0]);
    harness.state_mut().select_first_match();
    let mut wrong = Vec::new();
    each_panel(&mut harness, |harness, place| {
        check_names(harness, place, &mut wrong)
    });
    press(&mut harness, CTRL, Key::Backslash);
    settle(&mut harness);
    check_names(&harness, "two groups", &mut wrong);
    each_dialog(&mut harness, |harness, place| {
        check_names(harness, place, &mut wrong)
    });
    for menu in ["File", "Write", "Go", "Rule", "View", "Help"] {
        harness.get_by_label(menu).click();
        settle(&mut harness);
        check_names(&harness, menu, &mut wrong);
        press(&mut harness, Modifiers::NONE, Key::Escape);
        settle(&mut harness);
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Of a list or a table Tab reaches one; the arrow keys go on from there.
fn is_of_a_list(role: Role) -> bool {
    matches!(
        role,
        Role::Splitter
            | Role::Row
            | Role::Cell
            | Role::ListItem
            | Role::TreeItem
            | Role::ColumnHeader
    )
}

/// Presses Tab until it comes round; gives what it reached.
fn reached_by_tab(harness: &mut Window<'_>) -> BTreeSet<u64> {
    let mut reached = BTreeSet::new();
    let mut again = 0;
    for _ in 0..600 {
        press(harness, Modifiers::NONE, Key::Tab);
        harness.step();
        let focused = harness
            .root()
            .children_recursive()
            .find(|n| n.accesskit_node().is_focused())
            .map(|n| (n.accesskit_node().locate().0.0, n.accesskit_node().label()));
        let Some((id, label)) = focused else {
            continue;
        };
        // Tab is a sign in the editor: Escape leaves it.
        if label.is_some_and(|l| l.starts_with("Rule editor")) {
            press(harness, Modifiers::NONE, Key::Escape);
            harness.step();
        }
        again = if reached.insert(id) { 0 } else { again + 1 };
        if again > 12 {
            break;
        }
    }
    reached
}

#[test]
fn tab_reaches_every_control() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), [1440.0, 900.0]);
    harness.state_mut().select_first_match();
    settle(&mut harness);
    let mut missed = BTreeSet::new();
    each_panel(&mut harness, |harness, place| {
        let reached = reached_by_tab(harness);
        assert!(
            reached.len() > 10,
            "{place}: Tab reached {} controls",
            reached.len()
        );
        for (id, role, name, disabled) in clickable(harness) {
            if !disabled && !is_of_a_list(role) && !reached.contains(&id) {
                missed.insert(format!("{place}: {role:?} {name}"));
            }
        }
    });
    assert!(
        missed.is_empty(),
        "{}",
        missed.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn tab_reaches_every_control_of_every_dialog() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), [1440.0, 900.0]);
    let mut missed = BTreeSet::new();
    // What lies under a dialog is out of reach, and is not meant.
    let under: BTreeSet<u64> = clickable(&harness).into_iter().map(|(id, ..)| id).collect();
    each_dialog(&mut harness, |harness, place| {
        let reached = reached_by_tab(harness);
        for (id, role, name, disabled) in clickable(harness) {
            let meant = !disabled && !under.contains(&id) && !is_of_a_list(role);
            if meant && !reached.contains(&id) {
                missed.insert(format!("{place}: {role:?} {name}"));
            }
        }
    });
    assert!(
        missed.is_empty(),
        "{}",
        missed.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn every_command_is_in_a_menu_and_in_the_palette_with_its_keys() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), [1440.0, 900.0]);
    let labels = |harness: &Window<'_>| -> Vec<String> {
        let nodes = harness.root().children_recursive();
        nodes.filter_map(|n| n.accesskit_node().label()).collect()
    };
    let mut missing: Vec<&str> = Command::all().map(|row| row.text).collect();
    for menu in ["File", "Write", "Go", "Rule", "View", "Help"] {
        harness.get_by_label(menu).click();
        settle(&mut harness);
        common::picture(&mut harness, &format!("menu-{menu}.png"));
        let shown = labels(&harness);
        missing.retain(|text| !shown.iter().any(|label| label.starts_with(text)));
        press(&mut harness, Modifiers::NONE, Key::Escape);
        settle(&mut harness);
    }
    assert!(missing.is_empty(), "in no menu: {missing:?}");
    // By its whole name each comes first in the palette, and Escape leaves everything as it was.
    // The palette is open already: it does not list itself.
    for row in Command::all().filter(|row| row.command != Command::Palette) {
        press(&mut harness, CTRL.plus(Modifiers::SHIFT), Key::P);
        harness.run_steps(2);
        harness.event(egui::Event::Text(row.text.to_owned()));
        harness.run_steps(2);
        // The one that Enter would take.
        let first = harness
            .query_all_by_role(Role::ListItem)
            .filter(|n| n.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True))
            .filter_map(|n| n.accesskit_node().label())
            .find(|label| label.starts_with(row.text))
            .unwrap_or_default();
        assert!(
            first.starts_with(row.text),
            "{}: first is {first}",
            row.text
        );
        press(&mut harness, Modifiers::NONE, Key::Escape);
        harness.run_steps(2);
    }
}

#[test]
fn the_keys_of_the_menu_write_do_what_it_says() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), [1440.0, 900.0]);
    harness.get_by_label("Rule editor").focus();
    settle(&mut harness);
    let open = |harness: &mut Window<'_>, text: &str| {
        harness.get_by_label("Rule editor").focus();
        harness.step();
        press(harness, CTRL, Key::F);
        harness.run_steps(2);
        harness.event(egui::Event::Text(text.to_owned()));
        harness.run_steps(2);
        press(harness, Modifiers::NONE, Key::Escape);
        harness.run_steps(2);
        press(harness, Modifiers::NONE, Key::ArrowRight);
        settle(harness);
    };
    let rows = |harness: &Window<'_>| harness.query_all_by_role(Role::ListBoxOption).count();
    let escape = |harness: &mut Window<'_>| {
        press(harness, Modifiers::NONE, Key::Escape);
        settle(harness);
    };
    // Ctrl+Space: a list, with nothing typed.
    open(&mut harness, "severity: ");
    press(&mut harness, Modifiers::CTRL, Key::Space);
    settle(&mut harness);
    assert!(rows(&harness) > 0, "completions");
    escape(&mut harness);
    // Alt+Enter: the card of the field.
    press(&mut harness, Modifiers::ALT, Key::Enter);
    settle(&mut harness);
    assert!(
        harness.query_all_by_role(Role::RadioButton).count() >= 4,
        "the choices of severity"
    );
    escape(&mut harness);
    // Ctrl+Shift+Space: the parameters of the call.
    open(&mut harness, "isnotempty(");
    press(
        &mut harness,
        Modifiers::CTRL.plus(Modifiers::SHIFT),
        Key::Space,
    );
    settle(&mut harness);
    assert!(common::has(&harness, "Signature isnotempty("));
    escape(&mut harness);
    // F2: the new name.
    open(&mut harness, "columnName: ");
    press(&mut harness, Modifiers::NONE, Key::F2);
    settle(&mut harness);
    assert!(common::has(&harness, "New name"));
    escape(&mut harness);
    // Shift+F12: the places.
    press(&mut harness, Modifiers::SHIFT, Key::F12);
    settle(&mut harness);
    assert!(rows(&harness) > 1, "the places of a mapped column");
    escape(&mut harness);
    // Snippets have no keys: from the menu.
    harness.state_mut().execute(Command::InsertSnippet);
    settle(&mut harness);
    assert!(rows(&harness) > 0, "snippets");
}
