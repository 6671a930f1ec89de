//! A quick hasher for keys that come from the data of one run (not from a hostile server's requests).

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Multiplies eight bytes at a time and folds the upper half of the product into the lower: tables look at the
/// low bits, and names often differ in a few high bytes only.
#[derive(Clone, Copy, Default)]
pub struct Quick(u64);

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
/// Keeps zeros from staying zero.
const SALT: u64 = 0x2545_f491_4f6c_dd1d;

impl Quick {
    fn add(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word ^ SALT) * u128::from(MIX);
        self.0 = product as u64 ^ (product >> 64) as u64;
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
        self.0
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::Hash;

    #[test]
    fn names_that_differ_in_a_few_bytes_fall_into_different_buckets() {
        let bucket = |text: &str| {
            let mut hasher = Quick::default();
            text.hash(&mut hasher);
            hasher.finish() & 0xffff
        };
        for form in [
            "user.####@larkspur.example",
            "####",
            "\"user.####@larkspur.example\"",
            "198.51.100.####",
        ] {
            let names = (0..4000).map(|n| form.replace("####", &format!("{n:04}")));
            let buckets: HashSet<u64> = names.map(|n| bucket(&n)).collect();
            // By chance 4,000 names fall into about 3,880 of 65,536 buckets.
            assert!(buckets.len() > 3_700, "{form}: {}", buckets.len());
        }
    }
}
