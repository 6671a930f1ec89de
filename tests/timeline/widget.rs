//! The widget driven like a person does: pointer, keyboard, screen reader.

use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, Vec2, pos2};
use egui_kittest::{Harness, kittest::Queryable as _};
use rulewright::workbench::timeline::{Palette, Target, Timeline, TimelineResponse, View, show};

struct State {
    timeline: Timeline,
    view: View,
    last: Option<TimelineResponse>,
    clicked: Vec<Target>,
}

fn palette() -> Palette {
    let gray = egui::Color32::from_gray;
    Palette {
        text: gray(200),
        subdued: gray(140),
        strong: gray(255),
        grid: gray(40),
        accent: gray(180),
        background: gray(0),
        panel: gray(12),
        lanes: [gray(120); 8],
        matched: gray(150),
        error: gray(90),
    }
}

/// The font of the product: no glyph that the timeline writes may be missing in it.
fn fonts(ctx: &egui::Context) {
    let mut fonts = egui::FontDefinitions::empty();
    let inter = include_bytes!("../../assets/fonts/Inter-Medium.otf");
    let data = egui::FontData::from_static(inter);
    fonts.font_data.insert("Inter".to_owned(), data.into());
    for family in [egui::FontFamily::Proportional, egui::FontFamily::Monospace] {
        fonts.families.insert(family, vec!["Inter".to_owned()]);
    }
    ctx.set_fonts(fonts);
}

fn harness(input: &str) -> Harness<'static, State> {
    let state = State {
        timeline: Timeline::build(super::read(input)),
        view: View::default(),
        last: None,
        clicked: Vec::new(),
    };
    let mut harness = Harness::builder()
        .with_size(Vec2::new(1000.0, 300.0))
        // As quick as a real window, so that a double click can be one.
        .with_step_dt(1.0 / 60.0)
        .with_max_steps(60)
        .with_context_setup(fonts)
        .build_ui_state(
            |ui, state: &mut State| {
                let r = show(ui, &state.timeline, &mut state.view, &palette());
                state.clicked.extend(r.clicked);
                state.last = Some(r);
            },
            state,
        );
    harness.run();
    harness
}

const TWO: &str = "
event 1 2026-06-08T02:00:00Z Audit api_key.created
event 2 2026-06-08T04:00:00Z Chat gpt-5.4 content_filter
event 3 2026-06-08T08:00:00Z Audit role.assignment.created
event 4 2026-06-08T12:00:00Z Chat gpt-5.4 length
match 5 events 3 4 | Account maya | IP 192.0.2.1
match 6 events 1 2 | Account tomas | IP 192.0.2.2";

/// The name by which a match is found.
const TOMAS: &str = "Match 7, api_key.created then gpt-5.4 content_filter, 2026-06-08 02:00:00";
const MAYA: &str = "Match 6, role.assignment.created then gpt-5.4 length, 2026-06-08 08:00:00";

fn target(event: Option<u32>, matched: usize) -> Target {
    Target {
        event,
        matched: Some(matched),
    }
}

fn press(harness: &mut Harness<'_, State>, pos: Pos2) {
    queue_press(harness, pos);
    harness.run();
}

fn queue_press(harness: &Harness<'_, State>, pos: Pos2) {
    harness.event(Event::PointerMoved(pos));
    for pressed in [true, false] {
        harness.event(Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
}

/// Presses the button at a place and leaves it down.
fn drag(harness: &mut Harness<'_, State>, pos: Pos2) {
    harness.hover_at(pos);
    harness.run();
    harness.drag_at(pos);
    harness.run();
}

/// Moves the pressed pointer, then lets the button go.
fn release(harness: &mut Harness<'_, State>, pos: Pos2) {
    harness.hover_at(pos);
    harness.run();
    harness.event(Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed: false,
        modifiers: Modifiers::NONE,
    });
    harness.run();
}

fn wheel(harness: &mut Harness<'_, State>, pos: Pos2, delta: Vec2, modifiers: Modifiers) {
    harness.event(Event::PointerMoved(pos));
    harness.run();
    harness.event(Event::ModifiersChanged(modifiers));
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers,
    });
    harness.run();
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    harness.run();
}

/// Where the two matches begin on screen: what zooming and panning move.
fn starts(harness: &Harness<'_, State>) -> (f32, f32) {
    let x = |name| harness.get_by_label(name).rect().center().x;
    (x(TOMAS), x(MAYA))
}

