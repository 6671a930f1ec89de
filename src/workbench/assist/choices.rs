//! The button behind the cursor's line where its field has fixed choices: what Alt+Enter opens, for the mouse.

use super::work::Ask;
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use crate::workbench::editor::EditorResponse;
use crate::workbench::groups::GroupId;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Whoever types is not asked about.
const REST: Duration = Duration::from_millis(150);

/// What is known of the cursor's line.
#[derive(Default)]
pub(super) struct Offer {
    /// The group, the file and the line (from 1).
    of: Option<(GroupId, PathBuf, usize)>,
    /// The text has changed since it was asked: when that was.
    changed: Option<Instant>,
    /// The key of the field.
    key: Option<String>,
}

impl Offer {
    /// The line of the button and its words.
    pub fn button(&self, group: GroupId, path: &Path) -> Option<(usize, String)> {
        let (of_group, of_path, line) = self.of.as_ref()?;
        let key = self.key.as_ref()?;
        (*of_group == group && of_path == path).then(|| (*line, format!("Choose {key}")))
    }

    /// An answer came.
    pub fn answered(&mut self, key: Option<String>) {
        self.key = key;
    }
}

impl Workbench {
    /// Asks about the line the cursor is in, when it comes there and when what was typed rests.
    pub(super) fn follow_offer(&mut self, group: GroupId, path: &Path, response: &EditorResponse) {
        let here = (group, path.to_owned(), response.cursor.line);
        let offer = &mut self.assist.offer;
        let mut ask = false;
        if offer.of.as_ref() != Some(&here) {
            // On a line that was just begun nothing is asked until something stands there.
            let new = offer.of.as_ref().is_none_or(|(_, p, _)| p != path) || !response.changed;
            offer.of = Some(here);
            offer.key = None;
            ask = new;
            offer.changed = (!new).then(Instant::now);
            self.ctx.request_repaint_after(REST);
        } else if response.changed {
            offer.changed = Some(Instant::now());
            self.ctx.request_repaint_after(REST);
        } else if let Some(since) = offer.changed {
            let rested = since.elapsed();
            if rested < REST {
                self.ctx.request_repaint_after(REST - rested);
            } else {
                offer.changed = None;
                ask = true;
            }
        }
        if ask {
            self.ask_assist(Ask::Offer, path, response.offset);
        }
        if response.clicked_choices {
            self.assist_command(Command::FieldHelp);
        }
    }
}
