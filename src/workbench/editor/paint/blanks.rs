//! Blanks as signs: a dot for a space, a line for a tab, a box for any other.

use super::super::sheet::Sheet;
use super::text::columns;
use crate::workbench::theme::Tokens;
use egui::epaint::Mesh;
use egui::{Painter, Rect, Shape, pos2, vec2};

/// Shows the blanks that can be seen: one mesh for all of them.
pub(in super::super) fn paint(painter: &Painter, sheet: &Sheet<'_>, tokens: &Tokens) {
    let mut mesh = Mesh::default();
    let seen = columns(sheet);
    for index in sheet.visible() {
        let row = sheet.rows.get(index);
        let line = sheet.line(row.line);
        let first = row.column + seen.start.saturating_sub(row.hang);
        let (from, mut scan) = sheet.measure.floor(row.line, line, first);
        let from = from.max(row.from);
        let middle = sheet.top(index) + sheet.frame.row / 2.0;
        for sign in line.get(from..row.to).unwrap_or_default().chars() {
            let column = scan.column;
            if column >= first + seen.len() {
                break;
            }
            let width = scan.step(sign) as f32 * sheet.frame.sign;
            let x = sheet.x(row, column);
            let color = tokens.text_faint;
            match sign {
                ' ' => {
                    let dot = Rect::from_center_size(pos2(x + width / 2.0, middle), vec2(2.0, 2.0));
                    mesh.add_colored_rect(dot, color);
                }
                '\t' => {
                    let (left, right) = (x + 2.0, (x + width - 2.0).max(x + 3.0));
                    let line =
                        Rect::from_min_max(pos2(left, middle - 0.5), pos2(right, middle + 0.5));
                    mesh.add_colored_rect(line, color);
                    let end = Rect::from_min_max(
                        pos2(right - 1.0, middle - 3.0),
                        pos2(right, middle + 3.0),
                    );
                    mesh.add_colored_rect(end, color);
                }
                // One that looks like a space and is none.
                sign if sign.is_whitespace() && width > 0.0 => {
                    let shape = Rect::from_center_size(
                        pos2(x + width / 2.0, middle),
                        vec2((width - 3.0).max(2.0), 5.0),
                    );
                    mesh.add_colored_rect(shape, tokens.warning);
                }
                _ => {}
            }
        }
    }
    if !mesh.is_empty() {
        painter.add(Shape::mesh(mesh));
    }
}
