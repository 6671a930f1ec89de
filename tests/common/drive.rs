//! Opens the window without a display and drives it.

use super::soft::SoftRenderer;
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rulewright::workbench::{Recovery, Settings, Workbench};
use rulewright::workspace;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub const CTRL: Modifiers = Modifiers::CTRL.plus(Modifiers::COMMAND);

/// A window on some paths, when all its work is done.
pub fn window<'a>(paths: &[PathBuf], size: [f32; 2], dark: bool) -> Harness<'a, Workbench> {
    let workspace = workspace::find(paths);
    let theme = match dark {
        true => egui::ThemePreference::Dark,
        false => egui::ThemePreference::Light,
    };
    let of = if dark {
        egui::Theme::Dark
    } else {
        egui::Theme::Light
    };
    let mut harness = Harness::builder()
        .with_theme(of)
        .with_size(size)
        .with_max_steps(64)
        .renderer(SoftRenderer::default())
        .build_eframe(move |cc| {
            let settings = Settings {
                theme,
                ..Settings::default()
            };
            Workbench::new(&cc.egui_ctx, workspace, settings, Recovery::new(None))
        });
    settle(&mut harness);
    harness
}

/// Draws frames until no work is under way, and a few more.
pub fn settle(harness: &mut Harness<'_, Workbench>) {
    let start = Instant::now();
    harness.step();
    while harness.state().is_busy() {
        assert!(start.elapsed() < Duration::from_secs(300), "still busy");
        std::thread::sleep(Duration::from_millis(2));
        harness.step();
    }
    harness.run_steps(4);
}

pub fn press(harness: &mut Harness<'_, Workbench>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.step();
}

pub fn type_text(harness: &mut Harness<'_, Workbench>, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    settle(harness);
}

pub fn has(harness: &Harness<'_, Workbench>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

/// Clicks what bears a name exactly, and waits.
pub fn click(harness: &mut Harness<'_, Workbench>, label: &str) {
    harness.get_by_label(label).click();
    settle(harness);
}

/// Writes a picture where `PICTURES` names a folder: for whoever wants to look.
pub fn picture(harness: &mut Harness<'_, Workbench>, name: &str) {
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
