//! The rows of a loaded table, or of a stage of the query; a click on a row shows its raw events.

use super::{banner, counted, empty, matches};
use crate::kql::Catalog;
use crate::logs::Dataset;
use crate::value::{Table, Type, Value};
use crate::workbench::app::Workbench;
use crate::workbench::stage;
use crate::workbench::theme::{self, size};
use egui_extras::{Column, TableBuilder};
use std::sync::Arc;

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    // Taken out while it is drawn: the rows may be many, and what is clicked changes the window.
    if let Some(stage) = workbench.tables.stage.take() {
        let (leave, clicked) = stage_rows(workbench, ui, &stage);
        workbench.tables.stage = Some(stage);
        if let Some(row) = clicked {
            workbench.select_stage_row(row);
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
    let rows = tables.iter().find(|t| t.0 == name).map_or(0, |t| t.1);
    if let Some(chosen) = head(ui, &tables, &name, Some(rows)) {
        workbench.tables.shown = Some(chosen);
    }
    // A large table's rows are read as they are looked at.
    let pages = workbench.data.page(&name, 0).is_some();
    let table = match workbench.data.page(&name, 0) {
        Some(Ok(first)) => Some(first),
        Some(Err(reason)) => {
            empty(ui, "This table cannot be read", &reason);
            return;
        }
        None => workbench.data.table(&name),
    };
    let Some(table) = table else {
        empty(ui, "This table is not loaded", "Choose another one above");
        return;
    };
    if table.rows == 0 {
        empty(
            ui,
            "This table has no rows",
            "Add log files whose events belong in it",
        );
        return;
    }
    let data = &workbench.data;
    // The table that has a row, and the row's number in it.
    let place = |row: usize| -> Option<(Arc<Table>, usize)> {
        if !pages {
            return Some((Arc::clone(&table), row));
        }
        let page = data.page(&name, row / Dataset::PAGE)?.ok()?;
        Some((page, row % Dataset::PAGE))
    };
    let event_of = |row| {
        let (table, row) = place(row)?;
        table.lineage.as_ref()?.row(row).first().copied()
    };
    let selected = workbench.selection.event;
    let lit = |row| event_of(row).is_some_and(|e| Some(e) == selected);
    let rows = if pages { rows } else { table.rows };
    let clicked = grid(ui, (&table, rows), &name, place, lit).and_then(event_of);
    if clicked.is_some() {
        workbench.selection.event = clicked;
        workbench.selection.stage_row = None;
        workbench.settings.reveal = Some(crate::workbench::layout::Pane::Details);
    }
}

/// The rows after a stage. Gives the table to go back to, where that was chosen, and the row that was clicked.
fn stage_rows(
    workbench: &Workbench,
    ui: &mut egui::Ui,
    stage: &stage::Shown,
) -> (Option<Option<String>>, Option<usize>) {
    let tokens = theme::tokens(ui);
    let tables = workbench.data_tables();
    let rows = match &stage.rows {
        Some(Ok(table)) => Some(table.rows),
        _ => None,
    };
    let mut leave = head(ui, &tables, &stage.name(), rows).map(Some);
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
                        ui.add(label).on_hover_text(&text);
                    });
                });
            });
        });
    let clicked = match &stage.rows {
        None => {
            empty(ui, "Running", "The rows after the stage appear here");
            None
        }
        Some(Err(message)) => {
            empty(ui, "The rows of this stage cannot be shown", message);
            None
        }
        Some(Ok(table)) if table.rows == 0 => {
            empty(
                ui,
                "No row is left after this stage",
                "The numbers beside the lines show where the rows are lost",
            );
            None
        }
        Some(Ok(table)) => {
            let selected = workbench.selection.stage_row;
            let place = |row| Some((table, row));
            let size = (table, table.rows);
            grid(ui, size, "rows of a stage", place, |row| {
                Some(row) == selected
            })
        }
    };
    (leave, clicked)
}

/// The choice of a table and the count of its rows. Gives the table that was chosen.
fn head(
    ui: &mut egui::Ui,
    tables: &[(String, usize, usize)],
    shown: &str,
    rows: Option<usize>,
) -> Option<String> {
    let mut chosen = shown.to_owned();
    super::padded(ui, |ui| {
        ui.horizontal(|ui| {
            let combo = egui::ComboBox::from_id_salt("table")
                .selected_text(shown)
                .width(220.0)
                .show_ui(ui, |ui| {
                    if !tables.iter().any(|t| t.0 == shown) {
                        ui.selectable_value(&mut chosen, shown.to_owned(), shown);
                    }
                    for (name, rows, _) in tables {
                        ui.selectable_value(&mut chosen, name.clone(), format!("{name}  {rows}"));
                    }
                });
            combo
                .response
                .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Table"));
            if let Some(rows) = rows {
                ui.weak(counted(rows, "row", "rows"));
            }
        });
    });
    (chosen != shown).then_some(chosen)
}

/// The rows of a table, of which there are so many. What tells the columns is the table or its first rows; `place`
/// gives the table that has a row, and its number there. Gives the row that was clicked.
fn grid<T: std::ops::Deref<Target = Table>>(
    ui: &mut egui::Ui,
    (table, rows): (&Table, usize),
    name: &str,
    place: impl Fn(usize) -> Option<(T, usize)>,
    lit: impl Fn(usize) -> bool,
) -> Option<usize> {
    // Columns that hold nothing are left out: the schema in the explorer lists them all.
    let filled: Vec<_> = table
        .names
        .iter()
        .zip(&table.columns)
        .enumerate()
        .filter(|(_, (_, column))| {
            (0..table.rows.min(200)).any(|row| {
                !column.is_null(row) && (column.ty != Type::String || !column.text(row).is_empty())
            })
        })
        .collect();
    let mut clicked = None;
    egui::ScrollArea::horizontal()
        .id_salt("data across")
        .auto_shrink(false)
        .show(ui, |ui| {
            let mut builder = TableBuilder::new(ui)
                .id_salt(("data", name, filled.len()))
                .sense(egui::Sense::click())
                .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
                .auto_shrink(false);
            for _ in &filled {
                builder = builder.column(
                    Column::initial(150.0)
                        .at_least(48.0)
                        .resizable(true)
                        .clip(true),
                );
            }
            builder
                .header(size::TABLE_HEADER, |mut header| {
                    for (_, (name, _)) in &filled {
                        header.col(|ui| {
                            matches::head(ui, name, None);
                        });
                    }
                })
                .body(|body| {
                    body.rows(size::TABLE_ROW, rows, |mut row| {
                        let index = row.index();
                        row.set_selected(lit(index));
                        let there = place(index);
                        for (at, _) in &filled {
                            let value = there.as_ref().and_then(|(table, row)| {
                                let column = table.columns.get(*at)?;
                                Some(column.value(*row))
                            });
                            row.col(|ui| matches::cell(ui, &value.unwrap_or(Value::Null)));
                        }
                        let response = row.response();
                        response.widget_info(|| {
                            egui::WidgetInfo::labeled(
                                egui::Role::Row,
                                true,
                                format!("Row {}", index + 1),
                            )
                        });
                        if response.clicked() {
                            clicked = Some(index);
                        }
                    });
                });
        });
    clicked
}
