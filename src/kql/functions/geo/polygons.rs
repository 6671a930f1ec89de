//! What a polygon holds and measures.

use super::json::{point as json_point, value};
use super::overlay::union_of_polygons;
use super::shape::{Area, Bad, area, or_null};
use super::{EARTH_RADIUS, bool, dynamic, flag, metres, of, point, real, told};
use crate::kql::functions::{Context, Function, Param};
use crate::value::Value;
use s2rst::s2::{Point, Polygon, Region};

/// Functions of a polygon.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_point_in_polygon"],
        "geo_point_in_polygon(longitude:real, latitude:real, polygon:dynamic)",
        "Whether a point is in a GeoJSON polygon or multipolygon; null where one of them is not valid.",
        &[Param::Real, Param::Real, Param::Dynamic],
        0,
        bool,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let at = point(a, 0).ok_or(None)?;
                    let area = area(c, a, 2)?;
                    Ok(flag(area.parts.iter().any(|p| p.contains_point(&at))))
                })())
            })
        },
    ),
    of(
        &["geo_polygon_area"],
        "geo_polygon_area(polygon:dynamic)",
        "The square metres of a GeoJSON polygon, or of the union of a multipolygon; null where it is not valid.",
        &[Param::Dynamic],
        0,
        real,
        |c, a| {
            measured(c, a, |p| {
                Value::Real(p.area() * EARTH_RADIUS * EARTH_RADIUS)
            })
        },
    ),
    of(
        &["geo_polygon_perimeter"],
        "geo_polygon_perimeter(polygon:dynamic)",
        "The metres of the boundary of a GeoJSON polygon, or of the union of a multipolygon; null where it is not valid.",
        &[Param::Dynamic],
        0,
        real,
        |c, a| measured(c, a, |p| Value::Real(perimeter(p))),
    ),
    of(
        &["geo_polygon_centroid"],
        "geo_polygon_centroid(polygon:dynamic)",
        "The centroid of a GeoJSON polygon, or of the union of a multipolygon, as a GeoJSON point; null where it is not valid.",
        &[Param::Dynamic],
        0,
        dynamic,
        |c, a| {
            measured(c, a, |p| {
                value(json_point(Point::new(p.centroid().vector())))
            })
        },
    ),
];

fn measured(context: &Context, args: &[Value], of: impl Fn(&Polygon) -> Value) -> Value {
    told(context, || {
        or_null((|| {
            let area = area(context, args, 0)?;
            with_union(&area, |whole| Some(of(whole)))
        })())
    })
}

/// Computes from the union of an area's polygons.
pub fn with_union<T>(area: &Area, of: impl Fn(&Polygon) -> T) -> Result<T, Bad> {
    match area.parts.as_slice() {
        [one] => Ok(of(one)),
        several => Ok(of(&union_of_polygons(several).map_err(Some)?)),
    }
}

fn perimeter(polygon: &Polygon) -> f64 {
    let ring = |l: &s2rst::s2::Loop| -> f64 {
        let corners = l.vertices();
        let next = corners.iter().cycle().skip(1);
        corners
            .iter()
            .zip(next)
            .map(|(a, b)| metres(a.distance(*b)))
            .sum()
    };
    polygon.loops().iter().map(ring).sum()
}
