//! Where the panels stand: a tree of tiles that a person can rearrange and that is remembered.

use super::app::Workbench;
use super::panels;
use super::theme;
use egui_tiles::{Linear, LinearDir, SimplificationOptions, Tile, TileId, Tiles, Tree};
use serde::{Deserialize, Serialize};

/// A panel of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pane {
    /// Rules, log files, tables.
    Explorer,
    /// What the columns of a table hold.
    Schema,
    /// The open files.
    Editor,
    /// The matches of the rule.
    Matches,
    /// The rule's cases.
    Tests,
    /// Rows of a loaded table.
    Data,
    /// The selected match and its raw events.
    Details,
    /// Matched entities in time.
    Timeline,
    /// The log files: what each was recognised as, what was not taken.
    Logs,
    /// What is wrong, with line and column.
    Problems,
}

impl Pane {
    /// All panels.
    pub const ALL: [Pane; 10] = [
        Pane::Explorer,
        Pane::Schema,
        Pane::Editor,
        Pane::Matches,
        Pane::Tests,
        Pane::Data,
        Pane::Details,
        Pane::Timeline,
        Pane::Logs,
        Pane::Problems,
    ];

    /// What its tab says.
    pub fn title(self) -> &'static str {
        match self {
            Pane::Explorer => "Explorer",
            Pane::Schema => "Schema",
            Pane::Editor => "Editor",
            Pane::Matches => "Matches",
            Pane::Tests => "Tests",
            Pane::Data => "Data",
            Pane::Details => "Details",
            Pane::Timeline => "Timeline",
            Pane::Logs => "Logs",
            Pane::Problems => "Problems",
        }
    }
}

/// The layout a newcomer sees.
pub fn default_tree() -> Tree<Pane> {
    let mut tiles = Tiles::default();
    let mut pane = |p| tiles.insert_pane(p);
    let (explorer, schema, editor, matches, tests, data, details, timeline, logs, problems) = (
        pane(Pane::Explorer),
        pane(Pane::Schema),
        pane(Pane::Editor),
        pane(Pane::Matches),
        pane(Pane::Tests),
        pane(Pane::Data),
        pane(Pane::Details),
        pane(Pane::Timeline),
        pane(Pane::Logs),
        pane(Pane::Problems),
    );
    let explorer = tiles.insert_tab_tile(vec![explorer, schema]);
    let editor = tiles.insert_tab_tile(vec![editor]);
    let results = tiles.insert_tab_tile(vec![matches, tests, data]);
    let details = tiles.insert_tab_tile(vec![details]);
    let bottom = tiles.insert_tab_tile(vec![timeline, logs, problems]);
    let right = tiles.insert_container(Linear::new_binary(
        LinearDir::Vertical,
        [results, details],
        0.5,
    ));
    let top = tiles.insert_container(Linear::new_binary(
        LinearDir::Horizontal,
        [editor, right],
        0.54,
    ));
    let main = tiles.insert_container(Linear::new_binary(LinearDir::Vertical, [top, bottom], 0.66));
    let root = tiles.insert_container(Linear::new_binary(
        LinearDir::Horizontal,
        [explorer, main],
        0.17,
    ));
    Tree::new(egui::Id::unique("workbench"), root, tiles)
}

/// The tree if it still holds every panel once; otherwise the default (a layout of another version).
pub fn checked(tree: Option<Tree<Pane>>) -> Tree<Pane> {
    match tree {
        Some(tree) if is_whole(&tree) => tree,
        _ => default_tree(),
    }
}

fn is_whole(tree: &Tree<Pane>) -> bool {
    tree.root().is_some()
        && Pane::ALL.iter().all(|wanted| {
            tree.tiles
                .tiles()
                .filter(|t| matches!(t, Tile::Pane(p) if p == wanted))
                .count()
                == 1
        })
}

/// Brings a panel to the front of its tabs.
pub fn reveal(tree: &mut Tree<Pane>, pane: Pane) {
    tree.make_active(|_, tile| matches!(tile, Tile::Pane(p) if *p == pane));
}

/// Draws the panels.
pub struct Panels<'a> {
    /// The window the panels belong to.
    pub workbench: &'a mut Workbench,
    /// The tile of the editor.
    pub editor: Option<TileId>,
}

