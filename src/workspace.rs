//! The workspace that a person gets without naming one: the folder they stand in, else the bundled one.

use crate::detect::find_rules;
use crate::generate;
use crate::logs::is_log_file;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What the window and the main job in the terminal open.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The folder that is shown as the workspace, as it was given.
    pub root: PathBuf,
    /// Rule files, sorted; absolute, so that they are the same file wherever the program is started.
    pub rules: Vec<PathBuf>,
    /// Log files, absolute and sorted: those in `logs/` and of one sample set; else what lies about in the folder.
    pub logs: Vec<PathBuf>,
    /// Folders of sample logs, each of which is looked at on its own; `logs` holds the files of one of them.
    pub log_sets: Vec<PathBuf>,
    /// Folders that could not be read.
    pub unread: Vec<Unread>,
}

/// A folder that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// The folder.
    pub path: PathBuf,
    /// What the system said.
    pub reason: String,
}

impl Workspace {
    /// A file of the workspace as a person calls it: below the root as that was given.
    pub fn short(&self, path: &Path) -> PathBuf {
        let Ok(rest) = path.strip_prefix(absolute(&self.root)) else {
            return path.to_owned();
        };
        match self.root == Path::new(".") {
            true => rest.to_owned(),
            false => self.root.join(rest),
        }
    }
}

/// The same path from the root of the file system on; as it is where that cannot be told.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
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
    (
        "rules/sentinel/openai_defences_switched_off.yaml",
        include_bytes!("../rules/sentinel/openai_defences_switched_off.yaml"),
    ),
    (
        "rules/sentinel/openai_defences_switched_off.cases.yaml",
        include_bytes!("../rules/sentinel/openai_defences_switched_off.cases.yaml"),
    ),
    (
        "rules/panther/openai_admin_key_makes_owner.yml",
        include_bytes!("../rules/panther/openai_admin_key_makes_owner.yml"),
    ),
    (
        "rules/panther/openai_admin_key_makes_owner.py",
        include_bytes!("../rules/panther/openai_admin_key_makes_owner.py"),
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
    samples()
}

/// The bundled workspace, unpacked into the person's own data folder.
pub fn samples() -> Workspace {
    match unpacked() {
        Some(folder) => of_paths(&[folder]),
        None => Workspace {
            root: PathBuf::from("."),
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
            let path = absolute(path);
            let unread = &mut workspace.unread;
            let folders = rule_folders(&path);
            for folder in &folders {
                walk(folder, unread).for_each(drop);
            }
            let rules = find_rules(&folders);
            workspace.rules.extend(match rules.is_empty() {
                true => find_rules(std::slice::from_ref(&path)),
                false => rules,
            });
            let sets = sets(&path.join("sample-logs"));
            let logs = log_files(&path.join("logs"), unread);
            // The data in a repository of detections is no log of anybody's.
            let none = logs.is_empty() && sets.is_empty() && !is_panther_repository(&path);
            workspace.logs.extend(match none {
                true => log_files(&path, unread),
                false => logs,
            });
            workspace.log_sets.extend(sets);
        } else if find_rules(std::slice::from_ref(path)).is_empty() {
            workspace.logs.push(absolute(path));
        } else {
            workspace.rules.push(absolute(path));
        }
    }
    // A folder's own rules together, then those of its subfolders.
    workspace
        .rules
        .sort_by(|a, b| (a.parent(), a).cmp(&(b.parent(), b)));
    if let Some(set) = first_set(&workspace.log_sets) {
        workspace.logs.extend(logs_of(set));
    }
    // What lies in a closed folder is closed with it.
    let closed = workspace.unread.clone();
    let within = |u: &Unread| {
        let above = |c: &Unread| c.path != u.path && u.path.starts_with(&c.path);
        closed.iter().any(above)
    };
    workspace.unread.retain(|u| !within(u));
    workspace.unread.sort();
    workspace.unread.dedup();
    workspace
}

/// Where a repository of rules keeps them: `rules`, and what else Panther's tool reads in its own.
fn rule_folders(path: &Path) -> Vec<PathBuf> {
    let mut folders = vec![path.join("rules")];
    if is_panther_repository(path) {
        let others = ["correlation_rules", "policies", "queries", "simple_rules"];
        folders.extend(others.map(|name| path.join(name)));
    }
    folders.retain(|folder| folder.is_dir());
    folders
}

fn is_panther_repository(path: &Path) -> bool {
    path.join("global_helpers").is_dir() || path.join("data_models").is_dir()
}

/// The scenarios of a folder of sample logs: its subfolders that hold logs, or itself; none where it holds none.
/// Each tells a story of its own, and some tell the same one: together they would count events twice.
fn sets(samples: &Path) -> Vec<PathBuf> {
    let mut sets: Vec<PathBuf> = std::fs::read_dir(samples)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.is_dir() && !logs_of(p).is_empty())
        .collect();
    sets.sort();
    if sets.is_empty() && !logs_of(samples).is_empty() {
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
    log_files(set, &mut Vec::new())
}

