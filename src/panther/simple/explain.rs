//! Why an event matched or did not: what each expression found and answered.

use super::super::Exception;
use super::condition::Elements;
use super::evaluate::{
    Dialect, Expression, How, Operand, Source, Test, all as all_hold, holds, list,
};
use super::text::json;
use crate::diagnostic::Span;
use crate::yaml::Step;
use serde_json::Value as Json;

/// One expression of a detection and what it said of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The expression's path in the document.
    pub path: Vec<Step>,
    /// Where it stands in the text.
    pub span: Option<Span>,
    /// How deep it is nested; 0 for an entry of `Detection:` itself.
    pub depth: usize,
    /// The expression in one line, such as `eventName Equals "ConsoleLogin"`.
    pub expression: String,
    /// What the event has there, as JSON text; `missing` where it has nothing. None for groups.
    pub found: Option<String>,
    /// What it answered.
    pub answer: Result<bool, Exception>,
    /// Whether it was asked at all: after the first that fails, the others are not.
    pub asked: bool,
    /// Whether it is what decided: the outcome would be open without it.
    pub decided: bool,
}

/// Characters of a found value that are shown.
const SHOWN: usize = 200;
/// Elements of a list that are gone into.
const ELEMENTS: usize = 20;
/// Expressions of one trace.
const MOST: usize = 2000;

/// Every expression, with its inner ones behind it.
pub(super) fn all(expressions: &[Expression], event: &Json, dialect: Dialect) -> Vec<Explained> {
    let mut trace = Trace {
        dialect,
        steps: Vec::new(),
    };
    let outcome = all_hold(expressions, event, dialect);
    trace.group(How::All, expressions, event, 0, true, &outcome, true);
    trace.steps
}

struct Trace {
    dialect: Dialect,
    steps: Vec<Explained>,
}

impl Trace {
    /// The expressions of a group whose answer is known. Those that made the answer are marked.
    #[expect(
        clippy::too_many_arguments,
        reason = "one recursion, nothing of it outlives the call"
    )]
    fn group(
        &mut self,
        how: How,
        inner: &[Expression],
        event: &Json,
        depth: usize,
        mut asked: bool,
        outcome: &Result<bool, Exception>,
        decides: bool,
    ) {
        for expression in inner {
            if self.steps.len() >= MOST {
                return;
            }
            let answer = holds(expression, event, self.dialect);
            let stops = match (&answer, how) {
                (Err(_), _) => true,
                (Ok(answer), How::All) => !answer,
                (Ok(answer), How::Any | How::None) => *answer,
                (Ok(_), How::OnlyOne) => false,
            };
            // Where one expression settled it, it alone decided; else all that were asked did.
            let settled = match (outcome, how) {
                (Err(_), _) => true,
                (Ok(outcome), How::All) => !outcome,
                (Ok(outcome), How::Any) => *outcome,
                (Ok(outcome), How::None) => !outcome,
                (Ok(_), How::OnlyOne) => false,
            };
            let decided = decides && asked && (stops || !settled);
            self.step(expression, event, depth, asked, decided, answer);
            asked = asked && !stops;
        }
    }

    fn step(
        &mut self,
        expression: &Expression,
        event: &Json,
        depth: usize,
        asked: bool,
        decided: bool,
        answer: Result<bool, Exception>,
    ) {
        let dialect = self.dialect;
        let found = match &expression.test {
            Test::Always(_) | Test::Group(..) => None,
            Test::Value(source, _, operand) => Some(match source.find(event, dialect) {
                Ok(found) => {
                    let left = shown(found.as_deref());
                    match operand {
                        Operand::Place(place) => {
                            let right = place.find(event, dialect.case());
                            format!("{left} and {}", shown(right.as_deref()))
                        }
                        _ => left,
                    }
                }
                Err(exception) => exception.text,
            }),
            Test::Elements(place, ..) => Some(shown(place.find(event, dialect.case()).as_deref())),
        };
        self.steps.push(Explained {
            path: expression.path.clone(),
            span: expression.span,
            depth,
            expression: line(expression),
            found,
            answer: answer.clone(),
            asked,
            decided,
        });
        match &expression.test {
            Test::Group(how, inner) => {
                self.group(*how, inner, event, depth + 1, asked, &answer, decided);
            }
            Test::Elements(place, name, elements, inner) => {
                let found = place.find(event, dialect.case());
                let items = list(found.as_deref(), name).unwrap_or(&[]);
                self.elements(*elements, items, inner, depth + 1, asked, decided);
            }
            Test::Value(..) | Test::Always(_) => {}
        }
    }

    /// The expressions for each element of a list.
    fn elements(
        &mut self,
        elements: Elements,
        items: &[Json],
        inner: &[Expression],
        depth: usize,
        asked: bool,
        decides: bool,
    ) {
        let answers: Vec<_> = items
            .iter()
            .take(ELEMENTS)
            .map(|item| all_hold(inner, item, self.dialect))
            .collect();
        // The element that settles it, if one does.
        let settles = |answer: &Result<bool, Exception>| match (answer, elements) {
            (Err(_), _) => true,
            (Ok(answer), Elements::All) => !answer,
            (Ok(answer), Elements::Any | Elements::No) => *answer,
            (Ok(_), Elements::OnlyOne) => false,
        };
        let first = answers.iter().position(settles);
        for (i, (item, answer)) in items.iter().zip(answers).enumerate() {
            let asked = asked && first.is_none_or(|first| i <= first);
            let decided = decides && asked && first.is_none_or(|first| i == first);
            self.steps.push(Explained {
                path: Vec::new(),
                span: None,
                depth,
                expression: format!("element {}", i + 1),
                found: Some(shown(Some(item))),
                answer: answer.clone(),
                asked,
                decided,
            });
            self.group(How::All, inner, item, depth + 1, asked, &answer, decided);
        }
    }
}

fn shown(found: Option<&Json>) -> String {
    let Some(found) = found else {
        return "missing".to_owned();
    };
    let text = json(found);
    if text.len() <= SHOWN {
        return text;
    }
    let mut short: String = text.chars().take(SHOWN).collect();
    short.push('…');
    short
}

/// The expression in one line.
fn line(expression: &Expression) -> String {
    match &expression.test {
        Test::Always(true) => "AlwaysTrue".to_owned(),
        Test::Always(false) => "AlwaysFalse".to_owned(),
        Test::Group(how, _) => how.name().to_owned(),
        Test::Elements(place, name, ..) => format!("{} {name}", place.text),
        Test::Value(source, condition, operand) => {
            let from = match source {
                Source::Place(place) => place.text.clone(),
                Source::Enrichment {
                    table,
                    selector,
                    field,
                } => format!("{table} of {selector}: {}", field.text),
            };
            let with = match operand {
                Operand::Nothing => String::new(),
                Operand::Value(value) => format!(" {}", shown(Some(value))),
                Operand::Values(values) => {
                    format!(" {}", shown(Some(&Json::Array(values.clone()))))
                }
                Operand::Network(text, _) => format!(" {text}"),
                Operand::Place(place) => format!(" {}", place.text),
            };
            format!("{from} {}{with}", condition.name)
        }
    }
}
