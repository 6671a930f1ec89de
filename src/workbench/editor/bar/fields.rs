//! The fields and buttons of the bar.

use super::BUTTON;
use crate::workbench::theme::icon;
use egui::{Button, Event, EventFilter, Id, Key, Modifiers, Ui, vec2};
use egui_material_icons::MaterialIcon;

/// Without `escape`, egui takes the focus away before the bar sees the key.
pub(super) const FIELD_KEYS: EventFilter = EventFilter {
    tab: false,
    horizontal_arrows: true,
    vertical_arrows: false,
    escape: true,
};

/// Keys that a field of the bar does not handle itself.
#[derive(Default)]
pub(super) struct Keys {
    pub enter: bool,
    /// Shift+Enter.
    pub back: bool,
    /// Alt+Enter.
    pub all: bool,
    /// Ctrl+Alt+Enter.
    pub every: bool,
    /// Ctrl+Enter: a line end in what is looked for.
    pub line: bool,
    pub escape: bool,
}

impl Keys {
    /// Takes them away from a field that has the focus.
    pub fn take(ui: &Ui, id: Id) -> Self {
        let mut keys = Self::default();
        if !ui.memory(|memory| memory.has_focus(id)) {
            // Escape may have taken the focus away from a field or button of the bar just now.
            let nobody = ui.memory(|memory| memory.focused().is_none());
            keys.escape = nobody && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
            return keys;
        }
        ui.input_mut(|i| {
            i.events.retain(|event| {
                let Event::Key {
                    key,
                    pressed: true,
                    modifiers,
                    ..
                } = event
                else {
                    return true;
                };
                let held = (modifiers.command, modifiers.alt);
                match key {
                    Key::Enter if held == (true, true) => keys.every = true,
                    Key::Enter if held == (false, true) => keys.all = true,
                    Key::Enter if held == (true, false) => keys.line = true,
                    Key::Enter | Key::F3 if modifiers.shift => keys.back = true,
                    Key::Enter | Key::F3 => keys.enter = true,
                    Key::Escape => keys.escape = true,
                    _ => return true,
                }
                false
            });
        });
        keys
    }
}

pub(super) fn select_all(ui: &Ui, id: Id, text: &str) {
    let mut state = egui::text_edit::TextEditState::load(ui.ctx(), id).unwrap_or_default();
    state
        .cursor
        .set_char_range(Some(egui::text::CCursorRange::select_all_str(text)));
    state.store(ui.ctx(), id);
}

pub(super) fn press(ui: &mut Ui, sign: MaterialIcon, name: &str) -> bool {
    let button = Button::new(icon(sign))
        .frame_when_inactive(false)
        .min_size(vec2(BUTTON, BUTTON));
    ui.add(button)
        .on_hover_text(name)
        .accessible_name(name)
        .clicked()
}

pub(super) fn toggle(ui: &mut Ui, sign: MaterialIcon, name: &str, on: &mut bool) {
    let button = Button::selectable(*on, icon(sign)).min_size(vec2(BUTTON, BUTTON));
    let response = ui.add(button).on_hover_text(name).accessible_name(name);
    *on ^= response.clicked();
}
