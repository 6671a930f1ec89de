//! Angles, and the gamma, beta and error functions.

use super::Param::Real;
use super::entry::{entry, real};
use super::{Body, Context, Function, Naming};
use crate::kql::run::convert;
use crate::value::Value;
use statrs::function::beta::{checked_beta_reg, ln_beta};

const fn of_one(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    naming: Naming,
    body: Body,
) -> Function {
    Function {
        naming,
        ..entry(names, signature, doc, &[Real], (0, 0), real, body)
    }
}

/// A result of numbers; null where one is null.
fn of<const N: usize>(args: &[Value], f: impl Fn([f64; N]) -> Option<f64>) -> Value {
    let mut numbers = [0.0; N];
    for (at, number) in numbers.iter_mut().enumerate() {
        match args.get(at).and_then(convert::real) {
            Some(x) => *number = x,
            None => return Value::Null,
        }
    }
    f(numbers).map_or(Value::Null, Value::Real)
}

const THREE: &[super::Param] = &[Real, Real, Real];

pub const FUNCTIONS: &[Function] = &[
    Function {
        naming: Naming::First,
        ..entry(
            &["atan2"],
            "atan2(y, x)",
            "The angle between the x axis and the point (x, y), in radians.",
            &[Real, Real],
            (0, 0),
            real,
            |_, a| of(a, |[y, x]| Some(y.atan2(x))),
        )
    },
    of_one(
        &["degrees"],
        "degrees(radians)",
        "An angle in degrees.",
        Naming::None,
        |_, a| of(a, |[x]| Some(180.0 / std::f64::consts::PI * x)),
    ),
    of_one(
        &["radians"],
        "radians(degrees)",
        "An angle in radians.",
        Naming::None,
        |_, a| of(a, |[x]| Some(std::f64::consts::PI / 180.0 * x)),
    ),
    of_one(
        &["gamma"],
        "gamma(number)",
        "The gamma function; it has no value at 0 and at whole numbers below it.",
        Naming::First,
        |context, a| of(a, |[x]| defined(context, x).then(|| libm::tgamma(x))),
    ),
    of_one(
        &["loggamma"],
        "loggamma(number)",
        "The natural logarithm of the gamma function.",
        Naming::First,
        |context, a| of(a, |[x]| defined(context, x).then(|| libm::lgamma(x))),
    ),
    of_one(
        &["erf"],
        "erf(number)",
        "The error function.",
        Naming::First,
        |_, a| of(a, |[x]| Some(libm::erf(x))),
    ),
    of_one(
        &["erfc"],
        "erfc(number)",
        "One less the error function.",
        Naming::First,
        |_, a| of(a, |[x]| Some(libm::erfc(x))),
    ),
    entry(
        &["beta_cdf"],
        "beta_cdf(x, alpha, beta)",
        "The cumulative beta distribution; NaN outside 0 to 1.",
        THREE,
        (0, 0),
        real,
        |context, a| {
            of(a, |[x, alpha, beta]| {
                if !(0.0..=1.0).contains(&x) {
                    return Some(f64::NAN);
                }
                // Measured on the platform: all of the distribution lies at 0.
                if alpha < 0.0 && beta > 0.0 {
                    return Some(1.0);
                }
                shaped(context, alpha, beta)?;
                checked_beta_reg(alpha, beta, x).ok()
            })
        },
    ),
    entry(
        &["beta_inv"],
        "beta_inv(probability, alpha, beta)",
        "The x at which the cumulative beta distribution reaches a probability; null outside 0 to 1.",
        THREE,
        (0, 0),
        real,
        |context, a| {
            of(a, |[p, alpha, beta]| {
                if !(0.0..=1.0).contains(&p) {
                    return None;
                }
                if alpha < 0.0 || beta < 0.0 {
                    return Some(f64::NAN);
                }
                shaped(context, alpha, beta)?;
                inverse(p, alpha, beta)
            })
        },
    ),
    entry(
        &["beta_pdf"],
        "beta_pdf(x, alpha, beta)",
        "The density of the beta distribution; NaN outside 0 to 1 and for negative parameters.",
        THREE,
        (0, 0),
        real,
        |context, a| {
            of(a, |[x, alpha, beta]| {
                if !(0.0..=1.0).contains(&x) || alpha < 0.0 || beta < 0.0 {
                    return Some(f64::NAN);
                }
                shaped(context, alpha, beta)?;
                let log = (alpha - 1.0) * x.ln() + (beta - 1.0) * (-x).ln_1p();
                Some((log - ln_beta(alpha, beta)).exp())
            })
        },
    ),
    entry(
        &["welch_test"],
        "welch_test(mean1, variance1, count1, mean2, variance2, count2)",
        "The probability (p-value, both sides) that two groups with such means have the same one, by Welch's test.",
        &[Real, Real, Real, Real, Real, Real],
        (0, 0),
        real,
        |_, a| {
            of(a, |[mean1, variance1, count1, mean2, variance2, count2]| {
                let (a, b) = (variance1 / count1, variance2 / count2);
                let t = (mean1 - mean2) / (a + b).sqrt();
                let freedom = (a + b).powi(2) / (a * a / (count1 - 1.0) + b * b / (count2 - 1.0));
                let x = freedom / (freedom + t * t);
                let fits = freedom > 0.0 && freedom.is_finite() && (0.0..=1.0).contains(&x);
                fits.then(|| checked_beta_reg(freedom / 2.0, 0.5, x).ok())
                    .flatten()
            })
        },
    ),
];

fn defined(context: &Context, x: f64) -> bool {
    let pole = x <= 0.0 && x.fract() == 0.0;
    if pole {
        context.refuse("The gamma function has no value at 0 and at whole numbers below it");
    }
    !pole
}

/// Refuses parameters whose result on the platform is not known.
fn shaped(context: &Context, alpha: f64, beta: f64) -> Option<()> {
    let fits = |x: f64| x > 0.0 && x <= 10_000.0;
    let fits = fits(alpha) && fits(beta);
    if !fits {
        context.refuse("The parameters of a beta distribution must be above 0 and not above 10000");
    }
    fits.then_some(())
}

/// Halves the interval until it is as small as a number can tell.
fn inverse(p: f64, alpha: f64, beta: f64) -> Option<f64> {
    let (mut low, mut high) = (0.0f64, 1.0f64);
    for _ in 0..1100 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if checked_beta_reg(alpha, beta, middle).ok()? < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}
