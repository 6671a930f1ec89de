//! A million rows, driven as a person drives them: every row is where it belongs, and a frame is cheap.

use super::{Grid, Input, Output, Source};
use crate::value::time::{SECOND, UNIX_EPOCH};
use crate::value::{ColumnBuilder, Table, Type, Value};
use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use std::sync::Arc;
use std::time::{Duration, Instant};

const ROWS: i64 = 1_000_000;
pub(super) const CTRL: Modifiers = Modifiers::CTRL.plus(Modifiers::COMMAND);

pub(super) struct State {
    pub(super) grid: Grid,
    source: Source,
    last: Output,
    drawn: bool,
}

/// Row `n` holds `n` itself, a time, a text that repeats and one of its own.
fn source(rows: i64) -> Source {
    let mut number = ColumnBuilder::new(Type::Long);
    let mut time = ColumnBuilder::new(Type::DateTime);
    let mut kind = ColumnBuilder::new(Type::String);
    let mut id = ColumnBuilder::plain(Type::String);
    for n in 0..rows {
        number.push(&Value::Long(n));
        time.push(&Value::DateTime(UNIX_EPOCH + n * SECOND));
        kind.push_text(["login", "logout", "invite"][(n % 3) as usize]);
        id.push_text(&format!("id-{n}"));
    }
    Source::Table(Arc::new(Table::new(vec![
        ("N".to_owned(), number.finish()),
        ("TimeGenerated".to_owned(), time.finish()),
        ("Kind".to_owned(), kind.finish()),
        ("Id".to_owned(), id.finish()),
    ])))
}

fn grid<'a>() -> Harness<'a, State> {
    grid_of(source(ROWS))
}

pub(super) fn grid_of<'a>(source: Source) -> Harness<'a, State> {
    let state = State {
        grid: Grid::default(),
        source,
        last: Output::default(),
        drawn: false,
    };
    let mut harness = Harness::builder().with_size([900.0, 600.0]).build_ui_state(
        |ui, state: &mut State| {
            if !std::mem::replace(&mut state.drawn, true) {
                // Fonts are there from the next frame on.
                crate::workbench::theme::install(ui.ctx());
                return;
            }
            let input = Input {
                name: "many",
                source: state.source.clone(),
                noun: "Row",
                lit: &|_| false,
                range: None,
                reveal: None,
                lead: &mut |_| {},
            };
            state.last = state.grid.show(ui, input);
        },
        state,
    );
    settle(&mut harness);
    harness
}

pub(super) fn settle(harness: &mut Harness<'_, State>) {
    let start = Instant::now();
    // A click is pressed, released and answered in frames of its own.
    harness.run_steps(4);
    while harness.state().grid.is_busy() {
        assert!(start.elapsed() < Duration::from_secs(120), "still busy");
        std::thread::sleep(Duration::from_millis(2));
        harness.step();
    }
    harness.run_steps(3);
}

