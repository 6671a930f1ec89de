//! The pointer: what it is over, and what its buttons and wheel do.

use super::axis::Axis;
use super::data::Timeline;
use super::density;
use super::layout::{Layout, RowKind, limited_names};
use super::view::{Drag, Scenes, View};
use super::widget::Target;
use egui::{CursorIcon, PointerButton, Pos2, Response, Ui};

/// What the pointer is over.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Hit {
    /// Nothing of the timeline.
    #[default]
    Nothing,
    /// The ruler.
    Ruler,
    /// The edge of the name column.
    Edge,
    /// The scroll bar.
    Bar,
    /// A name.
    Name(RowKind),
    /// A mark of a lane: the cluster, and the nearest of its events.
    Mark {
        lane: usize,
        cluster: usize,
        spot: usize,
    },
    /// A link on a lane.
    Link { lane: usize, link: usize },
    /// One event of a strip.
    Dot { strip: usize, dot: usize },
    /// A place of a row where there is nothing to choose.
    Row(RowKind),
    /// The space beside all rows.
    Space,
}

impl Hit {
    /// The matches behind it: positions in [`Timeline::matches`].
    pub(super) fn matches<'a>(&self, timeline: &'a Timeline) -> &'a [usize] {
        let found = match self {
            Hit::Mark { spot, .. } => timeline.spots.get(*spot).map(|s| &s.matches),
            Hit::Link { link, .. } => timeline.links.get(*link).map(|l| &l.matches),
            Hit::Name(RowKind::Lane(lane)) => timeline.lanes.get(*lane).map(|l| &l.matches),
            Hit::Dot { strip, dot } => timeline
                .background
                .get(*strip)
                .and_then(|s| s.spot(*dot))
                .and_then(|s| timeline.spots.get(s))
                .map(|s| &s.matches),
            _ => None,
        };
        found.map_or(&[], Vec::as_slice)
    }

    /// What it means to the caller. Among several matches the selected one is meant, else the first.
    pub(super) fn target(&self, timeline: &Timeline, selected: Option<usize>) -> Option<Target> {
        let event = match self {
            Hit::Mark { spot, .. } => timeline.spots.get(*spot).map(|s| s.id),
            Hit::Dot { strip, dot } => timeline
                .background
                .get(*strip)
                .and_then(|s| s.events.ids.get(*dot).copied()),
            _ => None,
        };
        let matches = self.matches(timeline);
        let position = selected
            .filter(|s| matches.contains(s))
            .or(matches.first().copied());
        let matched = position
            .and_then(|p| timeline.matches.get(p))
            .map(|m| m.index);
        (event.is_some() || matched.is_some()).then_some(Target { event, matched })
    }
}

/// What is at a place.
pub(super) fn hit(
    timeline: &Timeline,
    layout: &Layout,
    axis: &Axis,
    scenes: &Scenes,
    pos: Pos2,
) -> Hit {
    if !layout.whole.contains(pos) {
        return Hit::Nothing;
    }
    if (pos.x - layout.plot.0).abs() <= 3.0 {
        return Hit::Edge;
    }
    if layout.bar().is_some_and(|bar| pos.x >= bar.left() - 2.0) && layout.body.contains(pos) {
        return Hit::Bar;
    }
    if layout.ruler.contains(pos) {
        return Hit::Ruler;
    }
    let Some(row) = layout.row_at(pos) else {
        return Hit::Space;
    };
    if pos.x < layout.plot.0 {
        return Hit::Name(row.kind);
    }
    match row.kind {
        RowKind::Lane(at) => {
            let (Some(lane), Some(scene)) = (timeline.lanes.get(at), scenes.lane(at)) else {
                return Hit::Row(row.kind);
            };
            if let Some(cluster) = scene.cluster_at(layout, row, pos)
                && let Some((_, c)) = scene.clusters.get(cluster)
            {
                let distance = |spot: &usize| {
                    let time = timeline.spots.get(*spot).map_or(0, |s| s.time);
                    (axis.x(time) - pos.x).abs()
                };
                let marks = lane.marks.get(c.marks.clone()).unwrap_or_default();
                let nearest = marks
                    .iter()
                    .min_by(|a, b| distance(a).total_cmp(&distance(b)));
                if let Some(spot) = nearest.copied() {
                    return Hit::Mark {
                        lane: at,
                        cluster,
                        spot,
                    };
                }
            }
            match scene.curve_at(layout, row, pos) {
                Some(curve) => Hit::Link {
                    lane: at,
                    link: scene.curves.get(curve).map_or(0, |c| c.link),
                },
                None => Hit::Row(row.kind),
            }
        }
        RowKind::Strip(at) => {
            let times = timeline.background.get(at).map(|s| s.times());
            let times = times.unwrap_or_default();
            match density::nearest(times, axis, pos.x, 4.0) {
                Some(dot) => Hit::Dot { strip: at, dot },
                None => Hit::Row(row.kind),
            }
        }
        RowKind::More(_) => Hit::Row(row.kind),
    }
}

