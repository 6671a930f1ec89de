//! The way to the cursor: the file, then the keys of the document. A click on a key lists those beside it.

use crate::author::{self, Crumb, Source, Symbol};
use crate::workbench::app::Workbench;
use crate::workbench::groups::GroupId;
use crate::workbench::theme::{self, size};
use egui::{Button, RichText, Ui, vec2};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// What was found out last, so that it is not found out in every frame.
#[derive(Default)]
pub struct Kept {
    key: Option<(u64, usize)>,
    crumbs: Vec<Crumb>,
    text: Option<u64>,
    outline: Vec<Symbol>,
}

/// Shows the line.
pub(super) fn show(workbench: &mut Workbench, ui: &mut Ui, group: GroupId) {
    let Some(view) = workbench.groups.get(group).and_then(|g| g.view()) else {
        return;
    };
    let (path, offset) = (view.path.clone(), view.offset);
    let root = workbench.absolute_root();
    let Some(doc) = workbench.docs.iter().find(|d| d.path == path) else {
        return;
    };
    let mut hasher = DefaultHasher::new();
    doc.text.hash(&mut hasher);
    path.hash(&mut hasher);
    let text = hasher.finish();
    let source = Source {
        path: &path,
        text: &doc.text,
    };
    let kept = workbench.crumbs.entry(group).or_default();
    if kept.key != Some((text, offset)) {
        kept.crumbs = author::breadcrumbs(&source, offset);
        kept.key = Some((text, offset));
    }
    let tokens = theme::tokens(ui);
    let height = size::ROW - 2.0;
    let strip = egui::Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
    ui.painter().rect_filled(strip, 0, tokens.editor);
    let mut go = None;
    ui.allocate_ui_with_layout(
        strip.size(),
        egui::Layout::left_to_right(egui::Align::Center),
        |ui| {
            ui.set_clip_rect(ui.clip_rect().intersect(strip));
            ui.spacing_mut().item_spacing.x = 2.0;
            ui.add_space(size::PADDING);
            // The folder: the file's name stands in the tab above.
            let folder = path.parent().unwrap_or(Path::new(""));
            let folder = folder.strip_prefix(&root).unwrap_or(folder);
            let folder = folder.display().to_string();
            let folder = if folder.is_empty() { "." } else { &folder };
            let words = RichText::new(folder).size(size::SMALL + 1.0);
            ui.label(words.color(tokens.text_subdued));
            let last = kept.crumbs.len().saturating_sub(1);
            for (depth, crumb) in kept.crumbs.iter().enumerate() {
                ui.label(RichText::new("›").color(tokens.text_faint));
                let color = match depth == last {
                    true => tokens.text,
                    false => tokens.text_subdued,
                };
                let label = RichText::new(&crumb.label)
                    .size(size::SMALL + 1.0)
                    .color(color);
                let button = ui.add(Button::new(label).frame_when_inactive(false).small());
                egui::Popup::menu(&button).show(|ui| {
                    if kept.text != Some(text) {
                        kept.outline = author::outline(&source);
                        kept.text = Some(text);
                    }
                    siblings(ui, &kept.outline, crumb, &mut go);
                });
                button.on_hover_text("List what stands beside it");
            }
        },
    );
    if let Some(offset) = go {
        workbench.groups.set_focus(group);
        workbench.active_changed();
        if let Some(view) = workbench.groups.view_mut() {
            view.editor.go_to(offset);
        }
    }
}

/// What stands beside a key: the symbols of its depth under the same parent.
fn siblings(ui: &mut Ui, outline: &[Symbol], crumb: &Crumb, go: &mut Option<usize>) {
    let found = beside(outline, crumb);
    egui::ScrollArea::vertical()
        .max_height(360.0)
        .show(ui, |ui| {
            for symbol in &found {
                let here = symbol.span.start == crumb.span.start;
                let detail: String = symbol.detail.chars().take(40).collect();
                let detail = detail.split('\n').next().unwrap_or_default().to_owned();
                let button = Button::selectable(here, &symbol.name)
                    .right_text(RichText::new(detail).weak().size(size::SMALL))
                    .min_size(vec2(180.0, 22.0));
                if ui.add(button).clicked() {
                    *go = Some(symbol.span.start);
                    ui.close();
                }
            }
            if found.is_empty() && ui.button("Go to it").clicked() {
                *go = Some(crumb.span.start);
                ui.close();
            }
        });
}

fn beside<'a>(outline: &'a [Symbol], crumb: &Crumb) -> Vec<&'a Symbol> {
    let Some(at) = outline
        .iter()
        .position(|s| s.span.start == crumb.span.start)
    else {
        return Vec::new();
    };
    let depth = outline.get(at).map_or(0, |s| s.depth);
    let before = outline.get(..at).unwrap_or_default();
    let after = outline.get(at..).unwrap_or_default();
    let mut found: Vec<&Symbol> = before
        .iter()
        .rev()
        .take_while(|s| s.depth >= depth)
        .filter(|s| s.depth == depth)
        .collect();
    found.reverse();
    let rest = after.iter().take_while(|s| s.depth >= depth);
    found.extend(rest.filter(|s| s.depth == depth));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::SymbolKind;
    use crate::diagnostic::Span;

    #[test]
    fn those_of_the_same_parent_stand_beside_it() {
        let text = "a b b a b b b";
        let outline: Vec<Symbol> = text
            .split(' ')
            .enumerate()
            .map(|(n, name)| Symbol {
                name: format!("{name}{n}"),
                detail: String::new(),
                kind: SymbolKind::Key,
                span: Span::new(n, n + 1),
                depth: usize::from(name == "b"),
            })
            .collect();
        let names = |at: usize| {
            let crumb = Crumb {
                label: String::new(),
                span: Span::new(at, at + 1),
            };
            let found = beside(&outline, &crumb);
            found
                .iter()
                .map(|s| s.name.clone())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(names(5), "b4 b5 b6");
        assert_eq!(names(1), "b1 b2");
        assert_eq!(names(0), "a0 a3");
        assert_eq!(names(99), "");
    }
}
