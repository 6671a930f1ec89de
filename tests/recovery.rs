//! A window that is killed while somebody types in it: what was typed is there again.

#[path = "common/window.rs"]
mod common;
#[path = "common/soft.rs"]
mod soft;

use common::{a_workspace, settle};
use egui::Event;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rulewright::workbench::{Recovery, Settings, Workbench};
use rulewright::workspace;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const FOLDER: &str = "RECOVERY_TEST_FOLDER";
/// What was typed longer ago than this is never lost, on a machine as busy as CI is.
const MOMENT: Duration = Duration::from_millis(750);

fn window<'a>(folder: &Path) -> Harness<'a, Workbench> {
    let workspace = workspace::find(&[folder.join("work")]);
    let unsaved = folder.join("unsaved");
    let mut harness = Harness::builder()
        .with_size([1000.0, 700.0])
        .with_max_steps(64)
        .build_eframe(move |cc| {
            let (settings, keep) = (Settings::default(), Recovery::new(Some(unsaved)));
            Workbench::new(&cc.egui_ctx, workspace, settings, keep)
        });
    settle(&mut harness);
    harness
}

/// The n-th of what is typed: told from all others by its number.
fn piece(n: usize) -> String {
    format!("<{n}>")
}

/// Types until it is killed; says after each piece that it was typed.
#[test]
#[ignore = "the test below starts it as a process of its own, and kills it"]
#[expect(
    clippy::disallowed_methods,
    reason = "the folder comes from the test that started it"
)]
fn typist() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("started by the other test"));
    let mut harness = window(&folder);
    harness.get_by_label("Rule editor").focus();
    harness.step();
    for n in 0..100_000 {
        harness.event(Event::Text(piece(n)));
        harness.step();
        println!("typed {n}");
        std::io::stdout().flush().expect("a listener");
        std::thread::sleep(Duration::from_millis(3));
    }
}

#[test]
fn a_window_that_is_killed_while_typing_loses_a_moment_at_most() {
    let folder = a_workspace();
    let home = tempfile::tempdir().expect("a temporary folder");
    std::fs::rename(folder.path(), home.path().join("work")).expect("the workspace");
    let program = std::env::current_exe().expect("this test");
    let mut child = Command::new(program)
        .args(["--exact", "typist", "--ignored", "--nocapture"])
        .env(FOLDER, home.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process that types");
    let lines = BufReader::new(child.stdout.take().expect("what it says")).lines();
    let mut typed: Vec<Instant> = Vec::new();
    let mut killed = None;
    for line in lines.map_while(Result::ok) {
        let Some((_, number)) = line.split_once("typed ") else {
            continue;
        };
        assert_eq!(number.trim().parse(), Ok(typed.len()));
        typed.push(Instant::now());
        let first = typed.first().expect("just pushed");
        // In the middle of a stream of keys, after more than the moment.
        if first.elapsed() > MOMENT * 2 && killed.is_none() {
            child.kill().expect("SIGKILL");
            killed = Some(Instant::now());
        }
    }
    let status = child.wait().expect("its end");
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        assert_eq!(status.signal(), Some(9), "killed, not ended");
    }
    let killed = killed.expect("it typed for long enough");
    // The next window on the workspace.
    let harness = window(home.path());
    let texts: Vec<String> = harness
        .query_all_by_label("Rule editor")
        .filter_map(|n| n.accesskit_node().value())
        .collect();
    let text = texts.concat();
    let mut kept = 0;
    while text.contains(&piece(kept)) {
        kept += 1;
    }
    let lost = typed
        .get(kept)
        .map_or(Duration::ZERO, |at| killed.saturating_duration_since(*at));
    println!(
        "{} pieces were typed, {kept} are there again: {} ms lost",
        typed.len(),
        lost.as_millis()
    );
    assert!(typed.len() > 20, "it typed");
    assert!(lost <= MOMENT, "{} ms lost", lost.as_millis());
    assert!(
        harness
            .query_all_by_label_contains("unsaved")
            .next()
            .is_some()
    );
}
