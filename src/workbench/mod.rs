//! The window. Thin: the floors below do the work.

mod actions;
mod app;
mod assist;
mod case_marks;
mod case_of;
mod chart;
mod checking;
mod commands;
mod compare;
mod connector;
mod create;
mod dialogs;
mod disk;
mod doc;
mod documents;
pub mod editor;
mod fixes;
mod focus;
mod folders;
mod format;
mod grid;
mod groups;
pub mod highlight;
mod insert;
mod jobs;
mod layout;
mod live;
mod logic;
mod menus;
mod notices;
mod overview;
mod panels;
pub mod picture;
pub mod preflight;
mod problems;
mod range;
pub mod raster;
mod raw_event;
mod recovery;
mod save;
mod schema;
mod session;
mod settings;
mod stage;
mod tabs;
pub mod theme;
pub mod timeline;
mod timeline_input;
mod watch;
mod worker;

pub use app::Workbench;
pub use commands::Command;
pub use recovery::Recovery;
pub(crate) use save::write_atomically;
pub use settings::Settings;

use crate::workspace::Workspace;

/// The name under which the window stores what it remembers.
const APP: &str = "rulewright";

/// Opens the window and stays until it is closed.
///
/// # Errors
/// A sentence saying what kept the window from opening.
pub fn open(workspace: Workspace) -> Result<(), String> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Rulewright")
            .with_app_id(APP)
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([720.0, 480.0])
            .with_drag_and_drop(true),
        ..eframe::NativeOptions::default()
    };
    eframe::run_native(
        APP,
        options,
        Box::new(|cc| {
            let settings = cc
                .storage
                .and_then(|s| eframe::get_value(s, settings::KEY))
                .unwrap_or_default();
            let folder = eframe::storage_dir(APP).map(|f| f.join("unsaved"));
            Ok(Box::new(Workbench::new(
                &cc.egui_ctx,
                workspace,
                settings,
                Recovery::new(folder),
            )))
        }),
    )
    .map_err(|e| format!("The window could not be opened: {e}"))
}
