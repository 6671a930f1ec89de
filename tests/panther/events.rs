//! The event API against what Panther's own classes give (`events/*.txt`).

use super::*;
use rulewright::python::{
    Body, Bounds, DataModel, Library, Mapping, Module, Returned, Sandbox, check_path,
};
use std::sync::Mutex;

/// What the expressions of the cases can use, and the function that shows what they give.
const BODY: &str = "
import collections, copy, datetime, json
from panther_core.enriched_event import PantherEvent
from panther_core.immutable import ImmutableCaseInsensitiveDict as D, ImmutableList as L

def rule(event):
    names = dict(globals(), event=event, od=collections.OrderedDict(a=1, B={'x': 1}))
    exec(SETUP, names)
    shown = []
    for case in CASES:
        try:
            shown.append(repr(eval(case, names)))
        except Exception as error:
            shown.append('! ' + repr(error))
    return shown
";

/// A data model as Panther's own class takes it; its body becomes a module of the library.
fn model(text: &str) -> (DataModel, Library) {
    let given: Json = serde_json::from_str(text).unwrap();
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let mappings = given["mappings"].as_array().unwrap().iter().map(|mapping| {
        let way = match &mapping["path"] {
            Json::String(path) => {
                assert_eq!(check_path(path), Ok(()), "{path}");
                Mapping::Path(path.clone())
            }
            _ => Mapping::Method(text(&mapping["method"])),
        };
        (text(&mapping["name"]), way)
    });
    let id = "Standard.Test".to_owned();
    let model = DataModel {
        id: id.clone(),
        mappings: mappings.collect(),
        module: Some(id.clone()),
    };
    let body = Module {
        name: id,
        file: "data_models/test.py".to_owned(),
        source: given["body"].as_str().unwrap_or("").to_owned(),
    };
    (model, Library::new(vec![body]))
}

fn answers(
    event: Json,
    model: Option<(DataModel, Library)>,
    setup: &str,
    cases: &[String],
) -> Vec<String> {
    let (model, library) = match model {
        Some((model, library)) => (Some(Arc::new(model)), library),
        None => (None, Library::default()),
    };
    let bounds = Bounds {
        time: Duration::from_secs(60),
        memory: 512 << 20,
    };
    let cancel = CancelToken::new();
    let mut sandbox = Sandbox::open(Arc::new(library), bounds, &cancel).unwrap();
    // A JSON string is a Python string too, but for surrogate pairs, which none of these have.
    let list = json!(json!(cases).to_string());
    let setup = json!(setup);
    let body = Body {
        name: "cases.py".to_owned(),
        module: "cases".to_owned(),
        source: format!("import json\nSETUP = {setup}\nCASES = json.loads({list})\n{BODY}"),
    };
    let id = sandbox.load(body, &cancel).unwrap();
    let slot = Arc::new(Mutex::new(None));
    let out = Arc::clone(&slot);
    sandbox
        .ask(id, &cancel, move |session| {
            session.next_step();
            let event = session.event(Arc::new(event.into()), model);
            *out.lock().unwrap() = Some(session.call("rule", &event));
        })
        .unwrap();
    let given = slot.lock().unwrap().take();
    let Some(Ok(Returned::List(given))) = given else {
        panic!("{given:?}");
    };
    let texts = given.into_iter().map(|item| match item {
        Returned::Text(text) => text,
        other => panic!("{other:?}"),
    });
    texts.collect()
}

/// What is wrong in a folder. Each file: a comment, the event and its data model or what is to be set up, then
/// `>>> expression` and the `repr` of its value, or `! ` and the exception.
fn wrong(folder: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, text) in files(folder) {
        let line = |start: &str| text.lines().find_map(|line| line.strip_prefix(start));
        let cases: Vec<(String, String)> = text
            .split("\n>>> ")
            .skip(1)
            .map(|case| {
                let (expression, expected) = case.trim_end().split_once('\n').unwrap();
                (expression.to_owned(), expected.to_owned())
            })
            .collect();
        assert!(!cases.is_empty(), "{name} has no cases");
        let expressions: Vec<String> = cases.iter().map(|(e, _)| e.clone()).collect();
        let event = serde_json::from_str(line("event = ").unwrap_or("{}")).unwrap();
        let setup = line("setup = ").unwrap_or("");
        let given = answers(event, line("model = ").map(model), setup, &expressions);
        for ((expression, expected), given) in cases.iter().zip(&given) {
            if expected != given {
                wrong.push(format!(
                    "{name}: {expression}\n  expected {expected}\n  given    {given}"
                ));
            }
        }
    }
    wrong
}

/// Values are what Panther's own classes give under CPython 3.11.
#[test]
fn the_event_api_gives_what_panther_gives() {
    let wrong = wrong("events");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Values are what the packages themselves give under CPython 3.11.
#[test]
fn packages_give_what_the_real_ones_give() {
    let wrong = wrong("packages");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
