//! The files, one a row.

use super::super::grouped;
use super::{Wish, head, list, menu};
use crate::logs::{LogFile, form_title};
use crate::workbench::app::Workbench;
use crate::workbench::session::size_text;
use crate::workbench::theme::{self, size};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Name,
    Form,
    Connector,
    Table,
    Events,
    Duplicates,
    Rejects,
    Span,
    Size,
}

const HEADINGS: [(Heading, &str, f32); 9] = [
    (Heading::Name, "Name", 190.0),
    (Heading::Form, "Form", 150.0),
    (Heading::Connector, "Connector", 130.0),
    (Heading::Table, "Table", 140.0),
    (Heading::Events, "Events", 116.0),
    (Heading::Duplicates, "Duplicates", 80.0),
    (Heading::Rejects, "Rejects", 70.0),
    (Heading::Span, "Time", 210.0),
    (Heading::Size, "Size", 70.0),
];

impl Heading {
    fn is_number(self) -> bool {
        matches!(
            self,
            Heading::Events | Heading::Duplicates | Heading::Rejects | Heading::Size
        )
    }
}

/// The columns that say something: mostly no file has duplicates or rejects.
fn headings(files: &[&LogFile]) -> Vec<(Heading, &'static str, f32)> {
    let says = |heading: Heading| match heading {
        Heading::Duplicates => files.iter().any(|f| f.duplicates > 0),
        Heading::Rejects => files.iter().any(|f| !f.rejected.is_empty()),
        _ => true,
    };
    let all = HEADINGS.into_iter();
    all.filter(|(heading, ..)| says(*heading)).collect()
}

/// Shows the table.
pub(super) fn show(
    workbench: &mut Workbench,
    ui: &mut egui::Ui,
    files: &[&LogFile],
    wishes: &mut Vec<Wish>,
) {
    let order = workbench.logs.order;
    let rows = ordered(files, order);
    let mut clicked = None;
    let tokens = theme::tokens(ui);
    let headings = headings(files);
    let (keys, moved) = list::keys(workbench, ui, files, &rows, wishes);
    let has_keys = ui.memory(|m| m.has_focus(keys));
    egui::ScrollArea::horizontal()
        .id_salt("log files across")
        .auto_shrink(false)
        .show(ui, |ui| {
            let ui_ctx = ui.ctx().clone();
            let mut rings = Vec::new();
            let mut clip = ui.clip_rect();
            let painter = ui.painter().clone();
            let mut table = TableBuilder::new(ui)
                .id_salt(("log files", headings.len()))
                // The list has the keyboard as a whole: its cells are no stops of Tab.
                .sense(egui::Sense::CLICK)
                .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
                .min_scrolled_height(size::TABLE_ROW)
                .auto_shrink(false);
            if let Some(place) = moved {
                table = table.scroll_to_row(place, None);
            }
            for (_, _, width) in &headings {
                let column = Column::initial(*width).at_least(44.0);
                table = table.column(column.resizable(true).clip(true));
            }
            table
                .header(size::TABLE_HEADER, |mut header| {
                    for (heading, text, _) in headings.iter().copied() {
                        header.col(|ui| {
                            let direction = order.filter(|o| o.0 == heading).map(|o| o.1);
                            if title(ui, heading, text, direction).clicked() {
                                clicked = Some((heading, direction));
                            }
                        });
                    }
                })
                .body(|mut body| {
                    clip = body.ui_mut().clip_rect();
                    body.rows(size::TABLE_ROW, rows.len(), |mut row| {
                        let Some(file) = rows.get(row.index()).and_then(|i| files.get(*i).copied())
                        else {
                            return;
                        };
                        let selected = workbench.logs.selected.as_ref() == Some(&file.path);
                        row.set_selected(selected);
                        let changed = workbench.session.changed.contains(&file.path);
                        for (heading, _, _) in headings.iter().copied() {
                            row.col(|ui| cell(ui, file, heading, changed, selected));
                        }
                        let response = row.response();
                        let at_cursor = workbench.logs.cursor.as_ref() == Some(&file.path);
                        if has_keys && at_cursor {
                            rings.push(response.rect);
                        }
                        response.widget_info(|| {
                            let name = name(file);
                            let label = format!("Log file {name} in Logs");
                            egui::WidgetInfo::selected(egui::Role::Row, true, selected, label)
                        });
                        if response.clicked() || response.secondary_clicked() {
                            ui_ctx.memory_mut(|m| m.request_focus(keys));
                            workbench.logs.cursor = Some(file.path.clone());
                        }
                        if response.double_clicked() && file.events > 0 {
                            wishes.push(Wish::ShowRows(file.path.clone()));
                        } else if response.clicked() {
                            wishes.push(Wish::Select(file.path.clone()));
                        }
                        crate::workbench::menus::context_menu(&response, |ui| {
                            menu::show(workbench, ui, file, wishes)
                        });
                    });
                });
            for ring in rings {
                let stroke = egui::Stroke::new(1.5, tokens.accent);
                painter.with_clip_rect(clip).rect_stroke(
                    ring.shrink(1.0),
                    size::RADIUS_SMALL,
                    stroke,
                    egui::StrokeKind::Inside,
                );
            }
        });
    if let Some((heading, direction)) = clicked {
        workbench.logs.order = match direction {
            None => Some((heading, true)),
            Some(true) => Some((heading, false)),
            Some(false) => None,
        };
    }
}

