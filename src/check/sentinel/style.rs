//! How the public repository's reviewers want names and descriptions: always hints, and only for that repository.
//!
//! Examples: a name that ends in a full stop or has more than 50 characters; a description that does not begin with
//! `Identifies` or `This query searches for`.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::Severity;

pub(super) const CHECK: SentinelCheck = Check {
    name: "style",
    codes: &[Code {
        id: "sentinel-style",
        about: "Reviewers of Azure-Sentinel ask for another style",
    }],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    if subject.target != Target::AzureSentinel || !subject.named {
        return;
    }
    let mut tell = |key: &str, message: String| {
        let found = subject.remark(Severity::Hint, "sentinel-style", &at![key], message);
        report.tell_for(Target::AzureSentinel, found);
    };
    let name = subject.rule.name.trim();
    let length = name.chars().count();
    if length > 50 {
        tell(
            "name",
            format!("The name has {length} characters; about 50 are wanted, 100 at most"),
        );
    }
    if name.ends_with('.') {
        tell("name", "A name ends without a full stop".to_owned());
    }
    let description = subject.rule.description.trim().trim_matches(['\'', '"']);
    let begins = ["Identifies", "This query searches for"];
    if !description.is_empty() && !begins.iter().any(|b| description.starts_with(b)) {
        tell(
            "description",
            "A description begins with `Identifies` or `This query searches for`".to_owned(),
        );
    }
    let length = description.chars().count();
    if length > 255 {
        tell(
            "description",
            format!("The description has {length} characters; 255 are wanted at most"),
        );
    }
    if !name.is_empty() && description == name {
        tell("description", "The description repeats the name".to_owned());
    }
}
