//! The keyboard: the events of a frame in their order.

use super::cursors::Cursors;
use super::edit::{self, Reach};
use super::{Action, CodeEditor, EditorInput, Selection, ime, motion};
use egui::{Event, Key, Modifiers, Ui};

/// Keys that have to wait for the next frame, because those before them gave the keyboard to another field.
#[derive(Default)]
pub(super) struct Waiting {
    events: Vec<Event>,
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

/// Keys that belong to a popup over the text while one is open.
fn of_popup(event: &Event) -> bool {
    use Key::{ArrowDown, ArrowUp, Enter, Escape, PageDown, PageUp, Tab};
    matches!(event, Event::Key {
        key: ArrowUp | ArrowDown | PageUp | PageDown | Enter | Tab | Escape,
        modifiers,
        ..
    } if modifiers.is_none())
}

/// The events of this frame, behind those that waited for it.
fn gather(editor: &mut CodeEditor, ui: &Ui) -> Vec<Event> {
    let Waiting { mut events, pass } = std::mem::take(&mut editor.waiting);
    // Out of sight since: another file was opened by the keys of the same frame, so they were not for this one.
    if ui.ctx().cumulative_pass_nr() > pass + 1 {
        events.clear();
    }
    events.extend(ui.input_mut(|i| std::mem::take(&mut i.events)));
    events
}

fn put_aside(editor: &mut CodeEditor, ui: &Ui, events: Vec<Event>) {
    if !events.is_empty() {
        editor.waiting = Waiting {
            events,
            pass: ui.ctx().cumulative_pass_nr(),
        };
        ui.ctx().request_repaint();
    }
}

/// The keyboard is with the text: its events are carried out, in their order, and taken away.
pub(super) fn for_text(editor: &mut CodeEditor, ui: &Ui, input: &mut EditorInput<'_>) {
    let events = gather(editor, ui);
    let (mut rest, mut later) = (Vec::with_capacity(events.len()), Vec::new());
    // What is typed next may be for a field of the bar, or for nobody.
    let mut given_away = false;
    // With Alt held a key comes with the sign that it types.
    let mut with_sign = false;
    for event in events {
        let follows = std::mem::take(&mut with_sign) && matches!(event, Event::Text(_));
        if follows {
            continue;
        }
        if given_away && typed(&event) {
            later.push(event);
        } else if (input.popup && of_popup(&event)) || !take(editor, ui, input, &event) {
            rest.push(event);
        } else {
            with_sign = matches!(&event, Event::Key { modifiers, .. } if modifiers.alt);
            let open = editor.bar.is_open() && editor.bar_wants_keys();
            given_away = open || !ui.memory(|memory| memory.has_focus(editor.id));
        }
    }
    ui.input_mut(|i| i.events = rest);
    put_aside(editor, ui, later);
}

/// As [`for_text`], while the keyboard is with a field of the bar: what follows a key that steps or closes the bar
/// waits.
pub(super) fn for_bar(editor: &mut CodeEditor, ui: &Ui) {
    let events = gather(editor, ui);
    let (mut now, mut later) = (Vec::with_capacity(events.len()), Vec::new());
    let mut rest_waits = false;
    for event in events {
        if rest_waits && typed(&event) {
            later.push(event);
            continue;
        }
        rest_waits |= matches!(
            event,
            Event::Key {
                key: Key::Enter | Key::F3 | Key::Escape,
                pressed: true,
                ..
            }
        );
        now.push(event);
    }
    ui.input_mut(|i| i.events = now);
    put_aside(editor, ui, later);
}

/// The keyboard is neither with the text nor with the bar: what waited is for whoever has it.
pub(super) fn give_back(editor: &mut CodeEditor, ui: &Ui) {
    let events = gather(editor, ui);
    ui.input_mut(|i| i.events = events);
}

/// Takes an event; gives whether it was for the editor.
fn take(editor: &mut CodeEditor, ui: &Ui, input: &mut EditorInput<'_>, event: &Event) -> bool {
    let ctx = ui.ctx();
    match event {
        Event::Copy => editor.copy(ctx, input.text),
        Event::Text(_) | Event::Paste(_) | Event::Ime(_) if input.read_only => {}
        Event::Cut if input.read_only => editor.copy(ctx, input.text),
        Event::Cut => editor.cut(ctx, input.text),
        Event::Paste(pasted) => editor.paste(ctx, input.text, pasted),
        Event::Text(typed) => {
            if editor.preedit.is_none() && typed != "\n" && typed != "\r" {
                editor.type_text(input.text, typed);
            }
        }
        Event::Ime(event) => ime::take(editor, input.text, event),
        Event::Key { pressed, .. } if !pressed => return false,
        Event::Key {
            key,
            physical_key,
            modifiers,
            ..
        } => {
            // While something is composed its keys are the input method's.
            if editor.preedit.is_some() {
                return true;
            }
            return press(editor, ui, input, *key, *physical_key, *modifiers);
        }
        _ => return false,
    }
    true
}

/// What one key means.
#[derive(Clone, Copy)]
enum Meaning {
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Start,
    Finish,
    /// By so many rows.
    Rows(isize),
    /// By so many pages.
    Pages(isize),
    /// The view moves, the cursor stays.
    Scroll(isize),
    Remove(Reach),
    Tab,
    Outdent,
    NewLine,
    Escape,
}

fn meaning(key: Key, modifiers: Modifiers, mac: bool) -> Option<Meaning> {
    use Meaning::*;
    let Modifiers {
        alt,
        shift,
        command,
        ..
    } = modifiers;
    // By words with Alt on a Mac, with Ctrl elsewhere; there Command goes to the ends of lines.
    let (word, line) = match mac {
        true => (alt && !command, command && !alt),
        false => (command && !alt, false),
    };
    let plain = !alt && !command;
    Some(match key {
        Key::ArrowLeft if word => WordLeft,
        Key::ArrowRight if word => WordRight,
        Key::ArrowLeft if line => Home,
        Key::ArrowRight if line => End,
        Key::ArrowLeft if plain => Left,
        Key::ArrowRight if plain => Right,
        Key::ArrowUp if line => Start,
        Key::ArrowDown if line => Finish,
        Key::ArrowUp if command && !alt && !shift => Scroll(-1),
        Key::ArrowDown if command && !alt && !shift => Scroll(1),
        Key::ArrowUp if plain => Rows(-1),
        Key::ArrowDown if plain => Rows(1),
        Key::PageUp if plain => Pages(-1),
        Key::PageDown if plain => Pages(1),
        Key::Home if command && !alt => Start,
        Key::End if command && !alt => Finish,
        Key::Home if plain => Home,
        Key::End if plain => End,
        Key::Backspace if line || (command && shift && !alt) => Remove(Reach::LineStart),
        Key::Delete if line || (command && shift && !alt) => Remove(Reach::LineEnd),
        Key::Backspace if word => Remove(Reach::WordLeft),
        Key::Delete if word => Remove(Reach::WordRight),
        Key::Backspace if plain => Remove(Reach::Left),
        Key::Delete if plain => Remove(Reach::Right),
        Key::Tab if plain && shift => Outdent,
        Key::Tab if plain => Tab,
        Key::Enter if plain => NewLine,
        Key::Escape if plain && !shift => Escape,
        _ => return None,
    })
}

fn press(
    editor: &mut CodeEditor,
    ui: &Ui,
    input: &mut EditorInput<'_>,
    key: Key,
    physical: Option<Key>,
    modifiers: Modifiers,
) -> bool {
    if let Some(action) = Action::of_key(key, physical, modifiers) {
        if !(input.read_only && action.edits()) {
            editor.act(ui, input.text, action);
        }
        return true;
    }
    let Some(meaning) = meaning(key, modifiers, ui.ctx().os().is_mac()) else {
        return false;
    };
    use Meaning::*;
    let edits = matches!(meaning, Remove(_) | Tab | Outdent | NewLine);
    if edits && input.read_only {
        return true;
    }
    let extend = modifiers.shift;
    let text = &mut *input.text;
    match meaning {
        Left => editor.walk(text, extend, |text, s| match s.is_empty() || extend {
            true => motion::left(text, s.head),
            false => s.range().start,
        }),
        Right => editor.walk(text, extend, |text, s| match s.is_empty() || extend {
            true => motion::right(text, s.head),
            false => s.range().end,
        }),
        WordLeft => editor.walk(text, extend, |text, s| motion::word_left(text, s.head)),
        WordRight => editor.walk(text, extend, |text, s| motion::word_right(text, s.head)),
        Home => editor.go_to_edge(text, extend, true),
        End => editor.go_to_edge(text, extend, false),
        Start => editor.walk(text, extend, |text, _| super::cursors::first_place(text)),
        Finish => editor.walk(text, extend, |text, _| text.len()),
        Rows(by) => editor.by_rows(text, by, extend),
        Pages(by) => {
            let page = editor.frame.page().saturating_sub(1).max(1) as isize;
            editor
                .scroll
                .glide(by as f64 * page as f64 * f64::from(editor.frame.row));
            editor.by_rows(text, by * page, extend);
        }
        Scroll(by) => editor.scroll.glide(by as f64 * f64::from(editor.frame.row)),
        Remove(reach) => {
            let list = editor.cursors.list();
            let alone = reach == Reach::Left || reach == Reach::Right;
            let change = edit::remove(text, list, editor.language, reach, &editor.closers);
            if let Some(change) = change {
                editor.commit(text, change, alone);
            }
        }
        Tab => editor.change(text, edit::tab),
        Outdent => editor.change(text, edit::outdent),
        NewLine => editor.change(text, edit::new_line),
        Escape => escape(editor, ui),
    }
    true
}

/// Closes what is open; else back to one cursor, then to no selection. At last the keyboard leaves the text: Tab is
/// taken, so this is the way out for those who use the keyboard only.
fn escape(editor: &mut CodeEditor, ui: &Ui) {
    let main = editor.cursors.main();
    if editor.carry.take().is_some() {
        egui::DragAndDrop::clear_payload(ui.ctx());
    } else if editor.bar.is_open() {
        editor.bar.close();
    } else if editor.cursors.several() {
        editor.go(Cursors::one(main));
    } else if !main.is_empty() {
        editor.go(Cursors::one(Selection::cursor(main.head)));
    } else {
        ui.memory_mut(|memory| memory.surrender_focus(editor.id));
    }
}
