//! The sandboxed Python interpreter for rule bodies: RustPython without host modules,
//! native event classes, limits on time and memory. Knows nothing of KQL or the window.
//!
//! A [`Sandbox`] owns one interpreter on a thread of its own. Whoever asks it something stays on the
//! other side and is the watchdog: over a limit the body first gets an exception, then its stack is
//! unwound, and at last the thread is abandoned (`worker`, `thread`). Events are views into the caller's JSON,
//! never converted (`event`, `list`). Memory is counted by the process's allocator (`memory`).

mod boot;
mod control;
mod convert;
mod encode;
mod event;
mod failure;
mod list;
mod load;
mod lookup;
pub mod memory;
mod session;
mod thread;
mod walk;
mod worker;

pub use boot::is_closed;
pub use encode::json_text;
pub use failure::Raised;
pub use session::{Argument, Mock, Returned, Session};
pub use worker::{Body, Bounds, Hit, Limit, LoadFailure, Sandbox, Stop};

#[cfg(test)]
mod tests;
