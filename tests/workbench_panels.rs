//! What a person does in the panels beside the editor: nothing there changes the text, and everything is reached.

#[path = "common/soft.rs"]
mod soft;
#[path = "common/window.rs"]
mod window;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, Rect};
use egui_kittest::kittest::{NodeT, Queryable};
use rulewright::workbench::Command;
use std::path::Path;
use window::*;

/// An event of its own minute, by number.
fn event(number: usize) -> String {
    let at = 1_780_876_800 + 60 * number;
    format!(
        r#"{{"object":"organization.audit_log","id":"audit_log-{number}","type":"login.succeeded","effective_at":{at},"actor":{{"type":"session"}}}}"#
    ) + "\n"
}

fn write(path: &Path, numbers: std::ops::Range<usize>) {
    std::fs::write(path, numbers.map(event).collect::<String>()).expect("a log");
}

/// Presses and releases the mouse as a person does.
fn click_at(harness: &mut Window<'_>, at: Pos2) {
    harness.hover_at(at);
    harness.step();
    harness.drag_at(at);
    harness.step();
    harness.drop_at(at);
    settle(harness);
}

fn rect_of(harness: &Window<'_>, role: Role, part: &str) -> Option<Rect> {
    let mut found = harness.query_all_by_role(role).filter(|n| {
        let label = n.accesskit_node().label();
        label.is_some_and(|label| label.contains(part))
    });
    found.next().map(|n| n.rect())
}

fn row_of(harness: &Window<'_>, part: &str) -> Rect {
    rect_of(harness, Role::Row, part).unwrap_or_else(|| panic!("no row {part}"))
}

fn editor_text(harness: &Window<'_>) -> String {
    let editor = harness.get_by_label("Rule editor");
    editor.accesskit_node().value().unwrap_or_default()
}

fn focused(harness: &Window<'_>) -> String {
    let all = harness.root().children_recursive();
    let mut focused = all.filter(|n| n.accesskit_node().is_focused());
    let label = |n: egui_kittest::Node<'_>| n.accesskit_node().label();
    focused.find_map(label).unwrap_or_default()
}

fn on_logs<'a>(folder: &Path, size: [f32; 2]) -> Window<'a> {
    let mut harness = window(folder, size);
    press(&mut harness, CTRL, Key::J);
    settle(&mut harness);
    harness
}

#[test]
fn who_clicked_into_another_panel_changes_no_text() {
    let folder = a_workspace();
    let mut harness = on_logs(folder.path(), [1440.0, 1000.0]);
    harness.get_by_label("Rule editor").focus();
    settle(&mut harness);
    let before = editor_text(&harness);
    assert!(before.len() > 100);
    let row = row_of(&harness, "in Logs").center();
    let empty = harness
        .get_by_role_and_label(Role::Table, "Files of the session")
        .rect();
    for place in [row, empty.center_bottom() - egui::vec2(0.0, 12.0)] {
        click_at(&mut harness, place);
        for (modifiers, key) in [
            (CTRL, Key::A),
            (Modifiers::NONE, Key::Delete),
            (CTRL.plus(Modifiers::SHIFT), Key::K),
            (CTRL, Key::Enter),
            (Modifiers::ALT, Key::ArrowDown),
        ] {
            press(&mut harness, modifiers, key);
            harness.step();
        }
        type_text(&mut harness, "x");
        assert_eq!(editor_text(&harness), before);
    }
    // Escape in the editor leaves it, and its keys still mean it.
    harness.get_by_label("Rule editor").focus();
    settle(&mut harness);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    settle(&mut harness);
    press(&mut harness, CTRL.plus(Modifiers::SHIFT), Key::K);
    settle(&mut harness);
    assert!(editor_text(&harness).len() < before.len(), "one line less");
}

#[test]
fn a_field_with_an_error_keeps_the_keyboard() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("a.ndjson"), 0..5);
    let mut harness = on_logs(folder.path(), [1440.0, 1000.0]);
    click(&mut harness, "Time range All times");
    click(&mut harness, "Custom…");
    fill(&mut harness, "Range until", "noon");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    assert!(has(&harness, "`noon` is no time"));
    assert_eq!(focused(&harness), "Range until");
}

