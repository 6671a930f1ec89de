//! The pointer: what it selects, and where it adds cursors.

use super::cursors::{Cursors, MOST};
use super::lines::{line_bounds, next_line};
use super::{CodeEditor, Selection, motion};
use egui::{Event, Modifiers, Pos2, Response, Ui, pos2};
use std::ops::Range;

/// Seconds and points within which a press belongs to the one before.
const DOUBLE: f64 = 0.4;
const NEAR: f32 = 6.0;

/// What is selected while the pointer is dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Sign,
    Word,
    Line,
    /// A rectangle of columns.
    Columns,
}

/// A selection that is being dragged.
#[derive(Clone, Debug)]
pub(super) struct Drag {
    unit: Unit,
    /// What was under the pointer when it was pressed.
    origin: Range<usize>,
    /// Row and column where it began.
    corner: (usize, usize),
    /// Cursors that were there before and stay.
    others: Vec<Selection>,
}

/// Presses that follow one another.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clicks {
    at: Pos2,
    time: f64,
    count: usize,
}

impl Clicks {
    /// Counts a press.
    fn press(&mut self, at: Pos2, time: f64) -> usize {
        let follows = time - self.time < DOUBLE && self.at.distance(at) < NEAR && self.count > 0;
        self.count = if follows { self.count % 3 + 1 } else { 1 };
        (self.at, self.time) = (at, time);
        self.count
    }
}

/// A press on a line number selects the line, and further lines as it is dragged.
pub(super) fn press_number(editor: &mut CodeEditor, ui: &Ui, text: &str, line: usize) {
    let start = editor.lines.start(line);
    let whole = start..editor.lines.start(line + 1);
    let main = editor.cursors.main();
    let shift = ui.input(|i| held(i).shift);
    let origin = match shift {
        true => line_bounds(text, main.anchor).start..next_line(text, main.anchor),
        false => whole.clone(),
    };
    let selection = joined(&origin, &whole);
    editor.drag = Some(Drag {
        unit: Unit::Line,
        origin,
        corner: (0, 0),
        others: Vec::new(),
    });
    editor.go(Cursors::one(selection));
    editor.reveal = None;
    editor.focus = true;
    ui.ctx().request_repaint();
}

/// The modifiers held while the button was pressed or released in this frame.
pub(super) fn held(input: &egui::InputState) -> Modifiers {
    let button = input.events.iter().find_map(|event| match event {
        Event::PointerButton { modifiers, .. } => Some(*modifiers),
        _ => None,
    });
    button.unwrap_or(input.modifiers)
}

/// What the pointer does in the text this frame.
pub(super) fn take(
    editor: &mut CodeEditor,
    ui: &Ui,
    text: &mut String,
    response: &Response,
    read_only: bool,
) {
    let (pressed, down, pointer, modifiers) = ui.input(|i| {
        (
            i.pointer.primary_pressed(),
            i.pointer.primary_down(),
            i.pointer.interact_pos(),
            held(i),
        )
    });
    let Some(pointer) = pointer else {
        (editor.drag, editor.carry) = (None, None);
        return;
    };
    if pressed && response.contains_pointer() && ui.is_enabled() {
        let origin = ui.input(|i| i.pointer.press_origin()).unwrap_or(pointer);
        press(editor, text, origin, modifiers);
        ui.memory_mut(|memory| {
            if !memory.has_focus(editor.id) {
                memory.request_focus(editor.id);
            }
            memory.interrupt_ime();
        });
        editor.preedit = None;
    }
    if editor.carry.is_some() {
        super::carry::go_on(
            editor,
            ui,
            text,
            response,
            (pointer, down || pressed),
            read_only,
        );
        return;
    }
    if editor.drag.is_some() && (down || pressed) {
        drag(editor, ui, text, pointer);
    }
    if !down && editor.drag.take().is_some() {
        // A press beside the text ends as a click elsewhere, which takes the keyboard from the text.
        editor.focus = true;
    }
}

fn press(editor: &mut CodeEditor, text: &str, at: Pos2, modifiers: Modifiers) {
    let count = editor.clicks.press(at, editor.time);
    let plain = !modifiers.alt && !modifiers.shift;
    if count == 1 && plain && super::carry::take_up(editor, text, at) {
        return;
    }
    let sheet = editor.sheet(text);
    let offset = sheet.nearest(at);
    let corner = corner(editor, text, at);
    let (unit, origin) = match count {
        1 => (Unit::Sign, offset..offset),
        2 => (Unit::Word, motion::word_at(text, offset)),
        _ => {
            let line = line_bounds(text, offset).start;
            (Unit::Line, line..next_line(text, offset))
        }
    };
    let main = editor.cursors.main();
    let mut drag = Drag {
        unit,
        origin: origin.clone(),
        corner,
        others: Vec::new(),
    };
    let selection = Selection::new(origin.start, origin.end);
    if modifiers.alt && modifiers.shift {
        drag.unit = Unit::Columns;
        let sheet = editor.sheet(text);
        drag.corner = sheet.goal(main.anchor);
        editor.drag = Some(drag);
        return;
    }
    if modifiers.shift {
        drag.origin = main.anchor..main.anchor;
        editor.go(Cursors::one(Selection::new(main.anchor, offset)));
    } else if modifiers.alt && count == 1 {
        let mut others: Vec<Selection> = editor.cursors.list().to_vec();
        let same = others.iter().position(|s| s.is_empty() && s.head == offset);
        match same {
            // A second click takes the cursor away.
            Some(index) if others.len() > 1 => {
                others.remove(index);
                editor.go(Cursors::of(others));
                return;
            }
            _ => {
                let cursors = editor.cursors.and(selection);
                drag.others = others;
                editor.go(cursors);
            }
        }
    } else {
        editor.go(Cursors::one(selection));
    }
    editor.whole_word = count == 2;
    // The text stays where it is under the pointer.
    editor.reveal = None;
    editor.drag = Some(drag);
}

