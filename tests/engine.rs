//! The engine's shortcuts give what the plain way gives: a row passes a filter, and gets a value, whether it stands
//! alone or among thousands, whether its columns have dictionaries or not, and whether the catalog keeps paths and
//! spans between runs or not. And a run ends soon after it is cancelled, and at its limits.

use rulewright::kql::run::memo::Memo;
use rulewright::kql::{self, Catalog, Options};
use rulewright::task::CancelToken;
use rulewright::value::{Column, ColumnBuilder, Lineage, Table, Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

struct Tables {
    tables: BTreeMap<String, Arc<Table>>,
    memo: Option<Memo>,
}

impl Catalog for Tables {
    fn table_names(&self) -> Vec<String> {
        self.tables.keys().cloned().collect()
    }
    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        let table = self.tables.get(table)?;
        Some(table.schema().map(|(n, t)| (n.to_owned(), t)).collect())
    }
    fn table(&self, table: &str) -> Option<Arc<Table>> {
        self.tables.get(table).cloned()
    }
    fn memo(&self) -> Option<&Memo> {
        self.memo.as_ref()
    }
}

fn catalog(table: Table, memo: bool) -> Tables {
    Tables {
        tables: [("T".to_owned(), Arc::new(table))].into(),
        memo: memo.then(Memo::default),
    }
}

const COLUMNS: [(&str, Type, bool); 9] = [
    ("at", Type::DateTime, false),
    ("whole", Type::Long, false),
    ("small", Type::Int, false),
    ("share", Type::Real, false),
    ("flag", Type::Bool, false),
    ("coded", Type::String, true),
    ("plain", Type::String, false),
    ("bag", Type::Dynamic, false),
    ("coded_bag", Type::Dynamic, true),
];
const NOW: i64 = 638_000_000_000_000_000;
const HOUR: i64 = 36_000_000_000;

