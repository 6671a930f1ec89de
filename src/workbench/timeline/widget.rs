//! The widget: one frame of the timeline.

use super::axis::Axis;
use super::data::Timeline;
use super::layout::{Layout, RowKind};
use super::palette::Palette;
use super::pointer::{self, Hit};
use super::view::{Scenes, View};
use super::{access, keys, lanes, names, overlay, ruler, strips, tooltip};
use crate::value::EventId;
use egui::{FontId, Id, Painter, Sense, TextStyle, Ui, Vec2};

/// What a person points at or chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Target {
    /// The event.
    pub event: Option<EventId>,
    /// The match, by [`super::MatchInfo::index`].
    pub matched: Option<usize>,
}

/// What happened in one frame.
#[derive(Clone, Debug)]
pub struct TimelineResponse {
    /// What the pointer is over.
    pub hovered: Option<Target>,
    /// What was chosen in this frame, by pointer, keyboard or screen reader.
    /// [`View::selected`] is already set.
    pub clicked: Option<Target>,
    /// The range selected on the ruler, ticks, first to last.
    pub selected_range: Option<(i64, i64)>,
    /// The widget's own response: focus, context menu.
    pub response: egui::Response,
}

/// All that the painting parts need to know.
pub(super) struct Scene<'a> {
    pub timeline: &'a Timeline,
    pub palette: &'a Palette,
    pub layout: &'a Layout,
    pub axis: Axis,
    pub scenes: &'a Scenes,
    /// Clipped to the whole widget.
    pub painter: Painter,
    pub id: Id,
    /// Positions in [`Timeline::matches`].
    pub selected: Option<usize>,
    /// What the pointer is over.
    pub hit: Hit,
    /// The event that the keyboard stands on.
    pub event: Option<EventId>,
    /// How far what is not selected is dimmed, 0 to 1.
    pub dim: f32,
    pub font: FontId,
    pub small: FontId,
}

impl Scene<'_> {
    /// A painter for the part of the rows right of the names.
    pub fn plot_painter(&self, clip: egui::Rect) -> Painter {
        let (left, right) = self.layout.plot;
        let plot = egui::Rect::from_x_y_ranges(left..=right, clip.y_range());
        self.painter
            .with_clip_rect(plot.intersect(self.painter.clip_rect()))
    }

    /// A place moved to the middle of the nearest pixel, so that lines of one pixel are crisp.
    pub fn crisp(&self, x: f32) -> f32 {
        self.painter.round_to_pixel_center(x)
    }

    /// The width of one pixel, points.
    pub fn pixel(&self) -> f32 {
        1.0 / self.painter.pixels_per_point().max(0.1)
    }
}

