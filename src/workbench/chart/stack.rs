//! Series that stand on one another.

use super::{Point, Series, Stacking};
use std::collections::HashMap;

/// Gives every point the place it stands on. Every series then has a point at every place of any.
pub fn apply(stacking: Stacking, series: &mut [Series]) {
    if stacking == Stacking::None {
        return;
    }
    let all = series.iter().flat_map(|s| &s.points);
    let mut places: Vec<f64> = all.map(|p| p.x).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let mut totals: HashMap<u64, f64> = HashMap::with_capacity(places.len());
    for point in series.iter().flat_map(|s| &s.points) {
        *totals.entry(point.x.to_bits()).or_default() += point.y.abs();
    }
    // What lies below 0 hangs from it: sums of their own.
    let (mut up, mut down) = (HashMap::new(), HashMap::new());
    for one in series {
        let own: HashMap<u64, f64> = one.points.iter().map(|p| (p.x.to_bits(), p.y)).collect();
        one.points = places
            .iter()
            .map(|&x| {
                let mut y = own.get(&x.to_bits()).copied().unwrap_or(0.0);
                if stacking == Stacking::Percent {
                    let total = totals.get(&x.to_bits()).copied().unwrap_or(0.0);
                    y = if total > 0.0 { y * 100.0 / total } else { 0.0 };
                }
                let side = if y < 0.0 { &mut down } else { &mut up };
                let sum: &mut f64 = side.entry(x.to_bits()).or_insert(0.0);
                let base = *sum;
                *sum += y;
                Point { x, y, base }
            })
            .collect();
    }
}
