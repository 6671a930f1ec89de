//! A proposed connector as the text of its file.

use super::names;
use super::{Proposal, ProposedTest};
use crate::value::Type;
use std::fmt::Write;

impl Proposal {
    /// The text of the connector's file. `assets/connectors/README.md` explains its keys.
    pub fn to_yaml(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "id: {}", scalar(&self.id))?;
        writeln!(out, "title: {}", scalar(&self.title))?;
        if let Some(log_type) = &self.log_type {
            writeln!(out, "log_type: {}", scalar(log_type))?;
        }
        writeln!(out, "\nrecognise:")?;
        for tests in &self.recognise {
            for (at, test) in tests.iter().enumerate() {
                let begin = if at == 0 { "  - " } else { "    " };
                writeln!(out, "{begin}{}", line(test))?;
            }
        }
        writeln!(out, "\ninput:")?;
        for input in &self.inputs {
            let (name, ty) = (scalar(&input.name), input.ty.name());
            match input.name == input.member {
                true => writeln!(out, "  {name}: {ty}")?,
                false => {
                    let member = scalar(&input.member);
                    writeln!(out, "  {name}: {{ type: {ty}, from: {member} }}")?;
                }
            }
        }
        let time = self.time.and_then(|at| self.inputs.get(at));
        if let Some(time) = time.filter(|input| input.ty == Type::DateTime) {
            writeln!(out, "time: {}", scalar(&time.name))?;
        }
        writeln!(out, "\ntables:\n  - name: {}", scalar(&self.table))?;
        let given = |input: Option<usize>, ty: Type| {
            let expression = names::written(&self.inputs.get(input?)?.name);
            let is_it = |c: &&super::ProposedColumn| {
                c.ty == ty && c.expression.as_deref() == Some(expression.as_str())
            };
            self.columns.iter().find(is_it)
        };
        if let Some(column) = given(self.identifier, Type::String) {
            writeln!(out, "    id: {}", scalar(&column.name))?;
        }
        // A time that is made by the transform has its column, too.
        let made = || {
            let is_it =
                |c: &&super::ProposedColumn| c.name == names::TIME && c.expression.is_some();
            let time = self.columns.iter().find(is_it);
            time.filter(|c| c.ty == Type::DateTime)
        };
        if let Some(column) = given(self.time, Type::DateTime).or_else(made) {
            writeln!(out, "    time: {}", scalar(&column.name))?;
        }
        if let Some(delay) = &self.ingestion_delay {
            writeln!(out, "    ingestion_delay: {}", scalar(delay))?;
        }
        writeln!(out, "    transform: |\n      source\n      | project")?;
        let given: Vec<_> = self
            .columns
            .iter()
            .filter_map(|column| Some((column, column.expression.as_ref()?)))
            .collect();
        for (at, (column, expression)) in given.iter().enumerate() {
            let comma = if at + 1 < given.len() { "," } else { "" };
            let expression = expression.replace('\n', " ");
            let name = names::written(&column.name);
            match name == expression {
                true => writeln!(out, "          {name}{comma}")?,
                false => writeln!(out, "          {name} = {expression}{comma}")?,
            }
        }
        writeln!(out, "    columns:")?;
        for column in &self.columns {
            writeln!(out, "      {}: {}", scalar(&column.name), column.ty.name())?;
        }
        Ok(())
    }
}

fn line(test: &ProposedTest) -> String {
    let list = |words: &[String]| {
        let words: Vec<String> = words.iter().map(|word| scalar(word)).collect();
        match words.as_slice() {
            [one] => one.clone(),
            _ => format!("[{}]", words.join(", ")),
        }
    };
    let mut parts = Vec::new();
    if !test.is.is_empty() {
        parts.push(format!("is: {}", list(&test.is)));
    }
    if !test.equals.is_empty() {
        parts.push(format!("equals: {}", list(&test.equals)));
    }
    format!("{}: {{ {} }}", scalar(&test.member), parts.join(", "))
}

/// A text as YAML writes it: in quotes where it could be read as anything else.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 11] = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf",
    ];
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
        && !text.ends_with([' ', '.'])
        && !WORDS.contains(&text.to_lowercase().as_str());
    match is_plain {
        true => text.to_owned(),
        // A JSON text is one of YAML's.
        false => serde_json::to_string(text).unwrap_or_default(),
    }
}