/// Scrolls, pans, zooms, resizes and selects ranges.
pub(super) fn navigate(
    ui: &Ui,
    response: &Response,
    timeline: &Timeline,
    view: &mut View,
    layout: &Layout,
    axis: &Axis,
) {
    drag(ui, response, timeline, view, layout, axis);
    let Some(pos) = response.hover_pos().filter(|_| response.hovered()) else {
        return;
    };
    let (scroll, zoom) = ui.input(|i| (i.smooth_scroll_delta(), i.zoom_delta()));
    if zoom != 1.0 {
        view.set_axis(
            axis.zoomed(f64::from(zoom), pos.x.max(layout.plot.0)),
            timeline,
        );
    } else {
        if scroll.x != 0.0 {
            view.set_axis(axis.panned(scroll.x), timeline);
        }
        if scroll.y != 0.0 {
            view.scroll = layout.scroll - scroll.y;
        }
    }
}

fn drag(
    ui: &Ui,
    response: &Response,
    timeline: &Timeline,
    view: &mut View,
    layout: &Layout,
    axis: &Axis,
) {
    if response.drag_started() {
        response.request_focus();
        let origin = ui.input(|i| i.pointer.press_origin());
        view.drag = origin.map(|pos| {
            let primary = response.drag_started_by(PointerButton::Primary);
            if !primary {
                return Drag::Pan;
            }
            match hit(timeline, layout, axis, &Scenes::default(), pos) {
                Hit::Edge => Drag::Names,
                Hit::Bar => Drag::Bar,
                Hit::Ruler => Drag::Range(axis.time(pos.x)),
                _ => Drag::Pan,
            }
        });
    }
    // The last movement may come in the same frame as the release.
    if (response.dragged() || response.drag_stopped())
        && let (Some(drag), Some(pos)) = (view.drag, response.interact_pointer_pos())
    {
        let delta = response.drag_delta();
        match drag {
            Drag::Pan => {
                if delta.x != 0.0 {
                    view.set_axis(axis.panned(delta.x), timeline);
                }
                view.scroll = layout.scroll - delta.y;
            }
            Drag::Range(anchor) => {
                let time = axis.time(pos.x.clamp(layout.plot.0, layout.plot.1));
                view.range = Some((anchor.min(time), anchor.max(time)));
            }
            Drag::Names => {
                let width = pos.x - layout.whole.left();
                view.names_width = Some(limited_names(width, layout.whole.width()));
            }
            Drag::Bar => {
                let height = layout.body.height();
                let length = layout.bar().map_or(height, |bar| bar.height());
                let travel = (height - length).max(1.0);
                view.scroll = layout.scroll + delta.y * (layout.content - height).max(0.0) / travel;
            }
        }
    }
    // A release can be missed, for instance when the window loses the pointer.
    if response.drag_stopped() || !ui.input(|i| i.pointer.any_down()) {
        view.drag = None;
    }
}

/// Selects what was clicked. A click on the same again goes on to the next match it belongs to.
pub(super) fn click(
    response: &Response,
    timeline: &Timeline,
    view: &mut View,
    hit: &Hit,
) -> Option<Target> {
    if !response.clicked() {
        return None;
    }
    response.request_focus();
    let selected = view.position(timeline);
    let matches = hit.matches(timeline);
    let chosen = match selected.and_then(|s| matches.iter().position(|m| *m == s)) {
        Some(at) if !response.double_clicked() => matches.get((at + 1) % matches.len().max(1)),
        Some(at) => matches.get(at),
        None => matches.first(),
    };
    match hit {
        Hit::Ruler => {
            view.range = None;
            if response.double_clicked() {
                view.fit();
            }
            return None;
        }
        Hit::Edge | Hit::Bar | Hit::Nothing => return None,
        _ => {}
    }
    view.selected = chosen
        .and_then(|p| timeline.matches.get(*p))
        .map(|m| m.index);
    if response.double_clicked() {
        match chosen.and_then(|p| timeline.matches.get(*p)) {
            Some(m) => view.show_match(m),
            None => view.fit(),
        }
    }
    // What was clicked is on screen already.
    view.revealed = view.selected;
    let target = hit.target(timeline, chosen.copied());
    view.event = target
        .and_then(|t| t.event)
        .filter(|_| view.selected.is_some());
    target
}

/// The shape of the pointer.
pub(super) fn cursor(ui: &Ui, view: &View, hit: &Hit) {
    let icon = match (view.drag, hit) {
        (Some(Drag::Pan), _) => CursorIcon::Grabbing,
        (Some(Drag::Names), _) | (None, Hit::Edge) => CursorIcon::ResizeHorizontal,
        (Some(Drag::Range(_)), _) | (None, Hit::Ruler) => CursorIcon::Text,
        (None, Hit::Mark { .. } | Hit::Link { .. } | Hit::Dot { .. }) => CursorIcon::PointingHand,
        (None, Hit::Name(RowKind::Lane(_))) => CursorIcon::PointingHand,
        _ => return,
    };
    ui.ctx().set_cursor_icon(icon);
}
