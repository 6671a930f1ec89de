//! Shapes made of two or more others: intersections and unions, and whether shapes meet.

use super::json::{
    collection, lines as json_lines, point as json_point, polygon as json_polygon, value,
};
use super::shape::{Area, Bad, Lines, Shape, area, lines, or_null};
use super::{Answer, bool, dynamic, flag, of, told};
use crate::kql::functions::{Context, Function, Param};
use crate::value::Value;
use s2rst::s1::Angle;
use s2rst::s2::boolean_operation::{
    OpType, Options, PolygonModel, PolylineModel, S2BooleanOperation,
};
use s2rst::s2::builder::closed_set_normalizer::{self, normalize_closed_set};
use s2rst::s2::builder::graph::{DuplicateEdges, EdgeType, Graph, GraphOptions, PolylineType};
use s2rst::s2::builder::layer::Layer;
use s2rst::s2::builder::point_vector_layer::S2PointVectorLayer;
use s2rst::s2::builder::polygon_layer::S2PolygonLayer;
use s2rst::s2::builder::polyline_vector_layer::{self, S2PolylineVectorLayer};
use s2rst::s2::builder::snap::IdentitySnapFunction;
use s2rst::s2::builder::{self, S2Builder, S2Error};
use s2rst::s2::edge_crossings::{Crossing, crossing_sign, intersection_merge_radius};
use s2rst::s2::lax_polyline::LaxPolyline;
use s2rst::s2::shape_index::ShapeIndex;
use s2rst::s2::{Point, Polygon};
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

const FAILED: &str = "The geometry of these shapes could not be computed";
/// Most edges whose crossings are looked for.
const MOST_EDGES: usize = 2_000;
/// Most pairs of edges of an intersection.
const MOST_PAIRS: usize = 500_000;
/// Most corners of the polygons of a union.
const MOST_CORNERS: usize = 5_000;
const TOUCHING: &str = "Whether polygons meet that only touch is not supported yet";

/// Functions of two or more shapes.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_intersects_2lines"],
        "geo_intersects_2lines(line1:dynamic, line2:dynamic)",
        "Whether two GeoJSON lines or multilines have a place in common; null where one is not valid.",
        &[Param::Dynamic, Param::Dynamic],
        0,
        bool,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let (one, two) = (lines(c, a, 0)?, lines(c, a, 1)?);
                    Ok(flag(meet(&mut of_lines(&one), &mut of_lines(&two))?))
                })())
            })
        },
    ),
    of(
        &["geo_intersects_2polygons"],
        "geo_intersects_2polygons(polygon1:dynamic, polygon2:dynamic)",
        "Whether two GeoJSON polygons or multipolygons have a place in common; null where one is not valid.",
        &[Param::Dynamic, Param::Dynamic],
        0,
        bool,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let (one, two) = (area(c, a, 0)?, area(c, a, 1)?);
                    Ok(flag(meet(&mut of_area(&one)?, &mut of_area(&two)?)?))
                })())
            })
        },
    ),
    of(
        &["geo_intersects_line_with_polygon"],
        "geo_intersects_line_with_polygon(line:dynamic, polygon:dynamic)",
        "Whether a GeoJSON line or multiline and a polygon or multipolygon have a place in common; null where one is not valid.",
        &[Param::Dynamic, Param::Dynamic],
        0,
        bool,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let (one, two) = (lines(c, a, 0)?, area(c, a, 1)?);
                    Ok(flag(meet(&mut of_lines(&one), &mut of_area(&two)?)?))
                })())
            })
        },
    ),
    of(
        &["geo_intersection_2lines"],
        "geo_intersection_2lines(line1:dynamic, line2:dynamic)",
        "What two GeoJSON lines or multilines have in common, as GeoJSON; an empty collection where that is nothing, null where one is not valid.",
        &[Param::Dynamic, Param::Dynamic],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let (one, two) = (lines(c, a, 0)?, lines(c, a, 1)?);
                    common(&mut of_lines(&one), &mut of_lines(&two))
                })())
            })
        },
    ),
    of(
        &["geo_intersection_2polygons"],
        "geo_intersection_2polygons(polygon1:dynamic, polygon2:dynamic)",
        "What two GeoJSON polygons or multipolygons have in common, as GeoJSON; an empty collection where that is nothing, null where one is not valid.",
        &[Param::Dynamic, Param::Dynamic],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let (one, two) = (area(c, a, 0)?, area(c, a, 1)?);
                    common(&mut of_area(&one)?, &mut of_area(&two)?)
                })())
            })
        },
    ),
    of(
        &["geo_intersection_line_with_polygon"],
        "geo_intersection_line_with_polygon(line:dynamic, polygon:dynamic)",
        "The parts of a GeoJSON line or multiline in a polygon or multipolygon, as GeoJSON; an empty collection where there are none, null where one is not valid.",
        &[Param::Dynamic, Param::Dynamic],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let (one, two) = (lines(c, a, 0)?, area(c, a, 1)?);
                    common(&mut of_lines(&one), &mut of_area(&two)?)
                })())
            })
        },
    ),
    of(
        &["geo_union_lines_array"],
        "geo_union_lines_array(lines:dynamic)",
        "The union of an array of GeoJSON lines and multilines; null where one is not valid.",
        &[Param::Dynamic],
        0,
        dynamic,
        |c, a| told(c, || union_lines(c, a)),
    ),
    of(
        &["geo_union_polygons_array"],
        "geo_union_polygons_array(polygons:dynamic)",
        "The union of an array of GeoJSON polygons and multipolygons; null where one is not valid.",
        &[Param::Dynamic],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let all = areas(c, a)?;
                    let parts: Vec<Polygon> =
                        all.iter().flat_map(|a| a.parts.iter().cloned()).collect();
                    let whole = union_of_polygons(&parts).map_err(Some)?;
                    c.geo.spend(whole.num_vertices()).map_err(Some)?;
                    Ok(json_polygon(&whole).map(value))
                })())
            })
        },
    ),
];

