//! The workspace that a person gets without naming one: the folder they stand in, else the bundled one.

use crate::detect::find_rules;
use crate::generate;
use crate::logs::is_log_file;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What the window and the main job in the terminal open.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The folder that is shown as the workspace.
    pub root: PathBuf,
    /// Rule files, sorted.
    pub rules: Vec<PathBuf>,
    /// Log files, sorted.
    pub logs: Vec<PathBuf>,
    /// Folders of sample logs, each of which is looked at on its own; `logs` holds the files of one of them.
    pub log_sets: Vec<PathBuf>,
}

/// The bundled rules. The sample logs are not carried along: `generate` makes them anew, byte for byte.
const RULES: &[(&str, &[u8])] = &[
    (
        "rules/sentinel/openai_config_to_abuse_chain.yaml",
        include_bytes!("../rules/sentinel/openai_config_to_abuse_chain.yaml"),
    ),
    (
        "rules/sentinel/openai_config_to_abuse_chain.cases.yaml",
        include_bytes!("../rules/sentinel/openai_config_to_abuse_chain.cases.yaml"),
    ),
    (
        "rules/panther/openai_admin_role_assignment.yml",
        include_bytes!("../rules/panther/openai_admin_role_assignment.yml"),
    ),
    (
        "rules/panther/openai_admin_role_assignment.py",
        include_bytes!("../rules/panther/openai_admin_role_assignment.py"),
    ),
];

/// The workspace of the given folders, rule files and log files; of the current folder where none is given
/// and it has `rules/`; else the bundled one, unpacked into the person's own data folder, where it can be
/// changed and is found again the next time.
pub fn find(paths: &[PathBuf]) -> Workspace {
    if !paths.is_empty() {
        return of_paths(paths);
    }
    let here = PathBuf::from(".");
    if here.join("rules").is_dir() {
        return of_paths(&[here]);
    }
    match unpacked() {
        Some(folder) => of_paths(&[folder]),
        None => Workspace {
            root: here,
            ..Workspace::default()
        },
    }
}

/// The folder of the bundled workspace, filled; a temporary one where there is no data folder to write to.
fn unpacked() -> Option<PathBuf> {
    let own = eframe::storage_dir("rulewright")
        .map(|folder| folder.join(concat!("sample-", env!("CARGO_PKG_VERSION"))));
    if let Some(folder) = own
        && unpack(&folder).is_ok()
    {
        return Some(folder);
    }
    let folder = tempfile::Builder::new()
        .prefix("rulewright-")
        .tempdir()
        .ok()?
        .keep();
    unpack(&folder).is_ok().then_some(folder)
}

/// Writes the files that are not there yet: what a person changed stays as it is.
fn unpack(folder: &Path) -> std::io::Result<()> {
    for (name, bytes) in RULES {
        write_new(&folder.join(name), bytes)?;
    }
    let scenarios = generate::list();
    for entry in scenarios.iter().filter(|e| e.name != generate::SCALE) {
        let logs = folder.join("sample-logs").join(&entry.name);
        if logs.is_dir() {
            continue;
        }
        let files = generate::generate(&entry.name, &generate::Options::default())
            .map_err(std::io::Error::other)?;
        for (name, bytes) in files {
            write_new(&logs.join(name), &bytes)?;
        }
    }
    Ok(())
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, bytes)
}

fn of_paths(paths: &[PathBuf]) -> Workspace {
    let root = paths
        .iter()
        .find(|p| p.is_dir())
        .cloned()
        .or_else(|| paths.first().and_then(|p| p.parent()).map(Path::to_owned))
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or_else(|| PathBuf::from("."));
    let mut workspace = Workspace {
        root,
        ..Workspace::default()
    };
    for path in paths {
        if path.is_dir() {
            workspace.rules.extend(find_rules(&parts(path, &["rules"])));
            let samples = path.join("sample-logs");
            if samples.is_dir() {
                workspace.log_sets.extend(sets(&samples));
            } else {
                workspace.logs.extend(log_files(&parts(path, &["logs"])));
            }
        } else if find_rules(std::slice::from_ref(path)).is_empty() {
            workspace.logs.push(path.clone());
        } else {
            workspace.rules.push(path.clone());
        }
    }
    if let Some(set) = first_set(&workspace.log_sets) {
        workspace.logs.extend(log_files(std::slice::from_ref(set)));
    }
    workspace
}

/// The scenarios of a folder of sample logs: its subfolders that hold logs, or itself.
/// Each tells a story of its own, and some tell the same one: together they would count events twice.
fn sets(samples: &Path) -> Vec<PathBuf> {
    let mut sets: Vec<PathBuf> = std::fs::read_dir(samples)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.is_dir() && !log_files(std::slice::from_ref(p)).is_empty())
        .collect();
    sets.sort();
    if sets.is_empty() {
        sets.push(samples.to_owned());
    }
    sets
}

/// The set that is loaded first: the whole day where there is one.
fn first_set(sets: &[PathBuf]) -> Option<&PathBuf> {
    sets.iter()
        .find(|s| s.file_name().is_some_and(|n| n == generate::COMBINED_DAY))
        .or(sets.first())
}

/// The log files of one set.
pub fn logs_of(set: &Path) -> Vec<PathBuf> {
    log_files(&[set.to_owned()])
}

/// The folder's parts of these names where it has any, else the folder itself.
fn parts(folder: &Path, names: &[&str]) -> Vec<PathBuf> {
    let found: Vec<PathBuf> = names
        .iter()
        .map(|n| folder.join(n))
        .filter(|p| p.is_dir())
        .collect();
    if found.is_empty() {
        vec![folder.to_owned()]
    } else {
        found
    }
}

fn log_files(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| {
            WalkDir::new(folder)
                .max_depth(24)
                .into_iter()
                .filter_entry(|e| e.depth() == 0 || !is_passed_over(e))
                .flatten()
        })
        .filter(|e| e.file_type().is_file() && is_log_file(e.path()))
        .map(|e| e.into_path())
        .collect();
    files.sort();
    files
}

fn is_passed_over(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with('.') || matches!(&*name, "target" | "node_modules" | "__pycache__")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundle_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        unpack(folder.path()).unwrap();
        let bundled = of_paths(&[folder.path().to_owned()]);
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        let ours = of_paths(&[repository.to_owned()]);
        let names = |paths: &[PathBuf], below: &Path| -> Vec<PathBuf> {
            let relative = paths.iter().map(|p| p.strip_prefix(below).unwrap());
            relative.map(Path::to_owned).collect()
        };
        assert!(ours.rules.len() >= 2 && ours.logs.len() >= 2);
        assert_eq!(
            names(&bundled.rules, folder.path()),
            names(&ours.rules, repository)
        );
        assert_eq!(
            names(&bundled.logs, folder.path()),
            names(&ours.logs, repository)
        );
        // Every rule came with the file beside it.
        for rule in &bundled.rules {
            let rule = crate::detect::open(rule, &crate::detect::Disk).unwrap();
            assert!(rule.companion_text.is_some(), "{}", rule.path.display());
        }
    }
}
