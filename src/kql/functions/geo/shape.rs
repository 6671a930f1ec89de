//! Lines and polygons read from GeoJSON, checked as the platform documents it: what is not valid gives null.

use super::{to_point, valid};
use crate::kql::functions::Context;
use crate::value::Value;
use s2rst::s2::lax_polyline::LaxPolyline;
use s2rst::s2::shape_index::ShapeIndex;
use s2rst::s2::{Loop, Point, Polygon};
use serde_json::Value as Json;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

/// Most corners of one shape.
const MOST_CORNERS: usize = 500_000;
/// Most rings of one shape: their nesting is found by comparing them all.
const MOST_RINGS: usize = 2_000;
/// Most corners and cells that one call may read and make in all its rows.
const MOST_WORK: usize = 20_000_000;
/// How many shapes are kept: rows of a join have few that recur.
const KEPT: usize = 16;

/// A shape that cannot be used: none where it is not valid, a text where that is not known.
pub type Bad = Option<&'static str>;

/// The lines of a `LineString` or `MultiLineString`.
#[derive(Debug)]
pub struct Lines {
    /// Each of at least two points, neighbours distinct.
    pub lines: Vec<Vec<Point>>,
    /// Whether it is a `LineString`.
    pub single: bool,
    /// Their edges by place.
    pub index: ShapeIndex,
}

impl Lines {
    fn of(lines: Vec<Vec<Point>>, single: bool) -> Shape {
        let index = index_of_lines(&lines);
        Shape::Lines(Rc::new(Lines {
            lines,
            single,
            index,
        }))
    }
}

/// The edges of lines by place.
pub fn index_of_lines(lines: &[Vec<Point>]) -> ShapeIndex {
    let mut index = ShapeIndex::new();
    for line in lines {
        index.add(Box::new(LaxPolyline::new(line.clone())));
    }
    index.build();
    index
}

/// The polygons of a `Polygon` or `MultiPolygon`.
#[derive(Debug)]
pub struct Area {
    /// Each valid; several may overlap.
    pub parts: Vec<Polygon>,
}

/// A shape that was read.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Lines.
    Lines(Rc<Lines>),
    /// Polygons.
    Area(Rc<Area>),
    /// Neither.
    Bad(Bad),
}

/// What a call remembers: the shapes it read last, and how much it did.
#[derive(Debug, Default)]
pub struct Memo {
    kept: RefCell<Vec<(Arc<Json>, Shape)>>,
    spent: Cell<usize>,
}

impl Memo {
    /// Counts work.
    ///
    /// # Errors
    /// When it is too much for one call.
    pub fn spend(&self, work: usize) -> Result<(), &'static str> {
        let spent = self.spent.get().saturating_add(work);
        self.spent.set(spent);
        if spent > MOST_WORK {
            return Err(
                "The shapes and cells of this call are more than 20 million corners and cells",
            );
        }
        Ok(())
    }

    /// The shape of a GeoJSON value.
    pub fn shape(&self, json: &Arc<Json>) -> Shape {
        let Ok(mut kept) = self.kept.try_borrow_mut() else {
            return self.read(json);
        };
        let same = |other: &Arc<Json>| Arc::ptr_eq(other, json) || other == json;
        if let Some(at) = kept.iter().position(|(other, _)| same(other)) {
            let found = kept.remove(at);
            let shape = found.1.clone();
            kept.push(found);
            return shape;
        }
        let shape = self.read(json);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((json.clone(), shape.clone()));
        shape
    }

    fn read(&self, json: &Json) -> Shape {
        match read(json, self) {
            Ok(shape) => shape,
            Err(bad) => Shape::Bad(bad),
        }
    }
}

fn read(json: &Json, memo: &Memo) -> Result<Shape, Bad> {
    let kind = json.get("type").and_then(Json::as_str).ok_or(None)?;
    let coordinates = json
        .get("coordinates")
        .and_then(Json::as_array)
        .ok_or(None)?;
    let mut corners = 0;
    Ok(match kind {
        "LineString" => Lines::of(vec![line(coordinates, &mut corners, memo)?], true),
        "MultiLineString" => {
            let mut lines = Vec::new();
            for l in coordinates {
                lines.push(line(l.as_array().ok_or(None)?, &mut corners, memo)?);
            }
            not_empty(&lines)?;
            Lines::of(lines, false)
        }
        "Polygon" => Shape::Area(Rc::new(Area {
            parts: vec![polygon(coordinates, &mut corners, memo)?],
        })),
        "MultiPolygon" => {
            let mut parts = Vec::new();
            if coordinates.len() > MOST_RINGS {
                return Err(Some("A shape of more than 2,000 polygons is not supported"));
            }
            for rings in coordinates {
                parts.push(polygon(rings.as_array().ok_or(None)?, &mut corners, memo)?);
            }
            not_empty(&parts)?;
            Shape::Area(Rc::new(Area { parts }))
        }
        _ => return Err(None),
    })
}

