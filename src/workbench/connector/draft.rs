//! What the form holds, and the connector file that it makes.

use crate::logs::{
    Proposal, ProposedColumn, ProposedInput, ProposedTest, Sample, conversion, propose,
};
use crate::value::Type;
use std::collections::HashSet;

/// A test that tells the connector's records from others.
#[derive(Clone, Debug, PartialEq)]
pub struct TestDraft {
    /// Whether it is used.
    pub include: bool,
    /// The test.
    pub test: ProposedTest,
}

impl TestDraft {
    /// For people.
    pub fn words(&self) -> String {
        let ProposedTest { member, is, equals } = &self.test;
        if !equals.is_empty() {
            return format!("{member} is {}", equals.join(" or "));
        }
        let kinds = is.iter().map(|kind| match kind.as_str() {
            "list" => "a list",
            "object" => "an object",
            "number" => "a number",
            "bool" => "true or false",
            "present" => "there",
            "none" => "null",
            other => other,
        });
        format!("{member} is {}", kinds.collect::<Vec<_>>().join(" or "))
    }
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    base: Proposal,
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
    /// The tests: a record must pass all that are used of one of the alternatives.
    pub tests: Vec<Vec<TestDraft>>,
    /// The columns.
    pub columns: Vec<ColumnDraft>,
    /// The column that is the event's time.
    pub time: Option<usize>,
    /// The column that is the record's own identifier.
    pub identifier: Option<usize>,
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
pub const TIME: &str = "TimeGenerated";

/// Levels of members that are offered below the first.
const DEEPEST: usize = 2;
/// Most columns that are offered.
const MOST: usize = 500;

impl Draft {
    /// The form for a sample.
    ///
    /// # Errors
    /// Why nothing can be proposed, in one sentence.
    pub fn of(sample: &Sample) -> Result<Self, String> {
        let base = propose(sample)?;
        let mut columns = Vec::new();
        let (mut time, mut identifier) = (None, None);
        for (at, input) in base.inputs.iter().enumerate() {
            let place = Some(columns.len());
            time = if base.time == Some(at) { place } else { time };
            if base.identifier == Some(at) {
                identifier = place;
            }
            let named = |c: &&ProposedColumn| {
                let own = c.name != TIME || input.member == TIME;
                own && c.expression.as_deref() == Some(input.written().as_str())
            };
            let name = base.columns.iter().find(named);
            columns.push(ColumnDraft {
                include: true,
                path: vec![input.member.clone()],
                name: name.map_or(&input.name, |c| &c.name).clone(),
                ty: input.ty,
                samples: input.examples.clone(),
                filled: input.filled,
            });
            if input.ty == Type::Dynamic {
                inner(sample, &mut vec![input.member.clone()], &mut columns);
            }
        }
        Ok(Self {
            id: base.id.clone(),
            title: base.title.clone(),
            log_type: base.log_type.clone().unwrap_or_default(),
            table: base.table.clone(),
            delay: String::new(),
            tests: tests(&base, sample.records.len()),
            columns,
            time,
            identifier,
            records: sample.records.len(),
            base,
        })
    }

    /// What a person should know of the proposal.
    pub fn notes(&self) -> &[String] {
        &self.base.notes
    }

    /// What is wrong with what was typed, each in one sentence: the form says it before the file is made.
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong: Vec<String> = Vec::new();
        let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || !self.id.chars().all(is_id) {
            wrong
                .push("Name: use small letters, digits and hyphens, such as aws-cloudtrail".into());
        }
        if self.title.trim().is_empty() {
            wrong.push("Events: say in a few words what they are".into());
        }
        if !is_name(&self.table) {
            wrong.push("Table: use letters, digits and _, such as AWSCloudTrail_CL".into());
        }
        let empty = |tests: &Vec<TestDraft>| !tests.iter().any(|t| t.include);
        if self.tests.is_empty() || self.tests.iter().all(empty) {
            wrong.push("Records: choose at least one test, or every record would be taken".into());
        }
        let used: Vec<&ColumnDraft> = self.columns.iter().filter(|c| c.include).collect();
        if used.iter().all(|c| c.path.is_empty()) {
            wrong.push("Columns: choose at least one that the records give".into());
        }
        let mut seen = HashSet::new();
        for column in &used {
            if !is_name(&column.name) {
                let from = column.path.join(".");
                wrong.push(format!(
                    "Columns: the name of {from} is not made of letters, digits and _"
                ));
            } else if !seen.insert(column.name.as_str()) {
                wrong.push(format!("Columns: two are called {}", column.name));
            }
        }
        if let Some(column) = self.used(self.time)
            && column.ty != Type::DateTime
        {
            wrong.push(format!("Time: {} is no datetime", column.name));
        }
        let own_time = used.iter().any(|c| c.name == TIME);
        if own_time && self.used(self.time).is_none_or(|t| t.name != TIME) {
            wrong.push(format!("Columns: {TIME} is the column of the event's time"));
        }
        wrong
    }

    fn used(&self, column: Option<usize>) -> Option<&ColumnDraft> {
        self.columns.get(column?).filter(|c| c.include)
    }

