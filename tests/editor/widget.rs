//! What the editor tells those around it: edits, typing, popups, input methods, the clipboard.

use super::common::{Typed, headless, open, press, type_text};
use egui::accesskit::Role;
use egui::{Event, ImeEvent, Key, Modifiers, Theme};
use egui_kittest::kittest::{NodeT, Queryable};
use rulewright::diagnostic::{Edit, Span};
use rulewright::workbench::editor::{Action, CodeEditor, EditorInput, EditorResponse};
use rulewright::workbench::highlight::Language;
use rulewright::workbench::raster::Headless;

/// An editor whose responses are looked at.
struct Watched {
    headless: Headless,
    editor: CodeEditor,
    text: String,
    popup: bool,
}

impl Watched {
    fn new(text: &str) -> Self {
        let mut editor = CodeEditor::new("watched");
        editor.go_to(text.len());
        let mut watched = Self {
            headless: headless(),
            editor,
            text: text.to_owned(),
            popup: false,
        };
        watched.frame(vec![]);
        watched.frame(vec![]);
        watched
    }

    fn frame(&mut self, events: Vec<Event>) -> (EditorResponse, egui::FullOutput, usize) {
        let mut response = None;
        let mut left = 0;
        let (editor, text, popup) = (&mut self.editor, &mut self.text, self.popup);
        let output = self
            .headless
            .frame([500, 200], 1.0, Theme::Dark, events, |ui| {
                let input = EditorInput {
                    popup,
                    ..EditorInput::new(text, Language::Yaml)
                };
                response = Some(editor.show(ui, input));
                left = ui.input(|i| i.events.len());
            });
        (response.expect("a response"), output, left)
    }
}

fn key(modifiers: Modifiers, key: Key) -> Vec<Event> {
    let mut events = Typed::Key(modifiers, key).events();
    events.truncate(1);
    events
}

#[test]
fn edits_and_typing_are_told() {
    let mut watched = Watched::new("a: é");
    let (response, ..) = watched.frame(vec![Event::Text("x".to_owned())]);
    let edit = |start, end, text: &str| Edit {
        span: Span::new(start, end),
        text: text.to_owned(),
    };
    assert_eq!(response.edits, [edit(5, 5, "x")]);
    assert_eq!(response.typed.as_deref(), Some("x"));
    assert!(response.changed && response.caret.is_some());
    let (response, ..) = watched.frame(key(Modifiers::NONE, Key::Backspace));
    assert_eq!(response.edits, [edit(5, 6, "")]);
    assert_eq!(response.typed, None);
    let (response, ..) = watched.frame(vec![Event::Paste("b\nc".to_owned())]);
    assert_eq!(response.edits, [edit(5, 5, "b\nc")]);
    assert_eq!(response.typed, None);
    let (response, ..) = watched.frame(vec![]);
    assert!(response.edits.is_empty() && !response.changed);
}

#[test]
fn a_popup_gets_its_keys() {
    let mut watched = Watched::new("a\nb");
    watched.popup = true;
    for name in [
        Key::ArrowUp,
        Key::PageDown,
        Key::Enter,
        Key::Tab,
        Key::Escape,
    ] {
        let (response, _, left) = watched.frame(key(Modifiers::NONE, name));
        assert_eq!((response.offset, left), (3, 1), "{name:?}");
    }
    assert_eq!(watched.text, "a\nb");
    let (.., left) = watched.frame(vec![Event::Text("c".to_owned())]);
    assert_eq!((watched.text.as_str(), left), ("a\nbc", 0));
}

#[test]
fn edits_from_outside_are_one_step() {
    let mut watched = Watched::new("one two\r\nthree\r\n");
    let edit = |start, end, text: &str| Edit {
        span: Span::new(start, end),
        text: text.to_owned(),
    };
    let edits = [edit(0, 3, "1"), edit(9, 14, "3")];
    assert!(
        watched
            .editor
            .replace(&mut watched.text, &edits, Some(7..8))
    );
    assert_eq!(watched.text, "1 two\r\n3\r\n");
    assert_eq!(watched.editor.selections()[0].range(), 7..8);
    watched.frame(vec![]);
    watched.editor.run(Action::Undo);
    watched.frame(vec![]);
    assert_eq!(watched.text, "one two\r\nthree\r\n");
    assert!(
        !watched
            .editor
            .replace(&mut watched.text, &[edit(90, 91, "")], None)
    );
}

