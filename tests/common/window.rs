//! The whole window without a display, driven as a person drives it.
#![allow(dead_code, reason = "every file of tests uses some of it")]

use super::soft::SoftRenderer;
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rulewright::workbench::{Recovery, Settings, Workbench};
use rulewright::workspace;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub type Window<'a> = Harness<'a, Workbench>;

pub const CTRL: Modifiers = Modifiers::CTRL.plus(Modifiers::COMMAND);

/// A file dropped on the window.
#[derive(Debug)]
pub struct Dropped(pub PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

/// Copies the files of a folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder to copy to");
    for entry in std::fs::read_dir(from).expect("a folder to copy").flatten() {
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copied file");
    }
}

/// A copy of the bundled rules beside the logs of the hijacked session.
pub fn a_workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for part in ["rules/sentinel", "rules/panther"] {
        copy(&repository.join(part), &folder.path().join(part));
    }
    let logs = repository.join("sample-logs/c1-hijacked-session");
    copy(&logs, &folder.path().join("logs"));
    folder
}

/// A window on a folder; all work is done.
pub fn window<'a>(folder: &Path, size: [f32; 2]) -> Window<'a> {
    let workspace = workspace::find(&[folder.to_owned()]);
    let mut harness = Harness::builder()
        .with_size(size)
        .with_max_steps(64)
        .renderer(SoftRenderer::default())
        .build_eframe(move |cc| {
            let settings = Settings::default();
            Workbench::new(&cc.egui_ctx, workspace, settings, Recovery::new(None))
        });
    settle(&mut harness);
    harness
}

/// Draws frames until no work is under way, and a few more.
pub fn settle(harness: &mut Window<'_>) {
    let start = Instant::now();
    harness.step();
    loop {
        while harness.state().is_busy() {
            let busy = harness.state().busy_with();
            assert!(start.elapsed() < Duration::from_secs(60), "busy: {busy:?}");
            std::thread::sleep(Duration::from_millis(2));
            harness.step();
        }
        // What a click brings may ask for work when it is first drawn.
        harness.run_steps(4);
        if !harness.state().is_busy() {
            break;
        }
    }
}

/// Presses keys.
pub fn press(harness: &mut Window<'_>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.step();
}

/// Types a text into what has the keyboard.
pub fn type_text(harness: &mut Window<'_>, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    settle(harness);
}

/// Types over what a field holds.
pub fn fill(harness: &mut Window<'_>, field: &str, text: &str) {
    harness
        .get_by_role_and_label(egui::accesskit::Role::TextInput, field)
        .focus();
    harness.step();
    press(harness, CTRL, Key::A);
    type_text(harness, text);
}

/// Whether a text is somewhere on the screen.
pub fn has(harness: &Window<'_>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

/// Clicks what has exactly this label.
pub fn click(harness: &mut Window<'_>, label: &str) {
    harness.get_by_label(label).click();
    settle(harness);
}

/// What was copied in the last frame.
pub fn copied(harness: &Window<'_>) -> Option<String> {
    let commands = &harness.output().platform_output.commands;
    commands.iter().find_map(|c| match c {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

/// A window on some paths, light or dark; all work is done.
pub fn window_of<'a>(paths: &[PathBuf], size: [f32; 2], dark: bool) -> Window<'a> {
    let workspace = workspace::find(paths);
    let (theme, wished) = match dark {
        true => (egui::Theme::Dark, egui::ThemePreference::Dark),
        false => (egui::Theme::Light, egui::ThemePreference::Light),
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        // A person's two clicks are one double-click.
        .with_step_dt(1.0 / 60.0)
        .with_max_steps(64)
        .renderer(SoftRenderer::default())
        .build_eframe(move |cc| {
            let settings = Settings {
                theme: wished,
                ..Settings::default()
            };
            Workbench::new(&cc.egui_ctx, workspace, settings, Recovery::new(None))
        });
    settle(&mut harness);
    harness
}

#[expect(
    clippy::disallowed_methods,
    reason = "who wants to look says so in the environment"
)]
/// Writes a picture where `PICTURES` names a folder: for whoever wants to look.
pub fn picture(harness: &mut Window<'_>, name: &str) {
    let Some(folder) = std::env::var_os("PICTURES") else {
        return;
    };
    let image = harness.render().expect("a picture");
    let (width, height) = image.dimensions();
    let file = std::fs::File::create(Path::new(&folder).join(name)).expect("a file");
    let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(image.as_raw()).expect("pixels");
}
