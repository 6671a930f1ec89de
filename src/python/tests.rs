//! The sandbox as a whole.

use super::*;
use crate::task::CancelToken;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn bounds() -> Bounds {
    Bounds {
        time: Duration::from_secs(5),
        memory: 256 << 20,
    }
}

fn load(source: &str, bounds: Bounds) -> Result<Sandbox, LoadFailure> {
    let body = Body {
        name: "rule.py".to_owned(),
        module: "Test.Rule".to_owned(),
        source: source.to_owned(),
    };
    Sandbox::load(body, bounds, &CancelToken::new())
}

fn call(sandbox: &mut Sandbox, name: &str) -> Result<Result<Returned, Raised>, Stop> {
    let slot = Arc::new(Mutex::new(None));
    let out = Arc::clone(&slot);
    let name = name.to_owned();
    sandbox.ask(&CancelToken::new(), move |session| {
        session.next_step();
        let event = session.event(Arc::new(json!({"type": "x"})));
        let result = session.call(&name, &event);
        *out.lock().unwrap() = Some(result);
    })?;
    Ok(slot.lock().unwrap().take().unwrap())
}

#[test]
fn a_function_is_called_with_the_event() {
    let mut sandbox = load(
        "def rule(event):\n    return event.get('TYPE') == 'x'\n",
        bounds(),
    )
    .unwrap();
    assert_eq!(call(&mut sandbox, "rule"), Ok(Ok(Returned::Bool(true))));
    assert_eq!(call(&mut sandbox, "rule"), Ok(Ok(Returned::Bool(true))));
}

/// A thousand events in one job: `cargo test --release speed -- --nocapture` tells how long they take.
#[test]
fn speed_of_a_job() {
    let source = "def rule(event):\n    if event.get('type') != 'role.assignment.created':\n        return False\n    return event.deep_get('detail', 'id', default='') != ''\n";
    let mut sandbox = load(source, bounds()).unwrap();
    let events: Vec<_> = (0..1000)
        .map(|i| Arc::new(json!({"id": i, "type": if i % 250 == 0 { "role.assignment.created" } else { "login.succeeded" }, "detail": {"id": "x"}})))
        .collect();
    let count = Arc::new(Mutex::new(0));
    let out = Arc::clone(&count);
    let at = Instant::now();
    sandbox
        .ask(&CancelToken::new(), move |session| {
            for event in &events {
                session.next_step();
                if session.call("rule", &session.event(Arc::clone(event)))
                    == Ok(Returned::Bool(true))
                {
                    *out.lock().unwrap() += 1;
                }
            }
        })
        .unwrap();
    println!("1000 events in {:?}", at.elapsed());
    assert_eq!(*count.lock().unwrap(), 4);
}

#[test]
fn many_interpreters_one_after_the_other() {
    for round in 0..5 {
        let mut sandbox = load(
            "import re, json\ndef rule(event):\n    return True\n",
            bounds(),
        )
        .unwrap();
        assert_eq!(
            call(&mut sandbox, "rule"),
            Ok(Ok(Returned::Bool(true))),
            "round {round}"
        );
    }
}

#[test]
fn two_interpreters_at_once() {
    let threads: Vec<_> = (0..2)
        .map(|_| {
            std::thread::spawn(|| {
                let source =
                    "def rule(event):\n    return sum(i % 7 for i in range(200000)) == 599994\n";
                call(&mut load(source, bounds()).unwrap(), "rule")
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), Ok(Ok(Returned::Bool(true))));
    }
}