/// The numbers of the rows that are seen, from above. Each tells its own cells.
fn seen(harness: &Harness<'_, State>) -> Vec<i64> {
    let mut rows: Vec<(f32, i64)> = harness
        .query_all_by_role(Role::Row)
        .map(|node| {
            let node = (node.rect(), node.accesskit_node());
            let label = node.1.label().unwrap_or_default();
            let number: i64 = label.trim_start_matches("Row ").parse().expect("a number");
            let cells = node.1.value().unwrap_or_default();
            let n = number - 1;
            assert!(cells.contains(&format!("N: {n},")), "{label}: {cells}");
            assert!(cells.contains(&format!("Id: id-{n}")), "{label}: {cells}");
            (node.0.top(), number)
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    // No gap and no overlap between the rows.
    assert!(
        rows.windows(2)
            .all(|w| (w[1].0 - w[0].0 - 22.0).abs() < 0.01)
    );
    rows.into_iter().map(|(_, number)| number).collect()
}

pub(super) fn press(harness: &mut Harness<'_, State>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.step();
    settle(harness);
}

#[test]
fn every_row_of_a_million_is_where_it_belongs() {
    let mut harness = grid();
    let top = seen(&harness);
    assert_eq!(top.first(), Some(&1));
    assert!(top.windows(2).all(|w| w[1] == w[0] + 1));
    harness.get_by_role_and_label(Role::Row, "Row 2").click();
    settle(&mut harness);
    press(&mut harness, CTRL, Key::End);
    assert_eq!(seen(&harness).last(), Some(&ROWS));
    assert_eq!(harness.state().last.selected, None, "told once");
    press(&mut harness, Modifiers::NONE, Key::PageUp);
    press(&mut harness, Modifiers::NONE, Key::PageUp);
    let near_the_end = seen(&harness);
    assert!(near_the_end.windows(2).all(|w| w[1] == w[0] + 1));
    assert!(
        near_the_end
            .first()
            .is_some_and(|f| (999_900..999_990).contains(f))
    );
    // A row at the top of the view by single points of the wheel: nothing is lost so far down.
    for _ in 0..44 {
        harness.hover_at(egui::pos2(400.0, 400.0));
        harness.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: vec2(0.0, 1.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Trackpad,
            modifiers: Modifiers::NONE,
        });
        harness.run_steps(8);
    }
    let after = seen(&harness);
    let moved = near_the_end[0] - after[0];
    assert!((1..=3).contains(&moved), "44 points are two rows: {moved}");
    // The scroll bar: its middle is the middle of the rows.
    let bar = harness.get_by_label("Scroll the rows").rect();
    harness.drag_at(bar.center());
    harness.drop_at(bar.center());
    settle(&mut harness);
    let middle = seen(&harness);
    assert!(middle.windows(2).all(|w| w[1] == w[0] + 1));
    assert!(
        middle
            .first()
            .is_some_and(|f| (495_000..505_000).contains(f)),
        "{middle:?}"
    );
    press(&mut harness, CTRL, Key::Home);
    assert_eq!(seen(&harness).first(), Some(&1));
}

#[test]
fn a_million_rows_are_sorted_and_filtered_beside_the_window() {
    let mut harness = grid();
    // Up, then down, then as they were.
    for expected in [1, ROWS, 1] {
        harness
            .get_by_role_and_label(Role::ColumnHeader, header(&harness))
            .click();
        settle(&mut harness);
        assert_eq!(seen(&harness).first(), Some(&expected));
    }
    harness.get_by_label("Filter rows").focus();
    harness.step();
    harness.event(egui::Event::Text("ID-99999".to_owned()));
    settle(&mut harness);
    // 99999 itself and 999990 to 999999.
    let mut expected = vec![100_000];
    expected.extend(999_991..=1_000_000);
    assert_eq!(seen(&harness), expected);
    assert!(harness.query_by_label("11 of 1,000,000").is_some());
}

/// What the header of the numbers is called: its order is part of it.
fn header(harness: &Harness<'_, State>) -> &'static str {
    let names = ["N", "N, ascending", "N, descending"];
    let is_there = |name: &&str| {
        harness
            .query_by_role_and_label(Role::ColumnHeader, name)
            .is_some()
    };
    names.into_iter().find(is_there).expect("a header")
}

/// What a frame costs that shows rows which were not seen before: the middle of many, and the fastest.
fn frames(mut harness: Harness<'_, State>) -> (Duration, Duration) {
    harness.get_by_role_and_label(Role::Row, "Row 2").click();
    settle(&mut harness);
    let mut times: Vec<Duration> = (0..30)
        .map(|_| {
            harness.key_press_modifiers(Modifiers::NONE, Key::PageDown);
            let start = Instant::now();
            harness.step();
            start.elapsed()
        })
        .collect();
    assert!(seen(&harness).first().is_some_and(|first| *first > 500));
    times.sort();
    (times[times.len() / 2], times[0])
}

#[test]
fn a_frame_of_a_million_rows_costs_what_one_of_a_thousand_costs() {
    let few = frames(grid_of(source(1_000)));
    let many = frames(grid_of(source(ROWS)));
    // With the accessibility tree and the harness. Other work shares the machine: the fastest tell what it costs.
    println!("a frame of new rows, middle and fastest: {many:?}, of a thousand rows {few:?}");
    let most = few.1 * 3 + Duration::from_millis(2);
    assert!(many.1 < most, "{many:?}, of a thousand rows {few:?}");
}
