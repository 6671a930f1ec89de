//! Proposes a connector for records that none takes: a person looks it over, changes what they like, and saves it.
//!
//! | file | what lives there |
//! |---|---|
//! | `sample` | the first records of a file, of any form |
//! | `types` | what the values of a member are: numbers, truth values, times, texts |
//! | `recognise` | tests that hold for all samples and for little else |
//! | `names` | names of tables and columns that the platform takes |
//! | `schema` | columns from a list of names and types, such as the answer of `getschema` |
//! | `write` | the connector as a file |

mod names;
mod recognise;
mod sample;
mod schema;
mod types;
mod write;

pub use sample::{Sample, sample};
pub use schema::{Schema, conversion, read_schema};

use crate::value::Type;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// Most inputs that are proposed.
const MOST_INPUTS: usize = 200;
/// Examples of an input, and the length of one.
const EXAMPLES: (usize, usize) = (5, 120);

/// A connector that is proposed. All of it may be changed; [`Proposal::to_yaml`] writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Its name, such as `my-firewall`.
    pub id: String,
    /// What the events are, for people.
    pub title: String,
    /// Panther's log type of the events.
    pub log_type: Option<String>,
    /// How long after its time a row arrives, as KQL writes it, such as `5m`.
    pub ingestion_delay: Option<String>,
    /// A record is taken when all tests of one of these alternatives hold.
    pub recognise: Vec<Vec<ProposedTest>>,
    /// What is read of a record.
    pub inputs: Vec<ProposedInput>,
    /// The index of the input that is the event's time.
    pub time: Option<usize>,
    /// The index of the input that is the record's own identifier.
    pub identifier: Option<usize>,
    /// The name of the table, ending in `_CL`.
    pub table: String,
    /// The columns of the table, in order.
    pub columns: Vec<ProposedColumn>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// A test of one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedTest {
    /// The member's name.
    pub member: String,
    /// It must be one of these: the words of a connector file (`text`, `number`, `present` …).
    pub is: Vec<String>,
    /// It must be one of these texts, where there are any.
    pub equals: Vec<String>,
}

/// A member of the records that is read.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposedInput {
    /// Its name in the transform.
    pub name: String,
    /// The member of the record.
    pub member: String,
    /// Its type.
    pub ty: Type,
    /// In how many of the samples it has a value.
    pub filled: usize,
    /// Some of its values, as text.
    pub examples: Vec<String>,
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposedColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// The KQL that gives it, of the inputs; none where it stands empty.
    pub expression: Option<String>,
}

/// Proposes a connector that takes all of these records.
///
/// # Errors
/// That there is no record, or none with a member, in one sentence.
pub fn propose(sample: &Sample) -> Result<Proposal, String> {
    let records: Vec<&Map<String, Json>> = sample.records.iter().collect();
    let recognise = recognise::tests(&records)?;
    let mut notes = Vec::new();
    if recognise.general {
        notes.push(
            "The tests are general: other logs may have members of these names. Add a test on a value if there is one"
                .to_owned(),
        );
    }
    let mut inputs = inputs(&records, sample.loose);
    if inputs.len() > MOST_INPUTS {
        notes.push(format!(
            "The records have {} members; the first {MOST_INPUTS} are read",
            inputs.len()
        ));
        inputs.truncate(MOST_INPUTS);
    }
    let time = types::event_time(&inputs, records.len());
    if time.is_none() {
        notes
            .push("No member looks like the time of the event: the events have no time".to_owned());
    }
    let identifier = identifier(&inputs, &records);
    let stem = names::stem(&sample.name);
    let mut proposal = Proposal {
        id: names::id(&stem),
        title: format!("Records like those of {}", sample.name),
        log_type: sample.log_type(),
        ingestion_delay: None,
        recognise: recognise.alternatives,
        inputs,
        time,
        identifier,
        table: names::table(&stem),
        columns: Vec::new(),
        notes,
    };
    proposal.columns = proposal.columns_of_inputs();
    Ok(proposal)
}

impl ProposedInput {
    /// Its name as KQL writes it.
    pub fn written(&self) -> String {
        names::written(&self.name)
    }
}

impl Proposal {
    /// A column for each input, and `TimeGenerated` first.
    pub fn columns_of_inputs(&self) -> Vec<ProposedColumn> {
        let mut columns: Vec<ProposedColumn> = Vec::new();
        if let Some(time) = self.time.and_then(|at| self.inputs.get(at)) {
            columns.push(ProposedColumn {
                name: names::TIME.to_owned(),
                ty: Type::DateTime,
                expression: Some(names::written(&time.name)),
            });
        }
        let mut taken: Vec<String> = vec![names::TIME.to_lowercase()];
        for (at, input) in self.inputs.iter().enumerate() {
            if self.time == Some(at) && input.name == names::TIME {
                continue;
            }
            let name = names::unlike(&names::column(&input.member), &mut taken);
            columns.push(ProposedColumn {
                name,
                ty: input.ty,
                expression: Some(names::written(&input.name)),
            });
        }
        columns
    }
}

/// What is read of the records: all members, in the order in which they first appear.
fn inputs(records: &[&Map<String, Json>], loose: bool) -> Vec<ProposedInput> {
    let mut order: Vec<&str> = Vec::new();
    let mut values: HashMap<&str, Vec<&Json>> = HashMap::new();
    for record in records {
        for (member, value) in *record {
            let known = values.entry(member).or_insert_with(|| {
                order.push(member);
                Vec::new()
            });
            known.push(value);
        }
    }
    let mut taken = Vec::new();
    let made = order.into_iter().filter(|member| !member.is_empty());
    made.map(|member| {
        let values = values.get(member).map_or(&[][..], Vec::as_slice);
        let filled = || values.iter().filter(|value| types::is_filled(value));
        let mut examples: Vec<String> = Vec::new();
        for value in filled() {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let text: String = text.chars().take(EXAMPLES.1).collect();
            if examples.len() < EXAMPLES.0 && !examples.contains(&text) {
                examples.push(text);
            }
        }
        ProposedInput {
            name: names::unlike(&names::input(member), &mut taken),
            member: member.to_owned(),
            ty: types::of(member, values, loose),
            filled: filled().count(),
            examples,
        }
    })
    .collect()
}

/// The input that tells records apart: a text of a fitting name that each has, no two the same.
fn identifier(inputs: &[ProposedInput], records: &[&Map<String, Json>]) -> Option<usize> {
    const NAMES: [&str; 12] = [
        "id",
        "eventid",
        "event_id",
        "uuid",
        "guid",
        "_id",
        "uid",
        "recordid",
        "record_id",
        "eventuid",
        "p_row_id",
        "logid",
    ];
    let is_unique = |input: &ProposedInput| {
        let mut seen = std::collections::HashSet::new();
        records.iter().all(|record| {
            let text = record.get(&input.member).and_then(Json::as_str);
            text.is_some_and(|text| !text.is_empty() && seen.insert(text))
        })
    };
    NAMES.iter().find_map(|name| {
        inputs.iter().position(|input| {
            input.ty == Type::String && input.member.eq_ignore_ascii_case(name) && is_unique(input)
        })
    })
}
