//! XML as dynamic values.

use super::Param::TextOrDynamic;
use super::entry::{dynamic, entry, made, text};
use super::{Context, Function, Naming};
use crate::value::Value;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value as Json};

/// Longest text that is read.
const MOST: usize = 1 << 20;
/// Deepest nesting that is read.
const DEEPEST: usize = 100;

pub const FUNCTIONS: &[Function] = &[Function {
    naming: Naming::First,
    ..entry(
        &["parse_xml"],
        "parse_xml(xml:string)",
        "An XML text as a bag: attributes under `@name`, text beside them under `#text`, repeated elements as an array. Null where it is no XML or longer than 1 MB.",
        &[TextOrDynamic],
        (0, 0),
        dynamic,
        parse_xml,
    )
}];

/// An element while it is read.
struct Open {
    name: String,
    bag: Map<String, Json>,
    /// Pieces of text between its elements.
    texts: Vec<String>,
}

impl Open {
    fn of(start: &BytesStart, reader: &Reader<&[u8]>) -> Option<Self> {
        let mut bag = Map::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let key = std::str::from_utf8(attribute.key.as_ref()).ok()?.to_owned();
            let value = attribute
                .decoded_and_normalized_value(quick_xml::XmlVersion::Implicit1_0, reader.decoder())
                .ok()?;
            bag.insert(format!("@{key}"), Json::from(value.as_ref()));
        }
        Some(Self {
            name: std::str::from_utf8(start.name().as_ref()).ok()?.to_owned(),
            bag,
            texts: vec![String::new()],
        })
    }

    /// What it is as a value.
    fn close(mut self, context: &Context) -> (String, Json) {
        let mut texts = self
            .texts
            .iter()
            .map(|t| t.trim())
            .filter(|t| !t.is_empty());
        let text = texts.next().map(str::to_owned);
        if texts.next().is_some() {
            context
                .refuse("`parse_xml` does not support text in several pieces between elements yet");
        }
        let json = match (self.bag.is_empty(), text) {
            (true, None) => Json::Null,
            (true, Some(text)) => Json::from(text),
            (false, text) => {
                if let Some(text) = text {
                    self.bag.insert("#text".to_owned(), Json::from(text));
                }
                Json::Object(self.bag)
            }
        };
        (self.name, json)
    }

    fn add(&mut self, name: String, value: Json) {
        self.texts.push(String::new());
        match self.bag.get_mut(&name) {
            None => {
                self.bag.insert(name, value);
            }
            Some(Json::Array(all)) => all.push(value),
            Some(one) => *one = Json::Array(vec![one.take(), value]),
        }
    }

    fn text(&mut self, piece: &str) {
        if let Some(last) = self.texts.last_mut() {
            last.push_str(piece);
        }
    }
}

fn parse_xml(context: &Context, args: &[Value]) -> Value {
    if let Some(value @ Value::Dynamic(json)) = args.first()
        && !json.is_string()
    {
        return value.clone();
    }
    let text = text(args, 0);
    if text.len() > MOST {
        return Value::Null;
    }
    read(context, &text).map_or(Value::Null, made)
}

/// The bag of the one root element; none where the text is not well formed.
fn read(context: &Context, text: &str) -> Option<Json> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim());
    let mut open: Vec<Open> = Vec::new();
    let mut root: Option<Map<String, Json>> = None;
    loop {
        let closed = match reader.read_event().ok()? {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    context.refuse("`parse_xml` does not support elements nested deeper than 100");
                    return None;
                }
                if open.is_empty() && root.is_some() {
                    return None;
                }
                open.push(Open::of(&start, &reader)?);
                None
            }
            Event::Empty(start) => {
                if open.is_empty() && root.is_some() {
                    return None;
                }
                Some(Open::of(&start, &reader)?)
            }
            Event::End(_) => Some(open.pop()?),
            Event::Text(piece) => {
                let piece = piece.decode().ok()?;
                match open.last_mut() {
                    Some(element) => element.text(&piece),
                    None if piece.trim().is_empty() => {}
                    None => return None,
                }
                None
            }
            Event::GeneralRef(reference) => {
                let name = reference.decode().ok()?;
                let piece = match reference.resolve_char_ref().ok()? {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&name)?.to_owned(),
                };
                open.last_mut()?.text(&piece);
                None
            }
            Event::Eof => break,
            _ => None,
        };
        if let Some(element) = closed {
            let (name, value) = element.close(context);
            match open.last_mut() {
                Some(parent) => parent.add(name, value),
                None => root = Some(Map::from_iter([(name, value)])),
            }
        }
    }
    if open.is_empty() {
        root.map(Json::Object)
    } else {
        None
    }
}
