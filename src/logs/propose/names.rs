//! Names of connectors, tables and columns, made of the names of files and members.

use std::path::Path;

/// The column of an event's time.
pub(super) const TIME: &str = "TimeGenerated";
/// Longest name of a table's column.
const LONGEST: usize = 45;
/// Columns that the platform fills by itself.
const OF_THE_PLATFORM: [&str; 6] = [
    "tenantid",
    "type",
    "_resourceid",
    "_subscriptionid",
    "_billedsize",
    "_isbillable",
];

/// What a file is called, without its ends and without dates and numbers.
pub(super) fn stem(name: &str) -> String {
    const ENDS: [&str; 13] = [
        "json", "jsonl", "ndjson", "log", "txt", "csv", "tsv", "parquet", "gz", "zst", "zstd",
        "yml", "yaml",
    ];
    let path = Path::new(name);
    let file = path.file_name().and_then(|n| n.to_str()).unwrap_or(name);
    // A blob of a data export is called after its minutes; its container after the table.
    let container = path
        .iter()
        .filter_map(|part| part.to_str()?.strip_prefix("am-"));
    let table = container.fold(None, |_, table| Some(table));
    let mut stem = match table {
        Some(table) if file.starts_with("PT") => table,
        _ => file,
    };
    while let Some((rest, end)) = stem.rsplit_once('.')
        && ENDS.iter().any(|known| end.eq_ignore_ascii_case(known))
        && !rest.is_empty()
    {
        stem = rest;
    }
    let words: Vec<&str> = stem
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_number = |word: &&&str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        digits * 2 < word.chars().count().max(1)
    };
    let kept: Vec<&str> = words.iter().filter(is_number).copied().collect();
    let kept = if kept.is_empty() { words } else { kept };
    kept.into_iter().take(6).collect::<Vec<_>>().join(" ")
}

/// The name of a connector.
pub(super) fn id(stem: &str) -> String {
    let text: String = stem
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == ' ')
        .collect();
    let id = text.trim().to_lowercase().replace(' ', "-");
    if id.is_empty() {
        "my-log".to_owned()
    } else {
        id
    }
}

/// The name of a table.
pub(super) fn table(stem: &str) -> String {
    let mut name = String::new();
    for word in stem.split(' ') {
        let mut letters = word.chars().filter(char::is_ascii_alphanumeric);
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters);
    }
    let name = name.strip_suffix("Cl").unwrap_or(&name).to_owned();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return format!("My{name}Log_CL");
    }
    let name: String = name.chars().take(LONGEST - 3).collect();
    format!("{name}_CL")
}

/// A member's name as a column of the transform's input: letters, digits and underscores.
pub(super) fn input(member: &str) -> String {
    let mut name: String = member
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let rest = name.trim_start_matches('_').to_owned();
        name = match rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            true => rest,
            false => format!("m_{rest}"),
        };
    }
    name
}

/// A member's name as a column of a table.
pub(super) fn column(member: &str) -> String {
    let name: String = input(member).chars().take(LONGEST).collect();
    match OF_THE_PLATFORM.contains(&name.to_lowercase().as_str()) {
        true => format!("{name}_value"),
        false => name,
    }
}

/// The name, or one like it that is not taken yet (in lower case); it is taken then.
pub(super) fn unlike(name: &str, taken: &mut Vec<String>) -> String {
    let others = (2_usize..).map(|n| {
        let cut: String = name.chars().take(LONGEST - 6).collect();
        format!("{cut}_{n}")
    });
    let mut names = std::iter::once(name.to_owned()).chain(others);
    let free = names.find(|name| !taken.contains(&name.to_lowercase()));
    let free = free.unwrap_or_else(|| name.to_owned());
    taken.push(free.to_lowercase());
    free
}

/// A name as KQL writes it. Words of the language are all in lower case.
pub(super) fn written(name: &str) -> String {
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name && name.contains(|c: char| c.is_ascii_uppercase()) {
        return name.to_owned();
    }
    format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_names() {
        for (file, id_is, table_is) in [
            (
                "logs/cloudtrail_2026-06-08.json.gz",
                "cloudtrail",
                "Cloudtrail_CL",
            ),
            ("Sign-in logs (1).csv", "sign-in-logs", "SignInLogs_CL"),
            (
                "am-firewall_cl/y=2026/m=06/PT05M.json",
                "firewall-cl",
                "Firewall_CL",
            ),
            ("2026.log", "2026", "My2026Log_CL"),
            ("журнал.json", "my-log", "MyLog_CL"),
            ("", "my-log", "MyLog_CL"),
        ] {
            let stem = stem(file);
            assert_eq!(
                (id(&stem).as_str(), table(&stem).as_str()),
                (id_is, table_is),
                "{file}"
            );
        }
        assert_eq!(column("Type"), "Type_value");
        assert_eq!(input("@timestamp"), "timestamp");
        assert_eq!(input("9 lives"), "m_9_lives");
        let mut taken = Vec::new();
        assert_eq!(unlike("a.b", &mut taken), "a.b");
        assert_eq!(unlike("A.b", &mut taken), "A.b_2");
    }
}