#[test]
fn it_is_named_and_says_what_there_is() {
    let harness = harness(TWO);
    let node = harness.get_by_label("Timeline");
    assert_eq!(
        node.value().as_deref(),
        Some("2 matches, 2 accounts, 2 IP addresses")
    );
    for name in [
        "Account tomas, 1 match",
        "IP address 192.0.2.1, 1 match",
        "Table Chat, 2 events",
    ] {
        let _ = harness.get_by_label(name);
    }
}

#[test]
fn a_click_on_a_mark_selects_its_match() {
    let mut harness = harness(TWO);
    harness.get_by_label(MAYA).click();
    harness.run();
    assert_eq!(harness.state().clicked, [target(Some(3), 5)]);
    assert_eq!(harness.state().view.selected, Some(5));
    let hovered = harness.state().last.as_ref().and_then(|r| r.hovered);
    assert_eq!(hovered, Some(target(Some(3), 5)));
    // A click beside everything lets go.
    press(&mut harness, pos2(960.0, 60.0));
    assert_eq!(harness.state().view.selected, None);
}

#[test]
fn a_click_on_the_link_between_them_selects_the_match_too() {
    let mut harness = harness(TWO);
    let start = harness.get_by_label(TOMAS).rect().center();
    press(&mut harness, start + Vec2::new(40.0, 0.0));
    assert_eq!(harness.state().clicked, [target(None, 6)]);
}

#[test]
fn a_click_on_a_shared_mark_goes_through_its_matches() {
    let mut harness = harness(
        "event 1 2026-06-08T02:00:00Z A a
         event 2 2026-06-08T03:00:00Z B b
         event 3 2026-06-08T04:00:00Z B b
         match 0 events 1 2 | Account x
         match 1 events 1 3 | Account x",
    );
    let mark = "Match 1, a then b, 2026-06-08 02:00:00";
    for expected in [0, 1, 0] {
        harness.get_by_label(mark).click();
        harness.run();
        assert_eq!(harness.state().view.selected, Some(expected));
        // Apart enough in time not to be a double click.
        harness.run_steps(40);
    }
}

#[test]
fn the_keyboard_reaches_every_match_and_every_event() {
    let mut harness = harness(TWO);
    harness.get_by_label("Timeline").focus();
    harness.run();
    for key in [
        Key::ArrowRight,
        Key::ArrowRight,
        Key::ArrowRight,
        Key::ArrowDown,
        Key::ArrowDown,
        Key::ArrowLeft,
        Key::End,
        Key::Home,
    ] {
        harness.key_press(key);
        harness.run();
    }
    let expected = [
        target(None, 6),
        target(None, 5),
        target(None, 5),
        target(Some(3), 5),
        target(Some(4), 5),
        target(None, 6),
        target(None, 5),
        target(None, 6),
    ];
    assert_eq!(harness.state().clicked, expected);
    let (wide, _) = starts(&harness);
    harness.key_press(Key::F);
    harness.run();
    assert!(starts(&harness).0 > wide, "F shows the match");
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state().view.selected, None);
    assert!(harness.get_by_label("Timeline").is_focused());
}

#[test]
fn a_screen_reader_chooses_matches_and_lanes() {
    let mut harness = harness(TWO);
    harness.get_by_label(MAYA).click_accesskit();
    harness.run();
    harness
        .get_by_label("Account tomas, 1 match")
        .click_accesskit();
    harness.run();
    assert_eq!(harness.state().clicked, [target(None, 5), target(None, 6)]);
}

#[test]
fn the_wheel_zooms_at_the_pointer_and_pans() {
    let mut harness = harness(TWO);
    let (tomas, maya) = starts(&harness);
    let pos = pos2(tomas, 100.0);
    wheel(
        &mut harness,
        pos,
        Vec2::new(0.0, 60.0),
        Modifiers::CTRL | Modifiers::COMMAND,
    );
    let (zoomed, away) = starts(&harness);
    assert!((zoomed - tomas).abs() < 1.5, "{tomas} went to {zoomed}");
    assert!(away - zoomed > 1.2 * (maya - tomas));
    wheel(&mut harness, pos, Vec2::new(0.0, 30.0), Modifiers::SHIFT);
    let (panned, _) = starts(&harness);
    assert!(
        (panned - zoomed - 30.0).abs() < 1.5,
        "{zoomed} went to {panned}"
    );
}

