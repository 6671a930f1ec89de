//! Languages inside YAML. A block scalar under a known key is lexed in its own language, line by line;
//! it ends where YAML ends it: at the first line that is not blank and not indented deeper than the key.

use super::lexer::Lexer;
use super::{Language, Run};

/// The state between two lines of a file.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct LineState {
    outer: Option<Lexer>,
    block: Option<Block>,
    embeds: bool,
}

#[derive(Clone, PartialEq, Eq)]
struct Block {
    key_column: usize,
    lexer: Option<Lexer>,
}

impl LineState {
    /// The state at the start of a file.
    pub fn new(language: Language) -> Self {
        Self {
            outer: Lexer::new(language),
            block: None,
            embeds: language == Language::Yaml,
        }
    }

    /// Lexes a line and moves on.
    pub fn line(&mut self, line: &str) -> Vec<Run> {
        if let Some(block) = &mut self.block {
            if line.trim().is_empty() || indentation(line) > block.key_column {
                return match &mut block.lexer {
                    Some(lexer) => lexer.line(line),
                    None => super::lexer::plain(line),
                };
            }
            self.block = None;
        }
        let Some(outer) = &mut self.outer else {
            return super::lexer::plain(line);
        };
        match header(line).filter(|_| self.embeds) {
            Some((key_column, language)) => {
                // YAML's own state stays what it was before the header, as if the block were not there:
                // the lines of the block never reach its lexer.
                let runs = outer.clone().line(line);
                self.block = Some(Block {
                    key_column,
                    lexer: Lexer::new(language),
                });
                runs
            }
            None => outer.line(line),
        }
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The column of the key and the language, when a line opens a block scalar in another language.
pub(crate) fn header(line: &str) -> Option<(usize, Language)> {
    let mut rest = line.trim_end().trim_start_matches(' ');
    // Items of a sequence: the key stands after the dashes.
    while let Some(inner) = rest.strip_prefix("- ") {
        rest = inner.trim_start_matches(' ');
    }
    let column = line.trim_end().len() - rest.len();
    let (key, value) = rest.split_once(':')?;
    let key = key.trim_end().trim_matches(['"', '\'']);
    let language = match key.to_ascii_lowercase().as_str() {
        "query" => Language::Kql,
        "python" => Language::Python,
        _ => return None,
    };
    let value = value.trim_start();
    let indicators = value.strip_prefix(['|', '>'])?;
    let after = indicators.trim_start_matches(|c: char| c == '+' || c == '-' || c.is_ascii_digit());
    (after.is_empty() || after.trim_start().starts_with('#')).then_some((column, language))
}

/// The language at a byte offset of a file: inside a block of a YAML file, that of the block.
pub fn language_at(text: &str, offset: usize, language: Language) -> Language {
    if language != Language::Yaml {
        return language;
    }
    let mut block: Option<(usize, Language)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let blank = line.trim().is_empty();
        if let Some((key_column, _)) = block
            && !blank
            && indentation(line) <= key_column
        {
            block = None;
        }
        let opens = match block {
            None => header(line),
            Some(_) => None,
        };
        start += line.len();
        if offset < start || (offset == start && !line.ends_with('\n')) {
            break;
        }
        block = block.or(opens);
    }
    block.map_or(language, |(_, inner)| inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_by_offset() {
        let text = "a: 1\nquery: |\n  T\n\n  | x\nb: 2\nquery: |\n  T";
        let at = |part: &str| language_at(text, text.find(part).unwrap(), Language::Yaml);
        assert_eq!(at("a: 1"), Language::Yaml);
        assert_eq!(at("query"), Language::Yaml);
        assert_eq!(at("T\n"), Language::Kql);
        assert_eq!(at("| x"), Language::Kql);
        assert_eq!(at("b: 2"), Language::Yaml);
        assert_eq!(language_at(text, text.len(), Language::Yaml), Language::Kql);
        assert_eq!(language_at("query: |\n", 9, Language::Yaml), Language::Kql);
        assert_eq!(language_at(text, 0, Language::Python), Language::Python);
    }

    #[test]
    fn headers() {
        let kql = |column| Some((column, Language::Kql));
        assert_eq!(header("query: |\n"), kql(0));
        assert_eq!(header("  query: |-  # why\r\n"), kql(2));
        assert_eq!(header("- query: >2\n"), kql(2));
        assert_eq!(header("  - - Query: |+"), kql(6));
        assert_eq!(header("'query' : |"), kql(0));
        assert_eq!(header("python: |"), Some((0, Language::Python)));
        assert_eq!(header("query: T | where x"), None);
        assert_eq!(header("query: | x"), None);
        assert_eq!(header("queryPeriod: |"), None);
        assert_eq!(header("# query: |"), None);
    }
}
