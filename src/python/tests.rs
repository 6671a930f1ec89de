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

#[test]
fn loading_again_and_again_does_not_pile_up() {
    let resident = || {
        let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        text.split(' ')
            .nth(1)
            .and_then(|s| s.parse::<usize>().ok())
            .unwrap_or(0)
            * 4
            / 1024
    };
    for round in 0..12 {
        let at = Instant::now();
        drop(
            load(
                "import re, json\ndef rule(event):\n    return True\n",
                bounds(),
            )
            .unwrap(),
        );
        println!("round {round}: {} MB, {:?}", resident(), at.elapsed());
        std::thread::sleep(Duration::from_millis(50));
    }
}
