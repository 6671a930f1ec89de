//! Where the view is in the text.

use super::sheet::{Frame, TOP};
use egui::{Rect, Ui, Vec2};

/// The two directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    X = 0,
    Y = 1,
}

/// How the cursor is to be brought into sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reveal {
    /// With as little scrolling as possible.
    Least,
    /// Into the middle, if it is out of sight.
    Center,
}

/// How far it is scrolled, in points. As large numbers need: a line may be a million signs long.
#[derive(Clone, Debug, Default)]
pub(super) struct Scroll {
    pub at: [f64; 2],
    /// Where a jump of a page is still going to.
    target: Option<f64>,
    /// Where the thumb of a bar is held.
    pub grip: Option<f64>,
}

/// Seconds in which half of a jump is done.
const HALF_LIFE: f32 = 0.035;

impl Scroll {
    /// The wheel, while the pointer is over the editor.
    pub fn wheel(&mut self, ui: &Ui, over: bool, limit: [f64; 2]) {
        let delta = ui.input(|i| i.smooth_scroll_delta());
        if !over || delta == Vec2::ZERO || ui.input(|i| i.modifiers.command) {
            return;
        }
        for d in 0..2 {
            let before = self.at[d];
            self.at[d] = (before - f64::from(delta[d])).clamp(0.0, limit[d]);
            if self.at[d] != before {
                self.forget_target();
                ui.input_mut(|i| i.smooth_scroll_delta[d] = 0.0);
            }
        }
    }

    pub fn clamp(&mut self, limit: [f64; 2]) {
        for (at, limit) in self.at.iter_mut().zip(limit) {
            *at = at.clamp(0.0, limit);
        }
        self.target = self.target.map(|y| y.clamp(0.0, limit[1]));
    }

    pub fn forget_target(&mut self) {
        self.target = None;
    }

    /// Moves the view by so many points, smoothly.
    pub fn glide(&mut self, by: f64) {
        self.target = Some(self.target.unwrap_or(self.at[1]) + by);
    }

    /// Goes on with what `glide` began.
    pub fn animate(&mut self, ui: &Ui, limit: [f64; 2]) {
        self.clamp(limit);
        let Some(target) = self.target else {
            return;
        };
        let still = ui.ctx().global_style().animation_time == 0.0;
        let passed = ui.input(|i| i.stable_dt).min(0.1);
        let rest = f64::from((-passed / HALF_LIFE).exp2());
        let left = (target - self.at[1]) * rest;
        if still || left.abs() < 0.5 {
            self.at[1] = target;
            self.target = None;
        } else {
            self.at[1] = target - left;
            ui.ctx().request_repaint();
        }
    }

    /// Scrolls so that a place can be seen: `caret` as it is on the screen now. `above` is what is covered at the top.
    pub fn reveal(&mut self, frame: &Frame, caret: Rect, how: Reveal, above: f32) {
        let view = frame.text;
        let y = self.at[1] + f64::from(caret.top() - view.top());
        let bottom = y + f64::from(caret.height());
        let height = f64::from(view.height());
        let row = f64::from(frame.row);
        // The bar below takes a part of the last row.
        let margin = row.min((height - row).max(0.0) / 2.0);
        let top = self.target.unwrap_or(self.at[1]);
        let above = f64::from(above).max(margin).min((height - row).max(0.0));
        let visible = y >= top && bottom <= top + height;
        let mut to = top;
        if how == Reveal::Center && !visible {
            to = y - (height - row) * 0.45;
        } else if y - above < top {
            to = y - above;
        } else if bottom + margin > top + height {
            to = bottom + margin - height;
        }
        // The room above the first line belongs to it.
        if to <= f64::from(TOP) {
            to = 0.0;
        }
        if to != top {
            self.at[1] = to.max(0.0);
            self.target = None;
        }
        let x = self.at[0] + f64::from(caret.left() - view.left());
        let sign = f64::from(frame.sign);
        let width = f64::from(view.width());
        let (before, behind) = (2.0 * sign, (4.0 * sign).min(width / 2.0));
        if x - before < self.at[0] {
            // Where the beginning of the lines can be seen too, it is: nobody reads lines without their beginning.
            self.at[0] = match x + behind <= width {
                true => 0.0,
                false => (x - before).max(0.0),
            };
        } else if x + behind > self.at[0] + width {
            self.at[0] = x + behind - width;
        }
    }
}
