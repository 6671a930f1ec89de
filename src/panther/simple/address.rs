//! IP addresses and networks as the platform's runtime (Python 3.11's `ipaddress`) reads and sorts them.

use super::super::Exception;
use super::compare::{raised, whole};
use serde_json::Value as Json;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address that a value is: a text, or a whole number as Python takes it.
pub(super) fn address(value: &Json) -> Option<IpAddr> {
    match value {
        Json::String(text) => parse(text),
        Json::Bool(bit) => number(i128::from(*bit)),
        Json::Number(n) => number(whole(n)?),
        _ => None,
    }
}

/// The same, or the exception that the runtime raises.
pub(super) fn address_or_raise(value: &Json) -> Result<IpAddr, Exception> {
    address(value).ok_or_else(|| {
        raised(
            "ValueError",
            &format!(
                "{} does not appear to be an IPv4 or IPv6 address",
                super::text::repr(value)
            ),
        )
    })
}

fn number(n: i128) -> Option<IpAddr> {
    if let Ok(small) = u32::try_from(n) {
        return Some(IpAddr::V4(Ipv4Addr::from(small)));
    }
    u128::try_from(n)
        .ok()
        .map(|n| IpAddr::V6(Ipv6Addr::from(n)))
}

/// A scope (`%eth0`) behind an IPv6 address is part of it, and of no interest here.
fn parse(text: &str) -> Option<IpAddr> {
    match text.split_once('%') {
        Some((address, scope)) if !scope.is_empty() && !scope.contains(['%', '/']) => {
            address.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
        }
        Some(_) => None,
        None => text.parse().ok(),
    }
}

/// A network: its first address as a number, how many bits of it count, and whether it is IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    four: bool,
    first: u128,
    bits: u32,
}

impl Network {
    /// Reads `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, or a plain address. Bits beyond the mask are cleared.
    pub fn read(text: &str) -> Option<Self> {
        let (address, mask) = match text.split_once('/') {
            Some((address, mask)) => (parse(address)?, Some(mask)),
            None => (parse(text)?, None),
        };
        let full = if address.is_ipv4() { 32 } else { 128 };
        let bits = match mask {
            None => full,
            Some(mask) => prefix(mask, full)?,
        };
        Some(Self::of(address, bits))
    }

    /// The network that a value of an event is.
    pub fn of_value(value: &Json) -> Option<Self> {
        match value {
            Json::String(text) => Self::read(text),
            other => address(other).map(|a| Self::of(a, if a.is_ipv4() { 32 } else { 128 })),
        }
    }

    fn of(address: IpAddr, bits: u32) -> Self {
        let (four, number) = match address {
            IpAddr::V4(a) => (true, u128::from(u32::from(a)) << 96),
            IpAddr::V6(a) => (false, u128::from(a)),
        };
        Self {
            four,
            first: number & mask(bits),
            bits,
        }
    }

    /// Whether the two have an address in common: what the runtime's `in_cidr` asks.
    pub fn overlaps(self, other: Self) -> bool {
        let mask = mask(self.bits.min(other.bits));
        self.four == other.four && self.first & mask == other.first & mask
    }
}

fn mask(bits: u32) -> u128 {
    match bits {
        0 => 0,
        bits => u128::MAX << (128 - bits.min(128)),
    }
}

/// The number of bits: a number, or for IPv4 a net mask or host mask.
fn prefix(text: &str, full: u32) -> Option<u32> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|bits| *bits <= full);
    }
    if full != 32 {
        return None;
    }
    let mask = u32::from(text.parse::<Ipv4Addr>().ok()?);
    if mask.leading_ones() + mask.trailing_zeros() >= 32 {
        return Some(mask.leading_ones());
    }
    (mask.leading_zeros() + mask.trailing_ones() >= 32).then(|| mask.leading_zeros())
}

/// Reserved for private use, loopback, documentation and the like.
const PRIVATE: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/29",
    "192.0.0.170/31",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "240.0.0.0/4",
    "::1/128",
    "::/128",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "fc00::/7",
    "fe80::/10",
];

/// Whether an address is private. An IPv4 address inside an IPv6 one counts as what it is.
pub(super) fn is_private(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let alone = Network::of(address, 128);
    let alone = Network {
        bits: if alone.four { 32 } else { 128 },
        ..alone
    };
    PRIVATE
        .iter()
        .filter_map(|text| Network::read(text))
        .any(|network| network.overlaps(alone))
}

/// Whether an address is public. The addresses shared by carriers (100.64.0.0/10) are neither public nor private.
pub(super) fn is_public(address: IpAddr) -> bool {
    let shared = match address {
        IpAddr::V4(a) => u32::from(a) >> 22 == u32::from(Ipv4Addr::new(100, 64, 0, 0)) >> 22,
        IpAddr::V6(_) => false,
    };
    !shared && !is_private(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What CPython 3.11.7's `ipaddress` says: is_global, is_private.
    #[test]
    fn public_and_private_are_pythons() {
        let cases = [
            ("8.8.8.8", true, false),
            ("10.0.0.1", false, true),
            ("172.31.255.255", false, true),
            ("172.32.0.1", true, false),
            ("100.64.0.1", false, false),
            ("100.128.0.1", true, false),
            ("224.0.0.1", true, false),
            ("255.255.255.255", false, true),
            ("192.0.0.8", true, false),
            ("192.0.0.170", false, true),
            ("::1", false, true),
            ("fe80::1%eth0", false, true),
            ("2001:db8::1", false, true),
            ("2001:20::1", false, true),
            ("2001:200::1", true, false),
            ("2606:4700::1", true, false),
            ("ff02::1", true, false),
            ("::ffff:10.0.0.1", false, true),
            ("::ffff:8.8.8.8", true, false),
            ("::ffff:100.64.0.1", true, false),
        ];
        for (text, public, private) in cases {
            let a = address(&json!(text)).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((is_public(a), is_private(a)), (public, private), "{text}");
        }
    }

    #[test]
    fn what_is_an_address() {
        for (value, is) in [
            (json!("10.0.0.1"), true),
            (json!("010.0.0.1"), false),
            (json!(" 8.8.8.8"), false),
            (json!("10.0.0.1/24"), false),
            (json!("signin.amazonaws.com"), false),
            (json!(""), false),
            (json!(3_232_235_777_u64), true),
            (json!(-1), false),
            (json!(1.5), false),
            (json!(null), false),
        ] {
            assert_eq!(address(&value).is_some(), is, "{value}");
        }
    }

    #[test]
    fn networks() {
        let within = |a: &str, b: &str| {
            Network::read(a).and_then(|a| Network::read(b).map(|b| a.overlaps(b)))
        };
        assert_eq!(within("10.1.2.3", "10.0.0.0/8"), Some(true));
        assert_eq!(within("11.1.2.3", "10.0.0.0/8"), Some(false));
        assert_eq!(within("10.1.2.3", "10.0.0.5/255.0.0.0"), Some(true));
        assert_eq!(within("::1", "0.0.0.0/0"), Some(false));
        assert_eq!(within("fe80::1%eth0", "fe80::/10"), Some(true));
        assert_eq!(Network::read("10.0.0.0/33"), None);
        assert_eq!(Network::read("10.0.0.0/255.0.255.0"), None);
        assert_eq!(Network::read("x"), None);
    }
}
