//! Units of measure converted. Only units whose size is exact by definition: of others the platform's
//! number of digits is not known.

use super::Param::{Real, Text};
use super::entry::{entry, real, text};
use super::{Body, Context, Function};
use crate::kql::run::convert;
use crate::value::Value;
use std::f64::consts::PI;

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: Body,
) -> Function {
    entry(
        names,
        signature,
        doc,
        &[Real, Text, Text],
        (0, 0),
        real,
        body,
    )
}

pub const FUNCTIONS: &[Function] = &[
    of(
        &["convert_angle"],
        "convert_angle(value, from:string, to:string)",
        "An angle in another unit, such as Degree, Radian, Gradian, Arcminute or Revolution.",
        |c, a| scaled(c, a, ANGLES),
    ),
    of(
        &["convert_energy"],
        "convert_energy(value, from:string, to:string)",
        "An energy in another unit, such as Joule, Calorie, KilowattHour or BritishThermalUnit.",
        |c, a| scaled(c, a, ENERGIES),
    ),
    of(
        &["convert_force"],
        "convert_force(value, from:string, to:string)",
        "A force in another unit, such as Newton, Dyn, KilogramForce or PoundForce.",
        |c, a| scaled(c, a, FORCES),
    ),
    of(
        &["convert_length"],
        "convert_length(value, from:string, to:string)",
        "A length in another unit, such as Meter, Kilometer, Foot, Inch, Yard or NauticalMile.",
        |c, a| scaled(c, a, LENGTHS),
    ),
    of(
        &["convert_mass"],
        "convert_mass(value, from:string, to:string)",
        "A mass in another unit, such as Gram, Kilogram, Tonne, Pound or ShortTon.",
        |c, a| scaled(c, a, MASSES),
    ),
    of(
        &["convert_speed"],
        "convert_speed(value, from:string, to:string)",
        "A speed in another unit, such as MeterPerSecond, KilometerPerHour, FootPerSecond or MilePerHour.",
        |c, a| scaled(c, a, SPEEDS),
    ),
    of(
        &["convert_temperature"],
        "convert_temperature(value, from:string, to:string)",
        "A temperature in another unit, such as Kelvin, DegreeCelsius or DegreeFahrenheit.",
        temperature,
    ),
    of(
        &["convert_volume"],
        "convert_volume(value, from:string, to:string)",
        "A volume in another unit, such as Liter, Milliliter, CubicMeter or CubicCentimeter.",
        |c, a| scaled(c, a, VOLUMES),
    ),
];

type Units = &'static [(&'static str, f64)];

fn units(context: &Context, args: &[Value], known: impl Fn(&str) -> bool) -> Option<f64> {
    if !known(&text(args, 1)) || !known(&text(args, 2)) {
        context.refuse("This unit is not supported: write for example 'Meter' or 'DegreeCelsius'");
        return None;
    }
    convert::real(args.first()?)
}

fn scaled(context: &Context, args: &[Value], all: Units) -> Value {
    let size = |at: usize| {
        let name = text(args, at);
        all.iter()
            .find(|(n, _)| *n == &*name)
            .map(|(_, size)| *size)
    };
    match (
        units(context, args, |n| all.iter().any(|(u, _)| *u == n)),
        size(1),
        size(2),
    ) {
        (Some(value), Some(from), Some(to)) => Value::Real(value * from / to),
        _ => Value::Null,
    }
}

/// Kelvin are `value * factor + offset`.
const TEMPERATURES: [(&str, f64, f64); 8] = [
    ("Kelvin", 1.0, 0.0),
    ("DegreeCelsius", 1.0, 273.15),
    ("MillidegreeCelsius", 0.001, 273.15),
    ("DegreeFahrenheit", 5.0 / 9.0, 459.67 * 5.0 / 9.0),
    ("DegreeRankine", 5.0 / 9.0, 0.0),
    ("DegreeDelisle", -2.0 / 3.0, 373.15),
    ("DegreeNewton", 100.0 / 33.0, 273.15),
    ("DegreeReaumur", 1.25, 273.15),
];

fn temperature(context: &Context, args: &[Value]) -> Value {
    let unit = |name: &str| TEMPERATURES.iter().find(|(n, ..)| *n == name);
    let value = units(context, args, |n| unit(n).is_some());
    match (value, unit(&text(args, 1)), unit(&text(args, 2))) {
        (Some(value), Some((_, factor, offset)), Some((_, to_factor, to_offset))) => {
            Value::Real((value * factor + offset - to_offset) / to_factor)
        }
        _ => Value::Null,
    }
}

const RADIAN: f64 = 180.0 / PI;
const ANGLES: Units = &[
    ("Degree", 1.0),
    ("Millidegree", 1e-3),
    ("Microdegree", 1e-6),
    ("Nanodegree", 1e-9),
    ("Arcminute", 1.0 / 60.0),
    ("Arcsecond", 1.0 / 3600.0),
    ("Gradian", 0.9),
    ("NatoMil", 9.0 / 160.0),
    ("Revolution", 360.0),
    ("Radian", RADIAN),
    ("Deciradian", RADIAN * 1e-1),
    ("Centiradian", RADIAN * 1e-2),
    ("Milliradian", RADIAN * 1e-3),
    ("Microradian", RADIAN * 1e-6),
    ("Nanoradian", RADIAN * 1e-9),
];