#[test]
fn the_last_file_is_reached_in_a_low_window() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for n in 0..12 {
        write(&folder.path().join(format!("f{n:02}.ndjson")), n..n + 1);
    }
    for size in [[1380.0, 860.0], [800.0, 560.0]] {
        let mut harness = on_logs(folder.path(), size);
        // The status bar is the last line of the window.
        let bottom = size[1] - 20.0;
        let first = row_of(&harness, "f00.ndjson in Logs");
        assert!(first.bottom() <= bottom, "{size:?}: {first:?}");
        click_at(&mut harness, first.center());
        if rect_of(&harness, Role::Row, "in Logs").is_none() {
            // In a low panel the file's details have all of it.
            click(&mut harness, "Close the file's details");
            harness
                .get_by_role_and_label(Role::Table, "Files of the session")
                .focus();
            settle(&mut harness);
        }
        assert_eq!(focused(&harness), "Files of the session");
        press(&mut harness, Modifiers::NONE, Key::ArrowDown);
        settle(&mut harness);
        press(&mut harness, Modifiers::NONE, Key::End);
        // It is scrolled there smoothly.
        harness.run_steps(90);
        settle(&mut harness);
        picture(&mut harness, &format!("logs-{}.png", size[0]));
        let last = row_of(&harness, "f11.ndjson in Logs");
        assert!(last.bottom() <= bottom, "{size:?}: {last:?}");
    }
}

#[test]
fn the_last_reject_is_reached() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lines: String = (0..60).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    std::fs::write(folder.path().join("odd.ndjson"), lines).expect("a log");
    for size in [[1380.0, 860.0], [800.0, 560.0]] {
        let mut harness = on_logs(folder.path(), size);
        let row = row_of(&harness, "odd.ndjson in Logs").center();
        click_at(&mut harness, row);
        let first = row_of(&harness, "Line 1: ");
        harness.hover_at(first.center());
        harness.step();
        for _ in 0..40 {
            harness.event(egui::Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: egui::vec2(0.0, -200.0),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: Modifiers::NONE,
            });
            harness.step();
        }
        harness.run_steps(60);
        settle(&mut harness);
        let last = row_of(&harness, "Line 60: ");
        assert!(last.bottom() <= size[1] - 20.0, "{size:?}: {last:?}");
    }
}

fn a_trail() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lines: String = (0..10)
        .map(|n| {
            format!(
                "{{\"eventTime\":\"2026-06-08T0{n}:15:00Z\",\"eventName\":\"GetObject\",\"sourceIPAddress\":\"203.0.113.{n}\",\"userAgent\":\"curl\",\"eventID\":\"e-{n}\"}}\n"
            )
        })
        .collect();
    std::fs::write(folder.path().join("trail.ndjson"), lines).expect("a log");
    folder
}

/// The dialog of a new connector with a file of the folder as its sample.
fn connector<'a>(folder: &Path, size: [f32; 2]) -> Window<'a> {
    let mut harness = window(folder, size);
    harness.state_mut().execute(Command::NewConnector);
    settle(&mut harness);
    let path = folder.join("trail.ndjson").display().to_string();
    type_text(&mut harness, &path);
    harness
}

#[test]
fn the_connector_dialog_fits_in_a_small_window() {
    let folder = a_trail();
    for size in [[720.0, 480.0], [800.0, 560.0], [1440.0, 900.0]] {
        let screen = Rect::from_min_size(Pos2::ZERO, size.into());
        let mut harness = connector(folder.path(), size);
        for step in ["1  Sample", "2  Records and columns", "3  Preview"] {
            picture(
                &mut harness,
                &format!("connector-{}-{}.png", size[0], &step[..1]),
            );
            for name in ["New connector", step, "Cancel"] {
                let all = harness.query_all_by_label(name);
                let rects: Vec<Rect> = all.map(|n| n.rect()).collect();
                assert!(
                    rects.iter().any(|r| screen.contains_rect(*r)),
                    "{size:?}, {step}: {name} lies at {rects:?}"
                );
            }
            if step != "3  Preview" {
                let next = harness.get_by_label("Next").rect();
                assert!(screen.contains_rect(next), "{size:?}, {step}: {next:?}");
                click(&mut harness, "Next");
            }
        }
    }
}

#[test]
fn escape_leaves_the_connector_dialog_and_asks_where_something_would_be_lost() {
    let folder = a_trail();
    let mut harness = connector(folder.path(), [1440.0, 900.0]);
    let escape = |harness: &mut Window<'_>| {
        press(harness, Modifiers::NONE, Key::Escape);
        settle(harness);
    };
    let open = |harness: &Window<'_>| has(harness, "2  Records and columns");
    click(&mut harness, "Next");
    escape(&mut harness);
    assert!(!open(&harness), "nothing was entered in the second step");
    let mut harness = connector(folder.path(), [1440.0, 900.0]);
    click(&mut harness, "Next");
    fill(&mut harness, "Table", "Trails_CL");
    for step in ["1  Sample", "2  Records and columns", "3  Preview"] {
        click(&mut harness, step);
        escape(&mut harness);
        assert!(has(&harness, "Discard this connector?"), "{step}");
        escape(&mut harness);
        assert!(open(&harness) && !has(&harness, "Discard this connector?"));
    }
    escape(&mut harness);
    click(&mut harness, "Discard");
    assert!(!open(&harness));
}

