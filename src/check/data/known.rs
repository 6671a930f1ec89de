//! Values that sources are known to give, beside those that are loaded.

use std::collections::HashMap;
use std::sync::OnceLock;

const KNOWN: &str = include_str!("../../../assets/reference/known-values.txt");

/// The values that are known of a place: `table.column`, or `log type/key`.
pub fn known(place: &str) -> Option<&'static [&'static str]> {
    static TABLE: OnceLock<HashMap<&str, Vec<&str>>> = OnceLock::new();
    let table = TABLE.get_or_init(read);
    table.get(place).map(Vec::as_slice)
}

fn read() -> HashMap<&'static str, Vec<&'static str>> {
    let mut table: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut places: Vec<&str> = Vec::new();
    for line in KNOWN.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            Some(heads) => places = heads.split(' ').collect(),
            None => {
                for place in &places {
                    table.entry(place).or_default().push(line);
                }
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn places_have_their_values() {
        let types = known("OpenAI.Audit/type").unwrap_or_default();
        assert!(types.contains(&"role.assignment.created"));
        assert_eq!(known("OpenAIAuditLogs.EventType"), Some(types));
        assert!(known("OpenAIAuditLogs.Id").is_none());
    }
}
