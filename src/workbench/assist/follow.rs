//! What typing, moving the cursor and resting the pointer ask.

use super::Pointed;
use super::work::Ask;
use crate::workbench::app::Workbench;
use crate::workbench::editor::EditorResponse;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long the pointer rests before words are shown.
const REST: Duration = Duration::from_millis(350);

/// Whether a completion opens by itself after what was typed.
fn opens(text: &str, offset: usize, typed: &str) -> bool {
    let before = text.get(..offset).unwrap_or("");
    let mut signs = before.chars().rev();
    match typed.chars().next_back() {
        Some(c) if c.is_alphanumeric() || c == '_' => true,
        Some('|' | '.' | '"' | '\'' | '{' | '[' | '(') => true,
        Some(' ') => {
            signs.next();
            matches!(signs.next(), Some(':' | '-' | '|' | ',' | '=' | '('))
        }
        _ => false,
    }
}

impl Workbench {
    /// What was typed since the last frame.
    pub(super) fn follow(&mut self, path: &Path, response: &EditorResponse) {
        let offset = response.offset;
        let moved = std::mem::replace(&mut self.assist.offset, offset) != offset;
        if !moved && !response.changed {
            return;
        }
        let Some(text) = self.doc(path).map(|d| d.text.clone()) else {
            return;
        };
        if !response.changed {
            {
                let assist = &mut self.assist;
                if assist
                    .list
                    .as_mut()
                    .is_some_and(|list| !list.narrow(&text, offset))
                {
                    assist.list = None;
                }
                if assist
                    .stops
                    .as_ref()
                    .is_some_and(|stops| !stops.holds(offset))
                {
                    assist.stops = None;
                }
                if assist.signature.is_some() {
                    self.ask_assist(Ask::Signature, path, offset);
                }
            }
            return;
        }
        self.assist.pointed = None;
        self.assist.field = None;
        self.assist.places = None;
        if let Some(stops) = &mut self.assist.stops {
            stops.follow(&response.edits);
        }
        let kept = self
            .assist
            .list
            .as_mut()
            .is_some_and(|list| list.narrow(&text, offset));
        if !kept {
            self.assist.list = None;
            self.assist.wanted = false;
        }
        let typed = response.typed.as_deref();
        let starts = typed.is_some_and(|typed| opens(&text, offset, typed));
        if kept || starts {
            self.ask_assist(Ask::Complete, path, offset);
        } else if self.assist.signature.is_some() || typed.is_some_and(|t| t.ends_with(['(', ',']))
        {
            self.ask_assist(Ask::Signature, path, offset);
        } else {
            // An answer to what was typed before must not open anything now.
            self.assist.typing.forget();
        }
    }

    /// What the pointer rests on.
    pub(super) fn point(&mut self, path: &Path, response: &EditorResponse) {
        let busy = self.assist.list.is_some()
            || self.assist.rename.is_some()
            || self.assist.field.is_some()
            || self.assist.places.is_some();
        let (pointer, down) = self
            .ctx
            .input(|i| (i.pointer.hover_pos(), i.pointer.any_down()));
        if busy || down {
            self.assist.pointed = None;
            return;
        }
        let on_card = self.assist.pointed.as_ref().is_some_and(|p| {
            let room = p.card.map(|card| card.union(p.sign).expand(4.0));
            room.zip(pointer)
                .is_some_and(|(room, at)| room.contains(at))
        });
        let same = |p: &Pointed, offset: usize| {
            let known = p.hover.as_ref().map(|h| h.span);
            p.offset == offset || known.is_some_and(|s| s.start <= offset && offset <= s.end)
        };
        match (response.hover, &mut self.assist.pointed) {
            _ if on_card => {}
            (Some((offset, _)), Some(pointed)) if same(pointed, offset) => {}
            (Some((offset, sign)), pointed) => {
                *pointed = Some(Pointed {
                    offset,
                    sign,
                    since: Instant::now(),
                    asked: false,
                    hover: None,
                    card: None,
                });
            }
            (None, pointed) => *pointed = None,
        }
        let Some(pointed) = &mut self.assist.pointed else {
            return;
        };
        if pointed.asked {
            return;
        }
        let rested = pointed.since.elapsed();
        if rested < REST {
            self.ctx.request_repaint_after(REST - rested);
            return;
        }
        pointed.asked = true;
        let offset = pointed.offset;
        self.ask_assist(Ask::Hover, path, offset);
    }
}

#[cfg(test)]
mod tests {
    use super::opens;

    #[test]
    fn a_completion_opens_where_something_begins() {
        for (text, typed, wanted) in [
            ("severity: ", " ", true),
            ("  - ", " ", true),
            ("some words ", " ", false),
            ("T | ", " ", true),
            ("T |", "|", true),
            ("wh", "h", true),
            ("x)", ")", false),
            ("a\n", "\n", false),
        ] {
            assert_eq!(opens(text, text.len(), typed), wanted, "{text}");
        }
    }
}
