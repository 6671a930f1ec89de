//! Keys and clicks, through the accessibility tree and through the events of a window.

use super::common::{Typed, open, press, type_text};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use rulewright::diagnostic::{Severity, Span};
use rulewright::workbench::editor::Mark;
use rulewright::workbench::highlight::Language;

#[test]
fn it_has_a_name_and_a_role() {
    let harness = open("a: 1\n", Language::Yaml);
    let field = harness.get_by_role_and_label(Role::MultilineTextInput, "Rule editor");
    assert_eq!(field.value().as_deref(), Some("a: 1\n"));
}

#[test]
fn typing_indents() {
    let mut harness = open("", Language::Yaml);
    type_text(&mut harness, "query: |\nT\n| take 1");
    assert_eq!(harness.state().text, "query: |\n  T\n  | take 1");
    assert_eq!(harness.state().place, (3, 11));
    assert!(harness.state().changes > 10);
    press(&mut harness, Modifiers::SHIFT, Key::Tab);
    assert_eq!(harness.state().text, "query: |\n  T\n| take 1");
    press(&mut harness, Modifiers::NONE, Key::Tab);
    assert_eq!(harness.state().place, (3, 11));

    let mut harness = open("", Language::Python);
    type_text(&mut harness, "def rule(event):\nreturn True");
    assert_eq!(harness.state().text, "def rule(event):\n    return True");
}

#[test]
fn keys_of_one_frame_keep_their_order() {
    let mut harness = open("", Language::Yaml);
    harness.event(Event::Text("a:".to_owned()));
    harness.key_press(Key::Enter);
    harness.event(Event::Text("b".to_owned()));
    harness.run();
    assert_eq!(harness.state().text, "a:\n  b");
    assert_eq!(harness.state().place, (2, 4));
}

#[test]
fn many_keys_in_one_frame_do_what_they_do_one_by_one() {
    use Typed::{Paste, Text};
    let key = |key| Typed::Key(Modifiers::NONE, key);
    let ctrl = |key| Typed::Key(Modifiers::COMMAND, key);
    let mut after_line_26 = vec![ctrl(Key::Home)];
    after_line_26.extend([key(Key::ArrowDown); 25]);
    after_line_26.extend([key(Key::End), key(Key::Enter), Text("while True: pass")]);
    let lines: String = (1..=40).map(|n| format!("line {n}\n")).collect();
    let with_new = lines.replace("line 26\n", "line 26\nwhile True: pass\n");
    let cases: Vec<(&str, Vec<Typed>, Option<String>)> = vec![
        ("a line after the 26th", after_line_26, Some(with_new)),
        (
            "text, movement, own keys, deleting, pasting, undo",
            vec![
                Text("a:"),
                key(Key::Enter),
                Text("bc"),
                key(Key::ArrowLeft),
                key(Key::Backspace),
                key(Key::Tab),
                Text("d"),
                key(Key::End),
                Paste("x\r\ny"),
                key(Key::Enter),
                key(Key::Delete),
                ctrl(Key::Z),
                key(Key::ArrowUp),
                key(Key::Home),
                Text("e"),
                key(Key::Home),
                key(Key::Home),
                Text("f"),
                Typed::Key(Modifiers::ALT, Key::ArrowDown),
                Typed::Key(Modifiers::SHIFT, Key::End),
                Text("g"),
                ctrl(Key::Slash),
            ],
            None,
        ),
        (
            "through the find bar and back",
            vec![
                key(Key::ArrowDown),
                ctrl(Key::F),
                Text("line 3"),
                key(Key::Enter),
                key(Key::Escape),
                Text("z"),
                key(Key::Enter),
                Text("y"),
                ctrl(Key::G),
                Text("7"),
                key(Key::Enter),
                Text("x"),
                key(Key::Enter),
            ],
            None,
        ),
    ];
    for (name, keys, expected) in cases {
        let mut slow = open(&lines, Language::Python);
        for key in &keys {
            key.events().into_iter().for_each(|e| slow.event(e));
            slow.run();
        }
        let mut fast = open(&lines, Language::Python);
        // Not `event`, which makes a frame of each.
        let all = keys.iter().flat_map(|key| key.events());
        fast.input_mut().events.extend(all);
        fast.run();
        assert_ne!(slow.state().text, lines, "{name}");
        assert_eq!(fast.state().text, slow.state().text, "{name}");
        assert_eq!(fast.state().place, slow.state().place, "{name}");
        if let Some(expected) = expected {
            assert_eq!(fast.state().text, expected, "{name}");
        }
    }
}

