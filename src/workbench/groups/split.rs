//! How the editor's room is divided between groups: rows and columns, nested.

use egui::{Rect, pos2};
use serde::{Deserialize, Serialize};

/// Names a group for as long as it lives.
pub type GroupId = u32;

/// No group gets smaller than this, in points.
const LEAST: f32 = 120.0;
/// Between two groups.
pub const GAP: f32 = 1.0;
/// A remembered division that is nested deeper than a person makes it is not believed.
const DEEPEST: usize = 8;

/// A side of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before it, beside it.
    Left,
    /// After it, beside it.
    Right,
    /// Over it.
    Up,
    /// Under it.
    Down,
}

impl Side {
    fn is_row(self) -> bool {
        matches!(self, Side::Left | Side::Right)
    }

    fn is_after(self) -> bool {
        matches!(self, Side::Right | Side::Down)
    }
}

/// The room of one group, or of several with their shares of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Split {
    /// One group.
    One(GroupId),
    /// Side by side.
    Row(Vec<(Split, f32)>),
    /// One over the other.
    Column(Vec<(Split, f32)>),
}

/// The line between two neighbours, to be dragged.
#[derive(Clone, Debug, PartialEq)]
pub struct Border {
    /// The way to the division: which child of which child.
    pub way: Vec<usize>,
    /// It lies after this child.
    pub after: usize,
    /// Where it is.
    pub rect: Rect,
    /// Whether it is moved sideways.
    pub sideways: bool,
    /// Length of the division along which it moves.
    pub length: f32,
}

impl Split {
    /// The groups in reading order.
    pub fn ids(&self) -> Vec<GroupId> {
        match self {
            Split::One(id) => vec![*id],
            Split::Row(parts) | Split::Column(parts) => {
                parts.iter().flat_map(|(part, _)| part.ids()).collect()
            }
        }
    }

    /// Puts a new group beside another; it takes half of its room.
    pub fn add(&mut self, beside: GroupId, side: Side, new: GroupId) {
        if let Split::One(id) = self {
            if *id == beside {
                let both = match side.is_after() {
                    true => vec![(Split::One(beside), 0.5), (Split::One(new), 0.5)],
                    false => vec![(Split::One(new), 0.5), (Split::One(beside), 0.5)],
                };
                *self = match side.is_row() {
                    true => Split::Row(both),
                    false => Split::Column(both),
                };
            }
            return;
        }
        let is_row = matches!(self, Split::Row(_));
        let (Split::Row(parts) | Split::Column(parts)) = self else {
            return;
        };
        let here = parts.iter().position(|(p, _)| *p == Split::One(beside));
        match here {
            // In the same direction it becomes a neighbour rather than a division of its own.
            Some(at) if is_row == side.is_row() => {
                let share = parts.get(at).map_or(1.0, |(_, s)| *s) / 2.0;
                if let Some((_, s)) = parts.get_mut(at) {
                    *s = share;
                }
                let at = at + usize::from(side.is_after());
                parts.insert(at.min(parts.len()), (Split::One(new), share));
            }
            _ => {
                for (part, _) in parts {
                    part.add(beside, side, new);
                }
            }
        }
    }

    /// Takes a group away; its neighbours get its room. The last one stays.
    pub fn remove(&mut self, id: GroupId) {
        let (Split::Row(parts) | Split::Column(parts)) = self else {
            return;
        };
        parts.retain(|(part, _)| *part != Split::One(id));
        for (part, _) in parts.iter_mut() {
            part.remove(id);
        }
        if parts.len() == 1
            && let Some((only, _)) = parts.pop()
        {
            *self = only;
        }
    }

    /// Whether it is what this window could have made: every group once, shares that are shares.
    pub fn is_sound(&self) -> bool {
        let mut ids = self.ids();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        ids.len() == count && self.is_sound_below(DEEPEST)
    }

    fn is_sound_below(&self, depth: usize) -> bool {
        match self {
            Split::One(_) => true,
            Split::Row(parts) | Split::Column(parts) => {
                depth > 0
                    && parts.len() > 1
                    && parts.iter().all(|(part, share)| {
                        share.is_finite() && *share > 0.0 && part.is_sound_below(depth - 1)
                    })
            }
        }
    }

    /// Where every group lies, in reading order, and the borders between them.
    pub fn layout(&self, rect: Rect) -> (Vec<(GroupId, Rect)>, Vec<Border>) {
        let (mut groups, mut borders) = (Vec::new(), Vec::new());
        self.place(rect, &mut Vec::new(), &mut groups, &mut borders);
        (groups, borders)
    }

