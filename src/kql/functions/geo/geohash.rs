//! Geohash cells: rectangles of longitude and latitude, named by one character for every five bits.

use super::json::{point_of_degrees, ring_of_degrees, value};
use super::tokens::{FOR_EIGHT, listed};
use super::{Answer, degrees, dynamic, of, string, text, told, whole};
use crate::kql::functions::{Function, Param};
use crate::value::Value;
use std::sync::Arc;

const ALPHABET: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";
const LONGEST: usize = 18;

/// Functions of geohashes.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_point_to_geohash"],
        "geo_point_to_geohash(longitude:real, latitude:real [, accuracy:int])",
        "The geohash of a point, of 1 to 18 characters (5 where it is left out); \"\" where the point or the accuracy is not valid.",
        &[Param::Real, Param::Real, Param::Integer],
        1,
        text,
        |_, a| {
            let made = match (degrees(a, 0), whole(a, 2, 5)) {
                (Some((lng, lat)), Some(n @ 1..=18)) => {
                    Cell::at(lng, lat, usize::try_from(n).unwrap_or(1)).token()
                }
                _ => String::new(),
            };
            Value::String(Arc::from(made))
        },
    ),
    of(
        &["geo_geohash_to_central_point"],
        "geo_geohash_to_central_point(geohash:string)",
        "The middle of a geohash's rectangle as a GeoJSON point; null where it is no geohash.",
        &[Param::Text],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                Ok(Cell::named(&string(a, 0))?.map(|cell| {
                    let (lng, lat) = cell.corner(0.5, 0.5);
                    value(point_of_degrees(lng, lat))
                }))
            })
        },
    ),
    of(
        &["geo_geohash_to_polygon"],
        "geo_geohash_to_polygon(geohash:string)",
        "A geohash's rectangle as a GeoJSON polygon; null where it is no geohash.",
        &[Param::Text],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                Ok(Cell::named(&string(a, 0))?.map(|cell| {
                    let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
                    value(ring_of_degrees(&corners.map(|(x, y)| cell.corner(x, y))))
                }))
            })
        },
    ),
    of(
        &["geo_geohash_neighbors"],
        "geo_geohash_neighbors(geohash:string)",
        "The eight geohashes around one; null where it is no geohash.",
        &[Param::Text],
        0,
        dynamic,
        |c, a| told(c, || neighbours(&string(a, 0))),
    ),
];

/// A rectangle: the bits of its longitude and latitude.
#[derive(Clone, Copy)]
struct Cell {
    length: usize,
    x: u64,
    y: u64,
}

impl Cell {
    /// How many bits the longitude and the latitude have.
    fn bits(self) -> (u32, u32) {
        let all = u32::try_from(self.length * 5).unwrap_or(0);
        (all.div_ceil(2), all / 2)
    }

    fn at(lng: f64, lat: f64, length: usize) -> Self {
        let cell = Cell { length, x: 0, y: 0 };
        let (wide, high) = cell.bits();
        // The edge of the Earth belongs to the last cell.
        let part = |value: f64, span: f64, bits: u32| {
            let cells = (1u64 << bits) as f64;
            (((value + span / 2.0) / span * cells) as u64).min((1u64 << bits) - 1)
        };
        let mut cell = Cell {
            x: part(lng, 360.0, wide),
            y: part(lat, 180.0, high),
            ..cell
        };
        // The quotient is rounded: the cell's own edges, which are exact, decide.
        if cell.corner(0.0, 0.0).0 > lng {
            cell.x = cell.x.saturating_sub(1);
        } else if cell.corner(1.0, 0.0).0 <= lng && cell.x + 1 < 1 << wide {
            cell.x += 1;
        }
        if cell.corner(0.0, 0.0).1 > lat {
            cell.y = cell.y.saturating_sub(1);
        } else if cell.corner(0.0, 1.0).1 <= lat && cell.y + 1 < 1 << high {
            cell.y += 1;
        }
        cell
    }

    fn named(token: &str) -> Result<Option<Self>, &'static str> {
        let (mut x, mut y) = (0u64, 0u64);
        if token.is_empty() || token.len() > LONGEST {
            return Ok(None);
        }
        let mut to_x = true;
        for byte in token.bytes() {
            let Some(digit) = ALPHABET.iter().position(|c| *c == byte) else {
                let lower = byte.to_ascii_lowercase();
                if lower != byte && ALPHABET.contains(&lower) {
                    return Err("A geohash in capital letters is not supported yet");
                }
                return Ok(None);
            };
            for shift in (0..5).rev() {
                let bit = u64::from((digit >> shift) & 1 == 1);
                if to_x {
                    x = x << 1 | bit;
                } else {
                    y = y << 1 | bit;
                }
                to_x = !to_x;
            }
        }
        let length = token.len();
        Ok(Some(Cell { length, x, y }))
    }

    fn token(self) -> String {
        let (mut wide, mut high) = self.bits();
        let mut from_x = true;
        let mut made = String::with_capacity(self.length);
        for _ in 0..self.length {
            let mut digit = 0usize;
            for _ in 0..5 {
                let left = if from_x { &mut wide } else { &mut high };
                *left = left.saturating_sub(1);
                let bit = if from_x {
                    self.x >> wide
                } else {
                    self.y >> high
                } & 1;
                digit = digit << 1 | usize::from(bit == 1);
                from_x = !from_x;
            }
            made.push(char::from(ALPHABET.get(digit).copied().unwrap_or(b'0')));
        }
        made
    }

    /// A place in the cell: 0 is west and south, 1 is east and north. Corners are exact.
    fn corner(self, east: f64, north: f64) -> (f64, f64) {
        let (wide, high) = self.bits();
        let along = |cell: u64, part: f64, bits: u32, span: f64| {
            (cell as f64 + part) * (span / (1u64 << bits) as f64) - span / 2.0
        };
        (
            along(self.x, east, wide, 360.0),
            along(self.y, north, high, 180.0),
        )
    }
}

fn neighbours(token: &str) -> Answer {
    let Some(cell) = Cell::named(token)? else {
        return Ok(None);
    };
    let (wide, high) = cell.bits();
    let (columns, rows) = (1u64 << wide, 1u64 << high);
    if cell.y == 0 || cell.y + 1 == rows {
        return Err("The neighbours of a geohash at a pole are not supported yet");
    }
    let (north, south) = (cell.y + 1, cell.y - 1);
    let east = (cell.x + 1) % columns;
    let west = (cell.x + columns - 1) % columns;
    // From north-west clockwise.
    let around = [
        (west, north),
        (cell.x, north),
        (east, north),
        (east, cell.y),
        (east, south),
        (cell.x, south),
        (west, south),
        (west, cell.y),
    ];
    let tokens = around.map(|(x, y)| Cell { x, y, ..cell }.token());
    Ok(Some(value(listed(&tokens, FOR_EIGHT))))
}