fn random(rng: &mut fastrand::Rng, ty: Type, row: usize) -> Value {
    if ty != Type::DateTime && rng.u8(..6) == 0 || rng.u16(..400) == 0 {
        return Value::Null;
    }
    match ty {
        // Rising, with some out of order: blocks inside, outside and across a bound.
        Type::DateTime => {
            Value::DateTime(NOW - (9_000 - row as i64) * HOUR / 60 + rng.i64(-5..5) * HOUR)
        }
        Type::Long => Value::Long(rng.i64(-20..20)),
        Type::Int => Value::Int(rng.i32(-20..20)),
        Type::Real => Value::Real([f64::NAN, -0.5, 0.0, 2.0, 7.25][rng.usize(..5)]),
        Type::Bool => Value::Bool(rng.bool()),
        Type::String => {
            let texts = [
                "",
                "Alpha beta",
                "alpha",
                "BETA_gamma",
                "zoë",
                "İx",
                "a.b",
                "10.0.0.7",
                "7",
            ];
            let text = texts[rng.usize(..texts.len())];
            Value::String(Arc::from(match rng.u8(..3) {
                0 => format!("{text} {}", rng.u8(..20)),
                _ => text.to_owned(),
            }))
        }
        _ => {
            let json = match rng.u8(..7) {
                0 => r#"{"user":{"name":"Zoë \"Z\"","n":3},"list":["a","b"]}"#.to_owned(),
                1 => r#"["alpha","beta"]"#.to_owned(),
                2 => r#""alpha text""#.to_owned(),
                3 => "17".to_owned(),
                4 => format!(r#"{{"user":{{"name":"USER.{}"}},"list":[]}}"#, rng.u8(..30)),
                5 => r#"{"user":null,"list":[1,null,{"x":true}]}"#.to_owned(),
                _ => r#"{"user":{"name":"alpha"},"list":"text"}"#.to_owned(),
            };
            Value::Dynamic(Arc::new(serde_json::from_str(&json).expect("JSON")))
        }
    }
}

fn coded(column: &Column) -> Column {
    let mut builder =
        arrow_array::builder::StringDictionaryBuilder::<arrow_array::types::Int32Type>::new();
    for row in 0..column.len() {
        builder.append_option((!column.is_null(row)).then(|| column.text(row)));
    }
    Column {
        ty: column.ty,
        array: Arc::new(builder.finish()),
    }
}

fn table(values: &[Vec<Value>], rows: &[usize]) -> Table {
    let columns = COLUMNS
        .iter()
        .zip(values)
        .map(|((name, ty, code), values)| {
            let mut builder = match code {
                true => ColumnBuilder::new(*ty),
                false => ColumnBuilder::plain(*ty),
            };
            for row in rows {
                builder.push(&values[*row]);
            }
            let column = builder.finish();
            let column = match (code, ty) {
                (true, Type::Dynamic) => coded(&column),
                _ => column,
            };
            ((*name).to_owned(), column)
        });
    let mut table = Table::new(columns.collect());
    table.lineage = Some(Lineage::single(rows.iter().map(|r| *r as u32)));
    table
}

const PREDICATES: &[&str] = &[
    "at > ago(1d)",
    "at >= ago(50h) and at < ago(10h)",
    "at between (ago(3d) .. ago(1d))",
    "at !between (ago(3d) .. ago(1d))",
    "at == ago(1d) or whole != 3",
    "ago(1d) < at",
    "whole > 3 and whole <= 10",
    "whole == small",
    "whole < 5.5",
    "small between (2 .. 9)",
    "share > 0 or share < 0",
    "share != 2 and share >= -1",
    "flag or whole > 15",
    "not(flag) and share > 1",
    "flag and coded == 'alpha' or plain != 'alpha' and not(flag)",
    "coded has 'alpha'",
    "plain has 'BETA' and plain !has 'gamma' or coded == plain",
    "plain contains 'LPHA' and coded !contains 'zo'",
    "coded has_any ('beta', '10.0.0.7', 'x')",
    "plain has_all ('alpha', 'beta')",
    "bag has_any ('alpha', 'zoë')",
    "coded_bag has 'name' or bag contains 'text'",
    "coded in ('alpha', '7', '') or plain !in~ ('ALPHA', 'zoë')",
    "whole in (1, 2, 3)",
    "plain matches regex @'^[a-z]+ \\d$' or coded matches regex 'b.t'",
    "coded > 'b' and plain <= 'alpha beta'",
    "coded == plain",
    "bag.user.name == 'alpha' or coded_bag.user.name startswith 'USER'",
    "isnotempty(tostring(coded_bag.user.name)) and isempty(bag.list[0])",
    "array_length(coded_bag.list) == 2 or array_length(bag) > 0",
    "isnull(whole) or isnotnull(at) and flag",
    "plain startswith 'ALP' and coded endswith 'a' and whole > -5",
];

const VALUES: &[&str] = &[
    "tolower(tostring(coded_bag.user.name))",
    "toupper(tostring(bag.user.name))",
    "tostring(bag)",
    "tostring(coded_bag)",
    "bag.list[-1]",
    "coded_bag['list'][1]",
    "strcat(coded, '-', plain, whole)",
    "strlen(plain)",
    "extract(@'(\\d+)$', 1, plain)",
    "iff(flag, coded, plain)",
    "case(whole > 3, 'high', whole < -3, 'low', plain)",
    "bin(at, 1h)",
    "bin(whole, 7)",
    "at + 1h - 10m",
    "whole * small + 1",
    "share / small",
    "toupper(plain)",
    "tolower(coded)",
    "coalesce(plain, coded)",
    "isnotempty(plain)",
    "split(plain, ' ')[0]",
    "toint(plain)",
    "not(flag)",
    "at between (ago(1d) .. ago(2h))",
];

struct Data {
    all: [Tables; 2],
    alone: Vec<(usize, Tables)>,
}

fn data(seed: u64) -> Data {
    let mut rng = fastrand::Rng::with_seed(seed);
    // More than two blocks.
    let rows = 9_000;
    let values: Vec<Vec<Value>> = COLUMNS
        .iter()
        .map(|(_, ty, _)| (0..rows).map(|row| random(&mut rng, *ty, row)).collect())
        .collect();
    let every: Vec<usize> = (0..rows).collect();
    let alone = (0..60).map(|_| rng.usize(..rows));
    Data {
        alone: alone
            .map(|row| (row, catalog(table(&values, &[row]), false)))
            .collect(),
        all: [true, false].map(|memo| catalog(table(&values, &every), memo)),
    }
}

fn run(query: &str, catalog: &Tables) -> Table {
    match kql::run(query, catalog, &Options::at(NOW)) {
        Ok(output) => output.table,
        Err(wrong) => panic!("{query}: {wrong:?}"),
    }
}

/// NaN is as good as NaN.
fn shown(value: &Value) -> String {
    format!("{value:?}")
}

#[test]
fn a_row_passes_a_filter_alone_as_it_does_among_others() {
    let data = data(1);
    for predicate in PREDICATES {
        let query = format!("T | where {predicate}");
        let kept: Vec<Vec<u32>> = data
            .all
            .iter()
            .map(|catalog| {
                // What the first run keeps serves the second.
                let first = run(&query, catalog);
                let again = run(&query, catalog);
                let events = |t: &Table| -> Vec<u32> {
                    let lineage = t.lineage.as_ref().expect("lineage was asked for");
                    (0..t.rows).flat_map(|r| lineage.row(r).to_vec()).collect()
                };
                assert_eq!(events(&first), events(&again), "{predicate}");
                events(&first)
            })
            .collect();
        assert_eq!(kept[0], kept[1], "{predicate}");
        let some = kept[0].len();
        assert!(some > 0 && some < 9_000, "{predicate} says nothing: {some}");
        for (row, catalog) in &data.alone {
            let passes = run(&query, catalog).rows == 1;
            let among = kept[0].binary_search(&(*row as u32)).is_ok();
            assert_eq!(passes, among, "{predicate}, row {row}");
        }
    }
}

#[test]
fn a_row_gets_the_value_alone_that_it_gets_among_others() {
    let data = data(2);
    for value in VALUES {
        // Behind a filter that keeps few rows and one that keeps many: other ways are taken.
        for filter in ["true", "whole > 0", "at > ago(5h)"] {
            let query = format!("T | where {filter} | project V = {value}");
            let [with, without] = data.all.each_ref().map(|catalog| run(&query, catalog));
            let again = run(&query, &data.all[0]);
            let lineage = with.lineage.as_ref().expect("lineage was asked for");
            let mut places = BTreeMap::new();
            for row in 0..with.rows {
                let [a, b, c] = [&with, &without, &again].map(|t| shown(&t.columns[0].value(row)));
                assert_eq!((&a, &a), (&b, &c), "{query}, row {row}");
                places.insert(lineage.row(row)[0] as usize, a);
            }
            for (row, catalog) in &data.alone {
                let alone = run(&query, catalog);
                let alone = (alone.rows == 1).then(|| shown(&alone.columns[0].value(0)));
                assert_eq!(alone.as_ref(), places.get(row), "{query}, row {row}");
            }
        }
    }
}

fn numbers(rows: i64) -> Tables {
    let mut number = ColumnBuilder::new(Type::Long);
    let mut text = ColumnBuilder::plain(Type::String);
    for row in 0..rows {
        number.push(&Value::Long((row * 7_919) % rows));
        text.push_text(&format!("text number {row} of some length, {}", row % 977));
    }
    let columns = [("n", number), ("t", text)];
    let columns = columns.map(|(name, column)| (name.to_owned(), column.finish()));
    catalog(Table::new(columns.into()), false)
}

#[test]
fn a_cancelled_run_ends_soon() {
    let catalog = numbers(300_000);
    for query in [
        "T | extend k = 1 | join kind=inner (T | extend k = 1) on k | count",
        "T | extend s = strcat(t, t, t, tostring(n), t) | extend h = hash_sha256(s) | extend a = strrep(h, 9) | where a has 'x y' | count",
        "T | mv-expand l = range(1, 15, 1) | mv-expand m = range(1, 15, 1) | count",
        "T | where t matches regex @'(\\w+ )*(\\w+ )*(\\w+ )*[xyz]{4}$' | count",
        "T | extend a = reverse(t) | sort by a asc, t desc | extend b = reverse(a) | sort by b desc | count",
    ] {
        let cancel = CancelToken::new();
        let options = Options {
            cancel: cancel.clone(),
            // Far more than is made within that time, and still no danger to the machine.
            row_limit: 20_000_000,
            ..Options::at(NOW)
        };
        let (ended, asked) = std::thread::scope(|scope| {
            let run = scope.spawn(|| (kql::run(query, &catalog, &options), Instant::now()));
            std::thread::sleep(Duration::from_millis(60));
            let asked = Instant::now();
            cancel.cancel();
            (run.join().expect("no panic"), asked)
        });
        let (result, ended) = ended;
        if let Err(wrong) = &result {
            let stopped = matches!(wrong[0].code.as_str(), "KQL-cancelled" | "KQL-limit");
            assert!(stopped, "{query}: {wrong:?}");
        }
        // 50 ms on a machine that does nothing else; tests share theirs.
        let late = ended.saturating_duration_since(asked);
        assert!(late < Duration::from_secs(2), "{query}: {late:?}");
    }
}

#[test]
fn a_run_stops_at_its_memory_limit_and_says_where() {
    let catalog = numbers(100_000);
    let query = "T | extend a = strcat(t, t, t) | where a has 'text' | count";
    let options = |memory_limit| Options {
        memory_limit,
        ..Options::at(NOW)
    };
    let wrong = kql::run(query, &catalog, &options(1 << 20)).expect_err("too small");
    assert_eq!(wrong[0].code, "KQL-limit");
    let span = wrong[0].span.expect("a place");
    assert!(query[span.start..span.end].contains("extend"), "{span:?}");
    assert!(wrong[0].message.contains("1 MB"), "{}", wrong[0].message);
    assert!(kql::run(query, &catalog, &options(1 << 30)).is_ok());
    // The table itself does not count.
    assert!(kql::run("T", &catalog, &options(1 << 20)).is_ok());
    // Gathered rows of the result do.
    let wrong = kql::run("T | where n > 10", &catalog, &options(1 << 20)).expect_err("too small");
    assert_eq!(wrong[0].code, "KQL-limit");
}
