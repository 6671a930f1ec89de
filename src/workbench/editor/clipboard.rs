//! The clipboard: each cursor copies and pastes its own part; without a selection it is the line.

use super::cursors::Selection;
use super::lines::{line_bounds, line_end_style, next_line};
use super::{CodeEditor, edit};
use egui::{Context, Id};

/// What was copied last, in any editor.
#[derive(Clone, Debug, Default)]
struct Copied {
    whole: String,
    parts: Vec<String>,
    /// Whether it is whole lines.
    lines: bool,
}

fn id() -> Id {
    Id::unique("what a code editor copied")
}

impl CodeEditor {
    pub(super) fn copy(&self, ctx: &Context, text: &str) {
        let list = self.cursors.list();
        let lines = list.iter().all(|s| s.is_empty());
        let style = line_end_style(text);
        let mut parts: Vec<String> = Vec::with_capacity(list.len());
        let mut last = None;
        for selection in list {
            if !lines {
                let part = text.get(selection.range()).unwrap_or_default();
                parts.push(part.to_owned());
                continue;
            }
            let line = line_bounds(text, selection.head);
            if last != Some(line.start) {
                let inner = text.get(line.clone()).unwrap_or_default();
                let inner = inner.trim_start_matches('\u{feff}');
                parts.push(format!("{inner}{style}"));
            }
            last = Some(line.start);
        }
        let whole = match lines {
            true => parts.concat(),
            false => parts.join(style),
        };
        if whole.is_empty() {
            return;
        }
        ctx.copy_text(whole.clone());
        let copied = Copied {
            whole,
            parts,
            lines,
        };
        ctx.data_mut(|data| data.insert_temp(id(), copied));
    }

    pub(super) fn cut(&mut self, ctx: &Context, text: &mut String) {
        self.copy(ctx, text);
        let lines = self.cursors.list().iter().all(|s| s.is_empty());
        let change = match lines {
            false => Some(edit::insert(self.cursors.list(), "")),
            true => {
                let whole = |s: &Selection| {
                    let line = line_bounds(text, s.head);
                    Selection::new(line.start, next_line(text, s.head))
                };
                let list: Vec<_> = self.cursors.list().iter().map(whole).collect();
                edit::delete_lines(text, &list)
            }
        };
        if let Some(change) = change {
            self.commit(text, change, false);
        }
    }

    pub(super) fn paste(&mut self, ctx: &Context, text: &mut String, pasted: &str) {
        let copied: Option<Copied> = ctx.data(|data| data.get_temp(id()));
        let plain = |text: &str| text.replace("\r\n", "\n");
        let own = copied.filter(|copied| plain(&copied.whole) == plain(pasted));
        let count = self.cursors.list().len();
        let lines = own.as_ref().is_some_and(|own| own.lines);
        let parts = match own {
            Some(own) if own.parts.len() == count || own.lines => own.parts,
            _ => {
                // As many lines as cursors: each gets one.
                let rows: Vec<&str> = pasted.trim_end_matches(['\n', '\r']).lines().collect();
                match count > 1 && rows.len() == count {
                    true => rows.into_iter().map(str::to_owned).collect(),
                    false => vec![pasted.to_owned()],
                }
            }
        };
        let change = edit::paste(text, self.cursors.list(), &parts, lines);
        self.commit(text, change, false);
    }
}
