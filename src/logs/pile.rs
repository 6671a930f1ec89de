//! Bytes that come to a number nobody knows beforehand: kept in pieces, so that growing never holds them twice.

use super::memory::size;

/// Bytes of a piece, about.
pub(super) const PIECE: usize = 16 << 20;

/// Bytes in pieces.
#[derive(Debug, Default)]
pub(super) struct Pile {
    full: Vec<Vec<u8>>,
    /// Bytes of those.
    before: usize,
    /// The piece that is added to.
    pub last: Vec<u8>,
}

impl Pile {
    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.before + self.last.len()
    }

    /// Lays the last piece aside where it is long enough.
    pub fn settle(&mut self) {
        if self.last.len() >= PIECE {
            self.before += self.last.len();
            self.full.push(std::mem::take(&mut self.last));
        }
    }

    /// All of them one behind another; each piece is gone when it was taken over.
    ///
    /// # Errors
    /// That there is no memory for them.
    pub fn join(self) -> Result<Vec<u8>, String> {
        let bytes = self.len();
        if self.full.is_empty() {
            return Ok(self.last);
        }
        let mut all = Vec::new();
        all.try_reserve_exact(bytes).map_err(|_| lacking(bytes))?;
        for piece in self.full {
            all.extend_from_slice(&piece);
        }
        all.extend_from_slice(&self.last);
        Ok(all)
    }
}

/// What is said where there is no memory for so many bytes.
pub(super) fn lacking(bytes: usize) -> String {
    format!(
        "there is no memory left for {} of text: split the file, or load fewer files",
        size(bytes as u64)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_joined() {
        let mut pile = Pile::default();
        let mut all = Vec::new();
        for n in 0..5_u8 {
            let bytes = vec![n; PIECE / 2 + 1];
            all.extend_from_slice(&bytes);
            pile.last.extend_from_slice(&bytes);
            pile.settle();
            assert_eq!(pile.len(), all.len());
        }
        assert_eq!(pile.full.len(), 2);
        assert!(pile.join().unwrap() == all);
        assert!(Pile::default().join().unwrap().is_empty());
    }
}
