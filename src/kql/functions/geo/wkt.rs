//! Well-known text to GeoJSON.

use super::json::{collection, degrees, geometry, value};
use super::{Answer, dynamic, of, string, told, valid};
use crate::kql::functions::{Context, Function, Param};
use serde_json::Value as Json;
use std::str::FromStr;
use wkt::Wkt;
use wkt::types::{Coord, Dimension, LineString, Polygon};

/// How deep collections may stand in collections.
const DEEPEST: usize = 64;

const EMPTY: &str = "An empty geometry in well-known text is not supported yet";
const OUTSIDE: &str = "Well-known text with coordinates that are not on Earth is not supported yet";
const SHAPE: &str =
    "Well-known text of a line of one point or of a ring that is not closed is not supported yet";

/// The function of well-known texts.
pub const FUNCTIONS: &[Function] = &[of(
    &["geo_from_wkt"],
    "geo_from_wkt(wkt:string)",
    "The GeoJSON geometry of a well-known text such as `POINT (1 2)`; null where it is none.",
    &[Param::Text],
    0,
    dynamic,
    |c, a| told(c, || from_wkt(c, &string(a, 0))),
)];

fn from_wkt(context: &Context, text: &str) -> Answer {
    let mut depth = 0usize;
    for byte in text.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err("Well-known text nested so deeply is not supported");
        }
    }
    context.geo.spend(text.len() / 8)?;
    let Ok(read) = Wkt::<f64>::from_str(text) else {
        return Ok(None);
    };
    let ended = text.trim_end().ends_with(')') || text.trim_end().ends_with("EMPTY");
    if !ended
        || text
            .trim_start()
            .get(..6)
            .is_some_and(|w| w.eq_ignore_ascii_case("LINEAR"))
    {
        return Err("This form of well-known text is not supported yet");
    }
    if read.dimension() != Dimension::XY {
        return Err("Well-known text with more than two coordinates is not supported yet");
    }
    json(&read).map(|json| Some(value(json)))
}

fn json(read: &Wkt<f64>) -> Result<Json, &'static str> {
    Ok(match read {
        Wkt::Point(p) => geometry("Point", position(p.coord().ok_or(EMPTY)?)?),
        Wkt::LineString(l) => geometry("LineString", line(l)?),
        Wkt::Polygon(p) => geometry("Polygon", rings(p)?),
        Wkt::MultiPoint(m) => {
            let all = m.points().iter();
            let all = all.map(|p| position(p.coord().ok_or(EMPTY)?));
            geometry("MultiPoint", array(all)?)
        }
        Wkt::MultiLineString(m) => {
            geometry("MultiLineString", array(m.line_strings().iter().map(line))?)
        }
        Wkt::MultiPolygon(m) => geometry("MultiPolygon", array(m.polygons().iter().map(rings))?),
        Wkt::GeometryCollection(c) => {
            let all: Result<Vec<Json>, _> = c.geometries().iter().map(json).collect();
            collection(all.and_then(|all| if all.is_empty() { Err(EMPTY) } else { Ok(all) })?)
        }
    })
}

fn array(items: impl Iterator<Item = Result<Json, &'static str>>) -> Result<Json, &'static str> {
    let items: Vec<Json> = items.collect::<Result<_, _>>()?;
    if items.is_empty() {
        return Err(EMPTY);
    }
    Ok(Json::Array(items))
}

fn position(at: &Coord<f64>) -> Result<Json, &'static str> {
    if !valid(at.x, at.y) {
        return Err(OUTSIDE);
    }
    Ok(degrees(at.x, at.y))
}

fn line(line: &LineString<f64>) -> Result<Json, &'static str> {
    match line.coords() {
        [] => Err(EMPTY),
        [_] => Err(SHAPE),
        all => array(all.iter().map(position)),
    }
}

fn rings(polygon: &Polygon<f64>) -> Result<Json, &'static str> {
    array(polygon.rings().iter().map(|ring| {
        let coords = ring.coords();
        match (coords.first(), coords.last()) {
            (None, _) => Err(EMPTY),
            (Some(a), Some(b)) if coords.len() >= 4 && a == b => line(ring),
            _ => Err(SHAPE),
        }
    }))
}
