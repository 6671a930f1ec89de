//! The card of a field with fixed choices: it changes the text beneath.

use super::frame;
use crate::author::DurationForm;
use crate::author::{Edit, FieldHelp, Form, in_words};
use crate::workbench::theme::{self, size};
use egui::{Id, Key, Modifiers, Rect, RichText, Ui, vec2};

const WIDTH: f32 = 400.0;

/// What a frame of the card gives.
pub enum Next {
    /// It stays.
    Stay,
    /// It closes.
    Close,
    /// This is to be done; with `true` it stays for more.
    Do(Vec<Edit>, bool),
}

/// Shows the card of a field.
pub fn show(ctx: &egui::Context, caret: Rect, help: &FieldHelp) -> Next {
    if ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
        return Next::Close;
    }
    let window = ctx.content_rect();
    let width = WIDTH.min(window.width() - 24.0);
    let id = Id::unique("field card");
    let last: Option<f32> = ctx.data(|d| d.get_temp(id));
    let height = last.unwrap_or(220.0);
    let at = frame::beside(window, caret, vec2(width + 10.0, height), false);
    let mut next = Next::Stay;
    let response = frame::popup(ctx, id.with("area"), at, width, |ui| {
        ui.set_width(width);
        let tokens = theme::tokens(ui);
        ui.spacing_mut().item_spacing.y = 4.0;
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(6, 4))
            .show(ui, |ui| {
                ui.label(theme::strong(&help.key));
                if !help.doc.is_empty() {
                    ui.label(RichText::new(&help.doc).color(tokens.text_subdued));
                }
                ui.add_space(2.0);
                match &help.form {
                    Form::One(picks) => choices(ui, picks, false, &mut next),
                    Form::Many(picks) => choices(ui, picks, true, &mut next),
                    Form::Duration(form) => duration(ui, form, &mut next),
                }
            });
    });
    let rect = response.response.rect;
    if last.is_none_or(|l| (l - rect.height()).abs() > 0.5) {
        ctx.data_mut(|d| d.insert_temp(id, rect.height()));
        ctx.request_repaint();
    }
    let outside = ctx.input(|i| {
        let at = i.pointer.interact_pos();
        i.pointer.any_pressed() && at.is_some_and(|at| !rect.contains(at))
    });
    match next {
        // A list that drops down from the card is a part of it.
        Next::Stay if outside && !egui::Popup::is_any_open(ctx) => Next::Close,
        next => next,
    }
}

fn choices(ui: &mut Ui, picks: &[crate::author::Pick], many: bool, next: &mut Next) {
    let tokens = theme::tokens(ui);
    let room = (ui.ctx().content_rect().height() * 0.5).min(300.0);
    egui::ScrollArea::vertical()
        .max_height(room)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for pick in picks {
                let mut chosen = pick.chosen;
                let response = match many {
                    true => ui.checkbox(&mut chosen, &pick.value),
                    false => ui.radio(chosen, &pick.value),
                };
                if !pick.doc.is_empty() {
                    ui.indent(("about", &pick.value), |ui| {
                        ui.label(
                            RichText::new(&pick.doc)
                                .size(size::SMALL)
                                .color(tokens.text_subdued),
                        );
                    });
                }
                if response.clicked() && (many || !pick.chosen) {
                    *next = Next::Do(pick.edits.clone(), many);
                }
            }
        });
}

fn duration(ui: &mut Ui, form: &DurationForm, next: &mut Next) {
    let tokens = theme::tokens(ui);
    let (least, most) = form.limits;
    let now = form.ticks.unwrap_or(least);
    let (mut count, mut unit) = DurationForm::number(now);
    ui.horizontal(|ui| {
        let number = ui.add(egui::DragValue::new(&mut count).range(1..=10_000));
        number.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Number"));
        let units = {
            use crate::value::time::{DAY, HOUR, MINUTE};
            [(MINUTE, "minutes"), (HOUR, "hours"), (DAY, "days")]
        };
        let shown = units
            .iter()
            .find(|(u, _)| *u == unit)
            .map_or("minutes", |(_, name)| name);
        let mut changed = number.changed();
        egui::ComboBox::from_id_salt("unit of the duration")
            .selected_text(shown)
            .show_ui(ui, |ui| {
                for (ticks, name) in units {
                    changed |= ui.selectable_value(&mut unit, ticks, name).changed();
                }
            });
        if changed {
            *next = Next::Do(vec![form.set(count.saturating_mul(unit))], true);
        }
        let outside = form
            .ticks
            .is_some_and(|ticks| ticks < least || ticks > most);
        let color = if outside {
            tokens.error
        } else {
            tokens.text_faint
        };
        let words = format!("From {} to {}", in_words(least), in_words(most));
        ui.label(RichText::new(words).size(size::SMALL).color(color));
    });
    ui.horizontal_wrapped(|ui| {
        for ticks in &form.usual {
            let chosen = form.ticks == Some(*ticks);
            if ui
                .add(egui::Button::selectable(chosen, in_words(*ticks)))
                .clicked()
            {
                *next = Next::Do(vec![form.set(*ticks)], true);
            }
        }
    });
}