#[test]
fn an_input_method_composes_at_the_cursor() {
    let mut watched = Watched::new("a");
    let preedit = |text: &str| {
        vec![Event::Ime(ImeEvent::Preedit {
            text: text.to_owned(),
            active_range_chars: Some(0..1),
        })]
    };
    let (response, output, _) = watched.frame(preedit("ni"));
    assert!(!response.changed);
    assert_eq!(watched.text, "a", "not in the text before it is done");
    let ime = output.platform_output.ime.expect("where the window stands");
    assert!(ime.rect.contains_rect(ime.cursor_rect));
    // Its keys are not the editor's.
    watched.frame(key(Modifiers::NONE, Key::Enter));
    watched.frame(key(Modifiers::NONE, Key::Backspace));
    assert_eq!(watched.text, "a");
    let commit = vec![Event::Ime(ImeEvent::Commit("é".to_owned()))];
    let (response, ..) = watched.frame(commit);
    assert_eq!(watched.text, "aé");
    assert_eq!(response.typed.as_deref(), Some("é"));
    watched.frame(key(Modifiers::NONE, Key::Backspace));
    assert_eq!(watched.text, "a");
}

#[test]
fn replacing_with_groups_is_one_step() {
    let mut harness = open("a1 b2\na3\n", Language::Plain);
    press(&mut harness, Modifiers::COMMAND, Key::H);
    type_text(&mut harness, r"(\w)(\d)");
    harness.get_by_label("Regular expression").click();
    harness.run();
    harness.get_by_label_contains("3 matches");
    harness
        .get_by_role_and_label(Role::TextInput, "Replace with")
        .focus();
    harness.run();
    type_text(&mut harness, "$2-$1");
    harness.get_by_label("Replace").click();
    harness.run();
    // The first press selects the match, the second replaces it.
    harness.get_by_label("Replace").click();
    harness.run();
    assert_eq!(harness.state().text, "1-a b2\na3\n");
    harness.get_by_label("Replace all").click();
    harness.run();
    assert_eq!(harness.state().text, "1-a 2-b\n3-a\n");
    harness.state_mut().editor.run(Action::Undo);
    harness.run();
    assert_eq!(harness.state().text, "1-a b2\na3\n");
}

#[test]
fn a_wrong_or_hostile_expression_is_told() {
    let text = format!("{}!", "a".repeat(30_000));
    let mut harness = open(&text, Language::Plain);
    press(&mut harness, Modifiers::COMMAND, Key::F);
    harness.get_by_label("Regular expression").click();
    harness.run();
    harness
        .get_by_role_and_label(Role::TextInput, "Find")
        .focus();
    harness.run();
    type_text(&mut harness, "(");
    harness.get_by_label("Expression is not valid");
    press(&mut harness, Modifiers::COMMAND, Key::A);
    let started = std::time::Instant::now();
    harness.event(Event::Text("(a{999}){999}".to_owned()));
    harness.run();
    harness.get_by_label("Expression is too large");
    press(&mut harness, Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("(a+)+$".to_owned()));
    harness.step();
    assert!(started.elapsed() < std::time::Duration::from_secs(20));
}

#[test]
fn a_reader_sets_the_selection_and_the_text() {
    let mut harness = open("a: 1\nb: 2\n", Language::Yaml);
    let field = harness.get_by_label("Rule editor");
    assert_eq!(field.children().count(), 3, "a run for each row");
    harness.get_by_label("Rule editor").type_text("x");
    harness.run();
    assert_eq!(harness.state().text, "xa: 1\nb: 2\n");
}
