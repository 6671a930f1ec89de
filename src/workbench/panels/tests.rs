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
    let shown = workbench.wanted_case.take();
    let body = workbench
        .rule
        .as_ref()
        .and_then(|rule| rule.companion.clone());
    match &workbench.tests {
        Some(answer) if is_load_failure(&answer.results) => {
            let message = answer.results.first().map_or("", |r| r.message.as_str());
            empty(ui, "The tests did not run", message);
        }
        Some(answer) if !answer.results.is_empty() => {
            summary(workbench, ui, &mut wanted);
            egui::ScrollArea::vertical()
                .min_scrolled_height(size::ROW)
                .auto_shrink(false)
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    for (index, result) in answer.results.iter().enumerate() {
                        match case(ui, index, result, shown == Some(index)) {
                            Some(Place::Case) => go = Some((result.path.clone(), result.line)),
                            Some(Place::Body(line)) => go = body.clone().map(|b| (b, line)),
                            None => {}
                        }
                    }
                });
        }
        Some(_) => no_cases(workbench, ui, &mut wanted),
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

fn no_cases(workbench: &Workbench, ui: &mut egui::Ui, wanted: &mut Option<Command>) {
    let text = match workbench.rule.as_ref().map(|r| r.platform()) {
        Some(Platform::Panther) => "Add cases under Tests: in the rule",
        _ => "Add cases in a file named like the rule, ending in .cases.yaml",
    };
    empty(ui, "This rule has no tests", text);
    ui.add_space(10.0);
    ui.vertical_centered(|ui| {
        let command = Command::NewCases;
        let button = egui::Button::new(command.text()).min_size(egui::vec2(150.0, 26.0));
        if ui.add(button).on_hover_text(command.tooltip()).clicked() {
            *wanted = Some(command);
        }
    });
}

fn summary(workbench: &Workbench, ui: &mut egui::Ui, wanted: &mut Option<Command>) {
    let tokens = theme::tokens(ui);
    let Some(answer) = &workbench.tests else {
        return;
    };
    let passed = answer.results.iter().filter(|r| r.passed).count();
    let skipped = answer.results.iter().filter(|r| r.skipped).count();
    let failed = answer.results.len().saturating_sub(passed + skipped);
    super::padded(ui, |ui| {
        ui.horizontal(|ui| {
            let (text, color) = match failed {
                0 if skipped > 0 => (
                    format!("{passed} passed, {skipped} not run"),
                    tokens.text_subdued,
                ),
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

/// What was asked to be shown of a case.
enum Place {
    /// The case itself.
    Case,
    /// A line of the rule's body, from 1.
    Body(usize),
}

/// One case; says which place of it was asked for.
fn case(ui: &mut egui::Ui, index: usize, result: &CaseResult, shown: bool) -> Option<Place> {
    let tokens = theme::tokens(ui);
    let id = ui.make_persistent_id(("case", index, &result.case));
    let mut state = egui::collapsing_header::CollapsingState::load_with_default_open(
        ui.ctx(),
        id,
        !result.passed && !result.skipped,
    );
    let (rect, response) = ui.allocate_exact_size(
        egui::vec2(ui.available_width(), size::ROW),
        egui::Sense::click(),
    );
    let verdict = match (result.passed, result.skipped) {
        (true, _) => "passed",
        (false, true) => "skipped",
        (false, false) => "failed",
    };
    if shown {
        state.set_open(true);
        response.request_focus();
        ui.scroll_to_rect(rect, Some(egui::Align::Min));
    }
    response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::Role::Button,
            true,
            format!("Test {verdict}: {}", result.case),
        )
    });
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0, tokens.hover);
    }
    let (icon, color) = match verdict {
        "passed" => (icons::ICON_CHECK_CIRCLE, tokens.success),
        "skipped" => (icons::ICON_REMOVE, tokens.text_subdued),
        _ => (icons::ICON_CANCEL, tokens.error),
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
    let mut go = None;
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
                    let color = match result.skipped {
                        true => tokens.text_subdued,
                        false => tokens.error,
                    };
                    ui.colored_label(color, &result.message);
                }
                field(ui, "Expected", &result.expected);
                field(ui, "Actual", &result.actual);
                if let Some(outputs) = result.outputs.as_object() {
                    for (name, value) in outputs {
                        if let Some(line) = output(ui, name, value) {
                            go = Some(Place::Body(line));
                        }
                    }
                }
                if ui.link("Show in the editor").clicked() {
                    go = Some(Place::Case);
                }
            });
    });
    state.store(ui.ctx());
    go
}

/// One output of a rule: its text, or the exception with its line. Gives the line of the body that was asked for.
fn output(ui: &mut egui::Ui, name: &str, value: &serde_json::Value) -> Option<usize> {
    use serde_json::Value;
    let exception = value.get("exception").and_then(Value::as_str);
    let Some(exception) =
        exception.filter(|_| name != "alert_context" || value.get("line").is_some())
    else {
        match value {
            Value::String(text) => field(ui, name, text),
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let names: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                field(ui, name, &names.join(", "));
            }
            other => field(ui, name, &other.to_string()),
        }
        return None;
    };
    let tokens = theme::tokens(ui);
    let line = value.get("line").and_then(Value::as_u64);
    let mut go = None;
    ui.horizontal_wrapped(|ui| {
        ui.label(egui::RichText::new(name).color(tokens.text_subdued));
        ui.label(
            egui::RichText::new(exception)
                .monospace()
                .size(size::BODY - 1.0)
                .color(tokens.error),
        );
        if let Some(line) = line.and_then(|line| usize::try_from(line).ok()) {
            let link = ui.link(format!("line {line}"));
            if link.on_hover_text("Show the line of the body").clicked() {
                go = Some(line);
            }
        }
    });
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
