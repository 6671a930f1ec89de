//! The product's main job in the terminal, where there is no display.

use super::choices::Choices;
use super::output::{Answer, Screen, Stop, Style, count, say, stdout};
use super::{exit_code, input, report, run, test, test_text};
use crate::detect::{self, Disk, Folder, Runner};
use crate::task::CancelToken;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Runs the rules of the workspace over its logs and prints the matches and the test summary.
/// Exits 0 when it could be done, whatever the cases say.
pub fn main_job(paths: &[PathBuf]) -> ExitCode {
    exit_code(job(paths))
}

/// A folder as a person calls it.
fn place(root: &Path) -> String {
    match root == Path::new(".") {
        true => "this folder".to_owned(),
        false => input::shown(root),
    }
}

fn job(paths: &[PathBuf]) -> Result<Answer, Stop> {
    let workspace = crate::workspace::find(paths);
    if workspace.rules.is_empty() {
        return Err(Stop::Cannot(format!(
            "there is no rule in {}",
            place(&workspace.root)
        )));
    }
    let mut rules = Vec::new();
    for path in &workspace.rules {
        match detect::open(&workspace.short(path), &Disk) {
            Ok(rule) => rules.push(rule),
            Err(message) => say(&message),
        }
    }
    let folder = Folder {
        rules,
        ..Folder::default()
    };
    let rules = &folder.rules;
    let logs: Vec<PathBuf> = workspace.logs.iter().map(|p| workspace.short(p)).collect();
    let data = input::logs(&logs, &Choices::default())?;
    let clock = input::clock(None, &data)?;
    let mut out = stdout();
    let style = Style::stdout();
    writeln!(
        out,
        "{} over {} of {}\n",
        count(rules.len(), "rule", "rules"),
        count(data.event_count(), "event", "events"),
        place(&workspace.root),
    )?;
    for rule in rules {
        let run = Runner::new().run(rule, &data, clock.now, &CancelToken::new());
        out.flush()?;
        report::tell(rule, &rule.diagnostics);
        report::tell(rule, &run.diagnostics);
        run::write_text(&mut Screen(&mut out), rule, &run, clock, 10)?;
    }
    writeln!(out, "{}", style.bold("Cases"))?;
    out.flush()?;
    test_text::write(&mut Screen(&mut out), &test::test(&folder, None), false)?;
    out.flush()?;
    Ok(Answer::Yes)
}
