//! The colours of the timeline, handed in by the caller: it has none of its own.

use egui::Color32;

/// Every colour that the timeline uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Labels.
    pub text: Color32,
    /// Labels of second rank: times, counts, hints.
    pub subdued: Color32,
    /// Labels of what is selected.
    pub strong: Color32,
    /// Lines between lanes and at ticks.
    pub grid: Color32,
    /// What is selected, and the keyboard's focus.
    pub accent: Color32,
    /// Behind the lanes.
    pub background: Color32,
    /// Behind the names and the ruler.
    pub panel: Color32,
    /// Colours of the tables, in order; used again from the start when there are more.
    pub lanes: [Color32; 8],
    /// What a match comes from: links, and the matched share of a strip.
    pub matched: Color32,
    /// What is wrong, such as a clock before all events.
    pub error: Color32,
}

impl Palette {
    /// The colour of a table's marks.
    pub fn table(&self, table: usize) -> Color32 {
        let [first, ..] = self.lanes;
        self.lanes
            .get(table % self.lanes.len())
            .copied()
            .unwrap_or(first)
    }
}

/// A colour at a share of its strength.
pub(super) fn faded(color: Color32, share: f32) -> Color32 {
    color.gamma_multiply(share.clamp(0.0, 1.0))
}

/// Two colours mixed: all of `a` at 0, all of `b` at 1. Keeps a colour opaque where fading would let
/// lines beneath it shine through.
pub(super) fn mixed(a: Color32, b: Color32, share: f32) -> Color32 {
    a.lerp_to_gamma(b, share.clamp(0.0, 1.0))
}

/// Black or white, whichever can be read on a colour.
pub(super) fn readable_on(color: Color32) -> Color32 {
    // Where both have the same contrast, about 4.4 : 1, in linear light.
    if egui::Rgba::from(color).intensity() > 0.19 {
        Color32::from_gray(16)
    } else {
        Color32::WHITE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_can_be_read_on_marks_at_any_dimming() {
        let light = |c: Color32| egui::Rgba::from(c).intensity() + 0.05;
        for background in [Color32::WHITE, Color32::from_gray(18)] {
            for color in [
                Color32::from_rgb(217, 95, 2),
                Color32::from_rgb(31, 119, 180),
                Color32::from_gray(128),
            ] {
                for step in 0..=10 {
                    let fill = mixed(color, background, step as f32 / 10.0);
                    let (a, b) = (light(fill), light(readable_on(fill)));
                    assert!(a.max(b) / a.min(b) > 4.2, "{fill:?}");
                }
            }
        }
    }
}
