//! Distances and directions between points.

use super::{Answer, EARTH_RADIUS, bool, flag, metres, number, of, point, real, told};
use crate::kql::functions::{Function, Param};
use crate::value::Value;
use s2rst::s1::ChordAngle;
use s2rst::s2::{Cap, Point};

const UNSUPPORTED_SPHEROID: &str = "Distances on a spheroid are not supported yet";

/// Functions of points.
pub const FUNCTIONS: &[Function] = &[
    of(
        &["geo_distance_2points"],
        "geo_distance_2points(longitude1:real, latitude1:real, longitude2:real, latitude2:real [, use_spheroid:bool])",
        "The metres between two points along the Earth's surface, taken as a sphere; null where a point is not on Earth.",
        &[
            Param::Real,
            Param::Real,
            Param::Real,
            Param::Real,
            Param::Bool,
        ],
        1,
        real,
        |c, a| {
            told(c, || {
                let (Some(from), Some(to)) = (point(a, 0), point(a, 2)) else {
                    return Ok(None);
                };
                spherical(a.get(4))?;
                Ok(Some(Value::Real(metres(from.distance(to)))))
            })
        },
    ),
    of(
        &["geo_azimuth"],
        "geo_azimuth(longitude1:real, latitude1:real, longitude2:real, latitude2:real)",
        "The direction from the first point to the second, in radians clockwise from north; null where the points are equal, opposite or not on Earth.",
        &[Param::Real, Param::Real, Param::Real, Param::Real],
        0,
        real,
        |c, a| told(c, || azimuth(a)),
    ),
    of(
        &["geo_angle"],
        "geo_angle(longitude1:real, latitude1:real, longitude2:real, latitude2:real, longitude3:real, latitude3:real)",
        "The angle at the second point from the line to the first one clockwise to the line to the third one, in radians; null where neighbours are equal, opposite or not on Earth.",
        &[
            Param::Real,
            Param::Real,
            Param::Real,
            Param::Real,
            Param::Real,
            Param::Real,
        ],
        0,
        real,
        |c, a| {
            told(c, || {
                let (Some(p), Some(q), Some(r)) = (point(a, 0), point(a, 2), point(a, 4)) else {
                    return Ok(None);
                };
                Ok(clockwise(p, q, r).map(Value::Real))
            })
        },
    ),
    of(
        &["geo_point_in_circle"],
        "geo_point_in_circle(longitude:real, latitude:real, center_longitude:real, center_latitude:real, radius:real)",
        "Whether a point is within so many metres of a centre; null where a point is not on Earth or the radius is not positive.",
        &[
            Param::Real,
            Param::Real,
            Param::Real,
            Param::Real,
            Param::Real,
        ],
        0,
        bool,
        |c, a| told(c, || in_circle(a)),
    ),
];

/// Only the sphere is known here.
pub fn spherical(use_spheroid: Option<&Value>) -> Result<(), &'static str> {
    match use_spheroid {
        None | Some(Value::Bool(false)) => Ok(()),
        Some(_) => Err(UNSUPPORTED_SPHEROID),
    }
}

fn opposite_or_equal(p: Point, q: Point) -> bool {
    // (180, 0) is the opposite of (0, 0) though its sine is not quite 0.
    p == q || p.distance(q).radians() > std::f64::consts::PI - 1e-14
}

/// The angle at `q` from `p` clockwise to `r`, in 0 to 2π.
fn clockwise(p: Point, q: Point, r: Point) -> Option<f64> {
    if opposite_or_equal(p, q) || opposite_or_equal(q, r) {
        return None;
    }
    let (to_p, to_r) = (q.point_cross(p), q.point_cross(r));
    // Seen from outside, counter-clockwise is positive about the point itself.
    let turn = to_p.vector().cross(to_r.vector());
    let sine = turn.dot(q.vector());
    let cosine = to_p.vector().dot(to_r.vector());
    let angle = -sine.atan2(cosine);
    Some(if angle < 0.0 {
        angle + 2.0 * std::f64::consts::PI
    } else {
        angle + 0.0
    })
}

fn azimuth(args: &[Value]) -> Answer {
    let (Some(from), Some(to)) = (point(args, 0), point(args, 2)) else {
        return Ok(None);
    };
    if number(args, 1).is_some_and(|lat| lat.abs() == 90.0) {
        return Err("An azimuth from a pole is not supported yet");
    }
    let north = Point::from_coords(0.0, 0.0, 1.0);
    Ok(clockwise(north, from, to).map(Value::Real))
}

fn in_circle(args: &[Value]) -> Answer {
    let (Some(p), Some(centre), Some(radius)) = (point(args, 0), point(args, 2), number(args, 4))
    else {
        return Ok(None);
    };
    if radius.is_nan() || radius <= 0.0 {
        return Ok(None);
    }
    // Half a turn and more is the whole Earth.
    let radians = (radius / EARTH_RADIUS).min(std::f64::consts::PI);
    let limit = ChordAngle::from_angle(s2rst::s1::Angle::from_radians(radians));
    Ok(flag(
        Cap::from_center_chord_angle(centre, limit).contains_point(p),
    ))
}
