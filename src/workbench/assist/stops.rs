//! The places of a snippet that are still to be filled in: Tab goes from one to the next.

use crate::diagnostic::{Edit, Span};

/// Places in the text, and at which of them the cursor is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stops {
    places: Vec<Span>,
    at: usize,
}

impl Stops {
    /// The places of a text that was put in at an offset; none where there are fewer than two.
    pub fn new(offset: usize, stops: &[Span]) -> Option<Self> {
        let places: Vec<Span> = stops.iter().map(|stop| stop.shifted(offset)).collect();
        (places.len() > 1).then_some(Self { places, at: 0 })
    }

    /// Goes on by one place, or back; none at the ends.
    pub fn step(&mut self, forward: bool) -> Option<Span> {
        let next = match forward {
            true => self.at + 1,
            false => self.at.checked_sub(1)?,
        };
        let place = self.places.get(next).copied()?;
        self.at = next;
        Some(place)
    }

    /// Whether the cursor is at the last place.
    pub fn is_last(&self) -> bool {
        self.at + 1 >= self.places.len()
    }

    /// Whether a place of the text belongs to the current stop, or the line round it.
    pub fn holds(&self, offset: usize) -> bool {
        let place = self.places.get(self.at);
        place.is_some_and(|p| p.start <= offset && offset <= p.end)
    }

    /// Follows edits of the text, which are in its order and in bytes of the text before them.
    pub fn follow(&mut self, edits: &[Edit]) {
        for edit in edits.iter().rev() {
            let by = edit.text.len() as isize - (edit.span.end - edit.span.start) as isize;
            for (number, place) in self.places.iter_mut().enumerate() {
                let inside = number == self.at
                    && place.start <= edit.span.start
                    && edit.span.end <= place.end;
                if inside {
                    place.end = place.end.saturating_add_signed(by);
                } else if edit.span.end <= place.start {
                    place.start = place.start.saturating_add_signed(by);
                    place.end = place.end.saturating_add_signed(by);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_at_a_place_moves_those_behind_it() {
        let mut stops = Stops::new(10, &[Span::new(0, 4), Span::new(6, 6)]).expect("two places");
        let edit = |start, end, text: &str| Edit {
            span: Span::new(start, end),
            text: text.to_owned(),
        };
        stops.follow(&[edit(10, 14, "x")]);
        assert!(stops.holds(11) && !stops.holds(12));
        stops.follow(&[edit(11, 11, "yz")]);
        assert_eq!(stops.step(true), Some(Span::new(15, 15)));
        assert!(stops.is_last());
        assert_eq!(stops.step(true), None);
        assert_eq!(stops.step(false), Some(Span::new(10, 13)));
        assert_eq!(Stops::new(0, &[Span::new(0, 1)]), None);
    }
}
