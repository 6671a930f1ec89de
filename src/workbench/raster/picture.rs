//! A picture in memory and as a PNG file.

use egui::Color32;
use std::io::{self, BufWriter};
use std::path::Path;

/// Pixels from the top left, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    size: [u32; 2],
    /// Premultiplied red, green, blue, alpha.
    pixels: Vec<[u8; 4]>,
}

impl Picture {
    /// A picture of one colour.
    pub fn filled(size: [u32; 2], color: Color32) -> Self {
        let count = usize::try_from(u64::from(size[0]) * u64::from(size[1])).unwrap_or(0);
        Self {
            size,
            pixels: vec![color.to_array(); count],
        }
    }

    /// Pixels across.
    pub fn width(&self) -> u32 {
        self.size[0]
    }

    /// Pixels down.
    pub fn height(&self) -> u32 {
        self.size[1]
    }

    /// Red, green, blue, alpha (not premultiplied) of a pixel; transparent outside.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 4] {
        if x >= self.size[0] || y >= self.size[1] {
            return [0; 4];
        }
        let at = u64::from(y) * u64::from(self.size[0]) + u64::from(x);
        usize::try_from(at)
            .ok()
            .and_then(|at| self.pixels.get(at))
            .map_or([0; 4], |p| straight(*p))
    }

    /// All pixels, four bytes each, not premultiplied: what image files and the `image` crate want.
    pub fn rgba(&self) -> Vec<u8> {
        self.pixels.iter().flat_map(|p| straight(*p)).collect()
    }

    /// Pixels `from` to `to` of row `y`; empty where that is outside.
    pub(super) fn row_mut(&mut self, y: i64, from: i64, to: i64) -> &mut [[u8; 4]] {
        let width = i64::from(self.size[0]);
        let range = (
            usize::try_from(y * width + from),
            usize::try_from(y * width + to),
        );
        match range {
            (Ok(from), Ok(to)) => self.pixels.get_mut(from..to).unwrap_or_default(),
            _ => &mut [],
        }
    }
}

fn straight([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    match a {
        0 => [0; 4],
        255 => [r, g, b, a],
        _ => {
            let channel =
                |c: u8| ((u32::from(c) * 255 + u32::from(a) / 2) / u32::from(a)).min(255) as u8;
            [channel(r), channel(g), channel(b), a]
        }
    }
}

/// Writes a picture as a PNG file. The file is written in place: a failed write leaves a part of it.
pub fn write_png(path: &Path, picture: &Picture) -> io::Result<()> {
    let file = std::fs::File::create(path)?;
    let mut encoder = png::Encoder::new(BufWriter::new(file), picture.width(), picture.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(io::Error::other)?;
    writer
        .write_image_data(&picture.rgba())
        .map_err(io::Error::other)?;
    writer.finish().map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_taken_out_and_outside_is_nothing() {
        let picture = Picture::filled([2, 1], Color32::from_rgba_premultiplied(64, 0, 0, 128));
        assert_eq!(picture.pixel(0, 0), [128, 0, 0, 128]);
        assert_eq!(picture.pixel(2, 0), [0; 4]);
        assert_eq!(picture.rgba().len(), 8);
    }

    #[test]
    fn a_png_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("picture.png");
        let picture = Picture::filled([3, 2], Color32::from_rgb(1, 2, 3));
        write_png(&path, &picture).unwrap();
        let file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        assert_eq!((info.width, info.height), (3, 2));
        assert_eq!(bytes, picture.rgba());
    }
}
