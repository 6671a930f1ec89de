//! Draws egui's triangles on the CPU: pictures of the window without a display, a GPU or a driver.
//! Used by `rulewright screenshot` and by the tests.

mod fill;
mod headless;
mod picture;
mod texture;

pub use headless::Headless;
pub use picture::{Picture, write_png};
pub use texture::TextureStore;

use egui::epaint::{ClippedPrimitive, Primitive};
use egui::{Color32, Rect};

/// Draws primitives (as `Context::tessellate` gives them) onto a picture of `size` pixels filled
/// with `background`. Blends as the GPU backends do: premultiplied colours, in gamma space.
/// Paint callbacks are left out: they need a GPU.
pub fn render(
    primitives: &[ClippedPrimitive],
    textures: &TextureStore,
    size: [u32; 2],
    pixels_per_point: f32,
    background: Color32,
) -> Picture {
    let mut picture = Picture::filled(size, background);
    for ClippedPrimitive {
        clip_rect,
        primitive,
    } in primitives
    {
        let Primitive::Mesh(mesh) = primitive else {
            continue;
        };
        let clip = clip_pixels(*clip_rect, pixels_per_point, size);
        if clip.is_empty() {
            continue;
        }
        let texture = textures.get(mesh.texture_id);
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |i: usize| {
                let index = usize::try_from(*corners.get(i)?).ok()?;
                mesh.vertices.get(index)
            };
            if let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) {
                fill::triangle(&mut picture, &clip, texture, [a, b, c], pixels_per_point);
            }
        }
    }
    picture
}

/// Pixels from (inclusive) to (exclusive).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Clip {
    min: [i64; 2],
    max: [i64; 2],
}

impl Clip {
    fn is_empty(&self) -> bool {
        self.min[0] >= self.max[0] || self.min[1] >= self.max[1]
    }
}

