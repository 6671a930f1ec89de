//! The lower floor knows nothing of the upper: who names whom, read from the sources.

use std::path::Path;

/// A room and the rooms it may name. `src/README.md` shows the same as a picture.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("diagnostic", &[]),
    ("event", &[]),
    ("task", &[]),
    ("value", &["task"]),
    ("yaml", &["diagnostic"]),
    ("kql", &["diagnostic", "task", "value"]),
    ("python", &["diagnostic", "event", "task"]),
    (
        "logs",
        &["diagnostic", "event", "kql", "task", "value", "yaml"],
    ),
    ("generate", &[]),
    ("sentinel", &["diagnostic", "value", "yaml"]),
    (
        "panther",
        &["diagnostic", "event", "python", "task", "yaml"],
    ),
    (
        "detect",
        &[
            "diagnostic",
            "event",
            "kql",
            "logs",
            "panther",
            "python",
            "sentinel",
            "task",
            "value",
            "yaml",
        ],
    ),
    ("machine", &["logs"]),
    ("workspace", &["detect", "generate", "logs"]),
    (
        "check",
        &[
            "detect",
            "diagnostic",
            "event",
            "kql",
            "logs",
            "panther",
            "python",
            "sentinel",
            "task",
            "value",
            "yaml",
        ],
    ),
    (
        "author",
        &[
            "check",
            "detect",
            "diagnostic",
            "event",
            "kql",
            "logs",
            "panther",
            "python",
            "sentinel",
            "task",
            "value",
            "yaml",
        ],
    ),
    (
        "export",
        &[
            "detect",
            "diagnostic",
            "panther",
            "sentinel",
            "task",
            "value",
            "yaml",
        ],
    ),
];

/// The top floor: nobody below may name these.
const TOP: [&str; 2] = ["workbench", "cli"];

#[test]
fn no_room_names_a_room_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut files = 0;
    for (room, may) in MAY_NAME {
        let folder = src.join(room);
        let mut sources = Vec::new();
        match folder.is_dir() {
            true => collect(&folder, &mut sources),
            false => sources.push(src.join(format!("{room}.rs"))),
        }
        for path in sources {
            files += 1;
            let text = std::fs::read_to_string(&path).expect("a source file");
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or("");
                for named in rooms_named(code) {
                    if named != *room && !may.contains(&named.as_str()) {
                        wrong.push(format!("{}:{}: {named}", path.display(), number + 1));
                    }
                }
            }
        }
    }
    assert!(files > 100, "the sources were not found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_has_a_floor() {
    let lib = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let text = std::fs::read_to_string(lib).expect("lib.rs");
    for line in text.lines() {
        if let Some(room) = line
            .strip_prefix("pub mod ")
            .and_then(|r| r.strip_suffix(';'))
        {
            let known = MAY_NAME.iter().any(|(name, _)| *name == room) || TOP.contains(&room);
            assert!(known, "{room} has no floor");
        }
    }
}

/// The rooms that `crate::room` and `use crate::{a, b::c}` name in a line.
fn rooms_named(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let list = rest.strip_prefix('{').and_then(|r| r.split('}').next());
        for part in list.unwrap_or(rest).split(',') {
            let name: String = part
                .trim()
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            let is_room = MAY_NAME.iter().any(|(room, _)| *room == name);
            if is_room || TOP.contains(&name.as_str()) {
                rooms.push(name);
            }
            if list.is_none() {
                break;
            }
        }
    }
    rooms
}

fn collect(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a room").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}
