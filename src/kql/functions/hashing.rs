//! Hashes. They are taken of the value's text, as `tostring()` gives it.

use super::{Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use sha2::{Digest, Sha256};
use std::sync::Arc;

pub const FUNCTIONS: &[Function] = &[Function {
    names: &["hash_sha256"],
    signature: "hash_sha256(value)",
    doc: "The SHA-256 of the value's text, in lower-case hexadecimal; \"\" of the empty text.",
    params: &[Param::AnyText],
    optional: 0,
    repeat: 0,
    result: |_| Some(Type::String),
    naming: Naming::None,
    body: |_, args| {
        let text = args.first().map(convert::text).unwrap_or_default();
        if text.is_empty() {
            return Value::String(text);
        }
        let digest = Sha256::digest(text.as_bytes());
        let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        Value::String(Arc::from(hex))
    },
}];
