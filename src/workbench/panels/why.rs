//! Why the rule matches the selected event or does not: the expressions of a rule without Python, each with what it
//! found and answered. A click leads to the expression.

use crate::detect::{self, Rule, Why};
use crate::logs::Dataset;
use crate::panther::simple::Explained;
use crate::value::EventId;
use crate::workbench::theme::{self, size};
use egui_material_icons::icons;
use std::path::PathBuf;
use std::sync::Arc;

/// What is kept between frames: the answer for an event and the rule's text it was given for.
#[derive(Default)]
pub struct State {
    asked: Option<(EventId, Arc<Rule>, usize)>,
    why: Option<Why>,
}

impl State {
    /// The answer for an event, asked anew when the rule, the data or the event is another.
    fn of(&mut self, rule: &Arc<Rule>, data: &Arc<Dataset>, event: EventId) -> Option<&Why> {
        let data_at = Arc::as_ptr(data) as usize;
        let known = self.asked.as_ref().is_some_and(|(id, known, at)| {
            *id == event && Arc::ptr_eq(known, rule) && *at == data_at
        });
        if !known {
            self.why = detect::why(rule, data, event);
            self.asked = Some((event, Arc::clone(rule), data_at));
        }
        self.why.as_ref()
    }
}

/// Shows the expressions; gives the file and the offset that was asked for.
pub fn show(
    state: &mut State,
    ui: &mut egui::Ui,
    rule: &Arc<Rule>,
    data: &Arc<Dataset>,
    event: EventId,
) -> Option<(PathBuf, usize)> {
    let why = state.of(rule, data, event)?;
    let tokens = theme::tokens(ui);
    let title = match &why.matches {
        Some(Ok(true)) => "Why it matches",
        Some(Ok(false)) => "Why it does not match",
        Some(Err(_)) => "Why it cannot be answered",
        None => "Inline filters",
    };
    ui.label(theme::section_label(title, tokens));
    if let Some(Err(text)) = &why.matches {
        ui.colored_label(tokens.error, text);
    }
    let mut go = None;
    ui.spacing_mut().item_spacing.y = 1.0;
    for step in why.filters.iter().chain(&why.detection) {
        if row(ui, step)
            && let Some(span) = step.span
        {
            go = Some((rule.path.clone(), span.start));
        }
    }
    ui.add_space(10.0);
    go
}

/// One expression; says whether it was clicked.
fn row(ui: &mut egui::Ui, step: &Explained) -> bool {
    let tokens = theme::tokens(ui);
    let (icon, color, said) = match &step.answer {
        _ if !step.asked => (icons::ICON_REMOVE, tokens.text_subdued, "not asked"),
        Ok(true) => (icons::ICON_CHECK, tokens.success, "holds"),
        Ok(false) => (icons::ICON_CLOSE, tokens.error, "does not hold"),
        Err(_) => (icons::ICON_ERROR, tokens.error, "raises"),
    };
    let words = format!(
        "{}: {said}{}{}",
        step.expression,
        step.found
            .as_ref()
            .map_or(String::new(), |f| format!(", found {f}")),
        if step.decided { ", decided" } else { "" },
    );
    let response = ui
        .horizontal(|ui| {
            ui.add_space(14.0 * step.depth.min(12) as f32);
            ui.label(
                egui::RichText::new(icon.codepoint)
                    .family(icon.font_family())
                    .size(size::BODY)
                    .color(color),
            );
            let mut text = egui::RichText::new(&step.expression)
                .monospace()
                .size(size::BODY - 1.0);
            text = match step.decided {
                true => text.color(tokens.text_strong),
                false => text.color(tokens.text_subdued),
            };
            ui.label(text);
            if let Some(found) = &step.found {
                ui.add(
                    egui::Label::new(
                        egui::RichText::new(format!("found {found}"))
                            .size(size::BODY - 1.0)
                            .color(tokens.text_subdued),
                    )
                    .truncate(),
                );
            }
        })
        .response
        .interact(egui::Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &words));
    let response = match &step.answer {
        Err(exception) => response.on_hover_text(&exception.text),
        _ => response.on_hover_text("Show the expression in the rule"),
    };
    response.clicked()
}
