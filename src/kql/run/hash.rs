//! A quick hasher for keys that come from the data of one run (not from a hostile server's requests).

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Multiply and rotate, eight bytes at a time.
#[derive(Clone, Copy, Default)]
pub struct Quick(u64);

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(MIX);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
        let mut last = 0;
        for byte in chunks.remainder() {
            last = last << 8 | u64::from(*byte);
        }
        self.add(last ^ (bytes.len() as u64) << 56);
    }

    fn write_u32(&mut self, n: u32) {
        self.add(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.add(n);
    }

    fn write_i64(&mut self, n: i64) {
        self.add(n as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 29
    }
}

/// A map with the quick hasher.
pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;
/// A set with the quick hasher.
pub type Set<K> = HashSet<K, BuildHasherDefault<Quick>>;

/// An empty map.
pub fn map<K, V>() -> Map<K, V> {
    Map::default()
}

/// An empty set.
pub fn set<K>() -> Set<K> {
    Set::default()
}
