//! `ipv4_lookup` and `ipv6_lookup`: rows of another table by the network that an address lies in.

use super::{Call, Planned, Plugin};
use crate::diagnostic::Span;
use crate::kql::bind::operator::Made;
use crate::kql::bind::{Row, unique_name};
use crate::kql::plan::{Kind, Operator, Plan, Schema};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop, keys};
use crate::kql::syntax::tree::{Expr, ExprKind};
use crate::value::{Column, Type, Value};
use arrow_array::UInt32Array;
use std::collections::{BTreeSet, HashMap};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// `ipv4_lookup`
pub const IPV4: Plugin = Plugin {
    name: "ipv4_lookup",
    signature: "ipv4_lookup(table, address, network, [key, ...], [return_unmatched])",
    doc: "Adds the columns of the rows of a table whose network an IPv4 address lies in; further keys must be equal too. Rows without a match are dropped unless `return_unmatched` is true.",
    parameters: &[],
    bind: |call| bind(call, false),
};

/// `ipv6_lookup`
pub const IPV6: Plugin = Plugin {
    name: "ipv6_lookup",
    signature: "ipv6_lookup(table, address, network, [return_unmatched])",
    doc: "Puts the columns of the rows of a table whose network an IPv6 or IPv4 address lies in before the row. Rows without a match are dropped unless `return_unmatched` is true.",
    parameters: &[],
    bind: |call| bind(call, true),
};

#[derive(Debug)]
struct IpLookup {
    table: Arc<Plan>,
    /// The address's column here, the network's column there.
    address: usize,
    network: usize,
    /// Columns that must be equal: here and there.
    equal: Vec<(usize, usize)>,
    /// The columns taken from the table.
    added: Vec<usize>,
    unmatched: bool,
    v6: bool,
    span: Span,
}

/// The value of `return_unmatched`, if the argument is one.
fn flag(call: &mut Call, expr: &Expr) -> Option<bool> {
    let is_column = match &expr.kind {
        ExprKind::Name(name) => call.input.schema.iter().any(|(n, _)| n == name),
        ExprKind::Literal(..) => false,
        _ => return None,
    };
    if is_column {
        return None;
    }
    let value = call.binder.scalar(expr, Row::NONE);
    match crate::kql::bind::names::constant(&value) {
        Some(Value::Bool(b)) => Some(b),
        _ => None,
    }
}

fn bind(call: &mut Call, v6: bool) -> Option<Planned> {
    if call.count() < 3 || !call.no_schema() {
        if call.count() < 3 {
            call.wrong_count();
        }
        return None;
    }
    let table = call.get(0)?;
    let table = call.binder.table(table, Row::NONE);
    let address = call.get(1)?;
    let (address, ty) = call.column(address)?;
    let network = call.get(2)?;
    let value = call.binder.scalar(network, Row::of(&table));
    let (Kind::Column(place), Some(network_type)) = (&value.kind, value.ty) else {
        if value.ty.is_some() {
            let message = "The name of a column of the table is expected here";
            call.binder.error("KQL109", network.span, message);
        }
        return None;
    };
    if ty != Type::String || network_type != Type::String {
        let message = "The address and the network are compared as strings";
        call.error("KQL107", message);
        return None;
    }
    let mut unmatched = false;
    let mut equal = Vec::new();
    let mut rest: Vec<&Expr> = call.rest(3).collect();
    if let Some(named) = call.option("return_unmatched")? {
        unmatched = named;
    } else if let Some(last) = rest.last().copied()
        && let Some(given) = flag(call, last)
    {
        unmatched = given;
        rest.pop();
    }
    if v6 && !rest.is_empty() {
        call.wrong_count();
        return None;
    }
    for key in rest {
        let (here, ty) = call.column(key)?;
        let title = call.column_name(here);
        let there = table
            .schema
            .iter()
            .position(|(n, t)| *n == title && *t == ty);
        match there {
            Some(there) => equal.push((here, there)),
            None => {
                let message =
                    format!("The table has no column `{title}` of type {ty} to compare with");
                call.binder.error("KQL109", key.span, message);
                return None;
            }
        }
    }
    let added: Vec<usize> = (0..table.schema.len())
        .filter(|at| !equal.iter().any(|(_, there)| there == at))
        .collect();
    let taken = |at: &usize| table.schema.get(*at).cloned();
    let mut schema: Schema = Vec::new();
    if v6 {
        schema.extend(added.iter().filter_map(taken));
        for (name, ty) in &call.input.schema {
            if schema.iter().any(|(n, _)| n == name) {
                let message = format!(
                    "Both tables have a column `{name}`, and how `ipv6_lookup` names it is not certain"
                );
                call.error("KQL-unsupported", message);
                return None;
            }
            schema.push((name.clone(), *ty));
        }
    } else {
        schema.extend(call.input.schema.iter().cloned());
        for (name, ty) in added.iter().filter_map(taken) {
            schema.push((unique_name(&name, &schema), ty));
        }
    }
    let open = call.input.open || table.open;
    let operator = IpLookup {
        table,
        address,
        network: *place,
        equal,
        added,
        unmatched,
        v6,
        span: call.span,
    };
    let mut made = Made::new(operator, schema).ordered(false);
    made.open = Some(open);
    Some(Planned::Made(made))
}

