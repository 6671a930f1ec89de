//! All files together: counts, memory, the span of time, and what can be done for the session.

use super::super::counted;
use super::Wish;
use crate::logs::Duplicates;
use crate::value::time::format_short;
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use crate::workbench::session::size_text;
use crate::workbench::settings::LogMemory;
use crate::workbench::theme;
use crate::workbench::{panels::padded, range};

/// Shows the line.
pub(super) fn show(workbench: &mut Workbench, ui: &mut egui::Ui, wishes: &mut Vec<Wish>) {
    let tokens = theme::tokens(ui);
    padded(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 10.0;
            totals(workbench, ui);
            range::show(workbench, ui);
            for (command, text) in [
                (Command::AddLogs, "Add files…"),
                (Command::AddLogFolder, "Add folder…"),
                (Command::ReloadLogs, "Reload"),
            ] {
                ui.spacing_mut().item_spacing.x = 6.0;
                let tip = command.tooltip_with_keys(ui.ctx());
                if ui.button(text).on_hover_text(tip).clicked() {
                    wishes.push(Wish::Do(command));
                }
            }
            ui.menu_button("Options", |ui| options(workbench, ui, wishes));
        });
    });
    ui.painter().hline(
        ui.max_rect().x_range(),
        ui.cursor().top(),
        egui::Stroke::new(1.0, tokens.separator),
    );
    ui.add_space(1.0);
}

fn totals(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    let held = workbench.memory_held();
    let files = workbench.data.files();
    let rejects: usize = files.iter().map(|f| f.rejects()).sum();
    let duplicates: usize = files.iter().map(|f| f.duplicates).sum();
    let quiet = |text: String| egui::RichText::new(text).color(tokens.text_subdued);
    let elapsed = super::super::took(workbench.session.loaded.elapsed);
    ui.label(theme::strong(counted(files.len(), "file", "files")))
        .on_hover_text(format!("Loaded in {elapsed}"));
    let label = ui.label(counted(workbench.data.event_count(), "event", "events"));
    if duplicates > 0 {
        let words = match workbench.session.chosen.duplicates {
            Duplicates::Once => "they count once",
            Duplicates::Each => "they count each time",
        };
        let same = counted(duplicates, "event is", "events are");
        label.on_hover_text(format!(
            "{same} in more than one file: {words}. See Options"
        ));
    }
    if rejects > 0 {
        let text = counted(rejects, "reject", "rejects");
        ui.label(egui::RichText::new(text).color(tokens.warning))
            .on_hover_text("Records that were not taken. Select a file to see them");
    }
    ui.label(quiet(format!("{} in memory", size_text(held))))
        .on_hover_text("Texts, events and the columns that queries have asked for so far");
    let first = files.iter().filter_map(|f| f.first).min();
    let last = files.iter().filter_map(|f| f.last).max();
    if let (Some(first), Some(last)) = (first, last) {
        let label = egui::Label::new(quiet(span(first, last))).extend();
        ui.add(label).on_hover_text(format!(
            "First event {}, last event {}, UTC",
            format_short(first),
            format_short(last)
        ));
    }
}

/// `2026-06-08 02:30 to 03:44`: the day of the end only where it is another.
pub(super) fn span(first: i64, last: i64) -> String {
    let minutes = |at: i64| {
        let text = format_short(at);
        text.get(..16).unwrap_or(&text).to_owned()
    };
    let (from, to) = (minutes(first), minutes(last));
    match (from.split_once(' '), to.split_once(' ')) {
        _ if from == to => from,
        (Some((day, _)), Some((same, time))) if day == same => format!("{from} to {time}"),
        _ => format!("{from} to {to}"),
    }
}

fn options(workbench: &mut Workbench, ui: &mut egui::Ui, wishes: &mut Vec<Wish>) {
    ui.set_min_width(300.0);
    let mut reload = false;
    ui.label(theme::section_label(
        "The same event in two files",
        theme::tokens(ui),
    ));
    let duplicates = &mut workbench.session.chosen.duplicates;
    for (value, text) in [
        (Duplicates::Once, "Counts once"),
        (Duplicates::Each, "Counts each time"),
    ] {
        reload |= ui.radio_value(duplicates, value, text).changed();
    }
    ui.add_space(6.0);
    ui.label(theme::section_label(
        "Files that change on disk",
        theme::tokens(ui),
    ));
    for (value, text) in [(false, "Tell me"), (true, "Reload by themselves")] {
        let setting = &mut workbench.settings.reload_changed;
        if ui.radio_value(setting, value, text).changed() {
            reload |= value && !workbench.session.changed.is_empty();
        }
    }
    ui.add_space(6.0);
    ui.label(theme::section_label("Memory for logs", theme::tokens(ui)));
    const GB: u64 = 1_000_000_000;
    let held = workbench.memory_held();
    let memory = &mut workbench.settings.log_memory;
    let automatic = LogMemory::default().bound(held).bound;
    let automatic = automatic.map_or("As much as there is".to_owned(), |bytes| {
        format!("What suits this machine, {}", size_text(bytes))
    });
    ui.horizontal_wrapped(|ui| {
        reload |= ui.radio_value(&mut memory.bytes, None, automatic).changed();
        for gb in [1, 2, 4, 8, 16, 32] {
            let bytes = &mut memory.bytes;
            let choice = ui.radio_value(bytes, Some(gb * GB), format!("{gb} GB"));
            reload |= choice.changed();
        }
        let choice = ui.radio_value(&mut memory.bytes, Some(0), "No bound");
        reload |= choice.changed();
    });
    ui.add_space(6.0);
    ui.label(theme::section_label(
        "A file that would not fit",
        theme::tokens(ui),
    ));
    for (value, text) in [
        (None, "Is not loaded"),
        (Some(1), "Loads its first records"),
        (Some(10), "Loads every 10th record"),
        (Some(100), "Loads every 100th record"),
    ] {
        reload |= ui.radio_value(&mut memory.sample, value, text).changed();
    }
    if reload {
        wishes.push(Wish::Do(Command::ReloadLogs));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::time::parse_datetime;

    #[test]
    fn a_span_names_a_day_once() {
        let at = |text| parse_datetime(text).unwrap();
        let (a, b) = (at("2026-06-08 02:30:10"), at("2026-06-08 03:44:00"));
        assert_eq!(span(a, b), "2026-06-08 02:30 to 03:44");
        assert_eq!(span(a, a), "2026-06-08 02:30");
        let c = at("2026-06-09 03:44");
        assert_eq!(span(a, c), "2026-06-08 02:30 to 2026-06-09 03:44");
    }
}
