//! What the form holds, and the connector file that it makes.

use crate::value::Type;
use std::collections::HashSet;
use std::fmt::Write;

/// What a test of a record's member says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// What it is: `text`, `number`, `bool`, `list`, `object`, `present`.
    Is(&'static str),
    /// That it is one of these texts.
    Equals(Vec<String>),
}

impl Says {
    /// For people.
    pub fn words(&self) -> String {
        match self {
            Says::Is("list") => "is a list".to_owned(),
            Says::Is("object") => "is an object".to_owned(),
            Says::Is("number") => "is a number".to_owned(),
            Says::Is("bool") => "is true or false".to_owned(),
            Says::Is("present") => "is there".to_owned(),
            Says::Is(what) => format!("is {what}"),
            Says::Equals(texts) => format!("is {}", texts.join(" or ")),
        }
    }
}

/// A test that tells the connector's records from others.
#[derive(Clone, Debug)]
pub struct TestDraft {
    /// Whether it is used.
    pub include: bool,
    /// The member of the record.
    pub member: String,
    /// What it must be.
    pub says: Says,
}

/// A column of the table.
#[derive(Clone, Debug)]
pub struct ColumnDraft {
    /// Whether it is used.
    pub include: bool,
    /// Where the record holds it: a member, or a member of a member. Empty: nothing gives it, it stands empty.
    pub path: Vec<String>,
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Some of its values.
    pub samples: Vec<String>,
    /// In how many of the records it is.
    pub filled: usize,
}

/// What the form holds.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The connector's name.
    pub id: String,
    /// What its events are.
    pub title: String,
    /// Panther's log type; may be empty.
    pub log_type: String,
    /// The table's name.
    pub table: String,
    /// How long after its time a row arrives; may be empty.
    pub delay: String,
    /// The tests; a record must pass all that are used.
    pub tests: Vec<TestDraft>,
    /// The columns.
    pub columns: Vec<ColumnDraft>,
    /// The column that is the event's time.
    pub time: Option<usize>,
    /// How many records were looked at.
    pub records: usize,
}

/// The types that a column can have.
pub const TYPES: [Type; 10] = [
    Type::String,
    Type::Long,
    Type::Int,
    Type::Real,
    Type::Bool,
    Type::DateTime,
    Type::Dynamic,
    Type::Guid,
    Type::Decimal,
    Type::TimeSpan,
];

/// The column of the event's time on the platform.
const TIME: &str = "TimeGenerated";

