//! One triangle. Corners lie on a grid of 1/256 pixel and edges are computed in whole numbers,
//! so that two triangles with a common edge cover each pixel of it exactly once.

use super::texture::Texture;
use super::{Clip, Picture};
use egui::Color32;
use egui::epaint::Vertex;

const GRID: f32 = 256.0;
const HALF: i64 = 128;
/// Farther out than any screen; keeps the products below within 64 bits.
const FARTHEST: f32 = 1e6;

/// `a·x + b·y + c`, at least 0 inside.
#[derive(Clone, Copy)]
struct Edge {
    a: i64,
    b: i64,
    c: i64,
}

impl Edge {
    fn new(from: [i64; 2], to: [i64; 2]) -> Self {
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        let (a, b) = (-dy, dx);
        // A pixel centre right on an edge belongs to the triangle at its right or below (top-left rule).
        let top_left = dy < 0 || (dy == 0 && dx > 0);
        let c = -(a * from[0] + b * from[1]) - i64::from(!top_left);
        Self { a, b, c }
    }

    fn at(self, x: i64, y: i64) -> i64 {
        self.a * x + self.b * y + self.c
    }
}

pub(super) fn triangle(
    picture: &mut Picture,
    clip: &Clip,
    texture: Option<&Texture>,
    corners: [&Vertex; 3],
    pixels_per_point: f32,
) {
    let Some(texture) = texture else {
        return;
    };
    let mut points = [[0_i64; 2]; 3];
    for (point, vertex) in points.iter_mut().zip(corners) {
        for (to, from) in point.iter_mut().zip([vertex.pos.x, vertex.pos.y]) {
            let pixels = from * pixels_per_point;
            if !pixels.is_finite() || pixels.abs() > FARTHEST {
                return;
            }
            *to = (pixels * GRID).round() as i64;
        }
    }
    let [mut p0, mut p1, p2] = points;
    let [mut v0, mut v1, v2] = corners;
    let mut area = (p1[0] - p0[0]) * (p2[1] - p0[1]) - (p1[1] - p0[1]) * (p2[0] - p0[0]);
    if area == 0 {
        return;
    }
    if area < 0 {
        // egui's triangles come in both directions.
        std::mem::swap(&mut p0, &mut p1);
        std::mem::swap(&mut v0, &mut v1);
        area = -area;
    }
    let edges = [Edge::new(p1, p2), Edge::new(p2, p0), Edge::new(p0, p1)];
    let low = |axis: usize| p0[axis].min(p1[axis]).min(p2[axis]).div_euclid(256);
    let high = |axis: usize| p0[axis].max(p1[axis]).max(p2[axis]).div_euclid(256) + 1;
    let (x_min, x_max) = (low(0).max(clip.min[0]), high(0).min(clip.max[0]));
    let (y_min, y_max) = (low(1).max(clip.min[1]), high(1).min(clip.max[1]));
    if x_min >= x_max {
        return;
    }

    let flat = v0.color == v1.color && v1.color == v2.color;
    let same_texel = v0.uv == v1.uv && v1.uv == v2.uv;
    let constant = (flat && same_texel).then(|| {
        let color = modulate(channels(v0.color), texture.sample(v0.uv.x, v0.uv.y));
        color.map(|c| (c + 0.5) as u32)
    });
    let weight = 1.0 / area as f32;
    let (c0, c1, c2) = (channels(v0.color), channels(v1.color), channels(v2.color));

    for y in y_min..y_max {
        let centre_y = y * 256 + HALF;
        let Some((from, to)) = span(&edges, centre_y, x_min, x_max) else {
            continue;
        };
        let row = picture.row_mut(y, from, to);
        if let Some(color) = constant {
            for pixel in row {
                blend(pixel, color);
            }
            continue;
        }
        for (x, pixel) in (from..to).zip(row) {
            let centre_x = x * 256 + HALF;
            let w0 = edges[0].at(centre_x, centre_y) as f32 * weight;
            let w1 = edges[1].at(centre_x, centre_y) as f32 * weight;
            let w2 = 1.0 - w0 - w1;
            let u = w0 * v0.uv.x + w1 * v1.uv.x + w2 * v2.uv.x;
            let v = w0 * v0.uv.y + w1 * v1.uv.y + w2 * v2.uv.y;
            let texel = texture.sample(u, v);
            let color = if flat {
                c0
            } else {
                std::array::from_fn(|i| w0 * c0[i] + w1 * c1[i] + w2 * c2[i])
            };
            let color = modulate(color, texel).map(|c| (c + 0.5).clamp(0.0, 255.0) as u32);
            blend(pixel, color);
        }
    }
}

/// The pixels of a row (from, to) whose centres lie inside all edges.
fn span(edges: &[Edge; 3], y: i64, x_min: i64, x_max: i64) -> Option<(i64, i64)> {
    let (mut from, mut to) = (x_min, x_max);
    for edge in edges {
        // edge(x) = slope·x + rest ≥ 0 at the centre of pixel x.
        let slope = edge.a * 256;
        let rest = edge.a * HALF + edge.b * y + edge.c;
        match slope {
            0 if rest < 0 => return None,
            0 => {}
            1.. => from = from.max(-rest.div_euclid(slope)),
            _ => to = to.min(rest.div_euclid(-slope) + 1),
        }
    }
    (from < to).then_some((from, to))
}

fn channels(color: Color32) -> [f32; 4] {
    color.to_array().map(f32::from)
}

/// Both from 0 to 255.
fn modulate(color: [f32; 4], texel: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(|i| color[i] * texel[i] / 255.0)
}

/// Premultiplied source over destination.
fn blend(pixel: &mut [u8; 4], source: [u32; 4]) {
    let keep = 255 - source[3].min(255);
    if keep == 0 {
        *pixel = source.map(|c| c.min(255) as u8);
        return;
    }
    for (to, from) in pixel.iter_mut().zip(source) {
        *to = (from + (u32::from(*to) * keep + 127) / 255).min(255) as u8;
    }
}
