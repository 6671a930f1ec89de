//! Events read member by member are the whole events.

use super::*;
use serde_json::json;
use std::sync::Arc;

/// The keys as a person would write them down, each with the value that it has to give.
fn look(event: &Json, key: &str) -> Option<Json> {
    let whole = EventJson::from(event.clone()).member(key).cloned();
    let read = EventJson::of_checked(event.to_string()).expect("an object");
    assert_eq!(read.member(key).cloned(), whole, "{event} {key}");
    whole
}

#[test]
fn the_exact_key_wins_then_the_first_in_lower_case() {
    let event = json!({"type": 1, "Type": 2, "TYPE": 3, "größe": 4, "\u{212A}ey": 5});
    assert_eq!(look(&event, "TYPE"), Some(json!(3)));
    assert_eq!(look(&event, "tYPE"), Some(json!(1)));
    assert_eq!(look(&event, "GRÖSSE"), None);
    assert_eq!(look(&event, "GRÖßE"), Some(json!(4)));
    assert_eq!(look(&event, "KEY"), Some(json!(5)));
}

#[test]
fn members_read_one_by_one_are_those_of_the_whole() {
    let texts = [
        r#"{}"#,
        " { } \n",
        r#"{"a":1}"#,
        r#" { "a" : [ 1 , {"b": "]}\"\\"} ] , "c":"x\\", "d":-1.5e3 ,"e":null,"f":{"g":{}}} "#,
        r#"{"ключ":"значение","":"","n":12345678901234567890,"r":0.1}"#,
        "{\"a\"\t:\r\n\"b\"\n}",
    ];
    for text in texts {
        let wanted: Json = serde_json::from_str(text).unwrap();
        let event = EventJson::of_checked(text.to_owned()).expect(text);
        for (name, value) in wanted.as_object().unwrap() {
            assert_eq!(event.exact(name), Some(value), "{text}");
        }
        assert_eq!(event.exact("no such"), None);
        assert_eq!(event.json(), &wanted, "{text}");
        let names: Vec<_> = event.json().as_object().unwrap().keys().collect();
        assert!(
            names
                .iter()
                .eq(&wanted.as_object().unwrap().keys().collect::<Vec<_>>())
        );
    }
}

#[test]
fn what_cannot_be_read_member_by_member_is_given_back() {
    for text in [
        r#"{"a":1,"a":2}"#,
        r#"{"\u0061":1}"#,
        "[1]",
        "\"x\"",
        "",
        "{",
        r#"{"a":1"#,
        r#"{"a":1} {"#,
        r#"{"a" 1}"#,
        r#"{"a":}"#,
    ] {
        let given = EventJson::of_checked(text.to_owned()).err();
        assert_eq!(given.as_deref(), Some(text));
    }
}

#[test]
fn members_are_made_when_they_are_looked_at() {
    let text = r#"{"actor":{"email":"a@x","other":["b"]},"also":"a@x","p_time":1}"#;
    let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let some = Arc::new(vec![
        path("actor.email"),
        path("also"),
        path("actor.other"),
        path("z"),
    ]);
    let none = Arc::new(vec![path("actor"), path("z.y")]);
    let mut read = EventJson::of_checked(text.to_owned()).unwrap();
    let mut whole = EventJson::from(serde_json::from_str::<Json>(text).unwrap());
    for event in [&mut read, &mut whole] {
        event.add_later("p_any", Later::Texts(Arc::clone(&some)));
        event.add_later("p_none", Later::Texts(Arc::clone(&none)));
        event.add_later("p_time", Later::Of(7, |n| json!(n)));
        event.add_later("p_seven", Later::Of(7, |n| json!(n)));
        assert_eq!(event.member("P_ANY"), Some(&json!(["a@x"])));
        assert_eq!(event.exact("p_none"), None);
        let mut wanted: Json = serde_json::from_str(text).unwrap();
        wanted["p_any"] = json!(["a@x"]);
        wanted["p_seven"] = json!(7);
        assert_eq!(event.json(), &wanted);
    }
}

#[test]
fn members_are_added_where_there_are_none() {
    let text = r#"{"type":"x.y","x.y":{"id":1},"z":2}"#;
    let mut read = EventJson::of_checked(text.to_owned()).unwrap();
    let mut whole = EventJson::from(serde_json::from_str::<Json>(text).unwrap());
    for event in [&mut read, &mut whole] {
        event.add_same("x_y", "x.y");
        event.add_same("none", "no such");
        event.add_same("z", "x.y");
        event.add("z", || json!(3));
        event.add("p", || json!("P"));
        assert_eq!(event.member("X_Y"), Some(&json!({"id": 1})));
        let wanted = json!({"type": "x.y", "x.y": {"id": 1}, "z": 2, "x_y": {"id": 1}, "p": "P"});
        assert_eq!(event.json(), &wanted);
    }
}

