//! Polygons around shapes: all places within a radius.

use super::json::{polygon as json_polygon, value};
use super::shape::{Bad, area, lines, or_null};
use super::{angle, dynamic, number, number_or, of, point, told};
use crate::kql::functions::{Context, Function, Param};
use crate::value::Value;
use s2rst::s2::buffer_operation::{BufferOptions, S2BufferOperation};
use s2rst::s2::builder::polygon_layer::S2PolygonLayer;

/// Metres where no tolerance is given.
const TOLERANCE: f64 = 10.0;
/// The finest tolerance, of the radius.
const FINEST: f64 = 1e-6;

/// Most corners of a shape: around close ones the circles all cross each other.
const MOST_CORNERS: usize = 100;
/// Most corners of all those circles together.
const MOST_ARCS: f64 = 10_000.0;

/// Functions that make a shape wider.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_point_buffer"],
        "geo_point_buffer(longitude:real, latitude:real, radius:real [, tolerance:real])",
        "A GeoJSON polygon of the places within so many metres of a point, at most a tolerance (10 metres where it is left out) away from the circle; null where an argument is not valid.",
        &[Param::Real, Param::Real, Param::Real, Param::Real],
        1,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let at = point(a, 0).ok_or(None)?;
                    widened(c, a, 2, 1, |operation| operation.add_point(at))
                })())
            })
        },
    ),
    of(
        &["geo_line_buffer"],
        "geo_line_buffer(line:dynamic, radius:real [, tolerance:real])",
        "A GeoJSON polygon of the places within so many metres of a line or multiline, at most a tolerance (10 metres where it is left out) away from the true shape; null where an argument is not valid.",
        &[Param::Dynamic, Param::Real, Param::Real],
        1,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let given = lines(c, a, 0)?;
                    let corners = given.lines.iter().map(Vec::len).sum();
                    widened(c, a, 1, corners, |operation| {
                        given.lines.iter().for_each(|l| operation.add_polyline(l));
                    })
                })())
            })
        },
    ),
    of(
        &["geo_polygon_buffer"],
        "geo_polygon_buffer(polygon:dynamic, radius:real [, tolerance:real])",
        "A GeoJSON polygon of the places within so many metres of a polygon or multipolygon, at most a tolerance (10 metres where it is left out) away from the true shape; null where an argument is not valid.",
        &[Param::Dynamic, Param::Real, Param::Real],
        1,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let given = area(c, a, 0)?;
                    let corners = given.parts.iter().map(|p| p.num_vertices()).sum();
                    widened(c, a, 1, corners, |operation| {
                        given
                            .parts
                            .iter()
                            .for_each(|p| operation.add_shape_index(p.shape_index()));
                    })
                })())
            })
        },
    ),
];

fn widened(
    context: &Context,
    args: &[Value],
    at: usize,
    corners: usize,
    add: impl FnOnce(&mut S2BufferOperation),
) -> Result<Option<Value>, Bad> {
    let radius = number(args, at).filter(|r| *r > 0.0 && r.is_finite());
    let radius = radius.ok_or(None)?;
    let tolerance = number_or(args, at + 1, TOLERANCE).filter(|t| *t > 0.0 && t.is_finite());
    let fraction = tolerance.ok_or(None)? / radius;
    if fraction < FINEST {
        return Err(None);
    }
    if fraction >= 1.0 {
        // The platform takes a smaller one then; which is not known.
        return Err(Some(
            "A buffer's tolerance as large as its radius is not supported yet",
        ));
    }
    if angle(radius).degrees() > 90.0 {
        return Err(Some(
            "A buffer wider than a quarter of the Earth is not supported yet",
        ));
    }
    let mut options = BufferOptions::new(angle(radius));
    options.set_error_fraction(fraction);
    if corners > MOST_CORNERS || corners as f64 * options.circle_segments() > MOST_ARCS {
        return Err(Some(
            "A buffer around a shape of so many corners, or so fine, is not supported",
        ));
    }
    let mut operation = S2BufferOperation::new(Box::new(S2PolygonLayer::new()), options);
    add(&mut operation);
    let failed = Some("The buffer of this shape could not be computed");
    let layer = operation.build().map_err(|_| failed)?;
    let layer = layer.into_any().downcast::<S2PolygonLayer>();
    let made = layer.map_err(|_| failed)?.into_output();
    context.geo.spend(made.num_vertices()).map_err(Some)?;
    match json_polygon(&made) {
        Some(polygon) => Ok(Some(value(polygon))),
        None => Err(failed),
    }
}
