//! Finding by a few letters: a file, a command (`>`), a place of the file in the editor (`@`, `:`).

mod commands;
mod files;
mod fuzzy;
mod item;
mod list;
mod symbols;

use super::{Dialog, Next};
use crate::diagnostic::Fix;
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use egui::Key;
use item::{Does, Item};
use std::path::PathBuf;

/// What has been typed, and what is chosen.
#[derive(Default)]
pub struct State {
    text: String,
    chosen: usize,
    shown: bool,
    /// What was found, and for which text.
    found: Vec<Item>,
    found_for: Option<(String, usize)>,
    /// Ways to mend something, in place of anything else.
    fixes: Vec<(PathBuf, Fix)>,
}

/// What the text asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Files,
    Commands,
    Symbols,
    Line,
    Fixes,
}

impl State {
    /// Asks for one of several ways to mend something.
    pub fn fixes(fixes: Vec<(PathBuf, Fix)>) -> Self {
        Self {
            fixes,
            ..Self::default()
        }
    }

    /// Starts with a text: `>` for commands, `@` for symbols, nothing for files.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }

    fn kind(&self) -> (Kind, &str) {
        if !self.fixes.is_empty() {
            return (Kind::Fixes, self.text.trim());
        }
        let kinds = [
            ('>', Kind::Commands),
            ('@', Kind::Symbols),
            (':', Kind::Line),
        ];
        for (sign, kind) in kinds {
            if let Some(rest) = self.text.strip_prefix(sign) {
                return (kind, rest.trim());
            }
        }
        (Kind::Files, self.text.trim())
    }

    fn find(&mut self, workbench: &Workbench) {
        let key = (self.text.clone(), workbench.files.len());
        if self.found_for.as_ref() == Some(&key) {
            return;
        }
        let (kind, text) = self.kind();
        self.found = match kind {
            Kind::Files => files::find(workbench, text),
            Kind::Commands => commands::find(workbench, text),
            Kind::Symbols => symbols::find(workbench, text),
            Kind::Line => symbols::line(workbench, text),
            Kind::Fixes => commands::fixes(&self.fixes, text),
        };
        self.found_for = Some(key);
        self.chosen = self.chosen.min(self.found.len().saturating_sub(1));
    }
}

impl Kind {
    fn hint(self) -> &'static str {
        match self {
            Kind::Files => "Name of a file. Then :12 for a line; > for commands, @ for symbols",
            Kind::Commands => "Name of a command",
            Kind::Symbols => "Name of a place in this file",
            Kind::Line => "Number of a line",
            Kind::Fixes => "Ways to mend it",
        }
    }

    /// What the field is called for those who do not see it.
    fn name(self) -> &'static str {
        match self {
            Kind::Files => "File name",
            Kind::Commands => "Command name",
            Kind::Symbols => "Symbol name",
            Kind::Line => "Line number",
            Kind::Fixes => "Fix",
        }
    }

    fn nothing(self) -> &'static str {
        match self {
            Kind::Files => "No file has these letters in its name",
            Kind::Commands => "No command has these letters in its name",
            Kind::Symbols => "No place of this file has these letters in its name",
            Kind::Line => "Type the number of a line",
            Kind::Fixes => "No fix has these letters in its name",
        }
    }
}

