//! A field with its name before it.

use crate::workbench::theme;

/// Shows a name and a field of this width.
pub fn field(
    ui: &mut egui::Ui,
    name: &str,
    text: &mut String,
    hint: &str,
    width: f32,
) -> egui::Response {
    let tokens = theme::tokens(ui);
    let label = ui.label(egui::RichText::new(name).color(tokens.text_subdued));
    let field = egui::TextEdit::singleline(text)
        .hint_text(hint)
        .desired_width(width);
    ui.add(field).labelled_by(label.id)
}
