//! The schema browser: what the columns of a table hold, and the paths inside dynamic ones. A column or path is put into
//! the query by a double-click or by dragging it there.

use super::{counted, empty, grouped, padded};
use crate::detect::Platform;
use crate::value::Value;
use crate::value::path::shown;
use crate::value::profile::Values;
use crate::value::time;
use crate::workbench::app::Workbench;
use crate::workbench::grid::{Filter, Test};
use crate::workbench::insert::Insert;
use crate::workbench::layout::Pane;
use crate::workbench::schema::{Column, Field, Line, Subject, Wanted, distinct, lines, percent};
use crate::workbench::theme::{self, size};
use egui::{Rect, Response, Sense, Ui, pos2, vec2};
use egui_material_icons::{MaterialIcon, icons};

/// What a person wants of a line.
enum Wish {
    Toggle(String),
    Insert(Field),
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
        Wish::Insert(field) => workbench.insert_field(&field, None),
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
            value_row(ui, &field, depth + 1, values, n)
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

fn icon_of(kind: &str) -> MaterialIcon {
    match kind {
        "datetime" | "timespan" => icons::ICON_SCHEDULE,
        "int" | "long" | "real" | "decimal" => icons::ICON_TAG,
        "bool" => icons::ICON_TOGGLE_ON,
        "dynamic" | "dictionary" => icons::ICON_DATA_OBJECT,
        "array" => icons::ICON_DATA_ARRAY,
        _ => icons::ICON_ABC,
    }
}

/// The line of a column or a path.
struct FieldRow<'a> {
    name: &'a str,
    kind: &'a str,
    icon: MaterialIcon,
    depth: usize,
    values: Option<&'a Values>,
    open: bool,
    inside: bool,
    failed: Option<&'a str>,
}

impl FieldRow<'_> {
    fn show(&self, ui: &mut Ui, field: &Field) -> Option<Wish> {
        let tokens = theme::tokens(ui);
        let desired = vec2(ui.available_width(), size::ROW);
        let (rect, response) = ui.allocate_exact_size(desired, Sense::click_and_drag());
        let words = field.words();
        response.widget_info(|| {
            let text = format!("{words}: {}", self.kind);
            egui::WidgetInfo::selected(egui::Role::TreeItem, true, self.open, text)
        });
        response.dnd_set_drag_payload(field.clone());
        if response.hovered() || response.context_menu_opened() {
            ui.painter().rect_filled(rect, 0, tokens.hover);
        }
        if response.has_focus() {
            let stroke = egui::Stroke::new(1.0, tokens.accent);
            let inside = egui::StrokeKind::Inside;
            ui.painter()
                .rect_stroke(rect.shrink(1.0), 0, stroke, inside);
        }
        self.paint(ui, rect);
        let mut wish = None;
        response.context_menu(|ui| wish = self.menu(ui, field, &words));
        let (clicked, double) = (response.clicked(), response.double_clicked());
        let enter = response.has_focus() && ui.input(|i| i.key_pressed(egui::Key::Insert));
        response.on_hover_ui(|ui| self.tip(ui, &words));
        if double || enter {
            return Some(Wish::Insert(field.clone()));
        }
        if clicked && self.inside {
            return Some(Wish::Toggle(words));
        }
        wish
    }

    fn paint(&self, ui: &Ui, rect: Rect) {
        let tokens = theme::tokens(ui);
        let middle = rect.center().y;
        let mut x = rect.left() + 6.0 + self.depth as f32 * size::INDENT;
        let sign = |at: f32, icon: MaterialIcon, size: f32, color| {
            let font = egui::FontId::new(size, icon.font_family());
            let at = pos2(at, middle);
            ui.painter()
                .text(at, egui::Align2::LEFT_CENTER, icon.codepoint, font, color);
        };
        if self.inside {
            let icon = match self.open {
                true => icons::ICON_EXPAND_MORE,
                false => icons::ICON_CHEVRON_RIGHT,
            };
            sign(x, icon, 14.0, tokens.text_subdued);
        }
        x += 16.0;
        sign(x, self.icon, 14.0, tokens.text_faint);
        x += 20.0;
        let mut right = rect.right() - size::PADDING;
        if let Some(values) = self.values {
            right = self.numbers(ui, values, right, middle);
        }
        let color = match self.values {
            Some(values) if values.filled == 0 => tokens.text_faint,
            _ => tokens.text,
        };
        let font = egui::FontId::proportional(size::BODY);
        let mut job = egui::text::LayoutJob::simple_singleline(self.name.to_owned(), font, color);
        job.wrap = egui::text::TextWrapping::truncate_at_width((right - 8.0 - x).max(0.0));
        let galley = ui.fonts_mut(|f| f.layout_job(job));
        let at = pos2(x, middle - galley.size().y / 2.0);
        ui.painter().galley(at, galley, color);
    }

    /// Different values, and the filled part as a bar. Gives where they begin.
    fn numbers(&self, ui: &Ui, values: &Values, right: f32, middle: f32) -> f32 {
        const BAR: f32 = 26.0;
        let tokens = theme::tokens(ui);
        let bar = Rect::from_min_size(pos2(right - BAR, middle - 2.0), vec2(BAR, 4.0));
        ui.painter().rect_filled(bar, 2, tokens.active);
        let fill = values.fill() as f32;
        if fill > 0.0 {
            let filled = bar.with_max_x(bar.left() + (BAR * fill).max(1.5));
            ui.painter().rect_filled(filled, 2, tokens.series(0));
        }
        let text = match values.filled {
            0 => "empty".to_owned(),
            _ if values.counted == 0 => String::new(),
            _ => distinct(values),
        };
        let font = egui::FontId::proportional(size::SMALL);
        let at = pos2(bar.left() - 8.0, middle);
        let drawn = ui.painter().text(
            at,
            egui::Align2::RIGHT_CENTER,
            text,
            font,
            tokens.text_faint,
        );
        drawn.left()
    }

    fn tip(&self, ui: &mut Ui, words: &str) {
        ui.label(theme::strong(words));
        ui.label(self.kind);
        if let Some(reason) = self.failed {
            ui.colored_label(theme::tokens(ui).error, reason);
        }
        if let Some(values) = self.values {
            ui.label(format!(
                "Filled in {} of {} rows ({})",
                grouped(values.filled),
                grouped(values.rows),
                percent(values.filled, values.rows)
            ));
            if values.counted > 0 {
                let text = match values.beyond {
                    0 => counted(values.distinct, "different value", "different values"),
                    _ => format!("More than {} different values", grouped(values.distinct)),
                };
                ui.label(text);
            }
            if values.counted > values.filled {
                let all = grouped(values.counted);
                ui.label(format!("{all} values, through lists"));
            }
        }
        ui.weak("Double-click or drag it to put it into the query");
    }

    fn menu(&self, ui: &mut Ui, field: &Field, words: &str) -> Option<Wish> {
        let mut wish = None;
        if ui.button("Insert into the query").clicked() {
            wish = Some(Wish::Insert(field.clone()));
        }
        if ui.button("Copy name").clicked() {
            wish = Some(Wish::Copy(words.to_owned()));
        }
        if matches!(field.subject, Subject::Table(_)) {
            ui.separator();
            for (text, test) in [("Only empty", Test::Empty), ("Without empty", Test::Filled)] {
                if ui.button(text).clicked() {
                    wish = Some(Wish::Filter(Filter {
                        column: field.column.clone(),
                        path: field.path.clone(),
                        test,
                    }));
                }
            }
        }
        if wish.is_some() {
            ui.close();
        }
        wish
    }
}

