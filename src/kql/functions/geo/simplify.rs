//! Lines and polygons with fewer corners.

use super::json::{lines as json_lines, polygon as json_polygon, value};
use super::overlay::{areas, simplified_lines};
use super::polygons::with_union;
use super::shape::{Bad, area, lines, or_null};
use super::{angle, dynamic, number_or, of, told};
use crate::kql::functions::{Function, Param};
use crate::value::Value;
use s2rst::s1::Angle;
use s2rst::s2::Polygon;
use s2rst::s2::builder::snap::IdentitySnapFunction;

/// Metres where no tolerance is given.
const TOLERANCE: f64 = 10.0;
/// The largest tolerance, in degrees of the Earth.
const LARGEST: f64 = 70.0;

/// Functions that simplify.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_line_simplify"],
        "geo_line_simplify(line:dynamic [, tolerance:real])",
        "A GeoJSON line or multiline without corners that lie within a tolerance in metres (10 where it is left out) of a straight edge; null where the line or the tolerance is not valid or nothing is left.",
        &[Param::Dynamic, Param::Real],
        1,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let given = lines(c, a, 0)?;
                    let made = simplified_lines(&given.lines, tolerance(a)?).map_err(Some)?;
                    Ok(json_lines(&made).map(value))
                })())
            })
        },
    ),
    of(
        &["geo_polygon_simplify"],
        "geo_polygon_simplify(polygon:dynamic [, tolerance:real])",
        "A GeoJSON polygon or multipolygon without corners that lie within a tolerance in metres (10 where it is left out) of a straight edge; null where the polygon or the tolerance is not valid or nothing is left.",
        &[Param::Dynamic, Param::Real],
        1,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let given = area(c, a, 0)?;
                    let tolerance = tolerance(a)?;
                    let made = with_union(&given, |whole| {
                        let snap = IdentitySnapFunction::new(tolerance);
                        Polygon::simplified(whole, Box::new(snap))
                    })?;
                    Ok(json_polygon(&made).map(value))
                })())
            })
        },
    ),
    of(
        &["geo_simplify_polygons_array"],
        "geo_simplify_polygons_array(polygons:dynamic [, tolerance:real])",
        "An array of GeoJSON polygons and multipolygons simplified together, so that common borders stay common; null where one or the tolerance is not valid.",
        &[Param::Dynamic, Param::Real],
        1,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    areas(c, a)?;
                    let _valid = tolerance(a)?;
                    Err(Some("Polygons simplified together are not supported yet"))
                })())
            })
        },
    ),
];

fn tolerance(args: &[Value]) -> Result<Angle, Bad> {
    let given = number_or(args, 1, TOLERANCE).filter(|t| *t >= 0.0);
    let angle = angle(given.ok_or(None)?);
    if angle.degrees() > LARGEST {
        return Err(None);
    }
    Ok(angle)
}
