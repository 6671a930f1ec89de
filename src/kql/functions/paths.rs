//! Paths of files taken apart.

use super::Param::AnyText;
use super::entry::{dynamic, entry, text};
use super::{Context, Function};
use crate::value::Value;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

pub const FUNCTIONS: &[Function] = &[entry(
    &["parse_path"],
    "parse_path(path:string)",
    "The parts of a file's path: Scheme, RootPath, DirectoryPath, DirectoryName, Filename, Extension, AlternateDataStreamName.",
    &[AnyText],
    (0, 0),
    dynamic,
    parse_path,
)];

fn parse_path(context: &Context, args: &[Value]) -> Value {
    let path = text(args, 0);
    let slash = |c: char| c == '/' || c == '\\';
    if path.starts_with(r"\\?\") || path.starts_with(r"\\.\") {
        context.refuse("`parse_path` does not support paths that begin with `\\\\?\\` yet");
        return Value::Null;
    }
    let (scheme, rest) = match path.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|b| b.is_ascii_alphanumeric()) => (scheme, rest),
        _ => ("", &*path),
    };
    let drive = rest.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && rest.get(1..2) == Some(":")
        && rest.get(2..).is_some_and(|r| r.starts_with(slash));
    let root = rest.get(..3).filter(|_| drive).unwrap_or("");
    let (directory, file) = match rest.rfind(slash) {
        Some(at) => (
            rest.get(..at).unwrap_or(""),
            rest.get(at + 1..).unwrap_or(""),
        ),
        None => ("", rest),
    };
    // How the platform writes the directory of a file that lies in a root is not known.
    let in_root = rest.contains(slash)
        && directory.trim_end_matches(slash).len() <= if drive { 2 } else { 0 };
    if in_root {
        context.refuse("`parse_path` does not support files that lie directly in a root yet");
    }
    let name = directory.rsplit(slash).next().unwrap_or("");
    let (file, stream) = file.split_once(':').unwrap_or((file, ""));
    let extension = file.rsplit_once('.').map_or("", |(_, e)| e);
    let mut bag = Map::new();
    for (key, value) in [
        ("Scheme", scheme),
        ("RootPath", root),
        ("DirectoryPath", directory),
        ("DirectoryName", name),
        ("Filename", file),
        ("Extension", extension),
        ("AlternateDataStreamName", stream),
    ] {
        bag.insert(key.to_owned(), Json::from(value));
    }
    Value::Dynamic(Arc::new(Json::Object(bag)))
}
