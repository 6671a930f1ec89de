//! Filters over a series, and the Fourier transform.

use super::{full, of, reals};
use crate::kql::functions::{Context, Function, Naming, Param};
use crate::value::Value;

/// Most multiplications of one filter: a bound against hostile input.
const MOST: usize = 50_000_000;

pub const FUNCTIONS: &[Function] = &[
    of(
        &["series_iir"],
        "series_iir(series:dynamic, numerators:dynamic, denominators:dynamic)",
        "The series behind a recursive filter: every value is made of the values before it, in and out. With [1] and [1,-1] it is the running sum.",
        &[Param::Dynamic, Param::Dynamic, Param::Dynamic],
        0,
        Naming::First,
        iir,
    ),
    of(
        &["series_fir"],
        "series_fir(series:dynamic, filter:dynamic [, normalize:bool [, center:bool]])",
        "The series behind a filter: every value is a sum of its neighbours times the filter's coefficients, for example a moving average. Only series that begin and end in zeros run here, as what the platform puts beyond the edges is not documented.",
        &[Param::Dynamic, Param::Dynamic, Param::Bool, Param::Bool],
        2,
        Naming::First,
        fir,
    ),
    of(
        &["series_fft"],
        "series_fft(real:dynamic [, imaginary:dynamic])",
        "The frequencies of a series. The columns are known; it does not run here.",
        &[Param::Dynamic, Param::Dynamic],
        1,
        Naming::None,
        |c, _| {
            refused(
                c,
                "`series_fft` does not run here: its scale is not documented",
            )
        },
    ),
    of(
        &["series_ifft"],
        "series_ifft(real:dynamic [, imaginary:dynamic])",
        "A series made of frequencies. The columns are known; it does not run here.",
        &[Param::Dynamic, Param::Dynamic],
        1,
        Naming::None,
        |c, _| {
            refused(
                c,
                "`series_ifft` does not run here: its scale is not documented",
            )
        },
    ),
];

/// Ends the run: a wrong value would be worse.
pub fn refused(context: &Context, why: &'static str) -> Value {
    context.refuse(why);
    Value::Null
}

fn iir(context: &Context, args: &[Value]) -> Value {
    let parts = (
        full(context, args.first()),
        full(context, args.get(1)),
        full(context, args.get(2)),
    );
    let (Some(input), Some(b), Some(a)) = parts else {
        return Value::Null;
    };
    let first = a.first().copied().unwrap_or(0.0);
    if first == 0.0 {
        return refused(
            context,
            "The first denominator of `series_iir` must not be 0",
        );
    }
    if input.len().saturating_mul(a.len() + b.len()) > MOST {
        return refused(
            context,
            "The series or the filter of `series_iir` is too long",
        );
    }
    let mut output: Vec<f64> = Vec::with_capacity(input.len());
    for at in 0..input.len() {
        let back = |values: &[f64], steps: usize| {
            let place = at.checked_sub(steps)?;
            values.get(place).copied()
        };
        let forward: f64 = b
            .iter()
            .enumerate()
            .filter_map(|(steps, factor)| Some(factor * back(&input, steps)?))
            .sum();
        let feedback: f64 = a
            .iter()
            .enumerate()
            .skip(1)
            .filter_map(|(steps, factor)| Some(factor * back(&output, steps)?))
            .sum();
        output.push((forward - feedback) / first);
    }
    reals(output)
}

fn fir(context: &Context, args: &[Value]) -> Value {
    let (Some(input), Some(filter)) = (full(context, args.first()), full(context, args.get(1)))
    else {
        return Value::Null;
    };
    let negative = filter.iter().any(|f| *f < 0.0);
    let normalize = match args.get(2) {
        Some(Value::Bool(true)) if negative => return Value::Null,
        Some(Value::Bool(given)) => *given,
        _ => !negative,
    };
    let center = args.get(3) == Some(&Value::Bool(true));
    if filter.is_empty() || center && filter.len().is_multiple_of(2) {
        return refused(
            context,
            "`series_fir` needs a filter, with `center` one of odd length",
        );
    }
    if input.len().saturating_mul(filter.len()) > MOST {
        return refused(
            context,
            "The series or the filter of `series_fir` is too long",
        );
    }
    let reach = filter.len() - 1;
    let ahead = if center { reach / 2 } else { 0 };
    let behind = reach - ahead;
    let zeros =
        |edge: &mut dyn Iterator<Item = &f64>, count: usize| edge.take(count).all(|v| *v == 0.0);
    if !zeros(&mut input.iter(), behind) || !zeros(&mut input.iter().rev(), ahead) {
        return refused(
            context,
            "`series_fir` does not run here on a series that does not begin and end in zeros: what the platform takes beyond the edges is not documented",
        );
    }
    let sum: f64 = filter.iter().sum();
    if normalize && sum == 0.0 {
        return refused(context, "A filter whose sum is 0 cannot be normalized");
    }
    let scale = if normalize { sum } else { 1.0 };
    let output = (0..input.len()).map(|at| {
        let sum: f64 = filter
            .iter()
            .enumerate()
            .filter_map(|(steps, factor)| {
                let place = (at + ahead).checked_sub(steps)?;
                Some(factor * input.get(place)?)
            })
            .sum();
        sum / scale
    });
    reals(output)
}
