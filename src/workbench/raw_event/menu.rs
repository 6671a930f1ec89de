//! What can be copied of a value, and how it is folded.

use super::RawEvent;
use super::copies;
use super::document::Document;
use super::filter;
use super::lines::Line;
use super::read::Loaded;

/// What the menu says of a value; made when it is opened.
pub struct Menu {
    line: Line,
    path: String,
    filter: Option<String>,
    panther: Option<String>,
}

impl RawEvent {
    /// The menu of a line is opened.
    pub(super) fn open_menu(&mut self, loaded: &Loaded, line: Line) {
        let Some(document) = &loaded.document else {
            return;
        };
        let node = line.node();
        let path = copies::path(document, node);
        let json = document.node(node).map_or("", |n| match n.is_container() {
            true => "[]",
            false => document.slice(&n.value),
        });
        self.current = Some(line);
        self.menu = Some(Menu {
            line,
            filter: self
                .row
                .as_ref()
                .and_then(|row| filter::condition(row, &path, json)),
            panther: copies::panther(&path, event_type(document).as_deref()),
            path: copies::spelled(&path),
        });
    }

    /// What the menu holds.
    pub(super) fn menu(&mut self, ui: &mut egui::Ui, loaded: &Loaded) {
        let Some(document) = &loaded.document else {
            ui.close();
            return;
        };
        let Some(menu) = &self.menu else {
            ui.close();
            return;
        };
        let node = menu.line.node();
        let copy = |ui: &mut egui::Ui, name: &str, text: Option<&str>, why_not: &str| {
            let button = ui.add_enabled(text.is_some(), egui::Button::new(name));
            let button = button.on_disabled_hover_text(why_not);
            let button = match text {
                Some(text) => button.on_hover_text(short(text)),
                None => button,
            };
            if button.clicked() {
                ui.ctx().copy_text(text.unwrap_or_default().to_owned());
                ui.close();
            }
        };
        // A value may be of any size: its text is made when it is asked for.
        if ui.button("Copy value").clicked() {
            ui.ctx().copy_text(copies::value(document, node));
            ui.close();
        }
        let path = Some(menu.path.as_str()).filter(|p| !p.is_empty());
        copy(ui, "Copy path", path, "This is the whole event");
        ui.separator();
        let why_not = match self.rower.is_busy() {
            true => "The event's row is still being looked up",
            false => "No column of the event's row is known to hold this value",
        };
        let filter = menu.filter.as_deref();
        copy(ui, "Copy as KQL filter", filter, why_not);
        copy(
            ui,
            "Copy as Panther access",
            menu.panther.as_deref(),
            "This is the whole event",
        );
        let folds = document.node(node).is_some_and(|n| n.folds());
        if folds {
            ui.separator();
            let mut wanted = None;
            for (name, folded) in [("Fold all in it", true), ("Unfold all in it", false)] {
                if ui.button(name).clicked() {
                    wanted = Some(folded);
                    ui.close();
                }
            }
            if let Some(folded) = wanted {
                self.folds.set_below(document, node, folded);
                self.current = None;
                self.changed();
            }
        }
    }
}

/// The event's own type, where it has one.
fn event_type(document: &Document) -> Option<String> {
    let whole = document.node(0)?;
    let mut members = whole.children.clone().filter_map(|n| document.node(n));
    let named = members.find(|n| {
        let key = n.key.as_ref();
        key.is_some_and(|k| document.slice(k) == "\"type\"")
    })?;
    Some(copies::decoded(document.slice(&named.value)))
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(200).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
