//! Textures as egui hands them over: the font atlas, images.

use egui::epaint::{ImageData, ImageDelta};
use egui::{Color32, TextureFilter, TextureId, TextureOptions, TextureWrapMode, TexturesDelta};
use std::collections::HashMap;

/// The textures that are alive.
#[derive(Default)]
pub struct TextureStore {
    textures: HashMap<TextureId, Texture>,
}

pub(super) struct Texture {
    size: [usize; 2],
    pixels: Vec<Color32>,
    options: TextureOptions,
}

impl TextureStore {
    /// Takes over what a frame set, then what it freed, and leaves the delta empty. Call it before
    /// the frame is drawn. A texture that a frame both draws and frees is drawn without; egui does not do so.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for image in &images {
                self.set(id, image);
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    /// Sets a texture, or a part of it.
    pub fn set(&mut self, id: TextureId, delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        match delta.pos {
            None => {
                self.textures.insert(
                    id,
                    Texture {
                        size: image.size,
                        pixels: image.pixels.clone(),
                        options: delta.options,
                    },
                );
            }
            Some([left, top]) => {
                let Some(texture) = self.textures.get_mut(&id) else {
                    return;
                };
                let width = image.size[0].min(texture.size[0].saturating_sub(left));
                for (y, row) in image.pixels.chunks_exact(image.size[0].max(1)).enumerate() {
                    let at = (top + y) * texture.size[0] + left;
                    if let (Some(to), Some(from)) =
                        (texture.pixels.get_mut(at..at + width), row.get(..width))
                    {
                        to.copy_from_slice(from);
                    }
                }
            }
        }
    }

    /// Frees a texture.
    pub fn free(&mut self, id: TextureId) {
        self.textures.remove(&id);
    }

    pub(super) fn get(&self, id: TextureId) -> Option<&Texture> {
        self.textures.get(&id)
    }
}

impl Texture {
    /// The colour (each channel 0 to 255, premultiplied) at texture coordinates.
    pub fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        let x = u * self.size[0] as f32;
        let y = v * self.size[1] as f32;
        match self.options.magnification {
            TextureFilter::Nearest => self.texel(x.floor() as i64, y.floor() as i64),
            TextureFilter::Linear => {
                let (x, y) = (x - 0.5, y - 0.5);
                let (left, top) = (x.floor(), y.floor());
                let (fx, fy) = (x - left, y - top);
                let (left, top) = (left as i64, top as i64);
                // Text lies on whole texels: most samples need only one.
                if fx.abs() < 1e-3 && fy.abs() < 1e-3 {
                    return self.texel(left, top);
                }
                let a = self.texel(left, top);
                let b = self.texel(left + 1, top);
                let c = self.texel(left, top + 1);
                let d = self.texel(left + 1, top + 1);
                std::array::from_fn(|i| {
                    let above = a[i] + (b[i] - a[i]) * fx;
                    let below = c[i] + (d[i] - c[i]) * fx;
                    above + (below - above) * fy
                })
            }
        }
    }

    fn texel(&self, x: i64, y: i64) -> [f32; 4] {
        let x = wrap(x, self.size[0], self.options.wrap_mode);
        let y = wrap(y, self.size[1], self.options.wrap_mode);
        self.pixels
            .get(y * self.size[0] + x)
            .map_or([0.0; 4], |c| c.to_array().map(f32::from))
    }
}

fn wrap(at: i64, size: usize, mode: TextureWrapMode) -> usize {
    let size = i64::try_from(size).unwrap_or(i64::MAX).max(1);
    let at = match mode {
        TextureWrapMode::ClampToEdge => at.clamp(0, size - 1),
        TextureWrapMode::Repeat => at.rem_euclid(size),
        TextureWrapMode::MirroredRepeat => {
            let at = at.rem_euclid(size.saturating_mul(2));
            if at < size { at } else { 2 * size - 1 - at }
        }
    };
    usize::try_from(at).unwrap_or(0)
}
