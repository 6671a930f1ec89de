//! Every limit ends in a diagnostic that says which one and where, and the engine answers the next question.

use super::*;

/// Runs a body over its limit: what is said, and that the engine answers the next question.
fn over(body: &str) -> Diagnostic {
    over_with(body, small())
}

/// The same where memory is to run out before the time.
fn over_memory(body: &str) -> Diagnostic {
    let time = Duration::from_secs(20);
    over_with(body, Limits { time, ..small() })
}

fn over_with(body: &str, limits: Limits) -> Diagnostic {
    let mut engine = engine(body, limits);
    let cancel = CancelToken::new();
    let good = [Arc::new(json!({"ok": true}).into())];
    let bad = [
        Arc::new(json!({"ok": true}).into()),
        Arc::new(json!({}).into()),
    ];
    let started = Instant::now();
    let said = engine
        .evaluate(&bad, Mode::Test, &[], &cancel)
        .expect_err("a limit is reached");
    assert!(
        started.elapsed() < limits.time + Duration::from_secs(2),
        "stopped after {:?}",
        started.elapsed()
    );
    let after = engine.evaluate(&good, Mode::Test, &[], &cancel).unwrap();
    assert!(after[0].is_match(), "the engine answers again");
    said
}

const GUARD: &str = "def rule(event):\n    if event.get('ok'):\n        return True\n";

#[test]
fn an_endless_loop() {
    let body = format!("{GUARD}    while True:\n        pass\n");
    let said = over(&body);
    assert_eq!(said.code, "python-time-limit");
    assert!(
        said.message.contains("300 ms for event 2 of 2"),
        "{}",
        said.message
    );
    let span = said.span.expect("the line is known");
    assert!(["while True:", "pass"].contains(&&body[span.start..span.end]));
}

#[test]
fn an_endless_loop_that_catches_everything() {
    let said = over(&format!(
        "{GUARD}    while True:\n        try:\n            while True:\n                pass\n        except:\n            pass\n"
    ));
    assert_eq!(said.code, "python-time-limit");
    assert!(said.span.is_some());
}

#[test]
fn a_caught_limit_still_counts() {
    let said = over(&format!(
        "{GUARD}    try:\n        while True:\n            pass\n    except BaseException:\n        return False\n"
    ));
    assert_eq!(said.code, "python-time-limit");
}

#[test]
fn a_regular_expression_that_backtracks_without_end() {
    let said = over(&format!(
        "import re\n{GUARD}    return bool(re.match('(a+)+$', 'a' * 60 + 'b'))\n"
    ));
    assert_eq!(said.code, "python-time-limit");
    assert!(said.hint.unwrap_or_default().contains("regular expression"));
}

#[test]
fn memory_that_grows_in_a_loop() {
    let body = format!(
        "{GUARD}    held = []\n    while True:\n        held.append('x' * 1000 + str(len(held)))\n"
    );
    let said = over_memory(&body);
    assert_eq!(said.code, "python-memory-limit");
    assert!(said.message.contains("64 MB"), "{}", said.message);
    assert!(said.span.is_some());
}

#[test]
fn one_huge_allocation() {
    let body = format!("{GUARD}    return len('x' * (3 << 30)) > 5\n");
    let said = over_memory(&body);
    assert_eq!(said.code, "python-memory-limit");
    let span = said.span.expect("the line is known");
    assert!(body[span.start..span.end].contains("3 << 30"));
}

#[test]
fn deep_recursion_is_an_exception_of_the_body() {
    let body = "def down(n):\n    return down(n + 1)\ndef rule(event):\n    return down(0)\n";
    let outcome = ask(body, &json!({}), Mode::Test);
    let exception = outcome.matched.unwrap().unwrap_err();
    assert!(
        exception.text.starts_with("RecursionError("),
        "{}",
        exception.text
    );
    assert_eq!(exception.line, Some(2));
}

#[test]
fn deep_data_does_not_end_the_process() {
    let body = "def rule(event):\n    deep = []\n    for i in range(100000):\n        deep = [deep]\n    return len(repr(deep)) > 5\n";
    let limits = Limits {
        time: Duration::from_secs(30),
        ..Limits::default()
    };
    let outcomes = engine(body, limits)
        .evaluate(
            &[Arc::new(json!({}).into())],
            Mode::Test,
            &[],
            &CancelToken::new(),
        )
        .unwrap();
    // The stack is large enough, or Python says that it is not.
    match outcomes[0].matched.clone().unwrap() {
        Ok(matched) => assert!(matched),
        Err(exception) => assert!(exception.text.starts_with("RecursionError(")),
    }
}

