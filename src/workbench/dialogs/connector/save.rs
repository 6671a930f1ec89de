//! Saving the connector beside the logs of the workspace, and loading them with it.

use super::State;
use crate::logs::Connectors;
use crate::workbench::app::Workbench;
use crate::workbench::layout::Pane;
use crate::workbench::save::write_atomically;
use std::path::PathBuf;

/// Where the connector is saved: in the workspace's folder of connectors.
pub(super) fn place(workbench: &Workbench, state: &State) -> PathBuf {
    let root = &workbench.workspace.root;
    let root = std::path::absolute(root).unwrap_or_else(|_| root.clone());
    let folder = Connectors::folder(&root).unwrap_or_else(|| root.join("connectors"));
    let preview = state.preview.as_ref().map(|p| p.id.as_str());
    // What was written by hand may name it otherwise.
    let id = match preview.filter(|id| !id.is_empty()) {
        Some(id) => id,
        None => state.draft.as_ref().map_or("", |d| d.id.as_str()),
    };
    let safe: String = id
        .chars()
        .map(
            |c| match c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                true => c,
                false => '-',
            },
        )
        .collect();
    folder.join(format!("{safe}.yaml"))
}

/// Saves the file and reloads the logs, the sample among them; whether it was saved.
pub(super) fn save(workbench: &mut Workbench, state: &mut State) -> bool {
    let path = place(workbench, state);
    state.save_error = None;
    let same = std::fs::read_to_string(&path).is_ok_and(|text| text == state.yaml);
    if path.exists() && !same && !state.replace {
        state.replace = true;
        state.save_error = Some(format!(
            "{} is there already: press again to replace it",
            path.display()
        ));
        return false;
    }
    let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    let written = folder
        .map_err(|e| format!("The folder of connectors cannot be made: {e}"))
        .and_then(|()| write_atomically(&path, state.yaml.as_bytes()).map_err(String::from));
    if let Err(message) = written {
        state.save_error = Some(message);
        return false;
    }
    workbench
        .notices
        .success(format!("{} saved", path.display()));
    if let Some(sample) = &state.sample {
        let known = workbench.data.files().iter().any(|f| f.path == sample.path);
        if !known && !workbench.workspace.logs.contains(&sample.path) {
            workbench.workspace.logs.push(sample.path.clone());
        }
        workbench.logs.selected = Some(sample.path.clone());
    }
    workbench.settings.reveal = Some(Pane::Logs);
    workbench.reload_logs();
    true
}
