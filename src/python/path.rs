//! The JSONPaths of data models: names, indexes and wildcards. Everything else is refused.
//!
//! Written `$.a.b`, `a.b`, `a[0]`, `a['x']`, `a."x"`, `a[*]`, `a.*`. A path gives the values it matches; what it
//! does on a value of another type follows the library that Panther uses (`events/model.txt` in the tests).

use super::lookup::Node;
use rustpython_vm::{PyResult, VirtualMachine};
use serde_json::Value as Json;

/// A path that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    steps: Vec<Step>,
    rooted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// A member of a mapping.
    Name(String),
    /// An item of a list, from its end when negative.
    Index(i64),
    /// `[*]`: all items; anything but a list counts as a list of itself.
    Items,
    /// `*`: all members of a mapping.
    Members,
}

/// A value that a path matched, and the path to it.
pub(super) struct Match {
    pub node: Node,
    pub path: Vec<String>,
}

/// Checks a path of a data model.
///
/// # Errors
/// What is wrong with it.
pub fn check_path(text: &str) -> Result<(), String> {
    Path::parse(text).map(drop)
}

/// A path nests no deeper than this; the fields of an event do not either.
const MOST_STEPS: usize = 100;

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader {
            text,
            rest: text.trim_start(),
        };
        let mut steps = Vec::new();
        let rooted = reader.take("$");
        if !rooted && !reader.rest.starts_with('[') {
            steps.push(reader.name()?);
        }
        loop {
            reader.skip_space();
            if reader.rest.is_empty() {
                return Ok(Self { steps, rooted });
            }
            if steps.len() == MOST_STEPS {
                return Err(format!("the path has more than {MOST_STEPS} steps"));
            }
            if reader.rest.starts_with("..") {
                return Err(reader.unsupported("`..`"));
            }
            let step = if reader.take(".") {
                reader.skip_space();
                if reader.rest.starts_with('[') {
                    reader.bracket()?
                } else {
                    reader.name()?
                }
            } else if reader.rest.starts_with('[') {
                reader.bracket()?
            } else {
                return Err(reader.unexpected());
            };
            steps.push(step);
        }
    }

    /// As errors show it.
    pub fn text(&self) -> String {
        let mut parts: Vec<String> = Vec::with_capacity(self.steps.len() + 1);
        if self.rooted {
            parts.push("$".to_owned());
        }
        parts.extend(self.steps.iter().map(|step| match step {
            Step::Name(name) => name.clone(),
            Step::Index(index) => format!("[{index}]"),
            Step::Items => "[*]".to_owned(),
            Step::Members => "*".to_owned(),
        }));
        parts.join(".")
    }

    /// Everything it matches.
    ///
    /// # Errors
    /// The Python exception for an index into a value that has none.
    pub fn find(&self, root: &Node, vm: &VirtualMachine) -> PyResult<Vec<Match>> {
        let mut found = vec![Match {
            node: root.clone(),
            path: Vec::new(),
        }];
        for step in &self.steps {
            let mut next = Vec::new();
            for at in &found {
                step.take(at, &mut next, vm)?;
            }
            found = next;
        }
        Ok(found)
    }
}

impl Match {
    fn down(&self, node: Node, step: String) -> Match {
        let mut path = self.path.clone();
        path.push(step);
        Match { node, path }
    }
}

impl Step {
    fn take(&self, at: &Match, next: &mut Vec<Match>, vm: &VirtualMachine) -> PyResult<()> {
        let node = &at.node;
        match self {
            Step::Name(name) => {
                if let Some(child) = node.exact(name) {
                    next.push(at.down(child, name.clone()));
                }
            }
            Step::Members => {
                for name in node.object().into_iter().flat_map(|o| o.keys()) {
                    if let Some(child) = node.exact(name) {
                        next.push(at.down(child, name.clone()));
                    }
                }
            }
            Step::Items => match node.array() {
                Some(items) => {
                    for index in 0..items.len() {
                        if let Some(item) = node.item(index) {
                            next.push(at.down(item, format!("[{index}]")));
                        }
                    }
                }
                None if is_false(node.json()) => {}
                None => next.push(at.down(node.clone(), "[0]".to_owned())),
            },
            Step::Index(index) => {
                if let Some(item) = item(node, *index, vm)? {
                    next.push(at.down(item, format!("[{index}]")));
                }
            }
        }
        Ok(())
    }
}

/// Whether Python takes a value for false.
fn is_false(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Bool(b) => !b,
        Json::Number(n) => n.as_f64() == Some(0.0),
        Json::String(s) => s.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
    }
}

/// The item at an index, as Python's own subscription of the value would give it.
fn item(node: &Node, index: i64, vm: &VirtualMachine) -> PyResult<Option<Node>> {
    let json = node.json();
    if is_false(json) {
        return Ok(None);
    }
    let position = |length: usize, what: &str| -> PyResult<Option<usize>> {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        if index >= length {
            return Ok(None);
        }
        let at = if index < 0 { index + length } else { index };
        usize::try_from(at)
            .map(Some)
            .map_err(|_| vm.new_index_error(format!("{what} index out of range")))
    };
    match json {
        Json::Array(items) => {
            let at = position(items.len(), "list")?;
            Ok(at.and_then(|at| node.item(at)))
        }
        Json::String(text) => {
            let at = position(text.chars().count(), "string")?;
            let char = at.and_then(|at| text.chars().nth(at));
            Ok(char.map(|c| Node::of(Json::String(c.to_string()))))
        }
        Json::Object(members) => {
            if i64::try_from(members.len()).is_ok_and(|length| length > index) {
                return Err(vm.new_key_error(vm.ctx.new_int(index).into()));
            }
            Ok(None)
        }
        Json::Bool(_) => Err(no_length("bool", vm)),
        Json::Number(n) if n.is_f64() => Err(no_length("float", vm)),
        Json::Number(_) => Err(no_length("int", vm)),
        Json::Null => Ok(None),
    }
}

