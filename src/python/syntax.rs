//! The syntax tree of a body, for whoever reads it without running it.

use super::load::LARGEST_CHECKED;
use super::shims;
use super::worker::STACK;

pub use ruff_python_ast as tree;
pub use ruff_text_size::Ranged;

/// Runs work on a thread with a deep stack: trees nest as deep as their texts do, and so does
/// everything that reads, walks or drops them. None where there is no such thread or the work broke.
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("rule body reading".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .ok()
            .and_then(|thread| thread.join().ok())
    })
}

/// Reads a text; only [`on_deep_stack`]. Spans count from behind a byte-order mark. None where the text is no Python,
/// or so long that even that stack might not do.
pub fn parse(source: &str) -> Option<tree::ModModule> {
    let text = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    if text.len() > LARGEST_CHECKED {
        return None;
    }
    Some(ruff_python_parser::parse_module(text).ok()?.into_syntax())
}

/// Whether a module of that name can only come from the library of a repository: neither Python's own library nor
/// the modules that stand in for the platform's have one of such a name. When in doubt, no.
pub fn is_of_library(module: &str) -> bool {
    let first = module.split('_').next().unwrap_or(module);
    module.contains('_')
        && !module.contains('.')
        && !first.is_empty()
        && first != "sre"
        && !shims::is_shim(module)
}

/// What can be read of a text that may be half typed; only [`on_deep_stack`]. Spans count from behind a byte-order
/// mark. None where it is so long that even that stack might not do.
pub fn parse_lossy(source: &str) -> Option<tree::ModModule> {
    let text = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    if text.len() > LARGEST_CHECKED {
        return None;
    }
    let options = ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Module);
    let parsed = ruff_python_parser::parse_unchecked(text, options).try_into_module()?;
    Some(parsed.into_syntax())
}
