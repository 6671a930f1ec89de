//! Cards over the text: what stands under the pointer, and the call round the cursor.

use super::frame;
use crate::author::{Hover, Signature};
use crate::diagnostic::Fix;
use crate::workbench::theme::{self, size};
use egui::text::{LayoutJob, TextFormat};
use egui::{FontFamily, FontId, Id, Rect, RichText, vec2};

const WIDTH: f32 = 440.0;

/// A problem under the pointer and what mends it.
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// Changes that mend it.
    pub fixes: Vec<Fix>,
}

/// Shows what is known of the place under the pointer. Gives the fix that was clicked, and where the card stands.
pub fn hover(
    ctx: &egui::Context,
    sign: Rect,
    hover: Option<&Hover>,
    troubles: &[Trouble],
) -> (Option<Fix>, Rect) {
    let window = ctx.content_rect();
    let width = WIDTH.min(window.width() - 24.0);
    let id = Id::unique("hover card");
    // The size is known after it was shown once.
    let last: Option<Rect> = ctx.data(|d| d.get_temp(id));
    let height = last.map_or(80.0, |r| r.height());
    let at = frame::beside(window, sign, vec2(width + 10.0, height), true);
    let mut clicked = None;
    let response = frame::popup(ctx, id.with("area"), at, width, |ui| {
        let tokens = theme::tokens(ui);
        ui.spacing_mut().item_spacing.y = 4.0;
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(6, 3))
            .show(ui, |ui| {
                for trouble in troubles {
                    ui.label(RichText::new(&trouble.message).color(tokens.text));
                    ui.horizontal_wrapped(|ui| {
                        for fix in &trouble.fixes {
                            if ui
                                .button(&fix.title)
                                .on_hover_text("Change the text so (Ctrl+. at the problem)")
                                .clicked()
                            {
                                clicked = Some(fix.clone());
                            }
                        }
                    });
                }
                let Some(hover) = hover else {
                    return;
                };
                if !troubles.is_empty() {
                    ui.separator();
                }
                ui.label(
                    RichText::new(&hover.title)
                        .monospace()
                        .color(tokens.text_strong),
                );
                if !hover.doc.is_empty() {
                    ui.label(RichText::new(&hover.doc).color(tokens.text));
                }
                for line in hover.lines.iter().take(14) {
                    ui.label(
                        RichText::new(line)
                            .size(size::SMALL + 1.0)
                            .color(tokens.text_subdued),
                    );
                }
            });
    });
    let rect = response.response.rect;
    if last.is_none_or(|l| (l.height() - rect.height()).abs() > 0.5) {
        ctx.data_mut(|d| d.insert_temp(id, rect));
        ctx.request_repaint();
    }
    (clicked, rect)
}

/// Shows how the call round the cursor goes, above it.
pub fn signature(ctx: &egui::Context, caret: Rect, signature: &Signature) {
    let window = ctx.content_rect();
    let width = WIDTH.min(window.width() - 24.0);
    let id = Id::unique("signature help");
    let height: f32 = ctx.data(|d| d.get_temp(id)).unwrap_or(48.0);
    let at = frame::beside(window, caret, vec2(width + 10.0, height), true);
    let response = frame::popup(ctx, id.with("area"), at, width, |ui| {
        let tokens = theme::tokens(ui);
        ui.spacing_mut().item_spacing.y = 3.0;
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(6, 3))
            .show(ui, |ui| {
                let mut job = LayoutJob::default();
                let active = signature.active.and_then(|a| signature.parameters.get(a));
                let label = signature.label.as_str();
                let mono = FontId::monospace(size::BODY);
                let plain = TextFormat::simple(mono.clone(), tokens.text_subdued);
                match active {
                    Some(span) => {
                        let strong = TextFormat {
                            underline: egui::Stroke::new(1.0, tokens.accent),
                            ..TextFormat::simple(mono, tokens.text_strong)
                        };
                        job.append(label.get(..span.start).unwrap_or(""), 0.0, plain.clone());
                        job.append(label.get(span.start..span.end).unwrap_or(""), 0.0, strong);
                        job.append(label.get(span.end..).unwrap_or(""), 0.0, plain);
                    }
                    None => job.append(label, 0.0, plain),
                }
                job.wrap.max_width = width - 14.0;
                let name = signature.label.clone();
                let line = ui.label(job);
                line.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::Label, true, format!("Signature {name}"))
                });
                if !signature.doc.is_empty() {
                    let font = FontId::new(size::SMALL + 1.0, FontFamily::Proportional);
                    ui.label(
                        RichText::new(&signature.doc)
                            .font(font)
                            .color(tokens.text_subdued),
                    );
                }
            });
    });
    let height = response.response.rect.height();
    ctx.data_mut(|d| d.insert_temp(id, height));
}
