//! What is asked by name: from the keys, a menu or the palette.

use super::work::Ask;
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;

impl Workbench {
    /// Does a command of the menu "Write" at the cursor of the file with the keyboard.
    pub(in crate::workbench) fn assist_command(&mut self, command: Command) {
        let Some((path, offset)) = self.groups.view().map(|v| (v.path.clone(), v.offset)) else {
            self.notices.info("Open a rule first");
            return;
        };
        let ask = match command {
            Command::Complete => {
                self.assist.wanted = true;
                Ask::Complete
            }
            Command::SignatureHelp => Ask::Signature,
            Command::FieldHelp => Ask::Fields,
            Command::InsertSnippet => Ask::Snippets,
            Command::GoToDefinition => Ask::Definition,
            Command::FindReferences => Ask::References,
            Command::RenameSymbol => Ask::Renameable,
            Command::FormatQuery => Ask::Format,
            _ => return,
        };
        self.assist.offset = offset;
        self.assist.grace = super::GRACE;
        if let Some(view) = self.groups.view_mut() {
            view.editor.request_focus();
        }
        let selected = self.assist.selection;
        // A selection is what the completion takes the place of.
        if ask == Ask::Complete && selected.start < selected.end && selected.end == offset {
            self.ask_at(ask, &path, selected.start, offset);
        } else {
            self.ask_assist(ask, &path, offset);
        }
    }
}