/// Shows the dialog.
pub fn show(workbench: &mut Workbench, ui: &egui::Ui, mut state: State) -> Next {
    let id = egui::Id::unique("quick");
    let width = 560.0_f32.min(ui.ctx().content_rect().width() - 48.0);
    let area =
        egui::Modal::default_area(id).anchor(egui::Align2::CENTER_TOP, egui::vec2(0.0, 44.0));
    // The keys of the list, before the field takes them.
    let keys = ui.input_mut(|i| {
        let mut key = |key| i.consume_key(egui::Modifiers::NONE, key);
        (
            key(Key::ArrowDown),
            key(Key::ArrowUp),
            key(Key::PageDown),
            key(Key::PageUp),
            key(Key::Enter),
        )
    });
    let (down, up, page_down, page_up, enter) = keys;
    let answer = egui::Modal::new(id).area(area).show(ui.ctx(), |ui| {
        ui.set_width(width);
        let tokens = crate::workbench::theme::tokens(ui);
        ui.visuals_mut().text_edit_bg_color = Some(match tokens.dark {
            true => tokens.editor,
            false => tokens.backdrop,
        });
        let kind = state.kind().0;
        let field = egui::TextEdit::singleline(&mut state.text)
            .desired_width(f32::INFINITY)
            .margin(egui::vec2(8.0, 6.0))
            .hint_text(kind.hint())
            .show(ui);
        let response = field.response.response;
        response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, kind.name()));
        if !state.shown {
            response.request_focus();
            state.shown = true;
            let end = egui::text::CCursor::new(egui::text::CharIndex(state.text.chars().count()));
            let mut edit = field.state;
            edit.cursor
                .set_char_range(Some(egui::text::CCursorRange::one(end)));
            edit.store(ui.ctx(), response.id);
        }
        if response.changed() {
            state.chosen = 0;
        }
        state.find(workbench);
        let last = state.found.len().saturating_sub(1);
        const PAGE: usize = 10;
        let before = state.chosen;
        state.chosen = match () {
            () if down => (state.chosen + 1).min(last),
            () if up => state.chosen.saturating_sub(1),
            () if page_down => (state.chosen + PAGE).min(last),
            () if page_up => state.chosen.saturating_sub(PAGE),
            () => state.chosen.min(last),
        };
        ui.add_space(4.0);
        if state.found.is_empty() {
            ui.add_space(4.0);
            ui.weak(kind.nothing());
            ui.add_space(4.0);
        }
        let moved = state.chosen != before || response.changed();
        list::show(ui, &state.found, state.chosen, moved)
    });
    let clicked = answer.inner;
    let does = clicked.or(enter.then_some(state.chosen)).and_then(|n| {
        let item = state.found.get(n)?;
        item.why_not.is_none().then(|| item.does.clone())
    });
    match does {
        Some(does) => carry_out(workbench, does),
        None if answer.should_close() => Next::Close,
        None => Next::Stay(Dialog::Quick(state)),
    }
}

fn carry_out(workbench: &mut Workbench, does: Does) -> Next {
    match does {
        Does::Open { path, line, log } => {
            workbench.settings.opened(path.clone());
            match (log, line) {
                (true, None) => workbench.show_log(&path),
                (_, line) => {
                    workbench.go_to(&path, None, line);
                    workbench.groups.keep(&path);
                }
            }
            workbench.focus_editor();
        }
        Does::Go(offset) => {
            if let Some(view) = workbench.groups.view_mut() {
                view.editor.go_to(offset);
            }
        }
        Does::Edit(action) => {
            workbench.settings.used(action.text());
            if let Some(view) = workbench.groups.view_mut() {
                view.editor.run(action);
            }
        }
        Does::Fix(path, fix) => workbench.apply_fix(&path, &fix),
        Does::Run(command) => {
            workbench.settings.used(command.text());
            // The one that opened the list would only show it again.
            if command != Command::Palette {
                return Next::Do(command);
            }
        }
    }
    Next::Close
}

impl Workbench {
    /// Finds by a few letters; the text to start with says what.
    pub(in crate::workbench) fn ask_quick(&mut self, text: &str) {
        self.list_files();
        self.dialog = Some(Dialog::Quick(State::new(text)));
    }

    /// Looks for the files of the workspace again.
    pub(in crate::workbench) fn list_files(&mut self) {
        let mut known: Vec<PathBuf> = self.workspace.rules.clone();
        known.extend(self.docs.iter().map(|d| d.path.clone()));
        known.extend(self.data.files().iter().map(|f| f.path.clone()));
        self.lister.ask(files::Question {
            root: self.absolute_root(),
            known,
        });
    }

    fn show_log(&mut self, path: &std::path::Path) {
        self.logs.selected = Some(path.to_owned());
        self.settings.reveal = Some(crate::workbench::layout::Pane::Logs);
    }
}

pub use files::{Question as ListQuestion, work as list_work};
