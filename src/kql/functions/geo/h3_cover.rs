//! The H3 cells of one resolution whose middles are in a polygon with straight edges on the map.

use super::json::value;
use super::shape::{Bad, area, or_null};
use super::tokens::listed_in;
use super::{dynamic, h3::resolution, number_or, of, told, whole};
use crate::kql::functions::{Context, Function, Param};
use crate::value::Value;
use h3o::{CellIndex, LatLng, Resolution};
use serde_json::Value as Json;
use std::collections::HashSet;

/// The most cells; a polygon that has more gives null.
const MOST: usize = 61_680;
/// The most places looked at along the edges.
const MOST_STEPS: f64 = 1_000_000.0;

/// The functions.
pub const FUNCTIONS: &[Function] = &[of(
    &["geo_polygon_to_h3cells"],
    "geo_polygon_to_h3cells(polygon:dynamic [, resolution:int [, radius:real]])",
    "The tokens of the H3 cells of a resolution (6 where it is left out) whose middles are in a GeoJSON polygon or multipolygon, in no meaningful order; null where an argument is not valid or there are more than 61,680 of them.",
    &[Param::Dynamic, Param::Integer, Param::Real],
    2,
    dynamic,
    |c, a| told(c, || or_null(cells(c, a))),
)];

type Ring = Vec<(f64, f64)>;

fn cells(context: &Context, args: &[Value]) -> Result<Option<Value>, Bad> {
    let shape = area(context, args, 0)?;
    let resolution = resolution(whole(args, 1, 6)).ok_or(None)?;
    let radius = number_or(args, 2, 0.0).filter(|r| *r >= 0.0 && r.is_finite());
    if radius.ok_or(None)? > 0.0 {
        return Err(Some(
            "H3 cells of a polygon with a radius are not supported yet",
        ));
    }
    if shape.parts.len() > 1 {
        return Err(Some("H3 cells of a multipolygon are not supported yet"));
    }
    let Some(Value::Dynamic(json)) = args.first() else {
        return Err(None);
    };
    let rings = rings(json).ok_or(None)?;
    let (west, east, south, north) = bounds(&rings);
    if east - west >= 180.0 {
        return Err(Some(
            "H3 cells of a polygon of 180 degrees of longitude and more are not supported yet",
        ));
    }
    let mut open = along_edges(&rings, resolution)?;
    context.geo.spend(open.len()).map_err(Some)?;
    let mut seen: HashSet<CellIndex> = open.iter().copied().collect();
    let mut found: Vec<CellIndex> = Vec::new();
    while let Some(cell) = open.pop() {
        let middle = LatLng::from(cell);
        if !inside(&rings, middle.lng(), middle.lat()) {
            continue;
        }
        found.push(cell);
        if found.len() > MOST {
            return Ok(None);
        }
        let around = cell.grid_disk::<Vec<_>>(1);
        open.extend(around.into_iter().filter(|next| seen.insert(*next)));
    }
    context.geo.spend(found.len()).map_err(Some)?;
    let slots = slots((west, east, south, north), &rings, resolution);
    found.sort_by_key(|cell| (u64::from(*cell).checked_rem(slots), u64::from(*cell)));
    let tokens: Vec<String> = found.iter().map(CellIndex::to_string).collect();
    Ok(Some(value(listed_in(&tokens))))
}

/// The rings of a polygon in degrees; it is known to be a valid one.
fn rings(json: &Json) -> Option<Vec<Ring>> {
    let mut polygon = json.get("coordinates")?;
    if json.get("type")?.as_str()? == "MultiPolygon" {
        polygon = polygon.get(0)?;
    }
    let ring = |ring: &Json| -> Option<Ring> {
        let corners = ring.as_array()?.iter();
        corners
            .map(|at| Some((at.get(0)?.as_f64()?, at.get(1)?.as_f64()?)))
            .collect()
    };
    polygon.as_array()?.iter().map(ring).collect()
}

/// West, east, south, north of the shell.
fn bounds(rings: &[Ring]) -> (f64, f64, f64, f64) {
    let none = (
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::INFINITY,
        f64::NEG_INFINITY,
    );
    let shell = rings.first().into_iter().flatten();
    shell.fold(none, |(w, e, s, n), (lng, lat)| {
        (w.min(*lng), e.max(*lng), s.min(*lat), n.max(*lat))
    })
}

/// The cells on the edges and those around them: every group of cells inside begins at one of them.
fn along_edges(rings: &[Ring], resolution: Resolution) -> Result<Vec<CellIndex>, Bad> {
    let step = resolution.edge_length_rads().to_degrees() / 4.0;
    let edges = || {
        rings
            .iter()
            .flat_map(|ring| ring.windows(2))
            .filter_map(|edge| match edge {
                [a, b] => Some((*a, *b)),
                _ => None,
            })
    };
    let steps =
        |a: (f64, f64), b: (f64, f64)| ((b.0 - a.0).hypot(b.1 - a.1) / step).ceil().max(1.0);
    if edges().map(|(a, b)| steps(a, b)).sum::<f64>() > MOST_STEPS {
        return Err(Some(
            "A polygon so large for its H3 resolution is not supported",
        ));
    }
    let mut cells: HashSet<CellIndex> = HashSet::new();
    let mut on_edges: HashSet<CellIndex> = HashSet::new();
    for (a, b) in edges() {
        let count = steps(a, b);
        for at in 0..=count as u32 {
            let part = f64::from(at) / count;
            let (lng, lat) = (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part);
            if let Ok(at) = LatLng::new(lat, lng)
                && on_edges.insert(at.to_cell(resolution))
            {
                cells.extend(at.to_cell(resolution).grid_disk::<Vec<_>>(2));
            }
        }
    }
    Ok(cells.into_iter().collect())
}

/// Whether a place is in the shell and in no hole, edges straight on the map.
fn inside(rings: &[Ring], lng: f64, lat: f64) -> bool {
    let mut inside = false;
    for ring in rings {
        for edge in ring.windows(2) {
            if let [a, b] = edge
                && (a.1 > lat) != (b.1 > lat)
                && lng < (b.0 - a.0) * (lat - a.1) / (b.1 - a.1) + a.0
            {
                inside = !inside;
            }
        }
    }
    inside
}

/// How many slots the H3 library's own table of found cells has: the platform lists them from it.
/// The library's estimate is the box's area over that of a pentagon, and some more.
fn slots(
    (west, east, south, north): (f64, f64, f64, f64),
    rings: &[Ring],
    resolution: Resolution,
) -> u64 {
    let Some(pentagon) = resolution.pentagons().next() else {
        return 1;
    };
    let corner = pentagon.boundary().first().copied();
    let (Some(corner), Ok(high), Ok(low)) =
        (corner, LatLng::new(north, east), LatLng::new(south, west))
    else {
        return 1;
    };
    let radius = LatLng::from(pentagon).distance_km(corner);
    let pentagon_area = 0.8 * 2.598_076_211_35 * radius * radius;
    let diagonal = high.distance_km(low);
    let (wide, tall) = (east - west, north - south);
    let ratio = (wide.max(tall) / wide.min(tall)).min(3.0);
    let estimate = (diagonal * diagonal / ratio / pentagon_area).ceil();
    // A ring's last corner is its first and does not count.
    let corners: usize = rings.iter().map(|r| r.len().saturating_sub(1)).sum();
    (estimate.max(corners as f64) as u64).saturating_add(12)
}
