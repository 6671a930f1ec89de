//! Match expressions: their seven shapes.

use super::super::super::reading::{below, name};
use super::super::super::value::{json, kind};
use super::super::address::Network;
use super::super::condition::{Asks, Condition, Elements, Named, Takes, named, near};
use super::super::evaluate::{Dialect, Expression, How, Operand, Source, Test};
use super::super::path::Place;
use super::specifier::SPECIFIERS;
use super::{MOST, Reader};
use crate::yaml::{Step, untagged};
use serde_json::Value as Json;
use serde_yaml::{Mapping, Value as Yaml};

const GROUPS: [How; 4] = [How::All, How::Any, How::OnlyOne, How::None];

impl Reader<'_> {
    /// A list of expressions; what could not be read is left out and has its error.
    pub(super) fn expressions(&mut self, value: &Yaml, path: &[Step]) -> Vec<Expression> {
        let Some(items) = self.list(value, path, "match expressions") else {
            return Vec::new();
        };
        // `InlineFilters: [{All: []}]` is what the platform itself writes for no filter.
        let no_filter = self.dialect == Dialect::Filter && path.last() == Some(&Step::from("All"));
        if items.is_empty() && !no_filter {
            self.error(
                "panther-expression",
                path,
                format!("{} has no expression", name(path)),
                "Add one, such as `- {KeyPath: eventName, Condition: Equals, Value: ConsoleLogin}`",
            );
        }
        let mut read = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            self.expressions += 1;
            if self.expressions > MOST {
                if self.expressions == MOST + 1 {
                    self.error(
                        "panther-expression",
                        path,
                        format!("the rule has more than {MOST} expressions"),
                        "",
                    );
                }
                break;
            }
            let at = below(path, i);
            if let Some(test) = self.test(item, &at) {
                read.push(Expression {
                    test,
                    span: self.document.span(&at),
                    path: at,
                });
            }
        }
        read
    }

    fn test(&mut self, item: &Yaml, path: &[Step]) -> Option<Test> {
        let mapping = self.mapping(item, path, "a match expression")?;
        let groups: Vec<How> = GROUPS
            .into_iter()
            .filter(|how| mapping.get(how.name()).is_some())
            .collect();
        match groups.as_slice() {
            [] => self.condition(mapping, path),
            [how, ..] => self.group(*how, mapping, path),
        }
    }

    fn group(&mut self, how: How, mapping: &Mapping, path: &[Step]) -> Option<Test> {
        self.only(
            mapping,
            &[how.name()],
            path,
            &format!("an expression of {}", how.name()),
        );
        let at = below(path, how.name());
        if self.dialect == Dialect::Filter && matches!(how, How::OnlyOne | How::None) {
            self.error(
                "panther-expression",
                &at,
                format!("{} may not stand in InlineFilters", how.name()),
                "Filters have All and Any; turn the conditions round (DoesNotEqual, IsNotIn …) to ask for the opposite",
            );
            return None;
        }
        let inner = self.expressions(mapping.get(how.name())?, &at);
        Some(Test::Group(how, inner))
    }

    fn condition(&mut self, mapping: &Mapping, path: &[Step]) -> Option<Test> {
        let Some(value) = mapping.get("Condition") else {
            self.error(
                "panther-missing-key",
                path,
                "the expression has no Condition",
                "An expression is a key with a Condition, or one of All, Any, OnlyOne, None",
            );
            return None;
        };
        let at = below(path, "Condition");
        let text = self.text(value, &at)?;
        let Some(named) = named(text) else {
            let hint = near(text).map_or_else(String::new, |near| format!("Did you mean {near}?"));
            self.error(
                "panther-condition",
                &at,
                format!("`{text}` is no condition that is known here"),
                hint,
            );
            return None;
        };
        let filter = self.dialect == Dialect::Filter;
        match named {
            Named::Always(_) | Named::Elements(..) if filter => {
                self.error(
                    "panther-condition",
                    &at,
                    format!("{text} may not stand in InlineFilters"),
                    "Filters compare a KeyPath or an Enrichment with values",
                );
                None
            }
            Named::Always(answer) => {
                self.only(
                    mapping,
                    &["Condition"],
                    path,
                    &format!("an expression of {text}"),
                );
                Some(Test::Always(answer))
            }
            Named::Elements(name, elements) => self.elements(name, elements, mapping, path),
            Named::Value(condition) => {
                if filter && !condition.filters() {
                    self.warning(
                        "panther-condition",
                        &at,
                        format!("the platform's filters have no operator for {text}"),
                        "Use IsNullOrEmpty or IsNotNullOrEmpty, or move the expression into the rule",
                    );
                }
                self.value_test(condition, mapping, path)
            }
        }
    }

    fn elements(
        &mut self,
        condition: &'static str,
        elements: Elements,
        mapping: &Mapping,
        path: &[Step],
    ) -> Option<Test> {
        let [a, b, c] = SPECIFIERS;
        let here = format!("an expression of {condition}");
        self.only(mapping, &[a, b, c, "Condition", "Expressions"], path, &here);
        let place = self.specifier(mapping, path);
        let Some(inner) = mapping.get("Expressions") else {
            self.error(
                "panther-missing-key",
                path,
                format!("{condition} needs Expressions"),
                "Expressions is the list of match expressions that an element is asked",
            );
            return None;
        };
        let inner = self.expressions(inner, &below(path, "Expressions"));
        Some(Test::Elements(place?, condition, elements, inner))
    }

    fn value_test(
        &mut self,
        condition: Condition,
        mapping: &Mapping,
        path: &[Step],
    ) -> Option<Test> {
        if mapping.get("Expressions").is_some() {
            self.error(
                "panther-expression",
                &below(path, "Expressions"),
                format!("{} takes no Expressions", condition.name),
                "For the elements of a list write AllElements, AnyElement, NoElement or OnlyOneElement",
            );
            return None;
        }
        let enriched = mapping.get("Enrichment");
        let specified = SPECIFIERS.iter().any(|name| mapping.get(*name).is_some());
        let here = "a match expression";
        match (enriched, specified) {
            (None, false) => self.two_keys(condition, mapping, path),
            (Some(_), true) => {
                self.error(
                    "panther-expression",
                    path,
                    "a key of the event stands beside Enrichment",
                    "Keep one of them",
                );
                None
            }
            (Some(value), false) => {
                let may = ["Enrichment", "Condition", "Value", "Values"];
                self.only(mapping, &may, path, here);
                let source = self.enrichment(value, &below(path, "Enrichment"));
                let operand = self.operand(condition, mapping, path);
                Some(Test::Value(source?, condition, operand?))
            }
            (None, true) => {
                let [a, b, c] = SPECIFIERS;
                if self.dialect == Dialect::Filter {
                    self.only(
                        mapping,
                        &[a, "Condition", "Value", "Values"],
                        path,
                        "InlineFilters",
                    );
                } else {
                    self.only(
                        mapping,
                        &[a, b, c, "Condition", "Value", "Values"],
                        path,
                        here,
                    );
                }
                let place = self.specifier(mapping, path);
                let operand = self.operand(condition, mapping, path);
                Some(Test::Value(Source::Place(place?), condition, operand?))
            }
        }
    }

    /// `Values` of exactly two key specifiers: one key of the event compared with another.
    fn two_keys(&mut self, condition: Condition, mapping: &Mapping, path: &[Step]) -> Option<Test> {
        let two = match mapping.get("Values").map(untagged) {
            Some(Yaml::Sequence(items)) if items.iter().any(|item| untagged(item).is_mapping()) => {
                items
            }
            _ => {
                self.error(
                    "panther-missing-key",
                    path,
                    "the key of the event is missing",
                    "Name it with KeyPath, such as `KeyPath: userIdentity.type`; to compare two keys with each other write both into Values",
                );
                return None;
            }
        };
        let at = below(path, "Values");
        if self.dialect == Dialect::Filter {
            self.error(
                "panther-expression",
                &at,
                "two keys may not be compared in InlineFilters",
                "Filters compare a KeyPath or an Enrichment with values",
            );
            return None;
        }
        self.only(
            mapping,
            &["Condition", "Values"],
            path,
            "a comparison of two keys",
        );
        if matches!(condition.takes(), Takes::Nothing | Takes::Truth) {
            self.error(
                "panther-value",
                &at,
                format!(
                    "{} compares nothing, so it takes no second key",
                    condition.name
                ),
                "Write one KeyPath beside it",
            );
            return None;
        }
        let places: Vec<Option<Place>> = two
            .iter()
            .enumerate()
            .map(|(i, item)| self.lone_specifier(item, &below(&at, i)))
            .collect();
        if places.len() != 2 {
            self.error(
                "panther-value",
                &at,
                format!(
                    "two keys are compared with each other, here are {}",
                    places.len()
                ),
                "",
            );
            return None;
        }
        let mut places = places.into_iter().flatten();
        match (places.next(), places.next()) {
            (Some(left), Some(right)) => Some(Test::Value(
                Source::Place(left),
                condition,
                Operand::Place(right),
            )),
            _ => None,
        }
    }

    /// `Value`, `Values` or neither, as the condition takes it.
    fn operand(
        &mut self,
        condition: Condition,
        mapping: &Mapping,
        path: &[Step],
    ) -> Option<Operand> {
        let (one, many) = (mapping.get("Value"), mapping.get("Values"));
        let name = condition.name;
        match (condition.takes(), one, many) {
            (Takes::Value, Some(value), None) => {
                self.value(condition, value, &below(path, "Value"))
            }
            (Takes::Values, None, Some(values)) => self.values(values, &below(path, "Values")),
            (Takes::Nothing | Takes::Truth, None, None) => Some(Operand::Nothing),
            (Takes::Truth, Some(value), None) => {
                if untagged(value).as_bool() == Some(true) {
                    return Some(Operand::Nothing);
                }
                self.error(
                    "panther-value",
                    &below(path, "Value"),
                    format!("beside {name} only `Value: true` may stand"),
                    "Leave Value out; for the opposite put the expression into `None:`",
                );
                None
            }
            (Takes::Value, None, _) => {
                let hint = match many {
                    Some(_) if condition.asks == Asks::Equals => {
                        "Write IsIn (or IsNotIn) to compare with several values"
                    }
                    Some(_) => "Write one expression for each value, inside `Any:`",
                    None => "",
                };
                self.error(
                    "panther-value",
                    path,
                    format!("{name} needs one Value"),
                    hint,
                );
                None
            }
            (Takes::Values, _, None) => {
                self.error(
                    "panther-value",
                    path,
                    format!("{name} needs Values"),
                    "Values is a list, such as `Values: [CreateTrail, StartLogging]`",
                );
                None
            }
            (Takes::Nothing | Takes::Truth, _, _) => {
                let key = if many.is_some() { "Values" } else { "Value" };
                self.error(
                    "panther-value",
                    &below(path, key),
                    format!("{name} compares with nothing"),
                    format!("Take {key} away"),
                );
                None
            }
            (Takes::Value | Takes::Values, Some(_), Some(_)) => {
                self.error(
                    "panther-value",
                    path,
                    "Value and Values stand beside each other",
                    "Keep one of them",
                );
                None
            }
        }
    }

    fn value(&mut self, condition: Condition, value: &Yaml, path: &[Step]) -> Option<Operand> {
        let plain =
            match untagged(value) {
                plain @ (Yaml::String(_) | Yaml::Number(_) | Yaml::Bool(_)) => plain,
                other => {
                    self.error(
                    "panther-value",
                    path,
                    format!("Value is text, a number, true or false, not {}", kind(other)),
                    "To ask for null write IsNull; to compare with a list write IsIn and Values",
                );
                    return None;
                }
            };
        let value = json(plain);
        let texts_only = matches!(condition.asks, Asks::StartsWith | Asks::EndsWith);
        if texts_only && !value.is_string() {
            self.warning(
                "panther-value",
                path,
                format!(
                    "{} only looks at text: with {value} the answer is always the same",
                    condition.name
                ),
                format!("Write `\"{value}\"` in quotes to compare with text"),
            );
        }
        if condition.asks != Asks::Cidr {
            return Some(Operand::Value(value));
        }
        match value.as_str().map(|text| (text, Network::read(text))) {
            Some((text, Some(network))) => Some(Operand::Network(text.to_owned(), network)),
            _ => {
                self.error(
                    "panther-value",
                    path,
                    format!("{value} is no network"),
                    "Write one such as 10.0.0.0/8 or 2001:db8::/32",
                );
                None
            }
        }
    }

    fn values(&mut self, values: &Yaml, path: &[Step]) -> Option<Operand> {
        let items = self.list(values, path, "values")?;
        if items.is_empty() {
            self.warning(
                "panther-value",
                path,
                "Values is empty, so nothing is in it",
                "",
            );
        }
        let mut read: Vec<Json> = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            let item = untagged(item);
            let same = match (item, items.first().map(untagged)) {
                (Yaml::String(_), Some(Yaml::String(_)))
                | (Yaml::Number(_), Some(Yaml::Number(_)))
                | (Yaml::Bool(_), Some(Yaml::Bool(_))) => true,
                (Yaml::String(_) | Yaml::Number(_) | Yaml::Bool(_), Some(first)) => {
                    let message = format!(
                        "Values are all of one kind: the first is {}, this is {}",
                        kind(first),
                        kind(item)
                    );
                    self.error(
                        "panther-value",
                        &below(path, i),
                        message,
                        "Put numbers into quotes to make them text, or write two expressions inside `Any:`",
                    );
                    return None;
                }
                _ => false,
            };
            if !same {
                self.error(
                    "panther-value",
                    &below(path, i),
                    format!(
                        "one of Values is text, a number, true or false, not {}",
                        kind(item)
                    ),
                    "",
                );
                return None;
            }
            read.push(json(item));
        }
        Some(Operand::Values(read))
    }
}