fn no_length(class: &str, vm: &VirtualMachine) -> rustpython_vm::builtins::PyBaseExceptionRef {
    vm.new_type_error(format!("object of type '{class}' has no len()"))
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, sign: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn unsupported(&self, what: &str) -> String {
        format!("{what} is not supported in the path `{}`", self.text)
    }

    fn unexpected(&self) -> String {
        let Some(sign) = self.rest.chars().next() else {
            return format!("the path `{}` ends where a name was expected", self.text);
        };
        match sign {
            '(' | ')' | ',' | '|' | '?' | '`' | ':' | '&' | '~' => {
                self.unsupported(&format!("`{sign}`"))
            }
            sign => format!("`{sign}` was not expected in the path `{}`", self.text),
        }
    }

    /// A name, `*` or a quoted name.
    fn name(&mut self) -> Result<Step, String> {
        if self.take("*") {
            return Ok(Step::Members);
        }
        if self.rest.starts_with(['\'', '"']) {
            return self.quoted().map(Step::Name);
        }
        let name = self.word()?;
        if name == "where" || name == "wherenot" {
            return Err(self.unsupported("`where`"));
        }
        Ok(Step::Name(name))
    }

    fn word(&mut self) -> Result<String, String> {
        let starts = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '@';
        if !self.rest.starts_with(starts) {
            return Err(self.unexpected());
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '@' || c == '-'))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(word.to_owned())
    }

    fn quoted(&mut self) -> Result<String, String> {
        let mut chars = self.rest.char_indices();
        let quote = chars.next().map(|(_, quote)| quote);
        let mut name = String::new();
        let mut escaped = false;
        for (at, c) in chars {
            if escaped {
                name.push(c);
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if Some(c) == quote {
                self.rest = self.rest.get(at + c.len_utf8()..).unwrap_or("");
                return Ok(name);
            } else {
                name.push(c);
            }
        }
        Err(format!("a quote is not closed in the path `{}`", self.text))
    }

    /// `[0]`, `[*]`, `['x']` or `[x]`.
    fn bracket(&mut self) -> Result<Step, String> {
        self.take("[");
        self.skip_space();
        let step = if self.take("*") {
            Step::Items
        } else if self.rest.starts_with(['\'', '"']) {
            Step::Name(self.quoted()?)
        } else if self
            .rest
            .starts_with(|c: char| c.is_ascii_digit() || c == '-')
        {
            let end = self
                .rest
                .get(1..)
                .and_then(|rest| rest.find(|c: char| !c.is_ascii_digit()));
            let (number, rest) = self
                .rest
                .split_at(end.map_or(self.rest.len(), |end| end + 1));
            let index = number
                .parse()
                .map_err(|_| format!("`{number}` is no index in the path `{}`", self.text))?;
            self.rest = rest;
            Step::Index(index)
        } else {
            Step::Name(self.word()?)
        };
        if self.take("]") {
            Ok(step)
        } else {
            Err(self.unexpected())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read() {
        for (path, text) in [
            ("src.ip", "src.ip"),
            ("$.src.ip", "$.src.ip"),
            ("$", "$"),
            (" $['src'][\"ip\"] ", "$.src.ip"),
            ("src[ip]", "src.ip"),
            ("list.[0]", "list.[0]"),
            ("list[ -1 ][00]", "list.[-1].[0]"),
            ("a[*].b.*", "a.[*].b.*"),
            ("'d.e'.\"f\"", "d.e.f"),
            ("['a\\'b']", "a'b"),
            ("user-agent.@type._x", "user-agent.@type._x"),
        ] {
            assert_eq!(
                Path::parse(path).map(|p| p.text()),
                Ok(text.to_owned()),
                "{path}"
            );
        }
    }

    /// The first four are wrong for the library as well, the rest is what is not supported here.
    #[test]
    fn other_paths_are_refused() {
        for (path, said) in [
            ("src.", "the path `src.` ends where a name was expected"),
            ("a b", "`b` was not expected in the path `a b`"),
            ("list.0", "`0` was not expected in the path `list.0`"),
            ("list[0]a", "`a` was not expected in the path `list[0]a`"),
            ("$..ip", "`..` is not supported in the path `$..ip`"),
            (
                "list[?(@.a==4)]",
                "`?` is not supported in the path `list[?(@.a==4)]`",
            ),
            ("list[0:2]", "`:` is not supported in the path `list[0:2]`"),
            ("a,b", "`,` is not supported in the path `a,b`"),
            ("(a)", "`(` is not supported in the path `(a)`"),
            ("a|b", "`|` is not supported in the path `a|b`"),
            ("$.`this`", "`` ` `` is not supported"),
            ("where", "`where` is not supported in the path `where`"),
            ("'a", "a quote is not closed in the path `'a`"),
            ("", "the path `` ends where a name was expected"),
            ("é", "`é` was not expected in the path `é`"),
            ("a[-]", "`-` is no index in the path `a[-]`"),
            (
                "a[99999999999999999999]",
                "`99999999999999999999` is no index",
            ),
            ("a[1", "the path `a[1` ends where a name was expected"),
        ] {
            let error = Path::parse(path).unwrap_err();
            assert!(
                error.starts_with(said) || path.contains('`'),
                "{path}: {error}"
            );
        }
        assert!(Path::parse(&format!("a{}", ".a".repeat(200))).is_err());
    }
}
