//! The sandboxed Python interpreter for rule bodies: RustPython without host modules,
//! native event classes, limits on time and memory. Knows nothing of KQL or the window.
//!
//! An interpreter gets the bodies that belong together (a rule, or a repository's); they import the modules of
//! a [`Library`]. A [`Reserve`] keeps a started interpreter ready. A body that is edited gets a fresh one: it may have
//! changed what all modules share (`json.dumps = ...`, `builtins`, attributes of classes of the library), and nothing
//! tells that it did not, so in the old one an edit could show what the text no longer says.
//!
//! What that costs: about 0.85 MB stays behind for each interpreter that ends (100 loads measured): reference cycles,
//! which only a collection could free. That one stops all interpreters of the process and would wait for ever for one
//! that hangs, so it stays off. And a thread that hangs in a native call which neither allocates nor comes back to
//! Python (`any(iter(int, 1))`) cannot be ended: it is given up and takes a processor until the process ends.
//!
//! A [`Sandbox`] owns one interpreter on a thread of its own. Whoever asks it something stays on the
//! other side and is the watchdog: over a limit the body first gets an exception, then its stack is
//! unwound, and at last the thread is abandoned (`worker`, `thread`). Events are views into the caller's JSON,
//! never converted (`event`, `list`). Memory is counted by the process's allocator (`memory`).

mod body;
mod boot;
mod control;
mod convert;
mod dates;
mod encode;
mod event;
mod failure;
mod library;
mod list;
mod load;
mod lookup;
pub mod memory;
mod newer;
mod path;
mod reserve;
mod sandbox;
mod session;
mod shims;
pub mod syntax;
mod thread;
mod udm;
mod view;
mod walk;
mod worker;

pub use body::{Body, Bounds, Hit, Limit, LoadFailure, Stop};
pub use boot::is_closed;
pub use encode::{json_text, write_json};
pub use failure::{Place, Raised};
pub use library::{DataModel, Library, Mapping, Module};
pub use load::check;
pub use newer::newer_syntax;
pub use path::check_path;
pub use reserve::Reserve;
pub use sandbox::{BodyId, Sandbox};
pub use session::{Argument, Mock, Returned, Session};
pub use shims::is_shim;

#[cfg(test)]
mod tests;
