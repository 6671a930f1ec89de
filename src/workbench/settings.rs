//! What the window remembers between two starts.

use super::layout::Pane;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The key under which the settings are stored.
pub const KEY: &str = "workbench";

/// How many recent paths are kept.
const RECENT: usize = 12;

/// What the window remembers, and wishes for the next frame.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark, or as the system is.
    pub theme: egui::ThemePreference,
    /// Zoom of everything.
    pub zoom: f32,
    /// Where the panels stand.
    pub layout: Option<egui_tiles::Tree<Pane>>,
    /// Paths opened last, newest first.
    pub recent: Vec<PathBuf>,
    /// Where the last export went.
    pub export_folder: String,
    /// Put the panels back after this frame.
    #[serde(skip)]
    pub reset_layout: bool,
    /// Bring this panel to the front after this frame.
    #[serde(skip)]
    pub reveal: Option<Pane>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: egui::ThemePreference::System,
            zoom: 1.0,
            layout: None,
            recent: Vec::new(),
            export_folder: String::new(),
            reset_layout: false,
            reveal: None,
        }
    }
}

impl Settings {
    /// Sets the toolkit to what was remembered.
    pub fn apply(&self, ctx: &egui::Context) {
        ctx.set_theme(self.theme);
        ctx.set_zoom_factor(self.zoom.clamp(0.5, 3.0));
    }

    /// Notes what the toolkit knows.
    pub fn remember(&mut self, ctx: &egui::Context) {
        self.zoom = ctx.zoom_factor();
    }

    /// Notes an opened path.
    pub fn opened(&mut self, path: PathBuf) {
        self.recent.retain(|p| *p != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }
}
