//! What a scheduled run can see: the rows of its period up to its clock. Rows of a later time have not happened yet.

use crate::kql::run::frame::Rows;
use crate::kql::run::memo::Memo;
use crate::kql::run::zones;
use crate::kql::{Catalog, Late};
use crate::task::CancelToken;
use crate::value::{Column, Lineage, Table, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{BooleanArray, PrimitiveArray, UInt32Array};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// The column that Sentinel's schedule looks at.
const TIME: &str = "TimeGenerated";

/// A catalog whose tables end at a clock and, where a period is given, begin a period before it:
/// `now - period < TimeGenerated <= now`. Tables without `TimeGenerated` are passed on as they are.
pub struct Window<'a> {
    inner: &'a dyn Catalog,
    now: i64,
    period: Option<i64>,
    cut: Mutex<HashMap<String, Arc<Table>>>,
}

impl<'a> Window<'a> {
    /// The view of a catalog at a clock; both in ticks.
    pub fn new(inner: &'a dyn Catalog, now: i64, period: Option<i64>) -> Self {
        Self {
            inner,
            now,
            period,
            cut: Mutex::default(),
        }
    }
}

impl Catalog for Window<'_> {
    fn table_names(&self) -> Vec<String> {
        self.inner.table_names()
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        self.inner.schema(table)
    }

    fn external(&self, address: &str) -> Option<Result<Vec<u8>, String>> {
        self.inner.external(address)
    }

    fn watchlist_names(&self) -> Vec<String> {
        self.inner.watchlist_names()
    }

    fn watchlist(&self, alias: &str) -> Option<Result<crate::kql::Watchlist, String>> {
        self.inner.watchlist(alias)
    }

    fn table(&self, name: &str) -> Option<Arc<Table>> {
        if let Ok(cut) = self.cut.lock()
            && let Some(table) = cut.get(name)
        {
            return Some(Arc::clone(table));
        }
        let whole = self.inner.table(name)?;
        let first = self.period.map(|p| self.now.saturating_sub(p));
        let table = cut_table(whole, first, self.now)?;
        if let Ok(mut cut) = self.cut.lock() {
            cut.insert(name.to_owned(), Arc::clone(&table));
        }
        Some(table)
    }

    fn memo(&self) -> Option<&Memo> {
        self.inner.memo()
    }

    fn late(&self, name: &str) -> Option<(Arc<dyn Late>, Option<Rows>)> {
        let (table, rows) = self.inner.late(name)?;
        let schema = table.schema();
        let is_time = |(name, ty): &(String, Type)| name == TIME && *ty == Type::DateTime;
        let Some(at) = schema.iter().position(is_time) else {
            return Some((table, rows));
        };
        if rows.is_some() {
            return None;
        }
        // The times of events are known: nothing is read for them.
        let rows = self.rows(table.whole(at, &CancelToken::new()).ok()?)?;
        Some((table, rows))
    }

    /// The whole table and the rows of the window: nothing is copied, and what is kept of the whole table serves.
    fn visible(&self, name: &str) -> Option<(Arc<Table>, Option<Rows>)> {
        let (table, rows) = self.inner.visible(name)?;
        let times = table
            .column(TIME)
            .filter(|c| c.ty == Type::DateTime)
            .and_then(|c| Some((c, c.array.as_primitive_opt::<Int64Type>()?)));
        let (Some((column, times)), None) = (times, &rows) else {
            return match rows {
                None => Some((table, None)),
                Some(_) => Some((self.table(name)?, None)),
            };
        };
        let rows = self.within(column, times);
        Some((table, rows))
    }
}

impl Window<'_> {
    /// The rows of the window, by the column of times; none for all.
    fn rows(&self, column: &Column) -> Option<Option<Rows>> {
        let times = column.array.as_primitive_opt::<Int64Type>()?;
        Some(self.within(column, times))
    }

    fn within(&self, column: &Column, times: &PrimitiveArray<Int64Type>) -> Option<Rows> {
        let first = match self.period {
            Some(period) => self.now.saturating_sub(period).saturating_add(1),
            None => i64::MIN,
        };
        let zones = self.memo().and_then(|m| m.zones(column));
        let rows = zones::within(times, zones.as_deref(), &(first..=self.now));
        rows.map(|r| Arc::new(UInt32Array::from(r)))
    }
}

