//! Menus of things: opened by the right mouse button, by the menu key and by Shift+F10.

use egui::{Key, Modifiers, Popup, Response, Ui};

/// The menu of what drew `response`.
pub fn context_menu(response: &Response, entries: impl FnOnce(&mut Ui)) {
    let ctx = &response.ctx;
    let by_keys = response.has_focus()
        && ctx.input_mut(|i| {
            i.consume_key(Modifiers::NONE, Key::Menu) || i.consume_key(Modifiers::SHIFT, Key::F10)
        });
    let kept = response.id.with("menu by keys");
    if by_keys {
        ctx.data_mut(|d| d.insert_temp(kept, true));
        // The entries come next: the first of them gets the keyboard.
        ctx.memory_mut(|m| m.move_focus(egui::FocusDirection::Next));
    } else if response.secondary_clicked() {
        ctx.data_mut(|d| d.insert_temp(kept, false));
    }
    let at_thing = ctx.data(|d| d.get_temp(kept)).unwrap_or(false);
    let mut popup = match at_thing {
        // At the thing itself: the pointer may be anywhere.
        true => Popup::menu(response),
        false => Popup::context_menu(response),
    };
    if at_thing {
        popup = popup.open_memory(by_keys.then_some(egui::SetOpenCommand::Bool(true)));
    }
    popup.show(entries);
}
