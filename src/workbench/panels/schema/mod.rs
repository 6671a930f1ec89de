//! The schema browser: what the columns of a table hold, and the paths inside dynamic ones. A column or path is put into
//! the query by a double-click or by dragging it there.

mod field;
mod value;

use super::{counted, empty, grouped, padded};
use crate::detect::Platform;
use crate::value::Value;
use crate::value::path::shown;
use crate::workbench::app::Workbench;
use crate::workbench::grid::Filter;
use crate::workbench::insert::Insert;
use crate::workbench::layout::Pane;
use crate::workbench::schema::{Column, Field, Line, Subject, Wanted, lines};
use crate::workbench::theme::{self, size};
use egui::{Rect, Sense, Ui, pos2, vec2};
use field::{FieldRow, icon_of};

/// What a person wants of a line.
enum Wish {
    Toggle(String),
    /// Put it into the text; words that the first of two clicks opened or closed go back.
    Insert(Field, Option<String>),
    Condition(Field, Value),
    Filter(Filter),
    Copy(String),
}

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut Ui) {
    let subjects = workbench.subjects();
    let Some(subject) = workbench.subject(&subjects) else {
        empty(
            ui,
            "No table is loaded",
            "Add log files to see what their columns hold",
        );
        return;
    };
    let (ctx, data) = (ui.ctx().clone(), workbench.data.clone());
    workbench.schema.look(&ctx, &data, &subject, false);
    head(workbench, ui, &subjects, &subject);
    let columns = workbench.schema.columns();
    let lines = lines(&columns, &workbench.schema.filter, &workbench.schema.open);
    if lines.is_empty() {
        match (&workbench.schema.error, workbench.schema.is_busy()) {
            (Some(reason), _) => empty(ui, "The columns cannot be looked at", &reason.clone()),
            (_, true) => empty(ui, "Looking at the columns", "They appear here"),
            _ => empty(ui, "Nothing of this name", "Change the filter above"),
        }
        return;
    }
    let mut wish = None;
    egui::ScrollArea::vertical()
        .min_scrolled_height(size::ROW)
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            // Only what is seen is laid out: a column may hold hundreds of paths.
            let top = ui.cursor().top();
            let seen = ui.clip_rect();
            let at = |y: f32| ((y - top) / size::ROW).max(0.0) as usize;
            let first = at(seen.top()).saturating_sub(1).min(lines.len());
            let last = (at(seen.bottom()) + 2).clamp(first, lines.len());
            ui.add_space(first as f32 * size::ROW);
            for line in lines.get(first..last).unwrap_or_default() {
                let drawn = one(ui, &subject, &columns, *line, &workbench.schema.open);
                wish = wish.take().or(drawn);
            }
            ui.add_space((lines.len() - last) as f32 * size::ROW + 8.0);
        });
    ghost(ui);
    if let Some(wish) = wish {
        fulfil(workbench, ui, &subject, wish);
    }
}

fn fulfil(workbench: &mut Workbench, ui: &Ui, subject: &Subject, wish: Wish) {
    match wish {
        Wish::Toggle(words) => {
            if !workbench.schema.open.remove(&words) {
                workbench.schema.open.insert(words);
            }
        }
        Wish::Insert(field, toggled) => {
            if let Some(words) = toggled {
                fulfil(workbench, ui, subject, Wish::Toggle(words));
            }
            workbench.insert_field(&field, None);
        }
        Wish::Condition(field, value) => match field.condition(workbench.wanted(), &value) {
            Ok(insert) => workbench.insert(&insert, None),
            Err(reason) => {
                workbench.notices.info(reason);
            }
        },
        Wish::Filter(filter) => {
            let name = subject.name().to_owned();
            workbench.leave_stage();
            workbench.tables.data.add_filter(&name, filter);
            workbench.tables.shown = Some(name);
            workbench.settings.reveal = Some(Pane::Data);
        }
        Wish::Copy(text) => ui.ctx().copy_text(text),
    }
}

