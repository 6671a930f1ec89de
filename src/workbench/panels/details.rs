//! The selected match: its alert, its entities, and the raw events that made it; then what the rule needs, where
//! that can be read (`logic`), which is all there is while nothing is selected.

use super::{empty, padded};
use crate::detect::Match;
use crate::value::{EventId, Type, time};
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use crate::workbench::raw_event::{RawEvent, Wish};
use crate::workbench::theme::{self, size};

/// What the panel keeps between frames.
pub struct State {
    raw: RawEvent,
    why: super::why::State,
}

impl State {
    /// Nothing is shown yet.
    pub fn new(ctx: &egui::Context) -> Self {
        Self {
            raw: RawEvent::new(ctx),
            why: super::why::State::default(),
        }
    }

    /// Whether an event is being read.
    pub fn is_busy(&self) -> bool {
        self.raw.is_busy()
    }

    /// Takes what was read, whether or not the panel is seen.
    pub fn take_answers(&mut self) {
        self.raw.take_answers();
    }
}

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let matched = workbench.selection.matched.and_then(|index| {
        let result = workbench.result.as_ref()?;
        let matched = result.run.matches.get(index)?.clone();
        Some((index, matched, result.run.columns.clone()))
    });
    let row = stage_row(workbench).filter(|_| matched.is_none());
    let nothing = matched.is_none() && row.is_none() && workbench.selection.event.is_none();
    let has_logic = workbench.result.as_ref().is_some_and(|r| r.logic.is_some());
    if nothing && !has_logic {
        empty(
            ui,
            "Nothing is selected",
            "Select a match, a mark on the timeline or a row to see its raw events",
        );
        return;
    }
    egui::ScrollArea::vertical()
        .min_scrolled_height(size::ROW)
        .auto_shrink(false)
        .show(ui, |ui| {
            padded(ui, |ui| {
                ui.set_width(ui.available_width());
                if nothing {
                    super::logic::show(workbench, ui);
                    return;
                }
                let mut event = workbench.selection.event;
                if let Some((index, matched, columns)) = &matched {
                    let number = format!("Match {}", index + 1);
                    heading(workbench, ui, &number, &matched.title);
                    summary(ui, matched, columns);
                    links(workbench, ui, &matched.events, &mut event);
                }
                if let Some((title, fields, events)) = &row {
                    heading(workbench, ui, "", title);
                    row_fields(ui, fields);
                    links(workbench, ui, events, &mut event);
                }
                if matched.is_none() && row.is_none() {
                    heading(workbench, ui, "", "");
                }
                if event != workbench.selection.event {
                    workbench.selection.event = event;
                }
                if let Some(event) = event {
                    why(workbench, ui, event);
                    raw(workbench, ui, event);
                }
                if has_logic && matched.is_some() {
                    ui.add_space(10.0);
                    super::logic::show(workbench, ui);
                }
            });
        });
}

/// A title, cells with their names, raw events.
type StageRow = (String, Vec<(String, String)>, Vec<EventId>);

/// The selected row of the stage that the data panel shows: what it is called, its cells, its raw events.
fn stage_row(workbench: &Workbench) -> Option<StageRow> {
    let row = workbench.selection.stage_row?;
    let stage = workbench.tables.stage.as_ref()?;
    let table = stage.rows.as_ref()?.as_ref().ok()?;
    let fields = table.names.iter().zip(table.row(row));
    let fields = fields.map(|(name, value)| (name.clone(), super::matches::text_of(&value)));
    let events = table.lineage.as_ref().map_or(&[][..], |l| l.row(row));
    let title = format!("Row {} after line {}", row + 1, stage.line);
    Some((title, fields.collect(), events.to_vec()))
}

fn row_fields(ui: &mut egui::Ui, fields: &[(String, String)]) {
    let tokens = theme::tokens(ui);
    ui.spacing_mut().interact_size.y = 18.0;
    egui::Grid::new("cells of the row")
        .num_columns(2)
        .spacing([16.0, 4.0])
        .show(ui, |ui| {
            for (name, text) in fields.iter().filter(|(_, text)| !text.is_empty()) {
                ui.label(egui::RichText::new(name).color(tokens.text_subdued));
                ui.add(egui::Label::new(egui::RichText::new(text).monospace()).wrap());
                ui.end_row();
            }
        });
    ui.add_space(10.0);
}

