//! S2 cells: the sphere's division into squares, named by their tokens.

use super::json::{geometry, point, position, value};
use super::tokens::{FOR_EIGHT, listed};
use super::{dynamic, of, point as point_of, string, text, told, whole};
use crate::kql::functions::{Function, Param};
use crate::value::Value;
use s2rst::s2::{Cell, CellId, Level, Loop};
use serde_json::Value as Json;
use std::sync::Arc;

/// Functions of S2 cells.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_point_to_s2cell"],
        "geo_point_to_s2cell(longitude:real, latitude:real [, level:int])",
        "The token of the S2 cell in which a point lies, of a level from 0 to 30 (11 where it is left out); \"\" where the point or the level is not valid.",
        &[Param::Real, Param::Real, Param::Integer],
        1,
        text,
        |_, a| {
            let made = match (point_of(a, 0), level(whole(a, 2, 11))) {
                (Some(at), Some(level)) => {
                    CellId::from_point(&at).parent_at_level(level).to_token()
                }
                _ => String::new(),
            };
            Value::String(Arc::from(made))
        },
    ),
    of(
        &["geo_s2cell_to_central_point"],
        "geo_s2cell_to_central_point(s2cell:string)",
        "The middle of an S2 cell as a GeoJSON point; null where it is no token of a cell.",
        &[Param::Text],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                Ok(named(&string(a, 0))?.map(|id| value(point(id.to_point()))))
            })
        },
    ),
    of(
        &["geo_s2cell_to_polygon"],
        "geo_s2cell_to_polygon(s2cell:string)",
        "The square of an S2 cell as a GeoJSON polygon; null where it is no token of a cell.",
        &[Param::Text],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                Ok(named(&string(a, 0))?.map(|id| {
                    let square = Loop::from_cell(&Cell::from_cell_id(id));
                    let corners = square.vertices().iter();
                    let corners = corners.chain(square.vertices().first());
                    let ring = corners.map(|p| position(*p)).collect();
                    value(geometry("Polygon", Json::Array(vec![Json::Array(ring)])))
                }))
            })
        },
    ),
    of(
        &["geo_s2cell_neighbors"],
        "geo_s2cell_neighbors(s2cell:string)",
        "The tokens of the S2 cells around one, of its level; null where it is no token of a cell.",
        &[Param::Text],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                let Some(id) = named(&string(a, 0))? else {
                    return Ok(None);
                };
                if id.is_face() {
                    return Err("The neighbours of an S2 cell of level 0 are not supported yet");
                }
                let around = id.all_neighbors(id.level()).unwrap_or_default();
                let tokens: Vec<String> = around.iter().map(|n| n.to_token()).collect();
                Ok(Some(value(listed(&tokens, FOR_EIGHT))))
            })
        },
    ),
];

/// A level from 0 to 30.
pub fn level(level: Option<i64>) -> Option<Level> {
    let level = u8::try_from(level?).ok().filter(|l| *l <= 30)?;
    Some(Level::new(level))
}

fn named(token: &str) -> Result<Option<CellId>, &'static str> {
    let id = CellId::from_token(token);
    if !id.is_valid() {
        return Ok(None);
    }
    if id.to_token() != token {
        return Err("An S2 token in capital letters or with zeros at its end is not supported yet");
    }
    Ok(Some(id))
}