    fn place(
        &self,
        rect: Rect,
        way: &mut Vec<usize>,
        groups: &mut Vec<(GroupId, Rect)>,
        borders: &mut Vec<Border>,
    ) {
        let sideways = matches!(self, Split::Row(_));
        let parts = match self {
            Split::One(id) => return groups.push((*id, rect)),
            Split::Row(parts) | Split::Column(parts) => parts,
        };
        let length = if sideways {
            rect.width()
        } else {
            rect.height()
        };
        let all: f32 = parts.iter().map(|(_, share)| share).sum();
        let mut at = 0.0;
        for (index, (part, share)) in parts.iter().enumerate() {
            let last = index + 1 == parts.len();
            let own = if last {
                length - at
            } else {
                (length * share / all.max(f32::EPSILON)).round()
            };
            let (from, to) = (at, at + (own - if last { 0.0 } else { GAP }).max(0.0));
            let along = |a: f32, b: f32| match sideways {
                true => Rect::from_min_max(
                    pos2(rect.left() + a, rect.top()),
                    pos2(rect.left() + b, rect.bottom()),
                ),
                false => Rect::from_min_max(
                    pos2(rect.left(), rect.top() + a),
                    pos2(rect.right(), rect.top() + b),
                ),
            };
            way.push(index);
            part.place(along(from, to), way, groups, borders);
            way.pop();
            at += own;
            if !last {
                borders.push(Border {
                    way: way.clone(),
                    after: index,
                    rect: along(to, to + GAP),
                    sideways,
                    length,
                });
            }
        }
    }

    /// Moves a border by so many points.
    pub fn drag(&mut self, border: &Border, by: f32) {
        let mut division = self;
        for index in &border.way {
            let (Split::Row(parts) | Split::Column(parts)) = division else {
                return;
            };
            match parts.get_mut(*index) {
                Some((part, _)) => division = part,
                None => return,
            }
        }
        let (Split::Row(parts) | Split::Column(parts)) = division else {
            return;
        };
        let all: f32 = parts.iter().map(|(_, share)| share).sum();
        let Some([(_, before), (_, after)]) = parts.get_mut(border.after..border.after + 2) else {
            return;
        };
        let both = *before + *after;
        let least = (LEAST / border.length.max(1.0) * all).min(both / 2.0);
        let moved = *before + by / border.length.max(1.0) * all;
        *before = moved.clamp(least, both - least);
        *after = both - *before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Split {
        // 1 | 2 over 3
        let mut split = Split::One(1);
        split.add(1, Side::Right, 2);
        split.add(2, Side::Down, 3);
        split
    }

    #[test]
    fn groups_lie_where_they_were_put() {
        let (places, borders) =
            three().layout(Rect::from_min_max(pos2(0.0, 0.0), pos2(200.0, 100.0)));
        let ids: Vec<GroupId> = places.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, [1, 2, 3]);
        // A gap of one point after the first: 0 to 99, then 100 to 200; the column likewise 0 to 49, 50 to 100.
        assert_eq!(places[0].1.right(), 99.0);
        assert_eq!(places[1].1.left(), 100.0);
        assert_eq!(places[1].1.bottom(), 49.0);
        assert_eq!(places[2].1.top(), 50.0);
        assert_eq!(places[2].1.max, pos2(200.0, 100.0));
        assert_eq!(borders.len(), 2);
    }

    #[test]
    fn a_neighbour_in_the_same_direction_is_no_new_division() {
        let mut split = Split::One(1);
        split.add(1, Side::Right, 2);
        split.add(1, Side::Left, 3);
        assert_eq!(split.ids(), [3, 1, 2]);
        let Split::Row(parts) = &split else {
            panic!("a row")
        };
        let shares: Vec<f32> = parts.iter().map(|(_, s)| *s).collect();
        assert_eq!(shares, [0.25, 0.25, 0.5]);
    }

    #[test]
    fn what_is_removed_leaves_its_room_and_the_last_one_stays() {
        let mut split = three();
        split.remove(1);
        assert!(matches!(split, Split::Column(_)));
        split.remove(3);
        assert_eq!(split, Split::One(2));
        split.remove(2);
        assert_eq!(split, Split::One(2));
    }

    #[test]
    fn a_border_moves_and_stops_before_a_group_is_gone() {
        let mut split = Split::One(1);
        split.add(1, Side::Right, 2);
        let room = Rect::from_min_max(pos2(0.0, 0.0), pos2(1000.0, 100.0));
        let (_, borders) = split.layout(room);
        split.drag(&borders[0], 100.0);
        assert_eq!(split.layout(room).0[1].1.left(), 600.0);
        split.drag(&borders[0], 9_000.0);
        assert_eq!(split.layout(room).0[1].1.left(), 880.0, "120 points stay");
    }

    #[test]
    fn what_no_window_made_is_not_believed() {
        assert!(three().is_sound());
        assert!(!Split::Row(vec![(Split::One(1), 1.0)]).is_sound());
        assert!(!Split::Row(vec![(Split::One(1), 1.0), (Split::One(1), 1.0)]).is_sound());
        assert!(!Split::Row(vec![(Split::One(1), f32::NAN), (Split::One(2), 1.0)]).is_sound());
        let mut deep = Split::One(0);
        for n in 1..40 {
            deep = Split::Row(vec![(deep, 1.0), (Split::One(n), 1.0)]);
        }
        assert!(!deep.is_sound());
    }
}
