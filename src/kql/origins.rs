//! What a plan makes of the rows of the one table it reads, where that can be said of each row by itself: which columns
//! its own come from, and which rows it leaves out. Such a plan can be taken apart: its rows without their columns,
//! or one column of all rows.

use super::plan::{Expr, Item, Kind, Operator, Plan, ScalarBody, Schema, Source, Stage};
use super::run::frame::Frame;
use super::run::{Runtime, Stop};
use crate::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where a column comes from, in an operator that gives one row for each row, in the same order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A column of the input as it is.
    Same(usize),
    /// Computed, row by row, from these columns of the input.
    Of(BTreeSet<usize>),
}

/// Where the rows of a result come from: each from one row of the table, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins {
    /// Where each column comes from.
    pub columns: Vec<Origin>,
    /// The table's columns that decide which of its rows are left out; none where each row of it gives one.
    pub filter: Option<BTreeSet<usize>>,
}

impl Origin {
    /// Where the value of an expression comes from; none where it depends on more than the row's own columns.
    pub fn of(expr: &Expr) -> Option<Self> {
        if let Kind::Column(at) = expr.kind {
            return Some(Self::Same(at));
        }
        let mut columns = BTreeSet::new();
        expr.reads(&mut columns).then_some(Self::Of(columns))
    }

    /// The same, seen from before the input's own origins.
    fn before(self, input: &[Origin]) -> Option<Self> {
        match self {
            Self::Same(at) => input.get(at).cloned(),
            Self::Of(columns) => Some(Self::Of(read_by(&columns, input)?)),
        }
    }
}

/// The columns that some columns come from.
fn read_by(columns: &BTreeSet<usize>, origins: &[Origin]) -> Option<BTreeSet<usize>> {
    let mut all = BTreeSet::new();
    for at in columns {
        match origins.get(*at)? {
            Origin::Same(at) => {
                all.insert(*at);
            }
            Origin::Of(of) => all.extend(of),
        }
    }
    Some(all)
}

impl Expr {
    /// A null of its type, to stand where nobody looks.
    pub fn nothing(&self) -> Self {
        Self::constant(Value::Null, self.type_or_dynamic(), self.span)
    }

    /// Adds the columns that it reads. False where its value depends on more than those: on other rows,
    /// on the number of the row, on a table.
    pub fn reads(&self, into: &mut BTreeSet<usize>) -> bool {
        match &self.kind {
            Kind::Const(_) => true,
            Kind::Column(at) => {
                into.insert(*at);
                true
            }
            Kind::Error | Kind::Window(..) => false,
            Kind::Shared(shared) => match &shared.body {
                ScalarBody::Expr(expr) => expr.reads(into),
                ScalarBody::Table(_) => false,
            },
            Kind::Call(function, args) => {
                !matches!(function.name(), "rand" | "new_guid")
                    && args.iter().all(|a| a.reads(into))
            }
            Kind::Compare(_, a, b)
            | Kind::Arithmetic(_, a, b)
            | Kind::And(a, b)
            | Kind::Or(a, b)
            | Kind::Text(_, _, _, a, b)
            | Kind::Index(a, b) => a.reads(into) && b.reads(into),
            Kind::Between(a, b, c, _) => a.reads(into) && b.reads(into) && c.reads(into),
            Kind::HasList(_, a, items) | Kind::In(_, _, a, items) => {
                a.reads(into)
                    && items.iter().all(|item| match item {
                        Item::Scalar(expr) => expr.reads(into),
                        Item::Table(_) => false,
                    })
            }
            Kind::Path(a, _) | Kind::Convert(a) => a.reads(into),
        }
    }
}

