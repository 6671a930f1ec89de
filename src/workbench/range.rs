//! The time range of the session: which rows the tables show. Rules see all logs, whatever is chosen here.

use super::app::Workbench;
use super::panels::topbar::named_icon;
use super::theme;
use crate::value::time::{DAY, HOUR, format_short, parse_datetime};
use egui_material_icons::icons;

/// What a person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quick {
    /// All of the data.
    #[default]
    All,
    /// The last hour of the data.
    Hour,
    /// The last day of the data.
    Day,
    /// The last seven days of the data.
    Week,
    /// The last thirty days of the data.
    Month,
    /// From one instant to another.
    Custom,
}

impl Quick {
    const ALL: [Quick; 6] = [
        Quick::All,
        Quick::Hour,
        Quick::Day,
        Quick::Week,
        Quick::Month,
        Quick::Custom,
    ];

    /// What the control calls it.
    pub fn text(self) -> &'static str {
        match self {
            Quick::All => "All times",
            Quick::Hour => "Last hour",
            Quick::Day => "Last day",
            Quick::Week => "Last 7 days",
            Quick::Month => "Last 30 days",
            Quick::Custom => "Custom…",
        }
    }

    fn length(self) -> Option<i64> {
        match self {
            Quick::All | Quick::Custom => None,
            Quick::Hour => Some(HOUR),
            Quick::Day => Some(DAY),
            Quick::Week => Some(7 * DAY),
            Quick::Month => Some(30 * DAY),
        }
    }
}

/// The choice, and what was typed for a custom one.
#[derive(Debug, Default)]
pub struct State {
    /// The choice.
    pub chosen: Quick,
    from: String,
    to: String,
}

impl State {
    /// First and last instant that are in the range, both included; none where all times are. `end` is the last
    /// instant of the data.
    ///
    /// # Errors
    /// What is wrong with what was typed, in one sentence.
    pub fn bounds(&self, end: Option<i64>) -> Result<Option<(i64, i64)>, String> {
        if self.chosen != Quick::Custom {
            let length = self.chosen.length();
            return Ok(length.zip(end).map(|(length, end)| (end - length, end)));
        }
        let read = |text: &str, open: i64| match text.trim() {
            "" => Ok(open),
            text => parse_datetime(text)
                .ok_or_else(|| format!("`{text}` is no time: write it as 2026-06-08 12:00:00")),
        };
        let (from, to) = (read(&self.from, i64::MIN)?, read(&self.to, i64::MAX)?);
        if from > to {
            return Err("The range ends before it begins".to_owned());
        }
        Ok(((from, to) != (i64::MIN, i64::MAX)).then_some((from, to)))
    }
}

impl Workbench {
    /// Chooses a range; a custom one starts with the range before.
    pub(super) fn choose_range(&mut self, quick: Quick) {
        if quick == Quick::Custom && self.range_state.chosen != Quick::Custom {
            let typed = |at: Option<i64>| at.map(format_short).unwrap_or_default();
            self.range_state.from = typed(self.range.map(|r| r.0).or_else(|| self.data_start()));
            self.range_state.to = typed(self.range.map(|r| r.1).or_else(|| self.data.end()));
        }
        self.range_state.chosen = quick;
        self.update_range();
    }

    /// Sets a custom range, as a drag over a histogram does; none is all times.
    pub fn set_range(&mut self, range: Option<(i64, i64)>) {
        match range {
            None => self.range_state.chosen = Quick::All,
            Some((from, to)) => {
                self.range_state.chosen = Quick::Custom;
                self.range_state.from = format_short(from);
                self.range_state.to = format_short(to);
            }
        }
        self.update_range();
    }

    /// Brings the range up to date with the data and what was typed. What cannot be read leaves it as it was.
    pub(super) fn update_range(&mut self) {
        if let Ok(range) = self.range_state.bounds(self.data.end()) {
            self.range = range;
        }
    }

    /// The time of the first event of the loaded files.
    pub(super) fn data_start(&self) -> Option<i64> {
        self.data.files().iter().filter_map(|f| f.first).min()
    }
}

/// The control: a choice of ranges, and two fields where a custom one is chosen.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let chosen = workbench.range_state.chosen;
    let mut wanted = chosen;
    let combo = egui::ComboBox::from_id_salt("time range")
        .selected_text(chosen.text())
        .width(108.0)
        .show_ui(ui, |ui| {
            for quick in Quick::ALL {
                ui.selectable_value(&mut wanted, quick, quick.text());
            }
        });
    let name = format!("Time range {}", chosen.text());
    combo
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, name.clone()));
    combo.response.on_hover_ui(|ui| {
        ui.label("Which rows the tables show, by their time. Rules see all logs");
        if let Some((from, to)) = workbench.range {
            let word = |at: i64, open: &str| match at {
                i64::MIN | i64::MAX => open.to_owned(),
                at => format_short(at),
            };
            ui.weak(format!(
                "{} to {}",
                word(from, "the beginning"),
                word(to, "the end")
            ));
        }
    });
    if wanted != chosen {
        workbench.choose_range(wanted);
    }
    if workbench.range_state.chosen != Quick::Custom {
        return;
    }
    let tokens = theme::tokens(ui);
    let mut changed = false;
    let mut entered = None;
    let state = &mut workbench.range_state;
    for (text, name) in [
        (&mut state.from, "Range from"),
        (&mut state.to, "Range until"),
    ] {
        let field = egui::TextEdit::singleline(text)
            .font(egui::TextStyle::Monospace)
            .hint_text("Open")
            .desired_width(148.0);
        let field = ui.add(field);
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
        changed |= field.changed();
        if field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
            entered = Some(field.id);
        }
        field.on_hover_text(format!("{name}, UTC, included. Empty is open"));
    }
    match state.bounds(workbench.data.end()) {
        Err(message) => {
            // What is wrong is mended where it was typed.
            if let Some(field) = entered {
                ui.memory_mut(|m| m.request_focus(field));
            }
            ui.label(theme::icon(icons::ICON_ERROR).color(tokens.error))
                .on_hover_text(&message);
            ui.colored_label(tokens.error, message);
        }
        Ok(_) if changed => workbench.update_range(),
        Ok(_) => {}
    }
    if named_icon(ui, icons::ICON_CLOSE, "Show all times")
        .on_hover_text("Show all times")
        .clicked()
    {
        workbench.choose_range(Quick::All);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_end_with_the_data_and_hold_both_ends() {
        let end = parse_datetime("2026-06-08 12:00:00").unwrap();
        let mut state = State::default();
        assert_eq!(state.bounds(Some(end)), Ok(None));
        state.chosen = Quick::Hour;
        assert_eq!(state.bounds(Some(end)), Ok(Some((end - HOUR, end))));
        assert_eq!(state.bounds(None), Ok(None), "no data");
        state.chosen = Quick::Custom;
        assert_eq!(state.bounds(Some(end)), Ok(None), "both ends open");
        state.from = "2026-06-08 12:00".to_owned();
        assert_eq!(state.bounds(None), Ok(Some((end, i64::MAX))));
        state.to = "2026-06-08 11:00".to_owned();
        assert!(state.bounds(None).is_err());
        state.to = "noon".to_owned();
        assert!(state.bounds(None).unwrap_err().contains("`noon`"));
    }
}
