//! The lineage of a result row is sound: a query over nothing but the events of one row's lineage gives that row
//! again. Random pipelines over two small tables; the same seeds every time.

use rulewright::kql::{self, Catalog, Options};
use rulewright::value::{ColumnBuilder, EventId, Lineage, Table, Type, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What rows a step makes of a subset of its input's rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Each row of its own: one event stays one event.
    Row,
    /// Pairs of rows: one more event.
    Pair,
    /// Groups of rows.
    Group,
}

/// Steps that give of fewer rows no other rows, or groups that are whole. `#` is a small number, `?` a key.
/// All take and give the columns `k: string, n: long, d: dynamic`.
const STEPS: &[(Step, &str)] = &[
    (Step::Row, "where n > #"),
    (Step::Row, "where k != '?'"),
    (Step::Row, "where isnotempty(k) and isnotnull(n)"),
    (Step::Row, "where n in (1, 2, #) or k in~ ('?')"),
    (Step::Row, "extend n = n * 2 + #"),
    (Step::Row, "extend k = tolower(k)"),
    (Step::Row, "extend n = iff(k == '?', n, #)"),
    (Step::Row, "project d, n, k | project-reorder k, n, d"),
    (Step::Row, "sort by n desc, k asc"),
    (Step::Row, "project-rename x = n | project k, n = x + #, d"),
    (
        Step::Row,
        "parse strcat(k, '-', n) with k '-' n:long | project k, n, d",
    ),
    (
        Step::Row,
        "parse-where k with 'a' r | project k = strcat(k, r), n, d",
    ),
    (
        Step::Row,
        "mv-expand d to typeof(long) | project k, n = n + d, d = pack_array(d)",
    ),
    (
        Step::Row,
        "mv-expand with_itemindex=i d | project k = strcat(k, i), n, d = pack_array(d)",
    ),
    (
        Step::Row,
        "mv-apply d to typeof(long) on (where d > #) | project k, n = d, d = pack_array(d)",
    ),
    (
        Step::Row,
        "mv-apply d to typeof(long) on (summarize s = sum(d)) | project k, n = n + s, d = pack_array(s)",
    ),
    (
        Step::Row,
        "mv-apply d to typeof(long) on (top 1 by d desc) | project k, n = d, d = pack_array(d)",
    ),
    (Step::Row, "union (B | where n > #)"),
    (
        Step::Row,
        "union withsource=s B, (A | where k == '?') | project k, n, d",
    ),
    (
        Step::Pair,
        "join kind=inner B on k | project k, n = n + n1, d",
    ),
    (
        Step::Pair,
        "join kind=inner (B | where n > #) on k, n | project k, n, d = d1",
    ),
    (
        Step::Pair,
        "join kind=inner (B | extend j = n + #) on $left.n == $right.j | project k = k1, n, d",
    ),
    (Step::Pair, "join kind=leftsemi (B | where k != '?') on k"),
    (Step::Pair, "join kind=rightsemi B on k"),
    (
        Step::Pair,
        "lookup kind=inner (B | project k, m = n) on k | project k, n = n + m, d",
    ),
    (
        Step::Group,
        "join kind=inner (B | summarize n = sum(n), d = make_list(n) by k) on k | project k, n = n1, d = d1",
    ),
    (Step::Group, "join kind=leftsemi (B | distinct k) on k"),
    (Step::Group, "distinct k, n | extend d = dynamic([1, 2])"),
    (Step::Group, "summarize by k, n | extend d = dynamic([3])"),
    (Step::Group, "summarize n = sum(n), d = make_list(n) by k"),
    (
        Step::Group,
        "summarize n = max(n), d = make_set(n) by k, b = bin(n, 2) | project k, n, d",
    ),
    (Step::Group, "summarize arg_max(n, d) by k"),
    (
        Step::Group,
        "summarize n = count(), d = make_list(k) by k = tolower(k)",
    ),
    (
        Step::Group,
        "summarize n = dcount(n), a = avg(n), p = percentile(n, 50) by k | project k, n, d = pack_array(a, p)",
    ),
    (
        Step::Group,
        "summarize n = sumif(n, k != '?'), d = make_set_if(n, n > #) by k",
    ),
    (
        Step::Group,
        "as X | join kind=inner (X | summarize most = max(n) by k) on k | project k, n = most, d",
    ),
];

/// Steps that may give other rows of fewer ones: only the row itself is certain, so nothing follows them.
const LAST: &[&str] = &[
    "join B on k | project k, n = n1, d",
    "join kind=leftouter (B | where n > #) on k | project k, n = iff(isnull(n1), n, n1), d",
    "join kind=rightouter B on k | project k = k1, n = iff(isnull(n), n1, n), d",
    "join kind=fullouter (B | where k != '?') on k | project k = strcat(k, k1), n, d = d1",
    "join kind=leftanti (B | where n > #) on k",
    "join kind=rightanti B on k",
    "lookup (B | project k, m = n) on k | project k, n = iff(isnull(m), n, m), d",
    "top 2 by n desc",
    "sort by k asc, n desc | take 2",
    // A row even of no rows.
    "summarize n = sum(n), k = take_any(k), d = make_list(k)",
    "count | project k = 'all', n = Count, d = dynamic([1])",
];