/// Rounds as the scissor of egui_glow does.
fn clip_pixels(rect: Rect, pixels_per_point: f32, size: [u32; 2]) -> Clip {
    let pixel = |points: f32, limit: u32| {
        // Saturates: a clip rectangle may be infinite.
        ((points * pixels_per_point).round() as i64).clamp(0, i64::from(limit))
    };
    Clip {
        min: [pixel(rect.min.x, size[0]), pixel(rect.min.y, size[1])],
        max: [pixel(rect.max.x, size[0]), pixel(rect.max.y, size[1])],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::epaint::{ColorImage, ImageDelta, Mesh, Vertex};
    use egui::{TextureId, TextureOptions, pos2, vec2};

    fn white() -> TextureStore {
        let mut textures = TextureStore::default();
        let image = ColorImage::new([1, 1], vec![Color32::WHITE]);
        textures.set(
            TextureId::default(),
            &ImageDelta::full(image, TextureOptions::NEAREST),
        );
        textures
    }

    fn draw(
        meshes: Vec<Mesh>,
        textures: &TextureStore,
        clip: Rect,
        background: Color32,
    ) -> Picture {
        let primitives: Vec<_> = meshes
            .into_iter()
            .map(|mesh| ClippedPrimitive {
                clip_rect: clip,
                primitive: Primitive::Mesh(mesh),
            })
            .collect();
        render(&primitives, textures, [8, 8], 1.0, background)
    }

    fn square(min: f32, max: f32, color: Color32) -> Mesh {
        let mut mesh = Mesh::default();
        mesh.add_colored_rect(Rect::from_min_max(pos2(min, min), pos2(max, max)), color);
        mesh
    }

    #[test]
    fn a_rectangle_covers_each_pixel_once() {
        // Half-transparent white on black: a pixel on the diagonal drawn twice would be brighter.
        let half = Color32::from_white_alpha(128);
        let picture = draw(
            vec![square(2.0, 6.0, half)],
            &white(),
            Rect::EVERYTHING,
            Color32::BLACK,
        );
        for y in 0..8 {
            for x in 0..8 {
                let inside = (2..6).contains(&x) && (2..6).contains(&y);
                let expected = if inside { 128 } else { 0 };
                assert_eq!(
                    picture.pixel(x, y),
                    [expected, expected, expected, 255],
                    "{x},{y}"
                );
            }
        }
    }

    #[test]
    fn blending_is_premultiplied() {
        // Red at alpha 64 premultiplied is (64, 0, 0, 64): over white 255·(1 − 64/255) + 64 = 255 in red
        // and 191 in the others.
        let picture = draw(
            vec![square(
                0.0,
                8.0,
                Color32::from_rgba_premultiplied(64, 0, 0, 64),
            )],
            &white(),
            Rect::EVERYTHING,
            Color32::WHITE,
        );
        assert_eq!(picture.pixel(3, 3), [255, 191, 191, 255]);
        // Additive colours (alpha 0) only add.
        let picture = draw(
            vec![square(
                0.0,
                8.0,
                Color32::from_rgba_premultiplied(10, 0, 0, 0),
            )],
            &white(),
            Rect::EVERYTHING,
            Color32::from_rgb(100, 100, 100),
        );
        assert_eq!(picture.pixel(3, 3), [110, 100, 100, 255]);
    }

    #[test]
    fn clip_rectangles_cut() {
        let clip = Rect::from_min_max(pos2(3.0, 0.0), pos2(5.0, 8.0));
        let picture = draw(
            vec![square(0.0, 8.0, Color32::WHITE)],
            &white(),
            clip,
            Color32::BLACK,
        );
        let row: Vec<u8> = (0..8).map(|x| picture.pixel(x, 4)[0]).collect();
        assert_eq!(row, [0, 0, 0, 255, 255, 0, 0, 0]);
    }

    #[test]
    fn textures_are_sampled() {
        let mut textures = TextureStore::default();
        let id = TextureId::Managed(7);
        let image = ColorImage::new([2, 1], vec![Color32::BLACK, Color32::WHITE]);
        let mut mesh = Mesh::with_texture(id);
        mesh.add_rect_with_uv(
            Rect::from_min_size(pos2(0.0, 0.0), vec2(8.0, 8.0)),
            Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0)),
            Color32::WHITE,
        );
        textures.set(
            id,
            &ImageDelta::full(image.clone(), TextureOptions::NEAREST),
        );
        let picture = draw(
            vec![mesh.clone()],
            &textures,
            Rect::EVERYTHING,
            Color32::BLACK,
        );
        let row: Vec<u8> = (0..8).map(|x| picture.pixel(x, 4)[0]).collect();
        assert_eq!(row, [0, 0, 0, 0, 255, 255, 255, 255]);

        textures.set(id, &ImageDelta::full(image, TextureOptions::LINEAR));
        let picture = draw(vec![mesh], &textures, Rect::EVERYTHING, Color32::BLACK);
        let row: Vec<u8> = (0..8).map(|x| picture.pixel(x, 4)[0]).collect();
        // Pixel centre x + 0.5 lies at (x + 0.5) / 4 texels; texel centres at 0.5 and 1.5, clamped outside.
        // x = 2: 0.625 → 12.5 % white = 32; 3: 0.875 → 37.5 % = 96; 4: 62.5 % = 159; 5: 87.5 % = 223.
        assert_eq!(row, [0, 0, 32, 96, 159, 223, 255, 255]);
    }

    #[test]
    fn nonsense_is_left_out() {
        let mut mesh = Mesh::default();
        mesh.vertices
            .push(Vertex::untextured(pos2(f32::NAN, 0.0), Color32::WHITE));
        mesh.vertices
            .push(Vertex::untextured(pos2(f32::INFINITY, 1.0), Color32::WHITE));
        mesh.vertices
            .push(Vertex::untextured(pos2(0.0, 5.0), Color32::WHITE));
        mesh.indices = vec![0, 1, 2, 0, 1, 99];
        let picture = draw(vec![mesh], &white(), Rect::EVERYTHING, Color32::BLACK);
        assert_eq!(picture.pixel(1, 1), [0, 0, 0, 255]);
    }
}
