//! Finds the shapes of a table that a point is in or near, for the lookup plugins.

use super::closeness::closest;
use super::shape::{Memo, Shape};
use super::{metres, to_point, valid};
use crate::value::Value;
use s2rst::s2::{Point, Region};
use std::panic::{AssertUnwindSafe, catch_unwind};

const FAILED: &str = "The geometry of a shape could not be computed";

/// The shapes of a column, by row. A row without a valid shape matches nothing.
#[derive(Debug, Default)]
pub struct Shapes {
    shapes: Vec<(u32, Shape)>,
}

impl Shapes {
    /// Reads the polygons, or the lines, of a column.
    ///
    /// # Errors
    /// When one is not supported.
    pub fn read(values: impl Iterator<Item = Value>, polygons: bool) -> Result<Self, &'static str> {
        let memo = Memo::default();
        let mut shapes = Vec::new();
        for (row, value) in (0u32..).zip(values) {
            let Value::Dynamic(json) = value else {
                continue;
            };
            let shape = catch_unwind(AssertUnwindSafe(|| memo.shape(&json)));
            match shape.map_err(|_| FAILED)? {
                Shape::Bad(Some(why)) => return Err(why),
                shape @ Shape::Area(_) if polygons => shapes.push((row, shape)),
                shape @ Shape::Lines(_) if !polygons => shapes.push((row, shape)),
                _ => {}
            }
        }
        Ok(Self { shapes })
    }

    /// How many shapes there are.
    pub fn count(&self) -> usize {
        self.shapes.len()
    }

    /// The rows whose shape a point is in or, with a radius in metres, at most that far from.
    ///
    /// # Errors
    /// When a shape cannot be computed.
    pub fn at(&self, lng: f64, lat: f64, radius: Option<f64>) -> Result<Vec<u32>, &'static str> {
        if !valid(lng, lat) {
            return Ok(Vec::new());
        }
        let at = to_point(lng, lat);
        let matching = || {
            let found = self.shapes.iter().filter(|(_, s)| matches(s, at, radius));
            found.map(|(row, _)| *row).collect()
        };
        catch_unwind(AssertUnwindSafe(matching)).map_err(|_| FAILED)
    }
}

fn matches(shape: &Shape, at: Point, radius: Option<f64>) -> bool {
    let near = |distance: f64| radius.is_some_and(|r| distance <= r);
    match shape {
        Shape::Area(area) => area.parts.iter().any(|part| {
            if part.contains_point(&at) {
                return radius.is_none_or(|r| r >= 0.0);
            }
            radius.is_some()
                && closest(part.shape_index(), at).is_some_and(|(d, _)| near(metres(d)))
        }),
        Shape::Lines(lines) => closest(&lines.index, at).is_some_and(|(d, _)| near(metres(d))),
        Shape::Bad(_) => false,
    }
}
