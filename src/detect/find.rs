//! Which files are rules, told by their content and never by their place.

use super::Platform;
use super::gather;
use crate::panther::documents::Analysis;
use crate::task::CancelToken;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// What a YAML text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A rule of a platform.
    Rule(Platform),
    /// A Panther document of another `AnalysisType`, such as `policy`.
    OtherPanther(String),
    /// Cases of a Sentinel rule.
    Cases,
    /// Something else.
    Unknown,
}

/// Tells what a YAML text is by its top-level keys. Works on broken texts too: a rule stays a rule
/// while somebody types in it.
pub fn kind_of(path: &Path, text: &str) -> Kind {
    if is_case_file(path) {
        return Kind::Cases;
    }
    let mut keys = Keys::scan(text);
    if keys.0.is_empty() {
        keys = Keys::read(text); // flow style: `{ "id": … }`
    }
    if let Some(analysis) = keys.value("AnalysisType") {
        let detection = Analysis::of(analysis).is_some_and(Analysis::is_detection);
        return match detection {
            true => Kind::Rule(Platform::Panther),
            false => Kind::OtherPanther(analysis.to_owned()),
        };
    }
    if keys.has("RuleID") {
        return Kind::Rule(Platform::Panther);
    }
    let in_flow_style = || keys.has("query") && (keys.has("id") || keys.has("kind"));
    if crate::sentinel::looks_like(text) || in_flow_style() {
        return Kind::Rule(Platform::Sentinel);
    }
    Kind::Unknown
}

/// All rule files below the paths, sorted by path. A file that is no rule of either platform is passed over.
pub fn find_rules(paths: &[PathBuf]) -> Vec<PathBuf> {
    let files = gather::yaml_files(paths, &CancelToken::new());
    let is_rule = |path: &PathBuf| {
        let text = std::fs::read_to_string(path);
        text.is_ok_and(|text| matches!(kind_of(path, &text), Kind::Rule(_)))
    };
    let mut found: Vec<PathBuf> = files.into_par_iter().filter(is_rule).collect();
    found.sort();
    found.dedup();
    found
}

/// The case file beside a Sentinel rule: `<stem>.cases.yaml`, or `.cases.yml` where only that exists.
pub(super) fn case_file_of(rule: &Path, exists: impl Fn(&Path) -> bool) -> PathBuf {
    let stem = rule
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    let yaml = rule.with_file_name(format!("{stem}.cases.yaml"));
    let yml = rule.with_file_name(format!("{stem}.cases.yml"));
    if !exists(&yaml) && exists(&yml) {
        yml
    } else {
        yaml
    }
}

fn is_case_file(path: &Path) -> bool {
    let name = file_name(path);
    name.ends_with(".cases.yaml") || name.ends_with(".cases.yml")
}

pub(super) fn has_yaml_name(path: &Path) -> bool {
    let name = file_name(path);
    name.ends_with(".yaml") || name.ends_with(".yml")
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().to_ascii_lowercase())
        .unwrap_or_default()
}

/// Hidden folders and folders that tools fill.
pub(super) fn is_passed_over(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.file_type().is_dir()
        && (name.starts_with('.') || matches!(&*name, "target" | "node_modules" | "__pycache__"))
}

/// Top-level keys with the text that follows each on its line.
struct Keys(Vec<(String, String)>);

impl Keys {
    /// Reads un-indented `key:` lines. No parsing, so nothing can be too broken for it.
    fn scan(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let keys = text.lines().filter_map(|line| {
            if line.starts_with([' ', '\t', '#', '-', '{', '[']) {
                return None;
            }
            let (key, value) = line.split_once(':')?;
            let key = unquoted(key.trim());
            let value = value.split(" #").next().unwrap_or("").trim();
            (!key.is_empty()).then(|| (key.to_owned(), unquoted(value).to_owned()))
        });
        Self(keys.collect())
    }

    /// Reads the keys of a document that is one flow mapping.
    fn read(text: &str) -> Self {
        let (document, _) = crate::yaml::Document::parse(text);
        let Some(mapping) = document.value().as_mapping() else {
            return Self(Vec::new());
        };
        Self(
            mapping
                .iter()
                .filter_map(|(k, v)| {
                    Some((k.as_str()?.to_owned(), v.as_str().unwrap_or("").to_owned()))
                })
                .collect(),
        )
    }

    fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(k, _)| k == key)
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, v)| v.as_str())
    }
}

fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Kind {
        kind_of(Path::new("a.yaml"), text)
    }

    #[test]
    fn platforms_are_told_by_content() {
        let sentinel = Kind::Rule(Platform::Sentinel);
        let panther = Kind::Rule(Platform::Panther);
        assert_eq!(kind("id: x\nname: n\nquery: |\n  T\n"), sentinel);
        assert_eq!(kind("\u{feff}id: x\r\nquery: T\r\n"), sentinel);
        assert_eq!(kind("AnalysisType: rule # a rule\nRuleID: A\n"), panther);
        assert_eq!(kind("\"AnalysisType\": \"rule\"\n"), panther);
        assert_eq!(kind("AnalysisType: policy\nPolicyID: A\n"), panther);
        assert_eq!(kind("AnalysisType: correlation_rule\n"), panther);
        assert_eq!(
            kind("AnalysisType: global\nGlobalID: A\n"),
            Kind::OtherPanther("global".into())
        );
        assert_eq!(kind("query: T\n"), Kind::Unknown);
        assert_eq!(kind("hello"), Kind::Unknown);
        // Broken, and still a rule: somebody is typing.
        assert_eq!(kind("id: [x\nquery: |\n  T\n bad\n"), sentinel);
        assert_eq!(
            kind_of(Path::new("a.cases.yaml"), "id: x\nquery: T"),
            Kind::Cases
        );
    }

    #[test]
    fn the_case_file_stands_beside_its_rule() {
        let of = |exists: &'static str| {
            case_file_of(Path::new("r/a.yaml"), move |p| p.ends_with(exists))
        };
        assert_eq!(of("none"), Path::new("r/a.cases.yaml"));
        assert_eq!(of("a.cases.yml"), Path::new("r/a.cases.yml"));
    }
}
