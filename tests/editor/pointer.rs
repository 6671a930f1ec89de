//! The pointer: clicks, drags, the wheel, folding arrows.

use super::common::{State, headless};
use egui::{Event, Modifiers, PointerButton, Pos2, Theme, pos2};
use rulewright::workbench::editor::Selection;
use rulewright::workbench::highlight::Language;
use rulewright::workbench::raster::Headless;

/// The text begins right of the gutter; lines are 19 points high, below 6 points of margin; a sign is 7.8 wide.
fn at(state: &State, line: usize, column: f32) -> Pos2 {
    let _ = state;
    pos2(GUTTER + column * SIGN, 6.0 + (line as f32 - 0.5) * 19.0)
}

const SIGN: f32 = 7.8;
/// Signs of problems, three digits, arrows.
const GUTTER: f32 = 59.0;

struct Mouse {
    headless: Headless,
    state: State,
}

impl Mouse {
    fn over(text: &str, language: Language) -> Self {
        let mut state = State::new(text, language);
        state.editor.request_focus();
        let mut mouse = Self {
            headless: headless(),
            state,
        };
        mouse.frame(vec![]);
        mouse.frame(vec![]);
        mouse
    }

    fn frame(&mut self, events: Vec<Event>) {
        let state = &mut self.state;
        self.headless
            .frame([500, 200], 1.0, Theme::Dark, events, |ui| state.ui(ui));
    }

    fn button(&mut self, pos: Pos2, pressed: bool, modifiers: Modifiers) {
        self.frame(vec![
            Event::PointerMoved(pos),
            Event::PointerButton {
                pos,
                button: PointerButton::Primary,
                pressed,
                modifiers,
            },
        ]);
    }

    fn click_with(&mut self, line: usize, column: f32, modifiers: Modifiers) {
        let pos = at(&self.state, line, column);
        self.frame(vec![Event::PointerMoved(pos)]);
        self.button(pos, true, modifiers);
        self.button(pos, false, modifiers);
    }

    /// A click that is no double-click with the one before.
    fn click(&mut self, line: usize, column: f32, modifiers: Modifiers) {
        self.headless.wait(1.0);
        self.click_with(line, column, modifiers);
    }

    fn drag(&mut self, from: (usize, f32), to: (usize, f32), modifiers: Modifiers) {
        self.headless.wait(1.0);
        let (from, to) = (at(&self.state, from.0, from.1), at(&self.state, to.0, to.1));
        self.frame(vec![Event::PointerMoved(from)]);
        self.button(from, true, modifiers);
        self.frame(vec![Event::PointerMoved(from + (to - from) * 0.5)]);
        self.frame(vec![Event::PointerMoved(to)]);
        self.button(to, false, modifiers);
    }

    fn selected(&self) -> Vec<(usize, usize)> {
        let selections = self.state.editor.selections();
        selections
            .iter()
            .map(|s: &Selection| (s.anchor, s.head))
            .collect()
    }

    fn type_text(&mut self, text: &str) {
        self.frame(vec![Event::Text(text.to_owned())]);
    }
}

const NONE: Modifiers = Modifiers::NONE;

#[test]
fn clicks_and_drags() {
    let mut mouse = Mouse::over("one two\nthree four\n文字 x\n", Language::Plain);
    mouse.click(2, 3.2, NONE);
    assert_eq!(mouse.selected(), [(11, 11)]);
    mouse.click(1, 40.0, NONE);
    assert_eq!(mouse.selected(), [(7, 7)], "behind the line's end");
    mouse.click(3, 2.2, NONE);
    assert_eq!(mouse.selected(), [(22, 22)], "between two wide signs");
    mouse.click(2, 1.0, NONE);
    mouse.click_with(2, 1.0, NONE);
    assert_eq!(mouse.selected(), [(8, 13)], "a word");
    mouse.click_with(2, 1.0, NONE);
    assert_eq!(mouse.selected(), [(8, 19)], "a line");
    mouse.drag((1, 1.0), (2, 2.0), NONE);
    assert_eq!(mouse.selected(), [(1, 10)]);
    mouse.click(2, 7.0, Modifiers::SHIFT);
    assert_eq!(mouse.selected(), [(1, 15)]);
    mouse.type_text("x");
    assert_eq!(mouse.state.text, "oxour\n文字 x\n");
}

#[test]
fn words_are_dragged_as_a_whole() {
    let mut mouse = Mouse::over("one two three\n", Language::Plain);
    mouse.click(1, 5.0, NONE);
    let (from, to) = (at(&mouse.state, 1, 5.0), at(&mouse.state, 1, 9.0));
    mouse.button(from, true, NONE);
    mouse.frame(vec![Event::PointerMoved(to)]);
    mouse.button(to, false, NONE);
    assert_eq!(mouse.selected(), [(4, 13)]);
}

#[test]
fn cursors_by_clicks() {
    let mut mouse = Mouse::over("abc\nabc\nabc\n", Language::Plain);
    mouse.click(1, 1.0, NONE);
    mouse.click(2, 2.0, Modifiers::ALT);
    mouse.click(3, 3.0, Modifiers::ALT);
    assert_eq!(mouse.selected(), [(1, 1), (6, 6), (11, 11)]);
    // A second click takes it away.
    mouse.click(2, 2.0, Modifiers::ALT);
    assert_eq!(mouse.selected(), [(1, 1), (11, 11)]);
    mouse.type_text("-");
    assert_eq!(mouse.state.text, "a-bc\nabc\nabc-\n");
}

