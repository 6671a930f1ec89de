//! Paths as people write them: `entityMappings[0].fieldMappings[1].columnName`.

use crate::yaml::Step;

/// Reads a path. A key that holds a dot or a bracket is written `["a.b"]`.
///
/// # Errors
/// What is wrong with it.
pub fn parse_path(text: &str) -> Result<Vec<Step>, String> {
    let wrong = |what: &str| {
        format!("`{text}` is no path: {what}; write it like entityMappings[0].entityType")
    };
    let mut steps = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let quote = inside.chars().next().filter(|c| matches!(c, '"' | '\''));
            if let Some(quote) = quote {
                let (key, after) = inside
                    .get(1..)
                    .and_then(|t| t.split_once(&format!("{quote}]")[..]))
                    .ok_or_else(|| wrong("a bracket is never closed"))?;
                steps.push(Step::Key(key.to_owned()));
                rest = after;
            } else {
                let (number, after) = inside
                    .split_once(']')
                    .ok_or_else(|| wrong("a bracket is never closed"))?;
                let index = number
                    .trim()
                    .parse()
                    .map_err(|_| wrong("brackets hold the number of an item, from 0"))?;
                steps.push(Step::Index(index));
                rest = after;
            }
            if let Some(after) = rest.strip_prefix('.') {
                if after.is_empty() {
                    return Err(wrong("it ends in a dot"));
                }
                rest = after;
            } else if !rest.is_empty() && !rest.starts_with('[') {
                return Err(wrong("a dot is missing after a bracket"));
            }
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            if key.trim().is_empty() {
                return Err(wrong("a key is empty"));
            }
            steps.push(Step::Key(key.trim().to_owned()));
            rest = match after.strip_prefix('.') {
                Some("") => return Err(wrong("it ends in a dot")),
                Some(after) => after,
                None => after,
            };
        }
    }
    if steps.is_empty() {
        return Err(wrong("it is empty"));
    }
    Ok(steps)
}

/// A path as people write it.
pub fn show_path(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Key(key) if key.contains(['.', '[', ']']) => {
                text.push_str(&format!("[\"{key}\"]"));
            }
            Step::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_and_shown() {
        for text in [
            "severity",
            "tactics[0]",
            "entityMappings[0].fieldMappings[1].columnName",
            "a[\"b.c\"][2].d",
        ] {
            assert_eq!(show_path(&parse_path(text).unwrap()), text);
        }
        for text in [
            "", ".", "a.", "a..b", "a[", "a[x]", "a[0]b", "a[0].", "[\"x]",
        ] {
            assert!(parse_path(text).is_err(), "{text}");
        }
    }
}
