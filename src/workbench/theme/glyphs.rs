//! Whether a font has a sign.

use skrifa::{FontRef, MetadataProvider};

/// Whether a font of a file has a sign. `index` says which font of a collection.
pub(super) fn has(file: &[u8], index: u32, sign: char) -> bool {
    let font = FontRef::from_index(file, index);
    font.is_ok_and(|font| {
        let glyph = font.charmap().map(sign);
        glyph.is_some_and(|glyph| glyph.to_u32() != 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_fonts_have_what_they_show() {
        let inter = include_bytes!("../../../assets/fonts/Inter-Medium.otf");
        let mono = include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf");
        for font in [&inter[..], &mono[..]] {
            for sign in ['a', 'Z', 'é', 'я', '→', '…'] {
                assert!(has(font, 0, sign), "{sign}");
            }
            for sign in ['文', 'か', '한', '\u{20000}'] {
                assert!(!has(font, 0, sign), "{sign}");
            }
        }
    }

    #[test]
    fn a_broken_file_has_nothing() {
        let mono = include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf");
        assert!(!has(b"", 0, 'a') && !has(b"ttcf", 3, 'a') && !has(&[0xff; 64], 0, 'a'));
        // Cut anywhere, and with any byte of its first tables another one, it is read without harm.
        for cut in (0..mono.len()).step_by(997) {
            has(&mono[..cut], 0, 'a');
        }
        let mut torn = mono.to_vec();
        for at in 0..400 {
            torn[at] ^= 0xff;
            has(&torn, 0, 'a');
            has(&torn, u32::MAX, 'a');
            torn[at] ^= 0xff;
        }
    }
}
