//! Folders that stand beside what a person named, or above it.

use std::path::{Component, Path, PathBuf};

/// How many folders above a path are looked at.
const LEVELS: usize = 8;

/// The nearest folder of a name in the path itself or in a folder above it; absolute.
pub(super) fn nearest(path: &Path, name: &str) -> Option<PathBuf> {
    let path = plain(path);
    let folders = path.ancestors().take(LEVELS);
    folders.map(|f| f.join(name)).find(|f| f.is_dir())
}

/// A path from the root on, without `..`: the ancestors of `../b` are else `..` and the folder one stands in.
fn plain(path: &Path) -> PathBuf {
    let path = match path.as_os_str().is_empty() {
        true => Path::new("."),
        false => path,
    };
    let Ok(whole) = std::path::absolute(path) else {
        return path.to_owned();
    };
    let mut plain = PathBuf::new();
    for part in whole.components() {
        if part != Component::ParentDir {
            plain.push(part);
            continue;
        }
        // Above a link lies what is above the folder it leads to.
        if plain.is_symlink()
            && let Ok(real) = plain.canonicalize()
        {
            plain = real;
        }
        plain.pop();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_folders_are_not_above() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/connectors")).unwrap();
        std::fs::create_dir_all(root.join("b/deep")).unwrap();
        let own = Some(root.join("a/connectors"));
        assert_eq!(nearest(&root.join("a/logs/x.json"), "connectors"), own);
        assert_eq!(nearest(&root.join("b/../a/x.json"), "connectors"), own);
        assert_ne!(nearest(&root.join("a/../b"), "connectors"), own);
        assert_eq!(plain(&root.join("a/./../b")), root.join("b"));
        assert_eq!(plain(Path::new("")), std::env::current_dir().unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn above_a_link_is_what_the_file_system_says() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("real/inner")).unwrap();
        std::os::unix::fs::symlink(root.join("real/inner"), root.join("link")).unwrap();
        assert_eq!(plain(&root.join("link/../x")), root.join("real/x"));
        assert_eq!(plain(&root.join("link/x")), root.join("link/x"));
    }
}
