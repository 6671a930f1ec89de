//! Chance: whatever keys come, nothing is lost that was not edited, and undo gives the text back.

use super::common::{State, headless};
use egui::{Event, Key, Modifiers, Theme};
use rulewright::workbench::editor::{Action, Selection};
use rulewright::workbench::highlight::Language;
use rulewright::workbench::raster::Headless;

/// A small generator of numbers (xorshift): the same on every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const PIECES: [&str; 24] = [
    "\n",
    "\r\n",
    "\r",
    "\t",
    "a",
    "b c",
    "é",
    "e\u{301}",
    "文字",
    "👩‍👩‍👧",
    "👍🏽",
    "🇩🇪",
    "\u{200b}",
    "\u{202e}",
    "\u{0}",
    "query: |\n",
    "  - x: 1\n",
    "\"",
    "'",
    "(",
    "[]",
    "// ",
    "| where",
    "ا",
];

const KEYS: [Key; 16] = [
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
    Key::Backspace,
    Key::Delete,
    Key::Enter,
    Key::Tab,
    Key::D,
    Key::Slash,
    Key::K,
    Key::Num1,
];

fn a_text(chance: &mut Chance) -> String {
    let mut text = String::new();
    if chance.below(3) == 0 {
        text.push('\u{feff}');
    }
    for _ in 0..chance.below(40) {
        let piece = chance.of(&PIECES[..]);
        text.push_str(piece);
    }
    text
}

fn frame(headless: &mut Headless, state: &mut State, events: Vec<Event>) {
    headless.frame([300, 160], 1.0, Theme::Dark, events, |ui| state.ui(ui));
}

fn an_event(chance: &mut Chance) -> Event {
    match chance.below(10) {
        0..4 => Event::Text((*chance.of(&PIECES[..])).to_owned()),
        4 => Event::Paste(chance.of(&PIECES[..]).repeat(2)),
        5 => Event::Cut,
        6 => Event::Copy,
        _ => {
            let mut modifiers = Modifiers::NONE;
            for one in [
                Modifiers::CTRL | Modifiers::COMMAND,
                Modifiers::SHIFT,
                Modifiers::ALT,
            ] {
                if chance.below(3) == 0 {
                    modifiers |= one;
                }
            }
            Event::Key {
                key: *chance.of(&KEYS),
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers,
            }
        }
    }
}

const LANGUAGES: [Language; 5] = [
    Language::Plain,
    Language::Yaml,
    Language::Kql,
    Language::Python,
    Language::Json,
];

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0)
}

#[test]
fn undo_gives_the_text_back_and_nothing_panics() {
    let mut headless = headless();
    for seed in 1..=60 {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ (seed * 0x1234_5677));
        let text = a_text(&mut chance);
        let mut state = State::new(&text, *chance.of(&LANGUAGES));
        state.editor = rulewright::workbench::editor::CodeEditor::new(seed);
        state.editor.set_wrap(chance.below(2) == 0);
        state.editor.request_focus();
        frame(&mut headless, &mut state, vec![]);
        frame(&mut headless, &mut state, vec![]);
        for _ in 0..40 {
            match chance.below(8) {
                0 => state.editor.run(*chance.of(&Action::ALL)),
                1 => {
                    let end = state.text.len() + 1;
                    let places = (0..1 + chance.below(4)).map(|_| {
                        let at =
                            |chance: &mut Chance, text: &str| boundary(text, chance.below(end));
                        Selection::new(at(&mut chance, &state.text), at(&mut chance, &state.text))
                    });
                    let places: Vec<_> = places.collect();
                    state.editor.set_selections(places);
                }
                _ => {}
            }
            let events = (0..chance.below(4))
                .map(|_| an_event(&mut chance))
                .collect();
            frame(&mut headless, &mut state, events);
            let marked = text.starts_with('\u{feff}');
            assert_eq!(state.text.starts_with('\u{feff}'), marked, "seed {seed}");
            for s in state.editor.selections() {
                assert!(state.text.is_char_boundary(s.head), "seed {seed}");
                let within =
                    state.text[..s.head].ends_with('\r') && state.text[s.head..].starts_with('\n');
                assert!(!within, "seed {seed}: a cursor within a line end");
            }
        }
        let last = state.text.clone();
        let mut steps = 0;
        while state.editor.can_undo() {
            state.editor.run(Action::Undo);
            frame(&mut headless, &mut state, vec![]);
            steps += 1;
            assert!(steps < 1_000, "seed {seed}: undo does not end");
        }
        assert_eq!(state.text, text, "seed {seed}");
        for _ in 0..steps {
            state.editor.run(Action::Redo);
            frame(&mut headless, &mut state, vec![]);
        }
        assert_eq!(state.text, last, "seed {seed}");
    }
}

#[test]
fn typing_changes_only_its_place() {
    let mut headless = headless();
    for seed in 1..=60 {
        let mut chance = Chance(0xdead_beef_1234_5678 ^ (seed * 0x9e37_79b9));
        let text = a_text(&mut chance);
        let mut state = State::new(&text, *chance.of(&LANGUAGES));
        state.editor = rulewright::workbench::editor::CodeEditor::new(("typing", seed));
        let at = boundary(&text, chance.below(text.len() + 1));
        state.editor.go_to(at);
        frame(&mut headless, &mut state, vec![]);
        let at = state.editor.selections()[0].head;
        frame(&mut headless, &mut state, vec![Event::Text("x".to_owned())]);
        let (before, behind) = text.split_at(at);
        assert_eq!(state.text, format!("{before}x{behind}"), "seed {seed}");
    }
}
