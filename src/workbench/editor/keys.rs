//! The keys that egui's text field lacks, or means otherwise.

use super::edit::{self, Command, Selection};
use super::{CodeEditor, EditorInput};
use egui::{Event, Key, Modifiers, Ui};

/// What one key press means to the editor.
enum Action {
    Edit(Command),
    Undo,
    Redo,
    Home { extend: bool },
    Find,
    Step { forward: bool },
    GoToLine,
    Escape,
}

fn action(key: Key, modifiers: Modifiers, read_only: bool) -> Option<Action> {
    let Modifiers {
        alt,
        shift,
        command,
        ..
    } = modifiers;
    let plain = !alt && !command;
    let action = match key {
        Key::Tab if plain && shift => Action::Edit(Command::Outdent),
        Key::Tab if plain => Action::Edit(Command::Indent),
        Key::Enter if plain => Action::Edit(Command::NewLine),
        Key::Slash if command && !alt => Action::Edit(Command::ToggleComment),
        Key::ArrowUp if alt && !command && !shift => Action::Edit(Command::MoveUp),
        Key::ArrowDown if alt && !command && !shift => Action::Edit(Command::MoveDown),
        Key::D if command && shift && !alt => Action::Edit(Command::Duplicate),
        Key::Z if command && shift && !alt => Action::Redo,
        Key::Z if command && !alt => Action::Undo,
        Key::Y if command && !alt && !shift => Action::Redo,
        Key::Home if plain => Action::Home { extend: shift },
        Key::F if command && !alt && !shift => Action::Find,
        Key::F3 if plain => Action::Step { forward: !shift },
        Key::G if command && !alt && !shift => Action::GoToLine,
        Key::Escape if plain && !shift => Action::Escape,
        _ => return None,
    };
    let edits = matches!(action, Action::Edit(_) | Action::Undo | Action::Redo);
    (!(read_only && edits)).then_some(action)
}

/// Keys by which Emacs deletes. egui's text field obeys them; here they belong to the window (Ctrl+W closes
/// a tab) or to nobody.
fn hidden(event: &Event) -> bool {
    matches!(event, Event::Key { key: Key::H | Key::K | Key::U | Key::W, modifiers, .. } if modifiers.ctrl)
}

/// Carries out the editor's own keys, in the order in which they came, before the text field sees the rest.
/// Gives the events that were hidden from the text field, to be given back after it.
pub(super) fn before_field(
    editor: &mut CodeEditor,
    ui: &Ui,
    input: &mut EditorInput<'_>,
) -> Vec<Event> {
    let (mut events, time) = ui.input_mut(|i| (std::mem::take(&mut i.events), i.time));
    let composing = events.iter().any(|event| matches!(event, Event::Ime(_)));
    let read_only = input.read_only;
    let own = |event: &Event| match event {
        Event::Key {
            key,
            modifiers,
            pressed: true,
            ..
        } if !composing => action(*key, *modifiers, read_only),
        _ => None,
    };
    // What is typed before such a key in the same frame must come before it in the text too.
    let last_own = events.iter().rposition(|event| own(event).is_some());
    let mut kept = Vec::with_capacity(events.len());
    let mut away = Vec::new();
    for (index, event) in events.drain(..).enumerate() {
        if let Some(action) = own(&event) {
            carry_out(editor, ui, input, action, time);
        } else if let Event::Text(typed) = &event
            && last_own.is_some_and(|last| index < last)
            && !read_only
        {
            let (new, selection) = edit::insert(input.text, editor.selection, typed);
            editor.replace(input.text, new, selection, time);
        } else if hidden(&event) {
            away.push(event);
        } else if let Event::Paste(pasted) = &event {
            kept.push(Event::Paste(pasted.replace("\r\n", "\n")));
        } else {
            kept.push(event);
        }
    }
    ui.input_mut(|i| i.events = kept);
    away
}

fn carry_out(
    editor: &mut CodeEditor,
    ui: &Ui,
    input: &mut EditorInput<'_>,
    action: Action,
    time: f64,
) {
    editor.last_activity = time;
    match action {
        Action::Edit(command) => {
            editor.command(input.text, input.language, command, time);
        }
        Action::Undo => {
            editor.undo(input.text);
        }
        Action::Redo => {
            editor.redo(input.text);
        }
        Action::Home { extend } => {
            let head = edit::home(input.text, editor.selection.head);
            let anchor = if extend {
                editor.selection.anchor
            } else {
                head
            };
            editor.selection = Selection { anchor, head };
            editor.jump(anchor..head, false);
        }
        Action::Find => {
            let selected = input
                .text
                .get(editor.selection.range())
                .filter(|s| !s.is_empty() && !s.contains('\n'));
            editor.bar.open_find(selected);
        }
        Action::Step { forward } => editor.step(input.text, forward),
        Action::GoToLine => editor.bar.open_go_to_line(),
        Action::Escape => {
            if editor.bar.is_open() {
                editor.bar.close();
            } else if !editor.selection.is_empty() {
                let head = editor.selection.head;
                editor.selection = Selection::cursor(head);
                editor.jump(head..head, false);
            } else {
                // The way out for those who use the keyboard only: Tab is taken, so Escape leaves.
                ui.memory_mut(|memory| memory.surrender_focus(editor.id));
            }
        }
    }
}
