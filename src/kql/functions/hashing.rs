//! Hashes. They are taken of the value's text, as `tostring()` gives it.

use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use std::fmt::Write;
use std::sync::Arc;
use twox_hash::XxHash64;

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
    Function {
        names: &["hash", "hash_xxhash64"],
        signature: "hash(value [, modulus:long])",
        doc: "The XXH64 of a value as a long, under a modulus where one is given. For texts, longs, datetimes and timespans.",
        params: &[Param::Any, Param::Integer],
        optional: 1,
        repeat: 0,
        result: |types| match types.first() {
            None | Some(Type::String | Type::Long | Type::DateTime | Type::TimeSpan) => {
                Some(Type::Long)
            }
            // What the platform hashes of the other types is not known.
            Some(_) => None,
        },
        naming: Naming::None,
        body: hash_value,
    },
];

fn hash_value(context: &Context, args: &[Value]) -> Value {
    let hash = match args.first() {
        Some(Value::String(text)) => XxHash64::oneshot(0, text.as_bytes()),
        Some(Value::Long(n) | Value::DateTime(n) | Value::TimeSpan(n)) => {
            XxHash64::oneshot(0, &n.to_le_bytes())
        }
        _ => {
            context.refuse("The hash of a null is not known");
            return Value::Null;
        }
    };
    // The platform shows the 64 bits as a signed number.
    let signed = i64::from_le_bytes(hash.to_le_bytes());
    let Some(modulus) = args.get(1) else {
        return Value::Long(signed);
    };
    match convert::long(modulus) {
        Some(n) if n > 0 && (signed >= 0 || n.count_ones() == 1) => {
            Value::Long(signed.rem_euclid(n))
        }
        Some(n) if n > 0 => {
            context.refuse("How the platform takes a modulus of a hash that is negative as a long is not known, unless it is a power of two");
            Value::Null
        }
        _ => Value::Null,
    }
}

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
