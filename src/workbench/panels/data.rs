//! The rows of a loaded table, or of a stage of the query; a click on a row shows its raw events.

use super::{banner, empty};
use crate::kql::Catalog;
use crate::logs::Dataset;
use crate::task::CancelToken;
use crate::value::Table;
use crate::workbench::app::Workbench;
use crate::workbench::grid::{Grid, Input, Output, Source};
use crate::workbench::layout::Pane;
use crate::workbench::stage;
use crate::workbench::theme::{self, size};
use std::sync::Arc;

/// A table that is made only when it is first looked at.
pub struct Question {
    data: Arc<Dataset>,
    name: String,
}

/// The table; a sentence where it cannot be made.
pub type Answer = (String, Result<Arc<Table>, String>);

/// The work of the thread.
pub fn work(question: Question, _cancel: &CancelToken) -> Answer {
    let table = question.data.table(&question.name);
    let table = table.ok_or_else(|| "Its rows could not be made from the events".to_owned());
    (question.name, table)
}

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    // Taken out while it is drawn: the rows may be many, and what is clicked changes the window.
    if let Some(stage) = workbench.tables.stage.take() {
        let leave = stage_rows(workbench, ui, &stage);
        if workbench.tables.stage.is_none() {
            workbench.tables.stage = Some(stage);
        }
        if let Some(table) = leave {
            workbench.leave_stage();
            workbench.tables.shown = table;
        }
        return;
    }
    let Some(name) = workbench.tables.shown.clone() else {
        empty(
            ui,
            "No table is loaded",
            "Add log files to see their events as rows",
        );
        return;
    };
    let tables = workbench.data_tables();
    let source = match workbench.source_of(&name) {
        Some(Ok(source)) if source.rows() > 0 => source,
        other => {
            if let Some(chosen) = super::padded(ui, |ui| choice(ui, &tables, &name)) {
                workbench.tables.shown = Some(chosen);
            }
            match other {
                None => empty(ui, "Making the table", "Its rows appear here"),
                Some(Err(reason)) => empty(ui, "This table cannot be read", &reason),
                Some(Ok(_)) => empty(
                    ui,
                    "This table has no rows",
                    "Add log files whose events belong in it",
                ),
            }
            return;
        }
    };
    let selected = workbench.selection.event;
    let events = source.clone();
    let lit = |row| selected.is_some() && events.event(row) == selected;
    let mut chosen = None;
    let output = grid(workbench, ui, (&name, source.clone()), &lit, &mut |ui| {
        chosen = choice(ui, &tables, &name);
    });
    if let Some(row) = output.selected {
        workbench.selection.event = source.event(row);
        workbench.selection.stage_row = None;
    }
    finish(workbench, output);
    if chosen.is_some() {
        workbench.tables.shown = chosen;
    }
}

impl Workbench {
    /// The rows of a loaded table; nothing while they are being made.
    pub(in crate::workbench) fn source_of(&mut self, name: &str) -> Option<Result<Source, String>> {
        if let Some((late, _)) = self.data.late(name) {
            return Some(Ok(Source::Late(late)));
        }
        if let Some((made, table)) = self.maker.answer() {
            self.tables.late = Some((made, table));
        }
        if self.data.is_made(name) {
            return self.data.table(name).map(|table| Ok(Source::Table(table)));
        }
        match &self.tables.late {
            Some((made, table)) if made == name => Some(table.clone().map(Source::Table)),
            _ => {
                if !self.maker.is_busy() {
                    self.maker.ask(Question {
                        data: Arc::clone(&self.data),
                        name: name.to_owned(),
                    });
                }
                None
            }
        }
    }
}

/// Shows the grid of the panel with what the window shares.
fn grid(
    workbench: &mut Workbench,
    ui: &mut egui::Ui,
    (name, source): (&str, Source),
    lit: &dyn Fn(usize) -> bool,
    lead: &mut dyn FnMut(&mut egui::Ui),
) -> Output {
    let mut grid: Grid = std::mem::take(&mut workbench.tables.data);
    let output = grid.show(
        ui,
        Input {
            name,
            source,
            noun: "Row",
            lit,
            range: workbench.range,
            reveal: None,
            lead,
        },
    );
    workbench.tables.data = grid;
    output
}

