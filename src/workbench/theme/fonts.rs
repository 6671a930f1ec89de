//! Inter for words, JetBrains Mono for code, Material Symbols for icons.

use super::{Tokens, size};
use egui::epaint::text::{FontInsert, LayoutJob, TextFormat};
use egui::{Align, FontData, FontDefinitions, FontFamily, FontId, RichText};
use egui_material_icons::MaterialIcon;

/// The family of Inter SemiBold. See [`strong`].
pub const STRONG_FAMILY: &str = "strong";
/// The family of the icons. They share private code points with glyphs of Inter, so an icon must
/// always be set in this family: through [`icon`] or [`icon_and_text`], never inside a plain string.
pub const ICON_FAMILY: &str = egui_material_icons::FONT_FAMILY;

const INTER: &str = "Inter Medium";
const INTER_STRONG: &str = "Inter SemiBold";
const MONO: &str = "JetBrains Mono";

pub(super) fn definitions() -> FontDefinitions {
    // egui's own fonts stay behind ours, for signs that ours lack.
    let mut fonts = FontDefinitions::default();
    for (name, bytes) in [
        (
            INTER,
            &include_bytes!("../../../assets/fonts/Inter-Medium.otf")[..],
        ),
        (
            INTER_STRONG,
            &include_bytes!("../../../assets/fonts/Inter-SemiBold.otf")[..],
        ),
        (
            MONO,
            &include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf")[..],
        ),
    ] {
        let data = if name == MONO {
            FontData::from_owned(without_ligatures(bytes))
        } else {
            FontData::from_static(bytes)
        };
        fonts.font_data.insert(name.to_owned(), data.into());
    }
    let first = |family: FontFamily, name: &str, fonts: &mut FontDefinitions| {
        fonts
            .families
            .entry(family)
            .or_default()
            .insert(0, name.to_owned());
    };
    first(FontFamily::Proportional, INTER, &mut fonts);
    first(FontFamily::Monospace, MONO, &mut fonts);
    // Inter after the mono fonts: a code file may hold any sign.
    if let Some(mono) = fonts.families.get_mut(&FontFamily::Monospace) {
        mono.push(INTER.to_owned());
    }
    let behind = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    fonts
        .families
        .insert(FontFamily::Name(STRONG_FAMILY.into()), behind);
    first(
        FontFamily::Name(STRONG_FAMILY.into()),
        INTER_STRONG,
        &mut fonts,
    );

    let FontInsert { name, data, .. } = egui_material_icons::font_insert();
    fonts.font_data.insert(name.clone(), data.into());
    fonts
        .families
        .insert(FontFamily::Name(ICON_FAMILY.into()), vec![name]);
    fonts
}

/// A font without its substitution table. JetBrains Mono draws `==` and `//` as one sign each; whoever reads
/// a rule must see which signs are there.
fn without_ligatures(font: &[u8]) -> Vec<u8> {
    let mut font = font.to_vec();
    // The table directory: a header of 12 bytes, then 16 bytes a table, its name first, in the order of names.
    let count = font
        .get(4..6)
        .map_or(0, |n| usize::from(n[0]) << 8 | usize::from(n[1]));
    if let Some(directory) = font.get_mut(12..12 + 16 * count) {
        for table in directory.chunks_exact_mut(16) {
            if table.starts_with(b"GSUB") {
                table[3] = b'X';
            }
        }
    }
    font
}

/// An icon as text of a button or label, in the size that goes with body text.
pub fn icon(icon: MaterialIcon) -> RichText {
    icon.rich_text().size(size::ICON)
}

/// An icon before words, for buttons, menu entries and tabs. The colours are the widget's own.
pub fn icon_and_text(icon: MaterialIcon, text: &str) -> LayoutJob {
    let mut job = LayoutJob::default();
    let format = |size: f32, family: FontFamily| TextFormat {
        font_id: FontId::new(size, family),
        color: egui::Color32::PLACEHOLDER,
        valign: Align::Center,
        ..TextFormat::default()
    };
    job.append(icon.codepoint, 0.0, format(size::ICON, icon.font_family()));
    job.append(text, 6.0, format(size::BODY, FontFamily::Proportional));
    job
}

/// Words in SemiBold.
pub fn strong(text: impl Into<String>) -> RichText {
    RichText::new(text).family(FontFamily::Name(STRONG_FAMILY.into()))
}

/// The small, subdued label above a group of fields or a list.
pub fn section_label(text: impl Into<String>, tokens: &Tokens) -> RichText {
    strong(text).size(size::SMALL).color(tokens.text_subdued)
}