/// The choice of a table, the filter, and how much was looked at.
fn head(workbench: &mut Workbench, ui: &mut Ui, subjects: &[Subject], subject: &Subject) {
    padded(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        let width = ui.available_width();
        let mut chosen = subject.clone();
        let combo = egui::ComboBox::from_id_salt("schema of")
            .selected_text(subject.name())
            .width(width)
            .truncate()
            .show_ui(ui, |ui| {
                for known in subjects {
                    let text = match known {
                        Subject::Table(name) => name.clone(),
                        Subject::Events(name) => format!("{name} (events as Panther sees them)"),
                    };
                    ui.selectable_value(&mut chosen, known.clone(), text);
                }
            });
        combo
            .response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Schema of"));
        if chosen != *subject {
            workbench.schema.chosen = Some(chosen);
        }
        let edit = egui::TextEdit::singleline(&mut workbench.schema.filter)
            .hint_text("Filter columns and paths")
            .desired_width(f32::INFINITY);
        let edit = ui.add(edit);
        edit.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::SearchInput, true, "Filter columns and paths")
        });
        let had_it = edit.has_focus() || edit.lost_focus();
        if had_it && ui.input(|i| i.key_pressed(egui::Key::Escape)) {
            workbench.schema.filter.clear();
        }
        account(workbench, ui, subject);
    });
}

/// How many rows the numbers speak of.
fn account(workbench: &mut Workbench, ui: &mut Ui, subject: &Subject) {
    let mut whole = false;
    ui.horizontal(|ui| {
        ui.set_min_height(18.0);
        let events = matches!(subject, Subject::Events(_));
        let (one, many) = if events {
            ("event", "events")
        } else {
            ("row", "rows")
        };
        match workbench.schema.rows {
            _ if workbench.schema.is_busy() => {
                ui.add(egui::Spinner::new().size(12.0));
                ui.weak("Looking at the columns");
            }
            Some((rows, all)) if rows == all => {
                ui.weak(match rows {
                    0 => format!("No {many}"),
                    rows => format!("All {}", counted(rows, one, many)),
                });
            }
            Some((rows, all)) => {
                let text = format!("{} of {} {many}", grouped(rows), grouped(all));
                ui.weak(text)
                    .on_hover_text("A sample, spread evenly over the table");
                let button = ui.small_button("All");
                whole = button
                    .on_hover_text(format!("Look at all {many}"))
                    .clicked();
            }
            None => {}
        }
    });
    if whole {
        let (ctx, data) = (ui.ctx().clone(), workbench.data.clone());
        workbench.schema.look(&ctx, &data, subject, true);
    }
}

/// Draws a line.
fn one(
    ui: &mut Ui,
    subject: &Subject,
    columns: &[Column],
    line: Line,
    open: &std::collections::HashSet<String>,
) -> Option<Wish> {
    let at = match line {
        Line::Column(at) | Line::Path(at, _) | Line::Value(at, ..) | Line::More(at, _) => at,
    };
    let column = columns.get(at)?;
    let found = column.found.as_ref().and_then(|f| f.as_ref().ok());
    let path = match line {
        Line::Path(_, path) | Line::Value(_, Some(path), _) | Line::More(_, Some(path)) => {
            found.and_then(|f| f.paths.get(path))
        }
        _ => None,
    };
    let field = Field {
        subject: subject.clone(),
        column: column.name.clone(),
        ty: column.ty,
        path: path.map(|p| p.steps.clone()).unwrap_or_default(),
    };
    let words = field.words();
    let top = usize::from(!column.name.is_empty());
    let depth = field.path.len() + top - 1;
    match line {
        Line::Column(_) => {
            let failed = column.found.as_ref().and_then(|f| f.as_ref().err());
            let row = FieldRow {
                name: &column.name,
                kind: column.ty.name(),
                icon: icon_of(column.ty.name()),
                depth: 0,
                values: found.map(|f| &f.values),
                open: open.contains(&words),
                inside: found.is_some_and(|f| !f.paths.is_empty() || !f.values.top.is_empty()),
                failed: failed.map(String::as_str),
            };
            row.show(ui, &field)
        }
        Line::Path(..) => {
            let path = path?;
            let kinds: Vec<&str> = path.kinds.iter().map(|(k, _)| k.name()).collect();
            let kind = kinds.join(", ");
            let inside = !path.values.top.is_empty()
                || path
                    .kinds
                    .iter()
                    .any(|(k, _)| matches!(k.name(), "dictionary" | "array"));
            let name = shown("", path.steps.get(path.steps.len().saturating_sub(1)..)?);
            let row = FieldRow {
                name: &name,
                kind: &kind,
                icon: icon_of(kinds.first().unwrap_or(&"")),
                depth,
                values: Some(&path.values),
                open: open.contains(&words),
                inside,
                failed: None,
            };
            row.show(ui, &field)
        }
        Line::Value(_, _, n) => {
            let values = path.map(|p| &p.values).or(found.map(|f| &f.values))?;
            value::show(ui, &field, depth + 1, values, n)
        }
        Line::More(_, of) => {
            let values = path.map(|p| &p.values).filter(|_| of.is_some());
            let values = values.or(found.filter(|f| !f.cut).map(|f| &f.values));
            let text = match values {
                Some(v) => format!(
                    "{} more values",
                    grouped(v.distinct.saturating_sub(v.top.len()))
                ),
                None => "There are more paths than are looked at".to_owned(),
            };
            let (rect, _) =
                ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
            let tokens = theme::tokens(ui);
            let left = rect.left() + size::PADDING + (depth + 1) as f32 * size::INDENT + 22.0;
            let font = egui::FontId::proportional(size::SMALL + 1.0);
            let at = pos2(left, rect.center().y);
            ui.painter()
                .text(at, egui::Align2::LEFT_CENTER, text, font, tokens.text_faint);
            None
        }
    }
}

