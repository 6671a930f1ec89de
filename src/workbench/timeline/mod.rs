//! The entity timeline: when the matches of a rule happened, whom they name, and which events they join.
//!
//! Three steps, each of which knows nothing of the next:
//! 1. [`data`] builds the plain model: a lane for each matched entity, links between the events of a
//!    chain, and all loaded events of each table behind them;
//! 2. [`axis`], [`ticks`], [`density`], [`clusters`], [`curves`] and [`layout`] place it: pure arithmetic;
//! 3. [`widget`] paints the laid out model and answers the pointer and the keyboard.

mod access;
pub mod axis;
mod build;
pub mod clusters;
pub mod curves;
pub mod data;
pub mod density;
mod describe;
mod group;
mod icons;
mod keys;
mod lanes;
pub mod layout;
mod loaded;
mod names;
mod overlay;
mod palette;
mod pointer;
mod ruler;
mod strips;
pub mod ticks;
mod tooltip;
mod view;
pub mod widget;

pub use data::{Band, EventInfo, Input, MatchInfo, Timeline};
pub use loaded::Loaded;
pub use palette::Palette;
pub use view::View;
pub use widget::{Target, TimelineResponse, show};
