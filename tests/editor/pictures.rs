//! What can be seen: the view, the gutter, marks and messages.

use super::common::{RULE, State, Typed, draw, headless, leftmost};
use egui::{Event, Key, Modifiers, Theme};
use rulewright::diagnostic::{Severity, Span};
use rulewright::workbench::editor::{Mark, TestMark, Verdict};
use rulewright::workbench::highlight::Language;
use rulewright::workbench::raster::{Headless, Picture, write_png};
use rulewright::workbench::theme;

fn test(line: usize, verdict: Verdict) -> TestMark {
    TestMark {
        line,
        verdict,
        old: false,
        words: "Test".to_owned(),
    }
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

/// What a person may see at once: folds, several cursors, tests, guides, the replace bar, wrapped lines.
#[test]
fn pictures_of_all_that_can_be_open() {
    use rulewright::workbench::editor::{Action, EditorInput, Selection};
    let text = format!(
        "{RULE}# {}\n# 文字 é\t| \u{202e}x\n",
        "a long remark ".repeat(20)
    );
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut headless = headless();
        let mut state = State::new(&text, Language::Yaml);
        let mut pictures = Vec::new();
        let mut draw = |state: &mut State, keys: &[Typed], what: &str| {
            let events = keys.iter().flat_map(|k| k.events()).collect();
            for events in [events, vec![], vec![], vec![]] {
                headless.frame([760, 560], 1.0, theme, events, |ui| {
                    let input = EditorInput {
                        problems: &demo_marks(RULE),
                        notes: &[(16, "58,010".to_owned())],
                        tests: &[test(3, Verdict::Passed), test(8, Verdict::Failed)],
                        ..EditorInput::new(&mut state.text, state.language)
                    };
                    state.editor.show(ui, input);
                });
            }
            let picture = headless.picture();
            if let Some(folder) = std::env::var_os("RULEWRIGHT_PICTURES") {
                let file = format!("editor-{what}-{name}.png");
                write_png(&std::path::Path::new(&folder).join(file), &picture).unwrap();
            }
            pictures.push(picture);
        };
        state.editor.go_to(RULE.find("changes =").unwrap());
        draw(&mut state, &[], "plain");
        state.editor.run(Action::Fold);
        draw(&mut state, &[], "folded");
        state.editor.run(Action::UnfoldAll);
        let email = RULE.find("Email").unwrap();
        state
            .editor
            .set_selections(vec![Selection::new(email, email + 5)]);
        state.editor.run(Action::SelectAllOccurrences);
        draw(&mut state, &[], "cursors");
        state.editor.set_selections(vec![Selection::new(
            RULE.find("// Who").unwrap() + 4,
            RULE.find("| extend").unwrap(),
        )]);
        draw(&mut state, &[], "selected");
        let bracket = RULE.find("(tostring").unwrap();
        state.editor.go_to(bracket);
        draw(&mut state, &[], "brackets");
        state.editor.run(Action::Replace);
        draw(&mut state, &[], "bar");
        draw(&mut state, &[Typed::Text("Email")], "replace");
        state.editor.set_wrap(true);
        state.editor.go_to(text.len());
        draw(&mut state, &[], "wrapped");
        for (i, picture) in pictures.iter().enumerate() {
            assert!(!pictures[..i].contains(picture), "picture {i}");
        }
    }
}