impl Plan {
    /// Where its rows come from in the one table that it reads; none where a row is made of more than one row of that
    /// table, or in another order.
    pub fn origins(&self) -> Option<Origins> {
        let mut origins = match &self.source {
            Source::Table(_) => {
                let schema = self.steps.first().map_or(&self.schema, |s| &s.input);
                Origins {
                    columns: (0..schema.len()).map(Origin::Same).collect(),
                    filter: None,
                }
            }
            Source::Plan(inner) => inner.origins()?,
            Source::Operator(_) | Source::Error => return None,
        };
        for stage in &self.steps {
            if let Some(columns) = stage.operator.filters() {
                let columns = read_by(&columns, &origins.columns)?;
                origins.filter.get_or_insert_default().extend(columns);
                continue;
            }
            let own = stage.operator.origins(origins.columns.len())?;
            let composed = own.into_iter().map(|o| o.before(&origins.columns));
            origins.columns = composed.collect::<Option<_>>()?;
        }
        (origins.columns.len() == self.schema.len()).then_some(origins)
    }

    /// The same rows without columns, where it has [origins](Plan::origins).
    pub(super) fn rows_only(&self) -> Option<Plan> {
        self.apart(Vec::new(), true)
    }

    /// One column of all rows of the table, also of those that are left out, where it has [origins](Plan::origins).
    pub(super) fn column_of_all(&self, at: usize) -> Option<Plan> {
        self.apart(vec![at], false)
    }

    fn apart(&self, columns: Vec<usize>, filters: bool) -> Option<Plan> {
        self.origins()?;
        let wanted = columns.iter().copied().collect();
        let mut plan = self.narrowed(wanted, filters, true)?;
        let schema = columns.iter().map(|at| self.schema.get(*at).cloned());
        let schema: Schema = schema.collect::<Option<_>>()?;
        plan.steps.push(Stage {
            span: self.span,
            operator: Arc::new(Only(columns)),
            input: self.schema.clone(),
            schema: schema.clone(),
        });
        plan.schema = schema;
        Some(plan)
    }

    /// The same where nothing is computed but the columns that are wanted (at their places) and, where filters stay,
    /// what those look at. `last`: nothing comes behind it that counts columns.
    fn narrowed(&self, wanted: BTreeSet<usize>, filters: bool, last: bool) -> Option<Plan> {
        let mut wanted = wanted;
        let mut steps = Vec::new();
        for stage in self.steps.iter().rev() {
            let mut operator = Arc::clone(&stage.operator);
            if let Some(columns) = operator.filters() {
                if !filters {
                    continue;
                }
                wanted.extend(columns);
            } else if wanted.is_empty() && steps.is_empty() && last {
                continue;
            } else {
                let origins = operator.origins(stage.input.len())?;
                if let Some(narrowed) = operator.narrowed(&wanted) {
                    operator = narrowed;
                }
                wanted = read_by(&wanted, &origins)?;
            }
            steps.push(Stage {
                span: stage.span,
                operator,
                input: stage.input.clone(),
                schema: stage.schema.clone(),
            });
        }
        let source = match &self.source {
            Source::Table(name) => Source::Table(name.clone()),
            Source::Plan(inner) => {
                let last = last && steps.is_empty();
                Source::Plan(Arc::new(inner.narrowed(wanted, filters, last)?))
            }
            Source::Operator(_) | Source::Error => return None,
        };
        steps.reverse();
        Some(Plan {
            id: self.id,
            source,
            alias: self.alias.clone(),
            span: self.span,
            steps,
            schema: self.schema.clone(),
            serialized: self.serialized,
            open: self.open,
        })
    }
}

/// These columns and no others.
#[derive(Debug)]
struct Only(Vec<usize>);

