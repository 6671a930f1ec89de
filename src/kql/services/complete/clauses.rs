//! What may stand behind the name of an operator: its words and its clauses.

use super::place::{Place, exact, word};
use crate::kql::bind::trace::Rows;
use crate::kql::services::view::View;
use crate::kql::services::words;
use crate::value::Type;

impl View<'_> {
    /// Behind an operator's keyword.
    pub(super) fn in_operator(&self, segment: usize, start: usize, place: &mut Place) {
        let layout = &self.layout;
        let (operator, count) = layout.keyword(start);
        let end = layout.tokens.len();
        let last = end - 1;
        let body = start + count;
        let first = end == body;
        let rows = self.input(segment);
        let ended = !first && self.operand_ended(end);
        // The value of a setting.
        if !first && layout.is(last, "=") {
            let name = layout.word(last - 1);
            let found = words::settings(operator)
                .iter()
                .find(|(n, _)| *n == name || n.strip_prefix("hint.") == Some(name));
            if let Some((_, values)) = found {
                place.keywords.extend(values.iter().map(|v| word(v)));
                return;
            }
        }
        let settings = |place: &mut Place| {
            for (name, _) in words::settings(operator) {
                let used = name.split('.').all(|part| {
                    layout
                        .level(segment)
                        .iter()
                        .any(|t| layout.word(*t) == part)
                });
                if !used {
                    place
                        .keywords
                        .push(((*name).to_owned(), format!("{name}=")));
                }
            }
        };
        // Behind the settings no other operand has begun.
        let leading = first
            || last >= 2
                && layout.is(last - 1, "=")
                && crate::kql::services::words::settings(operator)
                    .iter()
                    .any(|(n, _)| n.rsplit('.').next() == Some(layout.word(last - 2)));
        match operator {
            "where" | "filter" => self.expression(segment, place),
            "extend" | "project" | "serialize" | "print" | "distinct" => {
                self.expression(segment, place);
                if operator == "distinct" && first {
                    place.keywords.push(exact("*"));
                }
            }
            "project-away" | "project-keep" | "project-reorder" => {
                if ended {
                    if operator == "project-reorder" {
                        place.keywords.extend([word("asc"), word("desc")]);
                    }
                } else {
                    place.columns = rows;
                }
            }
            "project-rename" => {
                if layout.is(last, "=") {
                    place.columns = rows;
                }
            }
            "summarize" | "make-series" => {
                if leading {
                    settings(place);
                }
                if ended && !leading {
                    place.between = Some(self.operand_type(end));
                    let clauses: &[&str] = match operator {
                        "summarize" => &["by"],
                        _ => &["default=", "on", "from", "to", "step", "by"],
                    };
                    for clause in clauses {
                        if !self.behind(segment, clause) {
                            place.keywords.push(match clause.strip_suffix('=') {
                                Some(_) => exact(clause),
                                None => word(clause),
                            });
                        }
                    }
                } else {
                    let keys = self.behind(segment, "by") || self.behind(segment, "on");
                    place.aggregates = !keys;
                    place.scalars = true;
                    place.columns = rows.filter(|_| keys);
                    if leading && operator == "summarize" && first {
                        place.keywords.push(word("by"));
                    }
                }
            }
            "join" | "lookup" => self.in_join(segment, leading, ended, &settings, place),
            "sort" | "order" | "top" => {
                let by = self.behind(segment, "by");
                if !by {
                    if ended || operator != "top" {
                        place.keywords.push(word("by"));
                    } else {
                        place.scalars = true;
                    }
                } else if layout.word(last) == "nulls" {
                    place.keywords.extend([word("first"), word("last")]);
                } else if matches!(layout.word(last), "asc" | "desc") {
                    place.keywords.push(word("nulls first"));
                    place.keywords.push(word("nulls last"));
                } else if ended {
                    place.keywords.extend([
                        word("desc"),
                        word("asc"),
                        word("nulls first"),
                        word("nulls last"),
                    ]);
                    place.between = Some(self.operand_type(end));
                } else {
                    self.expression(segment, place);
                }
            }
            "take" | "limit" | "sample" => {
                place.scalars = first;
            }
            "count" | "getschema" | "as" | "consume" => {}
            "union" => {
                if leading {
                    settings(place);
                }
                if leading || layout.is(last, ",") {
                    place.tables = true;
                    place.keywords.push(("(".to_owned(), "(\u{1})".to_owned()));
                } else if ended && layout.get(segment).pipe.is_none() {
                    place.pipe = true;
                }
            }
            "mv-expand" | "mvexpand" | "mv-apply" | "mvapply" => {
                if leading {
                    settings(place);
                }
                if layout.word(last) == "to" {
                    place
                        .keywords
                        .push(("typeof".to_owned(), "typeof(\u{1})".to_owned()));
                } else if ended && !leading {
                    place
                        .keywords
                        .push(("to typeof".to_owned(), "to typeof(\u{1})".to_owned()));
                    place.keywords.push(word("limit"));
                    if operator.ends_with("apply") {
                        place
                            .keywords
                            .push(("on".to_owned(), "on (\u{1})".to_owned()));
                    }
                } else if layout.word(last) == "on" {
                    place.keywords.push(("(".to_owned(), "(\u{1})".to_owned()));
                } else {
                    self.expression(segment, place);
                    place.wanted = Some(Type::Dynamic);
                }
            }
            "parse" | "parse-where" | "parse-kv" => {
                if self.behind(segment, "with") || self.behind(segment, "as") {
                    return;
                }
                if leading {
                    settings(place);
                }
                if ended && !leading {
                    place.keywords.push(match operator {
                        "parse-kv" => ("as".to_owned(), "as (\u{1})".to_owned()),
                        _ => word("with"),
                    });
                } else {
                    self.expression(segment, place);
                    place.wanted = Some(Type::String);
                }
            }
            "evaluate" => place.plugins = !ended,
            "render" => {
                if first {
                    place
                        .keywords
                        .extend(words::CHARTS.iter().map(|c| exact(c)));
                } else if ended {
                    place
                        .keywords
                        .push(("with".to_owned(), "with (\u{1})".to_owned()));
                }
            }
            "invoke" => place.invokable = first,
            "range" => {
                let steps = ["from", "to", "step"];
                let next = steps.iter().find(|w| !self.level_has(segment, w));
                if !first && ended {
                    place.keywords.extend(next.map(|w| word(w)));
                } else if !first {
                    place.scalars = true;
                }
            }
            "datatable" | "externaldata" => {}
            _ => {
                if leading {
                    settings(place);
                }
                self.expression(segment, place);
                if ended {
                    for clause in words::clause_words(operator) {
                        if !self.behind(segment, clause) {
                            place.keywords.push(word(clause));
                        }
                    }
                }
            }
        }
    }

    pub(super) fn level_has(&self, segment: usize, word: &str) -> bool {
        let level = self.layout.level(segment);
        level.iter().any(|t| self.layout.word(*t) == word)
    }

    pub(super) fn in_join(
        &self,
        segment: usize,
        leading: bool,
        ended: bool,
        settings: &dyn Fn(&mut Place),
        place: &mut Place,
    ) {
        let layout = &self.layout;
        let last = layout.tokens.len() - 1;
        if !self.behind(segment, "on") {
            if leading {
                settings(place);
                place.tables = true;
                place.keywords.push(("(".to_owned(), "(\u{1})".to_owned()));
            } else if ended {
                place.keywords.push(word("on"));
            }
            return;
        }
        let on = layout.word(last) == "on" || layout.is(last, ",") || layout.word(last) == "and";
        if on {
            // A column that both sides have can stand alone.
            let left = self.input(segment).unwrap_or_default();
            let right = self.right(segment).unwrap_or_default();
            let both = left
                .schema
                .into_iter()
                .filter(|(n, _)| right.open || right.schema.iter().any(|(r, _)| r == n));
            place.columns = Some(Rows {
                schema: both.collect(),
                open: false,
            });
            place
                .keywords
                .push(("$left".to_owned(), "$left.".to_owned()));
            place
                .keywords
                .push(("$right".to_owned(), "$right.".to_owned()));
        } else if layout.is(last, "==") {
            let left = layout.word(last.saturating_sub(3)) == "$left";
            let side = if left { "$right" } else { "$left" };
            place.keywords.push((side.to_owned(), format!("{side}.")));
        } else if ended && last >= 2 && layout.is(last - 1, ".") {
            place.keywords.push(word("=="));
            place.keywords.push(word("and"));
        }
    }
}
