//! What depends on more than the values: tables and columns, the service, its data.

use super::Param::{Any, AnyText, Bool};
use super::entry::{bool, dynamic, entry, text};
use super::{Function, Naming};
use crate::value::{Type, Value};

pub const FUNCTIONS: &[Function] = &[
    Function {
        naming: Naming::Only("$IngestionTime"),
        ..entry(
            &["ingestion_time"],
            "ingestion_time()",
            "When a row came into its table. No such time is kept here: the row's TimeGenerated or Timestamp stands for it, and a warning says so.",
            &[],
            (0, 0),
            |_| Some(Type::DateTime),
            |_, _| Value::Null,
        )
    },
    entry(
        &["geo_info_from_ip_address"],
        "geo_info_from_ip_address(ip:string)",
        "Country, state, city, latitude and longitude of an address. There is no database of places here: for addresses in rows the result is null, with a warning; for a constant address it is an error.",
        &[AnyText],
        (0, 0),
        dynamic,
        |_, _| Value::Null,
    ),
    entry(
        &["assert"],
        "assert(condition:bool, message:string)",
        "Ends the query with a message where a condition is false. Both are constants.",
        &[Bool, AnyText],
        (0, 0),
        bool,
        |context, a| match a.first() {
            Some(Value::Bool(true)) => Value::Bool(true),
            _ => {
                context.refuse(format!("The assertion failed: {}", text(a, 1)));
                Value::Null
            }
        },
    ),
    entry(
        &["iscolumnexists"],
        "iscolumnexists(name:string)",
        "Whether the rows have a column.",
        &[AnyText],
        (0, 0),
        bool,
        |_, _| Value::Null,
    ),
    entry(
        &["column_names_of"],
        "column_names_of(table)",
        "The names of a table's columns as an array.",
        &[Any],
        (0, 0),
        dynamic,
        |_, _| Value::Null,
    ),
    entry(
        &["bag_pack_columns"],
        "bag_pack_columns(column, …)",
        "A bag of columns, under their names.",
        &[Any],
        (0, 1),
        dynamic,
        |_, _| Value::Null,
    ),
];

/// Why a function of the platform has no meaning here; none for other functions.
pub fn only_in_the_service(name: &str) -> Option<&'static str> {
    Some(match name {
        "current_principal"
        | "current_principal_details"
        | "current_principal_is_member_of"
        | "current_database"
        | "current_cluster_endpoint"
        | "current_node_id" => {
            "tells of the service and the person that run the query, and there are none here"
        }
        "cursor_after" | "cursor_before_or_at" | "cursor_current" | "current_cursor" => {
            "tells what came into a database since a mark, and no such marks are kept here"
        }
        "extent_id" | "extentid" | "extent_tags" | "row_id" | "rowstore_ordinal_range" => {
            "tells how the service stores rows, and there is no service here"
        }
        "hash_combine" | "hash_many" => {
            "combines hashes in a way that the platform does not document; `hash_sha256(strcat(…))` is the same everywhere"
        }
        "parse_user_agent" => {
            "uses a list of patterns that is not part of this program; test the text itself with `has` or `extract()`"
        }
        _ => return None,
    })
}
