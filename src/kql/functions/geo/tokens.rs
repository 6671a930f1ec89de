//! The order in which the platform lists the neighbours of a cell: that of a hash set of their tokens.
//! Every frozen list (geohash, H3 and S2) has the order of a chained hash table that is made for as many
//! tokens, hashed by MurmurHash64A, where a new chain stands before all others and a token that finds its
//! chain stands right at the chain's beginning.

use serde_json::Value as Json;

/// The chains of a table for six tokens (H3).
pub const FOR_SIX: u64 = 7;
/// The chains of a table for eight tokens (geohash and S2).
pub const FOR_EIGHT: u64 = 11;

/// The distinct tokens in the order of the set, as an array.
pub fn listed(tokens: &[String], chains: u64) -> Json {
    let mut order: Vec<(u64, &str)> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if order.iter().any(|(_, t)| t == token) {
            continue;
        }
        let chain = murmur(token.as_bytes()).checked_rem(chains).unwrap_or(0);
        let at = order.iter().position(|(c, _)| *c == chain).unwrap_or(0);
        order.insert(at, (chain, token));
    }
    Json::Array(order.into_iter().map(|(_, t)| Json::from(t)).collect())
}

/// The numbers of chains that tables come in.
const SIZES: [u64; 25] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
];

/// The same of a table made for as many tokens; more than a few stay as they are.
pub fn listed_in(tokens: &[String]) -> Json {
    let wanted = u64::try_from(tokens.len()).unwrap_or(u64::MAX);
    match SIZES.iter().find(|size| **size >= wanted) {
        Some(size) => listed(tokens, *size),
        None => Json::Array(tokens.iter().map(|t| Json::from(t.as_str())).collect()),
    }
}

/// MurmurHash64A, by Austin Appleby, who placed it in the public domain.
fn murmur(bytes: &[u8]) -> u64 {
    const SEED: u64 = 0xc70f_6907;
    const MUL: u64 = 0xc6a4_a793_5bd1_e995;
    let mix = |k: u64| {
        let k = k.wrapping_mul(MUL);
        (k ^ (k >> 47)).wrapping_mul(MUL)
    };
    let length = u64::try_from(bytes.len()).unwrap_or(0);
    let mut hash = SEED ^ length.wrapping_mul(MUL);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash = (hash ^ mix(u64::from_le_bytes(*word))).wrapping_mul(MUL);
    }
    if !rest.is_empty() {
        let tail = rest.iter().rev().fold(0, |k, b| k << 8 | u64::from(*b));
        hash = (hash ^ tail).wrapping_mul(MUL);
    }
    hash = (hash ^ (hash >> 47)).wrapping_mul(MUL);
    hash ^ (hash >> 47)
}
