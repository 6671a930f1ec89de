//! How far a point is from a line or polygon, and which point of it is closest.

use super::json::{point as json_point, value};
use super::shape::{area, lines, or_null};
use super::{Answer, dynamic, metres, of, point, real, told};
use crate::kql::functions::{Context, Function, Param};
use crate::value::Value;
use s2rst::s1::Angle;
use s2rst::s2::closest_edge_query::{ClosestEdgeQuery, Options, PointTarget};
use s2rst::s2::edge_distances::distance_from_segment;
use s2rst::s2::shape_index::ShapeIndex;
use s2rst::s2::{Point, Region};

/// Functions of a point and a shape.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_distance_point_to_line"],
        "geo_distance_point_to_line(longitude:real, latitude:real, line:dynamic)",
        "The metres from a point to the closest place of a GeoJSON line or multiline; null where one of them is not valid.",
        &[Param::Real, Param::Real, Param::Dynamic],
        0,
        real,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let at = point(a, 0).ok_or(None)?;
                    let found = closest(&lines(c, a, 2)?.index, at);
                    Ok(found.map(|(angle, _)| Value::Real(metres(angle))))
                })())
            })
        },
    ),
    of(
        &["geo_distance_point_to_polygon"],
        "geo_distance_point_to_polygon(longitude:real, latitude:real, polygon:dynamic)",
        "The metres from a point to a GeoJSON polygon or multipolygon, 0 inside; null where one of them is not valid.",
        &[Param::Real, Param::Real, Param::Dynamic],
        0,
        real,
        |c, a| {
            told(c, || {
                let found = on_polygon(c, a)?;
                Ok(found.map(|(angle, _)| Value::Real(metres(angle))))
            })
        },
    ),
    of(
        &["geo_closest_point_on_line"],
        "geo_closest_point_on_line(longitude:real, latitude:real, line:dynamic)",
        "The place of a GeoJSON line or multiline that is closest to a point, as a GeoJSON point; null where one of them is not valid.",
        &[Param::Real, Param::Real, Param::Dynamic],
        0,
        dynamic,
        |c, a| told(c, || closest_on_line(c, a)),
    ),
    of(
        &["geo_closest_point_on_polygon"],
        "geo_closest_point_on_polygon(longitude:real, latitude:real, polygon:dynamic)",
        "The place of a GeoJSON polygon or multipolygon that is closest to a point, the point itself inside; null where one of them is not valid.",
        &[Param::Real, Param::Real, Param::Dynamic],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                let found = on_polygon(c, a)?;
                Ok(found.map(|(_, at)| value(json_point(at))))
            })
        },
    ),
];

/// The closest place on the edges of an index, and how far it is.
pub fn closest(index: &ShapeIndex, at: Point) -> Option<(Angle, Point)> {
    let query = ClosestEdgeQuery::new(index);
    let options = Options {
        max_results: 1,
        include_interiors: false,
        ..Options::default()
    };
    let found = query.find_closest_edge_with_options(&PointTarget::new(at), &options);
    let edge = query.get_edge(&found)?;
    Some((
        distance_from_segment(at, edge.v0, edge.v1),
        query.project(at, &found),
    ))
}

fn closest_on_line(context: &Context, args: &[Value]) -> Answer {
    or_null((|| {
        let at = point(args, 0).ok_or(None)?;
        let found = closest(&lines(context, args, 2)?.index, at);
        Ok(found.map(|(_, at)| value(json_point(at))))
    })())
}

/// The distance to a polygon and its closest place.
fn on_polygon(context: &Context, args: &[Value]) -> Result<Option<(Angle, Point)>, &'static str> {
    let (Some(at), area) = (point(args, 0), area(context, args, 2)) else {
        return Ok(None);
    };
    let area = match area {
        Ok(area) => area,
        Err(None) => return Ok(None),
        Err(Some(why)) => return Err(why),
    };
    if area.parts.iter().any(|p| p.contains_point(&at)) {
        return Ok(Some((Angle::from_radians(0.0), at)));
    }
    let all = area.parts.iter();
    let all = all.filter_map(|p| closest(p.shape_index(), at));
    Ok(all.min_by(|a, b| a.0.radians().total_cmp(&b.0.radians())))
}