/// What a grid tells, for the window.
pub(super) fn finish(workbench: &mut Workbench, output: Output) {
    if let Some(range) = output.range {
        workbench.set_range(range);
    }
    if output.opened {
        workbench.settings.reveal = Some(Pane::Details);
    }
    if let Some(insert) = &output.insert {
        workbench.insert(insert, None);
    }
    match output.told {
        Some(Ok(text)) => workbench.notices.success(text),
        Some(Err(text)) => workbench.notices.warning(text),
        None => {}
    }
}

/// The rows after a stage. Gives the table to go back to, where that was chosen.
fn stage_rows(
    workbench: &mut Workbench,
    ui: &mut egui::Ui,
    stage: &stage::Shown,
) -> Option<Option<String>> {
    let tokens = theme::tokens(ui);
    let tables = workbench.data_tables();
    let mut leave = None;
    if workbench.stale {
        banner(
            ui,
            tokens.warning_fill,
            tokens.warning,
            "Stale: the newest text has an error, these are the rows from before it",
        );
    }
    egui::Frame::new()
        .fill(tokens.raised)
        .inner_margin(egui::Margin::symmetric(size::PADDING as i8, 4))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                let back = egui::Layout::right_to_left(egui::Align::Center);
                ui.with_layout(back, |ui| {
                    let close = ui.small_button("Back to tables");
                    if close
                        .on_hover_text("Show the loaded tables again")
                        .clicked()
                    {
                        leave = Some(workbench.tables.shown.clone());
                    }
                    let of_calls = match stage.calls {
                        0 | 1 => String::new(),
                        calls => format!(" (the first of {calls} calls)"),
                    };
                    let text = format!("Rows after line {}{of_calls}: {}", stage.line, stage.text);
                    let left = egui::Layout::left_to_right(egui::Align::Center);
                    ui.with_layout(left, |ui| {
                        let label = egui::Label::new(egui::RichText::new(&text)).truncate();
                        ui.add(label.show_tooltip_when_elided(false))
                            .on_hover_text(&text);
                    });
                });
            });
        });
    let name = stage.name();
    let mut chosen = None;
    match &stage.rows {
        Some(Ok(table)) if table.rows > 0 => {
            let selected = workbench.selection.stage_row;
            let source = Source::Table(Arc::clone(table));
            let lit = |row| Some(row) == selected;
            let output = grid(
                workbench,
                ui,
                ("rows of a stage", source),
                &lit,
                &mut |ui| {
                    chosen = choice(ui, &tables, &name);
                },
            );
            if let Some(row) = output.selected {
                select(workbench, stage, row);
            }
            finish(workbench, output);
        }
        other => {
            chosen = super::padded(ui, |ui| choice(ui, &tables, &name));
            match other {
                None => empty(ui, "Running", "The rows after the stage appear here"),
                Some(Err(message)) => {
                    empty(ui, "The rows of this stage cannot be shown", message);
                }
                Some(Ok(_)) => empty(
                    ui,
                    "No row is left after this stage",
                    "The numbers beside the lines show where the rows are lost",
                ),
            }
        }
    }
    chosen.map(Some).or(leave)
}

/// Selects a row of the stage: the details tell of its raw events.
fn select(workbench: &mut Workbench, stage: &stage::Shown, row: usize) {
    let Some(Ok(table)) = &stage.rows else {
        return;
    };
    let events = table.lineage.as_ref().map_or(&[][..], |l| l.row(row));
    workbench.selection = crate::workbench::app::Selection {
        matched: None,
        event: events.first().copied(),
        stage_row: Some(row),
    };
}

/// The choice of a table. Gives the one that was chosen.
fn choice(ui: &mut egui::Ui, tables: &[(String, usize, usize)], shown: &str) -> Option<String> {
    let mut chosen = shown.to_owned();
    let width = (ui.available_width() * 0.4 - 24.0).clamp(72.0, 220.0);
    let combo = egui::ComboBox::from_id_salt("table")
        .selected_text(shown)
        .width(width)
        .truncate()
        .show_ui(ui, |ui| {
            if !tables.iter().any(|t| t.0 == shown) {
                ui.selectable_value(&mut chosen, shown.to_owned(), shown);
            }
            for (name, rows, _) in tables {
                let text = format!("{name}  {}", super::grouped(*rows));
                ui.selectable_value(&mut chosen, name.clone(), text);
            }
        });
    combo
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Table"));
    (chosen != shown).then_some(chosen)
}
