//! Pictures in tests: the workbench's own CPU rasteriser as egui_kittest's renderer.

use rulewright::workbench::raster::{TextureStore, render};
use rulewright::workbench::theme::tokens;

/// Draws without a GPU: `Harness::builder().renderer(SoftRenderer::default())`.
#[derive(Default)]
pub struct SoftRenderer {
    textures: TextureStore,
}

impl egui_kittest::TestRenderer for SoftRenderer {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        self.textures.apply(delta);
    }

    fn render(
        &mut self,
        ctx: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<image::RgbaImage, String> {
        let size = ctx.content_rect().size() * output.pixels_per_point;
        let size = [size.x.round() as u32, size.y.round() as u32];
        let primitives = ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
        let picture = render(
            &primitives,
            &self.textures,
            size,
            output.pixels_per_point,
            tokens(ctx).backdrop,
        );
        image::RgbaImage::from_raw(picture.width(), picture.height(), picture.rgba())
            .ok_or_else(|| "the picture has another size than its pixels".to_owned())
    }
}