/// Row and column under a point.
fn corner(editor: &CodeEditor, text: &str, at: Pos2) -> (usize, usize) {
    let sheet = editor.sheet(text);
    let row = sheet.row_at(at.y);
    let x = f64::from(at.x - sheet.frame.text.left()) + sheet.frame.scroll[0];
    let column = (x / f64::from(sheet.frame.sign)).round().max(0.0);
    (row, column as usize)
}

/// From one range to another, the cursor at the far end.
fn joined(origin: &Range<usize>, here: &Range<usize>) -> Selection {
    if here.start < origin.start {
        Selection::new(origin.end, here.start)
    } else {
        Selection::new(origin.start, here.end.max(origin.end))
    }
}

fn drag(editor: &mut CodeEditor, ui: &Ui, text: &str, pointer: Pos2) {
    let Some(drag) = editor.drag.clone() else {
        return;
    };
    scroll_beyond(editor, ui, pointer);
    let view = editor.frame.text;
    let inside = pos2(
        pointer.x,
        pointer.y.clamp(view.top(), view.bottom().max(view.top())),
    );
    if drag.unit == Unit::Columns {
        let to = corner(editor, text, inside);
        let cursors = columns(editor, text, drag.corner, to);
        place(editor, cursors);
        return;
    }
    let offset = editor.sheet(text).nearest(inside);
    let here = match drag.unit {
        Unit::Word => motion::word_at(text, offset),
        Unit::Line => line_bounds(text, offset).start..next_line(text, offset),
        _ => offset..offset,
    };
    let selection = match drag.unit {
        Unit::Sign => Selection::new(drag.origin.start, offset),
        _ => joined(&drag.origin, &here),
    };
    let mut list = drag.others;
    list.push(selection.within(text));
    place(editor, Cursors::of(list));
}

fn place(editor: &mut CodeEditor, cursors: Cursors) {
    if editor.cursors != cursors {
        editor.last_activity = editor.time;
        editor.history.close();
        let word = editor.whole_word;
        editor.cursors = cursors;
        editor.whole_word = word;
    }
}

/// While something is carried: the text comes on when the pointer is near an edge.
pub(super) fn scroll_near(editor: &mut CodeEditor, ui: &Ui, pointer: Pos2) {
    let inner = editor.frame.text.shrink2(egui::vec2(0.0, editor.frame.row));
    let y = (pointer.y - inner.bottom()).max(0.0) - (inner.top() - pointer.y).max(0.0);
    if y != 0.0 && inner.is_positive() {
        let dt = f64::from(ui.input(|i| i.stable_dt).min(0.05));
        editor.scroll.at[1] += f64::from(y) * 12.0 * dt;
        let limit = editor.limits();
        editor.scroll.clamp(limit);
        ui.ctx().request_repaint();
    }
}

/// Beyond the edges the text comes to the pointer.
fn scroll_beyond(editor: &mut CodeEditor, ui: &Ui, pointer: Pos2) {
    let view = editor.frame.text;
    let beyond = |at: f32, min: f32, max: f32| (at - max).max(0.0) - (min - at).max(0.0);
    let y = beyond(pointer.y, view.top(), view.bottom());
    let x = beyond(pointer.x, view.left(), view.right());
    if x == 0.0 && y == 0.0 {
        return;
    }
    let dt = f64::from(ui.input(|i| i.stable_dt).min(0.05));
    // The farther, the faster.
    editor.scroll.at[1] += f64::from(y.clamp(-80.0, 80.0)) * 12.0 * dt;
    editor.scroll.at[0] += f64::from(x.clamp(-80.0, 80.0)) * 12.0 * dt;
    let limit = editor.limits();
    editor.scroll.clamp(limit);
    ui.ctx().request_repaint();
}

/// A cursor or selection in each row of a rectangle.
fn columns(editor: &CodeEditor, text: &str, from: (usize, usize), to: (usize, usize)) -> Cursors {
    let sheet = editor.sheet(text);
    let rows = from.0.min(to.0)..=from.0.max(to.0);
    let down = to.0 >= from.0;
    let mut list: Vec<Selection> = rows
        .take(MOST)
        .map(|row| Selection::new(sheet.at_goal(row, from.1), sheet.at_goal(row, to.1)))
        .collect();
    if !down {
        list.reverse();
    }
    Cursors::of(list)
}
