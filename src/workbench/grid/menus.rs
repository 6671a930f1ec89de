//! The menus of a table: of its columns, of a column's name, of a cell.

use super::columns::Shown;
use super::copy::{self, Format};
use super::query::{Filter, Test, value_words};
use super::view::View;
use super::{Frame, cell, header};
use crate::kql::write;
use crate::value::path::{Step, shown};
use crate::value::{Type, Value};
use crate::workbench::insert::Insert;
use crate::workbench::panels::counted;
use crate::workbench::theme;
use egui::{Response, ScrollArea, Ui};
use serde_json::Value as Json;
use std::sync::Arc;

/// Which columns are shown.
pub(super) fn columns(ui: &mut Ui, view: &mut View) {
    let Some((schema, facts)) = view
        .shown
        .as_ref()
        .map(|s| (s.schema.clone(), s.facts.clone()))
    else {
        return;
    };
    let edit = egui::TextEdit::singleline(&mut view.column_filter)
        .hint_text("Filter columns")
        .desired_width(f32::INFINITY);
    let response = ui.add(edit);
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::SearchInput, true, "Filter columns"));
    let exact = facts.as_ref().is_some_and(|f| f.exact);
    ui.checkbox(&mut view.columns.show_empty, "Show empty columns")
        .on_hover_text(match exact {
            true => "Columns that hold nothing in any row",
            false => "Columns that hold nothing in a sample of 200 rows",
        });
    ui.separator();
    let wanted = view.column_filter.to_lowercase();
    let mut found = 0;
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for at in view.columns.ordered(&schema) {
            let Some((name, ty)) = schema.get(at) else {
                continue;
            };
            if !name.to_lowercase().contains(&wanted) {
                continue;
            }
            found += 1;
            let filled = facts
                .as_ref()
                .is_none_or(|f| f.filled.get(at) != Some(&false));
            let mut on = view.columns.is_shown(name, filled);
            // A long name gives way to its type.
            let sides = egui::Sides::new().shrink_left().truncate();
            let (changed, ()) = sides.show(
                ui,
                |ui| ui.checkbox(&mut on, name).on_hover_text(name).changed(),
                |ui| {
                    ui.add_space(12.0);
                    ui.weak(if filled { ty.name() } else { "empty" });
                },
            );
            if changed {
                view.columns.choose(name, on, filled);
            }
        }
        if found == 0 {
            ui.weak("No column has this in its name");
        }
    });
    ui.separator();
    let reset = egui::Button::new("Reset");
    if ui
        .add_enabled(!view.columns.is_untouched(), reset)
        .on_hover_text("Order, widths and hidden columns as they were at first")
        .clicked()
    {
        view.columns = Default::default();
        view.column_filter.clear();
    }
}

/// A column's name.
pub(super) fn header(ui: &mut Ui, frame: &mut Frame<'_, '_>, view: &mut View, column: &Shown) {
    let sorted = view
        .query
        .sort
        .as_ref()
        .filter(|(n, _)| *n == column.name)
        .map(|s| s.1);
    for (text, down) in [("Sort ascending", false), ("Sort descending", true)] {
        if ui.selectable_label(sorted == Some(down), text).clicked() {
            view.query.sort = Some((column.name.clone(), down));
            ui.close();
        }
    }
    if sorted.is_some() && ui.button("Do not sort").clicked() {
        view.query.sort = None;
        ui.close();
    }
    ui.separator();
    for (text, test) in [("Only empty", Test::Empty), ("Without empty", Test::Filled)] {
        if ui.button(text).clicked() {
            view.query.add(Filter {
                column: column.name.clone(),
                path: Vec::new(),
                test,
            });
            ui.close();
        }
    }
    ui.separator();
    if ui.button("Fit width").clicked() {
        header::fit(ui, view, column);
        ui.close();
    }
    if ui.button("Hide column").clicked() {
        let facts = view.shown.as_ref().and_then(|s| s.facts.clone());
        let filled = facts.is_none_or(|f| f.filled.get(column.index) != Some(&false));
        view.columns.choose(&column.name, false, filled);
        ui.close();
    }
    ui.separator();
    if ui.button("Insert name into the query").clicked() {
        frame.output.insert = Some(Insert::Words(write::name(&column.name)));
        ui.close();
    }
    if ui.button("Copy name").clicked() {
        ui.ctx().copy_text(column.name.clone());
        ui.close();
    }
}

