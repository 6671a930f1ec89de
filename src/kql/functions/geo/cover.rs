//! The S2 cells of one level that cover a shape.

use super::json::value;
use super::s2cells::level;
use super::shape::{Bad, area, index_of_lines, lines, or_null};
use super::{angle, dynamic, number_or, of, told, whole};
use crate::kql::functions::{Context, Function, Param};
use crate::value::Value;
use s2rst::s2::shape_index::ShapeIndex;
use s2rst::s2::shape_index_buffered_region::ShapeIndexBufferedRegion;
use s2rst::s2::shape_index_region::ShapeIndexRegion;
use s2rst::s2::{Cell, CellId, Face, Level, Region};
use serde_json::Value as Json;

/// The most cells; a shape that needs more gives null.
const MOST: usize = 65_536;

/// Functions that cover a shape.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_polygon_to_s2cells"],
        "geo_polygon_to_s2cells(polygon:dynamic [, level:int [, radius:real]])",
        "The tokens of the S2 cells of a level (11 where it is left out) that cover a GeoJSON polygon or multipolygon and all places within a radius in metres of it; null where an argument is not valid or there are more than 65,536 of them.",
        &[Param::Dynamic, Param::Integer, Param::Real],
        2,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let given = area(c, a, 0)?;
                    let mut index = ShapeIndex::new();
                    for part in &given.parts {
                        index.add(Box::new(part.clone()));
                    }
                    index.build();
                    covered(c, a, &index)
                })())
            })
        },
    ),
    of(
        &["geo_line_to_s2cells"],
        "geo_line_to_s2cells(line:dynamic [, level:int [, radius:real]])",
        "The tokens of the S2 cells of a level (11 where it is left out) that cover a GeoJSON line or multiline and all places within a radius in metres of it; null where an argument is not valid or there are more than 65,536 of them.",
        &[Param::Dynamic, Param::Integer, Param::Real],
        2,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let given = lines(c, a, 0)?;
                    covered(c, a, &index_of_lines(&given.lines))
                })())
            })
        },
    ),
];

fn covered(context: &Context, args: &[Value], index: &ShapeIndex) -> Result<Option<Value>, Bad> {
    let level = level(whole(args, 1, 11)).ok_or(None)?;
    let radius = number_or(args, 2, 0.0).filter(|r| *r >= 0.0 && r.is_finite());
    let radius = radius.ok_or(None)?;
    let mut found = Vec::new();
    let few = if radius > 0.0 {
        if angle(radius).degrees() > 90.0 {
            return Err(Some(
                "A radius of more than a quarter of the Earth is not supported yet",
            ));
        }
        let region = ShapeIndexBufferedRegion::from_angle(index, angle(radius));
        descend(&region, level, &mut found)
    } else {
        descend(&ShapeIndexRegion::new(index), level, &mut found)
    };
    context.geo.spend(found.len()).map_err(Some)?;
    if !few {
        return Ok(None);
    }
    let tokens = found.iter().map(|id| Json::from(id.to_token())).collect();
    Ok(Some(value(Json::Array(tokens))))
}

/// Finds the cells of a level that a region meets, in the order of the curve; false when there are too many.
fn descend(region: &dyn Region, level: Level, found: &mut Vec<CellId>) -> bool {
    let mut open: Vec<CellId> = Face::ALL.into_iter().rev().map(CellId::from_face).collect();
    while let Some(id) = open.pop() {
        if !region.intersects_cell(&Cell::from_cell_id(id)) {
            continue;
        }
        if id.level() == level {
            if found.len() >= MOST {
                return false;
            }
            found.push(id);
        } else {
            open.extend(id.children().into_iter().rev());
        }
    }
    true
}
