//! The keyboard.

use super::axis::Axis;
use super::data::Timeline;
use super::view::View;
use super::widget::Target;
use egui::{EventFilter, Key, Modifiers, Response, Ui};

/// Answers the keys, where the timeline has the focus.
pub(super) fn handle(
    ui: &Ui,
    response: &Response,
    timeline: &Timeline,
    view: &mut View,
    axis: &Axis,
) -> Option<Target> {
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    // `F` also works under the pointer, as long as nobody is typing.
    let typing = ui.ctx().egui_wants_keyboard_input();
    let focused = response.has_focus();
    if (focused || (response.hovered() && !typing)) && pressed(Key::F) {
        fit_selection(timeline, view);
    }
    if !focused {
        return None;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        escape: view.selected.is_some() || view.range.is_some(),
        tab: false,
    };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));

    let center = (axis.left + axis.right()) / 2.0;
    if pressed(Key::Plus) || pressed(Key::Equals) {
        view.set_axis(axis.zoomed(1.5, center), timeline);
    }
    if pressed(Key::Minus) {
        view.set_axis(axis.zoomed(1.0 / 1.5, center), timeline);
    }
    if (view.selected.is_some() || view.range.is_some()) && pressed(Key::Escape) {
        if view.range.take().is_none() {
            view.selected = None;
            view.event = None;
        }
        return None;
    }
    let last = timeline.matches.len().checked_sub(1)?;
    let at = view.position(timeline);
    let next = if pressed(Key::ArrowRight) {
        Some(at.map_or(0, |at| (at + 1).min(last)))
    } else if pressed(Key::ArrowLeft) {
        Some(at.map_or(last, |at| at.saturating_sub(1)))
    } else if pressed(Key::Home) {
        Some(0)
    } else if pressed(Key::End) {
        Some(last)
    } else {
        None
    };
    if let Some(m) = next.and_then(|next| timeline.matches.get(next)) {
        view.selected = Some(m.index);
        view.event = None;
        return Some(Target {
            event: None,
            matched: Some(m.index),
        });
    }
    let down = pressed(Key::ArrowDown);
    let up = pressed(Key::ArrowUp);
    if down || up {
        return step_event(timeline, view, down);
    }
    None
}

/// Goes to the next or previous event of the selected match.
fn step_event(timeline: &Timeline, view: &mut View, forward: bool) -> Option<Target> {
    let position = view.position(timeline).unwrap_or(0);
    let m = timeline.matches.get(position)?;
    let ids: Vec<_> = m
        .spots
        .iter()
        .filter_map(|s| timeline.spots.get(*s))
        .map(|s| s.id)
        .collect();
    let last = ids.len().checked_sub(1)?;
    let at = view.event.and_then(|e| ids.iter().position(|id| *id == e));
    let to = match (at, forward) {
        (Some(at), true) => (at + 1).min(last),
        (Some(at), false) => at.saturating_sub(1),
        (None, true) => 0,
        (None, false) => last,
    };
    view.selected = Some(m.index);
    view.event = ids.get(to).copied();
    Some(Target {
        event: view.event,
        matched: view.selected,
    })
}

/// Shows the selected range, else the selected match, else everything.
fn fit_selection(timeline: &Timeline, view: &mut View) {
    let m = view
        .position(timeline)
        .and_then(|at| timeline.matches.get(at));
    match (view.range, m) {
        (Some((first, last)), _) => view.show_range(first, last),
        (None, Some(m)) => view.show_match(m),
        (None, None) => view.fit(),
    }
}
