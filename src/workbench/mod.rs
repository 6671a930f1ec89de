//! The window. Thin: the floors below do the work.

pub mod editor;
pub mod highlight;
pub mod preflight;
pub mod raster;
pub mod theme;
pub mod timeline;
