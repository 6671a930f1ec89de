//! What a frame shows, from the back to the front.

pub(super) mod back;
pub(super) mod blanks;
pub(super) mod caret;
mod cases;
pub(super) mod choices;
pub(super) mod gutter;
pub(super) mod marks;
pub(super) mod messages;
pub(super) mod overview;
pub(super) mod sticky;
pub(super) mod text;