/// The line of a frequent value: a bar behind it is its share.
fn value_row(ui: &mut Ui, field: &Field, depth: usize, values: &Values, n: usize) -> Option<Wish> {
    let tokens = theme::tokens(ui);
    let (value, count) = values.top.get(n)?;
    let desired = vec2(ui.available_width(), size::ROW);
    let (rect, response) = ui.allocate_exact_size(desired, Sense::click());
    let text = words_of(value);
    let share = percent(*count, values.counted);
    response.widget_info(|| {
        let label = format!(
            "Value {text} of {}: {}, {share}",
            field.words(),
            grouped(*count)
        );
        egui::WidgetInfo::labeled(egui::Role::TreeItem, true, label)
    });
    if response.hovered() || response.context_menu_opened() {
        ui.painter().rect_filled(rect, 0, tokens.hover);
    }
    let left = rect.left() + 6.0 + depth as f32 * size::INDENT + 16.0;
    let right = rect.right() - size::PADDING;
    let part = *count as f32 / values.counted.max(1) as f32;
    let bar = Rect::from_min_max(
        pos2(left, rect.top() + 3.0),
        pos2(left + ((right - left) * part).max(2.0), rect.bottom() - 3.0),
    );
    let fill = tokens
        .series(0)
        .gamma_multiply(if tokens.dark { 0.28 } else { 0.18 });
    ui.painter().rect_filled(bar, 2, fill);
    let small = egui::FontId::proportional(size::SMALL);
    let numbers = format!("{}  {share}", grouped(*count));
    let at = pos2(right, rect.center().y);
    let drawn = ui.painter().text(
        at,
        egui::Align2::RIGHT_CENTER,
        numbers,
        small,
        tokens.text_subdued,
    );
    let font = egui::FontId::proportional(size::BODY - 0.5);
    let mut job = egui::text::LayoutJob::simple_singleline(text.clone(), font, tokens.text);
    job.wrap = egui::text::TextWrapping::truncate_at_width((drawn.left() - left - 14.0).max(0.0));
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    let cut = galley.elided;
    let at = pos2(left + 6.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, tokens.text);
    let mut wish = None;
    let mut menu = |ui: &mut Ui| wish = value_menu(ui, field, value);
    response.context_menu(&mut menu);
    if response.clicked() {
        egui::Popup::context_menu(&response).show(|_| {});
    }
    hover(response, cut, &text, values);
    wish
}

fn hover(response: Response, cut: bool, text: &str, values: &Values) {
    response.on_hover_ui(|ui| {
        if cut {
            ui.label(egui::RichText::new(text).monospace());
        }
        if values.beyond > 0 {
            ui.weak(format!(
                "Counted among the first {} different values",
                grouped(values.distinct)
            ));
        }
        ui.weak("Right-click to filter by it or to insert it as a condition");
    });
}

fn value_menu(ui: &mut Ui, field: &Field, value: &Value) -> Option<Wish> {
    let mut wish = None;
    if matches!(field.subject, Subject::Table(_)) {
        let tests = [
            ("Only this value", Test::Only(vec![value.clone()])),
            ("Without this value", Test::Without(vec![value.clone()])),
        ];
        for (text, test) in tests {
            if ui.button(text).clicked() {
                wish = Some(Wish::Filter(Filter {
                    column: field.column.clone(),
                    path: field.path.clone(),
                    test,
                }));
            }
        }
        ui.separator();
    }
    if ui.button("Insert as condition").clicked() {
        wish = Some(Wish::Condition(field.clone(), value.clone()));
    }
    if ui.button("Copy value").clicked() {
        wish = Some(Wish::Copy(crate::workbench::grid::whole(value)));
    }
    if wish.is_some() {
        ui.close();
    }
    wish
}

fn words_of(value: &Value) -> String {
    match value {
        Value::DateTime(at) => time::format_short(*at),
        value => crate::workbench::grid::value_words(value),
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
