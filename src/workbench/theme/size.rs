//! Sizes in points.

/// Body, buttons, code.
pub const BODY: f32 = 13.0;
/// Headings inside a panel or dialog.
pub const HEADING: f32 = 16.0;
/// Table headers, tab names of a lesser rank, hints under a field.
pub const SMALL: f32 = 11.0;
/// Icons in buttons and rows.
pub const ICON: f32 = 15.0;

/// Height of a line of code.
pub const CODE_LINE: f32 = 19.0;
/// Height of a row in lists and trees.
pub const ROW: f32 = 24.0;
/// Height of a dense table row.
pub const TABLE_ROW: f32 = 22.0;
/// Height of table headers.
pub const TABLE_HEADER: f32 = 26.0;
/// Height of tab bars and panel titles.
pub const TITLE_BAR: f32 = 28.0;
/// Height of the status bar.
pub const STATUS_BAR: f32 = 24.0;

/// Space between panels' edges and what they hold.
pub const PADDING: f32 = 12.0;
/// Indentation of a tree level.
pub const INDENT: f32 = 14.0;
/// Corners of windows, menus, large buttons.
pub const RADIUS: u8 = 6;
/// Corners of small things.
pub const RADIUS_SMALL: u8 = 4;
