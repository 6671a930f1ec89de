//! The list under the field.

use super::item::Item;
use crate::workbench::theme::{self, STRONG_FAMILY, size};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align2, FontFamily, FontId, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const ROW: f32 = 26.0;
const MOST_ROWS: f32 = 14.0;

/// Shows what was found; gives what was clicked.
pub(super) fn show(ui: &mut Ui, found: &[Item], chosen: usize, reveal: bool) -> Option<usize> {
    let mut clicked = None;
    let room = (ui.ctx().content_rect().height() - 160.0).max(ROW * 3.0);
    egui::ScrollArea::vertical()
        .auto_shrink([false, true])
        .max_height((ROW * MOST_ROWS).min(room))
        // The room of an area is known a frame late: the list is as high as it needs at once.
        .min_scrolled_height((ROW * found.len() as f32).min(ROW * MOST_ROWS).min(room))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (index, item) in found.iter().enumerate() {
                if row(ui, item, index == chosen, reveal) {
                    clicked = Some(index);
                }
            }
        });
    clicked
}

fn row(ui: &mut Ui, item: &Item, chosen: bool, reveal: bool) -> bool {
    let tokens = theme::tokens(ui);
    let able = item.why_not.is_none();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| {
        let mut name = item.title.clone();
        for more in [&item.detail, &item.right] {
            if !more.is_empty() {
                name = format!("{name}, {more}");
            }
        }
        WidgetInfo::selected(Role::ListItem, able, chosen, name)
    });
    if chosen && reveal {
        ui.scroll_to_rect(rect, None);
    }
    if !ui.is_rect_visible(rect) {
        return false;
    }
    let fill = match (chosen, response.hovered()) {
        (true, _) => Some(tokens.selection),
        (_, true) => Some(tokens.hover),
        _ => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, size::RADIUS_SMALL, fill);
    }
    if response.has_focus() {
        theme::focus_ring(ui, rect);
    }
    let (text, weak) = match (able, chosen) {
        (false, _) => (tokens.text_faint, tokens.text_faint),
        (_, true) => (tokens.on_selection, tokens.on_selection),
        _ => (tokens.text, tokens.text_subdued),
    };
    let right = ui.painter().text(
        pos2(rect.right() - 8.0, rect.center().y),
        Align2::RIGHT_CENTER,
        item.why_not.unwrap_or(&item.right),
        FontId::proportional(size::SMALL),
        weak,
    );
    let lit = if chosen {
        tokens.on_selection
    } else {
        tokens.accent
    };
    let mut job = LayoutJob::default();
    for (n, sign) in item.title.chars().enumerate() {
        let is_lit = able && item.lit.binary_search(&(n as u32)).is_ok();
        let (family, color) = match is_lit {
            true => (FontFamily::Name(STRONG_FAMILY.into()), lit),
            false => (FontFamily::Proportional, text),
        };
        let format = TextFormat::simple(FontId::new(size::BODY, family), color);
        job.append(sign.encode_utf8(&mut [0; 4]), 0.0, format);
    }
    if !item.detail.is_empty() {
        let small = TextFormat::simple(FontId::proportional(size::SMALL), weak);
        job.append(&item.detail, 8.0, small);
    }
    job.wrap = egui::text::TextWrapping::truncate_at_width(right.left() - rect.left() - 20.0);
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    let at = pos2(rect.left() + 8.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, text);
    let response = match item.why_not {
        Some(why) => response.on_hover_text(why),
        None => response,
    };
    response.clicked() && able
}
