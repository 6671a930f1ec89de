//! How marked a period of a series is.
//!
//! The score is the circular autocorrelation at the period, stretched so that its smallest value over all shifts is 0
//! and its largest 1: that gives the platform's documented figures to the last digit. Which of several periods the
//! platform takes is not documented; where that matters the answer is "unknown".

/// Longest series whose periods are looked for: the work grows with its square.
const LONGEST: usize = 20_000;

/// What is known of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// This period.
    Period(usize),
    /// There is none.
    None,
    /// The platform's choice is not certain.
    Unknown,
}

/// The scores of all shifts from 0 to half of the series; none for a constant or too long series.
fn scores(series: &[f64]) -> Option<Vec<f64>> {
    let count = series.len();
    if count > LONGEST || series.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let mean = series.iter().sum::<f64>() / count as f64;
    let apart: Vec<f64> = series.iter().map(|v| v - mean).collect();
    let whole: f64 = apart.iter().map(|v| v * v).sum();
    if whole == 0.0 {
        return None;
    }
    let shifted = |shift: usize| {
        let behind = apart.iter().cycle().skip(shift);
        apart.iter().zip(behind).map(|(a, b)| a * b).sum::<f64>() / whole
    };
    // A shift and its complement have the same value.
    let all: Vec<f64> = (0..=count / 2).map(shifted).collect();
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    Some(all.iter().map(|v| (v - least) / (1.0 - least)).collect())
}

/// The shift with the highest score of those that may be a period; of equal ones the shortest.
fn highest(scores: &[f64]) -> Option<(usize, f64)> {
    let own = scores.iter().copied().enumerate().skip(4);
    own.fold(None, |best, (at, score)| match best {
        Some((_, b)) if score <= b + 1e-12 => best,
        _ => Some((at, score)),
    })
}

/// The score of a period: none where the platform's answer is not certain.
pub fn score(series: &[f64], period: f64) -> Option<f64> {
    // Documented: a period of less than 4 or of more than half of the series has none.
    if period < 4.0 || period > series.len() as f64 / 2.0 {
        return Some(0.0);
    }
    let scores = scores(series)?;
    let at = period as usize;
    let own = scores.get(at).copied().filter(|_| period.fract() == 0.0)?;
    if highest(&scores).is_some_and(|(best, _)| best == at) {
        return Some(own);
    }
    // A low shift beside a higher one is none.
    let near = scores.iter().skip(at - 2).take(5);
    let higher = near.copied().fold(0.0, f64::max) > own;
    (own < 0.4 && higher).then_some(0.0)
}

/// The period of a series whose score reaches a threshold.
pub fn detect(series: &[f64], threshold: f64) -> Found {
    let count = series.len();
    if count < 8 {
        return Found::None;
    }
    let Some(scores) = scores(series) else {
        return Found::Unknown;
    };
    let Some((best, score)) = highest(&scores) else {
        return Found::None;
    };
    if score < threshold {
        return Found::None;
    }
    // The platform begins with the frequencies of the series: a period that is weak in them is not found.
    let mean = series.iter().sum::<f64>() / count as f64;
    let turn = std::f64::consts::TAU / count as f64;
    let power = |k: usize| {
        let (mut re, mut im) = (0.0, 0.0);
        for (at, value) in series.iter().enumerate() {
            let angle = turn * ((k * at) % count) as f64;
            re += (value - mean) * angle.cos();
            im += (value - mean) * angle.sin();
        }
        re * re + im * im
    };
    let powers: Vec<f64> = (1..=count / 2).map(power).collect();
    let total: f64 = powers.iter().sum();
    // Frequencies of periods from 4 up to less than half of the series.
    let fitting = powers
        .iter()
        .enumerate()
        .map(|(at, power)| (count as f64 / (at + 1) as f64, power / total))
        .filter(|(period, _)| (4.0..=count as f64 / 2.0).contains(period));
    let strongest = fitting.fold(
        (0.0, 0.0),
        |best: (f64, f64), own| {
            if own.1 > best.1 { own } else { best }
        },
    );
    match strongest {
        (_, share) if share < 0.08 && count < 16 => Found::None,
        (period, share) if share > 0.25 && (period - best as f64).abs() <= 1.0 => {
            Found::Period(best)
        }
        _ => Found::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The platform's frozen answers for this series: 0.8405558794091444 for 14, 0 for 10.
    #[test]
    fn scores_as_the_platform_gives_them() {
        let traffic: Vec<f64> = [
            80, 139, 87, 110, 68, 54, 50, 51, 53, 133, 86, 141, 97, 156, 94, 149, 95, 140, 77, 61,
            50, 54, 47, 133, 72, 152, 94, 148, 105, 162, 101, 160, 87, 63, 53, 55, 54, 151, 103,
            189, 108, 183, 113, 175, 113, 178, 90, 71, 62, 62, 65, 165, 109, 181, 115, 182, 121,
            178, 114, 170,
        ]
        .map(f64::from)
        .to_vec();
        let found = score(&traffic, 14.0).unwrap_or_default();
        assert!((found - 0.840_555_879_409_144_4).abs() < 1e-12, "{found}");
        assert_eq!(score(&traffic, 10.0), Some(0.0));
        assert_eq!(score(&traffic, 3.0), Some(0.0));
        assert_eq!(score(&traffic, 31.0), Some(0.0));
        // Near a marked period the platform's answer is not known.
        assert_eq!(score(&traffic, 16.0), None);
    }
}