    /// The connector file.
    pub fn yaml(&self) -> String {
        let inputs = self.inputs();
        let input_of = |column: Option<usize>, ty: Type| {
            let column = self.used(column).filter(|c| c.path.len() == 1)?;
            let member = column.path.first()?;
            inputs
                .iter()
                .position(|i| i.member == *member && i.ty == ty)
        };
        let mut columns = Vec::new();
        if let Some(time) = self.used(self.time).filter(|t| t.name != TIME) {
            columns.push(ProposedColumn {
                name: TIME.to_owned(),
                ty: Type::DateTime,
                expression: expression(time, &inputs),
            });
        }
        let used = self.columns.iter().filter(|c| c.include);
        columns.extend(used.map(|column| ProposedColumn {
            name: column.name.clone(),
            ty: column.ty,
            expression: expression(column, &inputs),
        }));
        let recognise = self.tests.iter().map(|tests| {
            let used = tests.iter().filter(|t| t.include);
            used.map(|t| t.test.clone()).collect::<Vec<_>>()
        });
        let text = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        Proposal {
            id: self.id.clone(),
            title: self.title.trim().to_owned(),
            log_type: text(&self.log_type),
            ingestion_delay: text(&self.delay),
            recognise: recognise.filter(|tests| !tests.is_empty()).collect(),
            time: input_of(self.time, Type::DateTime),
            identifier: input_of(self.identifier, Type::String),
            table: self.table.clone(),
            columns,
            notes: Vec::new(),
            inputs,
        }
        .to_yaml()
    }

    /// The members that are read.
    fn inputs(&self) -> Vec<ProposedInput> {
        let mut inputs: Vec<ProposedInput> = Vec::new();
        for column in self.columns.iter().filter(|c| c.include) {
            let Some(member) = column.path.first() else {
                continue;
            };
            let ty = match (column.path.len(), column.ty) {
                // What is read in parts is read as it is.
                (2.., _) => Type::Dynamic,
                (_, Type::Guid | Type::Decimal | Type::TimeSpan) => Type::String,
                (_, ty) => ty,
            };
            match inputs.iter_mut().find(|known| known.member == *member) {
                Some(known) if known.ty != ty => known.ty = Type::Dynamic,
                Some(_) => {}
                None => {
                    let base = self.base.inputs.iter().find(|i| i.member == *member);
                    inputs.extend(base.map(|base| ProposedInput { ty, ..base.clone() }));
                }
            }
        }
        inputs
    }
}

/// The members of an object, to be used or not.
fn inner(sample: &Sample, path: &mut Vec<String>, columns: &mut Vec<ColumnDraft>) {
    if path.len() > DEEPEST || columns.len() >= MOST {
        return;
    }
    let at = |record: &serde_json::Map<String, serde_json::Value>| {
        let (first, rest) = path.split_first()?;
        let mut value = record.get(first)?;
        for key in rest {
            value = value.as_object()?.get(key)?;
        }
        value.is_object().then(|| value.clone())
    };
    let objects: Vec<serde_json::Value> = sample.records.iter().filter_map(at).collect();
    let mut below = Sample::of_json(&sample.name, objects);
    below.loose = sample.loose;
    let Ok(proposal) = propose(&below) else {
        return;
    };
    let front = path.join("_");
    for input in proposal.inputs {
        let letters = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        path.push(input.member.clone());
        columns.push(ColumnDraft {
            include: false,
            path: path.clone(),
            name: format!("{front}_{}", input.name)
                .chars()
                .map(letters)
                .collect(),
            ty: input.ty,
            samples: input.examples,
            filled: input.filled,
        });
        if input.ty == Type::Dynamic {
            inner(sample, path, columns);
        }
        path.pop();
    }
}

/// The proposed tests, and where there is one alternative others that hold as well, to be used or not.
fn tests(base: &Proposal, records: usize) -> Vec<Vec<TestDraft>> {
    const OTHERS: usize = 30;
    let used = |test: &ProposedTest| TestDraft {
        include: true,
        test: test.clone(),
    };
    let proposed = base.recognise.iter();
    let mut all: Vec<Vec<TestDraft>> = proposed.map(|t| t.iter().map(used).collect()).collect();
    for tests in &mut all {
        // A version changes one day, and no record would be taken any more.
        let version = |t: &TestDraft| {
            let name = t.test.member.to_ascii_lowercase();
            name.ends_with("version") && !t.test.equals.is_empty()
        };
        if tests.iter().any(|t| !version(t)) {
            let versions = tests.iter_mut().filter(|t| version(t));
            versions.for_each(|t| t.include = false);
        }
    }
    if let [only] = all.as_mut_slice() {
        for input in base
            .inputs
            .iter()
            .filter(|i| i.filled == records)
            .take(OTHERS)
        {
            let is_same =
                |t: &TestDraft| t.test.member == input.member && !t.test.equals.is_empty();
            let one = match input.examples.as_slice() {
                [one] if input.ty == Type::String && one.len() <= 80 => Some(one.clone()),
                _ => None,
            };
            if one.is_some() && !only.iter().any(is_same) {
                only.push(TestDraft {
                    include: false,
                    test: ProposedTest {
                        member: input.member.clone(),
                        is: Vec::new(),
                        equals: one.into_iter().collect(),
                    },
                });
            } else if !only.iter().any(|t| t.test.member == input.member) {
                only.push(TestDraft {
                    include: false,
                    test: ProposedTest {
                        member: input.member.clone(),
                        is: vec!["present".to_owned()],
                        equals: Vec::new(),
                    },
                });
            }
        }
    }
    all
}

/// What gives a column in the transform; none where nothing does.
fn expression(column: &ColumnDraft, inputs: &[ProposedInput]) -> Option<String> {
    let (member, rest) = column.path.split_first()?;
    let input = inputs.iter().find(|input| input.member == *member)?;
    let mut reach = input.written();
    for key in rest {
        match is_name(key) {
            true => reach.push_str(&format!(".{key}")),
            false => reach.push_str(&format!("[{}]", serde_json::Value::from(key.as_str()))),
        }
    }
    if rest.is_empty() && input.ty == column.ty {
        return Some(reach);
    }
    if column.ty == Type::Dynamic {
        return Some(reach);
    }
    let function = conversion(column.ty);
    Some(format!("{function}({reach})"))
}

fn is_name(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
