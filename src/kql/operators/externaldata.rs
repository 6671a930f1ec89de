//! `externaldata`: a table out of files. The files come from the catalog, never from a network.

use super::externaldata_read::{self as read, Form};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::operator::Made;
use crate::kql::bind::{Binder, Row, names, unique_name};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Operator, Schema};
use crate::kql::run::eval::constant;
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop, convert};
use crate::kql::syntax::tree::Externaldata;
use crate::value::{ColumnBuilder, Type, Value};

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["externaldata", "external_data"],
    "externaldata (column:type, …) [\"address\", …] [with (format=\"csv\", ignoreFirstRecord=true, …)]",
    "Reads a table out of files. Nothing is read from the network: the workspace says which file stands for an address.",
    "externaldata (Address:string) [\"https://example.com/list.csv\"] with (format=\"csv\", ignoreFirstRecord=true)",
)];

#[derive(Debug)]
struct External {
    schema: Schema,
    addresses: Vec<Expr>,
    form: Option<Form>,
    skip_first: bool,
    mapping: Option<Vec<read::Mapped>>,
}

/// Analyses it.
pub fn bind(binder: &mut Binder, external: &Externaldata) -> Option<Made> {
    let mut schema: Schema = Vec::new();
    for (name, ty) in &external.columns {
        if schema.iter().any(|(n, _)| *n == name.text) {
            let message = format!("The column `{}` is there already", name.text);
            binder.error("KQL-duplicate", name.span, message);
        }
        schema.push((unique_name(&name.text, &schema), *ty));
    }
    let mut addresses = Vec::new();
    for address in &external.addresses {
        let value = binder.scalar(address, Row::NONE);
        match value.ty {
            None => continue,
            Some(Type::String) if value.is_constant() => addresses.push(value),
            Some(_) => binder.error("KQL107", address.span, "An address is a constant string"),
        }
    }
    let mut operator = External {
        schema: schema.clone(),
        addresses,
        form: None,
        skip_first: false,
        mapping: None,
    };
    for (name, value) in &external.properties {
        property(binder, &mut operator, name, value);
    }
    Some(Made::new(operator, schema))
}

fn property(
    binder: &mut Binder,
    external: &mut External,
    name: &crate::kql::syntax::tree::Name,
    value: &crate::kql::syntax::tree::Expr,
) {
    use crate::kql::syntax::tree::ExprKind;
    // `format=csv` and `ignoreFirstRecord=True` are written without quotes, too.
    let bare = match &value.kind {
        ExprKind::Name(bare) if !binder.is_let(bare) => Some(Value::String(bare.as_str().into())),
        _ => None,
    };
    let given = match bare {
        Some(bare) => Some(bare),
        None => {
            let bound = binder.scalar(value, Row::NONE);
            if bound.ty.is_none() {
                return;
            }
            names::constant(&bound)
        }
    };
    let Some(given) = given else {
        binder.error("KQL129", value.span, "A value written out is expected here");
        return;
    };
    match name.text.to_ascii_lowercase().as_str() {
        "format" => {
            let text = convert::text(&given).to_ascii_lowercase();
            external.form = Form::of(&text);
            if external.form.is_none() {
                let message = format!("Files of the format `{text}` are not read here");
                binder.told(Diagnostic::error("KQL-unsupported", value.span, message).with_hint(
                    "Convert the file; csv, tsv, psv, scsv, sohsv, json, multijson, txt and raw are read",
                ));
            }
        }
        "ignorefirstrecord" => match convert::boolean(&given) {
            Some(skip) => external.skip_first = skip,
            None => binder.error("KQL107", value.span, "A bool is expected here"),
        },
        "ingestionmapping" => match read::mapping(&convert::text(&given), &external.schema) {
            Ok(mapping) => external.mapping = Some(mapping),
            Err(why) => {
                let message = format!("The ingestion mapping cannot be used: {why}");
                binder.error("KQL-externaldata", value.span, message);
            }
        },
        // They say how the platform finds and guards the file.
        "recursive" | "filepattern" | "sampleuris" | "storageconnectionstring" => {}
        _ => {
            let message = format!("The property `{}` is not known and is left out", name.text);
            binder.told(Diagnostic::warning("KQL-externaldata", name.span, message));
        }
    }
}

fn failed(span: Span, message: String, hint: Option<String>) -> Stop {
    let mut diagnostic = Diagnostic::error("KQL-externaldata", span, message);
    diagnostic.hint = hint;
    Stop::Failed(Box::new(diagnostic))
}

impl Operator for External {
    fn run(&self, _: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let types: Vec<Type> = self.schema.iter().map(|(_, t)| *t).collect();
        let mut builders: Vec<ColumnBuilder> =
            types.iter().map(|t| ColumnBuilder::new(*t)).collect();
        let mut rows = 0usize;
        for address in &self.addresses {
            runtime.check()?;
            let text = convert::text(&constant(address, runtime)?);
            let bytes = match runtime.catalog.external(&text) {
                Some(Ok(bytes)) => bytes,
                Some(Err(why)) => {
                    let message = format!("The file for `{}` cannot be read: {why}", shown(&text));
                    return Err(failed(address.span, message, None));
                }
                None => {
                    let message = format!("There is no file here for `{}`", shown(&text));
                    let hint = "Nothing is read from the network: save the file and map its address in the workspace";
                    return Err(failed(address.span, message, Some(hint.to_owned())));
                }
            };
            let form = self.form.unwrap_or_else(|| Form::of_address(&text));
            let records = read::records(
                &bytes,
                form,
                self.skip_first,
                &self.schema,
                self.mapping.as_deref(),
                runtime.options.row_limit,
            );
            let records = records.map_err(|why| {
                let message = format!("The file for `{}` cannot be read: {why}", shown(&text));
                failed(address.span, message, None)
            })?;
            for record in records {
                for ((builder, cell), ty) in builders.iter_mut().zip(&record).zip(&types) {
                    builder.push(&read::cell(cell, *ty));
                }
                for builder in builders.iter_mut().skip(record.len()) {
                    builder.push_null();
                }
                rows += 1;
            }
            runtime.check_rows(rows, address.span)?;
        }
        let columns = builders.into_iter().map(ColumnBuilder::finish).collect();
        Ok(Frame::of_columns(columns, rows))
    }
}

/// An address without what guards it.
fn shown(address: &str) -> &str {
    address.split(['?', ';']).next().unwrap_or(address)
}
