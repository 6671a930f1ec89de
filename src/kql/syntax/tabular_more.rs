//! The operators whose grammar is more than a list.

use super::lexer::Kind;
use super::parser::Parser;
use super::tree::*;
use crate::diagnostic::Span;
use crate::value::Type;

impl Parser<'_> {
    fn stage_ends(&self) -> bool {
        matches!(self.peek(), Kind::Punct("|" | ")" | ";" | "}") | Kind::End)
    }

    pub fn summarize(&mut self) -> OperatorKind {
        self.settings();
        let aggregates = if self.is_word("by") && !self.is_at(1, "=") {
            Vec::new()
        } else {
            self.named_list()
        };
        let keys = if self.eat_word("by") {
            self.named_list()
        } else {
            Vec::new()
        };
        OperatorKind::Summarize(aggregates, keys)
    }

    pub fn sort_keys(&mut self) -> Vec<SortKey> {
        let mut keys = Vec::new();
        loop {
            let value = self.expression();
            let ascending = match self.word_at(0) {
                "asc" => Some(true),
                "desc" => Some(false),
                _ => None,
            };
            if ascending.is_some() {
                self.take();
            }
            let mut nulls_first = None;
            if self.eat_word("nulls") {
                match self.word_at(0) {
                    "first" => nulls_first = Some(true),
                    "last" => nulls_first = Some(false),
                    _ => {
                        let gap = self.gap();
                        self.error("KQL005", gap, "`first` or `last` is missing after `nulls`");
                    }
                }
                if nulls_first.is_some() {
                    self.take();
                }
            }
            keys.push(SortKey {
                value,
                ascending,
                nulls_first,
            });
            if !self.eat(",") {
                return keys;
            }
        }
    }

    pub fn join(&mut self, name: Span, lookup: bool) -> OperatorKind {
        let mut settings = self.settings();
        let right = self.join_side();
        // The platform also takes the settings behind the right side's bracket.
        settings.extend(self.settings());
        let mut on = Vec::new();
        if self.eat_word("on") {
            loop {
                on.push(self.expression());
                if !self.eat(",") {
                    break;
                }
            }
        } else {
            let all = Span::new(name.start, self.last_end());
            self.error("KQL006", all, "The join has no `on` condition");
            self.hint("Add for example `on Key` or `on $left.A == $right.B`");
        }
        OperatorKind::Join {
            settings,
            right,
            on,
            lookup,
        }
    }

    /// A table's name, a call or a bracketed pipe.
    fn join_side(&mut self) -> Expr {
        if self.is_word("on") && !self.is_at(1, "on") {
            return self.missing_expression();
        }
        self.deeper(Self::expression, Expr::missing)
    }

    pub fn union(&mut self) -> OperatorKind {
        let settings = self.settings();
        let mut tables = Vec::new();
        loop {
            let before = self.at;
            match self.pattern() {
                Some(pattern) if pattern.wild => tables.push(Expr {
                    span: pattern.name.span,
                    kind: ExprKind::Name(pattern.name.text),
                }),
                _ => {
                    self.at = before;
                    let table = self.expression();
                    tables.push(table);
                }
            }
            if !self.eat(",") {
                return OperatorKind::Union(settings, tables);
            }
        }
    }

    pub fn mv_expand(&mut self) -> OperatorKind {
        let mut settings = self.settings();
        let mut index = None;
        let mut as_arrays = false;
        for setting in settings.drain(..) {
            match setting.name.text.as_str() {
                "with_itemindex" => index = Some(setting.value),
                "kind" | "bagexpansion" => as_arrays = setting.value.text == "array",
                _ => {}
            }
        }
        let items = self.expand_items();
        let limit = self.eat_word("limit").then(|| self.expression());
        OperatorKind::MvExpand(items, index, limit, as_arrays)
    }

    /// `a, b = expression to typeof(type)`
    fn expand_items(&mut self) -> Vec<Expand> {
        let mut items = Vec::new();
        loop {
            let item = self.named();
            let to = if self.eat_word("to") {
                self.expect_word("typeof");
                self.expect("(");
                let ty = self.type_name();
                self.expect(")");
                Some(ty)
            } else {
                None
            };
            items.push(Expand { item, to });
            if !self.eat(",") {
                break;
            }
        }
        items
    }

    /// `mv-apply items on (operators)`
    pub fn mv_apply(&mut self) -> OperatorKind {
        let settings = self.settings();
        let index = settings
            .into_iter()
            .find(|s| s.name.text == "with_itemindex")
            .map(|s| s.value);
        let items = self.expand_items();
        let limit = self.eat_word("limit").then(|| self.expression());
        self.expect_word("on");
        let mut operators = Vec::new();
        if self.expect("(") {
            operators = self.deeper(Self::inner_operators, |_| Vec::new());
            self.expect(")");
        }
        OperatorKind::MvApply(Box::new(Apply {
            items,
            index,
            limit,
            operators,
        }))
    }

    pub fn inner_operators(&mut self) -> Vec<Operator> {
        let mut operators = vec![self.operator()];
        while self.eat("|") {
            operators.push(self.operator());
        }
        operators
    }

    pub fn parse_operator(&mut self, drop: bool) -> OperatorKind {
        let mut kind = None;
        let mut flags = None;
        for setting in self.settings() {
            match setting.name.text.as_str() {
                "kind" => kind = Some(setting),
                "flags" => flags = Some(setting),
                _ => {}
            }
        }
        let source = self.expression();
        self.expect_word("with");
        let mut pieces = Vec::new();
        while !self.stage_ends() {
            if self.eat("*") {
                pieces.push(ParsePiece::Star);
            } else if let Kind::Text(text) = self.peek().clone() {
                pieces.push(ParsePiece::Text(text, self.span()));
                self.take();
            } else if matches!(self.peek(), Kind::Name) || self.is_bracketed_name() {
                let name = self.new_name();
                let ty = if self.eat(":") {
                    self.type_name()
                } else {
                    Type::String
                };
                pieces.push(ParsePiece::Column(name, ty));
            } else {
                let span = self.span();
                self.error("KQL005", span, "A text, a column or `*` is expected here");
                self.skip_to(&["|", ";", ")", "}"]);
            }
        }
        OperatorKind::Parse([kind, flags], source, pieces, drop)
    }

    pub fn render(&mut self) -> OperatorKind {
        let name = self.name();
        const CHARTS: [&str; 21] = [
            "table",
            "list",
            "barchart",
            "piechart",
            "ladderchart",
            "timechart",
            "linechart",
            "anomalychart",
            "pivotchart",
            "areachart",
            "stackedareachart",
            "scatterchart",
            "timepivot",
            "columnchart",
            "timeline",
            "3Dchart",
            "card",
            "treemap",
            "plotly",
            "graph",
            "sankey",
        ];
        if !name.text.is_empty() && !CHARTS.contains(&name.text.as_str()) {
            let message = format!("`{}` is not a chart", name.text);
            self.error("KQL005", name.span, message);
            let near = crate::kql::bind::suggest::nearest(&name.text, CHARTS.iter().copied());
            if let Some(near) = near {
                self.hint(format!("Did you mean `{near}`?"));
            }
        }
        let properties = self.render_properties();
        OperatorKind::Render(Box::new(super::tree_rows::Render {
            kind: name,
            properties,
        }))
    }

    pub fn datatable(&mut self) -> OperatorKind {
        self.expect("(");
        let columns = self.columns();
        let mut values = Vec::new();
        if self.expect("[") {
            while !self.is("]") && !self.at_end() {
                let before = self.at;
                values.push(self.expression());
                if !self.eat(",") || self.at == before {
                    break;
                }
            }
            self.expect("]");
        }
        OperatorKind::Datatable(columns, values)
    }
}
