//! What the status bar says of the file in the editor: place, language, line ends, encoding, indentation, target.

use crate::check::Target;
use crate::workbench::app::Workbench;
use crate::workbench::editor::Action;
use crate::workbench::format::{Indent, LineEnds, has_mark};
use crate::workbench::theme::size;
use egui::{Button, RichText, Role, Ui, WidgetInfo};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What was found out of a text last: finding it out reads the whole of it.
#[derive(Default)]
pub struct Kept {
    of: Option<u64>,
    ends: Option<LineEnds>,
    indent: Option<Indent>,
}

fn small(text: impl Into<String>) -> RichText {
    RichText::new(text).size(size::SMALL + 1.0)
}

/// Shows it; from right to left.
pub(super) fn show(workbench: &mut Workbench, ui: &mut Ui) {
    let wide = ui.ctx().content_rect().width() > 1100.0;
    let Some((line, column)) = workbench
        .groups
        .view()
        .map(|v| (v.cursor.line, v.cursor.column))
    else {
        return;
    };
    let place = Button::new(small(format!("Line {line}, column {column}"))).frame(false);
    if ui.add(place).on_hover_text("Go to a line").clicked()
        && let Some(view) = workbench.groups.view_mut()
    {
        view.editor.run(Action::GoToLine);
    }
    let Some(doc) = workbench.active_doc() else {
        return;
    };
    let mut hasher = DefaultHasher::new();
    (
        doc.text.len(),
        &doc.path,
        doc.text.as_bytes().last_chunk::<64>(),
    )
        .hash(&mut hasher);
    let of = hasher.finish();
    let (language, marked) = (doc.language.name(), has_mark(&doc.text));
    if workbench.file_facts.of != Some(of) {
        let facts = Kept {
            of: Some(of),
            ends: Some(LineEnds::of(&doc.text)),
            indent: Indent::of(&doc.text),
        };
        workbench.file_facts = facts;
    }
    let facts = &workbench.file_facts;
    if wide || marked {
        if let Some(indent) = facts.indent {
            ui.label(small(indent.name()))
                .on_hover_text("How the file is indented");
        }
        ui.label(small(if marked { "UTF-8 with BOM" } else { "UTF-8" }))
            .on_hover_text(match marked {
                true => "The file begins with a byte-order mark. It is kept when the file is saved",
                false => "The file has no byte-order mark",
            });
    }
    if let Some(ends) = facts.ends {
        line_ends(workbench, ui, ends);
    }
    ui.label(small(language));
    target(workbench, ui);
}

/// How lines end, and the choice to end them otherwise.
fn line_ends(workbench: &mut Workbench, ui: &mut Ui, ends: LineEnds) {
    let told = match ends {
        LineEnds::Lf => "Lines end as on Linux and macOS. That is kept when the file is saved",
        LineEnds::CrLf => "Lines end as on Windows. That is kept when the file is saved",
        LineEnds::Mixed => "Some lines end as on Windows. Nothing is changed that nobody touched",
    };
    let button = ui.add(Button::new(small(ends.name())).frame(false));
    button.widget_info(|| {
        WidgetInfo::labeled(Role::Button, true, format!("Line ends {}", ends.name()))
    });
    let mut chosen = None;
    egui::Popup::menu(&button).show(|ui| {
        for (own, action) in [
            (LineEnds::Lf, Action::EndsLf),
            (LineEnds::CrLf, Action::EndsCrLf),
        ] {
            let entry = ui.selectable_label(ends == own, action.text());
            if entry.on_hover_text(action.tooltip()).clicked() {
                chosen = (ends != own).then_some(action);
                ui.close();
            }
        }
    });
    button.on_hover_text(told);
    if let (Some(action), Some(view)) = (chosen, workbench.groups.view_mut()) {
        view.editor.run(action);
    }
}

/// Whose rules the documents are held against.
fn target(workbench: &mut Workbench, ui: &mut Ui) {
    let now = workbench.settings.target();
    let name = title(now);
    let button = ui.add(Button::new(small(format!("Target: {name}"))).frame(false));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Target {name}")));
    let mut chosen = None;
    egui::Popup::menu(&button).show(|ui| {
        ui.set_min_width(220.0);
        let targets = Target::ALL.into_iter().map(Some);
        for target in std::iter::once(None).chain(targets) {
            let entry = ui.selectable_label(target == now, title(target));
            if entry.on_hover_text(about(target)).clicked() {
                chosen = Some(target);
                ui.close();
            }
        }
    });
    button.on_hover_text("Whose rules the documents are held against");
    if let Some(target) = chosen {
        workbench.set_target(target);
    }
}

fn title(target: Option<Target>) -> &'static str {
    match target {
        None => "own dialect",
        Some(Target::Service) => "Sentinel service",
        Some(Target::AzureSentinel) => "Azure-Sentinel",
        Some(Target::SentinelAsCode) => "Sentinel-as-Code",
        Some(Target::Panther) => "Panther",
    }
}

fn about(target: Option<Target>) -> &'static str {
    match target {
        None => "Each file by the dialect it is written in",
        Some(Target::Service) => "What Microsoft Sentinel itself refuses",
        Some(Target::AzureSentinel) => "What the checks of the public repository refuse",
        Some(Target::SentinelAsCode) => "What the toolkit of Sentinel-as-Code refuses",
        Some(Target::Panther) => "What Panther and its tool refuse",
    }
}