/// A cell, and the rows that are selected.
pub(super) fn cells(
    frame: &mut Frame<'_, '_>,
    response: &Response,
    view: &mut View,
    columns: &[Shown],
    place: usize,
    under: Option<usize>,
) {
    if response.secondary_clicked() {
        view.menu = under.map(|column| (place, column));
    }
    let Some((_, at)) = view.menu.filter(|(row, _)| *row == place) else {
        return;
    };
    let Some(column) = columns.iter().find(|c| c.index == at) else {
        return;
    };
    response.context_menu(|ui| {
        ui.set_min_width(200.0);
        let value = view.value(place, at);
        if let Some(value) = &value {
            filters(ui, frame, view, column, value);
            ui.separator();
            if ui.button("Show whole value (Enter)").clicked() {
                view.detail = true;
                ui.close();
            }
            if ui.button("Copy cell (Ctrl+Shift+C)").clicked() {
                ui.ctx().copy_text(cell::whole(value));
                ui.close();
            }
        }
        for format in Format::ALL {
            let keys = if format == Format::Tsv {
                " (Ctrl+C)"
            } else {
                ""
            };
            if ui.button(format!("{}{keys}", format.text())).clicked() {
                frame.copy_rows(view, format);
                ui.close();
            }
        }
    });
}

fn filters(ui: &mut Ui, frame: &mut Frame<'_, '_>, view: &mut View, column: &Shown, value: &Value) {
    let tokens = theme::tokens(ui);
    let title = format!("{}: {}", column.name, value_words(value));
    let title = egui::RichText::new(title).color(tokens.text_subdued);
    ui.set_max_width(320.0);
    ui.add(egui::Label::new(title).truncate());
    let place = |path: Vec<Step>, test| Filter {
        column: column.name.clone(),
        path,
        test,
    };
    // What holds others is filtered by what is inside.
    let holds = matches!(value, Value::Dynamic(j) if j.is_object() || j.is_array());
    if !is_empty(value) && !holds {
        choices(ui, view, &place, Vec::new(), value);
    }
    if let Value::Dynamic(json) = value
        && holds
    {
        let mut inside = Vec::new();
        leaves(json, &mut Vec::new(), &mut inside);
        for (path, leaf) in inside {
            let text = format!("{} = {}", shown("", &path), value_words(&leaf));
            ui.menu_button(text, |ui| {
                choices(ui, view, &place, path.clone(), &leaf);
                insert(ui, frame, column.ty, &place, path, &leaf);
            });
        }
    }
    for (text, test) in [("Without empty", Test::Filled), ("Only empty", Test::Empty)] {
        if ui.button(text).clicked() {
            view.query.add(place(Vec::new(), test));
            ui.close();
        }
    }
    if !holds {
        ui.separator();
        insert(ui, frame, column.ty, &place, Vec::new(), value);
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

fn choices(
    ui: &mut Ui,
    view: &mut View,
    place: &dyn Fn(Vec<Step>, Test) -> Filter,
    path: Vec<Step>,
    value: &Value,
) {
    if ui.button("Only this value").clicked() {
        view.query
            .add(place(path.clone(), Test::Only(vec![value.clone()])));
        ui.close();
    }
    if ui.button("Without this value").clicked() {
        view.query
            .add(place(path.clone(), Test::Without(vec![value.clone()])));
        ui.close();
    }
}

fn insert(
    ui: &mut Ui,
    frame: &mut Frame<'_, '_>,
    ty: Type,
    place: &dyn Fn(Vec<Step>, Test) -> Filter,
    path: Vec<Step>,
    value: &Value,
) {
    if ui.button("Insert as condition").clicked() {
        let filter = place(path, Test::Empty);
        frame.output.insert = Some(Insert::Stage(write::stage(
            &filter.column,
            ty,
            &filter.path,
            value,
        )));
        ui.close();
    }
}

/// The texts, numbers and truth values inside a value, with their paths; not too many for a menu.
fn leaves(json: &Json, path: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, Value)>) {
    const MOST: usize = 14;
    const DEPTH: usize = 6;
    if found.len() >= MOST || path.len() > DEPTH {
        return;
    }
    match json {
        Json::Object(object) => {
            for (key, inner) in object {
                path.push(Step::Key(key.clone()));
                leaves(inner, path, found);
                path.pop();
            }
        }
        Json::Array(items) => {
            for item in items {
                path.push(Step::Each);
                leaves(item, path, found);
                path.pop();
            }
        }
        Json::Null => {}
        leaf => {
            let entry = (path.clone(), Value::Dynamic(Arc::new(leaf.clone())));
            if !found.contains(&entry) {
                found.push(entry);
            }
        }
    }
}

impl Frame<'_, '_> {
    /// Asks for the selected rows as text.
    pub fn copy_rows(&mut self, view: &View, format: Format) {
        let rows = view.selection.len();
        if rows > copy::MOST_ROWS {
            let selected = counted(rows, "row is", "rows are");
            let most = counted(copy::MOST_ROWS, "row", "rows");
            self.output.told = Some(Err(format!(
                "{selected} selected: at most {most} can be copied at once"
            )));
            return;
        }
        let Some(shown) = view.shown.as_ref().filter(|_| rows > 0) else {
            self.output.told = Some(Err("Select the rows to copy".to_owned()));
            return;
        };
        self.copy = Some(copy::Question {
            source: shown.source.clone(),
            selected: Arc::clone(&shown.selected),
            places: view.selection.places().collect(),
            columns: view
                .visible()
                .into_iter()
                .map(|c| (c.name, c.index))
                .collect(),
            format,
        });
    }
}
