//! Words that cannot be a name without brackets: `['date']`. All others are names or keywords by their place.

/// Words that are never a bare name. Sorted.
#[rustfmt::skip]
const RESERVED: [&str; 128] = [
    "__contextual_datatable", "__crossCluster", "__crossDB", "__executeAndCache", "__id",
    "__isFuzzy", "__noWithSource", "__packedColumn", "__projectAway", "__sourceColumnIndex", "and",
    "anomalychart", "areachart", "asc", "bagexpansion", "barchart", "between", "bin_legacy",
    "boolean", "byte", "cachingpolicy", "callout", "cancel", "card", "char", "columnchart",
    "contains_cs", "containscs", "cycles", "dataexport", "datascope", "date", "datetime", "decimal",
    "decodeblocks", "desc", "double", "dynamic", "encodingpolicy", "endswith", "endswith_cs",
    "expandoutput", "extent_tags_retention", "external_data", "first", "flags", "float",
    "force_remote", "harddelete", "hardretention", "has_all", "has_any", "has_cs", "hasprefix",
    "hasprefix_cs", "hassuffix", "hassuffix_cs", "hotcache", "int", "int16", "int32", "int64",
    "int8", "isfuzzy", "journal", "ladderchart", "last", "like", "likecs", "linechart", "long",
    "missing", "nooptimization", "notcontains", "notcontainscs", "notlike", "notlikecs", "or",
    "others", "pathformat", "piechart", "pivotchart", "project", "queries", "query_results", "real",
    "relaxed", "restricted_view_access", "row_level_security", "rowstore", "rowstore_references",
    "rowstore_sealinfo", "rowstorepolicy", "rowstores", "scatterchart", "seal", "seals", "shards",
    "simple", "softdelete", "softretention", "stackedareachart", "startswith", "startswith_cs",
    "statistics", "storedqueryresultcontainers", "string", "tablepurge", "time", "timechart",
    "timeline", "timepivot", "timespan", "treemap", "uint", "uint16", "uint32", "uint64", "uint8",
    "ulong", "union", "uniqueid", "unrestrictedviewers", "views", "with_itemindex", "with_match_id",
    "with_step_name", "writeaheadlog",
];

/// Words that may name a new column, and not stand for one. Sorted.
#[rustfmt::skip]
const NOT_REFERENCED: [&str; 27] = [
    "accumulate", "as", "by", "contains", "datatable", "earliest", "externaldata", "find", "has",
    "in", "invoke", "latest", "materialize", "mdm", "of", "print", "sample", "search", "set", "sql",
    "title", "to", "toscalar", "totable", "verbose", "viewers", "where",
];

/// Words that may stand for a column, and not name a new one. Sorted.
const NOT_DECLARED: [&str; 3] = ["kind", "with_source", "withsource"];

fn among(list: &[&str], word: &str) -> bool {
    list.binary_search(&word).is_ok()
}

/// Whether a new column of this name needs brackets.
pub fn not_declared(word: &str) -> bool {
    among(&RESERVED, word) || among(&NOT_DECLARED, word)
}

/// Whether a column of this name needs brackets where it is used.
pub fn not_referenced(word: &str) -> bool {
    among(&RESERVED, word) || among(&NOT_REFERENCED, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(RESERVED.is_sorted() && NOT_REFERENCED.is_sorted() && NOT_DECLARED.is_sorted());
        assert!(not_declared("date") && not_declared("kind") && !not_declared("type"));
        assert!(not_referenced("title") && !not_referenced("kind"));
    }
}
