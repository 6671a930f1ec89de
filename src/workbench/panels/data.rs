//! The rows of a loaded table; a double click on a row shows its raw event.

use super::{counted, empty, matches};
use crate::kql::Catalog;
use crate::workbench::app::Workbench;
use crate::workbench::theme::size;
use egui_extras::{Column, TableBuilder};

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tables = workbench.data_tables();
    let Some(name) = workbench.tables.shown.clone() else {
        empty(
            ui,
            "No table is loaded",
            "Add log files to see their events as rows",
        );
        return;
    };
    let mut chosen = name.clone();
    super::padded(ui, |ui| {
        ui.horizontal(|ui| {
            let combo = egui::ComboBox::from_id_salt("table")
                .selected_text(&chosen)
                .width(220.0)
                .show_ui(ui, |ui| {
                    for (name, rows, _) in &tables {
                        ui.selectable_value(&mut chosen, name.clone(), format!("{name}  {rows}"));
                    }
                });
            combo
                .response
                .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Table"));
            let rows = tables.iter().find(|t| t.0 == name).map_or(0, |t| t.1);
            ui.weak(counted(rows, "row", "rows"));
        });
    });
    if chosen != name {
        workbench.tables.shown = Some(chosen);
    }
    let Some(table) = workbench.data.table(&name) else {
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
    // Columns that hold nothing are left out: the schema in the explorer lists them all.
    let filled: Vec<usize> = (0..table.columns.len())
        .filter(|c| {
            let column = &table.columns[*c];
            (0..table.rows.min(200)).any(|r| {
                !column.is_null(r) && {
                    use crate::value::Type;
                    column.ty != Type::String || !column.text(r).is_empty()
                }
            })
        })
        .collect();
    let selected = workbench.selection.event;
    let mut clicked = None;
    egui::ScrollArea::horizontal()
        .id_salt("data across")
        .auto_shrink(false)
        .show(ui, |ui| {
            let mut builder = TableBuilder::new(ui)
                .id_salt(("data", &name, filled.len()))
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
                    for column in &filled {
                        header.col(|ui| {
                            matches::head(ui, &table.names[*column], None);
                        });
                    }
                })
                .body(|body| {
                    body.rows(size::TABLE_ROW, table.rows, |mut row| {
                        let index = row.index();
                        let event = table
                            .lineage
                            .as_ref()
                            .and_then(|l| l.row(index).first().copied());
                        row.set_selected(event.is_some() && event == selected);
                        for column in &filled {
                            row.col(|ui| matches::cell(ui, &table.columns[*column].value(index)));
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
                            clicked = event;
                        }
                    });
                });
        });
    if clicked.is_some() {
        workbench.selection.event = clicked;
        workbench.settings.reveal = Some(crate::workbench::layout::Pane::Details);
    }
}
