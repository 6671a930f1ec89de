//! Runs a user interface without a window: input in, pictures out.

use super::{Picture, TextureStore, render};
use egui::{Color32, Context, Event, FullOutput, Pos2, RawInput, Rect, Theme, Ui, vec2};

/// A window that nobody sees. Time passes by a sixtieth of a second a frame unless told otherwise.
pub struct Headless {
    /// The context of all its frames. Install the theme into it before the first.
    pub ctx: Context,
    /// Textures of the frames so far.
    pub textures: TextureStore,
    shapes: Vec<egui::epaint::ClippedShape>,
    size: [u32; 2],
    pixels_per_point: f32,
    time: f64,
}

impl Default for Headless {
    fn default() -> Self {
        Self::new()
    }
}

impl Headless {
    /// A new context without any style of ours.
    pub fn new() -> Self {
        Self {
            ctx: Context::default(),
            textures: TextureStore::default(),
            shapes: Vec::new(),
            size: [1, 1],
            pixels_per_point: 1.0,
            time: 0.0,
        }
    }

    /// Runs one frame of `size` pixels. Its textures are taken over already; what is left of
    /// the output (commands, copied text, when to draw again) is handed back.
    pub fn frame(
        &mut self,
        size: [u32; 2],
        pixels_per_point: f32,
        theme: Theme,
        events: Vec<Event>,
        run_ui: impl FnMut(&mut Ui),
    ) -> FullOutput {
        let pixels_per_point = if pixels_per_point.is_finite() && pixels_per_point > 0.0 {
            pixels_per_point
        } else {
            1.0
        };
        self.size = size;
        self.pixels_per_point = pixels_per_point;
        self.ctx.set_theme(theme);
        self.time += 1.0 / 60.0;
        let points = vec2(size[0] as f32, size[1] as f32) / pixels_per_point;
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, points)),
            max_texture_side: Some(8192),
            time: Some(self.time),
            system_theme: Some(theme),
            focused: true,
            events,
            ..RawInput::default()
        };
        for viewport in input.viewports.values_mut() {
            viewport.native_pixels_per_point = Some(pixels_per_point);
            viewport.focused = Some(true);
        }
        let mut output = self.ctx.run_ui(input, run_ui);
        self.textures.apply(&mut output.textures_delta);
        self.shapes = std::mem::take(&mut output.shapes);
        output
    }

    /// Lets time pass before the next frame, so that animations and delays end.
    pub fn wait(&mut self, seconds: f64) {
        self.time += seconds.max(0.0);
    }

    /// Triangles of the last frame.
    pub fn tessellate(&self) -> Vec<egui::ClippedPrimitive> {
        self.ctx
            .tessellate(self.shapes.clone(), self.pixels_per_point)
    }

    /// The last frame as a picture, on the theme's own background.
    pub fn picture(&self) -> Picture {
        let background: Color32 = crate::workbench::theme::tokens(&self.ctx).backdrop;
        render(
            &self.tessellate(),
            &self.textures,
            self.size,
            self.pixels_per_point,
            background,
        )
    }
}
