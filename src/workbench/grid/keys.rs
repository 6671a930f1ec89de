//! The keys of a table that has the keyboard.

use super::columns::Shown;
use super::copy::Format;
use super::view::View;
use super::{Frame, cell};
use egui::{Event, EventFilter, Key, Modifiers, Ui};

/// For the list of shortcuts.
pub const KEYS: [(&str, &str); 7] = [
    ("Move by a row or a cell", "Arrows"),
    (
        "Move by a page, to the ends of a row",
        "Page Up, Page Down, Home, End",
    ),
    ("First row, last row", "Ctrl+Home, Ctrl+End"),
    (
        "Select up to a row, all rows",
        "Shift with any of these, Ctrl+A",
    ),
    ("Show the whole value of a cell", "Enter"),
    ("Copy rows, copy the cell", "Ctrl+C, Ctrl+Shift+C"),
    ("Filter the rows", "Ctrl+F"),
];

pub(super) fn pressed(
    frame: &mut Frame<'_, '_>,
    ui: &mut Ui,
    view: &mut View,
    columns: &[Shown],
    id: egui::Id,
) {
    let filter = EventFilter {
        tab: false,
        horizontal_arrows: true,
        vertical_arrows: true,
        escape: true,
    };
    ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
    let events = ui.input(|i| i.events.clone());
    let page = view.seen.len().saturating_sub(2).max(1);
    for event in events {
        match event {
            Event::Copy => copy(frame, ui, view, columns),
            Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } => key_pressed(frame, ui, view, columns, key, modifiers, page),
            _ => {}
        }
    }
}

fn key_pressed(
    frame: &mut Frame<'_, '_>,
    ui: &mut Ui,
    view: &mut View,
    columns: &[Shown],
    key: Key,
    modifiers: Modifiers,
    page: usize,
) {
    let Some(last) = view.rows().checked_sub(1) else {
        return;
    };
    let at = view.selection.cursor.map(|at| at.min(last));
    let from = at.unwrap_or(0);
    let to = match key {
        Key::ArrowDown => Some(at.map_or(0, |at| at + 1)),
        Key::ArrowUp => Some(from.saturating_sub(1)),
        Key::PageDown => Some(from + page),
        Key::PageUp => Some(from.saturating_sub(page)),
        Key::Home if modifiers.command => Some(0),
        Key::End if modifiers.command => Some(last),
        _ => None,
    };
    if let Some(to) = to.map(|to| to.min(last)) {
        match modifiers.shift {
            true => view.selection.extend(to),
            false => view.selection.only(to),
        }
        view.follow = true;
        if let Some(row) = view.row(to) {
            frame.choose(view, row, false);
        }
        ui.ctx().request_repaint();
        return;
    }
    let column = columns
        .iter()
        .position(|c| Some(&c.name) == view.cursor_column.as_ref());
    let end = columns.len().saturating_sub(1);
    let to = match key {
        Key::ArrowRight => Some(column.map_or(0, |c| (c + 1).min(end))),
        Key::ArrowLeft => Some(column.map_or(0, |c| c.saturating_sub(1))),
        Key::Home => Some(0),
        Key::End => Some(end),
        _ => None,
    };
    if let Some(to) = to.and_then(|to| columns.get(to)) {
        view.cursor_column = Some(to.name.clone());
        view.follow = true;
        ui.ctx().request_repaint();
        return;
    }
    match key {
        Key::Enter => {
            if view.cursor_column.is_none() {
                view.cursor_column = columns.first().map(|c| c.name.clone());
            }
            view.detail = true;
            if let Some(row) = view.row(from) {
                if view.selection.cursor.is_none() {
                    view.selection.only(from);
                }
                frame.choose(view, row, true);
            }
        }
        Key::Escape if view.detail => view.detail = false,
        Key::Escape if frame.input.range.is_some() => frame.output.range = Some(None),
        Key::A if modifiers.command => view.selection.all(last + 1),
        Key::F if modifiers.command => view.focus_filter = true,
        _ => {}
    }
}

fn copy(frame: &mut Frame<'_, '_>, ui: &Ui, view: &View, columns: &[Shown]) {
    if !ui.input(|i| i.modifiers.shift) {
        frame.copy_rows(view, Format::Tsv);
        return;
    }
    let column = columns
        .iter()
        .find(|c| Some(&c.name) == view.cursor_column.as_ref());
    let value = column
        .zip(view.selection.cursor)
        .and_then(|(column, place)| view.value(place, column.index));
    if let Some(value) = value {
        ui.ctx().copy_text(cell::whole(&value));
        frame.output.told = Some(Ok("Cell copied".to_owned()));
    }
}
