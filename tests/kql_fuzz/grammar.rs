//! Queries made from the grammar: mostly well-formed, over the columns of the test's tables.

use fastrand::Rng;
use rulewright::kql::{aggregates, functions};

/// How deep expressions and brackets nest.
const DEPTH: u32 = 4;

/// A whole query.
pub fn query(rng: &mut Rng) -> String {
    let mut text = String::new();
    for n in 0..rng.u32(..3) {
        match rng.u32(..4) {
            0 => text.push_str(&format!("let T{n} = {};\n", pipe(rng, 2))),
            1 => text.push_str(&format!("let v{n} = {};\n", expression(rng, 2))),
            2 => text.push_str(&format!(
                "let f{n} = (a: long, b: string = \"x\") {{ {} }};\n",
                expression(rng, 2)
            )),
            _ => text.push_str(&format!(
                "let g{n} = (t: (User: string), n: long) {{ t | take n }};\n"
            )),
        }
    }
    text + &pipe(rng, DEPTH)
}

fn one<'a>(rng: &mut Rng, of: &[&'a str]) -> &'a str {
    of.get(rng.usize(..of.len())).copied().unwrap_or("")
}

fn column(rng: &mut Rng) -> &'static str {
    one(
        rng,
        &[
            "TimeGenerated",
            "User",
            "Count",
            "Share",
            "Ok",
            "Took",
            "Extra",
            "x0",
            "x1",
            "v0",
            "T0",
            "nope",
        ],
    )
}

fn source(rng: &mut Rng, depth: u32) -> String {
    match rng.u32(..12) {
        0 => format!("print x0 = {}, x1 = {}", expression(rng, depth), expression(rng, depth)),
        1 => format!("range x0 from {} to {} step {}", literal(rng), literal(rng), literal(rng)),
        2 => "datatable(User: string, Count: long, Extra: dynamic) ['a', 1, dynamic([1]), 'b', long(null), dynamic({\"a\":1})]".to_owned(),
        3 if depth > 0 => format!("union {} ({}), Others", one(rng, &["", "isfuzzy=true", "kind=inner", "withsource=Src"]), pipe(rng, depth - 1)),
        4 if depth > 0 => format!("({})", pipe(rng, depth - 1)),
        5 => one(rng, &["T0", "T1", "f0(1)", "g0(Events, 3)", "search \"ann\"", "find where User == 'ann'"]).to_owned(),
        6 => "Others".to_owned(),
        _ => "Events".to_owned(),
    }
}

/// A source with operators.
pub fn pipe(rng: &mut Rng, depth: u32) -> String {
    let mut text = source(rng, depth);
    for _ in 0..rng.u32(..5) {
        text.push_str(one(rng, &["\n| ", " | ", "|", "\n| // remark\n "]));
        text.push_str(&operator(rng, depth.saturating_sub(1)));
    }
    text
}

fn list(rng: &mut Rng, most: u32, mut item: impl FnMut(&mut Rng) -> String) -> String {
    let count = 1 + rng.u32(..most);
    (0..count).map(|_| item(rng)).collect::<Vec<_>>().join(", ")
}

fn named(rng: &mut Rng, depth: u32) -> String {
    match rng.u32(..3) {
        0 => format!("x{} = {}", rng.u32(..3), expression(rng, depth)),
        1 => column(rng).to_owned(),
        _ => expression(rng, depth),
    }
}

fn aggregate(rng: &mut Rng, depth: u32) -> String {
    let all: Vec<_> = aggregates::all().collect();
    let Some(found) = all.get(rng.usize(..all.len())) else {
        return "count()".to_owned();
    };
    let (fewest, most) = found.arity();
    let count = rng.usize(fewest..=most.max(fewest).min(fewest + 2));
    let args: Vec<String> = (0..count).map(|_| expression(rng, depth.min(1))).collect();
    match rng.u32(..8) {
        0 => format!("arg_max({}, *)", column(rng)),
        1 => format!("take_any({})", column(rng)),
        2 => format!("percentiles({}, 5, 50, 95)", column(rng)),
        _ => format!("{}({})", found.name(), args.join(", ")),
    }
}

