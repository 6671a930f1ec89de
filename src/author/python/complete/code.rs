//! Completion in code: words, members, modules, the functions that Panther asks for.

use super::{List, called};
use crate::author::ItemKind;
use crate::author::python::names::{self, Binds};
use crate::author::python::paths::{path_of, seen};
use crate::author::python::scan::{expression_before, word_at, word_before};
use crate::author::python::words::{
    BUILTINS, KEYWORDS, METHODS, MODULES, OUTPUTS, TEXT_METHODS, Word,
};
use crate::diagnostic::Span;

impl List<'_> {
    pub(super) fn in_code(&mut self) {
        let text = self.source.text;
        let word = word_before(text, self.offset);
        self.replace = Span::new(word.start, word_at(text, self.offset).end);
        let typed = text.get(word.start..self.offset).unwrap_or("");
        // A number is no word to complete.
        if typed.starts_with(|c: char| c.is_ascii_digit()) {
            return;
        }
        let before = text.get(..word.start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |n| n + 1);
        let line = before.get(line_start..).unwrap_or("");
        if before.ends_with('.') && !line.trim_start().starts_with("from ") {
            return self.members(word.start - 1);
        }
        let trimmed = line.trim_start();
        if let Some(rest) = trimmed.strip_prefix("from ") {
            return match rest.split_once(" import") {
                Some((module, _)) => self.names_of(module.trim()),
                None => self.modules(),
            };
        }
        if trimmed.starts_with("import ") {
            return self.modules();
        }
        if let Some(rest) = trimmed.strip_prefix("def ")
            && rest.trim().is_empty()
            && line.starts_with("def")
        {
            return self.outputs(false);
        }
        if trimmed.starts_with("def ") || trimmed.starts_with("class ") {
            return;
        }
        self.words(line.is_empty());
    }

    /// What can stand behind a dot.
    fn members(&mut self, dot: usize) {
        let text = self.source.text;
        let receiver = expression_before(text, dot);
        let name = text.get(receiver.start..receiver.end).unwrap_or("");
        if let Some(path) = path_of(text, receiver, self.module) {
            let kind = seen(self.source, &path, self.context).map(|found| found.kind);
            let is_text = kind == Some("string");
            if !is_text {
                for (method, of_parts) in METHODS {
                    if path.is_empty() || *of_parts {
                        self.method(method);
                    }
                }
            }
            if path.is_empty() {
                return;
            }
            if is_text || kind.is_none() {
                TEXT_METHODS.iter().for_each(|method| self.method(method));
            }
            return;
        }
        let import = self
            .module
            .imports
            .iter()
            .find(|i| i.local == name && i.name.is_empty());
        if let Some(import) = import {
            let module = import.module.clone();
            return self.names_of(&module);
        }
        TEXT_METHODS.iter().for_each(|method| self.method(method));
    }

    fn method(&mut self, word: &Word) {
        let (text, stops) = called(word.name, !word.signature.ends_with("()"), self.is_called());
        let quoted =
            matches!(word.name, "get" | "deep_get" | "deep_walk" | "udm") && !self.is_called();
        let (text, stops) = match quoted {
            // The key is typed next.
            true => {
                let text = format!("{}(\"\")", word.name);
                let at = text.len() - 2;
                (text, vec![Span::new(at, at)])
            }
            false => (text, stops),
        };
        self.push(
            word.name,
            ItemKind::Function,
            word.signature,
            word.doc,
            text,
            stops,
        );
    }

    /// Whether a bracket follows what is typed.
    fn is_called(&self) -> bool {
        let rest = self.source.text.get(self.replace.end..).unwrap_or("");
        rest.starts_with('(')
    }

    fn modules(&mut self) {
        let around = self.context.around;
        for global in around.globals() {
            self.push(
                &global.id,
                ItemKind::Module,
                "global",
                "",
                global.id.clone(),
                Vec::new(),
            );
        }
        for module in MODULES {
            self.push(
                module,
                ItemKind::Module,
                "Python",
                "",
                (*module).to_owned(),
                Vec::new(),
            );
        }
    }

    /// The functions and constants of a global.
    fn names_of(&mut self, module: &str) {
        let around = self.context.around;
        let Some(global) = around.globals().find(|g| g.id == module) else {
            return;
        };
        let Some((_, text)) = around.body(global) else {
            return;
        };
        let read = names::read(text);
        let mut known: Vec<&str> = Vec::new();
        for name in read
            .names
            .iter()
            .filter(|n| n.scope == 0 && n.binds != Binds::Nothing)
        {
            if name.binds == Binds::Import || known.contains(&name.text.as_str()) {
                continue;
            }
            known.push(&name.text);
            match read.function(&name.text) {
                Some(function) => {
                    let signature =
                        format!("{}({})", function.name, function.parameters.join(", "));
                    self.push(
                        &name.text,
                        ItemKind::Function,
                        &signature,
                        &function.doc,
                        name.text.clone(),
                        Vec::new(),
                    );
                }
                None => self.push(
                    &name.text,
                    ItemKind::Variable,
                    module,
                    "",
                    name.text.clone(),
                    Vec::new(),
                ),
            }
        }
    }

    /// The functions that Panther asks for and that are not there yet.
    fn outputs(&mut self, with_def: bool) {
        let rest = self.source.text.get(self.replace.end..).unwrap_or("");
        let alone = rest.lines().next().unwrap_or("").trim().is_empty();
        for output in OUTPUTS {
            let name = output.word.name;
            let there = self.module.function(name).is_some_and(|f| {
                // The one that is being typed.
                f.name_span.start != self.replace.start
            });
            if there {
                continue;
            }
            let newline = match self.source.text.contains("\r\n") {
                true => "\r\n",
                false => "\n",
            };
            let parameter = if name == "policy" {
                "resource"
            } else {
                "event"
            };
            let mut text = match (with_def, alone) {
                (_, false) => name.to_owned(),
                (true, true) => format!("def {name}({parameter}):{newline}{}", output.body),
                (false, true) => format!("{name}({parameter}):{newline}{}", output.body),
            };
            let stop = text.find('\u{1}');
            text = text.replace('\u{1}', "");
            let stops = stop.map(|at| Span::new(at, at)).into_iter().collect();
            let label = match with_def {
                true => format!("def {name}"),
                false => name.to_owned(),
            };
            self.push(
                &label,
                ItemKind::Snippet,
                output.word.signature,
                output.word.doc,
                text,
                stops,
            );
        }
    }

    fn words(&mut self, at_margin: bool) {
        let called_already = self.is_called();
        let module = self.module;
        for (name, binds) in module.in_reach(self.offset) {
            let (kind, signature, doc) = match (binds, module.function(name)) {
                (Binds::Function, Some(function)) => {
                    let signature = format!("{name}({})", function.parameters.join(", "));
                    (ItemKind::Function, signature, function.doc.clone())
                }
                (Binds::Function, None) => (ItemKind::Function, String::new(), String::new()),
                (Binds::Import, _) => {
                    let import = module.imports.iter().find(|i| i.local == name);
                    let from = import.map(|i| i.module.clone()).unwrap_or_default();
                    (ItemKind::Module, from, String::new())
                }
                (Binds::Class, _) => (ItemKind::Type, "class".to_owned(), String::new()),
                (Binds::Parameter, _) => {
                    (ItemKind::Variable, "parameter".to_owned(), String::new())
                }
                _ => (ItemKind::Variable, String::new(), String::new()),
            };
            let (text, stops) = match kind {
                ItemKind::Function => called(name, !signature.ends_with("()"), called_already),
                _ => (name.to_owned(), Vec::new()),
            };
            self.push(name, kind, &signature, &doc, text, stops);
        }
        if at_margin {
            self.outputs(true);
        }
        for keyword in KEYWORDS {
            self.push(
                keyword,
                ItemKind::Keyword,
                "",
                "",
                (*keyword).to_owned(),
                Vec::new(),
            );
        }
        for word in BUILTINS {
            let (text, stops) = called(word.name, true, called_already);
            self.push(
                word.name,
                ItemKind::Function,
                word.signature,
                word.doc,
                text,
                stops,
            );
        }
    }
}
