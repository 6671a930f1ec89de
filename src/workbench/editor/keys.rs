//! The keys that egui's text field lacks, or means otherwise.

use super::edit::{self, Command, Selection};
use super::{Action, CodeEditor, EditorInput};
use egui::{Event, Key, Modifiers, Ui};

/// What one key press means to the editor.
enum Own {
    Edit(Command),
    Undo,
    Redo,
    Home { extend: bool },
    Find,
    Step { forward: bool },
    GoToLine,
    Escape,
}

fn action(key: Key, modifiers: Modifiers, read_only: bool) -> Option<Own> {
    let Modifiers {
        alt,
        shift,
        command,
        ..
    } = modifiers;
    let plain = !alt && !command;
    let action = match key {
        Key::Tab if plain && shift => Own::Edit(Command::Outdent),
        Key::Tab if plain => Own::Edit(Command::Indent),
        Key::Enter if plain => Own::Edit(Command::NewLine),
        Key::Slash if command && !alt => Own::Edit(Command::ToggleComment),
        Key::ArrowUp if alt && !command && !shift => Own::Edit(Command::MoveUp),
        Key::ArrowDown if alt && !command && !shift => Own::Edit(Command::MoveDown),
        Key::D if command && shift && !alt => Own::Edit(Command::Duplicate),
        Key::Z if command && shift && !alt => Own::Redo,
        Key::Z if command && !alt => Own::Undo,
        Key::Y if command && !alt && !shift => Own::Redo,
        Key::Home if plain => Own::Home { extend: shift },
        Key::F if command && !alt && !shift => Own::Find,
        Key::F3 if plain => Own::Step { forward: !shift },
        Key::G if command && !alt && !shift => Own::GoToLine,
        Key::Escape if plain && !shift => Own::Escape,
        _ => return None,
    };
    let edits = matches!(action, Own::Edit(_) | Own::Undo | Own::Redo);
    (!(read_only && edits)).then_some(action)
}

/// Keys by which Emacs deletes. egui's text field obeys them; here they belong to the window (Ctrl+W closes
/// a tab) or to nobody.
fn hidden(event: &Event) -> bool {
    matches!(event, Event::Key { key: Key::H | Key::K | Key::U | Key::W, modifiers, .. } if modifiers.ctrl)
}

/// Keys that belong to a popup over the text while one is open.
fn of_popup(event: &Event) -> bool {
    use Key::{ArrowDown, ArrowUp, Enter, Escape, PageDown, PageUp, Tab};
    matches!(event, Event::Key {
        key: ArrowUp | ArrowDown | PageUp | PageDown | Enter | Tab | Escape,
        modifiers,
        ..
    } if modifiers.is_none())
}

/// An event, and whether an input method was at work in the frame in which it came: then Enter and the like
/// belong to it, not to the editor.
struct Queued {
    event: Event,
    composing: bool,
}

/// Keys that have to wait for the next frame, because those before them were not carried out yet.
#[derive(Default)]
pub(super) struct Waiting {
    events: Vec<Queued>,
    /// The pass in which they were put aside.
    pass: u64,
}

/// Whether an event is typing, to be kept in order and to be seen by one widget only.
fn typed(event: &Event) -> bool {
    matches!(
        event,
        Event::Copy
            | Event::Cut
            | Event::Paste(_)
            | Event::Text(_)
            | Event::Key { .. }
            | Event::Ime(_)
    )
}

/// The events of this frame, behind those that waited for it.
fn gather(editor: &mut CodeEditor, ui: &Ui) -> Vec<Queued> {
    let Waiting { mut events, pass } = std::mem::take(&mut editor.waiting);
    // Out of sight since: another file was opened by the keys of the same frame, so they were not for this one.
    if ui.ctx().cumulative_pass_nr() > pass + 1 {
        events.clear();
    }
    let new = ui.input_mut(|i| std::mem::take(&mut i.events));
    let composing = new.iter().any(|event| matches!(event, Event::Ime(_)));
    events.extend(new.into_iter().map(|event| Queued { event, composing }));
    events
}

fn put_aside(editor: &mut CodeEditor, ui: &Ui, events: Vec<Queued>) {
    if !events.is_empty() {
        editor.waiting = Waiting {
            events,
            pass: ui.ctx().cumulative_pass_nr(),
        };
        ui.ctx().request_repaint();
    }
}

