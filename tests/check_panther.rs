//! The checks of Panther's documents.

#[path = "common/check_cases.rs"]
mod check_cases;

#[test]
fn cases() {
    check_cases::run("tests/check/panther", false);
}
