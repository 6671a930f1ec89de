//! The matched entities in time.

use crate::workbench::app::Workbench;
use crate::workbench::theme::{self, Tokens};
use crate::workbench::timeline::{self, Palette};

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    let Some(result) = &workbench.result else {
        super::empty(
            ui,
            "Nothing to place in time",
            "Open a rule and load logs: the matched entities appear here, lane by lane",
        );
        return;
    };
    workbench.view.selected = workbench.selection.matched;
    workbench.view.event = workbench.selection.event;
    let response = timeline::show(ui, &result.timeline, &mut workbench.view, &palette(tokens));
    let Some(target) = response.clicked else {
        return;
    };
    if let Some(index) = target.matched {
        workbench.select_match(index);
    }
    if target.event.is_some() {
        workbench.selection.event = target.event;
        workbench.selection.stage_row = None;
    }
}

fn palette(tokens: &Tokens) -> Palette {
    Palette {
        text: tokens.text,
        subdued: tokens.text_subdued,
        strong: tokens.text_strong,
        grid: tokens.separator,
        accent: tokens.accent,
        background: tokens.backdrop,
        panel: tokens.panel,
        lanes: tokens.series,
        matched: tokens.warning,
        error: tokens.error,
    }
}
