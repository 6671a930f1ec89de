//! `edit`: sets fields by their YAML path; every other byte of the file stays as it is.

use super::input::{in_words, shown};
use super::output::{Answer, Stop, say};
use crate::diagnostic::Fix;
use crate::sentinel;
use crate::workbench::write_atomically;
use crate::yaml::{Document, Step, parse_path};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The rule file, or another YAML file.
    #[arg(value_name = "RULE")]
    rule: PathBuf,

    /// A field and its new value, such as `severity=High`, `tactics[0]=Persistence` or
    /// `entityMappings[0].fieldMappings[1].columnName=User`. May be given several times.
    #[arg(long, value_name = "PATH=VALUE", required = true, value_parser = setting)]
    set: Vec<(Vec<Step>, String)>,

    /// Writes the result here and leaves the rule as it is.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// `PATH=VALUE`; the sign inside a quoted key does not divide.
fn setting(text: &str) -> Result<(Vec<Step>, String), String> {
    let mut quoted = false;
    let mut before = ' ';
    let at = text.char_indices().find_map(|(at, c)| {
        if c == '"' && (quoted || before == '[') {
            quoted = !quoted;
        }
        before = c;
        (c == '=' && !quoted).then_some(at)
    });
    let at = at.ok_or_else(|| "write PATH=VALUE, such as severity=High".to_owned())?;
    let (path, value) = text.split_at(at);
    Ok((parse_path(path)?, value.get(1..).unwrap_or("").to_owned()))
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    let path = &arguments.rule;
    let cannot = |why: &str| Stop::Cannot(format!("{}: {why}", shown(path)));
    let bytes = std::fs::read(path).map_err(|e| cannot(&in_words(&e)))?;
    let Ok(old) = String::from_utf8(bytes) else {
        return Err(cannot("it is not UTF-8 text"));
    };
    let mut text = old.clone();
    for (field, value) in &arguments.set {
        let (document, _) = Document::parse(&text);
        let order = order_of(&text);
        let edits = document
            .set(field, value, order)
            .map_err(|why| cannot(&why))?;
        let fix = Fix {
            title: String::new(),
            edits,
        };
        text = fix
            .apply(&text)
            .ok_or_else(|| cannot("the change does not fit the file"))?;
    }
    match &arguments.output {
        Some(output) => write(output, &text)?,
        None if text == old => say(&format!("{}: nothing to change", shown(path))),
        None => write(path, &text)?,
    }
    Ok(Answer::Yes)
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty())
        && !folder.is_dir()
    {
        return Err(Stop::Cannot(format!(
            "{} could not be saved: there is no folder {}",
            shown(path),
            shown(folder)
        )));
    }
    write_atomically(path, text.as_bytes()).map_err(|failed| Stop::Cannot(failed.into()))
}

/// The order in which a document of this kind has its keys.
fn order_of(text: &str) -> &'static [&'static str] {
    match sentinel::looks_like(text) {
        true => &sentinel::KEYS,
        false => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sign_outside_of_a_quoted_key_divides() {
        let (path, value) = setting("query=T | where a == 1").unwrap();
        assert_eq!(path, ["query".into()]);
        assert_eq!(value, "T | where a == 1");
        let (path, value) = setting("customDetails[\"a=b\"]=c").unwrap();
        assert_eq!(path, ["customDetails".into(), "a=b".into()]);
        assert_eq!(value, "c");
        let (_, value) = setting("query=T | extend x = a[\"b\"]").unwrap();
        assert_eq!(value, "T | extend x = a[\"b\"]");
        assert!(setting("severity").is_err());
    }
}
