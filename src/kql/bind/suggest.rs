//! What to say of a name that is not known and near to one that is.

pub use crate::diagnostic::nearest;

/// What to say of a name that is not known: the nearest one, and whether only the case differs.
pub fn did_you_mean(name: &str, near: &str) -> String {
    if name.to_lowercase() == near.to_lowercase() {
        return format!("KQL names are case-sensitive; did you mean `{near}`?");
    }
    format!("Did you mean `{near}`?")
}
