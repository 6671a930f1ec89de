//! The panels. Each shows a part of the window's state and says what a person did with it.

pub mod chart;
pub mod data;
pub mod details;
pub mod editors;
pub mod explorer;
pub mod logic;
pub mod logs;
pub mod matches;
pub mod problems;
pub mod progress;
pub mod schema;
pub mod status;
pub mod status_file;
pub mod tests;
pub mod timeline;
pub mod topbar;
mod why;

use super::theme::{self, size};

/// What an empty panel says: what it would show, and what to do for it.
pub(super) fn empty(ui: &mut egui::Ui, title: &str, text: &str) {
    let tokens = theme::tokens(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.32).max(16.0));
        ui.label(theme::strong(title).color(tokens.text));
        ui.add_space(2.0);
        ui.label(egui::RichText::new(text).color(tokens.text_subdued));
    });
}

/// A panel's content with the usual space around it.
pub(super) fn padded<T>(ui: &mut egui::Ui, body: impl FnOnce(&mut egui::Ui) -> T) -> T {
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(size::PADDING as i8, 8))
        .show(ui, body)
        .inner
}

/// A line across the top of a panel that says something about all of it.
pub(super) fn banner(ui: &mut egui::Ui, fill: egui::Color32, color: egui::Color32, text: &str) {
    egui::Frame::new()
        .fill(fill)
        .inner_margin(egui::Margin::symmetric(size::PADDING as i8, 4))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(egui::RichText::new(text).color(color));
        });
}

/// `1 match`, `2 matches`.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

/// `1,234,567`.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// A duration as people read it.
pub(super) fn took(duration: std::time::Duration) -> String {
    let ms = duration.as_secs_f64() * 1000.0;
    match ms {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1000.0),
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1234), "1,234");
        assert_eq!(grouped(123_456_789), "123,456,789");
        assert_eq!(counted(1, "match", "matches"), "1 match");
        assert_eq!(took(std::time::Duration::from_micros(1234)), "1.2 ms");
        assert_eq!(took(std::time::Duration::from_millis(2345)), "2.3 s");
    }
}
