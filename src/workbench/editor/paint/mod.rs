//! What a frame shows, from the back to the front.

pub(super) mod back;
pub(super) mod caret;
pub(super) mod gutter;
pub(super) mod marks;
pub(super) mod messages;
pub(super) mod overview;
pub(super) mod text;