fn operator(rng: &mut Rng, depth: u32) -> String {
    let keys = |rng: &mut Rng| {
        list(rng, 2, |r| {
            format!(
                "{} {}",
                column(r),
                one(r, &["", "asc", "desc", "asc nulls last"])
            )
        })
    };
    match rng.u32(..40) {
        0..=4 => format!("where {}", expression(rng, depth)),
        5..=8 => format!("extend {}", list(rng, 3, |r| named(r, depth))),
        9..=10 => format!("project {}", list(rng, 3, |r| named(r, depth))),
        11..=14 => {
            let by = if rng.bool() {
                format!(" by {}", list(rng, 2, |r| named(r, 1)))
            } else {
                String::new()
            };
            format!("summarize {}{by}", list(rng, 2, |r| aggregate(r, depth)))
        }
        15 => format!("sort by {}", keys(rng)),
        16 => format!("top {} by {}", literal(rng), keys(rng)),
        17 => format!("take {}", rng.i32(-2..9)),
        18 => format!("distinct {}", list(rng, 2, |r| column(r).to_owned())),
        19..=20 if depth > 0 => format!(
            "join kind={} ({}) on {}",
            one(
                rng,
                &[
                    "inner",
                    "innerunique",
                    "leftouter",
                    "rightouter",
                    "fullouter",
                    "leftanti",
                    "rightanti",
                    "leftsemi",
                    "rightsemi"
                ]
            ),
            pipe(rng, depth - 1),
            one(
                rng,
                &[
                    "User",
                    "$left.User == $right.User",
                    "Count, Ok",
                    "$left.Count == $right.Share"
                ]
            )
        ),
        21 if depth > 0 => format!("lookup ({}) on User", pipe(rng, depth - 1)),
        22 if depth > 0 => format!("union ({})", pipe(rng, depth - 1)),
        23..=24 => format!(
            "mv-expand {}{}",
            one(rng, &["", "with_itemindex=i "]),
            one(
                rng,
                &[
                    "Extra",
                    "x0 = Extra.list to typeof(long)",
                    "Extra.list, Extra.a",
                    "Extra limit 2"
                ]
            )
        ),
        25 if depth > 0 => format!(
            "mv-apply e = Extra.list to typeof(string) on ({})",
            operator(rng, depth - 1)
        ),
        26 => format!(
            "parse {} User with {}",
            one(rng, &["", "kind=relaxed", "kind=regex flags=i"]),
            one(
                rng,
                &["'a' x0 'n'", "* 'r' x0: long", "x0 '.' x1", "'(' x0"]
            )
        ),
        27 => one(
            rng,
            &[
                "project-away Extra",
                "project-keep U*",
                "project-rename x1 = User",
                "project-reorder T* asc",
                "count",
                "getschema",
                "serialize x0 = row_number()",
                "as Named",
            ],
        )
        .to_owned(),
        28 => format!(
            "make-series {} on {} step {}",
            aggregate(rng, 1),
            column(rng),
            literal(rng)
        ),
        29 => one(
            rng,
            &[
                "evaluate bag_unpack(Extra)",
                "evaluate pivot(User, count())",
                "evaluate narrow()",
                "evaluate bag_unpack(Extra) | where a == 1",
            ],
        )
        .to_owned(),
        30 => format!(
            "scan declare (s: long = 0) with (step a: {} => s = s + 1; step b output=last: Count > 2;)",
            expression(rng, 1)
        ),
        31 if depth > 0 => format!("partition by User ({})", operator(rng, depth - 1)),
        32 => "top-nested 2 of User by count(), top-nested 1 of Ok by sum(Count)".to_owned(),
        33 => one(
            rng,
            &[
                "sample 3",
                "sample-distinct 2 of User",
                "reduce by User",
                "facet by User, Ok",
                "fork (take 1) (count)",
                "parse-kv User as (a: long, b: string) with (pair_delimiter=' ', kv_delimiter='=')",
                "search \"a*\"",
                "render timechart",
                "consume",
                "top-hitters 2 of User",
            ],
        )
        .to_owned(),
        34 if depth > 0 => format!("where User in ({} | project User)", pipe(rng, depth - 1)),
        35 => "invoke g0(2)".to_owned(),
        36 => format!("where * has {}", literal(rng)),
        _ => format!("extend x{} = {}", rng.u32(..3), expression(rng, depth)),
    }
}

