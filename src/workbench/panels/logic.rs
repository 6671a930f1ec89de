//! What a Panther rule needs before it can match, as a table; a click goes to the line. Part of the details.

use super::{counted, grouped};
use crate::detect::Asked;
use crate::panther::guard::Condition;
use crate::workbench::app::Workbench;
use crate::workbench::logic::Logic;
use crate::workbench::theme::{self, size};
use egui_extras::{Column, TableBuilder};

/// Shows the logic of the rule that ran last. Without one, false.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) -> bool {
    let shown = workbench
        .result
        .as_ref()
        .and_then(|result| Some((result.logic.as_ref()?, result.run.asked)));
    let Some((logic, asked)) = shown else {
        return false;
    };
    let mut go = None;
    let tokens = theme::tokens(ui);
    ui.label(theme::section_label("Detection logic".to_owned(), tokens));
    ui.add_space(2.0);
    if logic.conditions.is_empty() {
        ui.label(
            egui::RichText::new("No condition could be read out of the Python body")
                .color(tokens.text_subdued),
        );
    } else {
        go = conditions(ui, logic).or(go);
    }
    go = python(ui, logic).or(go);
    said(ui, logic, asked);
    if let Some(offset) = go {
        let path = logic.path.clone();
        workbench.go_to(&path, Some(offset), None);
    }
    true
}

/// The table: field, operator, values.
fn conditions(ui: &mut egui::Ui, logic: &Logic) -> Option<usize> {
    let tokens = theme::tokens(ui);
    let mut go = None;
    // As wide as their longest text, within reason: the rest is for the values.
    let longest = |text: fn(&Condition) -> &str| {
        let texts = logic
            .conditions
            .iter()
            .map(|(condition, _)| text(condition));
        texts.map(|text| text.chars().count()).max().unwrap_or(0) as f32
    };
    let field = (longest(|c| &c.field) * 7.8 + 24.0).clamp(80.0, 240.0);
    let operator = (longest(|c| &c.operator) * 6.8 + 24.0).clamp(80.0, 160.0);
    TableBuilder::new(ui)
        .id_salt("detection logic")
        .sense(egui::Sense::click())
        .vscroll(false)
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .column(
            Column::initial(field)
                .at_least(80.0)
                .resizable(true)
                .clip(true),
        )
        .column(
            Column::initial(operator)
                .at_least(60.0)
                .resizable(true)
                .clip(true),
        )
        .column(Column::remainder().at_least(80.0).clip(true))
        .header(size::TABLE_HEADER, |mut header| {
            for name in ["Field", "Operator", "Values"] {
                header.col(|ui| {
                    ui.add_space(8.0);
                    let text = egui::RichText::new(name).size(size::SMALL + 1.0);
                    ui.add(egui::Label::new(text.color(tokens.text_subdued)).selectable(false));
                });
            }
        })
        .body(|body| {
            body.rows(size::TABLE_ROW, logic.conditions.len(), |mut row| {
                let Some((condition, line)) = logic.conditions.get(row.index()) else {
                    return;
                };
                let values = condition.values.join(", ");
                let cells = [
                    (&condition.field, true, tokens.text),
                    (&condition.operator, false, tokens.text_subdued),
                    (&values, condition.operator != "any of", tokens.text),
                ];
                for (text, code, color) in cells {
                    row.col(|ui| {
                        ui.add_space(8.0);
                        let text = egui::RichText::new(text).color(color);
                        let text = if code {
                            text.monospace().size(size::BODY - 0.5)
                        } else {
                            text
                        };
                        ui.add(egui::Label::new(text).truncate().selectable(false));
                    });
                }
                let response = row.response();
                response.widget_info(|| {
                    let words = format!("Line {line}: {}", condition.text);
                    egui::WidgetInfo::labeled(egui::Role::Row, true, words)
                });
                if response.clicked() {
                    go = Some(condition.span.start);
                }
                response.on_hover_text(format!("{}\nLine {line} of the body", condition.text));
            });
        });
    go
}

/// The lines that stay Python.
fn python(ui: &mut egui::Ui, logic: &Logic) -> Option<usize> {
    if logic.python.is_empty() {
        return None;
    }
    let tokens = theme::tokens(ui);
    let mut go = None;
    ui.add_space(8.0);
    ui.label(theme::section_label("Stays in Python".to_owned(), tokens));
    for (offset, lines, text) in &logic.python {
        ui.horizontal(|ui| {
            if ui
                .link(lines)
                .on_hover_text("Show it in the editor")
                .clicked()
            {
                go = Some(*offset);
            }
            let code = egui::RichText::new(text).monospace().size(size::BODY - 0.5);
            ui.add(egui::Label::new(code.color(tokens.text_subdued)).truncate());
        });
    }
    go
}

/// What the conditions were good for in the last run.
fn said(ui: &mut egui::Ui, logic: &Logic, asked: Option<Asked>) {
    let tokens = theme::tokens(ui);
    let text = match asked {
        Some(Asked { events: 0, .. }) | None => return,
        Some(Asked { asked, events }) if asked < events => format!(
            "Python was asked about {} of {}; the others fail the conditions",
            grouped(asked),
            counted(events, "event", "events")
        ),
        Some(Asked { events, .. }) if logic.conditions.is_empty() => format!(
            "Python was asked about all {}",
            counted(events, "event", "events")
        ),
        Some(Asked { events, .. }) => format!(
            "Python was asked about all {}: none surely fails the conditions",
            counted(events, "event", "events")
        ),
    };
    ui.add_space(8.0);
    ui.label(egui::RichText::new(text).color(tokens.text_subdued));
}