/// What is dragged, beside the pointer.
fn ghost(ui: &Ui) {
    let Some(field) = egui::DragAndDrop::payload::<Field>(ui.ctx()) else {
        return;
    };
    let Some(pointer) = ui.input(|i| i.pointer.interact_pos()) else {
        return;
    };
    ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
    let tokens = theme::tokens(ui);
    let layer = egui::LayerId::new(egui::Order::Tooltip, egui::Id::unique("dragged field"));
    let painter = ui.ctx().layer_painter(layer);
    let font = egui::FontId::monospace(size::BODY - 0.5);
    let galley = painter.layout_no_wrap(field.words(), font, tokens.text_strong);
    let at = pointer + vec2(14.0, 8.0);
    let rect = Rect::from_min_size(at, galley.size()).expand2(vec2(8.0, 4.0));
    painter.rect_filled(rect, size::RADIUS_SMALL, tokens.popup);
    let stroke = egui::Stroke::new(1.0, tokens.separator);
    painter.rect_stroke(rect, size::RADIUS_SMALL, stroke, egui::StrokeKind::Inside);
    painter.galley(at, galley, tokens.text_strong);
}

impl Workbench {
    /// Whose columns can be looked at: tables with rows first, then log types.
    fn subjects(&self) -> Vec<Subject> {
        let tables = self.data_tables().into_iter().filter(|t| t.1 > 0);
        let tables = tables.map(|(name, ..)| Subject::Table(name));
        let types = self.data.log_types().into_iter().map(Subject::Events);
        tables.chain(types).collect()
    }

    /// What was chosen while it is there, else what fits the rule: a log type for a rule of Panther, a table that a
    /// query names.
    fn subject(&self, subjects: &[Subject]) -> Option<Subject> {
        if let Some(chosen) = self.schema.chosen.as_ref().filter(|c| subjects.contains(c)) {
            return Some(chosen.clone());
        }
        let text = self.active_doc().map_or("", |d| d.text.as_str());
        let named = |s: &&Subject| match self.wanted() {
            Wanted::Query => matches!(s, Subject::Table(name) if text.contains(name.as_str())),
            _ => matches!(s, Subject::Events(name) if self.rule_names(name)),
        };
        let of_kind = |s: &&Subject| match self.wanted() {
            Wanted::Query => matches!(s, Subject::Table(_)),
            _ => matches!(s, Subject::Events(_)),
        };
        let found = subjects.iter().find(named);
        let found = found.or_else(|| subjects.iter().find(of_kind));
        found.or(subjects.first()).cloned()
    }

    /// Whether the rule's document names a log type.
    fn rule_names(&self, log_type: &str) -> bool {
        self.rule
            .as_ref()
            .is_some_and(|r| r.text.contains(log_type))
    }

    /// What the text in the editor is.
    pub(in crate::workbench) fn wanted(&self) -> Wanted {
        let python =
            |doc: &crate::workbench::doc::Doc| doc.path.extension().is_some_and(|e| e == "py");
        match self.active_doc() {
            Some(doc) if python(doc) => Wanted::Python,
            Some(doc)
                if self.rule.as_ref().is_some_and(|rule| {
                    rule.path == doc.path && rule.platform() == Platform::Panther
                }) =>
            {
                Wanted::Simple
            }
            _ => Wanted::Query,
        }
    }

    /// Puts a column or path into the text in the editor.
    pub(in crate::workbench) fn insert_field(&mut self, field: &Field, offset: Option<usize>) {
        match field.written(self.wanted()) {
            Ok(words) => self.insert(&Insert::Words(words), offset),
            Err(reason) => {
                self.notices.info(reason);
            }
        }
    }
}
