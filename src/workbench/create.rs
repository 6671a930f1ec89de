//! Making files that are not there yet.

use super::app::Workbench;
use super::layout::Pane;
use crate::author::NewFile;
use std::io::Write;
use std::path::{Path, PathBuf};

impl Workbench {
    /// Makes files in a folder, which is made where it is not there, and opens them; the first one has the keyboard.
    ///
    /// # Errors
    /// A sentence saying which file could not be made, and why. Nothing there is ever written over.
    pub(super) fn make_files(&mut self, folder: &Path, files: &[NewFile]) -> Result<(), String> {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        std::fs::create_dir_all(&folder)
            .map_err(|e| format!("The folder {} could not be made: {e}", folder.display()))?;
        // All or none: half a rule helps nobody.
        let mut made: Vec<PathBuf> = Vec::new();
        for file in files {
            let path = folder.join(&file.name);
            if let Err(why) = self.make_file(&path, &file.text, &mut made) {
                for path in made {
                    let _ = std::fs::remove_file(path);
                }
                return Err(why);
            }
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

    fn make_file(&self, path: &Path, text: &str, made: &mut Vec<PathBuf>) -> Result<(), String> {
        // One that was deleted while it was open, or is not saved yet.
        if self.doc(path).is_some() {
            return Err(format!("{} is open in the editor already", path.display()));
        }
        // Only where nothing is: a file that came there meanwhile stays.
        let mut options = std::fs::OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .open(path)
            .map_err(|e| format!("{} could not be made: {e}", path.display()))?;
        made.push(path.to_owned());
        file.write_all(text.as_bytes())
            .map_err(|e| format!("{} could not be written: {e}", path.display()))
    }
}