fn title(
    ui: &mut egui::Ui,
    heading: Heading,
    text: &str,
    direction: Option<bool>,
) -> egui::Response {
    let tokens = theme::tokens(ui);
    let arrow = match direction {
        Some(true) => " ↑",
        Some(false) => " ↓",
        None => "",
    };
    let words = egui::RichText::new(format!("{text}{arrow}"))
        .size(size::SMALL + 1.0)
        .color(tokens.text_subdued);
    let label = egui::Label::new(words)
        .selectable(false)
        .sense(egui::Sense::click());
    let add = |ui: &mut egui::Ui| {
        ui.add_space(8.0);
        ui.add(label).on_hover_text("Click to sort")
    };
    match heading.is_number() {
        true => {
            let right = egui::Layout::right_to_left(egui::Align::Center);
            ui.with_layout(right, add).inner
        }
        false => add(ui),
    }
}

fn cell(ui: &mut egui::Ui, file: &LogFile, heading: Heading, changed: bool, selected: bool) {
    let tokens = theme::tokens(ui);
    let color = match selected {
        true => tokens.on_selection,
        false => tokens.text,
    };
    let text = match heading {
        Heading::Name => {
            ui.add_space(8.0);
            let (icon, fill) = match (file.events, file.rejects()) {
                (0, n) if n > 0 => (icons::ICON_ERROR, tokens.error),
                (_, 0) => (icons::ICON_DESCRIPTION, tokens.text_subdued),
                _ => (icons::ICON_WARNING, tokens.warning),
            };
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(theme::icon(icon).color(fill));
            let not_reached = file.notes.iter().any(|n| n == super::NOT_REACHED);
            if not_reached || file.is_partial() || file.sampled {
                let told = match (not_reached, file.is_partial()) {
                    (true, _) => super::NOT_REACHED,
                    (false, true) => "Loading was stopped: not all of its events are here",
                    (false, false) => "A sample: not all of its events are here",
                };
                ui.label(theme::icon(icons::ICON_INCOMPLETE_CIRCLE).color(tokens.warning))
                    .on_hover_text(told);
            }
            if changed {
                ui.label(theme::icon(icons::ICON_SYNC).color(tokens.warning))
                    .on_hover_text("Changed on disk since it was loaded");
            }
            let label = egui::Label::new(egui::RichText::new(name(file)).color(color));
            let label = label.truncate().show_tooltip_when_elided(false);
            ui.add(label.selectable(false))
                .on_hover_text(file.path.display().to_string());
            return;
        }
        Heading::Form => match &file.choice.form {
            Some(_) => format!("{}, chosen", short_form(&file.form)),
            None => short_form(&file.form),
        },
        Heading::Connector => match &file.choice.connector {
            Some(id) if file.connector.is_empty() => format!("{id}, chosen"),
            Some(_) => format!("{}, chosen", file.connector),
            None => file.connector.replace('+', ", "),
        },
        Heading::Table => file.table.replace('+', ", "),
        Heading::Events if file.notes.iter().any(|n| n == super::NOT_REACHED) => {
            "Not read".to_owned()
        }
        Heading::Events if file.sampled || file.is_partial() => {
            format!("{} of more", grouped(file.events))
        }
        Heading::Events => grouped(file.events),
        Heading::Duplicates => some(file.duplicates),
        Heading::Rejects => some(file.rejects()),
        Heading::Span => match (file.first, file.last) {
            (Some(first), Some(last)) => head::span(first, last),
            _ => String::new(),
        },
        Heading::Size => size_text(file.size),
    };
    let rich = match heading {
        Heading::Rejects if !selected => egui::RichText::new(&text).color(tokens.warning),
        _ => egui::RichText::new(&text).color(color),
    };
    let add = |ui: &mut egui::Ui| {
        ui.add_space(8.0);
        ui.add(egui::Label::new(rich).truncate().selectable(false));
    };
    match heading.is_number() {
        true => {
            let right = egui::Layout::right_to_left(egui::Align::Center);
            ui.with_layout(right, add);
        }
        false => add(ui),
    }
}

/// The form without what explains it; what the file was packed with stays.
fn short_form(form: &str) -> String {
    let title = form_title(form);
    let (name, rest) = title.split_once(':').unwrap_or((&title, ""));
    match rest.rfind('(').and_then(|at| rest.get(at..)) {
        Some(packed) => format!("{name} {packed}"),
        None => name.to_owned(),
    }
}

fn some(count: usize) -> String {
    match count {
        0 => String::new(),
        count => grouped(count),
    }
}

/// The file's name with the folder it lies in: files of one export are called alike.
pub(super) fn name(file: &LogFile) -> String {
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    match file.path.parent().and_then(|p| p.file_name()) {
        Some(folder) => format!("{}/{name}", folder.to_string_lossy()),
        None => name.into_owned(),
    }
}

fn ordered(files: &[&LogFile], order: Option<(Heading, bool)>) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..files.len()).collect();
    let Some((heading, ascending)) = order else {
        return rows;
    };
    let of = |i: &usize| files.get(*i).copied();
    match heading {
        Heading::Name => rows.sort_by_key(|i| of(i).map(name)),
        Heading::Form => rows.sort_by_key(|i| of(i).map(|f| f.form.as_str())),
        Heading::Connector => rows.sort_by_key(|i| of(i).map(|f| f.connector.as_str())),
        Heading::Table => rows.sort_by_key(|i| of(i).map(|f| f.table.as_str())),
        Heading::Events => rows.sort_by_key(|i| of(i).map(|f| f.events)),
        Heading::Duplicates => rows.sort_by_key(|i| of(i).map(|f| f.duplicates)),
        Heading::Rejects => rows.sort_by_key(|i| of(i).map(|f| f.rejects())),
        Heading::Span => rows.sort_by_key(|i| of(i).map(|f| f.first)),
        Heading::Size => rows.sort_by_key(|i| of(i).map(|f| f.size)),
    }
    if !ascending {
        rows.reverse();
    }
    rows
}
