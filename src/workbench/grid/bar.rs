//! Above the table: the filter box, the conditions as chips, how many rows are left, columns and histogram.

use super::view::View;
use super::{Frame, menus};
use crate::value::time::{SECOND, format_short};
use crate::workbench::panels::topbar::named_icon;
use crate::workbench::panels::{grouped, padded};
use crate::workbench::theme::{self, size};
use egui_material_icons::icons;

/// Work that is done sooner is not spoken of.
const SOON: f64 = 0.15;
/// From then on it can be stopped.
const LONG: f64 = 0.5;

pub(super) fn show(frame: &mut Frame<'_, '_>, ui: &mut egui::Ui, view: &mut View) {
    padded(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 4.0);
        // In a narrow panel the filter box has a line of its own.
        let narrow = ui.available_width() < 340.0;
        ui.horizontal(|ui| {
            (frame.input.lead)(ui);
            let right = egui::Layout::right_to_left(egui::Align::Center);
            ui.with_layout(right, |ui| {
                buttons(frame, ui, view);
                counts(frame, ui, view);
                if !narrow {
                    filter_box(frame, ui, view);
                }
            });
        });
        if narrow {
            ui.horizontal(|ui| filter_box(frame, ui, view));
        }
        chips(frame, ui, view);
    });
}

fn buttons(frame: &mut Frame<'_, '_>, ui: &mut egui::Ui, view: &mut View) {
    let button = named_icon(ui, icons::ICON_VIEW_COLUMN, "Columns")
        .on_hover_text("Choose which columns are shown");
    egui::Popup::menu(&button)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .width(320.0)
        .show(|ui| menus::columns(ui, view));
    let timed = view
        .shown
        .as_ref()
        .is_some_and(|s| s.selected.histogram.is_some());
    if timed {
        let text = match view.histogram_shown {
            true => "Hide the rows over time",
            false => "Show the rows over time",
        };
        let button = named_icon(ui, icons::ICON_BAR_CHART, text).on_hover_text(text);
        if button.clicked() {
            view.histogram_shown = !view.histogram_shown;
        }
    }
    if !view.started && timed {
        view.started = true;
        view.histogram_shown = view.rows() >= 20;
    }
    let _ = frame;
}

fn counts(frame: &mut Frame<'_, '_>, ui: &mut egui::Ui, view: &View) {
    let now = ui.input(|i| i.time);
    if let Some(((done, all), since)) = frame.busy {
        let waited = now - since;
        if waited > LONG {
            let stop = named_icon(ui, icons::ICON_CLOSE, "Stop looking at the rows");
            if stop.on_hover_text("Stop").clicked() {
                frame.stop = true;
            }
            if all > 0 {
                let part = done.saturating_mul(100) / all.max(1);
                let rate = done as f64 / waited.max(0.001);
                ui.weak(format!("{part} %")).on_hover_text(format!(
                    "{} of {} rows, {} rows a second",
                    grouped(done as usize),
                    grouped(all as usize),
                    grouped(rate as usize)
                ));
            }
        }
        if waited > SOON {
            ui.add(egui::Spinner::new().size(14.0));
        }
        ui.ctx()
            .request_repaint_after(std::time::Duration::from_millis(50));
    }
    let Some(shown) = &view.shown else {
        return;
    };
    let (rows, all) = (view.rows(), shown.source.rows());
    let text = match rows == all && !shown.query.filters() {
        true => super::super::panels::counted(all, "row", "rows"),
        false => format!("{} of {}", grouped(rows), grouped(all)),
    };
    let selected = view.selection.len();
    let label = ui.weak(text);
    if selected > 1 {
        label.on_hover_text(format!("{} rows are selected", grouped(selected)));
        ui.weak(format!("{} selected,", grouped(selected)));
    }
}

