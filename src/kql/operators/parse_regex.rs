//! `parse kind=regex`: the pattern's texts are regular expressions.
//!
//! `*` stands for `.*?`, a column for `(.*)`, a whole number for its digits; the flags stand before all of it, so
//! that `U` turns greed around. Whether the pattern must cover the whole text is not documented: a row for which that makes
//! a difference ends the run with an error.

use crate::diagnostic::Span;
use crate::kql::run::text;
use crate::kql::syntax::tree::ParsePiece;
use crate::value::Type;
use regex::Regex;

/// The readings that must agree.
#[derive(Debug)]
pub struct Readings {
    readings: Vec<Regex>,
}

/// The pattern cannot be read: where and why.
pub type Wrong = (Option<Span>, String);

impl Readings {
    /// The readings of a pattern.
    ///
    /// # Errors
    /// Where and why it cannot be read.
    pub fn new(pieces: &[ParsePiece], flags: &str) -> Result<Self, Wrong> {
        let known = |c: char| matches!(c, 'i' | 'm' | 's' | 'U' | 'x' | 'u' | 'R');
        if let Some(flag) = flags.chars().find(|c| !known(*c)) {
            return Err((None, format!("`{flag}` is not a flag")));
        }
        for piece in pieces {
            if let ParsePiece::Text(pattern, span) = piece {
                text::compile(pattern).map_err(|why| (Some(*span), why))?;
            }
        }
        let mut readings = Vec::new();
        let real = |p: &ParsePiece| matches!(p, ParsePiece::Column(_, Type::Real | Type::Decimal));
        let widths: &[bool] = if pieces.iter().any(real) {
            &[false, true]
        } else {
            &[false]
        };
        for wide in widths {
            let body = body(pieces, *wide);
            let set = if flags.is_empty() {
                String::new()
            } else {
                format!("(?{flags})")
            };
            for pattern in [format!("{set}{body}"), format!("{set}\\A(?:{body})\\z")] {
                readings.push(text::compile(&pattern).map_err(|why| (None, why))?);
            }
        }
        Ok(Self { readings })
    }

    /// The captured texts, one a column: `Some(None)` where there is no match, none where the readings differ.
    pub fn captures<'t>(&self, text: &'t str, columns: usize) -> Option<Option<Vec<&'t str>>> {
        let mut agreed: Option<Option<Vec<&'t str>>> = None;
        for reading in &self.readings {
            let found = reading.captures(text).map(|captures| {
                (0..columns)
                    .map(|c| {
                        let group = captures.name(&format!("kql{c}"));
                        group.map_or("", |m| m.as_str())
                    })
                    .collect::<Vec<&str>>()
            });
            match &agreed {
                None => agreed = Some(found),
                Some(before) if *before == found => {}
                Some(_) => return None,
            }
        }
        Some(agreed.flatten())
    }
}

fn body(pieces: &[ParsePiece], wide: bool) -> String {
    let mut pattern = String::new();
    let mut column = 0;
    for piece in pieces {
        match piece {
            ParsePiece::Text(text, _) => {
                pattern.push_str("(?:");
                pattern.push_str(text);
                pattern.push(')');
            }
            ParsePiece::Star => pattern.push_str(".*?"),
            ParsePiece::Column(_, ty) => {
                let inner = match ty {
                    Type::Int | Type::Long => r"-?\d+",
                    Type::Real | Type::Decimal if !wide => r"-?\d+(?:\.\d+)?",
                    _ => ".*",
                };
                pattern.push_str(&format!("(?P<kql{column}>{inner})"));
                column += 1;
            }
        }
    }
    pattern
}