fn not_empty<T>(parts: &[T]) -> Result<(), Bad> {
    if parts.is_empty() { Err(None) } else { Ok(()) }
}

fn positions(items: &[Json], corners: &mut usize, memo: &Memo) -> Result<Vec<Point>, Bad> {
    *corners += items.len();
    if *corners > MOST_CORNERS {
        return Err(Some(
            "A shape of more than 500,000 corners is not supported",
        ));
    }
    memo.spend(items.len()).map_err(Some)?;
    items.iter().map(position).collect()
}

fn position(item: &Json) -> Result<Point, Bad> {
    match item.as_array().map(Vec::as_slice) {
        Some([lng, lat]) => {
            let (lng, lat) = (lng.as_f64().ok_or(None)?, lat.as_f64().ok_or(None)?);
            if !valid(lng, lat) {
                return Err(None);
            }
            Ok(to_point(lng, lat))
        }
        Some([_, _, _, ..]) => Err(Some(
            "A position of more than a longitude and a latitude is not supported yet",
        )),
        _ => Err(None),
    }
}

/// The lines of an argument.
///
/// # Errors
/// When they cannot be used.
pub fn lines(context: &Context, args: &[Value], at: usize) -> Result<Rc<Lines>, Bad> {
    match given(context, args, at)? {
        Shape::Lines(lines) => Ok(lines),
        Shape::Area(_) => Err(None),
        Shape::Bad(bad) => Err(bad),
    }
}

/// The polygons of an argument.
///
/// # Errors
/// When they cannot be used.
pub fn area(context: &Context, args: &[Value], at: usize) -> Result<Rc<Area>, Bad> {
    match given(context, args, at)? {
        Shape::Area(area) => Ok(area),
        Shape::Lines(_) => Err(None),
        Shape::Bad(bad) => Err(bad),
    }
}

fn given(context: &Context, args: &[Value], at: usize) -> Result<Shape, Bad> {
    match args.get(at) {
        Some(Value::Dynamic(json)) => Ok(context.geo.shape(json)),
        _ => Err(None),
    }
}

/// What a body answers that may find a shape it cannot use.
pub fn or_null(found: Result<Option<Value>, Bad>) -> Result<Option<Value>, &'static str> {
    match found {
        Ok(value) => Ok(value),
        Err(None) => Ok(None),
        Err(Some(why)) => Err(why),
    }
}

/// Neighbours that are equal or opposite make no edge.
fn edges_exist(points: &[Point]) -> Result<(), Bad> {
    for pair in points.windows(2) {
        if let [a, b] = pair
            && (a == b || a.distance(*b).radians() > std::f64::consts::PI - 1e-14)
        {
            return Err(None);
        }
    }
    Ok(())
}

fn line(items: &[Json], corners: &mut usize, memo: &Memo) -> Result<Vec<Point>, Bad> {
    let points = positions(items, corners, memo)?;
    if points.len() < 2 {
        return Err(None);
    }
    edges_exist(&points)?;
    Ok(points)
}

fn polygon(rings: &[Json], corners: &mut usize, memo: &Memo) -> Result<Polygon, Bad> {
    not_empty(rings)?;
    if rings.len() > MOST_RINGS {
        return Err(Some("A polygon of more than 2,000 rings is not supported"));
    }
    let mut loops = Vec::with_capacity(rings.len());
    for ring in rings {
        let mut points = positions(ring.as_array().ok_or(None)?, corners, memo)?;
        edges_exist(&points)?;
        // The last corner is the first.
        if points.len() < 4 || points.first() != points.last() {
            return Err(None);
        }
        points.pop();
        let distinct: HashSet<[u64; 3]> = points
            .iter()
            .map(|p| [p.x().to_bits(), p.y().to_bits(), p.z().to_bits()])
            .collect();
        if distinct.len() < points.len() {
            return Err(None);
        }
        let mut ring = Loop::new(points);
        // The smaller side counts, whichever way the ring runs.
        ring.normalize();
        loops.push(ring);
    }
    let polygon = Polygon::from_loops(loops);
    if polygon.validate().is_err() || polygon.find_validation_error().is_some() {
        return Err(None);
    }
    let depths: Vec<i32> = polygon.loops().iter().map(Loop::depth).collect();
    if depths.iter().filter(|d| **d == 0).count() != 1 || depths.iter().any(|d| *d > 1) {
        return Err(Some(
            "A polygon with a hole that is not right inside its shell is not supported yet",
        ));
    }
    Ok(polygon)
}
