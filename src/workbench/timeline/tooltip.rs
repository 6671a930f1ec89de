//! What is said of the thing under the pointer.

use super::access::lane_name;
use super::clusters::Cluster;
use super::data::{Lane, Placed, Spot, Strip, Timeline};
use super::describe::{count, duration};
use super::layout::RowKind;
use super::pointer::Hit;
use super::widget::Scene;
use crate::value::time::{MINUTE, format_short};
use egui::{PopupAnchor, RichText, Tooltip, Ui};

/// Most kinds of events that are listed for a mark of many.
const LISTED: usize = 5;

/// Shows the tooltip, where there is something to say.
pub(super) fn show(ui: &Ui, scene: &Scene<'_>) {
    let lines = lines(scene);
    if lines.is_empty() {
        return;
    }
    let layer = ui.layer_id();
    let anchor = PopupAnchor::Pointer;
    Tooltip::always_open(ui.ctx().clone(), layer, scene.id, anchor)
        .gap(14.0)
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            for (rank, line) in lines {
                let color = match rank {
                    Rank::Title => scene.palette.strong,
                    Rank::Fact => scene.palette.text,
                    Rank::Aside => scene.palette.subdued,
                };
                ui.label(RichText::new(line).color(color));
            }
        });
}

/// How a line is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rank {
    Title,
    Fact,
    Aside,
}

fn lines(scene: &Scene<'_>) -> Vec<(Rank, String)> {
    let timeline = scene.timeline;
    match &scene.hit {
        Hit::Mark {
            lane,
            cluster,
            spot,
        } => {
            let many = scene
                .scenes
                .lane(*lane)
                .and_then(|l| l.clusters.get(*cluster))
                .map(|(_, c)| c)
                .filter(|c| c.count() > 1);
            match (many, timeline.lanes.get(*lane), timeline.spots.get(*spot)) {
                (Some(cluster), Some(lane), _) => of_cluster(timeline, lane, cluster),
                (None, _, Some(spot)) => of_spot(scene, spot),
                _ => Vec::new(),
            }
        }
        Hit::Link { link, .. } => of_link(scene, *link),
        Hit::Dot { strip, dot } => of_dot(scene, *strip, *dot),
        Hit::Name(RowKind::Lane(lane)) => timeline
            .lanes
            .get(*lane)
            .map(|lane| of_lane(timeline, lane))
            .unwrap_or_default(),
        Hit::Name(RowKind::Strip(strip)) => timeline
            .background
            .get(*strip)
            .map(of_strip)
            .unwrap_or_default(),
        Hit::Ruler => of_ruler(scene),
        _ => Vec::new(),
    }
}

fn at(time: i64) -> String {
    format!("{} UTC", format_short(time))
}

/// The table, the matches and the entities of an event.
fn of_spot(scene: &Scene<'_>, spot: &Spot) -> Vec<(Rank, String)> {
    let timeline = scene.timeline;
    let table = timeline.background.get(spot.table);
    let mut lines = vec![
        (Rank::Title, spot.label.to_string()),
        (Rank::Fact, at(spot.time)),
        (
            Rank::Aside,
            table.map_or(String::new(), |t| t.table.to_string()),
        ),
    ];
    let shown = scene
        .selected
        .filter(|s| spot.matches.contains(s))
        .or(spot.matches.first().copied());
    if let Some(m) = shown.and_then(|m| timeline.matches.get(m)) {
        let mut words = format!("Match {}", m.index + 1);
        if spot.matches.len() > 1 {
            words.push_str(&format!(
                ", and {}",
                count(spot.matches.len() - 1, "other", "others")
            ));
        }
        lines.push((Rank::Fact, words));
        lines.extend(entities(m));
    }
    lines
}

fn entities(m: &Placed) -> impl Iterator<Item = (Rank, String)> + '_ {
    m.entities
        .iter()
        .filter(|(_, label)| !label.is_empty())
        .take(6)
        .map(|(kind, label)| {
            (
                Rank::Aside,
                format!("{} {label}", super::describe::kind_title(kind)),
            )
        })
}

/// What a mark stands for, most frequent first.
fn of_cluster(timeline: &Timeline, lane: &Lane, cluster: &Cluster) -> Vec<(Rank, String)> {
    let marks = lane.marks.get(cluster.marks.clone()).unwrap_or_default();
    let spots: Vec<&Spot> = marks
        .iter()
        .filter_map(|s| timeline.spots.get(*s))
        .collect();
    let (Some(first), Some(last)) = (spots.first(), spots.last()) else {
        return Vec::new();
    };
    let mut labels: Vec<(&str, usize)> = Vec::new();
    // Enough to say what it is; a mark of thousands need not be counted in each frame.
    for spot in spots.iter().take(2_000) {
        if let Some((_, n)) = labels.iter_mut().find(|(label, _)| **label == *spot.label) {
            *n += 1;
        } else if labels.len() < 50 {
            labels.push((&spot.label, 1));
        }
    }
    labels.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let length = duration(last.time.saturating_sub(first.time));
    let mut lines = vec![
        (
            Rank::Title,
            format!("{} in {length}", count(spots.len(), "event", "events")),
        ),
        (
            Rank::Fact,
            format!("{} – {}", format_short(first.time), at(last.time)),
        ),
    ];
    let more = labels.len().saturating_sub(LISTED);
    for (label, n) in labels.into_iter().take(LISTED) {
        let words = if n > 1 {
            format!("{label} × {n}")
        } else {
            label.to_owned()
        };
        lines.push((Rank::Fact, words));
    }
    if more > 0 {
        lines.push((
            Rank::Aside,
            format!("… and {}", count(more, "other kind", "other kinds")),
        ));
    }
    lines.push((Rank::Aside, "Zoom in to see them apart".to_owned()));
    lines
}

