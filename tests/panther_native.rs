//! Panther without Python: simple detections, inline filters and correlation rules. Cases in `panther/simple` and
//! `panther/correlation`.

#[path = "panther/correlation.rs"]
mod correlation;
#[path = "panther/simple.rs"]
mod simple;
