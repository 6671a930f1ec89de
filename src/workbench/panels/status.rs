//! The line at the bottom: what is loaded, what came out, how long it took.

use super::{counted, took};
use crate::value::time::format_short;
use crate::workbench::app::Workbench;
use crate::workbench::layout::Pane;
use crate::workbench::session::size_text;
use crate::workbench::theme::{self, size};

/// Shows the bar.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    egui::Panel::bottom("status bar")
        .exact_size(size::STATUS_BAR)
        .frame(
            egui::Frame::new()
                .fill(tokens.raised)
                .inner_margin(egui::Margin::symmetric(size::PADDING as i8, 0)),
        )
        .show(ui, |ui| {
            // The right side first: where there is little room the left is cut.
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 16.0;
                right(workbench, ui);
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.set_clip_rect(ui.clip_rect().intersect(ui.max_rect()));
                    left(workbench, ui);
                });
            });
        });
}

fn small(text: impl Into<String>) -> egui::RichText {
    egui::RichText::new(text).size(size::SMALL + 1.0)
}

/// Whether there is room for some words as a whole.
fn fits(ui: &egui::Ui, words: &str) -> bool {
    let font = egui::FontId::proportional(size::SMALL + 1.0);
    let color = egui::Color32::PLACEHOLDER;
    let galley = ui.painter().layout_no_wrap(words.to_owned(), font, color);
    galley.size().x <= ui.available_width()
}

fn left(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    super::progress::show(workbench, ui);
    if workbench.loader.is_busy() {
        return;
    }
    ui.label(small(counted(
        workbench.data.event_count(),
        "event loaded",
        "events loaded",
    )));
    if ui.available_width() > 560.0 {
        let held = size_text(workbench.memory_held());
        ui.label(small(held).color(tokens.text_subdued))
            .on_hover_text("Memory that the logs hold: texts, events, columns that queries use");
    }
    let rejected: usize = workbench.data.files().iter().map(|f| f.rejects()).sum();
    if rejected > 0 {
        let text = small(counted(rejected, "record rejected", "records rejected"));
        let button = egui::Button::new(text.color(tokens.warning)).frame(false);
        let button = ui.add(button);
        if button.on_hover_text("Show them in Logs").clicked() {
            workbench.settings.reveal = Some(Pane::Logs);
        }
    }
    if let (Some(result), Some(matches)) = (&workbench.result, workbench.match_count()) {
        let so_far = if result.run.partial { " so far" } else { "" };
        let text = format!("{}{so_far}", counted(matches, "match", "matches"));
        if !fits(ui, &text) {
            return;
        }
        ui.label(small(text));
        let text = format!("run {}", took(result.run.elapsed));
        if fits(ui, &text) {
            ui.label(small(text))
                .on_hover_text("How long the last run of the rule took");
        }
    }
    if workbench.stale && fits(ui, "stale") {
        ui.label(small("stale").color(tokens.warning))
            .on_hover_text("The newest text has an error: the results are from before it");
    }
    if let Some(last) = workbench.notices.last() {
        let short: String = last.chars().take(90).collect();
        // Cut where there is no more room, unless hardly anything would be left of it.
        if ui.available_width() > 60.0 {
            let words = small(short).color(tokens.text_subdued);
            ui.add(
                egui::Label::new(words)
                    .truncate()
                    .show_tooltip_when_elided(false),
            )
            .on_hover_text(last);
        }
    }
}

fn right(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    super::status_file::show(workbench, ui);
    if ui.ctx().content_rect().width() > 1100.0 {
        ui.label(small(format!("now() {}", format_short(workbench.now()))));
    }
    let [errors, warnings, others] = workbench.problems.counts();
    let (text, color) = match (errors, warnings + others) {
        (0, 0) => ("No problems".to_owned(), tokens.text_subdued),
        (0, n) => (counted(n, "remark", "remarks"), tokens.text),
        (n, 0) => (counted(n, "error", "errors"), tokens.error),
        (n, m) => (
            format!(
                "{}, {}",
                counted(n, "error", "errors"),
                counted(m, "remark", "remarks")
            ),
            tokens.error,
        ),
    };
    let button = egui::Button::new(small(text).color(color)).frame(false);
    if ui.add(button).on_hover_text("Show the problems").clicked() {
        workbench.settings.reveal = Some(Pane::Problems);
    }
}
