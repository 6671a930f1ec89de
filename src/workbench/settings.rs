//! What the window remembers between two starts.

use super::layout::Pane;
use crate::check::Target;
use crate::logs::{Memory, Over};
use crate::machine;
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
    /// The files that were open, and where.
    pub open: Option<super::groups::Remembered>,
    /// Paths opened last, newest first.
    pub recent: Vec<PathBuf>,
    /// Name of the target that rules are held against; none for that of the dialect each is written in.
    pub target: Option<String>,
    /// Names of commands used last from the palette, newest first.
    pub used: Vec<String>,
    /// Where the last export went.
    pub export_folder: String,
    /// Read log files again as soon as they change on disk; else the person is told.
    pub reload_changed: bool,
    /// How much memory the logs may take.
    pub log_memory: LogMemory,
    /// Keep the lines that lead to what is seen at the top of the editor.
    pub sticky: bool,
    /// Show blanks in the editor as signs.
    pub blanks: bool,
    /// Put the panels back after this frame.
    #[serde(skip)]
    pub reset_layout: bool,
    /// Bring this panel to the front after this frame.
    #[serde(skip)]
    pub reveal: Option<Pane>,
}

/// How much memory the logs may take, and what becomes of a file that would not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogMemory {
    /// Bytes; 0 is no bound; none is what suits the machine.
    pub bytes: Option<u64>,
    /// Load a part of a file that would not fit, in place of nothing of it: 1 is its first records, a greater number
    /// every so many of them.
    pub sample: Option<u32>,
}

impl LogMemory {
    /// What the loader is told, when so many bytes of logs are held that make room for what is loaded.
    pub fn bound(self, held: u64) -> Memory {
        let suited = machine::log_memory(held);
        Memory {
            bound: match self.bytes {
                None => suited.bound,
                Some(0) => None,
                some => some,
            },
            unpacked: suited.unpacked,
            over: match self.sample {
                None => Over::Refuse,
                Some(0 | 1) => Over::First,
                Some(n) => Over::Every(n),
            },
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: egui::ThemePreference::System,
            zoom: 1.0,
            layout: None,
            open: None,
            recent: Vec::new(),
            target: None,
            used: Vec::new(),
            export_folder: String::new(),
            reload_changed: false,
            log_memory: LogMemory::default(),
            sticky: true,
            blanks: false,
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

    /// The target that rules are held against, where one was chosen.
    pub fn target(&self) -> Option<Target> {
        let name = self.target.as_deref()?;
        Target::ALL.into_iter().find(|t| t.name() == name)
    }

    /// Notes a command that was chosen from the palette.
    pub fn used(&mut self, name: &str) {
        self.used.retain(|n| n != name);
        self.used.insert(0, name.to_owned());
        self.used.truncate(RECENT);
    }

    /// Notes an opened path.
    pub fn opened(&mut self, path: PathBuf) {
        self.recent.retain(|p| *p != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }
}
