//! The people and machines of the ordinary background. None of them has a part in a scenario.

use fastrand::Rng;
use serde_json::{Value as Json, json};

/// Someone who uses the platform.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// E-mail address.
    pub email: String,
    /// User id.
    pub id: String,
    session: Json,
}

const FIRST: [&str; 15] = [
    "alma", "bruno", "chiara", "dario", "esra", "felix", "greta", "hamza", "ines", "joris", "kaya",
    "leon", "mila", "noor", "oscar",
];
const LAST: [&str; 12] = [
    "abel", "brandt", "costa", "dekker", "eriksen", "fontaine", "grasso", "haas", "ivanov",
    "jansen", "kovac", "lopes",
];

/// An identifier of letters and digits, as the platform makes them.
pub(super) fn id(rng: &mut Rng, prefix: &str, length: usize) -> String {
    let mut text = String::with_capacity(prefix.len() + length);
    text.push_str(prefix);
    text.extend(std::iter::repeat_with(|| rng.alphanumeric()).take(length));
    text
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(rng: &mut Rng, prefix: &str, length: usize) -> String {
    let mut text = String::with_capacity(prefix.len() + length);
    text.push_str(prefix);
    text.extend(std::iter::repeat_with(|| rng.digit(16)).take(length));
    text
}

/// One of a list that is not empty.
pub(super) fn pick<'a, T>(rng: &mut Rng, list: &'a [T]) -> Option<&'a T> {
    if list.is_empty() {
        return None;
    }
    list.get(rng.usize(..list.len()))
}

/// A number of people, each with the address, browser and place they work from.
pub(super) fn people(rng: &mut Rng, count: usize) -> Vec<Person> {
    (0..count)
        .map(|n| {
            let first = FIRST.get(n % FIRST.len()).copied().unwrap_or("ada");
            // Moves one family name on with every round of first names, so that no name repeats early.
            let last = LAST
                .get((n + n / FIRST.len()) % LAST.len())
                .copied()
                .unwrap_or("ames");
            let round = n / (FIRST.len() * LAST.len());
            let email = if round == 0 {
                format!("{first}.{last}@larkspur.example")
            } else {
                format!("{first}.{last}{round}@larkspur.example")
            };
            person(rng, n, email)
        })
        .collect()
}

fn person(rng: &mut Rng, n: usize, email: String) -> Person {
    const AGENTS: [(&str, &str, &str); 3] = [
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36",
            "353a03072e841d5004dfaa78561ccc70",
            "t13d1516h2_8daaf6152771_02713d6af862",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36",
            "8f52d1ce303fb4a6515836aec3cc16b1",
            "t13d1517h2_8daaf6152771_b0da82dd1658",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0",
            "b5001237acdf006056b409cc433726b0",
            "t13d1715h2_5b57614c22b0_3d5424432f57",
        ),
    ];
    let (agent, ja3, ja4) = pick(rng, &AGENTS).copied().unwrap_or(("curl", "", ""));
    let id = id(rng, "user-", 24);
    // Two thirds sit in the office, the others at home.
    let office = n % 3 != 2;
    let (address, asn, city) = if office {
        (format!("198.51.100.{}", 40 + n % 40), "64496", "Utrecht")
    } else {
        (format!("192.0.2.{}", 100 + n % 100), "64497", "Amersfoort")
    };
    let session = json!({
        "user": { "id": id, "email": email },
        "ip_address": address,
        "user_agent": agent,
        "ja3": ja3,
        "ja4": ja4,
        "ip_address_details": {
            "country": "NL",
            "city": city,
            "region": "Utrecht",
            "region_code": "UT",
            "asn": asn,
            "latitude": "52.09083",
            "longitude": "5.12222",
        },
    });
    Person { email, id, session }
}

impl Person {
    /// The actor of what they do in the browser.
    pub fn session_actor(&self) -> Json {
        json!({ "type": "session", "session": self.session })
    }

    /// The actor of what a key of theirs does.
    pub fn key_actor(&self, key: &str) -> Json {
        json!({
            "type": "api_key",
            "api_key": {
                "id": key,
                "type": "user",
                "user": { "id": self.id, "email": self.email },
            },
        })
    }
}

/// The actor of what a service account's key does.
pub(super) fn service_actor(key: &str, account: &str) -> Json {
    json!({
        "type": "api_key",
        "api_key": {
            "id": key,
            "type": "service_account",
            "service_account": { "id": account },
        },
    })
}