/// The shapes of an array.
fn shapes(context: &Context, args: &[Value]) -> Result<Vec<Shape>, Bad> {
    let items = match args.first() {
        Some(Value::Dynamic(json)) => json.as_array().ok_or(None)?,
        _ => return Err(None),
    };
    if items.is_empty() {
        return Err(Some("The union of no shapes is not supported yet"));
    }
    let shapes = items
        .iter()
        .map(|item| context.geo.shape(&Arc::new(item.clone())));
    Ok(shapes.collect())
}

/// The polygons of an array of them.
///
/// # Errors
/// When one cannot be used.
pub fn areas(context: &Context, args: &[Value]) -> Result<Vec<Rc<Area>>, Bad> {
    let of = |shape| match shape {
        Shape::Area(area) => Ok(area),
        Shape::Bad(bad) => Err(bad),
        Shape::Lines(_) => Err(None),
    };
    shapes(context, args)?.into_iter().map(of).collect()
}

fn union_lines(context: &Context, args: &[Value]) -> Answer {
    or_null((|| {
        let mut all: Vec<Vec<Point>> = Vec::new();
        for shape in shapes(context, args)? {
            match shape {
                Shape::Lines(lines) => all.extend(lines.lines.iter().cloned()),
                Shape::Bad(bad) => return Err(bad),
                Shape::Area(_) => return Err(None),
            }
        }
        let made = union_of_lines(&all).map_err(Some)?;
        if crossing(&all)? {
            return Err(Some("A union of lines that cross is not supported yet"));
        }
        context
            .geo
            .spend(made.iter().map(Vec::len).sum())
            .map_err(Some)?;
        Ok(json_lines(&made).map(value))
    })())
}

fn options(polygons: PolygonModel) -> Options {
    Options {
        snap_function: Box::new(IdentitySnapFunction::new(intersection_merge_radius())),
        polygon_model: polygons,
        polyline_model: PolylineModel::Closed,
        ..Options::default()
    }
}

fn of_lines(given: &Lines) -> ShapeIndex {
    let mut index = ShapeIndex::new();
    for line in &given.lines {
        index.add(Box::new(LaxPolyline::new(line.clone())));
    }
    index.build();
    index
}

/// The polygons of one operand must not overlap: they are united first.
fn of_area(given: &Area) -> Result<ShapeIndex, Bad> {
    let whole = match given.parts.as_slice() {
        [one] => one.clone(),
        several => union_of_polygons(several).map_err(Some)?,
    };
    let mut index = ShapeIndex::new();
    index.add(Box::new(whole));
    index.build();
    Ok(index)
}

/// Whether shapes have a place in common. Where that hangs on whether a polygon has its boundary
/// it is not known.
fn meet(one: &mut ShapeIndex, two: &mut ShapeIndex) -> Result<bool, Bad> {
    let closed = S2BooleanOperation::intersects(one, two, options(PolygonModel::Closed));
    let open = S2BooleanOperation::intersects(one, two, options(PolygonModel::Open));
    if closed != open {
        return Err(Some(TOUCHING));
    }
    Ok(closed)
}

/// A layer whose result can be read after it was handed over.
#[derive(Debug)]
struct Shared<L: Layer>(Rc<RefCell<L>>);

impl<L: Layer + 'static> Layer for Shared<L> {
    fn graph_options(&self) -> GraphOptions {
        self.0.borrow().graph_options()
    }

    fn build(&mut self, graph: &Graph, error: &mut S2Error) {
        self.0.borrow_mut().build(graph, error);
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }
}

fn line_layer() -> S2PolylineVectorLayer {
    S2PolylineVectorLayer::with_options(polyline_vector_layer::Options {
        edge_type: EdgeType::Directed,
        polyline_type: PolylineType::Walk,
        duplicate_edges: DuplicateEdges::Merge,
        ..polyline_vector_layer::Options::default()
    })
}