impl Operator for Only {
    fn run(&self, input: Frame, _: &Runtime) -> Result<Frame, Stop> {
        let columns = self.0.iter().filter_map(|at| input.columns.get(*at));
        Ok(input.with_columns(columns.cloned().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kql::{self, Catalog, Options, Prepared};
    use crate::value::{Column, ColumnBuilder, Lineage, Table, Type};

    /// Three columns; a row is `n`, `n % 3` as text, null.
    struct Source(Arc<Table>);

    impl Source {
        fn new() -> Self {
            let column = |ty, value: &dyn Fn(i64) -> Value| -> Column {
                let mut builder = ColumnBuilder::new(ty);
                (0..9).for_each(|n| builder.push(&value(n)));
                builder.finish()
            };
            let text = |n: i64| Value::String((n % 3).to_string().into());
            let mut table = Table::new(vec![
                ("n".to_owned(), column(Type::Long, &Value::Long)),
                ("s".to_owned(), column(Type::String, &text)),
                ("m".to_owned(), column(Type::Long, &|_| Value::Null)),
            ]);
            table.lineage = Some(Lineage::single(0..9_u32));
            Self(Arc::new(table))
        }

        fn prepare(&self, text: &str) -> Prepared {
            kql::prepare(text, self).unwrap()
        }
    }

    impl Catalog for Source {
        fn table_names(&self) -> Vec<String> {
            vec!["T".to_owned()]
        }

        fn schema(&self, _: &str) -> Option<Schema> {
            let columns = self.0.names.iter().zip(&self.0.columns);
            Some(columns.map(|(name, c)| (name.clone(), c.ty)).collect())
        }

        fn table(&self, _: &str) -> Option<Arc<Table>> {
            Some(Arc::clone(&self.0))
        }
    }

    #[test]
    fn filters_are_followed_back_to_the_table() {
        let source = Source::new();
        let filter = |text: &str| -> Option<Option<Vec<usize>>> {
            let origins = source.prepare(text).origins()?;
            Some(origins.filter.map(|at| at.into_iter().collect()))
        };
        assert_eq!(filter("T | extend x = n + m | project x"), Some(None));
        assert_eq!(filter("T | where n > 1"), Some(Some(vec![0])));
        let renamed = "T | project-rename a = m | extend b = strcat(s, a) | where b == 'x' | project n | where n > 1";
        assert_eq!(filter(renamed), Some(Some(vec![0, 1, 2])));
        assert_eq!(
            filter("let R = T | where n > 1; R | extend x = s | where x != ''"),
            Some(Some(vec![0, 1]))
        );
        assert_eq!(filter("T | where 1 == 1"), Some(Some(Vec::new())));
        for other in [
            "T | where rand() > 0.5",
            "T | serialize | where prev(n) > 1",
            "T | where s in ((T | project s))",
            "T | where n > 1 | take 2",
            "T | where n > 1 | sort by n asc",
            "T | where n > toscalar(T | summarize max(n))",
            "T | summarize count() by s | where s != ''",
            "T | parse-where s with 'a' b",
            "union T, T",
            "print n = 1 | where n > 1",
        ] {
            assert_eq!(filter(other), None, "{other}");
        }
    }

    /// What is not asked for is not computed: the hash of a null would be refused.
    #[test]
    fn plans_are_taken_apart() {
        let source = Source::new();
        let text = "T | extend bad = hash(m), x = n * 2 | where x > 6 | project bad, y = strcat(s, '-', x), n | where n != 6 | extend z = hash(bad)";
        let query = source.prepare(text);
        let run = |query: &Prepared| query.run(&source, &Options::at(0));
        assert!(run(&query).is_err());
        let rows = run(&query.rows_only().unwrap()).unwrap().table;
        assert_eq!((rows.columns.len(), rows.rows), (0, 4));
        let lineage = rows.lineage.unwrap();
        let events: Vec<&[u32]> = (0..4).map(|row| lineage.row(row)).collect();
        assert_eq!(events, [&[4], &[5], &[7], &[8]]);
        let one = run(&query.column_of_all(1).unwrap()).unwrap().table;
        assert_eq!((one.names.as_slice(), one.rows), (&["y".to_owned()][..], 9));
        let column = one.columns.first().unwrap();
        assert_eq!((column.text(0), column.text(8)), ("0-0", "2-16"));
        assert!(run(&query.column_of_all(0).unwrap()).is_err());
        assert!(source.prepare("T | take 1").rows_only().is_none());
    }
}
