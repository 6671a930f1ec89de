//! The sandboxed Python interpreter for rule bodies: RustPython without host modules,
//! native event classes, limits on time and memory. Knows nothing of KQL or the window.
//!
//! An interpreter gets the bodies that belong together (a rule, or a repository's); they import the modules of
//! a [`Library`]. A [`Reserve`] keeps a started interpreter ready. About 0.85 MB stays behind for each
//! interpreter that ends (100 loads measured): reference cycles, which only a collection could free. That one
//! stops all interpreters of the process and would wait for ever for one that hangs, so it stays off.
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
pub use encode::json_text;
pub use failure::{Place, Raised};
pub use library::{DataModel, Library, Mapping, Module};
pub use load::check;
pub use lookup::find as member;
pub use path::check_path;
pub use reserve::Reserve;
pub use sandbox::{BodyId, Sandbox};
pub use session::{Argument, Mock, Returned, Session};
pub use shims::is_shim;

#[cfg(test)]
mod tests;
