//! A picture of the window, drawn without a display.

use super::raster::{Headless, Picture};
use super::{Recovery, Settings, Workbench};
use crate::workspace::Workspace;
use egui::{Theme, ThemePreference, Ui};
use std::time::{Duration, Instant};

/// How long the logs and rules of a workspace may take before the picture is drawn without them.
const PATIENCE: Duration = Duration::from_secs(60);

/// Opens a window on a workspace that nobody sees, waits for its results and draws it.
///
/// # Errors
/// A sentence when the size makes no picture.
pub fn of_workspace(
    workspace: Workspace,
    (width, height): (u32, u32),
    dark: bool,
) -> Result<Picture, String> {
    if !(200..=8192).contains(&width) || !(200..=8192).contains(&height) {
        return Err(format!(
            "a picture of {width}x{height} cannot be drawn: both sides must be from 200 to 8192 pixels"
        ));
    }
    let theme = if dark { Theme::Dark } else { Theme::Light };
    let mut window = Headless::new();
    let settings = Settings {
        theme: if dark {
            ThemePreference::Dark
        } else {
            ThemePreference::Light
        },
        ..Settings::default()
    };
    let mut workbench = Workbench::new(&window.ctx, workspace, settings, Recovery::new(None));
    let size = [width, height];
    let frame = |window: &mut Headless, workbench: &mut Workbench| {
        window.frame(size, 1.0, theme, Vec::new(), |ui: &mut Ui| {
            workbench.frame(ui)
        });
    };
    let start = Instant::now();
    frame(&mut window, &mut workbench);
    while workbench.is_busy() && start.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
        frame(&mut window, &mut workbench);
    }
    workbench.select_first_match();
    workbench.show_query();
    // Animations end, and panels that grew with their content settle.
    for _ in 0..8 {
        window.wait(0.25);
        frame(&mut window, &mut workbench);
    }
    Ok(window.picture())
}
