//! The JSON text of a computed array or bag, as the platform's own writer spells it.

use serde::Serialize;
use serde_json::Value as Json;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use std::io::{self, Write};

/// Compact JSON text. Reals are spelled with the Grisu2 algorithm, which reads back to the same number but is
/// not always the nearest of the short spellings: `9.999999999999999` where others write `...998`. The frozen
/// answers of Microsoft's engine (`tostring()` of `geo_polygon_densify()`) show it.
pub fn json_text(json: &Json) -> String {
    let mut out = Vec::new();
    let written = json.serialize(&mut Serializer::with_formatter(&mut out, Platform));
    match written.map(|()| String::from_utf8(out)) {
        Ok(Ok(text)) => text,
        // Writing into memory does not fail, and JSON is UTF-8.
        _ => json.to_string(),
    }
}

struct Platform;

impl Formatter for Platform {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let mut shortest = Vec::new();
        CompactFormatter.write_f64(&mut shortest, value)?;
        if shortest.contains(&b'e') {
            return writer.write_all(&shortest);
        }
        writer.write_all(dtoa::Buffer::new().format_finite(value).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::json_text;
    use serde_json::json;

    #[test]
    fn reals_are_spelled_as_on_the_platform() {
        // From the frozen answers geo-polygon-densify-function-01 and geo-line-densify-function-01.
        let text = json_text(&json!([
            10.000000000000002,
            9.999999999999998,
            50.25000000000001,
            11.0
        ]));
        assert_eq!(
            text,
            "[10.000000000000002,9.999999999999999,50.25000000000001,11.0]"
        );
        assert_eq!(
            json_text(&json!({"a": [1, "x", null, 1e-7]})),
            r#"{"a":[1,"x",null,1e-7]}"#
        );
    }
}
