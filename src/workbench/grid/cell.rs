//! What a cell says.

use crate::value::{Type, Value, time};
use crate::workbench::theme::{self, size};

/// Signs of a cell; what is longer is cut with the whole in the cell's details.
const MOST: usize = 300;

/// How a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Null: told apart from an empty text, which is blank.
    Null,
    /// A text.
    Text,
    /// Anything else, in the code font.
    Code,
}

/// The text of a cell, on one line.
pub fn shown(value: &Value) -> (String, Style) {
    let (text, style) = match value {
        Value::Null => ("null".to_owned(), Style::Null),
        Value::String(text) => (head(text).to_owned(), Style::Text),
        Value::DateTime(at) => (time::format_short(*at), Style::Code),
        other => (other.display(), Style::Code),
    };
    if text.len() <= MOST && !text.contains(char::is_control) {
        return (text, style);
    }
    let line = |c: char| if c.is_control() { ' ' } else { c };
    let mut cut: String = text.chars().take(MOST).map(line).collect();
    if text.len() > cut.len() {
        cut.push('…');
    }
    (cut, style)
}

/// A cell of a table that is not the window's own: one line, the whole on hover.
pub fn label(ui: &mut egui::Ui, value: &Value) {
    let (text, style) = shown(value);
    let mut rich = egui::RichText::new(text).font(font(style));
    if style == Style::Null {
        rich = rich.color(theme::tokens(ui).text_faint);
    }
    let label = ui.add(
        egui::Label::new(rich)
            .truncate()
            .show_tooltip_when_elided(false)
            .selectable(false),
    );
    label.on_hover_ui(|ui| {
        ui.label(whole(value));
    });
}

/// The font of a cell.
pub fn font(style: Style) -> egui::FontId {
    match style {
        Style::Text => egui::FontId::proportional(size::BODY),
        Style::Null | Style::Code => egui::FontId::monospace(size::BODY - 0.5),
    }
}

/// As much of a long text as is needed.
fn head(text: &str) -> &str {
    match text.char_indices().nth(MOST + 1) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}

/// The whole value as it is read: JSON with one member a line, times with all their decimals.
pub fn whole(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::DateTime(at) => time::format_datetime(*at),
        Value::Dynamic(json) => match json.as_str() {
            Some(text) => text.to_owned(),
            None => serde_json::to_string_pretty(json).unwrap_or_else(|_| json.to_string()),
        },
        other => other.display(),
    }
}

/// Whether a type's values stand at the right of their column.
pub fn is_right(ty: Type) -> bool {
    matches!(ty, Type::Int | Type::Long | Type::Real | Type::Decimal)
}