/// An address or network as 128 bits with the length of its prefix. IPv4 counts as mapped into IPv6.
fn range(text: &str, v6: bool) -> Option<(u128, u32)> {
    let text = text.trim();
    let (address, bits) = match text.split_once('/') {
        None => (text, None),
        Some((address, bits)) => {
            let digits = !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit());
            if !digits || bits.len() > 3 {
                return None;
            }
            (address, Some(bits.parse::<u32>().ok()?))
        }
    };
    if let Ok(ip) = address.parse::<Ipv4Addr>() {
        let bits = bits.unwrap_or(32);
        return (bits <= 32).then_some((ip.to_ipv6_mapped().to_bits(), bits + 96));
    }
    if !v6 {
        return None;
    }
    let ip = address.parse::<Ipv6Addr>().ok()?;
    let bits = bits.unwrap_or(128);
    (bits <= 128).then_some((ip.to_bits(), bits))
}

fn cut(address: u128, bits: u32) -> u128 {
    if bits == 0 {
        return 0;
    }
    address & u128::MAX.checked_shl(128 - bits.min(128)).unwrap_or(0)
}

/// The networks of a table, by the length of their prefix.
struct Networks {
    lengths: BTreeSet<u32>,
    rows: HashMap<(u32, u128), Vec<u32>>,
}

impl Networks {
    fn of(column: &Column, v6: bool) -> Self {
        let mut networks = Networks {
            lengths: BTreeSet::new(),
            rows: HashMap::new(),
        };
        for row in 0..column.len() {
            if let Some((address, bits)) = range(column.text(row), v6) {
                networks.lengths.insert(bits);
                let key = (bits, cut(address, bits));
                networks.rows.entry(key).or_default().push(row as u32);
            }
        }
        networks
    }

    /// The rows whose network and the address are equal as far as the shorter prefix goes.
    fn matching(&self, (address, bits): (u128, u32)) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        for length in &self.lengths {
            if *length <= bits {
                let key = (*length, cut(address, *length));
                found.extend(self.rows.get(&key).into_iter().flatten());
            } else {
                let wanted = cut(address, bits);
                let within = self
                    .rows
                    .iter()
                    .filter(|((l, network), _)| l == length && cut(*network, bits) == wanted);
                found.extend(within.flat_map(|(_, rows)| rows));
            }
        }
        found.sort_unstable();
        found
    }
}

impl Operator for IpLookup {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let table = runtime.rows(&self.table)?;
        let (Some(addresses), Some(network)) = (
            input.columns.get(self.address),
            table.columns.get(self.network),
        ) else {
            return Ok(input);
        };
        let addresses = addresses.get();
        let networks = Networks::of(network.get(), self.v6);
        let numbers = if self.equal.is_empty() {
            Vec::new()
        } else {
            let pick = |frame: &Frame, at: usize| frame.columns.get(at).map(|c| c.get().clone());
            let here = self.equal.iter().filter_map(|(a, _)| pick(&input, *a));
            let there = self.equal.iter().filter_map(|(_, b)| pick(&table, *b));
            keys::number(
                &[here.collect(), there.collect()],
                &[input.rows, table.rows],
            )
        };
        let mut left: Vec<u32> = Vec::new();
        let mut right: Vec<Option<u32>> = Vec::new();
        let mut known: HashMap<&str, Vec<u32>> = HashMap::new();
        for row in 0..input.rows {
            let text = addresses.text(row);
            let found = known.entry(text).or_insert_with(|| {
                range(text, self.v6).map_or_else(Vec::new, |a| networks.matching(a))
            });
            let before = left.len();
            for there in found.iter() {
                let same = match numbers.as_slice() {
                    [a, b] => a.get(row) == b.get(*there as usize),
                    _ => true,
                };
                if same {
                    left.push(row as u32);
                    right.push(Some(*there));
                }
            }
            if left.len() == before && self.unmatched {
                left.push(row as u32);
                right.push(None);
            }
            if row % 4096 == 0 || left.len() > runtime.options.row_limit {
                runtime.check_rows(left.len(), self.span)?;
            }
        }
        let added = self.added.iter().filter_map(|at| table.columns.get(*at));
        let added = table.with_columns(added.cloned().collect());
        let here = input.take(&Arc::new(UInt32Array::from(left)));
        let there = added.take(&Arc::new(UInt32Array::from(right)));
        let (own, more) = (here.columns.len(), there.columns.len());
        let joined = here.beside(there);
        if !self.v6 {
            return Ok(joined);
        }
        let mut columns = joined.columns.clone();
        columns.rotate_left(own.min(own + more));
        Ok(joined.with_columns(columns))
    }
}
