//! Hashes. They are taken of the value's text, as `tostring()` gives it.

use super::{Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use std::fmt::Write;
use std::sync::Arc;

const fn hash(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params: &[Param::AnyText],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body,
    }
}

pub const FUNCTIONS: &[Function] = &[
    hash(
        &["hash_md5"],
        "hash_md5(value)",
        "The MD5 of the value's text, in lower-case hexadecimal; \"\" of the empty text.",
        |_, args| {
            digest(args, |text| {
                use md5::Digest;
                md5::Md5::digest(text).to_vec()
            })
        },
    ),
    hash(
        &["hash_sha1"],
        "hash_sha1(value)",
        "The SHA-1 of the value's text, in lower-case hexadecimal; \"\" of the empty text.",
        |_, args| {
            digest(args, |text| {
                use sha1::Digest;
                sha1::Sha1::digest(text).to_vec()
            })
        },
    ),
    hash(
        &["hash_sha256"],
        "hash_sha256(value)",
        "The SHA-256 of the value's text, in lower-case hexadecimal; \"\" of the empty text.",
        |_, args| {
            digest(args, |text| {
                use sha2::Digest;
                sha2::Sha256::digest(text).to_vec()
            })
        },
    ),
];

fn digest(args: &[Value], of: impl Fn(&[u8]) -> Vec<u8>) -> Value {
    let text = args.first().map(convert::text).unwrap_or_default();
    if text.is_empty() {
        return Value::String(text);
    }
    let mut hex = String::new();
    for byte in of(text.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Value::String(Arc::from(hex))
}
