//! What is wrong: found while typing, listed by file, gone through by keys, mended by one.

#[path = "common/window.rs"]
mod common;
#[path = "common/soft.rs"]
mod soft;

use common::{CTRL, Window, a_workspace, click, fill, has, picture, press, settle, window};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use rulewright::workbench::Command;
use std::path::Path;

const CHAIN: &str = "openai_config_to_abuse_chain.yaml";
const LARGE: [f32; 2] = [1440.0, 900.0];

/// A workspace whose query names a column wrongly in two lines, and a second rule with an error, not open.
fn broken(folder: &Path) {
    let path = folder.join("rules/sentinel").join(CHAIN);
    let text = std::fs::read_to_string(&path).expect("a rule");
    let wrong = text.replace("isnotempty(ActorEmail)", "isnotempty(ActorEmial)");
    assert_ne!(text, wrong);
    std::fs::write(&path, wrong).expect("a broken rule");
    for name in ["w1", "w2", "w3", "zz_unopened"] {
        let other = text
            .replacen("name: ", &format!("name: {name} "), 1)
            .replace("isnotempty(ActorUser)", "isnotempty(NoSuchColumn)");
        std::fs::write(folder.join(format!("rules/sentinel/{name}.yaml")), other).expect("a rule");
    }
}

fn rows(harness: &Window<'_>) -> Vec<String> {
    harness
        .query_all_by_role(Role::Button)
        .filter_map(|n| n.accesskit_node().label())
        .filter(|l| l.starts_with("error ") || l.starts_with("warning "))
        .collect()
}

#[test]
fn everything_wrong_in_the_workspace_is_listed_by_file_and_filtered() {
    let folder = a_workspace();
    broken(folder.path());
    let mut harness = window(folder.path(), LARGE);
    harness.state_mut().execute(Command::ShowProblems);
    settle(&mut harness);
    picture(&mut harness, "problems.png");
    let all = rows(&harness);
    assert!(
        all.iter()
            .any(|r| r.contains(CHAIN) && r.contains("ActorEmial")),
        "{all:?}"
    );
    let unopened = |rows: &[String]| rows.iter().any(|r| r.contains("zz_unopened.yaml"));
    fill(&mut harness, "Filter problems", "zz_unopened NoSuchColumn");
    let of_unopened = rows(&harness);
    assert!(
        unopened(&of_unopened),
        "also of a rule that no tab shows: {of_unopened:?}"
    );
    fill(&mut harness, "Filter problems", "ActorEmial");
    let some = rows(&harness);
    assert!(!some.is_empty() && !unopened(&some), "{some:?}");
    fill(&mut harness, "Filter problems", "no such words");
    assert!(rows(&harness).is_empty() && has(&harness, "Nothing passes the filter"));
    fill(&mut harness, "Filter problems", " ");
    let errors = harness.query_all_by_role(Role::Button).find(|n| {
        let node = n.accesskit_node();
        // The status bar says the same, and is no switch.
        node.toggled().is_some() && node.label().is_some_and(|l| l.contains(" error"))
    });
    errors.expect("the switch of errors").click();
    settle(&mut harness);
    assert!(!rows(&harness).iter().any(|r| r.starts_with("error")));
}

#[test]
fn keys_go_from_problem_to_problem_round_the_ends() {
    let folder = a_workspace();
    broken(folder.path());
    let mut harness = window(folder.path(), LARGE);
    // The file and the place of the cursor in it.
    let place = |harness: &Window<'_>| {
        let line = harness.query_all_by_label_contains("Line ").find_map(|n| {
            let label = n.accesskit_node().label()?;
            label.contains(", column").then_some(label)
        });
        let tab = harness.query_all_by_role(Role::Tab).find_map(|n| {
            let node = n.accesskit_node();
            let seen = node.toggled() == Some(egui::accesskit::Toggled::True);
            node.label()
                .filter(|l| seen && (l.contains(".y") || l.contains(".py")))
        });
        (tab.unwrap_or_default(), line.unwrap_or_default())
    };
    let mut seen = Vec::new();
    let mut round = false;
    for _ in 0..120 {
        press(&mut harness, Modifiers::NONE, Key::F8);
        settle(&mut harness);
        let here = place(&harness);
        round = seen.len() > 1 && seen.first() == Some(&here);
        if round {
            break;
        }
        seen.push(here);
    }
    assert!(round, "it comes round: {seen:?}");
    let mut files: Vec<&str> = seen.iter().map(|(file, _)| file.as_str()).collect();
    files.dedup();
    // The open rule and the four others, file after file; then what does not hinder a run.
    assert_eq!(
        files.get(..5),
        Some(&[CHAIN, "w1.yaml", "w2.yaml", "w3.yaml", "zz_unopened.yaml"][..])
    );
    // Back: the last one of the round.
    press(&mut harness, Modifiers::SHIFT, Key::F8);
    settle(&mut harness);
    assert_eq!(Some(&place(&harness)), seen.last());
}

#[test]
fn what_is_typed_wrong_is_told_and_what_is_mended_is_gone() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    harness.state_mut().execute(Command::ShowProblems);
    settle(&mut harness);
    let before = rows(&harness);
    harness.get_by_label("Rule editor").focus();
    harness.step();
    press(&mut harness, CTRL, Key::F);
    harness.run_steps(2);
    harness.event(Event::Text("severity: High".to_owned()));
    harness.run_steps(2);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    harness.run_steps(2);
    harness.event(Event::Text("severity: Hihg".to_owned()));
    settle(&mut harness);
    assert!(
        rows(&harness).iter().any(|r| r.contains("Hihg")),
        "{:?}",
        rows(&harness)
    );
    let took = harness.state().check_time().expect("it was checked");
    println!(
        "from the key to what the checks said: {} ms",
        took.as_millis()
    );
    // Taken back, it is gone.
    press(&mut harness, CTRL, Key::Z);
    settle(&mut harness);
    for _ in 0..20 {
        if rows(&harness) == before {
            break;
        }
        press(&mut harness, CTRL, Key::Z);
        settle(&mut harness);
    }
    assert_eq!(rows(&harness), before);
}

#[test]
fn a_target_is_chosen_in_the_status_bar() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    click(&mut harness, "Target own dialect");
    picture(&mut harness, "target.png");
    click(&mut harness, "Azure-Sentinel");
    assert!(has(&harness, "Target Azure-Sentinel"));
}