impl egui_tiles::Behavior<Pane> for Panels<'_> {
    fn pane_ui(
        &mut self,
        ui: &mut egui::Ui,
        _tile: TileId,
        pane: &mut Pane,
    ) -> egui_tiles::UiResponse {
        let tokens = theme::tokens(ui);
        ui.painter().rect_filled(ui.max_rect(), 0, tokens.panel);
        ui.set_clip_rect(ui.clip_rect().intersect(ui.max_rect()));
        let workbench = &mut *self.workbench;
        match pane {
            Pane::Explorer => panels::explorer::show(workbench, ui),
            Pane::Schema => panels::schema::show(workbench, ui),
            Pane::Editor => panels::editors::show(workbench, ui),
            Pane::Matches => panels::matches::show(workbench, ui),
            Pane::Tests => panels::tests::show(workbench, ui),
            Pane::Data => panels::data::show(workbench, ui),
            Pane::Details => panels::details::show(workbench, ui),
            Pane::Timeline => panels::timeline::show(workbench, ui),
            Pane::Logs => panels::logs::show(workbench, ui),
            Pane::Problems => panels::problems::show(workbench, ui),
        }
        egui_tiles::UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> egui::WidgetText {
        let count = match pane {
            Pane::Matches => self.workbench.match_count(),
            Pane::Logs => Some(self.workbench.data.files().len()).filter(|n| *n > 0),
            Pane::Problems => Some(self.workbench.problems.shown().len()).filter(|n| *n > 0),
            Pane::Tests => return self.workbench.tests_title().into(),
            _ => None,
        };
        match count {
            Some(n) => format!("{} {n}", pane.title()).into(),
            None => pane.title().into(),
        }
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions {
            all_panes_must_have_tabs: true,
            ..SimplificationOptions::default()
        }
    }

    /// The open files have tabs of their own: a bar that says only Editor above them tells nothing.
    fn is_tab_bar_visible(&self, tile: TileId, tabs: &egui_tiles::Tabs) -> bool {
        let _ = tile;
        tabs.children.len() > 1 || tabs.children.first() != self.editor.as_ref()
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        28.0
    }

    fn gap_width(&self, _style: &egui::Style) -> f32 {
        1.0
    }

    fn min_size(&self) -> f32 {
        80.0
    }

    fn tab_title_spacing(&self, _visuals: &egui::Visuals) -> f32 {
        10.0
    }

    fn tab_bar_color(&self, visuals: &egui::Visuals) -> egui::Color32 {
        theme::tokens(visuals).raised
    }

    fn tab_bg_color(
        &self,
        visuals: &egui::Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        state: &egui_tiles::TabState,
    ) -> egui::Color32 {
        let tokens = theme::tokens(visuals);
        if state.active {
            tokens.panel
        } else {
            tokens.raised
        }
    }

    fn tab_outline_stroke(
        &self,
        _visuals: &egui::Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        _state: &egui_tiles::TabState,
    ) -> egui::Stroke {
        egui::Stroke::NONE
    }

    fn tab_bar_hline_stroke(&self, visuals: &egui::Visuals) -> egui::Stroke {
        egui::Stroke::new(1.0, theme::tokens(visuals).separator)
    }

    fn tab_text_color(
        &self,
        visuals: &egui::Visuals,
        _tiles: &Tiles<Pane>,
        _tile: TileId,
        state: &egui_tiles::TabState,
    ) -> egui::Color32 {
        let tokens = theme::tokens(visuals);
        if state.active {
            tokens.text_strong
        } else {
            tokens.text_subdued
        }
    }

    fn resize_stroke(&self, style: &egui::Style, state: egui_tiles::ResizeState) -> egui::Stroke {
        let tokens = theme::tokens(&style.visuals);
        match state {
            egui_tiles::ResizeState::Idle => egui::Stroke::new(1.0, tokens.separator),
            _ => egui::Stroke::new(2.0, tokens.accent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_layout_is_whole_and_survives_storage() {
        let tree = default_tree();
        assert!(is_whole(&tree));
        let text = serde_json::to_string(&tree).unwrap();
        assert!(is_whole(&checked(serde_json::from_str(&text).ok())));
    }

    #[test]
    fn a_layout_without_a_panel_is_replaced() {
        let broken = Tree::new_tabs(egui::Id::unique("workbench"), vec![Pane::Explorer]);
        assert!(is_whole(&checked(Some(broken))));
        assert!(is_whole(&checked(None)));
    }
}
