//! The keys of the viewer: through the lines, folding, copying, the search.

use super::RawEvent;
use super::body::ROW;
use super::lines::Line;
use super::read::Loaded;
use egui::{Key, Modifiers, Response, Ui};

/// Takes the keys that are meant for the event.
pub(super) fn take(
    viewer: &mut RawEvent,
    ui: &mut Ui,
    loaded: &Loaded,
    text: &str,
    response: &Response,
) {
    let focused = response.has_focus();
    // The editor has a search of its own: whoever has the keyboard is meant.
    let nobody = || ui.memory(|m| m.focused().is_none());
    if focused || (response.contains_pointer() && nobody()) {
        let find = egui::KeyboardShortcut::new(Modifiers::COMMAND, Key::F);
        if ui.input_mut(|i| i.consume_shortcut(&find)) {
            viewer.find.open();
        }
    }
    if !focused {
        return;
    }
    ui.memory_mut(|m| {
        m.set_focus_lock_filter(
            response.id,
            egui::EventFilter {
                tab: false,
                horizontal_arrows: true,
                vertical_arrows: true,
                escape: false,
            },
        );
    });
    let copies = ui.input(|i| i.events.iter().any(|e| matches!(e, egui::Event::Copy)));
    if copies {
        let selected = viewer.selected_text(loaded, text);
        let own = || {
            let document = loaded.document.as_ref()?;
            Some(super::copies::value(document, viewer.current?.node()))
        };
        if let Some(copied) = selected.or_else(own) {
            ui.ctx().copy_text(copied);
        }
    }
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let count = viewer.laid.lines.len();
    let here = viewer.current.and_then(|l| viewer.number_of(l));
    let mut to = None;
    let page = (ui.clip_rect().height() / ROW) as usize;
    for (key, target) in [
        (Key::ArrowDown, here.map_or(0, |n| n + 1)),
        (Key::ArrowUp, here.map_or(0, |n| n.saturating_sub(1))),
        (Key::PageDown, here.map_or(0, |n| n + page)),
        (Key::PageUp, here.map_or(0, |n| n.saturating_sub(page))),
        (Key::Home, 0),
        (Key::End, count),
    ] {
        if pressed(key) {
            to = Some(target.min(count.saturating_sub(1)));
        }
    }
    let (left, right) = (pressed(Key::ArrowLeft), pressed(Key::ArrowRight));
    if let (Some(document), Some(line)) = (&loaded.document, viewer.current) {
        let node = line.node();
        let folds = document.node(node).is_some_and(|n| n.folds());
        match line {
            Line::One(_) if right && folds => viewer.fold(node, false),
            Line::Open(_) | Line::Close(_) if left => viewer.fold(node, true),
            // A plain value: the value that it is in.
            Line::One(_) | Line::More(_) if left => {
                let parent = document.parents(node).next().map(Line::Open);
                to = parent.and_then(|l| viewer.number_of(l)).or(to);
            }
            Line::Open(_) if right => to = here.map(|n| n + 1).or(to),
            _ => {}
        }
    }
    if let Some(line) = to.and_then(|n| viewer.laid.lines.get(n)).copied() {
        viewer.current = Some(line);
        let number = viewer.number_of(line).unwrap_or_default();
        viewer.reveal = Some(viewer.first_row(number));
        ui.ctx().request_repaint();
    }
}