fn common(one: &mut ShapeIndex, two: &mut ShapeIndex) -> Result<Option<Value>, Bad> {
    // Every edge may cross every other.
    if one.num_edges().saturating_mul(two.num_edges()) > MOST_PAIRS {
        return Err(Some(
            "An intersection of shapes of so many corners is not supported",
        ));
    }
    let points = Rc::new(RefCell::new(S2PointVectorLayer::new()));
    let lines = Rc::new(RefCell::new(line_layer()));
    let polygons = Rc::new(RefCell::new(S2PolygonLayer::new()));
    let layers: Vec<Box<dyn Layer>> = vec![
        Box::new(Shared(points.clone())),
        Box::new(Shared(lines.clone())),
        Box::new(Shared(polygons.clone())),
    ];
    let layers = normalize_closed_set(layers, closed_set_normalizer::Options::default());
    let mut operation =
        S2BooleanOperation::multi(OpType::Intersection, layers, options(PolygonModel::Closed));
    operation.build(one, two).map_err(|_| Some(FAILED))?;
    let found_points = points.borrow_mut().take_output().unwrap_or_default();
    let found_lines: Vec<Vec<Point>> = lines
        .borrow_mut()
        .take_output()
        .unwrap_or_default()
        .iter()
        .map(|l| l.vertices_vec().clone())
        .collect();
    let found_polygon = polygons.borrow_mut().take_output();
    if found_points.len() > 1 {
        return Err(Some(
            "An intersection of several single points is not supported yet",
        ));
    }
    let mut all: Vec<Json> = found_points.iter().map(|p| json_point(*p)).collect();
    all.extend(json_lines(&found_lines));
    all.extend(found_polygon.as_ref().and_then(json_polygon));
    let made = match all.len() {
        1 => all.pop(),
        _ => Some(collection(all)),
    };
    Ok(made.map(value))
}

/// The union of polygons, each valid in itself.
///
/// # Errors
/// When it cannot be computed.
pub fn union_of_polygons(parts: &[Polygon]) -> Result<Polygon, &'static str> {
    let corners: usize = parts.iter().map(Polygon::num_vertices).sum();
    if corners > MOST_CORNERS {
        return Err("A union of polygons of more than 5,000 corners is not supported");
    }
    let whole = Polygon::union_all(parts.to_vec());
    if whole.num_loops() == 0 {
        return Err(FAILED);
    }
    Ok(whole)
}

/// The union of lines: an edge that several have stands in it once.
///
/// # Errors
/// When it cannot be computed.
pub fn union_of_lines(lines: &[Vec<Point>]) -> Result<Vec<Vec<Point>>, &'static str> {
    built_lines(lines, builder::Options::default())
}

/// The union of lines without corners that lie within a tolerance of a straight edge.
///
/// # Errors
/// When it cannot be computed.
pub fn simplified_lines(
    lines: &[Vec<Point>],
    tolerance: Angle,
) -> Result<Vec<Vec<Point>>, &'static str> {
    let mut options = builder::Options::new(Box::new(IdentitySnapFunction::new(tolerance)));
    options.simplify_edge_chains = true;
    built_lines(lines, options)
}

/// Whether lines cross between their corners.
fn crossing(lines: &[Vec<Point>]) -> Result<bool, Bad> {
    let edges: Vec<(&Point, &Point)> = lines
        .iter()
        .flat_map(|l| l.iter().zip(l.iter().skip(1)))
        .collect();
    if edges.len() > MOST_EDGES {
        return Err(Some(
            "A union of lines of more than 2,000 edges is not supported yet",
        ));
    }
    let crossed = edges.iter().enumerate().any(|(at, (a, b))| {
        let others = edges.iter().skip(at + 1);
        let mut signs = others.map(|(c, d)| crossing_sign(**a, **b, **c, **d));
        signs.any(|sign| sign == Crossing::Cross)
    });
    Ok(crossed)
}

/// Whether two lines have an edge in opposite directions.
fn opposed(lines: &[Vec<Point>]) -> bool {
    let bits = |p: &Point| [p.x().to_bits(), p.y().to_bits(), p.z().to_bits()];
    let edges: HashSet<_> = lines
        .iter()
        .flat_map(|l| l.iter().zip(l.iter().skip(1)))
        .map(|(a, b)| (bits(a), bits(b)))
        .collect();
    edges.iter().any(|(a, b)| edges.contains(&(*b, *a)))
}

fn built_lines(
    lines: &[Vec<Point>],
    options: builder::Options,
) -> Result<Vec<Vec<Point>>, &'static str> {
    if opposed(lines) {
        return Err(
            "A union of lines that have an edge in opposite directions is not supported yet",
        );
    }
    let made = Rc::new(RefCell::new(line_layer()));
    let mut builder = S2Builder::new(options);
    builder.start_layer(Box::new(Shared(made.clone())));
    for line in lines {
        builder.add_polyline_from_points(line);
    }
    builder.build().map_err(|_| FAILED)?;
    let made = made.borrow_mut().take_output().ok_or(FAILED)?;
    Ok(made.iter().map(|l| l.vertices_vec().clone()).collect())
}
