//! The rules of the workspace, by folder where there are many, with how each stands.

use super::row::Row;
use super::{hint, section};
use crate::detect::Platform;
use crate::workbench::app::Workbench;
use crate::workbench::layout::Pane;
use crate::workbench::overview::Standing;
use crate::workbench::panels::{counted, grouped};
use crate::workbench::theme::{self, Tokens, size};
use egui_material_icons::{MaterialIcon, icons};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// So many rules are shown as a plain list.
const FEW: usize = 12;
/// With more rules than this the folders are closed at first.
const MANY: usize = 60;

/// What the person looks for and which folders are open.
#[derive(Default)]
pub struct State {
    filter: String,
    /// Folders that the person opened or closed.
    open: HashMap<PathBuf, bool>,
    /// Scroll to this rule.
    pub reveal: Option<PathBuf>,
}

/// One row: a folder, or a rule.
enum Line<'a> {
    Folder {
        path: &'a Path,
        open: bool,
        rules: usize,
        wrong: usize,
    },
    Rule(&'a Path, f32),
}

/// Shows the section.
pub(super) fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    let all = workbench.workspace.rules.len();
    section(ui, "Rules", all);
    if all == 0 {
        let looking = workbench.finder.is_busy();
        hint(
            ui,
            match looking {
                true => "Looking into the folder…",
                false => {
                    "No rules here. Begin one with New rule, open a folder, or drop files on the window"
                }
            },
        );
        return;
    }
    if all > FEW {
        filter(&mut workbench.explorer.filter, ui);
    }
    reveal(workbench, ui);
    let lines = lines(workbench);
    if lines.is_empty() {
        hint(ui, "No rule has this in its name or path");
    }
    let (mut open, mut toggled) = (None, None);
    // Only what is seen is laid out: a repository has a thousand rules.
    let top = ui.cursor().top();
    let seen = ui.clip_rect();
    let row_at = |y: f32| ((y - top) / size::ROW).max(0.0) as usize;
    let first = row_at(seen.top()).saturating_sub(1).min(lines.len());
    let last = (row_at(seen.bottom()) + 2).clamp(first, lines.len());
    ui.add_space(first as f32 * size::ROW);
    for line in lines.get(first..last).unwrap_or_default() {
        match line {
            Line::Folder {
                path,
                open: is_open,
                rules,
                wrong,
            } => {
                let name = short(workbench, path);
                let (right, right_color) = match wrong {
                    0 => (grouped(*rules), tokens.text_subdued),
                    n => (
                        format!("{} of {}", grouped(*n), grouped(*rules)),
                        tokens.error,
                    ),
                };
                let row = Row {
                    icon: if *is_open {
                        icons::ICON_EXPAND_MORE
                    } else {
                        icons::ICON_CHEVRON_RIGHT
                    },
                    color: tokens.text_subdued,
                    name: &name,
                    right: &right,
                    right_color,
                    selected: false,
                    indent: 0.0,
                    label: format!("Folder {name}"),
                };
                let response = row.show(ui).on_hover_ui(|ui| {
                    ui.label(theme::strong(&name));
                    ui.label(counted(*rules, "rule", "rules"));
                    if *wrong > 0 {
                        let text = counted(*wrong, "rule has", "rules have");
                        ui.colored_label(tokens.error, format!("{text} an error or a failed test"));
                    }
                });
                if response.clicked() {
                    toggled = Some((path.to_path_buf(), !is_open));
                }
            }
            Line::Rule(path, indent) => {
                let response = rule(workbench, ui, path, *indent, tokens);
                if response.clicked() {
                    open = Some((path.to_path_buf(), response.double_clicked()));
                }
            }
        }
    }
    ui.add_space((lines.len() - last) as f32 * size::ROW);
    if let Some((folder, is_open)) = toggled {
        workbench.explorer.open.insert(folder, is_open);
    }
    if let Some((path, keep)) = open {
        match keep {
            true => workbench.open_doc(&path),
            false => workbench.open_preview(&path),
        }
        workbench.settings.reveal = Some(Pane::Editor);
    }
}

/// Scrolls to the rule that is to be seen, and opens the folder it lies in.
fn reveal(workbench: &mut Workbench, ui: &egui::Ui) {
    let Some(path) = workbench.explorer.reveal.take() else {
        return;
    };
    workbench.explorer.filter.clear();
    if let Some(folder) = path.parent() {
        workbench.explorer.open.insert(folder.to_owned(), true);
    }
    let place = lines(workbench)
        .iter()
        .position(|line| matches!(line, Line::Rule(p, _) if *p == path));
    if let Some(place) = place {
        let top = ui.cursor().top() + place as f32 * size::ROW;
        let row = egui::Rect::from_min_size(
            egui::pos2(ui.cursor().left(), top),
            egui::vec2(1.0, size::ROW),
        );
        ui.scroll_to_rect(row, Some(egui::Align::Center));
    }
}