/// The rows with `after < TimeGenerated <= until`; the table itself where that is all of them.
/// None for a table whose columns are not of one length.
fn cut_table(table: Arc<Table>, after: Option<i64>, until: i64) -> Option<Arc<Table>> {
    let Some(times) = table
        .column(TIME)
        .filter(|c| c.ty == Type::DateTime)
        .and_then(|c| c.array.as_primitive_opt::<Int64Type>())
    else {
        return Some(table);
    };
    // A row without a time lies in no window.
    let keep: BooleanArray = times
        .iter()
        .map(|t| Some(t.is_some_and(|t| t <= until && after.is_none_or(|a| t > a))))
        .collect();
    let rows = keep.true_count();
    if rows == table.rows {
        return Some(table);
    }
    let mut columns = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let array = arrow_select::filter::filter(&column.array, &keep).ok()?;
        columns.push(Column {
            ty: column.ty,
            array,
        });
    }
    let lineage = table.lineage.as_ref().map(|whole| {
        let mut lineage = Lineage::new();
        for row in (0..table.rows).filter(|&row| keep.value(row)) {
            lineage.push(whole.row(row).iter().copied());
        }
        lineage
    });
    Some(Arc::new(Table {
        names: table.names.clone(),
        columns,
        rows,
        lineage,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{ColumnBuilder, Value};

    #[test]
    fn the_window_is_open_at_its_start_and_closed_at_its_end() {
        let mut times = ColumnBuilder::new(Type::DateTime);
        for t in [10, 20, 30, 40] {
            times.push(&Value::DateTime(t));
        }
        times.push(&Value::Null);
        let mut table = Table::new(vec![(TIME.to_owned(), times.finish())]);
        table.lineage = Some(Lineage::single([0, 1, 2, 3, 4]));
        let cut = cut_table(Arc::new(table), Some(10), 30).unwrap();
        assert_eq!(cut.rows, 2);
        assert_eq!(cut.row(0), [Value::DateTime(20)]);
        let lineage = cut.lineage.as_ref().unwrap();
        assert_eq!((lineage.row(0), lineage.row(1)), (&[1][..], &[2][..]));
    }
    struct One(Arc<Table>);

    impl Catalog for One {
        fn table_names(&self) -> Vec<String> {
            vec!["T".to_owned()]
        }
        fn schema(&self, _: &str) -> Option<Vec<(String, Type)>> {
            None
        }
        fn table(&self, _: &str) -> Option<Arc<Table>> {
            Some(Arc::clone(&self.0))
        }
    }

    #[test]
    fn the_rows_that_can_be_seen_are_those_of_the_cut_table() {
        let mut times = ColumnBuilder::new(Type::DateTime);
        for t in [40, 10, 20, 30, 40, 20] {
            times.push(&Value::DateTime(t));
        }
        times.push(&Value::Null);
        let one = One(Arc::new(Table::new(vec![(
            TIME.to_owned(),
            times.finish(),
        )])));
        for (now, period) in [
            (30, Some(20)),
            (30, None),
            (99, None),
            (99, Some(200)),
            (5, Some(1)),
            (40, Some(0)),
        ] {
            let window = Window::new(&one, now, period);
            let cut = window.table("T").unwrap();
            let (table, rows) = window.visible("T").unwrap();
            let all = (0..table.rows as u32).collect();
            let rows = rows.map_or(all, |r| r.values().to_vec());
            let seen: Vec<Value> = rows
                .iter()
                .map(|r| table.columns[0].value(*r as usize))
                .collect();
            let wanted: Vec<Value> = (0..cut.rows).map(|r| cut.columns[0].value(r)).collect();
            assert_eq!(seen, wanted, "{now} {period:?}");
        }
    }
}