#[test]
fn a_rectangle_of_columns() {
    let mut mouse = Mouse::over("abcd\nabcd\na\nabcd\n", Language::Plain);
    mouse.click(1, 1.0, NONE);
    mouse.drag((1, 1.0), (4, 3.0), Modifiers::ALT | Modifiers::SHIFT);
    assert_eq!(mouse.selected(), [(1, 3), (6, 8), (11, 11), (13, 15)]);
}

#[test]
fn arrows_fold_and_the_sign_unfolds() {
    let mut mouse = Mouse::over("a:\n  b: 1\n  c: 2\nd: 3\n", Language::Yaml);
    let arrow = pos2(GUTTER - 8.0, 6.0 + 9.5);
    mouse.frame(vec![Event::PointerMoved(arrow)]);
    mouse.button(arrow, true, NONE);
    mouse.button(arrow, false, NONE);
    // `d` stands in the second row now.
    mouse.click(2, 1.0, NONE);
    assert_eq!(mouse.selected(), [(18, 18)]);
    mouse.click(1, 4.0, NONE);
    mouse.click(2, 4.0, NONE);
    assert_eq!(mouse.selected(), [(7, 7)]);
}

#[test]
fn the_wheel_scrolls_and_the_cursor_stays() {
    let text: String = (1..=99).map(|n| format!("line {n}\n")).collect();
    let mut mouse = Mouse::over(&text, Language::Plain);
    let middle = at(&mouse.state, 3, 3.0);
    mouse.frame(vec![Event::PointerMoved(middle)]);
    mouse.frame(vec![Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, -190.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: NONE,
    }]);
    for _ in 0..60 {
        mouse.frame(vec![]);
    }
    assert_eq!(mouse.selected(), [(0, 0)]);
    mouse.click(1, 0.0, NONE);
    // Ten lines of 19 points, and what egui adds to make it smooth.
    assert!(
        (11..=13).contains(&mouse.state.place.0),
        "{:?}",
        mouse.state.place
    );
}

#[test]
fn selected_text_is_moved_by_the_pointer_and_copied_with_ctrl() {
    let mut mouse = Mouse::over("one two three\nfour\n", Language::Plain);
    mouse.drag((1, 4.0), (1, 8.0), NONE);
    assert_eq!(mouse.selected(), [(4, 8)]);
    mouse.drag((1, 5.0), (2, 0.0), NONE);
    assert_eq!(mouse.state.text, "one three\ntwo four\n");
    assert_eq!(mouse.selected(), [(10, 14)], "what was moved is selected");
    mouse.drag((2, 1.0), (1, 0.0), Modifiers::CTRL | Modifiers::COMMAND);
    assert_eq!(mouse.state.text, "two one three\ntwo four\n");
    // Each is one step of undo.
    let undo = |mouse: &mut Mouse| {
        mouse.frame(vec![Event::Key {
            key: egui::Key::Z,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::CTRL | Modifiers::COMMAND,
        }]);
    };
    undo(&mut mouse);
    assert_eq!(mouse.state.text, "one three\ntwo four\n");
    undo(&mut mouse);
    assert_eq!(mouse.state.text, "one two three\nfour\n");
}

#[test]
fn a_click_on_selected_text_puts_the_cursor_there() {
    let mut mouse = Mouse::over("one two three\n", Language::Plain);
    mouse.drag((1, 0.2), (1, 8.0), NONE);
    mouse.click(1, 5.2, NONE);
    assert_eq!(mouse.selected(), [(5, 5)]);
    // Dropped on itself nothing happens, and it stays selected.
    mouse.drag((1, 0.2), (1, 8.0), NONE);
    mouse.drag((1, 1.0), (1, 4.0), NONE);
    assert_eq!(mouse.state.text, "one two three\n");
    assert_eq!(mouse.selected(), [(0, 8)]);
}

#[test]
fn escape_lets_go_of_what_is_carried_and_a_read_only_text_keeps_its_own() {
    let mut mouse = Mouse::over("one two three\n", Language::Plain);
    mouse.drag((1, 0.2), (1, 4.0), NONE);
    mouse.headless.wait(1.0);
    let (from, to) = (at(&mouse.state, 1, 1.0), at(&mouse.state, 1, 8.0));
    mouse.button(from, true, NONE);
    mouse.frame(vec![Event::PointerMoved(to)]);
    mouse.frame(vec![Event::Key {
        key: egui::Key::Escape,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: NONE,
    }]);
    mouse.button(to, false, NONE);
    assert_eq!(mouse.state.text, "one two three\n");
    mouse.state.read_only = true;
    mouse.drag((1, 0.2), (1, 4.0), NONE);
    mouse.drag((1, 1.0), (1, 8.0), NONE);
    assert_eq!(mouse.state.text, "one two three\n");
}

#[test]
fn words_and_lines_are_dragged_by_two_and_three_clicks() {
    let mut mouse = Mouse::over("one two three\nfour five\nsix\n", Language::Plain);
    mouse.click(1, 5.0, NONE);
    mouse.click_with(1, 5.0, NONE);
    // The third press is held: whole lines.
    let (from, to) = (at(&mouse.state, 1, 5.0), at(&mouse.state, 2, 2.0));
    mouse.button(from, true, NONE);
    mouse.frame(vec![Event::PointerMoved(to)]);
    mouse.button(to, false, NONE);
    assert_eq!(mouse.selected(), [(0, 24)]);
}
