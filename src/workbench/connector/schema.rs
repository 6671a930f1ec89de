//! A table's schema taken over by the form.

use super::draft::{ColumnDraft, Draft, TIME};
use crate::logs::Schema;

/// Takes a schema over: columns of its names and types, in its order, each from the member that is called alike; what
/// no member gives stands empty. Columns that the schema does not have are not used. Gives how many are given.
pub fn apply(draft: &mut Draft, schema: &Schema) -> usize {
    let of = |at: Option<usize>, draft: &Draft| draft.columns.get(at?).map(|c| c.path.clone());
    let (time, identifier) = (of(draft.time, draft), of(draft.identifier, draft));
    let timed = draft.time.and_then(|at| draft.columns.get(at)).cloned();
    let mut old = std::mem::take(&mut draft.columns);
    let mut columns: Vec<ColumnDraft> = Vec::new();
    for (name, ty) in &schema.columns {
        // The shallower member first: `type` is not `actor.type`.
        let alike = |c: &ColumnDraft| {
            let last = c.path.last().is_some_and(|p| plain(p) == plain(name));
            let whole = plain(&c.path.concat()) == plain(name);
            (whole || last || plain(&c.name) == plain(name)).then_some((!whole, c.path.len()))
        };
        let found = old.iter().enumerate();
        let found = found.filter_map(|(at, c)| Some((alike(c)?, at))).min();
        let mut column = match found {
            Some((_, at)) => old.remove(at),
            // The platform's time is the event's own.
            None => timed
                .clone()
                .filter(|_| name == TIME)
                .unwrap_or(ColumnDraft {
                    include: true,
                    path: Vec::new(),
                    name: String::new(),
                    ty: *ty,
                    samples: Vec::new(),
                    filled: 0,
                }),
        };
        column.include = true;
        column.name.clone_from(name);
        column.ty = *ty;
        columns.push(column);
    }
    columns.extend(old.into_iter().map(|column| ColumnDraft {
        include: false,
        ..column
    }));
    let generated = columns
        .iter()
        .position(|c| c.include && c.name == TIME && !c.path.is_empty());
    let place = |path: Option<Vec<String>>| {
        let path = path?;
        columns.iter().position(|c| c.path == path)
    };
    draft.time = generated.or_else(|| place(time));
    draft.identifier = place(identifier);
    draft.columns = columns;
    if let Some(column) = draft.time.and_then(|at| draft.columns.get_mut(at)) {
        column.include = true;
    }
    if let Some(table) = &schema.table {
        draft.table.clone_from(table);
    }
    let own = draft.columns.iter().take(schema.columns.len());
    own.filter(|c| !c.path.is_empty()).count()
}

/// Letters and digits, in small letters.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::{Sample, read_schema};
    use crate::value::Type;
    use serde_json::json;

    #[test]
    fn columns_get_the_names_and_types_of_the_schema() {
        let records = (0..3).map(|n| {
            json!({
                "eventTime": format!("2026-06-08T0{n}:00:00Z"),
                "eventName": "GetObject",
                "userIdentity": {"arn": "a", "type": "IAMUser"},
                "type": "api", "extra": n,
            })
        });
        let mut draft = Draft::of(&Sample::of_json("cloudtrail.json", records)).unwrap();
        let schema = read_schema(
            b"TableName,ColumnName,ColumnType\nAWSCloudTrail,TimeGenerated,datetime\nAWSCloudTrail,EventName,string\nAWSCloudTrail,UserIdentityArn,string\nAWSCloudTrail,Type,string\nAWSCloudTrail,TenantId,string\n",
        )
        .unwrap();
        assert_eq!(apply(&mut draft, &schema), 4);
        let used = draft.columns.iter().filter(|c| c.include);
        let used: Vec<_> = used
            .map(|c| (c.name.as_str(), c.path.join("."), c.ty))
            .collect();
        assert_eq!(
            used,
            [
                ("TimeGenerated", "eventTime".to_owned(), Type::DateTime),
                ("EventName", "eventName".to_owned(), Type::String),
                (
                    "UserIdentityArn",
                    "userIdentity.arn".to_owned(),
                    Type::String
                ),
                ("Type", "type".to_owned(), Type::String),
                ("TenantId", String::new(), Type::String),
            ]
        );
        assert_eq!(draft.table, "AWSCloudTrail");
        assert!(draft.wrong().is_empty(), "{:?}", draft.wrong());
    }
}