const BTU: f64 = 1055.05585262;
const ENERGIES: Units = &[
    ("Joule", 1.0),
    ("Millijoule", 1e-3),
    ("Kilojoule", 1e3),
    ("Megajoule", 1e6),
    ("Gigajoule", 1e9),
    ("Erg", 1e-7),
    ("Calorie", 4.184),
    ("Kilocalorie", 4.184e3),
    ("Megacalorie", 4.184e6),
    ("WattHour", 3600.0),
    ("KilowattHour", 3.6e6),
    ("MegawattHour", 3.6e9),
    ("GigawattHour", 3.6e12),
    ("TerawattHour", 3.6e15),
    ("WattDay", 86_400.0),
    ("KilowattDay", 8.64e7),
    ("MegawattDay", 8.64e10),
    ("GigawattDay", 8.64e13),
    ("TerawattDay", 8.64e16),
    ("BritishThermalUnit", BTU),
    ("KilobritishThermalUnit", BTU * 1e3),
    ("MegabritishThermalUnit", BTU * 1e6),
    ("GigabritishThermalUnit", BTU * 1e9),
];

const FORCES: Units = &[
    ("Newton", 1.0),
    ("Micronewton", 1e-6),
    ("Millinewton", 1e-3),
    ("Decanewton", 10.0),
    ("Kilonewton", 1e3),
    ("Meganewton", 1e6),
    ("Dyn", 1e-5),
    ("KilogramForce", 9.80665),
    ("KiloPond", 9.80665),
    ("TonneForce", 9806.65),
    ("PoundForce", 4.4482216152605),
    ("KilopoundForce", 4448.2216152605),
    ("Poundal", 0.138254954376),
];

const LENGTHS: Units = &[
    ("Meter", 1.0),
    ("Nanometer", 1e-9),
    ("Micrometer", 1e-6),
    ("Millimeter", 1e-3),
    ("Centimeter", 1e-2),
    ("Decimeter", 1e-1),
    ("Decameter", 10.0),
    ("Hectometer", 100.0),
    ("Kilometer", 1e3),
    ("Angstrom", 1e-10),
    ("AstronomicalUnit", 1.495978707e11),
    ("Inch", 0.0254),
    ("Microinch", 2.54e-8),
    ("Mil", 2.54e-5),
    ("Hand", 0.1016),
    ("Foot", 0.3048),
    ("Yard", 0.9144),
    ("Fathom", 1.8288),
    ("Chain", 20.1168),
    ("Shackle", 27.432),
    ("DataMile", 1828.8),
    ("NauticalMile", 1852.0),
];

const MASSES: Units = &[
    ("Gram", 1.0),
    ("Nanogram", 1e-9),
    ("Microgram", 1e-6),
    ("Milligram", 1e-3),
    ("Centigram", 1e-2),
    ("Decigram", 1e-1),
    ("Decagram", 10.0),
    ("Hectogram", 100.0),
    ("Kilogram", 1e3),
    ("Tonne", 1e6),
    ("Kilotonne", 1e9),
    ("Megatonne", 1e12),
    ("Pound", 453.59237),
    ("Kilopound", 453_592.37),
    ("Megapound", 453_592_370.0),
    ("ShortTon", 907_184.74),
    ("LongTon", 1_016_046.908_8),
];

const SPEEDS: Units = &[
    ("MeterPerSecond", 1.0),
    ("MeterPerMinute", 1.0 / 60.0),
    ("MeterPerHour", 1.0 / 3600.0),
    ("NanometerPerSecond", 1e-9),
    ("MicrometerPerSecond", 1e-6),
    ("MillimeterPerSecond", 1e-3),
    ("MillimeterPerMinute", 1e-3 / 60.0),
    ("MillimeterPerHour", 1e-3 / 3600.0),
    ("CentimeterPerSecond", 1e-2),
    ("CentimeterPerMinute", 1e-2 / 60.0),
    ("CentimeterPerHour", 1e-2 / 3600.0),
    ("DecimeterPerSecond", 1e-1),
    ("DecimeterPerMinute", 1e-1 / 60.0),
    ("KilometerPerSecond", 1e3),
    ("KilometerPerMinute", 1e3 / 60.0),
    ("KilometerPerHour", 1.0 / 3.6),
    ("FootPerSecond", 0.3048),
    ("FootPerMinute", 0.3048 / 60.0),
    ("FootPerHour", 0.3048 / 3600.0),
    ("InchPerSecond", 0.0254),
    ("InchPerMinute", 0.0254 / 60.0),
    ("InchPerHour", 0.0254 / 3600.0),
    ("YardPerSecond", 0.9144),
    ("YardPerMinute", 0.9144 / 60.0),
    ("YardPerHour", 0.9144 / 3600.0),
    ("MilePerHour", 0.44704),
];

const VOLUMES: Units = &[
    ("Liter", 1.0),
    ("Nanoliter", 1e-9),
    ("Microliter", 1e-6),
    ("Milliliter", 1e-3),
    ("Centiliter", 1e-2),
    ("Deciliter", 1e-1),
    ("Decaliter", 10.0),
    ("Hectoliter", 100.0),
    ("Kiloliter", 1e3),
    ("Megaliter", 1e6),
    ("CubicMicrometer", 1e-15),
    ("CubicMillimeter", 1e-6),
    ("CubicCentimeter", 1e-3),
    ("CubicDecimeter", 1.0),
    ("CubicMeter", 1e3),
    ("CubicHectometer", 1e9),
    ("CubicKilometer", 1e12),
    ("MetricCup", 0.25),
    ("MetricTeaspoon", 0.005),
    ("AuTablespoon", 0.02),
    ("UkTablespoon", 0.015),
];
