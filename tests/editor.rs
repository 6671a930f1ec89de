//! The code editor, driven as a person drives it: keys and clicks in, text and pictures out.

#![expect(
    clippy::disallowed_methods,
    reason = "a variable asks for the pictures"
)]

#[path = "editor/cases.rs"]
mod cases;
#[path = "editor/colours.rs"]
mod colours;
#[path = "common/editor.rs"]
mod common;
#[path = "editor/keys.rs"]
mod keys;
#[path = "editor/pictures.rs"]
mod pictures;
#[path = "editor/pointer.rs"]
mod pointer;
#[path = "editor/random.rs"]
mod random;
#[path = "common/soft.rs"]
mod soft;
#[path = "editor/widget.rs"]
mod widget;