/// Source that nests deeper than a parser's stack.
#[test]
fn deep_source_does_not_end_the_process() {
    let deep = [
        "'(' * N + '1' + ')' * N",
        "'[' * N + '1' + ']' * N",
        "'-' * N + '1'",
        "'not ' * N + '1'",
        "'1' + '+1' * N",
        "'1' + '**1' * N",
        "'x' + '.x' * N",
        "'x' + '()' * N",
        "'lambda: ' * N + '1'",
        "'1' + ' if 1 else 1' * N",
        "'f\"{' * N",
    ];
    for source in deep {
        let body = format!(
            "N = 50000\ndef rule(event):\n    try:\n        eval({source})\n    except Exception as error:\n        global said\n        said = repr(error)[:60]\n    return True\ndef title(event):\n    return said\n"
        );
        let limits = Limits {
            time: Duration::from_secs(20),
            ..Limits::default()
        };
        let given = engine(&body, limits).evaluate(
            &[Arc::new(json!({}).into())],
            Mode::Test,
            &[],
            &CancelToken::new(),
        );
        let said = given.map_or_else(|d| d.code, |outcomes| shown(&outcomes[0].title));
        assert!(
            ["SyntaxError(", "RecursionError(", "python-memory-limit"]
                .iter()
                .any(|start| said.starts_with(start)),
            "{source}: {said}"
        );
    }
}

#[test]
fn a_loop_while_loading() {
    let started = Instant::now();
    let found = match Engine::load(&plain(), "while True:\n    pass\n", small()) {
        Ok(_) => panic!("the body was loaded"),
        Err(found) => found,
    };
    assert_eq!(found[0].code, "python-time-limit");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn cancelling_gives_what_is_there() {
    let mut engine = engine(
        "def rule(event):\n    while event.get('slow'):\n        pass\n    return True\n",
        Limits::default(),
    );
    let events = [
        Arc::new(json!({}).into()),
        Arc::new(json!({"slow": 1}).into()),
    ];
    let cancel = CancelToken::new();
    let remote = cancel.clone();
    let waker = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        remote.cancel();
    });
    let outcomes = engine.evaluate(&events, Mode::Test, &[], &cancel).unwrap();
    waker.join().unwrap();
    assert_eq!(outcomes.len(), 1);
}

/// Everything else that takes too much, as the last lines of `rule`: each ends in one of the codes, within two seconds
/// of the limit, and the next question is answered.
#[test]
fn whatever_takes_too_much_ends() {
    let time = ["python-time-limit"];
    let memory = ["python-memory-limit"];
    let either = ["python-time-limit", "python-memory-limit"];
    let cases: [(&str, &[&str]); 19] = [
        (
            "import sys\n    sys.setrecursionlimit(10 ** 9)\n    down = lambda n: down(n + 1)\n    return down(0)",
            &memory,
        ),
        ("return 'x' * 10 ** 18 > ''", &memory),
        ("return len([0] * 10 ** 18) > 0", &memory),
        ("return sum(range(10 ** 12)) > 0", &time),
        ("return 7 ** 10 ** 8 > 0", &either),
        ("return 10 ** 10 ** 10 > 0", &either),
        ("return len(list(range(10 ** 9))) > 0", &either),
        ("return len([0] * 10 ** 9) > 0", &memory),
        ("return len(bytearray(10 ** 10)) > 0", &memory),
        ("return len('%1000000000d' % 1) > 0", &memory),
        ("return len('x'.center(10 ** 10)) > 0", &memory),
        ("while True:\n        print('x' * 1000)", &time),
        // Memory, where the machine is quick to give it.
        ("x = 'ab'\n    while True:\n        x += x", &either),
        ("return any(x < 0 for x in iter(int, 1))", &time),
        (
            "return sorted(range(10 ** 6), key=lambda x: [y for y in range(1000)]) > []",
            &either,
        ),
        (
            "import itertools\n    return len(list(itertools.permutations(range(12)))) > 0",
            &either,
        ),
        (
            "import re\n    return bool(re.search('(x+x+)+y', 'x' * 50))",
            &time,
        ),
        (
            "class Slow:\n        def __eq__(self, other):\n            while True:\n                pass\n    return Slow() in [1]",
            &time,
        ),
        (
            "import json\n    return len(json.dumps(['x' * 1000] * 10 ** 6)) > 0",
            &either,
        ),
    ];
    for (code, codes) in cases {
        let limits = Limits {
            time: Duration::from_secs(1),
            ..small()
        };
        let said = over_with(&format!("{GUARD}    {code}\n"), limits);
        assert!(codes.contains(&said.code.as_str()), "{code}: {said:?}");
    }
}

