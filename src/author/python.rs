//! Python bodies and modules: names, calls, event paths.
//!
//! | file | what lives there |
//! |---|---|
//! | `scan` | where in the text a place is: in a string, in which call, behind which expression |
//! | `names` | all names of a module, where they are bound and used |
//! | `paths` | which part of an event an expression is |
//! | `words` | Panther's functions and event methods, Python's words |
//! | `elsewhere` | places in other files: mappings of data models, bodies that import a global |
//! | `complete`, `call`, `navigate`, `outline` | the questions |

mod call;
mod complete;
mod elsewhere;
mod names;
mod navigate;
pub mod outline;
mod paths;
mod scan;
mod words;

pub use call::signature;
pub use complete::complete;
pub use navigate::{definition, hover, references, rename, renameable};
