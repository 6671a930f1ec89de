//! Several bodies in one interpreter, and the modules they import.

use super::*;

fn module(name: &str, source: &str) -> Module {
    Module {
        name: name.to_owned(),
        file: format!("global_helpers/{name}.py"),
        source: source.to_owned(),
    }
}

fn open(modules: Vec<Module>) -> Sandbox {
    let library = Arc::new(Library::new(modules));
    Sandbox::open(library, bounds(), &CancelToken::new()).unwrap()
}

fn load_as(sandbox: &mut Sandbox, name: &str, source: &str) -> Result<BodyId, LoadFailure> {
    sandbox.load(body(name, source), &CancelToken::new())
}

fn answer(sandbox: &mut Sandbox, id: BodyId) -> Returned {
    call_of(sandbox, id, "rule", json!({})).unwrap().unwrap()
}

fn text(text: &str) -> Returned {
    Returned::Text(text.to_owned())
}

#[test]
fn bodies_are_modules_of_their_own() {
    let mut sandbox = open(Vec::new());
    let source = "NAME = __name__\nCOUNT = 0\ndef rule(event):\n    global COUNT\n    COUNT += 1\n    return NAME + str(COUNT)\n";
    let one = load_as(&mut sandbox, "One.Rule", source).unwrap();
    let two = load_as(&mut sandbox, "Two.Rule", source).unwrap();
    assert_eq!(answer(&mut sandbox, one), text("One.Rule1"));
    assert_eq!(answer(&mut sandbox, one), text("One.Rule2"));
    assert_eq!(answer(&mut sandbox, two), text("Two.Rule1"));
    // The same name: the edited body takes the place of the one before.
    let edited = load_as(
        &mut sandbox,
        "One.Rule",
        "def rule(event):\n    return 'new'\n",
    )
    .unwrap();
    assert_eq!(edited, one);
    assert_eq!(answer(&mut sandbox, one), text("new"));
    assert_eq!(answer(&mut sandbox, two), text("Two.Rule2"));
}

#[test]
fn a_body_that_fails_leaves_the_others() {
    let mut sandbox = open(Vec::new());
    let good = load_as(
        &mut sandbox,
        "Good",
        "def rule(event):\n    return 'good'\n",
    )
    .unwrap();
    let failures = [
        load_as(&mut sandbox, "Bad", "def rule(event)\n").unwrap_err(),
        load_as(&mut sandbox, "Bad", "1 / 0\n").unwrap_err(),
        load_as(&mut sandbox, "Bad", "while True:\n    pass\n").unwrap_err(),
    ];
    assert!(matches!(failures[0], LoadFailure::Syntax(_)));
    assert!(matches!(&failures[1], LoadFailure::Raised(r) if r.class == "ZeroDivisionError"));
    assert!(matches!(&failures[2], LoadFailure::Stopped(Stop::Hit(hit)) if hit.line.is_some()));
    assert_eq!(answer(&mut sandbox, good), text("good"));
}

#[test]
fn after_a_stop_all_bodies_answer_again() {
    let mut sandbox = open(vec![module("helper", "WORD = 'helped'\n")]);
    let source = "import helper\ndef rule(event):\n    return helper.WORD\n";
    let one = load_as(&mut sandbox, "One", source).unwrap();
    let two = load_as(
        &mut sandbox,
        "Two",
        "def rule(event):\n    while True:\n        try:\n            while True:\n                pass\n        except:\n            pass\n",
    )
    .unwrap();
    sandbox.bounds.time = Duration::from_millis(200);
    let stopped = call_of(&mut sandbox, two, "rule", json!({}));
    assert!(matches!(stopped, Err(Stop::Hit(_))), "{stopped:?}");
    assert_eq!(answer(&mut sandbox, one), text("helped"));
}

