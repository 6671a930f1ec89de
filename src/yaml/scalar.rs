//! What a plain scalar is to PyYAML as Panther's tool changes it.

/// What the text of a scalar stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    /// A whole number within 64 bits.
    Whole(i128),
    /// A whole number that does not fit 64 bits.
    Beyond(f64),
    Real(f64),
    /// The text itself.
    Text,
    /// Something that its reader refuses: digits that are none.
    NoDigits,
}

/// Resolves a plain scalar.
pub(super) fn resolve(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        _ => {}
    }
    // No number begins with another character.
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return Scalar::Text;
    }
    if is_whole(text) {
        return whole(text);
    }
    real(text).map_or(Scalar::Text, Scalar::Real)
}

fn unsigned(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn all(text: &str, fits: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(|b| b == b'_' || fits(b))
}

/// Whether the text has the form of a whole number. `08` has not, and `007` has.
fn is_whole(text: &str) -> bool {
    let (_, digits) = unsigned(text);
    if let Some(bits) = digits.strip_prefix("0b") {
        return !bits.is_empty() && all(bits, |b| matches!(b, b'0' | b'1'));
    }
    if let Some(hex) = digits.strip_prefix("0x") {
        return !hex.is_empty() && all(hex, |b| b.is_ascii_hexdigit());
    }
    match digits.as_bytes().first() {
        Some(b'0') => all(digits, |b| matches!(b, b'0'..=b'7')),
        Some(b'1'..=b'9') => all(digits, |b| b.is_ascii_digit()),
        _ => false,
    }
}

/// The number of a text of that form. A leading zero means nothing.
pub(super) fn whole(text: &str) -> Scalar {
    let text = text.replace('_', "");
    let (negative, digits) = unsigned(&text);
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..).unwrap_or("")),
        Some("0b" | "0B") => (2, digits.get(2..).unwrap_or("")),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Scalar::NoDigits;
    }
    let signed = |magnitude: i128| if negative { -magnitude } else { magnitude };
    match i128::from_str_radix(digits, radix).map(signed) {
        Ok(number) if number >= i128::from(i64::MIN) && number <= i128::from(u64::MAX) => {
            Scalar::Whole(number)
        }
        _ => {
            let sum = digits.chars().filter_map(|c| c.to_digit(radix));
            let near = sum.fold(0.0, |n, d| n * f64::from(radix) + f64::from(d));
            Scalar::Beyond(if negative { -near } else { near })
        }
    }
}

/// The number of a text that has the form of a real number. A point is needed, and an exponent has a sign.
pub(super) fn real(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        _ => {}
    }
    let (negative, digits) = unsigned(text);
    let sign = if negative { -1.0 } else { 1.0 };
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        return Some(sign * f64::INFINITY);
    }
    let first = digits.bytes().next()?;
    if first == b'.' && digits.len() != text.len() {
        return None; // `-.5`
    }
    if digits.contains(':') {
        return sexagesimal(digits).map(|n| sign * n);
    }
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (digits.get(..at)?, digits.get(at + 1..)?),
        None => (digits, "+0"),
    };
    let power = exponent.strip_prefix(['+', '-'])?;
    if power.is_empty() || !power.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (before, after) = mantissa.split_once('.')?;
    let begins = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    let fits = if before.is_empty() {
        begins(after)
    } else {
        begins(before)
    };
    let digits_only = |part: &str| all(part, |b| b.is_ascii_digit());
    if !fits || !digits_only(before) || !digits_only(after) {
        return None;
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    plain.parse::<f64>().ok().map(|n| sign * n)
}

/// `1:30.5` is 90.5.
fn sexagesimal(digits: &str) -> Option<f64> {
    let mut parts = digits.split(':');
    let first = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    let (last, between) = rest.split_last()?;
    let (seconds, fraction) = last.split_once('.')?;
    let minute = |part: &str| {
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        digits && (part.len() == 1 || part.len() == 2 && part.as_bytes().first() < Some(&b'6'))
    };
    let fits = first.starts_with(|c: char| c.is_ascii_digit())
        && all(first, |b| b.is_ascii_digit())
        && between.iter().all(|part| minute(part))
        && minute(seconds)
        && all(fraction, |b| b.is_ascii_digit());
    if !fits {
        return None;
    }
    let mut sum = 0.0;
    let mut base = 1.0;
    for part in digits.split(':').rev() {
        let part: String = part.chars().filter(|c| *c != '_').collect();
        sum += part.parse::<f64>().ok()? * base;
        base *= 60.0;
    }
    Some(sum)
}