/// What a link joins, and how far apart.
fn of_link(scene: &Scene<'_>, link: usize) -> Vec<(Rank, String)> {
    let timeline = scene.timeline;
    let Some(link) = timeline.links.get(link) else {
        return Vec::new();
    };
    let (Some(from), Some(to)) = (timeline.spots.get(link.from), timeline.spots.get(link.to))
    else {
        return Vec::new();
    };
    let first = link.matches.first().and_then(|m| timeline.matches.get(*m));
    let mut lines = vec![
        (
            Rank::Title,
            first.map_or(String::new(), |m| format!("Match {}", m.index + 1)),
        ),
        (Rank::Fact, format!("{} {}", at(from.time), from.label)),
        (Rank::Fact, format!("{} {}", at(to.time), to.label)),
        (
            Rank::Aside,
            format!("{} apart", duration(to.time.saturating_sub(from.time))),
        ),
    ];
    if let Some(m) = first {
        lines.extend(entities(m));
    }
    lines
}

fn of_dot(scene: &Scene<'_>, strip: usize, dot: usize) -> Vec<(Rank, String)> {
    let Some(strip) = scene.timeline.background.get(strip) else {
        return Vec::new();
    };
    let (Some(label), Some(time)) = (strip.events.labels.get(dot), strip.times().get(dot)) else {
        return Vec::new();
    };
    // What a reach of two points to either side holds.
    let reach = (2.0 / scene.axis.scale()) as i64;
    let low = strip
        .times()
        .partition_point(|t| *t < time.saturating_sub(reach));
    let high = strip
        .times()
        .partition_point(|t| *t <= time.saturating_add(reach));
    let here = high.saturating_sub(low);
    if here > 1 {
        let words = count(here, "event", "events");
        let matched = strip
            .matched
            .partition_point(|t| *t <= time.saturating_add(reach))
            - strip
                .matched
                .partition_point(|t| *t < time.saturating_sub(reach));
        let mut lines = vec![
            (Rank::Title, format!("{words} in {}", strip.table)),
            (
                Rank::Fact,
                format!("Around {}", at(time - time.rem_euclid(MINUTE))),
            ),
        ];
        if matched > 0 {
            lines.push((Rank::Fact, format!("{matched} in matches")));
        }
        return lines;
    }
    if let Some(spot) = strip.spot(dot).and_then(|s| scene.timeline.spots.get(s)) {
        return of_spot(scene, spot);
    }
    vec![
        (Rank::Title, label.to_string()),
        (Rank::Fact, at(*time)),
        (Rank::Aside, strip.table.to_string()),
    ]
}

fn of_lane(timeline: &Timeline, lane: &Lane) -> Vec<(Rank, String)> {
    let placed = || lane.matches.iter().filter_map(|m| timeline.matches.get(*m));
    let mut lines = vec![(Rank::Title, lane_name(lane))];
    if let (Some(first), Some(last)) = (
        placed().map(|m| m.first).min(),
        placed().map(|m| m.last).max(),
    ) {
        lines.push((Rank::Fact, format!("First event {}", at(first))));
        if last != first {
            lines.push((Rank::Fact, format!("Last event {}", at(last))));
        }
    }
    lines
}

fn of_strip(strip: &Strip) -> Vec<(Rank, String)> {
    let mut lines = vec![
        (Rank::Title, strip.table.to_string()),
        (
            Rank::Fact,
            format!(
                "{}, {} in matches",
                count(strip.times().len(), "event", "events"),
                strip.matched.len()
            ),
        ),
    ];
    if let (Some(first), Some(last)) = (strip.times().first(), strip.times().last()) {
        lines.push((
            Rank::Aside,
            format!("{} – {}", format_short(*first), at(*last)),
        ));
    }
    lines
}

/// The clock and the bands, where the pointer is at them.
fn of_ruler(scene: &Scene<'_>) -> Vec<(Rank, String)> {
    let Some(pos) = scene.painter.ctx().pointer_hover_pos() else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    if let Some(now) = scene.timeline.now
        && (scene.axis.x(now).clamp(scene.axis.left, scene.axis.right()) - pos.x).abs() < 16.0
    {
        lines.push((Rank::Title, "Clock".to_owned()));
        lines.push((Rank::Fact, at(now)));
        let words = if scene.timeline.clock_sees_nothing() {
            "Before all events: the rule sees none of them"
        } else {
            "What now() and ago() see"
        };
        lines.push((Rank::Aside, words.to_owned()));
    }
    for band in &scene.timeline.bands {
        if (scene.axis.x(band.start)..scene.axis.x(band.end)).contains(&pos.x) {
            lines.push((Rank::Title, band.label.clone()));
            let (start, end) = (format_short(band.start), at(band.end));
            lines.push((Rank::Fact, format!("{start} – {end}")));
        }
    }
    lines
}