/// Carries out the editor's own keys before the text field sees the rest. An own key behind one for the text
/// field waits for the next frame, and all typing behind it: what is done is what was typed, in its order.
/// Gives the events that were hidden from the text field, to be given back after it.
pub(super) fn before_field(
    editor: &mut CodeEditor,
    ui: &Ui,
    input: &mut EditorInput<'_>,
) -> Vec<Event> {
    if let Some(pending) = editor.pending {
        editor.selection = pending.selection.within(input.text);
    }
    let time = ui.input(|i| i.time);
    let (read_only, popup) = (input.read_only, input.popup);
    let own = |queued: &Queued| match &queued.event {
        Event::Key {
            key,
            modifiers,
            pressed: true,
            ..
        } if !queued.composing && !(popup && of_popup(&queued.event)) => {
            action(*key, *modifiers, read_only)
        }
        _ => None,
    };
    let events = gather(editor, ui);
    let last_own = events.iter().rposition(|queued| own(queued).is_some());
    let (mut now, mut later, mut away) = (Vec::with_capacity(events.len()), Vec::new(), Vec::new());
    // Whether the text field has something to do first; whether the rest has to wait.
    let (mut field_first, mut rest_waits) = (false, false);
    for (index, queued) in events.into_iter().enumerate() {
        if rest_waits && typed(&queued.event) {
            later.push(queued);
            continue;
        }
        if let Some(action) = own(&queued) {
            if field_first {
                rest_waits = true;
                later.push(queued);
            } else {
                // What is typed next may be for another field.
                rest_waits = matches!(
                    action,
                    Own::Find | Own::GoToLine | Own::Escape | Own::Step { .. }
                );
                carry_out(editor, ui, input, action, time);
            }
            continue;
        }
        match queued.event {
            // Saves a frame: text between own keys is put in here.
            Event::Text(text)
                if !field_first
                    && !queued.composing
                    && !read_only
                    && last_own.is_some_and(|last| index < last) =>
            {
                let (new, selection) = edit::insert(input.text, editor.selection, &text);
                editor.take_over(input.text, new, selection, time);
            }
            event if hidden(&event) || (popup && of_popup(&event)) => away.push(event),
            event => {
                field_first |= typed(&event) && !matches!(event, Event::Key { pressed: false, .. });
                now.push(match event {
                    Event::Paste(pasted) => Event::Paste(pasted.replace("\r\n", "\n")),
                    event => event,
                });
            }
        }
    }
    ui.input_mut(|i| i.events = now);
    put_aside(editor, ui, later);
    away
}

/// As [`before_field`], while the keyboard is with a field of the bar: what follows a key that steps or closes
/// the bar waits.
pub(super) fn before_bar(editor: &mut CodeEditor, ui: &Ui) {
    let events = gather(editor, ui);
    let (mut now, mut later) = (Vec::with_capacity(events.len()), Vec::new());
    let mut rest_waits = false;
    for queued in events {
        if rest_waits && typed(&queued.event) {
            later.push(queued);
            continue;
        }
        rest_waits |= matches!(
            queued.event,
            Event::Key {
                key: Key::Enter | Key::F3 | Key::Escape,
                pressed: true,
                ..
            }
        );
        now.push(queued.event);
    }
    ui.input_mut(|i| i.events = now);
    put_aside(editor, ui, later);
}

/// The keyboard is neither with the text nor with the bar: what waited is for whoever has it.
pub(super) fn give_back(editor: &mut CodeEditor, ui: &Ui) {
    let events = gather(editor, ui);
    ui.input_mut(|i| i.events = events.into_iter().map(|queued| queued.event).collect());
}

/// Takes away what was typed in this frame, to be given back after the text field: it was for another.
pub(super) fn take_typed(ui: &Ui) -> Vec<Event> {
    ui.input_mut(|i| {
        let (taken, rest) = std::mem::take(&mut i.events).into_iter().partition(typed);
        i.events = rest;
        taken
    })
}

/// Does what was asked for by name.
pub(super) fn run_asked(editor: &mut CodeEditor, ui: &Ui, input: &mut EditorInput<'_>) {
    let time = ui.input(|i| i.time);
    for action in std::mem::take(&mut editor.asked) {
        let own = match action {
            Action::Undo => Own::Undo,
            Action::Redo => Own::Redo,
            Action::Find => Own::Find,
            Action::FindNext => Own::Step { forward: true },
            Action::FindPrevious => Own::Step { forward: false },
            Action::GoToLine => Own::GoToLine,
            Action::ToggleComment => Own::Edit(Command::ToggleComment),
            Action::Indent => Own::Edit(Command::Indent),
            Action::Outdent => Own::Edit(Command::Outdent),
            Action::MoveUp => Own::Edit(Command::MoveUp),
            Action::MoveDown => Own::Edit(Command::MoveDown),
            Action::DuplicateDown => Own::Edit(Command::Duplicate),
            _ => continue,
        };
        if !(input.read_only && action.edits()) {
            carry_out(editor, ui, input, own, time);
        }
    }
}

fn carry_out(
    editor: &mut CodeEditor,
    ui: &Ui,
    input: &mut EditorInput<'_>,
    action: Own,
    time: f64,
) {
    editor.last_activity = time;
    match action {
        Own::Edit(command) => {
            editor.command(input.text, input.language, command, time);
        }
        Own::Undo => {
            editor.undo(input.text);
        }
        Own::Redo => {
            editor.redo(input.text);
        }
        Own::Home { extend } => {
            let head = edit::home(input.text, editor.selection.head);
            let anchor = if extend {
                editor.selection.anchor
            } else {
                head
            };
            editor.selection = Selection { anchor, head };
            editor.jump(anchor..head, false);
        }
        Own::Find => {
            let selected = input
                .text
                .get(editor.selection.range())
                .filter(|s| !s.is_empty() && !s.contains('\n'));
            editor.bar.open_find(selected);
        }
        Own::Step { forward } => editor.step(input.text, forward),
        Own::GoToLine => editor.bar.open_go_to_line(),
        Own::Escape => {
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