/// What the sandbox cannot give ends as an exception of the body.
#[test]
fn what_cannot_be_is_an_exception() {
    for (code, exception) in [
        ("return int('9' * 10 ** 5) > 0", "ValueError("),
        (
            "x = {}\n    for i in range(10 ** 5):\n        x = {'a': x}\n    return str(x) > ''",
            "RecursionError(",
        ),
        (
            "import json\n    return json.loads('[' * 10 ** 5 + ']' * 10 ** 5) != 1",
            "RecursionError(",
        ),
        (
            "import copy\n    x = []\n    for i in range(10 ** 5):\n        x = [x]\n    return copy.deepcopy(x) > []",
            "RecursionError(",
        ),
    ] {
        let body = format!("def rule(event):\n    {code}\n");
        let limits = Limits {
            time: Duration::from_secs(30),
            ..Limits::default()
        };
        let outcome = engine(&body, limits)
            .evaluate(
                &[Arc::new(json!({}).into())],
                Mode::Test,
                &[],
                &CancelToken::new(),
            )
            .unwrap_or_else(|d| panic!("{code}: {d:?}"))
            .remove(0);
        let said = outcome.matched.unwrap();
        let said = said.map_or_else(|e| e.text, |matched| matched.to_string());
        // The stack may be large enough for all of it.
        assert!(
            said.starts_with(exception) || said == "true",
            "{code}: {said}"
        );
    }
}

/// Outputs beyond all measure: cut, told as too large, or stopped.
#[test]
fn outputs_of_any_size() {
    let body = "def rule(event):\n    return True\ndef title(event):\n    return 'x' * event['n']\n\
        def alert_context(event):\n    return {'x': ['y' * 1000] * (event['n'] // 1000)}\n";
    let limits = Limits {
        time: Duration::from_secs(20),
        ..Limits::default()
    };
    let mut engine = engine(body, limits);
    let mut ask = |n: u64| {
        let events = [Arc::new(json!({ "n": n }).into())];
        engine.evaluate(&events, Mode::Test, &[], &CancelToken::new())
    };
    let outcome = ask(100 << 20).unwrap().remove(0);
    let title = shown(&outcome.title);
    assert_eq!(title.chars().count(), 1000);
    assert!(title.ends_with("... (truncated)"));
    let context = shown(&outcome.alert_context);
    assert!(
        context.contains("bigger than maximum of [204800] characters"),
        "{context}"
    );
    let stopped = ask(4 << 30).expect_err("four gigabytes");
    assert_eq!(stopped.code, "python-memory-limit");
    assert_eq!(shown(&ask(5000).unwrap()[0].title).len(), 1000);
}

/// An event that nests as deep as YAML lets it is shown, copied and written.
#[test]
fn a_deep_event() {
    let mut deep = json!("end");
    for _ in 0..400 {
        deep = json!({ "a": deep });
    }
    let body = "def rule(event):\n    x = event\n    while hasattr(x, 'get'):\n        x = x.get('A')\n    return x == 'end' and event == event.copy()\n\
        def title(event):\n    try:\n        return str(len(repr(event)))\n    except RecursionError:\n        return 'too deep'\ndef alert_context(event):\n    return {'event': event}\n";
    let outcome = ask(body, &deep, Mode::Test);
    match outcome.matched.clone().unwrap() {
        Ok(matched) => assert!(matched),
        Err(exception) => assert!(
            exception.text.starts_with("RecursionError("),
            "{exception:?}"
        ),
    }
    assert!(outcome.title.is_some() && outcome.alert_context.is_some());
}