#[test]
fn what_many_events_have_is_behind_what_an_event_has() {
    let text = r#"{"actor":{"email":"a@x"},"kind":"t\\n","name":"é","p_own":1,"P_Log":2}"#;
    let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let texts = |given: &str| Shared::Texts(Arc::new(vec![path(given)]));
    let common: Arc<Common> = Arc::new(vec![
        ("p_log".into(), Shared::Is(json!("L"))),
        ("p_time".into(), Shared::OfNumber(|n| json!(n))),
        ("p_own".into(), Shared::Is(json!(3))),
        ("p_any".into(), texts("actor.email")),
        ("p_none".into(), texts("actor.phone")),
        ("p_name".into(), texts("name")),
    ]);
    for number in [Some(7), None] {
        let mut read = EventJson::of_checked(text.to_owned()).unwrap();
        let mut whole = EventJson::from(serde_json::from_str::<Json>(text).unwrap());
        for event in [&mut read, &mut whole] {
            event.add_common(&common, number);
            assert_eq!(event.exact("p_log"), Some(&json!("L")));
            assert_eq!(event.member("P_LOG"), Some(&json!(2)));
            assert_eq!(event.member("P_ANY"), Some(&json!(["a@x"])));
            assert_eq!(event.member("p_own"), Some(&json!(1)));
            assert_eq!(event.member("P_Time"), number.map(|n| json!(n)).as_ref());
            assert_eq!(event.exact("p_none"), None);
            let mut wanted: Json = serde_json::from_str(text).unwrap();
            wanted["p_log"] = json!("L");
            if let Some(number) = number {
                wanted["p_time"] = json!(number);
            }
            wanted["p_any"] = json!(["a@x"]);
            wanted["p_name"] = json!(["é"]);
            assert_eq!(event.json(), &wanted);
            let names: Vec<&String> = event.json().as_object().unwrap().keys().collect();
            assert!(names.iter().copied().eq(wanted.as_object().unwrap().keys()));
        }
    }
    let read = EventJson::of_checked(text.to_owned()).unwrap();
    assert_eq!(read.plain("name"), Some("é"));
    // It has an escape, it is no text, it is not there or not under that name.
    for name in ["kind", "p_own", "actor", "none", "Name"] {
        assert_eq!(read.plain(name), None);
    }
}

/// Numbers that are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % most
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn blanks(&mut self) -> String {
        match self.below(3) {
            0 => self
                .pick(&[" ", "\t", "\r\n", "     "])
                .repeat(1 + self.below(3)),
            _ => String::new(),
        }
    }

    fn string(&mut self, escapes: bool) -> String {
        let mut text = String::from('"');
        for _ in 0..self.below(40) {
            text += self.pick(&[
                "a",
                ",",
                "{",
                "}",
                "[",
                "]",
                ":",
                " ",
                "é",
                "文",
                "\u{1F600}",
            ]);
            if escapes && self.below(8) == 0 {
                text += self.pick(&[r"\\", r#"\""#, r"\n", r"\u00e9", r"\\\\"]);
            }
        }
        text + "\""
    }

    fn value(&mut self, depth: usize, escapes: bool) -> String {
        let some = if depth == 0 { 2 } else { 4 };
        match self.below(some) {
            0 => self.string(escapes),
            1 => self
                .pick(&["1", "-2.5e3", "null", "true", "12345678901234567890"])
                .to_owned(),
            2 => {
                let items: Vec<String> = (0..self.below(4))
                    .map(|_| self.blanks() + &self.value(depth - 1, escapes) + &self.blanks())
                    .collect();
                format!("[{}]", items.join(","))
            }
            _ => self.object(depth - 1, escapes),
        }
    }

    fn object(&mut self, depth: usize, escapes: bool) -> String {
        let members: Vec<String> = (0..self.below(9))
            .map(|n| {
                let (before, behind) = (self.blanks(), self.blanks());
                let name = self.pick(&["a", "no, {one}:", "ключ", "]", ""]).to_owned();
                let (value, last) = (self.value(depth, escapes), self.blanks());
                format!("{before}\"{name}{n}\"{behind}:{value}{last}")
            })
            .collect();
        let blanks = match members.is_empty() {
            true => self.blanks(),
            false => String::new(),
        };
        format!("{{{}{blanks}}}", members.join(","))
    }
}

/// Signs stand at all places of the blocks that are looked at together; with escapes the text is read byte by byte.
#[test]
fn any_object_is_read_as_a_library_reads_it() {
    let mut chance = Chance(7);
    let mut long = 0;
    for round in 0..20_000 {
        let escapes = round % 4 == 0;
        let text = chance.blanks() + &chance.object(3, escapes) + &chance.blanks();
        let wanted: Json = serde_json::from_str(&text).expect(&text);
        let event = EventJson::of_checked(text.clone()).expect(&text);
        let members = wanted.as_object().expect("an object");
        for (name, value) in members {
            assert_eq!(event.exact(name), Some(value), "{text}");
        }
        assert_eq!(event.json(), &wanted, "{text}");
        long += usize::from(text.len() > 128 && !text.contains('\\'));
        // What is cut off is no object any more.
        let cut = chance.below(text.trim_end().len());
        if let Some(cut) = text.get(..cut) {
            assert!(EventJson::of_checked(cut.to_owned()).is_err(), "{cut}");
        }
    }
    assert!(long > 2_000, "{long} texts of several blocks");
}
