//! The rule's cases: which pass, and for one that does not, what was expected and what came out.

use super::{counted, empty, took};
use crate::detect::{CaseResult, Platform};
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use crate::workbench::theme::{self, size};
use egui_material_icons::icons;

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let mut wanted = None;
    let mut go = None;
    match &workbench.tests {
        Some(answer) if is_load_failure(&answer.results) => {
            let message = answer.results.first().map_or("", |r| r.message.as_str());
            empty(ui, "The tests did not run", message);
        }
        Some(answer) if !answer.results.is_empty() => {
            summary(workbench, ui, &mut wanted);
            egui::ScrollArea::vertical()
                .auto_shrink(false)
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    for (index, result) in answer.results.iter().enumerate() {
                        if case(ui, index, result) {
                            go = Some((result.path.clone(), result.line));
                        }
                    }
                });
        }
        Some(_) => no_cases(workbench, ui),
        None if workbench.tester.is_busy() => {
            empty(ui, "Running the tests", "The results appear here")
        }
        None => empty(ui, "No test results", "Open a rule; its tests run with it"),
    }
    if let Some(command) = wanted {
        workbench.execute(command);
    }
    if let Some((path, line)) = go {
        workbench.go_to(&path, None, Some(line));
    }
}

/// The rule could not be loaded: there is one result, and it is none of a case.
pub fn is_load_failure(results: &[CaseResult]) -> bool {
    matches!(results, [only] if only.case == "load" && !only.passed)
}

fn no_cases(workbench: &Workbench, ui: &mut egui::Ui) {
    let text = match workbench.rule.as_ref().map(|r| r.platform()) {
        Some(Platform::Panther) => "Add cases under Tests: in the rule",
        _ => "Add cases in a file named like the rule, ending in .cases.yaml",
    };
    empty(ui, "This rule has no tests", text);
}

fn summary(workbench: &Workbench, ui: &mut egui::Ui, wanted: &mut Option<Command>) {
    let tokens = theme::tokens(ui);
    let Some(answer) = &workbench.tests else {
        return;
    };
    let passed = answer.results.iter().filter(|r| r.passed).count();
    let failed = answer.results.len() - passed;
    super::padded(ui, |ui| {
        ui.horizontal(|ui| {
            let (text, color) = match failed {
                0 => (
                    format!("All {} pass", counted(passed, "test", "tests")),
                    tokens.success,
                ),
                n => (
                    format!("{} failed, {passed} passed", counted(n, "test", "tests")),
                    tokens.error,
                ),
            };
            ui.label(theme::strong(text).color(color));
            ui.label(egui::RichText::new(took(answer.elapsed)).color(tokens.text_subdued));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let again = ui
                    .button("Run again")
                    .on_hover_text(Command::Test.tooltip_with_keys(ui.ctx()));
                if again.clicked() {
                    *wanted = Some(Command::Test);
                }
            });
        });
    });
}

/// One case; says whether its place was asked for.
fn case(ui: &mut egui::Ui, index: usize, result: &CaseResult) -> bool {
    let tokens = theme::tokens(ui);
    let id = ui.make_persistent_id(("case", index, &result.case));
    let mut state = egui::collapsing_header::CollapsingState::load_with_default_open(
        ui.ctx(),
        id,
        !result.passed,
    );
    let (rect, response) = ui.allocate_exact_size(
        egui::vec2(ui.available_width(), size::ROW),
        egui::Sense::click(),
    );
    let verdict = if result.passed { "passed" } else { "failed" };
    response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::Role::Button,
            true,
            format!("Test {verdict}: {}", result.case),
        )
    });
    if response.hovered() {
        ui.painter().rect_filled(rect, 0, tokens.hover);
    }
    let (icon, color) = match result.passed {
        true => (icons::ICON_CHECK_CIRCLE, tokens.success),
        false => (icons::ICON_CANCEL, tokens.error),
    };
    let middle = rect.center().y;
    let left = rect.left() + size::PADDING;
    ui.painter().text(
        egui::pos2(left, middle),
        egui::Align2::LEFT_CENTER,
        icon.codepoint,
        egui::FontId::new(size::ICON, icon.font_family()),
        color,
    );
    let mut job = egui::text::LayoutJob::simple_singleline(
        result.case.clone(),
        egui::FontId::proportional(size::BODY),
        tokens.text,
    );
    job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width() - 48.0);
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    let at = egui::pos2(left + 24.0, middle - galley.size().y / 2.0);
    ui.painter().galley(at, galley, tokens.text);
    if response.clicked() {
        state.toggle(ui);
    }
    let mut go = false;
    state.show_body_unindented(ui, |ui| {
        egui::Frame::new()
            .inner_margin(egui::Margin {
                left: 36,
                right: 12,
                top: 2,
                bottom: 8,
            })
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = 2.0;
                if !result.message.is_empty() {
                    ui.colored_label(tokens.error, &result.message);
                }
                field(ui, "Expected", &result.expected);
                field(ui, "Actual", &result.actual);
                if let Some(outputs) = result.outputs.as_object() {
                    for (name, value) in outputs {
                        let text = match value {
                            serde_json::Value::String(s) => s.clone(),
                            other => other.to_string(),
                        };
                        field(ui, name, &text);
                    }
                }
                go = ui.link("Show in the editor").clicked();
            });
    });
    state.store(ui.ctx());
    go
}

fn field(ui: &mut egui::Ui, name: &str, text: &str) {
    let tokens = theme::tokens(ui);
    if text.is_empty() {
        return;
    }
    let short: String = text.chars().take(600).collect();
    ui.horizontal_wrapped(|ui| {
        ui.label(egui::RichText::new(name).color(tokens.text_subdued));
        ui.label(
            egui::RichText::new(short)
                .monospace()
                .size(size::BODY - 1.0),
        );
    });
}