/// Shows the timeline in all of the available space.
///
/// Pointer: scroll moves the lanes, Shift+scroll the time, Ctrl+scroll zooms at the pointer; dragging
/// moves the time, dragging on the ruler selects a range, a double click shows everything (at first it is the matches that are shown).
/// Keys: left and right step through the matches, up and down through the events of one, Home and End
/// go to the first and last, `F` shows the selection, `+` and `-` zoom, Escape lets go.
pub fn show(
    ui: &mut Ui,
    timeline: &Timeline,
    view: &mut View,
    palette: &Palette,
) -> TimelineResponse {
    let size = ui.available_size().max(Vec2::new(120.0, 60.0));
    let (whole, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::accesskit::Role::Group, true, "Timeline");
        info.current_text_value = Some(timeline.summary());
        info
    });
    let arrange =
        |view: &View| Layout::new(whole, timeline, view.names(whole.width()), view.scroll);

    let mut layout = arrange(view);
    let mut axis = view.axis(timeline, layout.plot);
    let mut clicked = keys::handle(ui, &response, timeline, view, &axis);
    pointer::navigate(ui, &response, timeline, view, &layout, &axis);
    reveal(timeline, view, &layout);
    layout = arrange(view);
    view.scroll = layout.scroll;
    axis = view.axis(timeline, layout.plot);

    let lanes_on_screen: Vec<usize> = layout
        .visible()
        .filter_map(|row| match row.kind {
            RowKind::Lane(lane) => Some(lane),
            _ => None,
        })
        .collect();
    view.scenes
        .prepare(timeline, &axis, lanes_on_screen.into_iter());

    let pos = response
        .hover_pos()
        .filter(|_| response.hovered() || view.drag.is_some());
    let hit = pos.map_or(Hit::Nothing, |pos| {
        pointer::hit(timeline, &layout, &axis, &view.scenes, pos)
    });
    if let Some(target) = pointer::click(&response, timeline, view, &hit) {
        clicked = Some(target);
    }
    if let Some(target) = access::publish(ui, &response, timeline, view, &layout, &axis) {
        clicked = Some(target);
    }
    let selected = view.position(timeline);

    if ui.is_rect_visible(whole) {
        let font = TextStyle::Body.resolve(ui.style());
        let small = FontId::new((font.size - 1.5).max(9.0), font.family.clone());
        let dim_id = response.id.with("dim");
        let scene = Scene {
            timeline,
            palette,
            layout: &layout,
            axis,
            scenes: &view.scenes,
            painter: ui.painter_at(whole),
            id: response.id,
            selected,
            hit: hit.clone(),
            event: view.event,
            dim: ui
                .ctx()
                .animate_bool_with_time(dim_id, selected.is_some(), 0.12),
            font,
            small,
        };
        paint(&scene, view, pos, response.has_focus());
        pointer::cursor(ui, view, &hit);
        if view.drag.is_none() {
            tooltip::show(ui, &scene);
        }
    }
    TimelineResponse {
        hovered: hit.target(timeline, selected),
        clicked,
        selected_range: view.range,
        response,
    }
}

/// Everything, from the back to the front.
fn paint(scene: &Scene<'_>, view: &View, pos: Option<egui::Pos2>, focused: bool) {
    let (layout, palette) = (scene.layout, scene.palette);
    let painter = &scene.painter;
    painter.rect_filled(layout.whole, 0.0, palette.background);
    let names = egui::Rect::from_min_max(
        layout.whole.min,
        egui::pos2(layout.plot.0, layout.whole.bottom()),
    );
    painter.rect_filled(names, 0.0, palette.panel);
    painter.rect_filled(layout.ruler, 0.0, palette.panel);

    let ticks = super::ticks::ticks(&scene.axis);
    overlay::bands(scene);
    ruler::grid(scene, &ticks);
    lanes::rows(scene);
    strips::paint(scene);
    lanes::marks(scene);
    lanes::selection(scene);
    names::paint(scene);
    let plates = overlay::plates(scene, view.range, pos);
    overlay::shadow(scene);
    ruler::paint(scene, &ticks, &plates);
    overlay::empty(scene);
    overlay::range(scene, view.range);
    overlay::clock(scene);
    overlay::crosshair(scene, pos);
    for plate in plates {
        plate.paint(scene);
    }
    overlay::frame(scene, focused);
}

/// Brings a match that was newly selected, from outside or by a key, into view.
fn reveal(timeline: &Timeline, view: &mut View, layout: &Layout) {
    if view.selected == view.revealed {
        return;
    }
    view.revealed = view.selected;
    let Some(m) = view
        .position(timeline)
        .and_then(|at| timeline.matches.get(at))
    else {
        return;
    };
    if let Some(row) = m.lanes.first().and_then(|lane| layout.row_of_lane(*lane)) {
        view.scroll = layout.scroll_to(row);
    }
    let axis = view.axis(timeline, layout.plot);
    if m.first >= axis.start && m.last <= axis.end() {
        return;
    }
    let length = m.last.saturating_sub(m.first) as f64;
    if length > axis.span * 0.9 {
        view.show_range(m.first, m.last);
    } else {
        let middle = m.first.saturating_add((length / 2.0) as i64);
        let start = middle.saturating_sub((axis.span / 2.0) as i64);
        view.set_axis(Axis { start, ..axis }, timeline);
    }
}
