//! Choosing what `now()` and `ago()` see.

use super::{Dialog, Next, buttons, frame};
use crate::value::time::{DAY, HOUR, MINUTE, format_short, parse_datetime};
use crate::workbench::app::Workbench;
use crate::workbench::theme;

/// What has been typed.
pub struct State {
    text: String,
    shown: bool,
}

impl State {
    /// Starts from an instant.
    pub fn new(now: i64) -> Self {
        Self {
            text: format_short(now),
            shown: false,
        }
    }
}

/// Shows the dialog.
pub fn show(workbench: &mut Workbench, ui: &egui::Ui, mut state: State) -> Next {
    let mut set = false;
    let end = workbench.data.end();
    let instant = parse_datetime(&state.text);
    let (pressed, closed) = frame(ui, "Clock", 420.0, |ui| {
        let label = ui.label("What now() and ago() see, in UTC");
        let field = ui
            .add(
                egui::TextEdit::singleline(&mut state.text)
                    .font(egui::TextStyle::Monospace)
                    .desired_width(f32::INFINITY),
            )
            .labelled_by(label.id);
        if !state.shown {
            field.request_focus();
            state.shown = true;
        }
        set = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        if set && instant.is_none() {
            field.request_focus(); // to be put right where it stands
        }
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            for (text, by) in [
                ("−1 d", -DAY),
                ("−1 h", -HOUR),
                ("−5 min", -5 * MINUTE),
                ("+5 min", 5 * MINUTE),
                ("+1 h", HOUR),
                ("+1 d", DAY),
            ] {
                if ui
                    .add_enabled(instant.is_some(), egui::Button::new(text))
                    .clicked()
                    && let Some(at) = instant
                {
                    state.text = format_short(at.saturating_add(by));
                }
            }
        });
        ui.add_space(4.0);
        match (instant, end) {
            (None, _) => {
                let tokens = theme::tokens(ui);
                ui.colored_label(tokens.error, "Write it as 2026-06-08 12:00:00");
            }
            (Some(_), Some(end)) => {
                ui.weak(format!("The logs end at {}", format_short(end)));
            }
            (Some(_), None) => {
                ui.weak("No logs are loaded");
            }
        }
        buttons(
            ui,
            &[
                ("Set", instant.is_some()),
                ("Cancel", true),
                ("End of logs", end.is_some()),
            ],
        )
    });
    match pressed {
        Some(0) => set = true,
        Some(1) => return Next::Close,
        Some(2) => {
            workbench.set_clock(None);
            return Next::Close;
        }
        _ => {}
    }
    if set && let Some(at) = instant {
        workbench.set_clock(Some(at));
        return Next::Close;
    }
    if closed {
        return Next::Close;
    }
    Next::Stay(Dialog::Clock(state))
}
