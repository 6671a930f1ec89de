//! How the window looks: colours, type, spacing. Colours come from [`Tokens`], sizes from [`size`],
//! so that a panel never names a colour or a font of its own.

mod fonts;
mod glyphs;
pub mod size;
mod style;
mod system_fonts;
mod tokens;

pub use fonts::{ICON_FAMILY, STRONG_FAMILY, icon, icon_and_text, section_label, strong};
pub use system_fonts::SystemFonts;
pub use tokens::{CodeColors, DARK, LIGHT, Tokens};

use egui::{Context, Theme, Ui};

/// Installs the fonts and both styles. Once, before the first frame.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts::definitions());
    ctx.set_style_of(Theme::Dark, style::style(&DARK));
    ctx.set_style_of(Theme::Light, style::style(&LIGHT));
}

/// What knows its theme.
pub trait Themed {
    /// Light or dark.
    fn is_dark(&self) -> bool;
}

impl Themed for Ui {
    fn is_dark(&self) -> bool {
        self.visuals().dark_mode
    }
}

impl Themed for Context {
    fn is_dark(&self) -> bool {
        self.theme() == Theme::Dark
    }
}

impl Themed for egui::Visuals {
    fn is_dark(&self) -> bool {
        self.dark_mode
    }
}

impl Themed for Theme {
    fn is_dark(&self) -> bool {
        *self == Theme::Dark
    }
}

/// The colours of the theme in force: `tokens(ui)`, `tokens(ctx)`.
pub fn tokens<T: Themed + ?Sized>(of: &T) -> &'static Tokens {
    if of.is_dark() { &DARK } else { &LIGHT }
}

/// The ring round what has the keyboard.
pub fn focus_ring(ui: &Ui, rect: egui::Rect) {
    let stroke = egui::Stroke::new(1.5, tokens(ui).accent);
    let painter = ui.painter();
    painter.rect_stroke(
        rect.shrink(1.0),
        size::RADIUS_SMALL,
        stroke,
        egui::StrokeKind::Inside,
    );
}
