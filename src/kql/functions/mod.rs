//! The scalar functions: one file a family, one entry a function with its signature, its doc and its code.

mod arrays;
mod base64;
mod bits;
mod calendar;
mod chance;
mod compression;
mod conditional;
mod conversion;
mod datetime;
mod dynamic;
mod entry;
pub mod fast;
mod format;
pub mod geo;
mod hashing;
mod ipv4;
mod ipv4_ranges;
mod ipv6;
mod json_path;
pub mod loose;
mod math;
mod paths;
mod records;
mod regular;
mod replacing;
mod rounding;
mod series;
mod sets;
mod sizes;
pub mod sketches;
mod special;
mod strings;
mod structure;
pub mod surroundings;
mod unicode;
mod units;
mod url;
mod xml;
mod zones;

use super::plan::Expr;
use super::run::datum::Datum;
use super::run::eval::map_rows;
use super::run::text::RegexCache;
use super::run::{MAX_TEXT, Stop};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{Type, Value};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Most bytes that a call may make of all rows together: an array of texts counts its bytes in 31 bits.
pub const MAX_COLUMN: usize = 2_000 << 20;

/// What a function takes at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param {
    /// A value of any type.
    Any,
    /// Any type, read as text.
    AnyText,
    /// `string`; a dynamic value is read as text.
    Text,
    /// The same, and a constant.
    TextConst,
    /// A regular expression: a constant that must compile.
    Regex,
    /// `int` or `long`
    Integer,
    /// `int`, `long`, `real` or `decimal`
    Number,
    /// `real`; whole numbers are converted.
    Real,
    /// `bool`
    Bool,
    /// `datetime`
    DateTime,
    /// `timespan`
    TimeSpan,
    /// A dynamic array or bag.
    Dynamic,
    /// `string` or `dynamic`
    TextOrDynamic,
}

/// How a column is named after a call without a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// `Column1`
    None,
    /// The first argument's name.
    First,
    /// `strlen_s`: this prefix, `_`, the first argument's name.
    Prefix(&'static str),
    /// `a_sorted`: the first argument's name, `_`, this; none where that has none.
    Behind(&'static str),
    /// This name, whatever the arguments are.
    Only(&'static str),
}

/// What a function knows beside its arguments.
pub struct Context<'a> {
    /// The clock, ticks.
    pub now: i64,
    /// The type of the result.
    pub ty: Type,
    /// The types of the arguments.
    pub types: &'a [Type],
    /// Where the call stands.
    pub span: Span,
    /// Compiled regular expressions.
    pub regexes: &'a RegexCache,
    /// Geographic shapes that were read.
    pub geo: geo::shape::Memo,
    /// Why a value cannot be computed, where that only shows in the rows.
    pub refused: Cell<Option<Cow<'static, str>>>,
}

impl Context<'_> {
    /// Ends the run with an error at the call: better than a wrong value.
    pub fn refuse(&self, why: impl Into<Cow<'static, str>>) {
        self.refused.set(Some(why.into()));
    }
}

/// The code of a function: arguments of one row to a value. Strings are never null; a null number is.
pub type Body = fn(&Context, &[Value]) -> Value;

/// A scalar function.
pub struct Function {
    /// Its name, then its aliases.
    pub names: &'static [&'static str],
    /// How it is called.
    pub signature: &'static str,
    /// What it does: hover text and reference page.
    pub doc: &'static str,
    /// What it takes.
    pub params: &'static [Param],
    /// How many of the last parameters may be left out.
    pub optional: usize,
    /// How many of the last parameters may be repeated together (0 for none).
    pub repeat: usize,
    /// The result's type; none where the arguments' types do not go together.
    pub result: fn(&[Type]) -> Option<Type>,
    /// How a column made by it is named.
    pub naming: Naming,
    /// Its code.
    pub body: Body,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Function {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or("")
    }

    /// Whether a call with constant arguments is a constant.
    pub fn constant_foldable(&self) -> bool {
        !matches!(self.name(), "rand" | "new_guid")
    }

    /// What it takes at a place, repetition included.
    pub fn param(&self, at: usize) -> Param {
        if let Some(param) = self.params.get(at) {
            return *param;
        }
        let first = self.params.len().saturating_sub(self.repeat);
        let turn = (at - first).checked_rem(self.repeat).unwrap_or(0);
        self.params.get(first + turn).copied().unwrap_or(Param::Any)
    }

    /// Fewest and most arguments.
    pub fn arity(&self) -> (usize, usize) {
        let most = if self.repeat > 0 {
            256
        } else {
            self.params.len()
        };
        (self.params.len() - self.optional, most)
    }

    /// Computes it for all rows.
    ///
    /// # Errors
    /// When a value grows too large or cannot be computed.
    pub fn call(&self, context: &Context, args: &[Datum], rows: usize) -> Result<Datum, Stop> {
        if !self.constant_foldable() {
            return Ok(chance::column(self, context, args, rows));
        }
        let too_large = Cell::new(false);
        let total = Cell::new(0usize);
        let refs: Vec<&Datum> = args.iter().collect();
        let result = map_rows(&refs, rows, context.ty, |values| {
            if too_large.get() {
                return Value::Null;
            }
            let value = (self.body)(context, values);
            let size = match &value {
                Value::String(s) => s.len(),
                // Elements are not measured one by one; each takes some bytes.
                Value::Dynamic(json) => json.as_array().map_or(0, |items| items.len() * 8),
                _ => 0,
            };
            total.set(total.get().saturating_add(size));
            if size > MAX_TEXT || total.get() > MAX_COLUMN {
                too_large.set(true);
            }
            value
        });
        if let Some(why) = context.refused.take() {
            let diagnostic = Diagnostic::error("KQL-unsupported", context.span, why);
            return Err(Stop::Failed(Box::new(diagnostic)));
        }
        if too_large.get() {
            let message = format!(
                "`{}` makes a value of more than {} MB, or a column of more than {} MB",
                self.name(),
                MAX_TEXT >> 20,
                MAX_COLUMN >> 20
            );
            return Err(Stop::limit(context.span, message));
        }
        if let Datum::Const(value, _) = &result {
            super::run::eval::check_size(value, context.span)?;
        }
        Ok(result)
    }
}

