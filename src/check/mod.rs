//! What an author is told about a rule's document before anybody runs it: one check a file.
//!
//! `sentinel` and `panther` hold the checks of the platforms' documents, each of which a target would refuse or ignore;
//! `data` those that only loaded logs can show, always as hints with the evidence.

mod target;

pub use target::Target;
