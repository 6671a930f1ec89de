//! The window. Thin: the floors below do the work.

pub mod timeline;