fn filter(text: &mut String, ui: &mut egui::Ui) {
    ui.horizontal(|ui| {
        ui.add_space(size::PADDING);
        let width = (ui.available_width() - size::PADDING).max(40.0);
        let field = egui::TextEdit::singleline(text)
            .hint_text("Filter rules")
            .desired_width(width);
        let response = ui.add(field);
        response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Filter rules"));
        if response.has_focus() && ui.input(|i| i.key_pressed(egui::Key::Escape)) {
            text.clear();
        }
    });
    ui.add_space(4.0);
}

/// What is shown, in order: the rules that pass the filter, under their folders.
fn lines(workbench: &Workbench) -> Vec<Line<'_>> {
    let rules = &workbench.workspace.rules;
    let state = &workbench.explorer;
    let wanted = state.filter.trim().to_lowercase();
    let passes = |path: &Path| {
        wanted.is_empty()
            || name_of(workbench, path).to_lowercase().contains(&wanted)
            || short(workbench, path).to_lowercase().contains(&wanted)
    };
    let shown: Vec<&Path> = rules
        .iter()
        .map(PathBuf::as_path)
        .filter(|p| passes(p))
        .collect();
    let folders = rules.len() > FEW
        && shown.windows(2).any(|pair| match pair {
            [a, b] => a.parent() != b.parent(),
            _ => false,
        });
    if !folders {
        return shown
            .into_iter()
            .map(|path| Line::Rule(path, 0.0))
            .collect();
    }
    let mut lines = Vec::new();
    for group in shown.chunk_by(|a, b| a.parent() == b.parent()) {
        let Some(folder) = group.first().and_then(|p| p.parent()) else {
            continue;
        };
        let active = |p: &&&Path| workbench.rule_path.as_deref() == Some(**p);
        let open = !wanted.is_empty()
            || state
                .open
                .get(folder)
                .copied()
                .unwrap_or_else(|| rules.len() <= MANY || group.iter().any(|p| active(&p)));
        lines.push(Line::Folder {
            path: folder,
            open,
            rules: group.len(),
            wrong: group.iter().filter(|p| is_wrong(workbench, p)).count(),
        });
        if open {
            lines.extend(group.iter().map(|path| Line::Rule(path, size::INDENT)));
        }
    }
    lines
}

fn is_wrong(workbench: &Workbench, path: &Path) -> bool {
    let standing = workbench.overview.of(path);
    standing.is_some_and(|s| s.error.is_some() || s.cases.0 < s.cases.1)
}

/// A path as people call it in this workspace.
fn short(workbench: &Workbench, path: &Path) -> String {
    let root = std::path::absolute(&workbench.workspace.root);
    let rest = root
        .as_ref()
        .ok()
        .and_then(|root| path.strip_prefix(root).ok());
    match rest {
        Some(rest) if rest.as_os_str().is_empty() => ".".to_owned(),
        Some(rest) => rest.display().to_string(),
        None => path.display().to_string(),
    }
}

fn name_of(workbench: &Workbench, path: &Path) -> String {
    match workbench.overview.of(path) {
        Some(standing) if !standing.name.is_empty() => standing.name.clone(),
        _ => path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
    }
}

fn icon(standing: Option<&Standing>, tokens: &Tokens) -> (MaterialIcon, egui::Color32) {
    let Some(standing) = standing else {
        return (icons::ICON_RULE, tokens.text_faint);
    };
    match (&standing.error, standing.cases) {
        (Some(_), _) => (icons::ICON_ERROR, tokens.error),
        (None, (_, 0)) => (icons::ICON_RULE, tokens.text_subdued),
        (None, (passed, all)) if passed < all => (icons::ICON_CANCEL, tokens.error),
        _ => (icons::ICON_CHECK_CIRCLE, tokens.success),
    }
}

fn rule(
    workbench: &Workbench,
    ui: &mut egui::Ui,
    path: &Path,
    indent: f32,
    tokens: &Tokens,
) -> egui::Response {
    let standing = workbench.overview.of(path);
    let name = name_of(workbench, path);
    let (icon, color) = icon(standing, tokens);
    let right = standing
        .and_then(|s| s.matches)
        .map(grouped)
        .unwrap_or_default();
    let row = Row {
        icon,
        color,
        name: &name,
        right: &right,
        right_color: tokens.text_subdued,
        selected: workbench.rule_path.as_deref() == Some(path),
        indent,
        label: format!("Rule {name}"),
    };
    row.show(ui).on_hover_ui(|ui| {
        ui.label(theme::strong(&name));
        ui.weak(path.display().to_string());
        let Some(standing) = standing else {
            ui.weak("Not looked at yet");
            return;
        };
        if let Some(platform) = standing.platform.map(Platform::name) {
            ui.label(format!("Platform {platform}"));
        }
        if let Some(n) = standing.matches {
            ui.label(counted(
                n,
                "match over the loaded logs",
                "matches over the loaded logs",
            ));
        }
        let (passed, all) = standing.cases;
        ui.label(format!("{passed} of {all} tests pass"));
        if let Some(error) = &standing.error {
            ui.colored_label(tokens.error, error);
        }
    })
}
