//! The templates of snippets and new files, and how they are filled.

use crate::diagnostic::Span;

/// A new Sentinel rule; `${1:text}` and so on are the places, `@name@` and so on what [`fill`] is given.
pub(super) const SENTINEL: &str = "id: @id@
name: @name@
description: |
  ${3:What the rule finds, and why it matters.}
severity: ${4:Medium}
requiredDataConnectors:
  - connectorId: ${5:Connector}
    dataTypes:
      - ${6:@table@}
queryFrequency: ${7:@hour@}
queryPeriod: ${8:@hour@}
triggerOperator: gt
triggerThreshold: 0
tactics:
  - ${9:InitialAccess}
relevantTechniques:
  - ${10:T1078}
query: |
  ${11:@table@}
  | where ${12:TimeGenerated > ago(1h)}
@entities@version: 1.0.0
kind: Scheduled
";

/// The entities of one.
pub(super) const ENTITIES: &str = "entityMappings:
  - entityType: ${13:Account}
    fieldMappings:
      - identifier: ${14:FullName}
        columnName: ${15:Column}
";

/// A new Panther rule with two tests.
pub(super) const PANTHER: &str = "AnalysisType: rule
RuleID: @rule@
DisplayName: @name@
Description: ${3:What the rule finds, and why it matters}
Enabled: true
Filename: ${4:@stem@.py}
LogTypes:
  - ${5:@type@}
Severity: ${6:Medium}
DedupPeriodMinutes: 60
Threshold: 1
Reports:
  MITRE ATT&CK:
    - ${7:TA0001:T1078}
Runbook: ${8:What to do about an alert}
Tests:
  - Name: ${9:It happened}
    ExpectedResult: true
    Log:
@event@  - Name: ${10:Something else}
    ExpectedResult: false
    Log:
      ${11:@key@}: ${12:other}
";

/// Its body.
pub(super) const BODY: &str = "def rule(event):
    return event.get(\"${1:@key@}\") == \"${2:@value@}\"


def title(event):
    return f\"@name@ by {event.deep_get(${4:@actor@}, default='an unknown actor')}\"


def dedup(event):
    return str(event.get(\"${5:id}\", \"\"))


def alert_context(event):
    return {
        \"${6:name}\": event.get(\"${7:@key@}\"),
    }
";

/// A case of a Sentinel rule.
pub(super) const CASE: &str = "- name: ${1:What happens}
  description: ${2:Why it comes out so.}
  now: ${3:2026-01-01T12:00:00Z}
  logs:
    ${4:log}:
    - {${5:type: value}}
  expect:
    ${6:match: none}
";

/// A new Panther rule without Python.
pub(super) const SIMPLE: &str = "AnalysisType: rule
RuleID: @rule@
DisplayName: @name@
Description: ${1:What the rule finds, and why it matters}
Enabled: true
LogTypes:
  - ${2:@type@}
Severity: ${3:Medium}
DedupPeriodMinutes: 60
Threshold: 1
Detection:
  - Key: ${4:@key@}
    Condition: ${5:Equals}
    Value: ${6:@scalar@}
AlertTitle: ${7:@name@}
Tests:
  - Name: ${8:It happened}
    ExpectedResult: true
    Log:
@event@  - Name: ${9:Something else}
    ExpectedResult: false
    Log:
      ${10:@key@}: ${11:other}
";

/// A new correlation rule of Panther.
pub(super) const CORRELATION: &str = "AnalysisType: correlation_rule
RuleID: @rule@
DisplayName: @name@
Description: ${1:What the rule finds, and why it matters}
Enabled: true
Severity: ${2:High}
Detection:
  - Sequence:
      - ID: ${3:First}
        RuleID: ${4:Product.First.Rule}
      - ID: ${5:Then}
        RuleID: ${6:Product.Second.Rule}
    Transitions:
      - ID: ${7:First then Then}
        From: ${8:First}
        To: ${9:Then}
        WithinTimeFrameMinutes: ${10:60}
        Match:
          - On: ${11:p_alert_context.actor}
    LookbackWindowMinutes: ${12:120}
    Schedule:
      RateMinutes: ${13:60}
      TimeoutMinutes: 5
Tests:
  - Name: ${14:The first, then the second}
    ExpectedResult: true
    RuleOutputs:
      - ID: ${15:First}
        Matches:
          p_alert_context.actor:
            maya@example.com:
              - \"2026-01-01T12:00:00Z\"
      - ID: ${16:Then}
        Matches:
          p_alert_context.actor:
            maya@example.com:
              - \"2026-01-01T12:10:00Z\"
";

/// The text of a template with its values put in, and its places. Values with `${` are to be [`inert`] first.
pub(super) fn fill(template: &str, values: &[(&str, &str)], newline: &str) -> (String, Vec<Span>) {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("@{name}@"), value);
    }
    filled(&text, newline)
}

/// A text that stands for itself wherever it is put: a place holds what a place is written with.
pub(super) fn inert(text: &str) -> String {
    text.replace("${", "${99:$}{")
}

/// A text without what means a place.
pub(super) fn plain(text: &str) -> String {
    text.replace(['$', '{', '}'], "")
}

/// The text of a template and its places.
fn filled(template: &str, newline: &str) -> (String, Vec<Span>) {
    let mut text = String::new();
    let mut stops: Vec<(usize, Span)> = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find("${") {
        text.push_str(&rest.get(..at).unwrap_or("").replace('\n', newline));
        rest = rest.get(at + 2..).unwrap_or("");
        let Some((number, inner, after)) = place(rest) else {
            text.push_str("${");
            continue;
        };
        let start = text.len();
        text.push_str(inner);
        stops.push((number, Span::new(start, text.len())));
        rest = after;
    }
    text.push_str(&rest.replace('\n', newline));
    stops.retain(|(number, _)| *number < 99);
    stops.sort_by_key(|(number, span)| (*number, *span));
    (text, stops.into_iter().map(|(_, span)| span).collect())
}

/// `1:text}…`: the number, the text, and what follows.
fn place(text: &str) -> Option<(usize, &str, &str)> {
    let (number, rest) = text.split_once(':')?;
    let number = number.parse().ok()?;
    let mut depth = 0usize;
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some((number, rest.get(..at)?, rest.get(at + 1..)?)),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_cut_out_in_their_order() {
        let (text, stops) = filled("a ${2:b {x}} c\n${1:}d ${ e", "\r\n");
        assert_eq!(text, "a b {x} c\r\nd ${ e");
        assert_eq!(stops, [Span::new(11, 11), Span::new(2, 7)]);
    }

    #[test]
    fn what_is_put_in_makes_no_place() {
        let name = inert("costs ${1:x}");
        assert_eq!(
            fill("@n@ ${1:y}", &[("n", &name)], "\n").0,
            "costs ${1:x} y"
        );
    }
}