#[test]
fn undo_goes_by_words_and_edits() {
    let mut harness = open("", Language::Yaml);
    type_text(&mut harness, "one two:\n");
    assert_eq!(harness.state().text, "one two:\n  ");
    let mut seen = Vec::new();
    for _ in 0..4 {
        press(&mut harness, Modifiers::COMMAND, Key::Z);
        seen.push(harness.state().text.clone());
    }
    assert_eq!(seen, ["one two:", "one ", "", ""]);
    for _ in 0..3 {
        press(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    }
    assert_eq!(harness.state().text, "one two:\n  ");
    assert_eq!(harness.state().place, (2, 3));
}

#[test]
fn a_change_from_outside_is_a_step_of_undo() {
    let mut harness = open("severity: Hgih\n", Language::Yaml);
    harness.state_mut().text = "severity: High\n".to_owned();
    harness.run();
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(harness.state().text, "severity: Hgih\n");
    press(&mut harness, Modifiers::COMMAND, Key::Y);
    assert_eq!(harness.state().text, "severity: High\n");
}

#[test]
fn comments_follow_the_language_of_the_place() {
    let mut harness = open("a: 1\nquery: |\n  T\n", Language::Yaml);
    press(&mut harness, Modifiers::COMMAND, Key::Slash);
    assert_eq!(harness.state().text, "# a: 1\nquery: |\n  T\n");
    let at = harness.state().text.find('T').unwrap();
    harness.state_mut().editor.go_to(at);
    harness.run();
    press(&mut harness, Modifiers::COMMAND, Key::Slash);
    assert_eq!(harness.state().text, "# a: 1\nquery: |\n  // T\n");
}

#[test]
fn finding_steps_through_matches() {
    let mut harness = open("alpha\nbeta\nAlpha beta\n", Language::Plain);
    press(&mut harness, Modifiers::COMMAND, Key::F);
    harness.get_by_role_and_label(Role::TextInput, "Find");
    type_text(&mut harness, "alpha");
    harness.get_by_label("1 of 2");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.get_by_label("2 of 2");
    // The cursor stands behind the match.
    assert_eq!(harness.state().place, (3, 6));
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.get_by_label("1 of 2");
    press(&mut harness, Modifiers::SHIFT, Key::Enter);
    harness.get_by_label("2 of 2");
    harness.get_by_label("Match case").click();
    harness.run();
    harness.get_by_label_contains("1 match");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_label("Find").is_none());
    // The match stays selected and the keyboard is back in the text.
    type_text(&mut harness, "x");
    assert_eq!(harness.state().text, "alpha\nbeta\nx beta\n");
}

#[test]
fn going_to_a_line() {
    let text: String = (1..=300).map(|n| format!("line {n}\n")).collect();
    let mut harness = open(&text, Language::Plain);
    press(&mut harness, Modifiers::COMMAND, Key::G);
    type_text(&mut harness, "250:6");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(harness.state().place, (250, 6));
    assert!(!harness.state().editor.bar_is_open());
    type_text(&mut harness, "x");
    assert!(harness.state().text.contains("line x250\n"));
    let offset = harness.state().text.find("line 20\n").unwrap();
    harness.state_mut().editor.go_to(offset);
    harness.run();
    assert_eq!(harness.state().place, (20, 1));
}

#[test]
fn reading_only() {
    let mut harness = open("a: 1\n", Language::Yaml);
    harness.state_mut().read_only = true;
    harness.run();
    type_text(&mut harness, "x\n\t");
    press(&mut harness, Modifiers::COMMAND, Key::Slash);
    assert_eq!(harness.state().text, "a: 1\n");
    assert_eq!(harness.state().changes, 0);
}

#[test]
fn line_ends_and_wide_signs_survive() {
    let mut harness = open("a: é\r\nb: 1\r\n", Language::Yaml);
    press(&mut harness, Modifiers::NONE, Key::End);
    type_text(&mut harness, "ü\nc");
    assert_eq!(harness.state().text, "a: éü\r\nc\r\nb: 1\r\n");
    assert_eq!(harness.state().place, (2, 2));
    // Over a line end in one step, and back over it with one key.
    press(&mut harness, Modifiers::NONE, Key::ArrowRight);
    assert_eq!(harness.state().place, (3, 1));
    press(&mut harness, Modifiers::NONE, Key::Backspace);
    assert_eq!(harness.state().text, "a: éü\r\ncb: 1\r\n");
    for _ in 0..8 {
        press(&mut harness, Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(harness.state().text, "a: é\r\nb: 1\r\n");
    let b = harness.state().text.find('b').unwrap();
    harness.state_mut().editor.go_to(b);
    harness.run();
    assert_eq!(harness.state().place, (2, 1));
    harness.event(Event::Paste("x\r\ny\n".to_owned()));
    harness.run();
    assert_eq!(harness.state().text, "a: é\r\nx\r\ny\r\nb: 1\r\n");
}

#[test]
fn a_click_in_the_gutter_selects_the_line() {
    let mut harness = open("one\ntwo\nthree\n", Language::Plain);
    // The second of lines 19 points high, below 6 points of margin.
    let at = egui::pos2(25.0, 6.0 + 1.5 * 19.0);
    harness.hover_at(at);
    for pressed in [true, false] {
        harness.event(Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    harness.run();
    type_text(&mut harness, "2");
    assert_eq!(harness.state().text, "one\n2three\n");
}

#[test]
fn problems_are_told_on_hover() {
    let mut harness = open("a: 1\n", Language::Yaml);
    harness.state_mut().marks = vec![Mark {
        span: Span::new(3, 4),
        severity: Severity::Error,
        message: "Wrong number".to_owned(),
        hint: Some("Take 2".to_owned()),
    }];
    harness.run();
    assert!(harness.query_by_label("Wrong number").is_none());
    harness.hover_at(egui::pos2(9.0, 15.0));
    harness.run();
    harness.get_by_label("Wrong number");
    harness.get_by_label("Take 2");
}

#[test]
fn emacs_keys_delete_nothing() {
    let mut harness = open("word\n", Language::Yaml);
    press(&mut harness, Modifiers::NONE, Key::End);
    for key in [Key::W, Key::U, Key::K, Key::H] {
        press(&mut harness, Modifiers::CTRL, key);
    }
    assert_eq!(harness.state().text, "word\n");
}
