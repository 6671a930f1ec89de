//! What a line measures: its length, its centroid, places along it.

use super::json::{point as json_point, value};
use super::overlay::union_of_lines;
use super::points::spherical;
use super::shape::{Bad, Lines, lines, or_null};
use super::{dynamic, metres, number, of, point, real, told};
use crate::kql::functions::{Context, Function, Param};
use crate::value::Value;
use s2rst::s2::Point;
use s2rst::s2::polyline::Polyline;

const SEVERAL: &str = "A place along a multiline is not supported yet";

/// Functions of a line.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_line_length"],
        "geo_line_length(line:dynamic)",
        "The metres of a GeoJSON line or multiline, parts that lie on each other counted once; null where it is not valid.",
        &[Param::Dynamic],
        0,
        real,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let all = united(&*lines(c, a, 0)?)?;
                    let total: f64 = all.iter().map(|l| metres(l.length())).sum();
                    Ok(Some(Value::Real(total)))
                })())
            })
        },
    ),
    of(
        &["geo_line_centroid"],
        "geo_line_centroid(line:dynamic)",
        "The centroid of a GeoJSON line or multiline, as a GeoJSON point; null where it is not valid.",
        &[Param::Dynamic],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let all = united(&*lines(c, a, 0)?)?;
                    let zero = Point::from_coords(1.0, 0.0, 0.0).vector() * 0.0;
                    let sum = all.iter().fold(zero, |sum, l| sum + l.centroid().vector());
                    if sum.norm() < 1e-14 {
                        return Err(Some(
                            "The centroid of a line that goes around the Earth is not supported yet",
                        ));
                    }
                    Ok(Some(value(json_point(Point::new(sum)))))
                })())
            })
        },
    ),
    of(
        &["geo_line_interpolate_point"],
        "geo_line_interpolate_point(line:dynamic, fraction:real)",
        "The place on a GeoJSON line at a fraction of its length, 0 its start and 1 its end; null where the line or the fraction is not valid.",
        &[Param::Dynamic, Param::Real],
        0,
        dynamic,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let line = only(c, a)?;
                    let part = number(a, 1).filter(|f| (0.0..=1.0).contains(f));
                    let (at, _) = line.interpolate(part.ok_or(None)?);
                    Ok(Some(value(json_point(at))))
                })())
            })
        },
    ),
    of(
        &["geo_line_locate_point"],
        "geo_line_locate_point(line:dynamic, longitude:real, latitude:real [, use_spheroid:bool])",
        "The fraction of a GeoJSON line's length at which it is closest to a point; null where one of them is not valid.",
        &[Param::Dynamic, Param::Real, Param::Real, Param::Bool],
        1,
        real,
        |c, a| {
            told(c, || {
                or_null((|| {
                    let line = only(c, a)?;
                    let (at, next) = line.project(point(a, 1).ok_or(None)?);
                    spherical(a.get(3)).map_err(Some)?;
                    Ok(Some(Value::Real(line.uninterpolate(at, next))))
                })())
            })
        },
    ),
];

/// The one line of an argument.
fn only(context: &Context, args: &[Value]) -> Result<Polyline, Bad> {
    let given = lines(context, args, 0)?;
    match given.lines.as_slice() {
        [line] if given.single => Ok(Polyline::new(line.clone())),
        _ => Err(Some(SEVERAL)),
    }
}

/// The union of a multiline's lines.
fn united(given: &Lines) -> Result<Vec<Polyline>, Bad> {
    if given.single {
        return Ok(given.lines.iter().cloned().map(Polyline::new).collect());
    }
    let united = union_of_lines(&given.lines).map_err(Some)?;
    Ok(united.into_iter().map(Polyline::new).collect())
}