fn summary(ui: &mut egui::Ui, matched: &Match, columns: &[(String, Type)]) {
    let tokens = theme::tokens(ui);
    ui.spacing_mut().interact_size.y = 18.0;
    egui::Grid::new("summary")
        .num_columns(2)
        .spacing([16.0, 4.0])
        .show(ui, |ui| {
            let mut field = |name: &str, text: &str| {
                if !text.is_empty() {
                    ui.label(egui::RichText::new(name).color(tokens.text_subdued));
                    ui.add(egui::Label::new(egui::RichText::new(text).monospace()).wrap());
                    ui.end_row();
                }
            };
            field("Severity", &matched.severity);
            field("Dedup", matched.dedup.as_deref().unwrap_or(""));
            for (name, text) in &matched.outputs {
                field(&capital(name), text);
            }
            for entity in matched.entities.iter() {
                let text = entity
                    .identifiers
                    .iter()
                    .map(|(name, value)| format!("{value} ({name})"))
                    .collect::<Vec<_>>()
                    .join(", ");
                field(&entity.entity_type, &text);
            }
            for ((name, _), value) in columns.iter().zip(&*matched.row) {
                if !["title", "severity", "dedup"].contains(&name.as_str()) {
                    field(name, &super::matches::text_of(value));
                }
            }
        });
    ui.add_space(10.0);
}

fn links(
    workbench: &Workbench,
    ui: &mut egui::Ui,
    events: &[EventId],
    event: &mut Option<EventId>,
) {
    let tokens = theme::tokens(ui);
    let count = super::counted(events.len(), "raw event", "raw events");
    ui.label(theme::section_label(count, tokens));
    let mut before = None;
    for id in events.iter().take(50) {
        let Some(found) = workbench.shown_data().place(*id) else {
            continue;
        };
        let when = found.time.map(time::format_short).unwrap_or_default();
        let gap = match (before, found.time) {
            (Some(before), Some(at)) => format!("  after {}", time::format_timespan(at - before)),
            _ => String::new(),
        };
        before = found.time.or(before);
        let text = format!("{when}  {}{gap}", found.table);
        let entry = ui.add(egui::Button::selectable(*event == Some(*id), text).truncate());
        if entry.on_hover_text("Show the raw event").clicked() {
            *event = Some(*id);
        }
    }
    if events.len() > 50 {
        ui.weak(format!("and {} more", events.len() - 50));
    }
    ui.add_space(10.0);
}

/// Room for the button beside a heading.
const CASE_BUTTON: f32 = 116.0;

/// What is shown, and beside it the offer to make a test of it.
fn heading(workbench: &mut Workbench, ui: &mut egui::Ui, number: &str, title: &str) {
    let tokens = theme::tokens(ui);
    let command = Command::CaseOfSelected;
    let offered = command.why_not(workbench).is_none();
    let mut clicked = false;
    if title.is_empty() && !offered {
        return;
    }
    ui.horizontal_top(|ui| {
        let button = egui::Button::new("New test case").small();
        let room = if offered { CASE_BUTTON } else { 0.0 };
        let width = (ui.available_width() - room).max(80.0);
        let wrapped = egui::Layout::left_to_right(egui::Align::TOP).with_main_wrap(true);
        ui.allocate_ui_with_layout(egui::vec2(width, 0.0), wrapped, |ui| {
            ui.set_width(width);
            if !number.is_empty() {
                ui.label(egui::RichText::new(number).color(tokens.text_subdued));
            }
            ui.label(theme::strong(title).color(tokens.text_strong));
        });
        if offered {
            let response = ui.add(button);
            let response = response.on_hover_text(command.tooltip_with_keys(ui.ctx()));
            clicked = response.clicked();
        }
    });
    if clicked {
        workbench.execute(command);
    }
}

/// What a rule without Python found in the event.
fn why(workbench: &mut Workbench, ui: &mut egui::Ui, event: EventId) {
    let Some(rule) = workbench.rule.clone() else {
        return;
    };
    let data = std::sync::Arc::clone(workbench.shown_data());
    let go = super::why::show(&mut workbench.details.why, ui, &rule, &data, event);
    if let Some((path, offset)) = go {
        workbench.go_to(&path, Some(offset), None);
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn raw(workbench: &mut Workbench, ui: &mut egui::Ui, id: EventId) {
    let data = std::sync::Arc::clone(workbench.shown_data());
    if data.place(id).is_none() {
        return;
    }
    match workbench.details.raw.show(ui, &data, id) {
        Some(Wish::OpenFile(path, line)) => workbench.go_to(&path, None, Some(line)),
        None => {}
    }
}
