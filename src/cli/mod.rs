//! The headless commands: arguments in, answers out. Thin: the floors below do the work.
//! Results go to stdout, messages to stderr; exit status 0 yes, 1 the answer is no, 2 it could not be asked.

mod batch;
mod check;
mod choices;
mod csv;
mod edit;
mod export;
mod generate;
mod input;
mod junit;
mod logs;
pub mod no_window;
mod output;
mod progress;
mod query;
mod report;
mod run;
mod screenshot;
mod table_file;
mod test;
mod test_text;
mod text_table;

use clap::{Parser, Subcommand};
use output::{Answer, Stop};
use std::path::PathBuf;
use std::process::ExitCode;

/// Write, run, explain, test and ship detection rules for Microsoft Sentinel and Panther, offline.
///
/// Without a command it opens the window on a workspace folder, or on rule and log files.
#[derive(Debug, Parser)]
#[command(name = "rulewright", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Folders, rule files and log files to open in the window.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows the matches of rules over logs.
    Run(run::Arguments),
    /// Runs the cases of all rules below the paths.
    Test(test::Arguments),
    /// Says what is wrong with rule files, for a target.
    Check(check::Arguments),
    /// Sets fields of a rule by their path; every other byte stays as it is.
    Edit(edit::Arguments),
    /// Runs ad-hoc KQL over logs.
    Query(query::Arguments),
    /// Says what each log file was recognised as.
    Logs(logs::Arguments),
    /// Writes the deployable artefacts of a rule whose cases pass.
    Export(export::Arguments),
    /// Writes the sample logs of a scenario.
    Generate(generate::Arguments),
    /// Draws a picture of the window, without a display.
    Screenshot(screenshot::Arguments),
}

/// Does what the command line asks. Without a command it opens the window.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        None => return window(&arguments.paths),
        Some(Command::Run(a)) => run::run(a),
        Some(Command::Test(a)) => test::run(a),
        Some(Command::Check(a)) => check::run(a),
        Some(Command::Edit(a)) => edit::run(a),
        Some(Command::Query(a)) => query::run(a),
        Some(Command::Logs(a)) => logs::run(a),
        Some(Command::Export(a)) => export::run(a),
        Some(Command::Generate(a)) => generate::run(a),
        Some(Command::Screenshot(a)) => screenshot::run(a),
    };
    exit_code(done)
}

/// Opens the window; without a display it says how to get one and does the main job in the terminal.
fn window(paths: &[PathBuf]) -> ExitCode {
    if let Err(missing) = input::existing(paths) {
        return exit_code(Err(missing));
    }
    if let Err(missing) = crate::workbench::preflight::check() {
        output::say(&missing.to_string());
        return no_window::main_job(paths);
    }
    match crate::workbench::open(crate::workspace::find(paths)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => exit_code(Err(Stop::Cannot(message))),
    }
}

/// The exit status of an answer; says what stopped it.
fn exit_code(done: Result<Answer, Stop>) -> ExitCode {
    match done {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(Stop::Cannot(message)) => {
            output::say(&format!("error: {message}"));
            ExitCode::from(2)
        }
        Err(Stop::Told) => ExitCode::from(2),
        // Somebody closed the pipe: they have what they wanted.
        Err(Stop::Output(e)) if e.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Stop::Output(e)) => {
            output::say(&format!("error: the output cannot be written: {e}"));
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }
}