struct Tables(BTreeMap<&'static str, Arc<Table>>);

impl Catalog for Tables {
    fn table_names(&self) -> Vec<String> {
        self.0.keys().map(|name| (*name).to_owned()).collect()
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        let table = self.0.get(table)?;
        Some(table.schema().map(|(n, t)| (n.to_owned(), t)).collect())
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        self.0.get(table).cloned()
    }
}

type Rows = Vec<(EventId, &'static str, Option<i64>, String)>;

fn rows(rng: &mut fastrand::Rng, first: EventId) -> Rows {
    (0..rng.u32(3..9))
        .map(|at| {
            let key = ["a", "A", "b", "ab", ""][rng.usize(0..5)];
            let number = (rng.u8(0..8) > 0).then(|| rng.i64(0..5));
            let list: Vec<String> = (0..rng.usize(0..4))
                .map(|_| rng.u8(0..4).to_string())
                .collect();
            (first + at, key, number, format!("[{}]", list.join(",")))
        })
        .collect()
}

/// The rows whose events are wanted.
fn table(rows: &Rows, only: Option<&BTreeSet<EventId>>) -> Arc<Table> {
    let mut k = ColumnBuilder::new(Type::String);
    let mut n = ColumnBuilder::new(Type::Long);
    let mut d = ColumnBuilder::new(Type::Dynamic);
    let mut lineage = Lineage::new();
    for (event, key, number, list) in rows {
        if only.is_none_or(|only| only.contains(event)) {
            k.push_text(key);
            n.push(&number.map_or(Value::Null, Value::Long));
            d.push_text(list);
            lineage.push([*event]);
        }
    }
    let columns = [("k", k), ("n", n), ("d", d)];
    let mut table = Table::new(
        columns
            .map(|(name, b)| (name.to_owned(), b.finish()))
            .to_vec(),
    );
    table.lineage = Some(lineage);
    Arc::new(table)
}

fn fill(rng: &mut fastrand::Rng, text: &str) -> String {
    let mut filled = String::new();
    for c in text.chars() {
        match c {
            '#' => filled.push_str(&rng.u8(0..4).to_string()),
            '?' => filled.push_str(["a", "A", "b", "ab"][rng.usize(0..4)]),
            c => filled.push(c),
        }
    }
    filled
}

/// A pipeline, and most events that a row of it can have, where that is known.
fn pipeline(rng: &mut fastrand::Rng) -> (String, Option<usize>) {
    let mut query = "A".to_owned();
    let mut most = Some(1);
    for _ in 0..rng.usize(1..5) {
        let (step, text) = STEPS[rng.usize(0..STEPS.len())];
        query.push_str(&format!("\n| {}", fill(rng, text)));
        most = match step {
            Step::Row => most,
            Step::Pair => most.map(|most| most + 1),
            Step::Group => None,
        };
    }
    if rng.u8(0..3) == 0 {
        let last = LAST[rng.usize(0..LAST.len())];
        query.push_str(&format!("\n| {}", fill(rng, last)));
        most = most.filter(|_| !last.contains("count") && !last.contains("take_any"));
        most = most.map(|most| most + 1);
    }
    (query, most)
}

fn check(seed: u64) -> usize {
    let mut rng = fastrand::Rng::with_seed(seed);
    let (a, b) = (rows(&mut rng, 0), rows(&mut rng, 1000));
    let (query, most) = pipeline(&mut rng);
    let options = Options::at(0);
    let whole = Tables([("A", table(&a, None)), ("B", table(&b, None))].into());
    let prepared =
        kql::prepare(&query, &whole).unwrap_or_else(|e| panic!("{seed}: {query}\n{e:#?}"));
    let run = |tables: &Tables| {
        let output = prepared.run(tables, &options);
        output
            .unwrap_or_else(|e| panic!("{seed}: {query}\n{e:#?}"))
            .table
    };
    let result = run(&whole);
    let lineage = result.lineage.as_ref().expect("lineage");
    assert_eq!(lineage.len(), result.rows, "{seed}: {query}");
    for row in 0..result.rows {
        let events = lineage.row(row);
        let set: BTreeSet<EventId> = events.iter().copied().collect();
        assert_eq!(set.len(), events.len(), "{seed}: an event twice\n{query}");
        // A row that is made of nothing: `count` of no rows.
        assert!(
            !events.is_empty() || query.contains("| count |") || query.contains("take_any"),
            "{seed}: {query}"
        );
        if let Some(most) = most {
            assert!(
                events.len() <= most,
                "{seed}: {events:?} of at most {most}\n{query}"
            );
        }
        let part = Tables([("A", table(&a, Some(&set))), ("B", table(&b, Some(&set)))].into());
        let again = run(&part);
        let wanted = result.row(row);
        assert!(
            (0..again.rows).any(|r| again.row(r) == wanted),
            "{seed}: {query}\nA {a:?}\nB {b:?}\n{wanted:?} of {events:?} is not in {:?}",
            (0..again.rows).map(|r| again.row(r)).collect::<Vec<_>>()
        );
    }
    result.rows
}

#[test]
fn every_row_comes_again_of_its_own_events() {
    let rows: usize = (0..800).map(check).sum();
    assert!(rows > 1_000, "the pipelines gave {rows} rows only");
}