/// What lies in a folder and below; nothing where there is no such folder. Folders that cannot be read are told.
fn walk<'a>(
    folder: &'a Path,
    unread: &'a mut Vec<Unread>,
) -> impl Iterator<Item = walkdir::DirEntry> + 'a {
    WalkDir::new(folder)
        .max_depth(24)
        .into_iter()
        .filter_entry(|e| e.depth() == 0 || !is_passed_over(e))
        .filter_map(move |entry| match entry {
            Ok(entry) => Some(entry),
            Err(error) => {
                unread.extend(told(&error));
                None
            }
        })
}

/// A folder that is not there, or no longer, is nothing to be told of.
fn told(error: &walkdir::Error) -> Option<Unread> {
    let system = error.io_error()?;
    let path = error.path()?.to_owned();
    (system.kind() != std::io::ErrorKind::NotFound).then(|| Unread {
        path,
        reason: system.to_string(),
    })
}

/// The log files in a folder and below, sorted; none where there is no such folder.
fn log_files(folder: &Path, unread: &mut Vec<Unread>) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walk(folder, unread)
        .filter(|e| e.file_type().is_file() && is_log_file(e.path()) && !is_table(e.path()))
        .map(|e| e.into_path())
        .collect();
    files.sort();
    files
}

/// Whether a file is a table that only looks like a log: CSV files of a workspace are many things, and logs only where
/// the logs are.
fn is_table(path: &Path) -> bool {
    let is_csv = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    is_csv
        && !path
            .iter()
            .any(|part| part == "logs" || part == "sample-logs")
}

fn is_passed_over(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with('.') || matches!(&*name, "target" | "node_modules" | "__pycache__")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_of(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            // A name that ends in a slash is an empty folder.
            match file.ends_with('/') {
                true => std::fs::create_dir_all(path).unwrap(),
                false => std::fs::write(path, "{}").unwrap(),
            }
        }
        folder
    }

    #[test]
    fn logs_are_found_where_they_are() {
        for (files, logs) in [
            (&["logs/", "a.json"][..], &["a.json"][..]),
            (&["logs/b.json", "a.json"], &["logs/b.json"]),
            (
                &[
                    "logs/b.json",
                    "sample-logs/c1/c.json",
                    "sample-logs/c2/d.json",
                ],
                &["logs/b.json", "sample-logs/c1/c.json"],
            ),
            (&["logs/", "sample-logs/c.json"], &["sample-logs/c.json"]),
            (&["sample-logs/", "a.json"], &["a.json"]),
            (&["a.json", "deep/b.ndjson"], &["a.json", "deep/b.ndjson"]),
        ] {
            let folder = folder_of(files);
            let found = of_paths(&[folder.path().to_owned()]);
            let names: Vec<_> = found
                .logs
                .iter()
                .map(|p| p.strip_prefix(folder.path()).unwrap())
                .collect();
            assert_eq!(names, logs.iter().map(Path::new).collect::<Vec<_>>());
        }
    }

    #[cfg(unix)]
    #[test]
    fn folders_that_cannot_be_read_are_told() {
        let folder = folder_of(&["logs/a.json", "rules/"]);
        let closed = folder.path().join("logs/closed");
        std::fs::create_dir(&closed).unwrap();
        let mode = |mode| {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        mode(0o000);
        let found = of_paths(&[folder.path().to_owned()]);
        let readable = std::fs::read_dir(&closed).is_ok();
        mode(0o755);
        let told: Vec<_> = found.unread.iter().map(|u| u.path.clone()).collect();
        // Root reads it all the same.
        let expected = if readable { vec![] } else { vec![closed] };
        assert_eq!(told, expected);
        assert_eq!(found.logs, [folder.path().join("logs/a.json")]);
        // A folder that is not there is no fault.
        let bare = folder_of(&["x.txt"]);
        assert_eq!(of_paths(&[bare.path().to_owned()]).unread, []);
    }

    #[test]
    fn what_the_system_refuses_is_told_and_what_is_gone_is_not() {
        let folder = folder_of(&["file.txt"]);
        // A file is no folder to go into: the system refuses, also for root.
        let mut unread = Vec::new();
        let within = folder.path().join("file.txt/logs");
        assert_eq!(walk(&within, &mut unread).count(), 0);
        assert_eq!(unread.len(), 1);
        assert_eq!(unread[0].path, within);
        let mut unread = Vec::new();
        let gone = folder.path().join("gone");
        assert_eq!(walk(&gone, &mut unread).count(), 0);
        assert_eq!(unread, []);
    }

    #[test]
    fn paths_are_absolute_and_short_where_people_read_them() {
        // Tests run in the folder of the package.
        for (root, short) in [
            (".", "sample-logs"),
            ("sample-logs/..", "sample-logs/../sample-logs"),
        ] {
            let here = of_paths(&[PathBuf::from(root)]);
            assert!(!here.logs.is_empty() && !here.rules.is_empty());
            for path in here.logs.iter().chain(&here.rules) {
                assert!(path.is_absolute(), "{}", path.display());
            }
            let log = here.short(&here.logs[0]);
            assert!(log.starts_with(short) && log.is_file(), "{}", log.display());
        }
        let file = of_paths(&[PathBuf::from("Cargo.toml")]);
        assert!(file.logs[0].is_absolute());
        assert_eq!(file.short(&file.logs[0]), Path::new("Cargo.toml"));
    }

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