fn literal(rng: &mut Rng) -> String {
    match rng.u32(..16) {
        0 => "''".to_owned(),
        1 => "\"ann\"".to_owned(),
        2 => "@'\\d+(a|b)*'".to_owned(),
        3 => "1.5e308".to_owned(),
        4 => "9223372036854775807".to_owned(),
        5 => "long(null)".to_owned(),
        6 => "datetime(2024-01-31T12:00:00.1234567Z)".to_owned(),
        7 => one(
            rng,
            &[
                "1d",
                "0s",
                "-3h",
                "1tick",
                "time(365.00:00:00)",
                "10675199d",
            ],
        )
        .to_owned(),
        8 => "dynamic({\"a\":[1,{\"b\":null}]})".to_owned(),
        9 => "dynamic(null)".to_owned(),
        10 => "true".to_owned(),
        11 => "guid(74be27de-1e4e-49d9-b579-fe0b331d3642)".to_owned(),
        12 => "decimal(1.5)".to_owned(),
        13 => "-1".to_owned(),
        14 => format!("{}", rng.i64(..)),
        _ => rng.u8(..20).to_string(),
    }
}

/// A scalar expression.
pub fn expression(rng: &mut Rng, depth: u32) -> String {
    if depth == 0 {
        return if rng.bool() {
            column(rng).to_owned()
        } else {
            literal(rng)
        };
    }
    let d = depth - 1;
    match rng.u32(..20) {
        0..=2 => column(rng).to_owned(),
        3 => literal(rng),
        4..=5 => format!(
            "{} {} {}",
            expression(rng, d),
            one(
                rng,
                &[
                    "==",
                    "!=",
                    "<",
                    ">=",
                    "=~",
                    "!~",
                    "has",
                    "!has",
                    "contains",
                    "startswith_cs",
                    "hasprefix",
                    "endswith",
                    "matches regex"
                ]
            ),
            expression(rng, d)
        ),
        6 => format!(
            "({}) {} ({})",
            expression(rng, d),
            one(rng, &["+", "-", "*", "/", "%", "and", "or"]),
            expression(rng, d)
        ),
        7 => format!(
            "{} {} ({})",
            column(rng),
            one(rng, &["in", "!in", "in~", "has_any", "has_all"]),
            list(rng, 3, |r| expression(r, d))
        ),
        8 => format!(
            "{} between ({} .. {})",
            expression(rng, d),
            expression(rng, d),
            expression(rng, d)
        ),
        9 => format!(
            "Extra{}",
            one(
                rng,
                &[
                    ".a.b",
                    "[0]",
                    ".list[-1]",
                    "['a']",
                    ".a[User]",
                    "[\"list\"][2]"
                ]
            )
        ),
        10 => format!("not({})", expression(rng, d)),
        11 => format!("-({})", expression(rng, d)),
        12 => format!("toscalar({})", pipe(rng, d.min(1))),
        _ => call(rng, d),
    }
}

fn call(rng: &mut Rng, depth: u32) -> String {
    let all: Vec<_> = functions::all().collect();
    let Some(found) = all.get(rng.usize(..all.len())) else {
        return "now()".to_owned();
    };
    let (fewest, most) = found.arity();
    let count = rng.usize(fewest..=most.min(fewest + 2).max(fewest));
    let args: Vec<String> = (0..count).map(|_| expression(rng, depth)).collect();
    format!("{}({})", found.name(), args.join(", "))
}
