//! An editor alone, driven as a person drives it: keys and clicks in, text and pictures out.
#![allow(dead_code, reason = "every file of tests uses some of it")]

use super::soft;
use egui::{Event, Key, Modifiers, Theme};
use egui_kittest::Harness;
use rulewright::workbench::editor::{CodeEditor, EditorInput, Mark};
use rulewright::workbench::highlight::Language;
use rulewright::workbench::raster::{Headless, Picture};
use rulewright::workbench::theme;

/// A rule in the shape of the ones people write.
pub const RULE: &str = r#"# Joins a privileged change with an abuse signal of the same person.
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

pub struct State {
    pub editor: CodeEditor,
    pub text: String,
    pub language: Language,
    pub marks: Vec<Mark>,
    pub notes: Vec<(usize, String)>,
    pub read_only: bool,
    pub changes: usize,
    pub place: (usize, usize),
}

impl State {
    pub fn new(text: &str, language: Language) -> Self {
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

    pub fn ui(&mut self, ui: &mut egui::Ui) {
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

pub fn open(text: &str, language: Language) -> Harness<'static, State> {
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

pub fn type_text(harness: &mut Harness<'_, State>, text: &str) {
    for sign in text.chars() {
        match sign {
            '\n' => harness.key_press(Key::Enter),
            '\t' => harness.key_press(Key::Tab),
            _ => harness.event(Event::Text(sign.to_string())),
        }
        harness.run();
    }
}

pub fn press(harness: &mut Harness<'_, State>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

/// A key of a sequence.
#[derive(Clone, Copy)]
pub enum Typed {
    Key(Modifiers, Key),
    Text(&'static str),
    Paste(&'static str),
}

impl Typed {
    pub fn events(self) -> Vec<Event> {
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

/// One frame of a small editor and two to settle.
pub fn draw(headless: &mut Headless, state: &mut State, events: Vec<Event>) -> Picture {
    for events in [events, vec![], vec![]] {
        headless.frame([500, 120], 1.0, Theme::Light, events, |ui| state.ui(ui));
    }
    headless.picture()
}

/// The leftmost column with a colour.
pub fn leftmost(picture: &Picture, color: egui::Color32) -> Option<u32> {
    (0..picture.width())
        .find(|x| (0..picture.height()).any(|y| picture.pixel(*x, y) == color.to_array()))
}

pub fn headless() -> Headless {
    let headless = Headless::new();
    theme::install(&headless.ctx);
    headless
}
