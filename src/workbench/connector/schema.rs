//! A table's schema taken over: a CSV of columns, or what `getschema` printed as CSV, tab-separated text or JSON.

use super::draft::{ColumnDraft, Draft};
use crate::value::Type;

/// A column of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaColumn {
    /// The table, where the schema names one.
    pub table: Option<String>,
    /// The column.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// Reads a schema.
///
/// # Errors
/// What is wrong and in which line.
pub fn read(text: &str) -> Result<Vec<SchemaColumn>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rows = match text.trim_start().starts_with(['[', '{']) {
        true => from_json(text)?,
        false => from_text(text)?,
    };
    let mut columns: Vec<SchemaColumn> = Vec::new();
    for (line, table, name, ty) in rows {
        if name.is_empty() {
            return Err(format!("Line {line}: a column without a name"));
        }
        let plain = ty.trim().strip_prefix("System.").unwrap_or(ty.trim());
        let ty = match plain {
            "SByte" | "Boolean" => Some(Type::Bool),
            "Object" => Some(Type::Dynamic),
            "Data.SqlTypes.SqlDecimal" | "SqlDecimal" => Some(Type::Decimal),
            plain => Type::from_name(plain),
        };
        let Some(ty) = ty else {
            return Err(format!("Line {line}: `{plain}` is no type of a column"));
        };
        let column = SchemaColumn { table, name, ty };
        if !columns
            .iter()
            .any(|c| c.name == column.name && c.table == column.table)
        {
            columns.push(column);
        }
    }
    if columns.is_empty() {
        return Err("No column is named: a header and a line a column are expected".to_owned());
    }
    let first = columns.first().and_then(|c| c.table.clone());
    if let Some(other) = columns.iter().find(|c| c.table != first) {
        let name = |table: &Option<String>| table.clone().unwrap_or_default();
        return Err(format!(
            "The columns of more than one table are named: {} and {}",
            name(&first),
            name(&other.table)
        ));
    }
    Ok(columns)
}

type Row = (usize, Option<String>, String, String);

/// Which headings name the table, the column and its type, the best first.
const TABLE: [&str; 3] = ["tablename", "table", "table_name"];
const NAME: [&str; 4] = ["columnname", "column", "column_name", "name"];
const TYPE: [&str; 5] = ["columntype", "column_type", "type", "datatype", "data_type"];

fn from_text(text: &str) -> Result<Vec<Row>, String> {
    let mut lines = text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty());
    let (_, head) = lines.next().ok_or("The file is empty")?;
    let mark = ['\t', ';', ',']
        .into_iter()
        .find(|mark| head.contains(*mark))
        .unwrap_or(',');
    let headings: Vec<String> = cells(head, mark)
        .iter()
        .map(|c| c.trim().to_ascii_lowercase())
        .collect();
    let place = |among: &[&str]| {
        among
            .iter()
            .find_map(|n| headings.iter().position(|h| h == n))
    };
    let (Some(name), Some(ty)) = (place(&NAME), place(&TYPE)) else {
        return Err("Line 1: headings such as ColumnName and ColumnType are expected".to_owned());
    };
    let table = place(&TABLE);
    let rows = lines.map(|(number, line)| {
        let cells = cells(line, mark);
        let cell = |at: usize| cells.get(at).map(|c| c.trim().to_owned());
        let table = table.and_then(cell).filter(|t| !t.is_empty());
        let name = cell(name).unwrap_or_default();
        let ty = cell(ty).ok_or_else(|| format!("Line {}: the type is missing", number + 1))?;
        Ok((number + 1, table, name, ty))
    });
    rows.collect()
}

/// The cells of a line: in quotes where they hold the mark.
fn cells(line: &str, mark: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                if let Some(cell) = cells.last_mut() {
                    cell.push('"');
                }
            }
            '"' => quoted = !quoted,
            sign if sign == mark && !quoted => cells.push(String::new()),
            sign => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(sign);
                }
            }
        }
    }
    cells
}

fn from_json(text: &str) -> Result<Vec<Row>, String> {
    let json: serde_json::Value = serde_json::from_str(text)
        .map_err(|e| format!("Line {}: this is no JSON: {e}", e.line()))?;
    let rows = json.as_array().ok_or("A list of rows is expected")?;
    let rows = rows.iter().enumerate().map(|(at, row)| {
        let members = row.as_object();
        let find = |among: &[&str]| {
            let named = |name: &&str| {
                let mut all = members?.iter();
                let found = all.find(|(key, _)| key.to_ascii_lowercase() == **name)?;
                found.1.as_str().map(str::to_owned)
            };
            among.iter().find_map(|name| named(name))
        };
        let name = find(&NAME);
        let ty = find(&TYPE);
        match (name, ty) {
            (Some(name), Some(ty)) => Ok((at + 1, find(&TABLE), name, ty)),
            _ => Err(format!(
                "Row {}: members such as ColumnName and ColumnType are expected",
                at + 1
            )),
        }
    });
    rows.collect()
}

