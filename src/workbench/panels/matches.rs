//! The matches of the rule as a table: sorted by any column, selected with the pointer or the keys.

use super::{banner, chart, empty};
use crate::detect::Platform;
use crate::value::{Type, Value, time};
use crate::workbench::app::Workbench;
use crate::workbench::theme::{self, size};
use egui_extras::{Column, TableBuilder};

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    if workbench.stale {
        banner(
            ui,
            tokens.warning_fill,
            tokens.warning,
            "Stale: the newest text has an error, these are the matches from before it",
        );
    }
    let Some(result) = &workbench.result else {
        no_result(workbench, ui);
        return;
    };
    if result.run.failed() {
        empty(
            ui,
            "The rule did not run",
            "The problems panel says why, with line and column",
        );
        return;
    }
    if result.run.matches.is_empty() {
        empty(
            ui,
            "No matches",
            match &result.rule {
                Ok(rule) if rule.platform() == Platform::Panther => {
                    "The rule ran and matched none of the loaded events"
                }
                _ => {
                    "The rule ran and matched nothing. The editor shows the rows left after each stage"
                }
            },
        );
        return;
    }
    if let Some(drawn) = &result.chart {
        let as_table = &mut workbench.tables.as_table;
        super::padded(ui, |ui| {
            ui.horizontal(|ui| {
                ui.selectable_value(as_table, true, "Table")
                    .on_hover_text("Show the matches as rows");
                ui.selectable_value(as_table, false, "Chart")
                    .on_hover_text("Show the matches as the query's render says");
            });
        });
        match drawn {
            Ok(drawn) if !*as_table => return chart::show(ui, drawn),
            Err(message) if !*as_table => {
                banner(
                    ui,
                    tokens.warning_fill,
                    tokens.warning,
                    &format!("No chart: {message}"),
                );
            }
            _ => {}
        }
    }
    let columns: Vec<(String, Type)> = result.run.columns.clone();
    let rows = &workbench.tables.rows;
    let selected = workbench.selection.matched;
    let mut clicked = None;
    let mut order = workbench.tables.order;
    let scroll_to = std::mem::take(&mut workbench.tables.reveal)
        .then(|| rows.iter().position(|r| Some(*r) == selected))
        .flatten();
    let matches = &result.run.matches;
    egui::ScrollArea::horizontal()
        .id_salt("matches across")
        .auto_shrink(false)
        .show(ui, |ui| {
            let mut table = TableBuilder::new(ui)
                .id_salt(("matches", columns.len()))
                .sense(egui::Sense::click())
                .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
                .auto_shrink(false)
                .column(Column::exact(44.0));
            for (name, ty) in &columns {
                table = table.column(width_of(name, *ty));
            }
            if let Some(row) = scroll_to {
                table = table.scroll_to_row(row, None);
            }
            table
                .header(size::TABLE_HEADER, |mut header| {
                    header.col(|ui| {
                        head(ui, "#", None);
                    });
                    for (index, (name, ty)) in columns.iter().enumerate() {
                        header.col(|ui| {
                            let direction = order.filter(|(c, _)| *c == index).map(|(_, a)| a);
                            if head(ui, name, direction)
                                .on_hover_text(format!("{name}: {ty}. Click to sort"))
                                .clicked()
                            {
                                order = match direction {
                                    None => Some((index, true)),
                                    Some(true) => Some((index, false)),
                                    Some(false) => None,
                                };
                            }
                        });
                    }
                })
                .body(|body| {
                    body.rows(size::TABLE_ROW, rows.len(), |mut row| {
                        let Some(&index) = rows.get(row.index()) else {
                            return;
                        };
                        let Some(matched) = matches.get(index) else {
                            return;
                        };
                        let is_selected = Some(index) == selected;
                        row.set_selected(is_selected);
                        row.col(|ui| {
                            ui.add_space(8.0);
                            ui.label(
                                egui::RichText::new((index + 1).to_string())
                                    .color(tokens.text_faint),
                            );
                        });
                        for value in &matched.row {
                            row.col(|ui| cell(ui, value));
                        }
                        let response = row.response();
                        response.widget_info(|| {
                            egui::WidgetInfo::selected(
                                egui::Role::Row,
                                true,
                                is_selected,
                                format!("Match {}", index + 1),
                            )
                        });
                        if response.clicked() {
                            clicked = Some(index);
                        }
                    });
                });
        });
    if let Some(index) = clicked {
        workbench.select_match(index);
    }
    if order != workbench.tables.order {
        workbench.tables.order = order;
        workbench.order_matches();
    }
}

fn no_result(workbench: &Workbench, ui: &mut egui::Ui) {
    if workbench.loader.is_busy() || workbench.runner.is_busy() {
        empty(ui, "Running", "The matches appear here");
    } else if workbench.rule_path.is_none() {
        empty(
            ui,
            "No rule is open",
            "Open a rule to see what it matches in the loaded logs",
        );
    } else if workbench.problems.iter().any(|p| p.diagnostic.is_error()) {
        empty(
            ui,
            "The rule did not run",
            "The problems panel says why, with line and column",
        );
    } else {
        empty(ui, "No result yet", "Press F5 to run the rule");
    }
}

/// A column header; an arrow where the table is sorted by it.
pub fn head(ui: &mut egui::Ui, name: &str, direction: Option<bool>) -> egui::Response {
    let tokens = theme::tokens(ui);
    ui.add_space(8.0);
    let arrow = match direction {
        Some(true) => " ↑",
        Some(false) => " ↓",
        None => "",
    };
    let text = egui::RichText::new(format!("{name}{arrow}"))
        .size(size::SMALL + 1.0)
        .color(tokens.text_subdued);
    ui.add(
        egui::Label::new(text)
            .truncate()
            .selectable(false)
            .sense(egui::Sense::click()),
    )
}

/// One cell: numbers and times in the code font, long text cut with the whole on hover.
pub fn cell(ui: &mut egui::Ui, value: &Value) {
    let tokens = theme::tokens(ui);
    ui.add_space(8.0);
    let text = text_of(value);
    let rich = match value {
        Value::Null => egui::RichText::new("null").color(tokens.text_faint),
        Value::String(_) => egui::RichText::new(&text),
        _ => egui::RichText::new(&text)
            .monospace()
            .size(size::BODY - 0.5),
    };
    let label = ui.add(egui::Label::new(rich).truncate().selectable(false));
    if text.len() > 24 {
        label.on_hover_text(text);
    }
}

/// The text of a cell: short times, everything else as it is, cut where it would be absurd.
pub fn text_of(value: &Value) -> String {
    let text = match value {
        Value::DateTime(at) => time::format_short(*at),
        other => other.display(),
    };
    match text.char_indices().nth(500) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn width_of(name: &str, ty: Type) -> Column {
    let width = match ty {
        Type::DateTime => 150.0,
        Type::Bool | Type::Int | Type::Long | Type::Real => 90.0,
        Type::Dynamic => 150.0,
        _ if name.contains("Email") || name.contains("title") => 210.0,
        _ => 160.0,
    };
    Column::initial(width)
        .at_least(48.0)
        .resizable(true)
        .clip(true)
}