#[test]
fn helpers_are_imported_once_and_by_name() {
    let mut sandbox = open(vec![
        module(
            "helper",
            "import base\nSEEN = []\nPLACE = __file__, __name__\n",
        ),
        module("base", "WORD = 'base'\n"),
        // The library's own module of that name wins, as on the platform.
        module("json", "WORD = 'not this one'\n"),
        module("unused", "1 / 0\n"),
    ]);
    let source = "import json\nfrom helper import SEEN, base, PLACE\ndef rule(event):\n    SEEN.append(1)\n    return json.dumps([len(SEEN), base.WORD, PLACE[1]])\n";
    let one = load_as(&mut sandbox, "One", source).unwrap();
    let two = load_as(&mut sandbox, "Two", source).unwrap();
    assert_eq!(answer(&mut sandbox, one), text(r#"[1, "base", "helper"]"#));
    assert_eq!(answer(&mut sandbox, two), text(r#"[2, "base", "helper"]"#));
}

fn raised(failure: LoadFailure) -> Raised {
    match failure {
        LoadFailure::Raised(raised) => raised,
        other => panic!("{other:?}"),
    }
}

fn place(line: usize) -> Option<Place> {
    let file = "global_helpers/helper.py".to_owned();
    Some(Place { file, line })
}

#[test]
fn a_helper_that_fails_is_named_with_its_line() {
    let import = "import re\nimport helper\ndef rule(event):\n    return True\n";
    for (source, class, line) in [
        ("X = 1\nY = X / 0\n", "ZeroDivisionError", 2),
        ("X = 1\n\ndef broken(:\n", "SyntaxError", 3),
        ("import os\nimport nowhere\n", "ModuleNotFoundError", 2),
        ("import re\nre.compile('(')\n", "PatternError", 2),
    ] {
        let mut sandbox = open(vec![module("helper", source)]);
        // The second time it fails in the same way: nothing of a failed import stays.
        for _ in 0..2 {
            let raised = raised(load_as(&mut sandbox, "One", import).unwrap_err());
            assert_eq!(raised.class, class);
            assert_eq!((raised.line, raised.helper), (Some(2), place(line)));
        }
    }
    let mut sandbox = open(Vec::new());
    let missing = raised(load_as(&mut sandbox, "One", import).unwrap_err());
    assert_eq!(missing.module.as_deref(), Some("helper"));
    assert_eq!((missing.line, missing.helper), (Some(2), None));
}

#[test]
fn an_exception_names_the_deepest_place() {
    let helper = "def fail(x):\n    return 1 / x\n\ndef back(f):\n    return f()\n\ndef spin():\n    while True:\n        pass\n";
    let mut sandbox = open(vec![module("helper", helper)]);
    let source = "import helper\ndef rule(event):\n    return helper.fail(0)\ndef back(event):\n    def inner():\n        raise KeyError('x')\n    return helper.back(inner)\ndef spin(event):\n    return helper.spin()\n";
    let id = load_as(&mut sandbox, "One", source).unwrap();
    let direct = call_of(&mut sandbox, id, "rule", json!({}))
        .unwrap()
        .unwrap_err();
    assert_eq!((direct.line, direct.helper), (Some(3), place(2)));
    let back = call_of(&mut sandbox, id, "back", json!({}))
        .unwrap()
        .unwrap_err();
    assert_eq!((back.line, back.helper), (Some(6), None));
    sandbox.bounds.time = Duration::from_millis(200);
    match call_of(&mut sandbox, id, "spin", json!({})) {
        Err(Stop::Hit(hit)) => {
            assert_eq!(hit.line, Some(9));
            assert!([place(8), place(9)].contains(&hit.helper), "{hit:?}");
        }
        other => panic!("{other:?}"),
    }
}

/// A body's `__del__` runs when its interpreter ends, with nobody left who asks: it is unwound all the same.
#[cfg(target_os = "linux")]
#[test]
fn an_interpreter_ends_although_its_body_would_not() {
    let mut sandbox = open(Vec::new());
    let source = "class Stays:\n    def __del__(self):\n        while True:\n            pass\nKEPT = Stays()\ndef rule(event):\n    return 'kept'\n";
    let id = load_as(&mut sandbox, "Stays", source).unwrap();
    assert_eq!(answer(&mut sandbox, id), text("kept"));
    drop(sandbox);
    // Interpreters of other tests are on a processor for a moment only.
    let ended = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        spinning() == 0
    });
    assert!(ended, "a thread keeps running");
}

/// How many interpreter threads of this process are on a processor.
#[cfg(target_os = "linux")]
fn spinning() -> usize {
    let threads = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let running = threads.filter(|thread| {
        let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        stat.contains("(rule body)") && stat.contains(") R ")
    });
    running.count()
}

/// What helpers keep between events is forgotten when told so, and goes by the time of the events.
#[test]
fn what_helpers_remember() {
    let mut sandbox = open(Vec::new());
    let source = "from panther_detection_helpers.caching import *\ndef rule(event):\n    add_to_string_set('k', event['word'], epoch_seconds=3600)\n    return ' '.join(sorted(get_string_set('k'))) + str(increment_counter('k'))\n";
    let id = load_as(&mut sandbox, "Remembers", source).unwrap();
    let ask = |sandbox: &mut Sandbox, word: &str, time: &str| {
        let event = json!({"word": word, "p_event_time": time});
        call_of(sandbox, id, "rule", event).unwrap().unwrap()
    };
    assert_eq!(ask(&mut sandbox, "a", "2024-01-02 03:00:00"), text("a1"));
    assert_eq!(ask(&mut sandbox, "b", "2024-01-02 03:59:00"), text("a b2"));
    // An hour after the last one the set is gone; a counter stays for ninety days.
    assert_eq!(ask(&mut sandbox, "c", "2024-01-02 05:00:00"), text("c3"));
    sandbox.forget();
    assert_eq!(ask(&mut sandbox, "d", "2024-01-02 05:00:00"), text("d1"));
}
