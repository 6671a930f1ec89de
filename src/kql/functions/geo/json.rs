//! GeoJSON texts of what was computed.

use crate::value::Value;
use s2rst::s2::{LatLng, Point, Polygon};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// A geometry: its type and coordinates.
pub fn geometry(kind: &str, coordinates: Json) -> Json {
    let mut bag = Map::new();
    bag.insert("type".to_owned(), Json::from(kind));
    bag.insert("coordinates".to_owned(), coordinates);
    Json::Object(bag)
}

/// A collection of geometries.
pub fn collection(geometries: Vec<Json>) -> Json {
    let mut bag = Map::new();
    bag.insert("type".to_owned(), Json::from("GeometryCollection"));
    bag.insert("geometries".to_owned(), Json::Array(geometries));
    Json::Object(bag)
}

/// A dynamic value.
pub fn value(json: Json) -> Value {
    Value::Dynamic(Arc::new(json))
}

/// Longitude and latitude.
pub fn degrees(lng: f64, lat: f64) -> Json {
    Json::Array(vec![Json::from(lng), Json::from(lat)])
}

/// A point's longitude and latitude.
pub fn position(point: Point) -> Json {
    let at = LatLng::from_point(point);
    degrees(at.lng.degrees(), at.lat.degrees())
}

/// A `Point`.
pub fn point(at: Point) -> Json {
    geometry("Point", position(at))
}

/// A `Point` of degrees.
pub fn point_of_degrees(lng: f64, lat: f64) -> Json {
    geometry("Point", degrees(lng, lat))
}

/// A `Polygon` of one ring in degrees, closed here.
pub fn ring_of_degrees(corners: &[(f64, f64)]) -> Json {
    let closed = corners.iter().chain(corners.first());
    let ring: Vec<Json> = closed.map(|(lng, lat)| degrees(*lng, *lat)).collect();
    geometry("Polygon", Json::Array(vec![Json::Array(ring)]))
}

/// A `LineString`, or a `MultiLineString` of several.
pub fn lines(lines: &[Vec<Point>]) -> Option<Json> {
    let mut all: Vec<Json> = lines
        .iter()
        .map(|line| Json::Array(line.iter().map(|p| position(*p)).collect()))
        .collect();
    match all.len() {
        0 => None,
        1 => all.pop().map(|line| geometry("LineString", line)),
        _ => Some(geometry("MultiLineString", Json::Array(all))),
    }
}

/// A `Polygon`, or a `MultiPolygon` of several shells; none of an empty one.
pub fn polygon(polygon: &Polygon) -> Option<Json> {
    let mut shells: Vec<Json> = Vec::new();
    for l in polygon.loops() {
        let count = l.num_vertices();
        let mut ring: Vec<Json> = (0..count).map(|i| position(l.oriented_vertex(i))).collect();
        let first = ring.first().cloned()?;
        ring.push(first);
        match shells.last_mut() {
            Some(Json::Array(rings)) if l.is_hole() => rings.push(Json::Array(ring)),
            _ => shells.push(Json::Array(vec![Json::Array(ring)])),
        }
    }
    match shells.len() {
        0 => None,
        1 => shells.pop().map(|rings| geometry("Polygon", rings)),
        _ => Some(geometry("MultiPolygon", Json::Array(shells))),
    }
}
