//! `global`: a module that bodies import by its `GlobalID`.

use super::table::{Holds, Key, Table};

pub(super) const TABLE: Table = Table {
    what: "a global",
    open: false,
    keys: &[
        Key("AnalysisType", Holds::OneOf(&["global"]), true),
        Key("Filename", Holds::Text, true),
        Key("GlobalID", Holds::Name, true),
        Key("Description", Holds::Text, false),
        Key("Tags", Holds::Texts, false),
        Key("BaseVersion", Holds::Whole, false),
    ],
    choices: &[],
};
