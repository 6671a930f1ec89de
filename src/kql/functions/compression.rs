//! Text compressed with zlib or gzip, as base64.

use super::Param::Text;
use super::entry::{entry, string, text, texted};
use super::{Context, Function};
use crate::kql::run::MAX_TEXT;
use crate::value::Value;
use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use std::collections::HashSet;
use std::io::Read;

pub const FUNCTIONS: &[Function] = &[
    entry(
        &["zlib_decompress_from_base64_string"],
        "zlib_decompress_from_base64_string(text:string)",
        "The text behind base64 of zlib; \"\" where it is none.",
        &[Text],
        (0, 0),
        string,
        |_, a| texted(decompress(a, |bytes| Box::new(ZlibDecoder::new(bytes)))),
    ),
    entry(
        &["gzip_decompress_from_base64_string"],
        "gzip_decompress_from_base64_string(text:string)",
        "The text behind base64 of gzip; \"\" where it is none.",
        &[Text],
        (0, 0),
        string,
        |_, a| texted(decompress(a, |bytes| Box::new(MultiGzDecoder::new(bytes)))),
    ),
    entry(
        &["zlib_compress_to_base64_string"],
        "zlib_compress_to_base64_string(text:string)",
        "The text in zlib as base64. Only for short texts that cannot be made smaller: which bytes the platform's compressor chooses for others is not known.",
        &[Text],
        (0, 0),
        string,
        |context, a| {
            compress(context, &text(a, 0), |bytes, stored| {
                let (mut low, mut high) = (1u32, 0u32);
                for byte in bytes {
                    low = (low + u32::from(*byte)) % 65_521;
                    high = (high + low) % 65_521;
                }
                let sum = (high << 16 | low).to_be_bytes();
                [&[0x78, 0x01], stored, &sum].concat()
            })
        },
    ),
    entry(
        &["gzip_compress_to_base64_string"],
        "gzip_compress_to_base64_string(text:string)",
        "The text in gzip as base64. Only for short texts that cannot be made smaller: which bytes the platform's compressor chooses for others is not known.",
        &[Text],
        (0, 0),
        string,
        |context, a| {
            compress(context, &text(a, 0), |bytes, stored| {
                let mut crc = flate2::Crc::new();
                crc.update(bytes);
                let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
                let (sum, size) = (crc.sum().to_le_bytes(), crc.amount().to_le_bytes());
                [&head, stored, &sum, &size].concat()
            })
        },
    ),
];

fn decompress(args: &[Value], reader: impl Fn(&[u8]) -> Box<dyn Read + '_>) -> String {
    let Ok(bytes) = STANDARD.decode(text(args, 0).as_bytes()) else {
        return String::new();
    };
    let mut made = Vec::new();
    // One byte more than a value may have: the call then tells that it is too large.
    let most = MAX_TEXT as u64 + 1;
    match reader(&bytes).take(most).read_to_end(&mut made) {
        Ok(_) if made.len() > MAX_TEXT => "?".repeat(made.len()),
        Ok(_) => String::from_utf8(made).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

fn compress(context: &Context, text: &str, frame: impl Fn(&[u8], &[u8]) -> Vec<u8>) -> Value {
    let bytes = text.as_bytes();
    let mut seen = HashSet::new();
    let repeats = bytes.windows(3).any(|three| !seen.insert(three.to_vec()));
    if bytes.is_empty() || bytes.len() > 64 || repeats {
        context.refuse("Only a short text without repeats is compressed here: which bytes the platform's compressor chooses for others is not known");
        return texted("");
    }
    let size = u16::try_from(bytes.len()).unwrap_or(0);
    let (size, other) = (size.to_le_bytes(), (!size).to_le_bytes());
    let stored = [&[1][..], &size, &other, bytes].concat();
    texted(STANDARD.encode(frame(bytes, &stored)))
}