static FAMILIES: &[&[Function]] = &[
    arrays::FUNCTIONS,
    base64::FUNCTIONS,
    bits::FUNCTIONS,
    chance::FUNCTIONS,
    compression::FUNCTIONS,
    conditional::FUNCTIONS,
    conversion::FUNCTIONS,
    datetime::FUNCTIONS,
    dynamic::FUNCTIONS,
    format::FUNCTIONS,
    geo::buffer::FUNCTIONS,
    geo::closeness::FUNCTIONS,
    geo::cover::FUNCTIONS,
    geo::densify::FUNCTIONS,
    geo::geohash::FUNCTIONS,
    geo::h3::FUNCTIONS,
    geo::h3_cover::FUNCTIONS,
    geo::lines::FUNCTIONS,
    geo::overlay::FUNCTIONS,
    geo::points::FUNCTIONS,
    geo::polygons::FUNCTIONS,
    geo::s2cells::FUNCTIONS,
    geo::simplify::FUNCTIONS,
    geo::wkt::FUNCTIONS,
    hashing::FUNCTIONS,
    ipv4::FUNCTIONS,
    ipv4_ranges::FUNCTIONS,
    ipv6::FUNCTIONS,
    json_path::FUNCTIONS,
    math::FUNCTIONS,
    paths::FUNCTIONS,
    records::FUNCTIONS,
    regular::FUNCTIONS,
    replacing::FUNCTIONS,
    rounding::FUNCTIONS,
    sets::FUNCTIONS,
    sizes::FUNCTIONS,
    sketches::FUNCTIONS,
    special::FUNCTIONS,
    strings::FUNCTIONS,
    structure::FUNCTIONS,
    surroundings::FUNCTIONS,
    unicode::FUNCTIONS,
    units::FUNCTIONS,
    url::FUNCTIONS,
    xml::FUNCTIONS,
    zones::FUNCTIONS,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Function>> = LazyLock::new(|| {
    all()
        .flat_map(|f| f.names.iter().map(move |n| (*n, f)))
        .collect()
});

/// The function of a name; names are case-sensitive.
pub fn find(name: &str) -> Option<&'static Function> {
    BY_NAME.get(name).copied()
}

/// All functions, family by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    let families = FAMILIES.iter().chain(series::FAMILIES.iter());
    families.flat_map(|f| f.iter())
}

/// The common type of values that must go together: equal, or numbers of different width,
/// or one of them dynamic.
pub fn common(types: &[Type]) -> Option<Type> {
    let mut found: Option<Type> = None;
    for ty in types {
        found = Some(match (found, *ty) {
            (None, ty) => ty,
            (Some(a), b) if a == b => a,
            (Some(Type::Int), Type::Long) | (Some(Type::Long), Type::Int) => Type::Long,
            (Some(Type::Int | Type::Long), Type::Real)
            | (Some(Type::Real), Type::Int | Type::Long) => Type::Real,
            (Some(Type::Decimal), Type::Int | Type::Long | Type::Real)
            | (Some(Type::Int | Type::Long | Type::Real), Type::Decimal) => Type::Decimal,
            (Some(Type::Dynamic), other) | (Some(other), Type::Dynamic) => other,
            _ => return None,
        });
    }
    found
}

/// The name a column gets after an expression: the column's, a path's, or what the function says.
pub fn call_name(function: &Function, first: Option<String>) -> Option<String> {
    match function.naming {
        Naming::None => None,
        Naming::First => first,
        Naming::Behind(suffix) => first.map(|name| format!("{name}_{suffix}")),
        Naming::Only(name) => Some(name.to_owned()),
        Naming::Prefix(prefix) => Some(format!("{prefix}_{}", first.unwrap_or_default())),
    }
}

/// Whether an expression can be told to be a constant text.
pub fn constant_text(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        super::plan::Kind::Const(Value::String(s)) => Some(s),
        _ => None,
    }
}