#[test]
fn a_double_click_shows_everything_again() {
    let mut harness = harness(TWO);
    let before = starts(&harness);
    let pos = pos2(600.0, 60.0);
    wheel(
        &mut harness,
        pos,
        Vec2::new(0.0, 30.0),
        Modifiers::CTRL | Modifiers::COMMAND,
    );
    assert_ne!(starts(&harness), before);
    let empty = pos2(900.0, 60.0);
    queue_press(&harness, empty);
    harness.step();
    queue_press(&harness, empty);
    harness.run();
    assert_eq!(starts(&harness), before);
}

#[test]
fn at_first_the_matches_are_shown_and_a_double_click_shows_all() {
    let lone = format!("event 9 2026-06-06T02:00:00Z Audit login.succeeded\n{TWO}");
    let mut harness = harness(&lone);
    let (tomas, maya) = starts(&harness);
    // From 02:00 to 12:00 with an eighth before (0:45 of 10 h … 13:15 at the end): the second begins
    // 6 h behind the first, on an axis of about 780 points.
    assert!(maya - tomas > 250.0, "{tomas} {maya}");
    let empty = pos2(990.0, 60.0);
    queue_press(&harness, empty);
    harness.step();
    queue_press(&harness, empty);
    harness.run();
    let (tomas, maya) = starts(&harness);
    // 6 h of 58 h.
    assert!((40.0..120.0).contains(&(maya - tomas)), "{tomas} {maya}");
}

#[test]
fn names_have_more_room_in_a_wide_window() {
    let view = View::default();
    assert_eq!(view.names(600.0), 220.0);
    assert_eq!(view.names(1500.0), 270.0);
    assert_eq!(view.names(2560.0), 340.0);
}

#[test]
fn dragging_on_the_ruler_selects_a_range() {
    let mut harness = harness(TWO);
    let (tomas, maya) = starts(&harness);
    drag(&mut harness, pos2(tomas, 10.0));
    harness.hover_at(pos2((tomas + maya) / 2.0, 12.0));
    harness.run();
    release(&mut harness, pos2(maya, 12.0));
    let range = harness.state().last.as_ref().and_then(|r| r.selected_range);
    let (first, last) = range.expect("a range");
    let hour = 36_000_000_000.0;
    // From 02:00 to 08:00, as exact as a point of the ruler.
    assert!(((last - first) as f64 / hour - 6.0).abs() < 0.05);
    // A click on the ruler lets go.
    press(&mut harness, pos2(500.0, 10.0));
    assert_eq!(harness.state().view.range, None);
}

#[test]
fn dragging_the_edge_makes_the_names_wider() {
    let mut harness = harness(TWO);
    let whole = harness.get_by_label("Timeline").rect();
    let (left, width) = (whole.left(), harness.state().view.names(whole.width()));
    drag(&mut harness, pos2(left + width, 100.0));
    release(&mut harness, pos2(left + 300.0, 100.0));
    assert_eq!(harness.state().view.names_width, Some(300.0));
    drag(&mut harness, pos2(left + 300.0, 100.0));
    release(&mut harness, pos2(left + 20.0, 100.0));
    // Not below what names need.
    assert_eq!(harness.state().view.names_width, Some(150.0));
}

#[test]
fn a_selection_from_outside_is_brought_into_view() {
    let mut harness = harness("entities 40 Account");
    assert!(
        harness
            .query_by_label("Account Account-39, 1 match")
            .is_none()
    );
    harness.state_mut().view.selected = Some(39);
    harness.run();
    let _ = harness.get_by_label("Account Account-39, 1 match");
}

#[test]
fn nothing_to_show_and_little_room_are_fine() {
    let input = super::read("event 1 2026-06-08T05:00:00Z T a");
    for (w, h) in [(40.0, 10.0), (200.0, 30.0), (700.0, 220.0)] {
        for timeline in [Timeline::default(), Timeline::build(input.clone())] {
            let mut view = View::default();
            let mut harness = Harness::builder()
                .with_size(Vec2::new(w, h))
                .with_context_setup(fonts)
                .build_ui(|ui| {
                    let _ = show(ui, &timeline, &mut view, &palette());
                });
            harness.run();
            let node = harness.get_by_label("Timeline");
            assert_eq!(node.value().as_deref(), Some("0 matches"));
        }
    }
}
