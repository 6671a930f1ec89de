//! Writing artefacts: all are written beside their places first, then renamed.

use super::Artefact;
use crate::detect::Rule;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Writes the artefacts and returns their paths.
pub(super) fn write(
    rule: &Rule,
    folder: &Path,
    artefacts: Vec<Artefact>,
) -> Result<Vec<PathBuf>, String> {
    let mut ready = Vec::with_capacity(artefacts.len());
    for (relative, bytes) in artefacts {
        let path = folder.join(relative);
        not_a_source(rule, &path)?;
        if path.is_dir() {
            return Err(format!(
                "{} is a folder; the export wants a file of that name there",
                path.display()
            ));
        }
        let parent = path.parent().unwrap_or(folder);
        let failed = |what: &str, error: std::io::Error| {
            format!("{} cannot be {what}: {error}", path.display())
        };
        std::fs::create_dir_all(parent).map_err(|e| failed("written", e))?;
        let mut file = temporary(parent).map_err(|e| failed("written", e))?;
        file.write_all(&bytes)
            .and_then(|()| file.as_file().sync_all())
            .map_err(|e| failed("written", e))?;
        ready.push((file, path));
    }
    let mut written = Vec::with_capacity(ready.len());
    for (file, path) in ready {
        file.persist(&path)
            .map_err(|e| format!("{} cannot be written: {}", path.display(), e.error))?;
        written.push(path);
    }
    Ok(written)
}

/// A temporary file that gets the permissions of an ordinary new file.
fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rulewright-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// The author's own files are never written to.
fn not_a_source(rule: &Rule, path: &Path) -> Result<(), String> {
    let Ok(target) = path.canonicalize() else {
        return Ok(());
    };
    let mut sources = std::iter::once(&rule.path).chain(&rule.companion);
    let own = sources.any(|source| source.canonicalize().is_ok_and(|s| s == target));
    if own {
        return Err(format!(
            "{} is the rule's own file; export into another folder",
            path.display()
        ));
    }
    Ok(())
}
