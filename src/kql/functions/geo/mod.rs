//! Geography: points, cells, lines and polygons on a spherical Earth whose edges are geodesics.
//! The geometry is S2's, as on the platform; coordinates are degrees, longitude first.

pub mod buffer;
pub mod closeness;
pub mod cover;
pub mod densify;
pub mod geohash;
pub mod h3;
pub mod h3_cover;
mod json;
pub mod lines;
pub mod lookup;
pub mod overlay;
pub mod points;
pub mod polygons;
pub mod s2cells;
pub mod shape;
pub mod simplify;
mod tokens;
pub mod wkt;

use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use s2rst::s1::Angle;
use s2rst::s2::{LatLng, Point};
use std::sync::Arc;

/// Metres. Found from the platform's own distances: the sphere with the Earth's surface.
pub const EARTH_RADIUS: f64 = 6_371_010.0;

/// What a body gives: none for null, an error where the platform's answer is not known.
type Answer = Result<Option<Value>, &'static str>;

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    params: &'static [Param],
    optional: usize,
    result: fn(&[Type]) -> Option<Type>,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params,
        optional,
        repeat: 0,
        result,
        naming: Naming::None,
        body,
    }
}

const fn real(_: &[Type]) -> Option<Type> {
    Some(Type::Real)
}

const fn bool(_: &[Type]) -> Option<Type> {
    Some(Type::Bool)
}

const fn text(_: &[Type]) -> Option<Type> {
    Some(Type::String)
}

const fn int(_: &[Type]) -> Option<Type> {
    Some(Type::Int)
}

const fn dynamic(_: &[Type]) -> Option<Type> {
    Some(Type::Dynamic)
}

/// The value of an answer. A geometry library of this size may have an error of its own:
/// it must not take the program with it.
fn told(context: &Context, answer: impl FnOnce() -> Answer) -> Value {
    let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(answer));
    match answer {
        Ok(Ok(value)) => value.unwrap_or(Value::Null),
        Ok(Err(why)) => {
            context.refuse(why);
            Value::Null
        }
        Err(_) => {
            context.refuse("The geometry of this shape could not be computed");
            Value::Null
        }
    }
}

fn number(args: &[Value], at: usize) -> Option<f64> {
    args.get(at).and_then(convert::real)
}

/// A whole number that may be left out: none where it is null.
fn whole(args: &[Value], at: usize, default: i64) -> Option<i64> {
    match args.get(at) {
        None => Some(default),
        Some(value) => convert::long(value),
    }
}

/// A number that may be left out: none where it is null.
fn number_or(args: &[Value], at: usize, default: f64) -> Option<f64> {
    match args.get(at) {
        None => Some(default),
        Some(value) => convert::real(value),
    }
}

fn string(args: &[Value], at: usize) -> Arc<str> {
    args.get(at).map(convert::text).unwrap_or_default()
}

/// A longitude and a latitude that can be on Earth.
fn valid(lng: f64, lat: f64) -> bool {
    (-180.0..=180.0).contains(&lng) && (-90.0..=90.0).contains(&lat)
}

/// The coordinates that begin at an argument; none where they are not on Earth.
fn degrees(args: &[Value], at: usize) -> Option<(f64, f64)> {
    let (lng, lat) = (number(args, at)?, number(args, at + 1)?);
    valid(lng, lat).then_some((lng, lat))
}

/// The same as a point.
fn point(args: &[Value], at: usize) -> Option<Point> {
    degrees(args, at).map(|(lng, lat)| to_point(lng, lat))
}

fn to_point(lng: f64, lat: f64) -> Point {
    LatLng::from_degrees(lat, lng).to_point()
}

fn metres(angle: Angle) -> f64 {
    angle.radians() * EARTH_RADIUS
}

fn angle(metres: f64) -> Angle {
    Angle::from_radians(metres / EARTH_RADIUS)
}

fn flag(value: bool) -> Option<Value> {
    Some(Value::Bool(value))
}
