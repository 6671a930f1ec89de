//! The editor in the accessibility tree: a text field of several lines with its value and selection.

use super::rows::Row;
use super::sheet::Sheet;
use super::{CodeEditor, EditorInput, Selection};
use egui::accesskit::{
    Action, ActionData, Node, Rect as AccessRect, Role, TextDirection, TextPosition, TextSelection,
};
use egui::{Id, Rect, Response, Ui, UiBuilder};

/// Of a larger text only what can be seen is told.
const MOST_BYTES: usize = 64 << 10;
/// Signs of one run; more are not told of one row.
const MOST_SIGNS: usize = 250;

/// Tells who asks of the editor.
pub(super) fn tell(ui: &mut Ui, editor: &CodeEditor, input: &EditorInput<'_>, response: &Response) {
    let sheet = editor.sheet(input.text);
    let value = || match input.text.len() <= MOST_BYTES {
        true => input.text.clone(),
        false => shown(&sheet),
    };
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::text_edit(ui.is_enabled(), "", value(), "");
        info.prev_text_value = None;
        info.label = Some(editor.name.clone());
        info
    });
    let main = editor.cursors.main();
    let known = ui.ctx().accesskit_node_builder(editor.id, |node| {
        node.set_role(Role::MultilineTextInput);
        node.set_label(editor.name.clone());
        node.set_value(value());
        if input.read_only {
            node.set_read_only();
        }
        node.add_action(Action::SetTextSelection);
        if let (Some(anchor), Some(focus)) = (
            position(&sheet, editor.id, main.anchor),
            position(&sheet, editor.id, main.head),
        ) {
            node.set_text_selection(TextSelection { anchor, focus });
        }
    });
    if known.is_none() {
        return;
    }
    for index in sheet.visible() {
        let id = run_id(editor.id, index);
        // A child of its own is the way to say whose part it is.
        let builder = UiBuilder::new()
            .scope_id(id)
            .accessibility_parent(editor.id);
        let child = ui.new_child(builder.max_rect(Rect::ZERO));
        child
            .ctx()
            .accesskit_node_builder(id, |node| run(node, &sheet, index));
    }
}

fn run_id(id: Id, row: usize) -> Id {
    id.with(("row", row))
}

/// The text of the rows that can be seen.
fn shown(sheet: &Sheet<'_>) -> String {
    sheet
        .visible()
        .map(|index| {
            let row = sheet.rows.get(index);
            let end = if breaks(sheet, index) { "\n" } else { "" };
            let part: String = part(sheet, row).chars().take(4 * MOST_SIGNS).collect();
            part + end
        })
        .collect()
}

/// Whether a line end follows a row.
fn breaks(sheet: &Sheet<'_>, index: usize) -> bool {
    sheet.rows.ends_line(index) && sheet.rows.get(index).line + 1 < sheet.lines.count()
}

fn part<'a>(sheet: &Sheet<'a>, row: Row) -> &'a str {
    sheet
        .line(row.line)
        .get(row.from..row.to)
        .unwrap_or_default()
}

fn run(node: &mut Node, sheet: &Sheet<'_>, index: usize) {
    let row = sheet.rows.get(index);
    let mut value = String::new();
    let (mut lengths, mut positions, mut widths) = (Vec::new(), Vec::new(), Vec::new());
    let mut scan = super::measure::Scan::default();
    let sign = sheet.frame.sign;
    for c in part(sheet, row).chars().take(MOST_SIGNS) {
        positions.push(scan.column as f32 * sign);
        widths.push(scan.step(c) as f32 * sign);
        lengths.push(c.len_utf8() as u8);
        value.push(c);
    }
    if breaks(sheet, index) {
        value.push('\n');
        lengths.push(1);
        positions.push(scan.column as f32 * sign);
        widths.push(0.0);
    }
    node.set_role(Role::TextRun);
    node.set_text_direction(TextDirection::LeftToRight);
    let left = sheet.x(row, row.column);
    let rect = Rect::from_min_size(
        egui::pos2(left, sheet.top(index)),
        egui::vec2(scan.column as f32 * sign, sheet.frame.row),
    );
    node.set_bounds(AccessRect {
        x0: rect.min.x.into(),
        y0: rect.min.y.into(),
        x1: rect.max.x.into(),
        y1: rect.max.y.into(),
    });
    let mut starts = Vec::new();
    let mut inside = true;
    for (i, c) in value.chars().enumerate() {
        let word = c.is_alphanumeric() || c == '_';
        if word && !inside {
            starts.push(i as u8);
        }
        inside = word;
    }
    node.set_value(value);
    node.set_character_lengths(lengths);
    node.set_character_positions(positions);
    node.set_character_widths(widths);
    node.set_word_starts(starts);
}

/// A place in the runs, if it is told.
fn position(sheet: &Sheet<'_>, id: Id, offset: usize) -> Option<TextPosition> {
    let (index, _) = sheet.place(offset);
    if !sheet.visible().contains(&index) {
        return None;
    }
    let row = sheet.rows.get(index);
    let byte = offset.checked_sub(sheet.lines.start(row.line) + row.from)?;
    let before = part(sheet, row).get(..byte)?;
    let signs = before.chars().count();
    (signs <= MOST_SIGNS).then(|| TextPosition {
        node: run_id(id, index).accesskit_id(),
        character_index: signs,
    })
}

/// What a screen reader or a test asks for.
pub(super) fn take(editor: &mut CodeEditor, ui: &Ui, input: &mut EditorInput<'_>) {
    let id = editor.id;
    let asked = |action| -> Vec<ActionData> {
        ui.input(|i| {
            i.accesskit_action_requests(id, action)
                .filter_map(|request| request.data.clone())
                .collect()
        })
    };
    for data in asked(Action::SetTextSelection) {
        if let ActionData::SetTextSelection(wanted) = data
            && let (Some(anchor), Some(head)) = (
                offset(editor, input.text, &wanted.anchor),
                offset(editor, input.text, &wanted.focus),
            )
        {
            let selection = Selection::new(anchor, head).within(input.text);
            editor.go(super::cursors::Cursors::one(selection));
        }
    }
    if input.read_only {
        return;
    }
    for data in asked(Action::ReplaceSelectedText) {
        if let ActionData::Value(value) = data {
            let change = super::edit::insert(editor.cursors.list(), &value);
            editor.commit(input.text, change, false);
        }
    }
    for data in asked(Action::SetValue) {
        // Of a large text only a part was told: to take it for the whole would lose the rest.
        if let ActionData::Value(value) = data
            && input.text.len() <= MOST_BYTES
        {
            let whole = Selection::new(0, input.text.len()).within(input.text);
            let change = super::edit::insert(&[whole], &value);
            editor.commit(input.text, change, false);
        }
    }
}

fn offset(editor: &CodeEditor, text: &str, position: &TextPosition) -> Option<usize> {
    let sheet = editor.sheet(text);
    let index = sheet
        .visible()
        .find(|index| run_id(editor.id, *index).accesskit_id() == position.node)?;
    let row = sheet.rows.get(index);
    let inner = part(&sheet, row);
    let byte = inner.char_indices().nth(position.character_index);
    let byte = byte.map_or(inner.len(), |(i, _)| i);
    Some(sheet.lines.start(row.line) + row.from + byte)
}