/// Takes a schema over: columns of its names and types, in its order, each from the member that is called alike; what
/// no member gives stands empty. Columns that the schema does not have are not used.
pub fn apply(draft: &mut Draft, schema: &[SchemaColumn]) {
    let time = draft.time.and_then(|at| draft.columns.get(at)).cloned();
    let mut old = std::mem::take(&mut draft.columns);
    let mut columns: Vec<ColumnDraft> = Vec::new();
    let alike = |a: &str, b: &str| {
        let plain = |text: &str| -> String {
            let letters = text.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|c| c.to_ascii_lowercase()).collect()
        };
        plain(a) == plain(b)
    };
    for wanted in schema {
        let at = old
            .iter()
            .position(|c| alike(&c.name, &wanted.name))
            .or_else(|| {
                old.iter()
                    .position(|c| c.path.last().is_some_and(|p| alike(p, &wanted.name)))
            });
        let mut column = match at {
            Some(at) => old.remove(at),
            None => ColumnDraft {
                include: true,
                path: match (&time, wanted.name.as_str()) {
                    // The platform's time: the event's own.
                    (Some(time), "TimeGenerated") => time.path.clone(),
                    _ => Vec::new(),
                },
                name: String::new(),
                ty: wanted.ty,
                samples: Vec::new(),
                filled: 0,
            },
        };
        column.include = true;
        column.name.clone_from(&wanted.name);
        column.ty = wanted.ty;
        columns.push(column);
    }
    columns.extend(old.into_iter().map(|column| ColumnDraft {
        include: false,
        ..column
    }));
    let is_time = |c: &ColumnDraft| time.as_ref().is_some_and(|t| t.path == c.path);
    let generated = columns
        .iter()
        .position(|c| c.include && c.name == "TimeGenerated");
    draft.time = generated
        .filter(|at| columns.get(*at).is_some_and(|c| !c.path.is_empty()))
        .or_else(|| columns.iter().position(is_time));
    if let Some(column) = draft.time.and_then(|at| columns.get_mut(at)) {
        column.include = true;
    }
    draft.columns = columns;
    if let Some(table) = schema.first().and_then(|c| c.table.clone()) {
        draft.table = table;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_of_several_origins_are_read() {
        let want = |table: Option<&str>| {
            let column = |name: &str, ty| SchemaColumn {
                table: table.map(str::to_owned),
                name: name.to_owned(),
                ty,
            };
            vec![
                column("TimeGenerated", Type::DateTime),
                column("Bag", Type::Dynamic),
            ]
        };
        let csv = "TableName,ColumnName,ColumnType,Description\nT,TimeGenerated,datetime,\"when, in UTC\"\nT,Bag,dynamic,\n";
        assert_eq!(read(csv), Ok(want(Some("T"))));
        let tabs = "ColumnName\tColumnOrdinal\tDataType\tColumnType\nTimeGenerated\t0\tSystem.DateTime\tdatetime\nBag\t1\tSystem.Object\tdynamic\n";
        assert_eq!(read(tabs), Ok(want(None)));
        let clr = "ColumnName,DataType\nTimeGenerated,System.DateTime\nBag,System.Object\n";
        assert_eq!(read(clr), Ok(want(None)));
        let json = r#"[{"ColumnName":"TimeGenerated","ColumnType":"datetime"},{"ColumnName":"Bag","ColumnType":"dynamic"}]"#;
        assert_eq!(read(json), Ok(want(None)));
    }

    #[test]
    fn what_is_wrong_has_a_line() {
        let wrong = |text: &str| read(text).expect_err(text);
        assert!(wrong("ColumnName,ColumnType\nA,string\nB,text\n").starts_with("Line 3: `text`"));
        assert!(wrong("a,b\n1,2\n").starts_with("Line 1: headings"));
        assert!(wrong("").contains("empty"));
        assert!(
            wrong("TableName,ColumnName,ColumnType\nT,A,string\nU,B,string\n").contains("T and U")
        );
        assert!(wrong("[{\"a\":1}]").starts_with("Row 1"));
    }
}
