//! Planar edges as chains of geodesics: points added until the two are close.

use super::json::value;
use super::shape::{Bad, or_null};
use super::{angle, dynamic, number_or, of, told};
use crate::kql::functions::{Context, Function, Param};
use crate::value::Value;
use s2rst::r2;
use s2rst::s2::Point;
use s2rst::s2::edge_tessellator::EdgeTessellator;
use s2rst::s2::projections::PlateCarreeProjection;
use serde_json::Value as Json;

/// Metres where no tolerance is given.
const TOLERANCE: f64 = 10.0;

const CROSSING: &str =
    "Making an edge denser that is longer than 180 degrees of longitude is not supported yet";

/// Functions that add points.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_line_densify"],
        "geo_line_densify(line:dynamic [, tolerance:real [, preserve_crossing:bool]])",
        "A GeoJSON line or multiline with points added until straight edges on the map and geodesics are within a tolerance in metres (10 where it is left out, 0.1 to 10000); null where an argument is not valid.",
        &[Param::Dynamic, Param::Real, Param::Bool],
        2,
        dynamic,
        |c, a| told(c, || or_null(densified(c, a, false))),
    ),
    of(
        &["geo_polygon_densify"],
        "geo_polygon_densify(polygon:dynamic [, tolerance:real [, preserve_crossing:bool]])",
        "A GeoJSON polygon or multipolygon with points added until straight edges on the map and geodesics are within a tolerance in metres (10 where it is left out, 0.1 to 10000); null where an argument is not valid.",
        &[Param::Dynamic, Param::Real, Param::Bool],
        2,
        dynamic,
        |c, a| told(c, || or_null(densified(c, a, true))),
    ),
];

fn densified(context: &Context, args: &[Value], polygon: bool) -> Result<Option<Value>, Bad> {
    let Some(Value::Dynamic(json)) = args.first() else {
        return Err(None);
    };
    let tolerance = number_or(args, 1, TOLERANCE).filter(|t| (0.1..=10_000.0).contains(t));
    let tolerance = tolerance.ok_or(None)?;
    let kind = json.get("type").and_then(Json::as_str).ok_or(None)?;
    // How many arrays stand around a chain of positions.
    let depth = match (polygon, kind) {
        (false, "LineString") => 0,
        (false, "MultiLineString") | (true, "Polygon") => 1,
        (true, "MultiPolygon") => 2,
        _ => return Err(None),
    };
    let coordinates = json.get("coordinates").ok_or(None)?;
    if beyond(coordinates, depth) {
        // The platform goes on past the antimeridian here; by which rules is not known.
        return Err(Some(
            "Making a shape denser that has longitudes beyond 180 degrees is not supported yet",
        ));
    }
    // The shape itself must be a valid one.
    match context.geo.shape(json) {
        super::shape::Shape::Bad(bad) => return Err(bad),
        _ if args.get(2).is_some_and(|p| *p != Value::Bool(false)) => {
            return Err(Some("`preserve_crossing` is not supported yet"));
        }
        _ => {}
    }
    let tessellator = EdgeTessellator::new(PlateCarreeProjection::new(180.0), angle(tolerance));
    let made = nested(context, &tessellator, coordinates, depth)?;
    Ok(Some(value(super::json::geometry(kind, made))))
}

/// Whether a longitude is more than half a turn.
fn beyond(json: &Json, depth: usize) -> bool {
    let Some(items) = json.as_array() else {
        return false;
    };
    items.iter().any(|item| match depth {
        0 => item
            .get(0)
            .and_then(Json::as_f64)
            .is_some_and(|lng| lng.abs() > 180.0),
        _ => beyond(item, depth - 1),
    })
}

fn nested(
    context: &Context,
    tessellator: &EdgeTessellator<PlateCarreeProjection>,
    json: &Json,
    depth: usize,
) -> Result<Json, Bad> {
    let items = json.as_array().ok_or(None)?;
    if depth > 0 {
        let made = items
            .iter()
            .map(|item| nested(context, tessellator, item, depth - 1));
        return made.collect::<Result<Vec<_>, _>>().map(Json::Array);
    }
    let mut points: Vec<Point> = Vec::new();
    let mut before: Option<r2::Point> = None;
    for item in items {
        let at = match item.as_array().map(Vec::as_slice) {
            Some([lng, lat]) => {
                r2::Point::new(lng.as_f64().ok_or(None)?, lat.as_f64().ok_or(None)?)
            }
            _ => return Err(None),
        };
        if let Some(from) = before {
            if (from.x - at.x).abs() >= 180.0 {
                return Err(Some(CROSSING));
            }
            let had = points.len();
            tessellator.append_unprojected(from, at, &mut points);
            context.geo.spend(points.len() - had).map_err(Some)?;
        }
        before = Some(at);
    }
    Ok(Json::Array(
        points.iter().map(|p| super::json::position(*p)).collect(),
    ))
}
