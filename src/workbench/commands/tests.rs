use super::*;
use std::collections::HashSet;

/// Every command there is, written so that a new one does not compile until it is named here.
fn every(command: Command) -> Command {
    use Command::*;
    match command {
        NewRule | NewCases | CaseOfSelected | OpenPath | OpenFiles | OpenFolder | OpenSamples
        | AddLogs | AddLogFolder | NewConnector | Save | SaveAs | SaveAll | CloseTab
        | CloseOthers | CloseAll | ReopenTab | Export | Quit | QuickOpen | GoToSymbol | NextTab
        | PreviousTab | RecentTab | RecentTabBack | KeepOpen | CopyPath | RevealInExplorer
        | SplitRight | SplitDown | FocusGroup1 | FocusGroup2 | FocusGroup3 | Run | Test
        | StageRows | Palette | SetClock | ResetClock | ReloadLogs | ShowLogs | ShowProblems
        | NextProblem | PreviousProblem | QuickFix | Complete | SignatureHelp | FieldHelp
        | InsertSnippet | GoToDefinition | FindReferences | RenameSymbol | FormatQuery
        | NextMatch | PreviousMatch | ThemeLight | ThemeDark | ThemeSystem | ZoomIn | ZoomOut
        | ZoomReset | StickyLines | ShowBlanks | ResetLayout | Shortcuts => command,
    }
}

#[test]
fn every_command_is_in_one_menu() {
    let all: Vec<Command> = Command::all().map(|row| every(row.command)).collect();
    let different: HashSet<Command> = all.iter().copied().collect();
    assert_eq!(all.len(), different.len(), "a command stands twice");
    // The discriminants are 0, 1, 2 …: the last one tells how many there are.
    assert_eq!(
        all.len(),
        Command::Shortcuts as usize + 1,
        "one is in no menu"
    );
}

#[test]
fn no_two_commands_share_keys() {
    let mut keys = Vec::new();
    for row in Command::all() {
        for key in row.keys {
            assert!(!keys.contains(key), "{}: {key:?} is used twice", row.text);
            keys.push(*key);
        }
    }
}

#[test]
fn words_follow_the_voice() {
    for row in Command::all() {
        assert!(!row.text.is_empty() && !row.about.is_empty());
        assert!(!row.text.ends_with(['.', ':']), "{}", row.text);
        assert!(!row.about.ends_with('.'), "{}", row.about);
        let first = row.text.chars().next();
        assert!(first.is_some_and(char::is_uppercase), "{}", row.text);
    }
}
