use super::*;

/// WCAG 2 relative luminance of an opaque colour.
fn luminance(color: Color32) -> f64 {
    let channel = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
}

fn contrast(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn contrast_of_known_pairs() {
    assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-9);
    // WCAG's often quoted grey on white: #767676 is 4.54:1.
    assert!((contrast(rgb(0x767676), Color32::WHITE) - 4.54).abs() < 0.01);
}

#[test]
fn text_is_readable_on_both_themes() {
    for t in [&DARK, &LIGHT] {
        let surfaces = [
            ("panel", t.panel),
            ("raised", t.raised),
            ("editor", t.editor),
            ("popup", t.popup),
        ];
        let texts = [
            ("strong", t.text_strong),
            ("text", t.text),
            ("subdued", t.text_subdued),
            ("accent", t.accent),
            ("error", t.error),
            ("warning", t.warning),
            ("information", t.information),
            ("hint", t.hint),
            ("success", t.success),
        ];
        let mut pairs = Vec::new();
        for (s, surface) in surfaces {
            pairs.extend(texts.iter().map(|(n, c)| (*n, *c, s, surface)));
        }
        for (s, surface) in [
            ("panel", t.panel),
            ("editor", t.editor),
            ("current line", t.code.current_line),
        ] {
            pairs.push(("faint", t.text_faint, s, surface));
        }
        for (s, surface) in [("popup", t.popup), ("raised", t.raised)] {
            pairs.push(("faint", t.text_faint, s, surface));
        }
        // Tabs at rest and under the pointer, rows under the pointer.
        for (s, surface) in [("backdrop", t.backdrop), ("hover", t.hover)] {
            for (n, color) in [
                ("text", t.text),
                ("subdued", t.text_subdued),
                ("warning", t.warning),
                ("accent", t.accent),
            ] {
                pairs.push((n, color, s, surface));
            }
        }
        for (s, fill) in [
            ("hover", t.hover),
            ("button", t.button),
            ("active", t.active),
        ] {
            pairs.push(("text", t.text, s, fill));
            pairs.push(("strong", t.text_strong, s, fill));
        }
        pairs.push(("on accent", t.on_accent, "accent", t.accent));
        pairs.push(("on selection", t.on_selection, "selection", t.selection));
        pairs.push(("error", t.error, "error fill", t.error_fill));
        pairs.push(("warning", t.warning, "warning fill", t.warning_fill));
        pairs.push(("success", t.success, "success fill", t.success_fill));
        let c = &t.code;
        for (s, surface) in [("editor", t.editor), ("current line", c.current_line)] {
            for (n, color) in [
                ("code text", c.text),
                ("key", c.key),
                ("string", c.string),
                ("escape", c.escape),
                ("constant", c.constant),
                ("keyword", c.keyword),
                ("operator", c.operator),
                ("function", c.function),
                ("type", c.type_name),
                ("definition", c.definition),
                ("comment", c.comment),
                ("punctuation", c.punctuation),
                ("invalid", c.invalid),
                ("current number", c.current_number),
            ] {
                pairs.push((n, color, s, surface));
            }
        }
        let poor: Vec<_> = pairs
            .into_iter()
            .map(|(n, a, s, b)| (n, s, contrast(a, b)))
            .filter(|(_, _, ratio)| *ratio < 4.5)
            .collect();
        assert!(poor.is_empty(), "dark={}: below 4.5:1: {poor:.2?}", t.dark);
    }
}

#[test]
fn marks_and_the_ring_of_the_keyboard_stand_out() {
    for t in [&DARK, &LIGHT] {
        let surfaces = [
            ("backdrop", t.backdrop),
            ("panel", t.panel),
            ("raised", t.raised),
            ("editor", t.editor),
            ("popup", t.popup),
            ("hover", t.hover),
            ("selection", t.selection),
            ("current line", t.code.current_line),
        ];
        let marks = [
            ("accent", t.accent),
            ("error", t.error),
            ("warning", t.warning),
            ("information", t.information),
            ("hint", t.hint),
            ("success", t.success),
        ];
        for (mark, color) in marks {
            for (surface, ground) in surfaces {
                let ratio = contrast(color, ground);
                assert!(
                    ratio >= 3.0,
                    "dark={}: {mark} on {surface}: {ratio:.2}",
                    t.dark
                );
            }
        }
    }
}

#[test]
fn series_stand_out_from_the_canvas() {
    // 3:1 is WCAG's bound for graphics.
    for t in [&DARK, &LIGHT] {
        for surface in [t.backdrop, t.panel, t.editor] {
            for color in t.series {
                let ratio = contrast(color, surface);
                assert!(ratio >= 3.0, "{color:?} on {surface:?}: {ratio:.2}");
            }
        }
    }
}
