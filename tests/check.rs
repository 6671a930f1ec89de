//! The checks of rules, and edits by span.
//!
//! Every folder of `tests/check/sentinel` holds cases of one check. A case `NAME.yaml` is the part of a rule that
//! matters; the fields it leaves out come from `base.yaml`, but for those that a line `# without: name …` lists. Other
//! lines at its top: `# target: service`, `# schema: Table(Column:type, …)`, `# crlf`. The folder's `codes.txt` lists
//! the codes that are looked at; findings of others are passed over. `NAME.txt` says what is expected: for each finding
//!
//! ```text
//! 3:17-21 error sentinel-code [target] message
//!   fix: its title
//!   => the changed lines, as they are afterwards
//! ```
//!
//! Lines and columns are those of the case's own text. An expectation is written by hand. To change many, run with
//! `CHECK_CASES=write`: what came out is written to the files, the test fails all the same and names them, and whoever
//! ran it reads the difference before it is kept.

mod check {
    mod edits;
    mod seams;
    mod sentinel;
}
