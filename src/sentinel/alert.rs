//! What an alert says of a row: its title, description and severity.

use super::{Rule, SEVERITIES};

/// `alertDetailsOverride`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertDetails {
    /// `alertDisplayNameFormat`, with `{{column}}` in it.
    pub name_format: Option<String>,
    /// `alertDescriptionFormat`.
    pub description_format: Option<String>,
    /// `alertSeverityColumnName`.
    pub severity_column: Option<String>,
    /// `alertTacticsColumnName`.
    pub tactics_column: Option<String>,
    /// `alertProperty` and `value` (a column) of `alertDynamicProperties`.
    pub dynamic: Vec<(String, String)>,
}

impl AlertDetails {
    /// Whether nothing is overridden.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Rule {
    /// The alert's title for a row; `cell` gives the text of a column, none where there is no such column.
    /// The rule's name where there is no format, or one of its columns is missing or empty.
    pub fn alert_title(&self, cell: impl Fn(&str) -> Option<String>) -> String {
        self.alert_details
            .name_format
            .as_deref()
            .and_then(|format| fill(format, cell))
            .unwrap_or_else(|| self.name.clone())
    }

    /// The alert's description for a row, by the same rule.
    pub fn alert_description(&self, cell: impl Fn(&str) -> Option<String>) -> String {
        self.alert_details
            .description_format
            .as_deref()
            .and_then(|format| fill(format, cell))
            .unwrap_or_else(|| self.description.clone())
    }

    /// The alert's severity for a row: of the named column where it holds one, else the rule's.
    pub fn alert_severity(&self, cell: impl Fn(&str) -> Option<String>) -> String {
        self.alert_details
            .severity_column
            .as_deref()
            .and_then(cell)
            .and_then(|value| SEVERITIES.iter().find(|s| s.eq_ignore_ascii_case(&value)))
            .map_or_else(|| self.severity.clone(), |s| (*s).to_owned())
    }
}

/// Puts values in the place of `{{column}}`; none where one is missing or empty.
fn fill(format: &str, cell: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        text.push_str(before);
        text.push_str(&cell(name.trim()).filter(|v| !v.is_empty())?);
        rest = tail;
    }
    text.push_str(rest);
    Some(text)
}

/// The columns that a format names, in order.
pub(crate) fn columns_of(format: &str) -> Vec<&str> {
    let mut columns = Vec::new();
    let mut rest = format;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        columns.push(name.trim());
        rest = tail;
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(format: &str) -> Rule {
        Rule {
            name: "The rule".to_owned(),
            severity: "Low".to_owned(),
            alert_details: AlertDetails {
                name_format: Some(format.to_owned()),
                severity_column: Some("Sev".to_owned()),
                ..AlertDetails::default()
            },
            ..Rule::default()
        }
    }

    #[test]
    fn formats_are_filled_or_given_up() {
        let cell = |name: &str| match name {
            "User" => Some("maya".to_owned()),
            "Empty" => Some(String::new()),
            "Sev" => Some("high".to_owned()),
            _ => None,
        };
        assert_eq!(rule("By {{ User }}!").alert_title(cell), "By maya!");
        assert_eq!(rule("By {{Nobody}}").alert_title(cell), "The rule");
        assert_eq!(rule("By {{Empty}}").alert_title(cell), "The rule");
        assert_eq!(rule("By {{User").alert_title(cell), "By {{User");
        assert_eq!(rule("x").alert_severity(cell), "High");
        assert_eq!(
            rule("x").alert_severity(|_| Some("Critical".to_owned())),
            "Low"
        );
        assert_eq!(columns_of("{{a}} and {{ b }} {{"), ["a", "b"]);
    }
}
