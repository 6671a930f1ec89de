//! The grammar of the operators that work on series, sequences and parts of rows.

use super::lexer::Kind;
use super::parser::Parser;
use super::tree::*;
use super::tree_rows::*;

const ENDS: [&str; 4] = ["|", ";", ")", "}"];

impl Parser<'_> {
    /// The operator of a keyword, where it is one of this file.
    pub fn rows_operator(&mut self, word: &str) -> Option<OperatorKind> {
        let rows = match word {
            "make-series" => self.make_series(),
            "scan" => Rows::Scan(self.scan()),
            "partition" => self.partition(),
            "top-nested" => self.top_nested(),
            "top-hitters" => {
                let count = self.expression();
                self.expect_word("of");
                let of = self.named();
                let by = self.eat_word("by").then(|| self.named());
                Rows::TopHitters(count, of, by)
            }
            "sample" => Rows::Sample(self.expression()),
            "sample-distinct" => {
                let count = self.expression();
                self.expect_word("of");
                Rows::SampleDistinct(count, self.named())
            }
            "reduce" => self.reduce(),
            "facet" => self.facet(),
            "fork" => self.fork(),
            "assert-schema" => {
                self.expect("(");
                Rows::AssertSchema(self.columns())
            }
            "project-by-names" => {
                let mut items = vec![self.expression()];
                while self.eat(",") {
                    items.push(self.expression());
                }
                Rows::ProjectByNames(items)
            }
            _ => return None,
        };
        Some(OperatorKind::Rows(Box::new(rows)))
    }

    fn make_series(&mut self) -> Rows {
        let nonempty = self.nonempty();
        let mut items = Vec::new();
        loop {
            let item = self.named();
            let default = (self.is_word("default") && self.is_at(1, "=")).then(|| {
                self.at += 2;
                self.expression()
            });
            items.push((item, default));
            if !self.eat(",") {
                break;
            }
        }
        self.expect_word("on");
        let axis = self.axis();
        let (mut from, mut to, mut step) = (None, None, None);
        let in_range = self.eat_word("in");
        if in_range {
            self.expect_word("range");
            self.expect("(");
            from = Some(self.expression());
            self.expect(",");
            to = Some(self.expression());
            self.expect(",");
            step = Some(self.expression());
            self.expect(")");
        } else {
            if self.eat_word("from") {
                from = Some(self.expression());
            }
            if self.eat_word("to") {
                to = Some(self.expression());
            }
            if self.expect_word("step") {
                step = Some(self.expression());
            }
        }
        let keys = match self.eat_word("by") {
            true => self.named_list(),
            false => Vec::new(),
        };
        Rows::MakeSeries(MakeSeries {
            nonempty,
            items,
            axis,
            from,
            to,
            step: step.unwrap_or_else(|| Expr::missing(self.last_end())),
            in_range,
            keys,
        })
    }

    fn nonempty(&mut self) -> bool {
        let mut found = false;
        for setting in self.settings() {
            if setting.name.text != "kind" {
                continue;
            }
            found = setting.value.text == "nonempty";
            if !found {
                let message = format!(
                    "`{}` is not a kind of `make-series`; there is only `nonempty`",
                    setting.value.text
                );
                self.error("KQL005", setting.value.span, message);
            }
        }
        found
    }

    /// The axis; `t in range(…)` must not be read as a test against a list.
    fn axis(&mut self) -> Named {
        let names = match matches!(self.peek(), Kind::Name) && self.is_at(1, "=") {
            true => {
                let name = self.name();
                self.at += 1;
                vec![name]
            }
            false => Vec::new(),
        };
        let before = self.at;
        if let Some(name) = self.try_name() {
            if self.is_word("in") {
                let value = Expr {
                    span: name.span,
                    kind: ExprKind::Name(name.text),
                };
                return Named { names, value };
            }
            self.at = before;
        }
        Named {
            names,
            value: self.expression(),
        }
    }

    fn scan(&mut self) -> Scan {
        let mut scan = Scan::default();
        if self.is_word("with_match_id") && self.is_at(1, "=") {
            self.at += 2;
            scan.match_id = Some(self.name());
        }
        if self.eat_word("declare") && self.expect("(") {
            while !self.is(")") && !self.at_end() {
                let name = self.name();
                if !self.expect(":") {
                    break;
                }
                let ty = self.type_name();
                let default = self.eat("=").then(|| self.expression());
                scan.declared.push((name, ty, default));
                if !self.eat(",") {
                    break;
                }
            }
            self.expect(")");
        }
        if !self.expect_word("with") || !self.expect("(") {
            self.skip_to(&ENDS);
            return scan;
        }
        while self.eat_word("step") {
            let step = self.step();
            scan.steps.push(step);
            if !self.eat(";") {
                break;
            }
        }
        if scan.steps.is_empty() {
            self.expect_word("step");
        }
        self.expect(")");
        scan
    }

    fn step(&mut self) -> ScanStep {
        let name = self.name();
        let mut output = ScanOutput::All;
        if self.is_word("output") && self.is_at(1, "=") {
            self.at += 2;
            let kind = self.name();
            match kind.text.as_str() {
                "all" | "" => {}
                "last" => output = ScanOutput::Last,
                "none" => output = ScanOutput::None,
                other => {
                    let message = format!("`{other}` is not an output; there are all, last, none");
                    self.error("KQL005", kind.span, message);
                }
            }
        }
        self.expect(":");
        let condition = self.expression();
        let mut assignments = Vec::new();
        if self.eat("=>") {
            loop {
                let name = self.name();
                self.expect("=");
                assignments.push((name, self.expression()));
                if !self.eat(",") {
                    break;
                }
            }
        }
        ScanStep {
            name,
            output,
            condition,
            assignments,
        }
    }

    fn partition(&mut self) -> Rows {
        let settings = self.settings();
        let strategy = settings
            .into_iter()
            .find(|s| s.name.text.replace(char::is_whitespace, "") == "hint.strategy")
            .map(|s| s.value);
        self.expect_word("by");
        let column = self.name();
        let body = if self.eat("{") {
            let query = self.pipe();
            self.expect("}");
            PartitionBody::Query(query)
        } else {
            PartitionBody::Operators(self.bracketed_operators())
        };
        Rows::Partition(Partition {
            column,
            strategy,
            body,
        })
    }

    /// `( operators )`
    fn bracketed_operators(&mut self) -> Vec<Operator> {
        let mut operators = Vec::new();
        if self.expect("(") {
            operators = self.deeper(Self::inner_operators, |_| Vec::new());
            self.expect(")");
        }
        operators
    }

    fn top_nested(&mut self) -> Rows {
        let mut levels = Vec::new();
        loop {
            let count = (!self.is_word("of")).then(|| self.expression());
            self.expect_word("of");
            let of = self.named();
            let mut others = None;
            if self.eat_word("with") {
                self.expect_word("others");
                self.expect("=");
                others = Some(self.expression());
            }
            self.expect_word("by");
            let by = self.named();
            let ascending = self.eat_word("asc");
            if !ascending {
                self.eat_word("desc");
            }
            levels.push(Nested {
                count,
                of,
                others,
                by,
                ascending,
            });
            if !self.eat(",") {
                return Rows::TopNested(levels);
            }
            if self.is_word("top") && self.is_at(1, "-") && self.word_at(2) == "nested" {
                self.at += 3;
            } else {
                let gap = self.gap();
                self.error("KQL005", gap, "`top-nested` is missing after the comma");
                return Rows::TopNested(levels);
            }
        }
    }

    fn reduce(&mut self) -> Rows {
        let mut source = false;
        for setting in self.settings() {
            source |= setting.name.text == "kind" && setting.value.text == "source";
        }
        self.expect_word("by");
        let by = self.named();
        let mut settings = Vec::new();
        if self.eat_word("with") {
            loop {
                let name = self.name();
                self.expect("=");
                settings.push((name, self.expression()));
                if !self.eat(",") {
                    break;
                }
            }
        }
        Rows::Reduce(Reduce {
            source,
            by,
            settings,
        })
    }

    fn facet(&mut self) -> Rows {
        self.expect_word("by");
        let mut columns = vec![self.name()];
        while self.eat(",") {
            columns.push(self.name());
        }
        let with = self.eat_word("with").then(|| self.bracketed_operators());
        Rows::Facet(columns, with)
    }

    fn fork(&mut self) -> Rows {
        let mut legs = Vec::new();
        loop {
            let name = match matches!(self.peek(), Kind::Name) && self.is_at(1, "=") {
                true => {
                    let name = self.name();
                    self.at += 1;
                    Some(name)
                }
                false => None,
            };
            if !legs.is_empty() && name.is_none() && !self.is("(") {
                return Rows::Fork(legs);
            }
            let before = self.at;
            legs.push((name, self.bracketed_operators()));
            if self.at == before {
                return Rows::Fork(legs);
            }
        }
    }

    /// `with (kind=stacked, title="…", ycolumns=a, b)` behind a chart's kind. What is written in older forms is
    /// skipped: it does not change the rows.
    pub fn render_properties(&mut self) -> Vec<(Name, Vec<String>)> {
        let mut properties: Vec<(Name, Vec<String>)> = Vec::new();
        if self.eat_word("with") && self.eat("(") {
            while !self.is(")") && !self.at_end() {
                if matches!(self.peek(), Kind::Name) && self.is_at(1, "=") {
                    let name = self.name();
                    self.at += 1;
                    properties.push((name, Vec::new()));
                    continue;
                }
                let value = match self.peek() {
                    Kind::Text(text) => Some(text.clone()),
                    Kind::Punct(",") => None,
                    Kind::Punct("[") => self.try_name().map(|name| {
                        self.at -= 1;
                        name.text
                    }),
                    _ => Some(self.slice(self.span()).to_owned()),
                };
                if let (Some(value), Some((_, values))) = (value, properties.last_mut()) {
                    values.push(value);
                }
                self.take();
            }
            self.expect(")");
        }
        self.skip_to(&ENDS);
        properties
    }
}
