//! The code editor, driven as a person drives it: keys and clicks in, text and pictures out.

#![expect(
    clippy::disallowed_methods,
    reason = "a variable asks for the pictures"
)]

#[path = "common/soft.rs"]
mod soft;

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rulewright::diagnostic::{Severity, Span};
use rulewright::workbench::editor::{CodeEditor, EditorInput, Mark};
use rulewright::workbench::highlight::{HighlightCache, Kind, Language};
use rulewright::workbench::raster::{Headless, Picture, write_png};
use rulewright::workbench::theme;

/// A rule in the shape of the ones people write.
const RULE: &str = r#"# Joins a privileged change with an abuse signal of the same person.
id: 7d0f7f3a-4f0e-4b9b-9d0e-3f2a1c5b6d7e
name: "Privileged change, then abuse"
severity: High
queryFrequency: 1h
queryPeriod: 1d
enabled: true
tactics:
  - Persistence
  - Execution
query: |
  // Who changed what.
  let window = 1d;
  let changes =
      OpenAIAuditLogs
      | where TimeGenerated > ago(window)
      | where EventType has_any ("role", "api_key.created")
      | extend Email = tolower(tostring(ActorSession.user.email))
      | where isnotempty(Email)
      | project ChangeTime = TimeGenerated, EventType, Email;
  changes
  | join kind=inner abuse on $left.Email == $right.User
  | where AbuseTime between (ChangeTime .. ChangeTime + 24h)
  | order by ChangeTime desc
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: Name
        columnName: Emails
version: 1.0.0
"#;

struct State {
    editor: CodeEditor,
    text: String,
    language: Language,
    marks: Vec<Mark>,
    notes: Vec<(usize, String)>,
    read_only: bool,
    changes: usize,
    place: (usize, usize),
}

impl State {
    fn new(text: &str, language: Language) -> Self {
        Self {
            editor: CodeEditor::new("test"),
            text: text.to_owned(),
            language,
            marks: Vec::new(),
            notes: Vec::new(),
            read_only: false,
            changes: 0,
            place: (0, 0),
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui) {
        let response = self.editor.show(
            ui,
            EditorInput {
                problems: &self.marks,
                notes: &self.notes,
                read_only: self.read_only,
                ..EditorInput::new(&mut self.text, self.language)
            },
        );
        self.changes += usize::from(response.changed);
        self.place = (response.cursor.line, response.cursor.column);
    }
}

fn open(text: &str, language: Language) -> Harness<'static, State> {
    let mut state = State::new(text, language);
    state.editor.go_to(0);
    let mut harness = Harness::builder()
        .with_size([700.0, 400.0])
        .with_max_steps(64)
        .renderer(soft::SoftRenderer::default())
        .build_ui_state(
            |ui, state: &mut State| {
                if !ui.ctx().fonts(|f| f.families().len() > 3) {
                    theme::install(ui.ctx());
                    // The cursor blinks for ever: a test would never settle.
                    ui.ctx()
                        .all_styles_mut(|s| s.visuals.text_cursor.blink = false);
                }
                state.ui(ui);
            },
            state,
        );
    harness.run();
    harness
}

fn type_text(harness: &mut Harness<'_, State>, text: &str) {
    for sign in text.chars() {
        match sign {
            '\n' => harness.key_press(Key::Enter),
            '\t' => harness.key_press(Key::Tab),
            _ => harness.event(Event::Text(sign.to_string())),
        }
        harness.run();
    }
}

