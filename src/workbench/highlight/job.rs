//! Runs to a layout job in the colours of a theme.

use super::{HighlightCache, Kind};
use crate::workbench::theme::{Tokens, size};
use egui::text::{ByteIndex, LayoutJob, LayoutSection, TextFormat, TextWrapping};
use egui::{Align, FontId};
use std::ops::Range;

/// What a kept job depends on.
#[derive(Clone, PartialEq)]
pub(super) struct JobKey {
    generation: u64,
    dark: bool,
    font: FontId,
    line_height: f32,
    lines: Range<usize>,
}

impl HighlightCache {
    /// The text that `update` was last given, coloured, unwrapped. The font is a monospace one;
    /// lines are [`size::CODE_LINE`] high at [`size::BODY`] points and grow with the font.
    /// The job is kept, and made anew only when the text, the theme or the font changes.
    pub fn job(&mut self, tokens: &Tokens, font: &FontId) -> LayoutJob {
        self.job_of_lines(tokens, font, 0..usize::MAX)
    }

    /// The same with colours only in some lines (from 0), those that can be seen: the toolkit's cost
    /// of a frame grows with the pieces of different colour, not with the length of the text.
    pub fn job_of_lines(
        &mut self,
        tokens: &Tokens,
        font: &FontId,
        lines: Range<usize>,
    ) -> LayoutJob {
        let key = JobKey {
            generation: self.generation(),
            dark: tokens.dark,
            font: font.clone(),
            line_height: line_height(font),
            lines,
        };
        if let Some((kept, job)) = &self.job
            && *kept == key
        {
            return job.clone();
        }
        let job = self.build(tokens, &key);
        self.job = Some((key, job.clone()));
        job
    }

    fn build(&self, tokens: &Tokens, key: &JobKey) -> LayoutJob {
        let format = |kind: Kind| TextFormat {
            font_id: key.font.clone(),
            color: kind.color(&tokens.code),
            line_height: Some(key.line_height),
            valign: Align::Center,
            ..TextFormat::default()
        };
        let mut sections: Vec<LayoutSection> = Vec::new();
        let mut at = 0;
        let mut last = None;
        let runs = self
            .runs()
            .enumerate()
            .flat_map(|(line, runs)| runs.iter().map(move |run| (line, *run)));
        for (line, mut run) in runs {
            if !key.lines.contains(&line) {
                run.kind = Kind::Text;
            }
            let end = at + run.len;
            // Neighbours of one colour are one section, also across lines.
            if last == Some(run.kind)
                && let Some(section) = sections.last_mut()
            {
                section.byte_range.end = ByteIndex(end);
            } else {
                sections.push(LayoutSection {
                    leading_space: 0.0,
                    byte_range: ByteIndex(at)..ByteIndex(end),
                    format: format(run.kind),
                });
            }
            last = Some(run.kind);
            at = end;
        }
        if sections.is_empty() {
            sections.push(LayoutSection {
                leading_space: 0.0,
                byte_range: ByteIndex(0)..ByteIndex(0),
                format: format(Kind::Text),
            });
        }
        LayoutJob {
            text: self.text().to_owned(),
            sections,
            wrap: TextWrapping::no_max_width(),
            break_on_newline: true,
            keep_trailing_whitespace: true,
            ..LayoutJob::default()
        }
    }
}

/// Height of a line of code in a font.
pub(crate) fn line_height(font: &FontId) -> f32 {
    (size::CODE_LINE * font.size / size::BODY).round()
}
