//! Why a command can do nothing now, and what is switched on.

use super::Command;
use crate::workbench::app::Workbench;

impl Command {
    /// Whether it switches something that is on now; none for one that switches nothing.
    pub fn is_on(self, workbench: &Workbench) -> Option<bool> {
        match self {
            Command::StickyLines => Some(workbench.settings.sticky),
            Command::ShowBlanks => Some(workbench.settings.blanks),
            Command::ThemeLight => Some(workbench.settings.theme == egui::ThemePreference::Light),
            Command::ThemeDark => Some(workbench.settings.theme == egui::ThemePreference::Dark),
            Command::ThemeSystem => Some(workbench.settings.theme == egui::ThemePreference::System),
            _ => None,
        }
    }

    /// What is missing for it; none where it can be done.
    pub fn why_not(self, workbench: &Workbench) -> Option<&'static str> {
        let no_file = || {
            workbench
                .active_doc()
                .is_none()
                .then_some("No file is open")
        };
        let no_rule = || workbench.rule.is_none().then_some("No rule is open");
        let no_logs = || {
            workbench
                .data
                .files()
                .is_empty()
                .then_some("No logs are loaded")
        };
        let no_matches = || (workbench.match_count().unwrap_or(0) == 0).then_some("No matches");
        match self {
            Command::SaveAs
            | Command::CloseTab
            | Command::CloseAll
            | Command::SplitRight
            | Command::SplitDown
            | Command::CopyPath
            | Command::GoToSymbol
            | Command::Complete
            | Command::SignatureHelp
            | Command::FieldHelp
            | Command::InsertSnippet
            | Command::GoToDefinition
            | Command::FindReferences
            | Command::RenameSymbol
            | Command::FormatQuery
            | Command::RevealInExplorer => no_file(),
            Command::Save => no_file().or_else(|| {
                let unsaved = workbench.active_doc().is_some_and(|d| d.is_unsaved());
                (!unsaved).then_some("Nothing has changed")
            }),
            Command::SaveAll => (!workbench.any_unsaved()).then_some("Nothing has changed"),
            Command::CloseOthers
            | Command::NextTab
            | Command::PreviousTab
            | Command::RecentTab
            | Command::RecentTabBack => no_file().or_else(|| {
                let group = workbench.groups.get(workbench.groups.focus());
                let alone = group.is_none_or(|g| g.views.len() < 2);
                alone.then_some("The group has no other file")
            }),
            Command::ReopenTab => (!workbench.groups.has_closed()).then_some("No file was closed"),
            Command::KeepOpen => no_file().or_else(|| {
                let preview = workbench.groups.view().is_some_and(|v| v.preview);
                (!preview).then_some("The file is kept open already")
            }),
            Command::FocusGroup1 => no_file(),
            Command::FocusGroup2 => {
                (workbench.groups.count() < 2).then_some("There is one group of files")
            }
            Command::FocusGroup3 => {
                (workbench.groups.count() < 3).then_some("There is no third group of files")
            }
            Command::Export | Command::Test | Command::NewCases => no_rule(),
            Command::CaseOfSelected => no_rule().or_else(|| {
                let selected = &workbench.selection;
                let nothing = selected.matched.is_none() && selected.event.is_none();
                nothing.then_some("Select a match or an event first")
            }),
            Command::Run | Command::StageRows => {
                workbench.rule_path.is_none().then_some("No rule is open")
            }
            Command::QuickFix => no_file().or_else(|| {
                workbench
                    .fixes_at_cursor()
                    .is_empty()
                    .then_some("Nothing at the cursor can be mended by itself")
            }),
            Command::NextProblem | Command::PreviousProblem => {
                (workbench.problems.shown().is_empty()).then_some("Nothing is wrong")
            }
            Command::ReloadLogs => no_logs(),
            Command::ResetClock => workbench
                .clock
                .is_none()
                .then_some("The clock stands at the end of the logs already"),
            Command::NextMatch | Command::PreviousMatch => no_matches(),
            _ => None,
        }
    }
}