fn press(harness: &mut Harness<'_, State>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

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

/// A key of a sequence.
#[derive(Clone, Copy)]
enum Typed {
    Key(Modifiers, Key),
    Text(&'static str),
    Paste(&'static str),
}

impl Typed {
    fn events(self) -> Vec<Event> {
        match self {
            Self::Text(text) => vec![Event::Text(text.to_owned())],
            Self::Paste(text) => vec![Event::Paste(text.to_owned())],
            Self::Key(modifiers, key) => [true, false]
                .map(|pressed| Event::Key {
                    key,
                    physical_key: None,
                    pressed,
                    repeat: false,
                    modifiers,
                })
                .to_vec(),
        }
    }
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
fn long_lines_scroll_sideways_beside_the_gutter() {
    let mut state = State::new(
        &format!("a: {}\nb: 1\n", "word ".repeat(200)),
        Language::Yaml,
    );
    state.marks = vec![Mark {
        span: Span::new(995, 999),
        severity: Severity::Warning,
        message: "Far out".to_owned(),
        hint: None,
    }];
    state.editor.go_to(1_003);
    let mut headless = Headless::new();
    theme::install(&headless.ctx);
    let mut draw = |state: &mut State| {
        for _ in 0..3 {
            headless.frame([500, 120], 1.0, Theme::Light, vec![], |ui| state.ui(ui));
        }
        headless.picture()
    };
    let picture = draw(&mut state);
    if let Some(folder) = std::env::var_os("RULEWRIGHT_PICTURES") {
        write_png(
            &std::path::Path::new(&folder).join("editor-long.png"),
            &picture,
        )
        .unwrap();
    }
    let has = |picture: &Picture, color: egui::Color32, columns: std::ops::Range<u32>| {
        columns
            .flat_map(|x| (0..picture.height()).map(move |y| (x, y)))
            .any(|(x, y)| picture.pixel(x, y) == color.to_array())
    };
    let tokens = &theme::LIGHT;
    assert!(
        has(&picture, tokens.accent, 300..500),
        "the cursor is in sight"
    );
    assert!(
        !has(&picture, tokens.code.key, 50..500),
        "the line's start is out of sight"
    );
    // Back at the start: not hidden under the gutter.
    state.editor.go_to(0);
    let picture = draw(&mut state);
    assert!(has(&picture, tokens.code.key, 50..80));
    assert!(has(&picture, tokens.accent, 45..80));
}

/// One frame of a small editor and two to settle.
fn draw(headless: &mut Headless, state: &mut State, events: Vec<Event>) -> Picture {
    for events in [events, vec![], vec![]] {
        headless.frame([500, 120], 1.0, Theme::Light, events, |ui| state.ui(ui));
    }
    headless.picture()
}

/// The leftmost column with a colour.
fn leftmost(picture: &Picture, color: egui::Color32) -> Option<u32> {
    (0..picture.width())
        .find(|x| (0..picture.height()).any(|y| picture.pixel(*x, y) == color.to_array()))
}

fn headless() -> Headless {
    let headless = Headless::new();
    theme::install(&headless.ctx);
    headless
}

#[test]
fn the_cursor_stays_in_view_after_keys() {
    let text = format!("a: {}\nb: 1\n", "word ".repeat(200));
    let mut state = State::new(&text, Language::Yaml);
    state.editor.go_to(0);
    let mut headless = headless();
    draw(&mut headless, &mut state, vec![]);
    let mut keys = Typed::Key(Modifiers::NONE, Key::End).events();
    let picture = draw(&mut headless, &mut state, keys.clone());
    assert_eq!(state.place, (1, 1_004));
    assert!(leftmost(&picture, theme::LIGHT.accent).is_some_and(|x| x > 200));
    keys.extend(Typed::Key(Modifiers::NONE, Key::Enter).events());
    keys.push(Event::Text("c".to_owned()));
    draw(&mut headless, &mut state, keys);
    let picture = draw(&mut headless, &mut state, vec![]);
    assert_eq!(state.place, (2, 2));
    assert!(leftmost(&picture, theme::LIGHT.accent).is_some_and(|x| x < 80));
    assert!(leftmost(&picture, theme::LIGHT.code.key).is_some());
}

#[test]
fn a_file_opened_again_shows_its_cursor() {
    let text: String = (1..=99).map(|n| format!("line{n}: 1\n")).collect();
    let mut state = State::new(&text, Language::Yaml);
    let mut headless = headless();
    state.editor.go_to(text.len() / 2);
    draw(&mut headless, &mut state, vec![]);
    let mut again = State::new(&text, Language::Yaml);
    let picture = draw(&mut headless, &mut again, vec![]);
    assert_eq!(again.place, (1, 1));
    let mut fresh = State::new(&text, Language::Yaml);
    fresh.editor.request_focus();
    let expected = draw(&mut self::headless(), &mut fresh, vec![]);
    let differing =
        |x: u32| (0..picture.height()).any(|y| picture.pixel(x, y) != expected.pixel(x, y));
    // The right edge is left out: the scroll bar may still fade.
    assert_eq!((0..300).find(|x| differing(*x)), None);
}

#[test]
fn the_text_stays_where_it_is_when_notes_go() {
    let mut state = State::new("a: 1\nb: 2\n", Language::Yaml);
    let mut headless = headless();
    let key = |picture: &Picture| leftmost(picture, theme::LIGHT.code.key).unwrap();
    let without = key(&draw(&mut headless, &mut state, vec![]));
    state.notes = vec![(1, "61,204".to_owned())];
    let with = key(&draw(&mut headless, &mut state, vec![]));
    assert!(with > without + 20);
    state.notes.clear();
    assert_eq!(key(&draw(&mut headless, &mut state, vec![])), with);
    state.notes = vec![(1, "7".to_owned())];
    assert_eq!(key(&draw(&mut headless, &mut state, vec![])), with);
}

#[test]
fn messages_stand_behind_their_lines() {
    let text = format!("a: 1\nb: 2\nc: {}\n", "x".repeat(300));
    let picture = |message: &str| {
        let mut state = State::new(&text, Language::Yaml);
        state.marks = [3, 8, 13]
            .map(|at| Mark {
                span: Span::new(at, at + 1),
                severity: Severity::Error,
                message: if at == 3 {
                    String::new()
                } else {
                    message.to_owned()
                },
                hint: None,
            })
            .to_vec();
        draw(&mut headless(), &mut state, vec![])
    };
    let (none, some) = (picture(""), picture(&"Wrong number. ".repeat(30)));
    let differing: Vec<(u32, u32)> = (0..none.height())
        .flat_map(|y| (0..none.width()).map(move |x| (x, y)))
        .filter(|(x, y)| none.pixel(*x, *y) != some.pixel(*x, *y))
        .collect();
    // Only in the second line (19 points high, below 6 of margin): the third has no room behind its text.
    assert!(differing.iter().all(|(_, y)| (25..44).contains(y)));
    // Behind the text (some 90 points), up to the right edge and not over it.
    let left = differing.iter().map(|(x, _)| *x).min().unwrap();
    let right = differing.iter().map(|(x, _)| *x).max().unwrap();
    assert!((85..140).contains(&left), "{left}");
    assert!((420..490).contains(&right), "{right}");
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

#[test]
fn an_edit_lexes_only_what_changed() {
    let mut text = RULE.repeat(100);
    let lines = text.lines().count() as u64;
    assert_eq!(lines, 3_000);
    let mut cache = HighlightCache::default();
    assert!(cache.update(&text, Language::Yaml, None));
    let lexed = cache.lexed_lines();
    assert_eq!(
        lexed,
        lines + 1,
        "every line once, and the empty one at the end"
    );

    let at = text[text.len() / 2..].find("TimeGenerated").unwrap() + text.len() / 2;
    assert_eq!(cache.kind_at(text.find("where").unwrap()), Kind::Keyword);
    text.insert(at, 'x');
    assert!(cache.update(&text, Language::Yaml, None));
    assert_eq!(cache.lexed_lines() - lexed, 1);

    // A block that ends early: all lines until the states meet again, and no more.
    let lexed = cache.lexed_lines();
    let query = text[..at].rfind("query: |").unwrap();
    text.replace_range(query..query + 8, "query: x");
    assert!(cache.update(&text, Language::Yaml, None));
    let more = cache.lexed_lines() - lexed;
    assert!((10..40).contains(&more), "{more} lines");

    // The same as from scratch.
    let mut fresh = HighlightCache::default();
    fresh.update(&text, Language::Yaml, None);
    assert!(cache.runs().eq(fresh.runs()));
}

#[test]
fn random_edits_lex_as_from_scratch() {
    // A small generator of numbers (xorshift): the same edits on every run.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    let pieces = [
        "\n",
        "query: |\n",
        "  x: \"",
        "'",
        "# c\n",
        "a: b\n",
        "  | where é\n",
        "\"\"\"",
        " ",
    ];
    let mut text = RULE.to_owned();
    let mut cache = HighlightCache::default();
    for step in 0..300 {
        let boundary = |at: usize| (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap();
        let from = boundary(next(text.len() + 1));
        let to = boundary((from + next(12)).min(text.len())).max(from);
        text.replace_range(from..to, pieces[next(pieces.len())]);
        // Some edits come while the one before is not lexed to its end.
        let budget = (step % 3 == 0).then_some(std::time::Duration::ZERO);
        cache.update(&text, Language::Yaml, budget);
        if budget.is_none() {
            let mut fresh = HighlightCache::default();
            fresh.update(&text, Language::Yaml, None);
            assert!(cache.runs().eq(fresh.runs()), "step {step}");
            let covered: usize = cache.runs().flatten().map(|run| run.len).sum();
            assert_eq!(covered, text.len());
        }
    }
}

#[test]
fn colours_of_the_languages() {
    let kinds = |text: &str, language: Language, expected: &[(&str, Kind)]| {
        let mut cache = HighlightCache::default();
        cache.update(text, language, None);
        for (part, kind) in expected {
            let at = text.find(part).unwrap();
            assert_eq!(cache.kind_at(at), *kind, "{part:?} in {language:?}");
        }
    };
    kinds(
        RULE,
        Language::Yaml,
        &[
            ("# Joins", Kind::Comment),
            ("severity", Kind::Key),
            ("High", Kind::Text),
            ("Privileged change, then", Kind::String),
            ("true", Kind::Constant),
            ("// Who", Kind::Comment),
            ("let window", Kind::Keyword),
            ("1d;", Kind::Constant),
            ("where Time", Kind::Keyword),
            ("has_any", Kind::Keyword),
            ("\"role\"", Kind::String),
            ("tolower", Kind::Function),
            ("OpenAIAuditLogs", Kind::Text),
            ("ChangeTime = ", Kind::Definition),
            ("join kind", Kind::Keyword),
            ("$left", Kind::Constant),
            ("between", Kind::Keyword),
            ("order by", Kind::Keyword),
            ("desc\n", Kind::Keyword),
            ("entityMappings", Kind::Key),
            ("version", Kind::Key),
        ],
    );
    kinds(
        "import re\n\n\ndef rule(event):\n    # why\n    return event.get(\"type\") in (1, None)\n",
        Language::Python,
        &[
            ("import", Kind::Keyword),
            ("def", Kind::Keyword),
            ("rule", Kind::Function),
            ("# why", Kind::Comment),
            ("return", Kind::Keyword),
            ("\"type\"", Kind::String),
            ("None", Kind::Constant),
        ],
    );
    kinds(
        "{\"a\": \"b\", \"c\": 1}\n",
        Language::Json,
        &[
            ("\"a\"", Kind::Key),
            ("\"b\"", Kind::String),
            ("1", Kind::Constant),
        ],
    );
    let long = format!("a: \"{}\"\nb: 1\n", "x".repeat(5_000));
    kinds(
        &long,
        Language::Yaml,
        &[("\"xx", Kind::Text), ("b:", Kind::Key)],
    );
}

fn demo_marks(text: &str) -> Vec<Mark> {
    let mark = |part: &str, severity, message: &str, hint: Option<&str>| {
        let start = text.find(part).unwrap();
        Mark {
            span: Span::new(start, start + part.len()),
            severity,
            message: message.to_owned(),
            hint: hint.map(str::to_owned),
        }
    };
    vec![
        mark(
            "Emails",
            Severity::Error,
            "The query has no column `Emails`",
            Some("Did you mean `Email`?"),
        ),
        mark(
            "abuse on",
            Severity::Warning,
            "Nothing is named `abuse`",
            None,
        ),
        mark(
            "1.0.0",
            Severity::Hint,
            "Raise the version when the rule changes",
            None,
        ),
    ]
}

/// Draws a frame of a filled editor. With RULEWRIGHT_PICTURES set to a folder, keeps the picture there.
fn demo(theme: Theme, find: bool) -> Picture {
    let mut state = State::new(RULE, Language::Yaml);
    state.marks = demo_marks(RULE);
    state.notes = [
        (15, "61,204"),
        (16, "58,010"),
        (17, "412"),
        (19, "398"),
        (22, "7"),
        (23, "2"),
    ]
    .map(|(line, rows)| (line, rows.to_owned()))
    .to_vec();
    let start = RULE.find("ago(window)").unwrap();
    state.editor.select(start..start + 11);
    let mut headless = Headless::new();
    theme::install(&headless.ctx);
    let size = [1100, 720];
    for frame in 0..4 {
        if frame == 2 && find {
            state.editor.open_find();
        }
        let events = match frame {
            3 if find => vec![Event::Text("TimeGenerated".to_owned())],
            _ => vec![Event::PointerMoved(egui::pos2(285.0, 551.0))],
        };
        headless.frame(size, 1.0, theme, events, |ui| state.ui(ui));
    }
    headless.frame(size, 1.0, theme, vec![], |ui| state.ui(ui));
    let picture = headless.picture();
    if let Some(folder) = std::env::var_os("RULEWRIGHT_PICTURES") {
        let name = format!("editor-{theme:?}{}.png", if find { "-find" } else { "" });
        write_png(&std::path::Path::new(&folder).join(name), &picture).unwrap();
    }
    picture
}

#[test]
fn pictures_show_text_numbers_and_marks() {
    for (theme, tokens) in [(Theme::Dark, &theme::DARK), (Theme::Light, &theme::LIGHT)] {
        let picture = demo(theme, false);
        let count = |color: egui::Color32| {
            (0..picture.height())
                .flat_map(|y| (0..picture.width()).map(move |x| (x, y)))
                .filter(|(x, y)| picture.pixel(*x, *y) == color.to_array())
                .count()
        };
        let area = (picture.width() * picture.height()) as usize;
        assert!(
            count(tokens.editor) > area / 2,
            "most of it is the editor's background"
        );
        assert!(count(tokens.selection) > 500, "the selection");
        assert!(count(tokens.error) > 10, "the dot of the error");
        assert!(count(tokens.code.keyword) > 20, "stems of keywords");
        let found = demo(theme, true);
        assert_ne!(picture, found);
    }
}

#[test]
fn a_long_file_is_typed_into_quickly() {
    let mut state = State::new(&RULE.repeat(100), Language::Yaml);
    let at = state.text[state.text.len() / 2..]
        .find("TimeGenerated")
        .unwrap()
        + state.text.len() / 2;
    state.editor.go_to(at);
    let mut headless = Headless::new();
    theme::install(&headless.ctx);
    let mut frame = |state: &mut State, events: Vec<Event>| {
        let started = std::time::Instant::now();
        headless.frame([1600, 960], 1.0, Theme::Dark, events, |ui| state.ui(ui));
        let triangles = headless.tessellate();
        assert!(!triangles.is_empty());
        started.elapsed()
    };
    for _ in 0..80 {
        frame(&mut state, vec![]);
    }
    let mut times: Vec<_> = (0..60)
        .map(|_| frame(&mut state, vec![Event::Text("x".to_owned())]))
        .collect();
    times.sort();
    let mut idle: Vec<_> = (0..60).map(|_| frame(&mut state, vec![])).collect();
    idle.sort();
    assert!(state.text.contains(&"x".repeat(60)));
    println!(
        "{} lines: typing {:.2?} a frame (median), {:.2?} (worst); idle {:.2?}",
        state.text.lines().count(),
        times[30],
        times[59],
        idle[30],
    );
    // Far above what it takes, far below what lexing all lines at each key would.
    assert!(times[30].as_millis() < 60, "{:?}", times[30]);
}
