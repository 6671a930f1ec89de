//! The sandbox's doors: what must not work (`doors/closed`) and what rules need (`doors/holds`).

use super::*;

fn probes(folder: &str) -> Vec<(String, String)> {
    let mut probes = Vec::new();
    for (name, text) in files(folder) {
        for snippet in text.split("\n\n") {
            probes.push((name.clone(), snippet.trim().to_owned()));
        }
    }
    probes
}

fn given(probes: &[(String, String)]) -> Vec<String> {
    let code: Vec<String> = probes.iter().map(|(_, code)| code.clone()).collect();
    snippets(
        &json!({}),
        "shown = 'ran' if exec(snippet, names) is None else ''",
        &code,
    )
}

#[test]
fn every_door_is_closed() {
    let probes = probes("doors/closed");
    assert!(probes.len() > 60);
    let open: Vec<String> = probes
        .iter()
        .zip(given(&probes))
        .filter(|(_, given)| !given.starts_with("! "))
        .map(|((file, code), _)| format!("{file}: {code}"))
        .collect();
    assert!(open.is_empty(), "open:\n{}", open.join("\n"));
    assert!(!std::path::Path::new("/tmp/rulewright-probe").exists());
}

#[test]
fn what_rules_need_is_there() {
    let probes = probes("doors/holds");
    let failed: Vec<String> = probes
        .iter()
        .zip(given(&probes))
        .filter(|(_, given)| given != "ran")
        .map(|((file, code), given)| format!("{file}: {code}\n  {given}"))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
