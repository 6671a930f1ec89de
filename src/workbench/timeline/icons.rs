//! Small pictures drawn from lines, so that no icon font is needed, and the shapes of the marks.

use egui::epaint::{PathShape, PathStroke};
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

/// The picture of an entity type, 12 points high, with its middle at `center`.
pub(super) fn kind(painter: &Painter, center: Pos2, kind: &str, color: Color32) {
    let stroke = Stroke::new(1.2, color);
    let at = |x: f32, y: f32| center + vec2(x, y);
    let line = |points: Vec<Pos2>| painter.add(Shape::line(points, stroke));
    match kind {
        "Account" | "Mailbox" | "SecurityGroup" => {
            painter.circle_stroke(at(0.0, -2.8), 2.4, stroke);
            line(arc(at(0.0, 5.6), 4.8, 4.4, 180.0, 360.0));
        }
        "IP" | "DNS" | "URL" => {
            painter.circle_stroke(center, 5.2, stroke);
            line(vec![at(-5.2, 0.0), at(5.2, 0.0)]);
            line(arc(center, 2.3, 5.2, 0.0, 360.0));
        }
        "CloudApplication" | "AzureResource" => {
            let mut points = vec![at(-3.4, 3.8)];
            points.extend(arc(at(-3.4, 1.4), 2.4, 2.4, 90.0, 260.0));
            points.extend(arc(at(0.2, -0.6), 3.4, 3.4, 190.0, 335.0));
            points.extend(arc(at(3.6, 1.4), 2.4, 2.4, 280.0, 450.0));
            points.push(at(-3.4, 3.8));
            line(points);
        }
        "Host" => {
            let screen = Rect::from_center_size(at(0.0, -1.2), vec2(10.4, 7.2));
            painter.rect_stroke(screen, 1.5, stroke, egui::StrokeKind::Middle);
            line(vec![at(-2.6, 5.2), at(2.6, 5.2)]);
        }
        "File" | "FileHash" | "Process" => {
            line(vec![
                at(-3.8, -5.2),
                at(1.4, -5.2),
                at(4.0, -2.4),
                at(4.0, 5.2),
                at(-3.8, 5.2),
                at(-3.8, -5.2),
            ]);
        }
        _ => {
            painter.circle_stroke(center, 4.4, stroke);
            painter.circle_filled(center, 1.4, color);
        }
    }
}

/// Points of an ellipse's arc, degrees clockwise from the right.
fn arc(center: Pos2, rx: f32, ry: f32, from: f32, to: f32) -> Vec<Pos2> {
    let steps = ((to - from).abs() / 18.0).ceil().max(2.0) as usize;
    (0..=steps)
        .map(|i| {
            let angle = (from + (to - from) * i as f32 / steps as f32).to_radians();
            center + vec2(angle.cos() * rx, angle.sin() * ry)
        })
        .collect()
}

/// A mark: the shape of a series, stretched to a width where it stands for several events.
pub(super) fn mark(
    painter: &Painter,
    series: u8,
    rect: Rect,
    fill: Color32,
    stroke: impl Into<Stroke>,
) {
    let stroke = stroke.into();
    let (c, half) = (rect.center(), rect.size() / 2.0);
    match series % 4 {
        0 if (half.x - half.y).abs() < 0.5 => {
            painter.circle(c, half.x, fill, stroke);
        }
        0 => {
            painter.rect(rect, half.y, fill, stroke, egui::StrokeKind::Middle);
        }
        1 => {
            // Points reach a little beyond the box, so that the shape looks as big as a circle.
            let tip = half.y + 0.8;
            let flat = (half.x - half.y).max(0.0);
            polygon(painter, diamond(c, flat, tip), fill, stroke);
        }
        2 => {
            let rect = Rect::from_center_size(c, rect.size() - Vec2::splat(1.0));
            painter.rect(rect, 1.5, fill, stroke, egui::StrokeKind::Middle);
        }
        _ => {
            let flat = (half.x - half.y).max(0.0);
            let points = vec![
                pos2(c.x - flat, c.y - half.y),
                pos2(c.x + flat, c.y - half.y),
                pos2(c.x + flat + half.y, c.y + half.y),
                pos2(c.x - flat - half.y, c.y + half.y),
            ];
            polygon(painter, points, fill, stroke);
        }
    }
}

/// A diamond, with a straight piece of `2 · flat` in its middle.
fn diamond(c: Pos2, flat: f32, tip: f32) -> Vec<Pos2> {
    if flat < 0.5 {
        return vec![
            pos2(c.x, c.y - tip),
            pos2(c.x + tip, c.y),
            pos2(c.x, c.y + tip),
            pos2(c.x - tip, c.y),
        ];
    }
    vec![
        pos2(c.x - flat, c.y - tip),
        pos2(c.x + flat, c.y - tip),
        pos2(c.x + flat + tip, c.y),
        pos2(c.x + flat, c.y + tip),
        pos2(c.x - flat, c.y + tip),
        pos2(c.x - flat - tip, c.y),
    ]
}

fn polygon(painter: &Painter, points: Vec<Pos2>, fill: Color32, stroke: Stroke) {
    painter.add(Shape::Path(PathShape {
        points,
        closed: true,
        fill,
        stroke: PathStroke::new(stroke.width, stroke.color),
    }));
}