fn filter_box(frame: &mut Frame<'_, '_>, ui: &mut egui::Ui, view: &mut View) {
    let id = frame.id.with("filter");
    let room = ui.available_width().min(260.0);
    if room < 40.0 {
        return;
    }
    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
        let edit = egui::TextEdit::singleline(&mut view.query.text)
            .id(id)
            .hint_text("Filter rows")
            .desired_width(room - 16.0);
        let response = ui.add(edit).on_hover_text(
            "Rows that hold this text in any shown column, in capitals or not (Ctrl+F in the table)",
        );
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::SearchInput, true, "Filter rows")
        });
        if std::mem::take(&mut view.focus_filter) {
            response.request_focus();
        }
        let had_it = response.has_focus() || response.lost_focus();
        if had_it && ui.input(|i| i.key_pressed(egui::Key::Escape)) {
            view.query.text.clear();
        }
    });
}

/// The conditions; a click takes one away.
fn chips(frame: &mut Frame<'_, '_>, ui: &mut egui::Ui, view: &mut View) {
    let mut chips: Vec<String> = view.query.filters.iter().map(|f| f.words()).collect();
    let range = frame.input.range;
    let timed = view.shown.as_ref().is_some_and(|s| s.query.range.is_some());
    if let Some((from, to)) = range.filter(|_| timed) {
        chips.push(words((from, to)));
    }
    if chips.is_empty() {
        return;
    }
    let mut gone = None;
    ui.horizontal_wrapped(|ui| {
        for (index, text) in chips.iter().enumerate() {
            if chip(ui, text) {
                gone = Some(index);
            }
        }
        if chips.len() > 1 && ui.small_button("Clear all").clicked() {
            gone = Some(usize::MAX);
        }
    });
    match gone {
        Some(usize::MAX) => {
            view.query.filters.clear();
            frame.output.range = Some(None);
        }
        Some(index) if index < view.query.filters.len() => {
            view.query.filters.remove(index);
        }
        Some(_) => frame.output.range = Some(None),
        None => {}
    }
}

/// A range of time in words; its ends may be open.
pub(super) fn words(range: (i64, i64)) -> String {
    match range {
        (i64::MIN, to) => format!("until {}", end(to)),
        (from, i64::MAX) => format!("from {}", format_short(from)),
        (from, to) => format!("{} to {}", format_short(from), end(to)),
    }
}

/// The end of a range: the last instant before a full second is that second.
fn end(to: i64) -> String {
    match to.saturating_add(1) {
        next if next % SECOND == 0 => format_short(next),
        _ => format_short(to),
    }
}

fn chip(ui: &mut egui::Ui, text: &str) -> bool {
    let tokens = theme::tokens(ui);
    let mut job = egui::text::LayoutJob::default();
    let format = |font: egui::FontId, color| egui::text::TextFormat {
        font_id: font,
        color,
        valign: egui::Align::Center,
        ..Default::default()
    };
    let font = egui::FontId::proportional(size::SMALL + 1.0);
    job.append(text, 0.0, format(font, tokens.text));
    let icon = icons::ICON_CLOSE;
    let font = egui::FontId::new(12.0, icon.font_family());
    job.append(icon.codepoint, 6.0, format(font, tokens.text_subdued));
    job.wrap.max_rows = 1;
    job.wrap.max_width = (ui.max_rect().width() - 24.0).max(60.0);
    let button = egui::Button::new(job)
        .fill(tokens.active)
        .corner_radius(size::RADIUS_SMALL)
        .min_size(egui::vec2(0.0, 20.0));
    let response = ui.add(button);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Remove filter: {text}"))
    });
    response.on_hover_text("Remove this filter").clicked()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::time::parse_datetime;

    #[test]
    fn a_range_of_whole_bars_ends_where_the_next_one_begins() {
        let at = |text| parse_datetime(text).unwrap();
        let (from, to) = (at("2026-06-08 11:00"), at("2026-06-08 12:00"));
        let expected = format!("{} to {}", format_short(from), format_short(to));
        assert_eq!(words((from, to - 1)), expected);
        assert_eq!(words((from, to)), expected);
        assert_ne!(words((from, to - 2)), expected);
    }
}
