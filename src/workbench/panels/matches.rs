//! The matches of the rule as a table: sorted by any column, selected with the pointer or the keys.

use super::{banner, chart, empty};
use crate::detect::Platform;
use crate::value::{Value, time};
use crate::workbench::app::Workbench;
use crate::workbench::grid::{Input, Output};
use crate::workbench::theme;

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
    rows(workbench, ui);
}

/// The matches as rows.
fn rows(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let Some((name, source)) = workbench.match_rows() else {
        return;
    };
    let selected = workbench.selection.matched;
    let reveal = std::mem::take(&mut workbench.tables.reveal);
    let mut grid = std::mem::take(&mut workbench.tables.matches);
    let output = grid.show(
        ui,
        Input {
            name: &name,
            source,
            noun: "Match",
            lit: &|row| Some(row) == selected,
            range: workbench.range,
            reveal: selected.filter(|_| reveal),
            lead: &mut |_| {},
        },
    );
    workbench.tables.matches = grid;
    if let Some(row) = output.selected {
        workbench.select_match(row);
        // It is where the person has just clicked.
        workbench.tables.reveal = false;
    }
    super::data::finish(
        workbench,
        Output {
            opened: false,
            ..output
        },
    );
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
    } else if workbench.problems.run_failed() {
        empty(
            ui,
            "The rule did not run",
            "The problems panel says why, with line and column",
        );
    } else {
        empty(ui, "No result yet", "Press F5 to run the rule");
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
