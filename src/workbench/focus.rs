//! The ring round what has the keyboard, for whoever goes by keys: most controls of the toolkit show it by a shade only.

use super::theme::{self, size};
use egui::{Context, Event, Id, Key};

/// Higher things show it in themselves: a text, a list, a drawing.
const HIGHEST: f32 = 60.0;

/// Draws the ring where something got the keyboard by a key.
pub(super) fn show(ctx: &Context) {
    if !by_keys(ctx) {
        return;
    }
    let Some(id) = ctx.memory(|m| m.focused()) else {
        return;
    };
    // A field has its cursor.
    if egui::TextEdit::load_state(ctx, id).is_some() {
        return;
    }
    let Some(response) = ctx.read_response(id) else {
        return;
    };
    let seen = response.interact_rect;
    if response.rect.height() > HIGHEST || !seen.is_positive() {
        return;
    }
    let stroke = egui::Stroke::new(1.5, theme::tokens(ctx).accent);
    ctx.layer_painter(response.layer_id)
        .with_clip_rect(seen.expand(2.0))
        .rect_stroke(
            response.rect,
            size::RADIUS_SMALL,
            stroke,
            egui::StrokeKind::Inside,
        );
}

/// Whether the keyboard was moved by a key last, rather than by a click.
fn by_keys(ctx: &Context) -> bool {
    let moves = |event: &Event| {
        let Event::Key { key, pressed, .. } = event else {
            return false;
        };
        let arrows = [
            Key::ArrowUp,
            Key::ArrowDown,
            Key::ArrowLeft,
            Key::ArrowRight,
        ];
        *pressed && (*key == Key::Tab || arrows.contains(key))
    };
    let (key, click) = ctx.input(|i| (i.raw.events.iter().any(moves), i.pointer.any_pressed()));
    let place = Id::unique("the keyboard was moved by a key");
    ctx.data_mut(|data| {
        let kept = data.get_temp_mut_or_default::<bool>(place);
        if click {
            *kept = false;
        } else if key {
            *kept = true;
        }
        *kept
    })
}