#[test]
fn all_and_none_mean_the_columns_that_the_filter_shows() {
    let folder = a_trail();
    let mut harness = connector(folder.path(), [1440.0, 900.0]);
    click(&mut harness, "Next");
    fill(&mut harness, "Filter columns", "agent");
    click(&mut harness, "Use none");
    fill(&mut harness, "Filter columns", "");
    press(&mut harness, CTRL, Key::A);
    press(&mut harness, Modifiers::NONE, Key::Delete);
    settle(&mut harness);
    let used = |name: &str| {
        let node = harness.get_by_role_and_label(Role::CheckBox, name);
        node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    assert!(!used("Use userAgent"));
    assert!(used("Use eventName") && used("Use sourceIPAddress"));
}

#[test]
fn what_is_selected_stays_when_the_logs_are_loaded_anew() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("a.ndjson"), 0..3);
    write(&folder.path().join("b.ndjson"), 10..20);
    let mut harness = window(folder.path(), [1440.0, 1000.0]);
    harness.get_by_label("Data").click();
    harness.run_steps(2);
    settle(&mut harness);
    let row = row_of(&harness, "Row 6").center();
    click_at(&mut harness, row);
    assert!(
        has(&harness, "audit_log-12"),
        "the third of the second file"
    );
    // More events before it give it another number.
    write(&folder.path().join("a.ndjson"), 0..5);
    harness.state_mut().execute(Command::ReloadLogs);
    settle(&mut harness);
    assert!(!has(&harness, "Nothing is selected"));
    assert!(has(&harness, "audit_log-12"));

    let folder = a_workspace();
    let first = folder.path().join("logs/aaa.ndjson");
    write(&first, 500..510);
    let mut harness = window(folder.path(), [1440.0, 1000.0]);
    harness.state_mut().select_first_match();
    settle(&mut harness);
    assert!(has(&harness, "Raw event") && !has(&harness, "Nothing is selected"));
    write(&first, 500..520);
    harness.state_mut().execute(Command::ReloadLogs);
    settle(&mut harness);
    assert!(has(&harness, "Raw event") && !has(&harness, "Nothing is selected"));
}

#[test]
fn a_file_that_gives_nothing_new_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("a.ndjson"), 0..5);
    write(&folder.path().join("b.ndjson"), 1..3);
    let harness = on_logs(folder.path(), [1440.0, 1000.0]);
    assert!(has(
        &harness,
        "b.ndjson are in other files too: they count once"
    ));
    assert!(!has(&harness, "a.ndjson are in other files too"));
}

#[test]
fn what_cannot_be_read_is_said_and_what_is_open_stays() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), [1440.0, 1000.0]);
    let before = editor_text(&harness);
    let file = folder.path().join("logs/plain.txt");
    std::fs::write(&file, "x").expect("a file");
    let gone = folder.path().join("gone.json");
    // A file is no folder: the system refuses to go into it, also for root.
    for (path, said) in [
        (file.join("x.json"), "cannot be read"),
        (gone, "does not exist"),
    ] {
        let dropped = std::sync::Arc::new(Dropped(path));
        harness.input_mut().dropped_files.push(dropped);
        settle(&mut harness);
        assert!(has(&harness, said), "{said}");
    }
    assert_eq!(editor_text(&harness), before);
}

/// Whoever goes by keys sees where they are: the ring has the accent's colour.
#[test]
fn a_check_box_that_got_the_keyboard_by_tab_has_a_ring() {
    use rulewright::workbench::theme;
    let folder = a_trail();
    let mut harness = connector(folder.path(), [1440.0, 900.0]);
    click(&mut harness, "Next");
    let accents = [egui::Theme::Dark, egui::Theme::Light].map(|t| theme::tokens(&t).accent);
    let ring = |harness: &mut Window<'_>, name: &str| {
        let node = harness.get_by_role_and_label(Role::CheckBox, name);
        let rect = node.rect().expand(3.0);
        let image = harness.render().expect("a picture");
        let columns = rect.left() as u32..rect.right() as u32;
        let rows = rect.top() as u32..rect.bottom() as u32;
        let at = |x, y| {
            let [r, g, b, _] = image.get_pixel(x, y).0;
            egui::Color32::from_rgb(r, g, b)
        };
        let all = rows.flat_map(|y| columns.clone().map(move |x| (x, y)));
        all.filter(|(x, y)| accents.contains(&at(*x, *y))).count()
    };
    assert_eq!(ring(&mut harness, "Use eventName"), 0);
    for _ in 0..60 {
        press(&mut harness, Modifiers::NONE, Key::Tab);
        harness.step();
        if focused(&harness) == "Use eventName" {
            break;
        }
    }
    assert_eq!(focused(&harness), "Use eventName", "Tab reaches it");
    picture(&mut harness, "ring.png");
    assert!(ring(&mut harness, "Use eventName") > 20);
}
