//! What a person is told about operators, plugins and the words that go with them: hover, completion and the
//! reference page come from here. Every operator's file has its own `pub const DOCS`; this is the list of them.

/// What a documented word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// An operator behind `|`, or one that begins a query.
    Operator,
    /// A plugin behind `evaluate`.
    Plugin,
    /// A value of `kind=` of a join.
    JoinKind,
    /// An operator between two scalar operands.
    ScalarOperator,
    /// A function that the analysis itself knows, beside those of `functions` and `aggregates`.
    Special,
    /// A statement.
    Statement,
}

/// The text about one word of the language. All texts are our own, one to three plain sentences.
#[derive(Clone, Copy, Debug)]
pub struct Doc {
    /// What it is.
    pub topic: Topic,
    /// Its name, then its aliases.
    pub names: &'static [&'static str],
    /// How it is written: `[ ]` may be left out, `…` may be repeated, `|` divides choices.
    pub signature: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// A query that shows it; empty where the signature says it all.
    pub example: &'static str,
}

impl Doc {
    /// An operator.
    pub const fn operator(
        names: &'static [&'static str],
        signature: &'static str,
        doc: &'static str,
        example: &'static str,
    ) -> Self {
        Self::new(Topic::Operator, names, signature, doc, example)
    }

    /// A plugin.
    pub const fn plugin(
        names: &'static [&'static str],
        signature: &'static str,
        doc: &'static str,
        example: &'static str,
    ) -> Self {
        Self::new(Topic::Plugin, names, signature, doc, example)
    }

    /// Any of them.
    pub const fn new(
        topic: Topic,
        names: &'static [&'static str],
        signature: &'static str,
        doc: &'static str,
        example: &'static str,
    ) -> Self {
        Self {
            topic,
            names,
            signature,
            doc,
            example,
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or("")
    }
}

/// The texts of all files, one line a file.
static FILES: &[&[Doc]] = &[
    super::aggregate_bind::DOCS,
    super::apply::DOCS,
    super::by_names::DOCS,
    super::checks::DOCS,
    super::count::DOCS,
    super::datatable::DOCS,
    super::distinct::DOCS,
    super::expand::DOCS,
    super::extend::DOCS,
    super::filter::DOCS,
    super::fork::DOCS,
    super::getschema::DOCS,
    super::join::DOCS,
    super::parse::DOCS,
    super::partition::DOCS,
    super::print::DOCS,
    super::project::DOCS,
    super::reduce::DOCS,
    super::rename::DOCS,
    super::render::DOCS,
    super::sample::DOCS,
    super::scan::DOCS,
    super::series::DOCS,
    super::sort::DOCS,
    super::take::DOCS,
    super::top_hitters::DOCS,
    super::top_nested::DOCS,
    super::union::DOCS,
    super::externaldata::DOCS,
    super::find::DOCS,
    super::parse_kv::DOCS,
    super::search::DOCS,
    crate::kql::plugins::DOCS,
    DOCS,
];

/// All texts.
pub fn all() -> impl Iterator<Item = &'static Doc> {
    FILES.iter().flat_map(|f| f.iter())
}

/// The text about a word; names of operators, plugins and kinds are case-sensitive.
pub fn find(topic: Topic, name: &str) -> Option<&'static Doc> {
    all().find(|d| d.topic == topic && d.names.contains(&name))
}

/// Operators without a file of their own.
const DOCS: &[Doc] = &[
    Doc::operator(
        &["as"],
        "T | as Name",
        "Gives the rows so far a name, which the rest of the query can use like a `let`.",
        "SigninLogs | where ResultType != \"0\" | as Failed | union (Failed | count)",
    ),
    Doc::operator(
        &["consume"],
        "T | consume",
        "Runs the rows and gives none of them.",
        "SigninLogs | consume",
    ),
    Doc::operator(
        &["evaluate"],
        "T | evaluate plugin(argument, …) [: (column:type, …)]",
        "Runs a plugin over the rows. Where a plugin makes columns out of values, the columns behind it name those that are expected; without them they are known once the query has run up to there.",
        "SigninLogs | evaluate bag_unpack(LocationDetails) : (*, city:string)",
    ),
    Doc::operator(
        &["invoke"],
        "T | invoke Function([argument, …])",
        "Calls a function defined with `let` whose first parameter is a table; the rows so far are that table.",
        "let big = (T:(Size:long), least:long) { T | where Size >= least };\nFiles | invoke big(1000)",
    ),
];
