//! `pack`: a list of documents that are switched on together.

use super::table::{Holds, Key, Table};

const DEFINITION: Table = Table {
    what: "the definition of a pack",
    open: false,
    keys: &[Key("IDs", Holds::Texts, true)],
    choices: &[],
};

pub(super) const TABLE: Table = Table {
    what: "a pack",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["pack"]), true),
        Key("PackID", Holds::Name, true),
        Key("PackDefinition", Holds::Mapping(&DEFINITION), true),
        Key("Description", Holds::Text, false),
        Key("DisplayName", Holds::Name, false),
    ],
    choices: &[],
};
