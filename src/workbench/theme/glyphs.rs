//! Whether a font has a sign: its table of signs (`cmap`), read without anything else of it.

/// Whether a font of a file has a sign. `index` says which font of a collection.
pub(super) fn has(file: &[u8], index: u32, sign: char) -> bool {
    glyph(file, index, u32::from(sign)).is_some_and(|glyph| glyph != 0)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(pair.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

fn place(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}

fn glyph(file: &[u8], index: u32, sign: u32) -> Option<u32> {
    // A collection lists where its fonts begin.
    let start = match file.get(..4)? {
        b"ttcf" => place(file, 12 + 4 * usize::try_from(index).ok()?)?,
        _ => 0,
    };
    let tables = usize::from(u16_at(file, start + 4)?);
    let mut entries = (0..tables).map(|n| start + 12 + 16 * n);
    let entry = entries.find(|at| file.get(*at..*at + 4) == Some(b"cmap"))?;
    let cmap = file.get(place(file, entry + 8)?..)?;
    let count = usize::from(u16_at(cmap, 2)?);
    (0..count).find_map(|n| {
        let table = cmap.get(place(cmap, 4 + 8 * n + 4)?..)?;
        let found = match u16_at(table, 0)? {
            4 => in_segments(table, sign),
            12 => in_groups(table, sign),
            _ => None,
        };
        found.filter(|glyph| *glyph != 0)
    })
}

/// Format 4: segments of 16 bits.
fn in_segments(table: &[u8], sign: u32) -> Option<u32> {
    let sign = u16::try_from(sign).ok()?;
    let twice = usize::from(u16_at(table, 6)?);
    let (ends, starts) = (14, 16 + twice);
    let (deltas, offsets) = (starts + twice, starts + 2 * twice);
    let segment = (0..twice / 2).map(|n| 2 * n).find(|n| {
        let end = u16_at(table, ends + n);
        end.is_none_or(|end| end >= sign)
    })?;
    let start = u16_at(table, starts + segment)?;
    let delta = u16_at(table, deltas + segment)?;
    let offset = usize::from(u16_at(table, offsets + segment)?);
    let behind = sign.checked_sub(start)?;
    if offset == 0 {
        return Some(u32::from(sign.wrapping_add(delta)));
    }
    let at = offsets + segment + offset + 2 * usize::from(behind);
    match u16_at(table, at)? {
        0 => None,
        glyph => Some(u32::from(glyph.wrapping_add(delta))),
    }
}

/// Format 12: groups of 32 bits.
fn in_groups(table: &[u8], sign: u32) -> Option<u32> {
    let count = place(table, 12)?.min(table.len() / 12);
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = (from + to) / 2;
        let at = 16 + 12 * middle;
        let (first, last) = (u32_at(table, at)?, u32_at(table, at + 4)?);
        match (sign < first, sign > last) {
            (true, _) => to = middle,
            (_, true) => from = middle + 1,
            _ => return u32_at(table, at + 8)?.checked_add(sign - first),
        }
    }
    None
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