impl Draft {
    /// What is wrong with what was typed, each in one sentence: the form says it before the file is made.
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || !self.id.chars().all(is_id) {
            wrong
                .push("Name: use small letters, digits and hyphens, such as aws-cloudtrail".into());
        }
        if self.title.trim().is_empty() {
            wrong.push("Events: say in a few words what they are".into());
        }
        if !is_table(&self.table) {
            wrong.push("Table: use letters, digits and _, such as AWSCloudTrail".into());
        }
        if !self.tests.iter().any(|t| t.include) {
            wrong.push("Records: choose at least one test, or every record would be taken".into());
        }
        let used: Vec<&ColumnDraft> = self.columns.iter().filter(|c| c.include).collect();
        if used.is_empty() {
            wrong.push("Columns: choose at least one".into());
        }
        let mut seen = HashSet::new();
        for column in &used {
            if column.name.trim().is_empty() {
                wrong.push(format!("Columns: {} has no name", column.path.join(".")));
            } else if !seen.insert(column.name.as_str()) {
                wrong.push(format!("Columns: two are called {}", column.name));
            }
        }
        if let Some(column) = self.time_column()
            && column.ty != Type::DateTime
        {
            wrong.push(format!("Time: {} is no datetime", column.name));
        }
        if let Some(column) = used.iter().find(|c| c.name == TIME) {
            let is_time = self.time_column().is_some_and(|t| t.name == TIME);
            if !is_time || column.ty != Type::DateTime {
                wrong.push(format!("Columns: {TIME} is the column of the event's time"));
            }
        }
        wrong
    }

    fn time_column(&self) -> Option<&ColumnDraft> {
        self.columns.get(self.time?).filter(|c| c.include)
    }

    /// The connector file.
    pub fn yaml(&self) -> String {
        let mut text = String::new();
        let inputs = self.inputs();
        // Writing to memory does not fail.
        let _ = self.write(&mut text, &inputs);
        text
    }

    /// The members that are read: name in the transform, member, type.
    fn inputs(&self) -> Vec<(String, String, Type)> {
        let mut inputs: Vec<(String, String, Type)> = Vec::new();
        for column in self.columns.iter().filter(|c| c.include) {
            let Some(member) = column.path.first() else {
                continue;
            };
            let ty = match (column.path.len(), column.ty) {
                (1, Type::Guid | Type::Decimal | Type::TimeSpan) => Type::String,
                (1, ty) => ty,
                _ => Type::Dynamic,
            };
            match inputs.iter_mut().find(|(_, known, _)| known == member) {
                // Read as it is and also in parts: all of it is needed.
                Some((_, _, known)) if *known != ty => *known = Type::Dynamic,
                Some(_) => {}
                None => {
                    let name = match is_plain(member) {
                        true => member.clone(),
                        false => free_name(member, &inputs),
                    };
                    inputs.push((name, member.clone(), ty));
                }
            }
        }
        inputs
    }

    fn write(&self, out: &mut String, inputs: &[(String, String, Type)]) -> std::fmt::Result {
        writeln!(out, "id: {}", scalar(&self.id))?;
        writeln!(out, "title: {}", scalar(self.title.trim()))?;
        if !self.log_type.trim().is_empty() {
            writeln!(out, "log_type: {}", scalar(self.log_type.trim()))?;
        }
        writeln!(out, "\nrecognise:")?;
        for (at, test) in self.tests.iter().filter(|t| t.include).enumerate() {
            let lead = if at == 0 { "  - " } else { "    " };
            let says = match &test.says {
                Says::Is(what) => format!("{{ is: {what} }}"),
                Says::Equals(texts) => {
                    let texts: Vec<String> = texts.iter().map(|t| scalar(t)).collect();
                    match texts.as_slice() {
                        [one] => format!("{{ equals: {one} }}"),
                        many => format!("{{ equals: [{}] }}", many.join(", ")),
                    }
                }
            };
            writeln!(out, "{lead}{}: {says}", scalar(&test.member))?;
        }
        writeln!(out, "\ninput:")?;
        for (name, member, ty) in inputs {
            match name == member {
                true => writeln!(out, "  {}: {}", scalar(name), ty.name())?,
                false => writeln!(
                    out,
                    "  {}: {{ type: {}, from: {} }}",
                    scalar(name),
                    ty.name(),
                    scalar(member)
                )?,
            }
        }
        let time = self.time_column();
        let direct = time
            .filter(|c| c.path.len() == 1)
            .and_then(|c| inputs.iter().find(|(_, member, _)| *member == c.path[0]))
            .filter(|(_, _, ty)| *ty == Type::DateTime);
        if let Some((name, ..)) = direct {
            writeln!(out, "time: {}", scalar(name))?;
        }
        writeln!(out, "\ntables:\n  - name: {}", scalar(&self.table))?;
        if time.is_some() {
            writeln!(out, "    time: {TIME}")?;
        }
        if !self.delay.trim().is_empty() {
            writeln!(out, "    ingestion_delay: {}", scalar(self.delay.trim()))?;
        }
        let mut given: Vec<(String, String, Type)> = Vec::new();
        if let Some(time) = time.filter(|t| t.name != TIME) {
            given.push((TIME.to_owned(), expression(time, inputs), Type::DateTime));
        }
        for column in self.columns.iter().filter(|c| c.include) {
            given.push((column.name.clone(), expression(column, inputs), column.ty));
        }
        writeln!(out, "    transform: |\n      source\n      | project")?;
        let parts = given
            .iter()
            .filter(|(_, expression, _)| !expression.is_empty());
        let parts =
            parts.map(|(name, expression, _)| format!("          {} = {expression}", ident(name)));
        writeln!(out, "{}", parts.collect::<Vec<_>>().join(",\n"))?;
        writeln!(out, "    columns:")?;
        for (name, _, ty) in &given {
            writeln!(out, "      {}: {}", scalar(name), ty.name())?;
        }
        Ok(())
    }
}

/// What gives a column in the transform; empty where nothing does.
fn expression(column: &ColumnDraft, inputs: &[(String, String, Type)]) -> String {
    let Some(member) = column.path.first() else {
        return String::new();
    };
    let Some((name, _, ty)) = inputs.iter().find(|(_, known, _)| known == member) else {
        return String::new();
    };
    let mut reach = ident(name);
    for key in column.path.iter().skip(1) {
        match is_name(key) {
            true => reach.push_str(&format!(".{key}")),
            false => reach.push_str(&format!("[{}]", quoted(key))),
        }
    }
    if column.path.len() == 1 && *ty == column.ty {
        return reach;
    }
    let function = match column.ty {
        Type::Dynamic => return reach,
        Type::String => "tostring",
        Type::Long => "tolong",
        Type::Int => "toint",
        Type::Real => "todouble",
        Type::Bool => "tobool",
        Type::DateTime => "todatetime",
        Type::Guid => "toguid",
        Type::Decimal => "todecimal",
        Type::TimeSpan => "totimespan",
    };
    format!("{function}({reach})")
}

fn is_table(name: &str) -> bool {
    is_name(name)
}

fn is_name(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a name can stand in a query without brackets whatever it means elsewhere.
fn is_plain(name: &str) -> bool {
    is_name(name)
}

/// A column in a query. Words of the language stand in brackets; so does every short name in small letters, since
/// most of those are.
fn ident(name: &str) -> String {
    let word = name.chars().all(|c| c.is_ascii_lowercase() || c == '_') && name.len() < 16;
    match is_name(name) && !word {
        true => name.to_owned(),
        false => format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'")),
    }
}

fn free_name(member: &str, inputs: &[(String, String, Type)]) -> String {
    let letters: String = member
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let start = format!("in_{}", letters.trim_matches('_'));
    let taken = |name: &String| inputs.iter().any(|(known, ..)| known == name);
    let mut names = std::iter::once(start.clone()).chain((2..).map(|n| format!("{start}_{n}")));
    names.find(|name| !taken(name)).unwrap_or(start)
}

/// A text as it stands in a YAML file.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '/'))
        && !text.ends_with(' ');
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n" | "nan"
    );
    match plain && !word {
        true => text.to_owned(),
        false => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    // A JSON text is a YAML text and a KQL text too.
    serde_json::to_string(text).unwrap_or_default()
}
