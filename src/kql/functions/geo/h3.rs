//! H3 cells: hexagons (and twelve pentagons a level), named by their index in hexadecimal.

use super::json::{point_of_degrees, ring_of_degrees, value};
use super::tokens::{FOR_SIX, listed};
use super::{Answer, degrees, dynamic, int, of, string, text, told, whole};
use crate::kql::functions::{Context, Function, Param};
use crate::value::Value;
use h3o::{CellIndex, LatLng, Resolution};
use serde_json::Value as Json;
use std::sync::Arc;

/// The farthest ring.
const FARTHEST: u32 = 142;
/// Most levels between a cell and its children.
const DEEPEST: u8 = 5;

/// Functions of H3 cells.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_point_to_h3cell"],
        "geo_point_to_h3cell(longitude:real, latitude:real [, resolution:int])",
        "The token of the H3 cell in which a point lies, of a resolution from 0 to 15 (6 where it is left out); \"\" where the point or the resolution is not valid.",
        &[Param::Real, Param::Real, Param::Integer],
        1,
        text,
        |_, a| {
            let at = degrees(a, 0).and_then(|(lng, lat)| LatLng::new(lat, lng).ok());
            let made = match (at, resolution(whole(a, 2, 6))) {
                (Some(at), Some(resolution)) => at.to_cell(resolution).to_string(),
                _ => String::new(),
            };
            Value::String(Arc::from(made))
        },
    ),
    of(
        &["geo_h3cell_to_central_point"],
        "geo_h3cell_to_central_point(h3cell:string)",
        "The middle of an H3 cell as a GeoJSON point; null where it is no token of a cell.",
        &[Param::Text],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                Ok(named(&string(a, 0))?.map(|cell| {
                    let at = LatLng::from(cell);
                    value(point_of_degrees(at.lng(), at.lat()))
                }))
            })
        },
    ),
    of(
        &["geo_h3cell_to_polygon"],
        "geo_h3cell_to_polygon(h3cell:string)",
        "The hexagon of an H3 cell as a GeoJSON polygon; null where it is no token of a cell.",
        &[Param::Text],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                Ok(named(&string(a, 0))?.map(|cell| {
                    let corners: Vec<(f64, f64)> =
                        cell.boundary().iter().map(|p| (p.lng(), p.lat())).collect();
                    value(ring_of_degrees(&corners))
                }))
            })
        },
    ),
    of(
        &["geo_h3cell_level"],
        "geo_h3cell_level(h3cell:string)",
        "The resolution of an H3 cell, 0 to 15; null where it is no token of a cell.",
        &[Param::Text],
        0,
        int,
        |c, a| {
            told(c, || {
                Ok(named(&string(a, 0))?.map(|cell| Value::Int(level(cell).into())))
            })
        },
    ),
    of(
        &["geo_h3cell_parent"],
        "geo_h3cell_parent(h3cell:string [, resolution:int])",
        "The H3 cell of a lower resolution (the next lower where it is left out) in which a cell lies; \"\" where there is none.",
        &[Param::Text, Param::Integer],
        1,
        text,
        |c, a| {
            let found = told(c, || parent(a));
            match found {
                Value::Null => Value::String(Arc::from("")),
                other => other,
            }
        },
    ),
    of(
        &["geo_h3cell_children"],
        "geo_h3cell_children(h3cell:string [, resolution:int])",
        "The H3 cells of a higher resolution (the next higher where it is left out, at most five levels) in a cell; null where there are none.",
        &[Param::Text, Param::Integer],
        1,
        dynamic,
        |c, a| told(c, || children(c, a)),
    ),
    of(
        &["geo_h3cell_neighbors"],
        "geo_h3cell_neighbors(h3cell:string)",
        "The H3 cells around one; null where it is no token of a cell.",
        &[Param::Text],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                let Some(cell) = named(&string(a, 0))? else {
                    return Ok(None);
                };
                if cell.is_pentagon() {
                    return Err("The neighbours of an H3 pentagon are not supported yet");
                }
                let around = cell.grid_disk::<Vec<_>>(1);
                let around = around.iter().filter(|n| **n != cell);
                let tokens: Vec<String> = around.map(CellIndex::to_string).collect();
                Ok(Some(value(listed(&tokens, FOR_SIX))))
            })
        },
    ),
    of(
        &["geo_h3cell_rings"],
        "geo_h3cell_rings(h3cell:string, distance:int)",
        "The cell itself, the H3 cells around it, those around these and so on up to a distance of at most 142, each ring an array; null where the cell or the distance is not valid.",
        &[Param::Text, Param::Integer],
        0,
        dynamic,
        |c, a| told(c, || rings(c, a)),
    ),
];

/// A resolution from 0 to 15.
pub fn resolution(resolution: Option<i64>) -> Option<Resolution> {
    Resolution::try_from(u8::try_from(resolution?).ok()?).ok()
}

fn level(cell: CellIndex) -> u8 {
    cell.resolution().into()
}

fn named(token: &str) -> Result<Option<CellIndex>, &'static str> {
    let Ok(cell) = token.parse::<CellIndex>() else {
        return Ok(None);
    };
    if cell.to_string() != token {
        return Err("An H3 token in capital letters or with a zero before it is not supported yet");
    }
    Ok(Some(cell))
}

fn parent(args: &[Value]) -> Answer {
    let Some(cell) = named(&string(args, 0))? else {
        return Ok(None);
    };
    let own = level(cell);
    let Some(wanted) = resolution(whole(args, 1, i64::from(own) - 1)) else {
        return Ok(None);
    };
    if u8::from(wanted) == own {
        return Err("The parent of an H3 cell at its own resolution is not supported yet");
    }
    let found = cell.parent(wanted);
    Ok(found.map(|p| Value::String(Arc::from(p.to_string()))))
}

fn children(context: &Context, args: &[Value]) -> Answer {
    let Some(cell) = named(&string(args, 0))? else {
        return Ok(None);
    };
    let own = level(cell);
    let Some(wanted) = resolution(whole(args, 1, i64::from(own) + 1)) else {
        return Ok(None);
    };
    let depth = u8::from(wanted).checked_sub(own);
    match depth {
        Some(0) => {
            return Err("The children of an H3 cell at its own resolution are not supported yet");
        }
        Some(1..=DEEPEST) => {}
        _ => return Ok(None),
    }
    let tokens: Vec<Json> = cell
        .children(wanted)
        .map(|c| Json::from(c.to_string()))
        .collect();
    context.geo.spend(tokens.len())?;
    Ok(Some(value(Json::Array(tokens))))
}

fn rings(context: &Context, args: &[Value]) -> Answer {
    let Some(cell) = named(&string(args, 0))? else {
        return Ok(None);
    };
    let distance = whole(args, 1, 0).and_then(|d| u32::try_from(d).ok());
    let Some(distance) = distance.filter(|d| *d <= FARTHEST) else {
        return Ok(None);
    };
    let most = usize::try_from(distance).unwrap_or(0);
    context.geo.spend(1 + 3 * most * (most + 1))?;
    let mut rings: Vec<Vec<Json>> = vec![Vec::new(); most + 1];
    for found in cell.grid_disk_distances_fast(distance) {
        let Some((cell, ring)) = found else {
            return Err("The rings of an H3 cell near a pentagon are not supported yet");
        };
        let at = usize::try_from(ring).unwrap_or(0);
        if let Some(ring) = rings.get_mut(at) {
            ring.push(Json::from(cell.to_string()));
        }
    }
    let rings = rings.into_iter().map(Json::Array).collect();
    Ok(Some(value(Json::Array(rings))))
}
