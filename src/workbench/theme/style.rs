//! egui's style from our tokens.

use super::{Tokens, fonts::STRONG_FAMILY, size};
use egui::style::{ScrollStyle, Selection, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Visuals,
    vec2,
};

pub(super) fn style(tokens: &Tokens) -> Style {
    let mut style = Style {
        visuals: visuals(tokens),
        animation_time: 0.12,
        ..Style::default()
    };
    let proportional = |points| FontId::new(points, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Body, proportional(size::BODY)),
        (TextStyle::Button, proportional(size::BODY)),
        (TextStyle::Small, proportional(size::SMALL)),
        (
            TextStyle::Monospace,
            FontId::new(size::BODY, FontFamily::Monospace),
        ),
        (
            TextStyle::Heading,
            FontId::new(size::HEADING, FontFamily::Name(STRONG_FAMILY.into())),
        ),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 6.0);
    spacing.button_padding = vec2(8.0, 3.0);
    spacing.window_margin = Margin::same(12);
    spacing.menu_margin = Margin::same(6);
    spacing.menu_spacing = 1.0;
    spacing.indent = size::INDENT;
    spacing.interact_size = vec2(24.0, 24.0);
    spacing.icon_width = 16.0;
    spacing.icon_width_inner = 10.0;
    spacing.tooltip_width = 420.0;
    spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        floating_width: 6.0,
        handle_min_length: 24.0,
        foreground_color: false,
        dormant_handle_opacity: 0.7,
        active_handle_opacity: 1.0,
        dormant_background_opacity: 0.0,
        active_background_opacity: 0.0,
        interact_background_opacity: 0.2,
        ..ScrollStyle::floating()
    };
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    style
}

fn visuals(t: &Tokens) -> Visuals {
    let base = if t.dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    // Buttons have no strokes: hover and press change the fill.
    let widget = |fill: Color32, bg: Color32, text: Color32, expansion: f32| WidgetVisuals {
        weak_bg_fill: fill,
        bg_fill: bg,
        bg_stroke: Stroke::NONE,
        fg_stroke: Stroke::new(1.0, text),
        corner_radius: CornerRadius::same(size::RADIUS_SMALL),
        expansion,
    };
    Visuals {
        dark_mode: t.dark,
        weak_text_color: Some(t.text_subdued),
        widgets: Widgets {
            noninteractive: WidgetVisuals {
                bg_stroke: Stroke::new(1.0, t.separator),
                ..widget(t.panel, t.panel, t.text, 0.0)
            },
            inactive: widget(t.button, t.active, t.text, 0.0),
            hovered: widget(t.hover, t.active, t.text_strong, 0.0),
            active: widget(t.active, t.active, t.text_strong, 0.0),
            open: widget(t.active, t.raised, t.text_strong, 0.0),
        },
        selection: Selection {
            bg_fill: t.selection,
            stroke: Stroke::new(1.0, t.on_selection),
        },
        hyperlink_color: t.accent,
        faint_bg_color: t.raised,
        extreme_bg_color: t.raised,
        text_edit_bg_color: Some(t.raised),
        code_bg_color: t.raised,
        warn_fg_color: t.warning,
        error_fg_color: t.error,
        window_corner_radius: CornerRadius::same(size::RADIUS),
        window_shadow: Shadow {
            offset: [0, 8],
            blur: 24,
            spread: 0,
            color: t.shadow,
        },
        window_fill: t.popup,
        window_stroke: Stroke::new(1.0, t.separator),
        menu_corner_radius: CornerRadius::same(size::RADIUS),
        panel_fill: t.panel,
        popup_shadow: Shadow {
            offset: [0, 6],
            blur: 18,
            spread: 0,
            color: t.shadow,
        },
        text_cursor: TextCursorStyle {
            stroke: Stroke::new(2.0, t.accent),
            preview: false,
            ..TextCursorStyle::default()
        },
        indent_has_left_vline: false,
        striped: false,
        slider_trailing_fill: true,
        ..base
    }
}
