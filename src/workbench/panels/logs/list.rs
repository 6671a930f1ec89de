//! The keyboard in the list of files: the list has it as a whole, and the arrow keys go from row to row.

use super::Wish;
use crate::logs::LogFile;
use crate::workbench::app::Workbench;
use egui::{EventFilter, Id, Key, Modifiers, Sense};

/// Answers the keys where the list has the keyboard. Gives what has it, and the row to bring in sight.
pub(super) fn keys(
    workbench: &mut Workbench,
    ui: &mut egui::Ui,
    files: &[&LogFile],
    rows: &[usize],
    wishes: &mut Vec<Wish>,
) -> (Id, Option<usize>) {
    // The same one beside a file's details, where the list lies in another panel.
    let id = Id::unique("log files keys");
    let sense = Sense::focusable_noninteractive();
    let list = ui.interact(ui.available_rect_before_wrap(), id, sense);
    list.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Table, true, "Files of the session"));
    if !list.has_focus() {
        return (id, None);
    }
    let filter = EventFilter {
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
    let path = |place: usize| Some(&files.get(*rows.get(place)?)?.path);
    let cursor = workbench.logs.cursor.as_ref();
    let at = (0..rows.len()).find(|place| path(*place) == cursor);
    let last = rows.len().saturating_sub(1);
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let to = match () {
        // Whoever comes by Tab begins at the first row.
        () if at.is_none() => Some(0),
        () if pressed(Key::ArrowDown) => at.map(|at| (at + 1).min(last)),
        () if pressed(Key::ArrowUp) => at.map(|at| at.saturating_sub(1)),
        () if pressed(Key::Home) => Some(0),
        () if pressed(Key::End) => Some(last),
        () => None,
    };
    if (pressed(Key::Enter) || pressed(Key::Space))
        && let Some(path) = at.and_then(path)
    {
        wishes.push(Wish::Select(path.clone()));
    }
    let Some(next) = to.and_then(path).cloned() else {
        return (id, None);
    };
    // Where a file is shown beside the list, it is the one the cursor is on.
    let shown = &mut workbench.logs.selected;
    if at.is_some() && shown.is_some() && shown.as_ref() == workbench.logs.cursor.as_ref() {
        *shown = Some(next.clone());
    }
    workbench.logs.cursor = Some(next);
    (id, to)
}
