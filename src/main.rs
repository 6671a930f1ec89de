//! The one binary: the window without a command, the commands otherwise.

fn main() -> std::process::ExitCode {
    rulewright::cli::main()
}
