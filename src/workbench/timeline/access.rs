//! What a screen reader finds: the lanes and the matches by name, each of which it can choose.

use super::axis::Axis;
use super::clusters::MARK_RADIUS;
use super::data::{Lane, Placed, Timeline};
use super::describe::{count, kind_title};
use super::layout::{Layout, RowKind};
use super::view::View;
use super::widget::Target;
use crate::value::time::format_short;
use egui::accesskit::{self, Action, Role};
use egui::{Id, Rect, Response, Sense, Ui, pos2};

/// Most matches that are published one by one.
const MATCH_LIMIT: usize = 300;

/// Publishes the lanes on screen and the matches, and answers what was asked for.
/// Costs nothing while no screen reader listens.
pub(super) fn publish(
    ui: &Ui,
    response: &Response,
    timeline: &Timeline,
    view: &mut View,
    layout: &Layout,
    axis: &Axis,
) -> Option<Target> {
    if !ui.ctx().has_accesskit_node(response.id) {
        return None;
    }
    let mut chosen = None;
    for row in layout.visible() {
        let (left, right) = (layout.whole.left(), layout.plot.0);
        let rect = Rect::from_x_y_ranges(left..=right, row.top..=row.bottom());
        let rect = rect.intersect(layout.clip(row));
        match row.kind {
            RowKind::Lane(at) => {
                let Some(lane) = timeline.lanes.get(at) else {
                    continue;
                };
                let id = response.id.with(("lane", at));
                if node(ui, id, rect, lane_name(lane), false) {
                    chosen = lane.matches.first().copied();
                }
            }
            RowKind::Strip(at) => {
                let Some(strip) = timeline.background.get(at) else {
                    continue;
                };
                let name = format!(
                    "Table {}, {}",
                    strip.table,
                    count(strip.times().len(), "event", "events")
                );
                node(ui, response.id.with(("strip", at)), rect, name, false);
            }
            RowKind::More(_) => {}
        }
    }
    for (at, m) in timeline.matches.iter().take(MATCH_LIMIT).enumerate() {
        let id = response.id.with(("match", m.index));
        let rect = match_rect(timeline, layout, axis, m).unwrap_or(Rect::ZERO);
        let selected = view.selected == Some(m.index);
        if node(ui, id, rect, match_name(timeline, m), selected) {
            chosen = Some(at);
        }
    }
    let m = timeline.matches.get(chosen?)?;
    view.selected = Some(m.index);
    view.event = None;
    ui.ctx().request_repaint();
    Some(Target {
        event: None,
        matched: Some(m.index),
    })
}

/// Publishes one item; true when it was asked for.
fn node(ui: &Ui, id: Id, rect: Rect, name: String, selected: bool) -> bool {
    // Makes the timeline's own Ui its parent. Takes no clicks away from what lies beneath.
    ui.interact(rect, id, Sense::hover());
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(Role::ListItem);
        node.set_label(name);
        node.set_selected(selected);
        node.add_action(Action::Click);
        node.set_bounds(accesskit::Rect {
            x0: rect.left().into(),
            y0: rect.top().into(),
            x1: rect.right().into(),
            y1: rect.bottom().into(),
        });
    });
    ui.input(|i| i.has_accesskit_action_request(id, Action::Click))
}

/// Where a match begins on the first of its lanes; none where that is off screen.
fn match_rect(timeline: &Timeline, layout: &Layout, axis: &Axis, m: &Placed) -> Option<Rect> {
    let row = layout.row_of_lane(*m.lanes.first()?)?;
    let spot = timeline.spots.get(*m.spots.first()?)?;
    let center = pos2(axis.x(spot.time), layout.series_y(row, spot.series));
    let plot = Rect::from_x_y_ranges(layout.plot.0..=layout.plot.1, layout.body.y_range());
    let rect = Rect::from_center_size(center, egui::Vec2::splat(2.0 * MARK_RADIUS));
    plot.contains(center).then_some(rect)
}

/// `Account maya@larkspur.example, 3 matches`.
pub(super) fn lane_name(lane: &Lane) -> String {
    let matches = count(lane.matches.len(), "match", "matches");
    format!("{} {}, {matches}", kind_title(&lane.kind), lane.label)
}

/// `Match 1, api_key.created then gpt-5.4 content_filter, 2026-06-08 02:51:03`.
pub(super) fn match_name(timeline: &Timeline, m: &Placed) -> String {
    let label = |s: Option<&usize>| {
        let spot = s.and_then(|s| timeline.spots.get(*s));
        spot.map_or("", |s| &*s.label)
    };
    let mut name = format!("Match {}, {}", m.index + 1, label(m.spots.first()));
    if m.spots.len() > 1 {
        name.push_str(" then ");
        name.push_str(label(m.spots.last()));
    }
    name.push_str(", ");
    name.push_str(&format_short(m.first));
    name
}
