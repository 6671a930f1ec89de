//! The lengths of texts in the encodings that keep them as differences: how many they say they are, and how long the
//! texts are that come of them. The reader makes room for as many as a page says before it looks whether they are there.
//!
//! Such a run of numbers begins with the numbers of a block and of its parts, how many there are, and the first one.
//! A block is the least difference, a width in bits for each part, and the parts, of which the last ones may be missing.

use super::thrift::Thrift;

/// Reads as many numbers as a run has, at most so many; gives what lies behind it.
pub(super) fn each<'a>(
    bytes: &'a [u8],
    most: u64,
    mut number: impl FnMut(i64),
) -> Option<&'a [u8]> {
    let mut rest = Thrift { bytes };
    let block = rest.number()?;
    let parts = rest.number()?;
    let count = rest.number().filter(|count| *count <= most)?;
    let mut value = rest.signed()?;
    let sound = (1..=1 << 20).contains(&block) && (1..=block).contains(&parts);
    let part = block.checked_div(parts).filter(|n| sound && n % 32 == 0)?;
    if count > 0 {
        number(value);
    }
    let mut left = count.saturating_sub(1);
    while left > 0 {
        let least = rest.signed()?;
        let widths = rest.bytes.get(..usize::try_from(parts).ok()?)?;
        rest.bytes = rest.bytes.get(widths.len()..)?;
        for width in widths {
            if left == 0 {
                break;
            }
            let width = usize::from(*width);
            let length = usize::try_from(part).ok()? * width / 8;
            let packed = rest.bytes.get(..length).filter(|_| width <= 64)?;
            rest.bytes = rest.bytes.get(length..)?;
            let here = left.min(part);
            for at in 0..usize::try_from(here).ok()? {
                value = value
                    .wrapping_add(least)
                    .wrapping_add(bits(packed, at * width, width) as i64);
                number(value);
            }
            left -= here;
        }
    }
    Some(rest.bytes)
}

/// The number in so many bits, the lowest first.
fn bits(packed: &[u8], from: usize, width: usize) -> u64 {
    let bit = |at: usize| {
        let byte = packed.get(at / 8).copied().unwrap_or_default();
        u64::from(byte >> (at % 8) & 1)
    };
    (0..width).fold(0, |number, n| number | bit(from + n) << n)
}

/// How many bytes the texts of a page make at most: in one encoding (`shared`) a text begins with as much of the one
/// before it as its first length says. None where that cannot be told or there are more than so many.
pub(super) fn texts(values: &[u8], most: u64, shared: bool) -> Option<u64> {
    let mut total = 0_u64;
    let mut add = |length: i64| total = total.saturating_add(u64::try_from(length).unwrap_or(0));
    let behind = each(values, most, &mut add)?;
    if shared {
        each(behind, most, &mut add)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read() {
        // The example of the format's own document: 7, 5, 3, 1, 2, 3, 4, 5 has the first value 7, the least
        // difference -2, and the differences above it 0, 0, 0, 3, 3, 3, 3 in two bits each (0b1100_0000, 0b0011_1111).
        let mut run = vec![128, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0b0011_1111];
        run.extend([0; 6]);
        run.push(99);
        let mut seen = Vec::new();
        let behind = each(&run, 8, |n| seen.push(n));
        assert_eq!(seen, [7, 5, 3, 1, 2, 3, 4, 5]);
        assert_eq!(behind, Some(&[99][..]));
        // More than may be, parts that are none, a run that is cut off.
        assert_eq!(each(&run, 7, |_| ()), None);
        assert_eq!(each(&[128, 1, 0, 8, 14], 8, |_| ()), None);
        for cut in 0..run.len() - 1 {
            assert_eq!(each(&run[..cut], 8, |_| ()), None, "{cut}");
        }
        assert_eq!(texts(&run, 8, false), Some(30));
        assert_eq!(texts(&run, 8, true), None);
    }
}
