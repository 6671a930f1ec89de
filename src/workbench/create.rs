//! Making files: a new rule, the cases of one.

use super::app::Workbench;
use super::layout::Pane;
use crate::author::{Around, Context, NewFile, NoEvents, Start, StartKind, start};
use crate::detect::Platform;
use crate::kql::services::Seen;
use std::io::Write;
use std::path::Path;

impl Workbench {
    /// Makes files in a folder, which is made where it is not there, and opens them; the first one has the keyboard.
    ///
    /// # Errors
    /// A sentence saying which file could not be made, and why. Nothing there is ever written over.
    pub(super) fn make_files(&mut self, folder: &Path, files: &[NewFile]) -> Result<(), String> {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        std::fs::create_dir_all(&folder)
            .map_err(|e| format!("The folder {} could not be made: {e}", folder.display()))?;
        for file in files {
            let path = folder.join(&file.name);
            // One that was deleted while it was open, or is not saved yet.
            if self.doc(&path).is_some() {
                return Err(format!("{} is open in the editor already", path.display()));
            }
            // Only where nothing is: a file that came there meanwhile stays.
            let mut made = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)
                .map_err(|e| format!("{} could not be made: {e}", path.display()))?;
            made.write_all(file.text.as_bytes())
                .map_err(|e| format!("{} could not be written: {e}", path.display()))?;
        }
        for file in files.iter().rev() {
            let path = folder.join(&file.name);
            if super::actions::is_rule_yaml(&path) && !self.workspace.rules.contains(&path) {
                self.workspace.rules.push(path.clone());
                self.workspace.rules.sort();
                self.look_at(std::slice::from_ref(&path));
            }
            self.open_doc(&path);
            self.settings.opened(path);
        }
        self.settings.reveal = Some(Pane::Editor);
        if let Some(first) = files.first() {
            self.fill_in(&first.stops);
        }
        Ok(())
    }

    /// Begins the tests of the open rule, or goes to where they are.
    pub(super) fn new_cases(&mut self) {
        let Some((platform, path)) = self
            .rule
            .as_ref()
            .map(|rule| rule.platform())
            .zip(self.rule_path.clone())
        else {
            return;
        };
        if platform == Platform::Panther {
            self.open_doc(&path);
            let text = self.doc(&path).map(|d| d.text.clone()).unwrap_or_default();
            self.go_to(&path, Some(text.len()), None);
            self.execute(super::commands::Command::InsertSnippet);
            return;
        }
        let Some((folder, stem)) = path.parent().zip(path.file_stem()) else {
            return;
        };
        let name = format!("{}.cases.yaml", stem.to_string_lossy());
        let there = folder.join(&name);
        if there.exists() {
            self.open_doc(&there);
            let text = self.doc(&there).map(|d| d.text.clone()).unwrap_or_default();
            self.go_to(&there, Some(text.len()), None);
            self.execute(super::commands::Command::InsertSnippet);
            return;
        }
        let data = self.data.clone();
        let context = Context {
            catalog: data.as_ref(),
            values: &Seen(data.as_ref()),
            events: &NoEvents,
            around: &Around::default(),
            new_id: "",
        };
        let asked = Start {
            kind: StartKind::Cases,
            title: "",
            on: "",
        };
        let mut files = start(&asked, &context);
        for file in &mut files {
            file.name.clone_from(&name);
        }
        if let Err(message) = self.make_files(folder, &files) {
            self.notices.error(message);
        }
    }
}
