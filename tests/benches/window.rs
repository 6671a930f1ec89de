//! What a frame and a keystroke cost, with the bundled workspace, and with a million events of each kind (or as many as
//! `RULEWRIGHT_BENCH_EVENTS` says) under Panther's role rule and under Sentinel's correlation: `cargo bench --bench window`.
//! Prints medians; fails when the promises are broken by far (machines are shared and noisy).

#[path = "../common/scale.rs"]
mod scale;

use egui::{Event, Theme};
use rulewright::workbench::raster::Headless;
use rulewright::workbench::{Recovery, Settings, Workbench};
use rulewright::workspace;
use std::path::Path;
use std::time::{Duration, Instant};

const SIZE: [u32; 2] = [1440, 900];
/// So long the window waits for the next key before it runs the rule.
const PAUSE: Duration = Duration::from_millis(40);

fn main() {
    bundled();
    many_events(
        &[
            "panther/openai_admin_role_assignment.yml",
            "panther/openai_admin_role_assignment.py",
        ],
        "audit",
    );
    many_events(&["sentinel/openai_config_to_abuse_chain.yaml"], "");
}

struct Window {
    window: Headless,
    workbench: Workbench,
}

impl Window {
    /// On a workspace, at rest.
    fn on(root: &Path) -> Self {
        let window = Headless::new();
        let workbench = Workbench::new(
            &window.ctx,
            workspace::find(&[root.to_owned()]),
            Settings::default(),
            Recovery::new(None),
        );
        let mut window = Self { window, workbench };
        window.rest();
        window
    }

    fn rest(&mut self) {
        self.draw(Vec::new());
        while self.workbench.is_busy() {
            std::thread::sleep(Duration::from_millis(2));
            self.draw(Vec::new());
        }
    }

    fn draw(&mut self, events: Vec<Event>) -> Duration {
        let start = Instant::now();
        let workbench = &mut self.workbench;
        self.window
            .frame(SIZE, 1.0, Theme::Dark, events, |ui| workbench.frame(ui));
        let triangles = self.window.tessellate().len();
        assert!(triangles > 0);
        start.elapsed()
    }

    fn idle(&mut self) -> Duration {
        median((0..200).map(|_| self.draw(Vec::new())))
    }

    /// Draws until the run is there.
    fn run(&mut self) {
        while self.workbench.is_running() {
            std::thread::sleep(Duration::from_millis(1));
            self.draw(Vec::new());
        }
    }
}

fn bundled() {
    let mut window = Window::on(Path::new(env!("CARGO_MANIFEST_DIR")));
    window.workbench.select_first_match();
    for _ in 0..30 {
        window.draw(Vec::new());
    }
    let idle = window.idle();
    println!("frame, nothing happens      {:.2} ms", ms(idle));
    let moving = median((0..200).map(|i| {
        let at = egui::pos2(300.0 + i as f32 * 5.0, 640.0);
        window.draw(vec![Event::PointerMoved(at)])
    }));
    println!("frame, pointer on timeline  {:.2} ms", ms(moving));

    window.workbench.focus_editor();
    window.draw(Vec::new());
    let mut frames = Vec::new();
    let mut answers = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        frames.push(window.draw(vec![Event::Text("x".into())]));
        frames.push(window.draw(vec![
            key(egui::Key::Backspace, true),
            key(egui::Key::Backspace, false),
        ]));
        window.run();
        answers.push(start.elapsed());
    }
    let typing = median(frames.into_iter());
    let answer = median(answers.into_iter());
    println!("frame, typing               {:.2} ms", ms(typing));
    println!("keystroke to new matches    {:.1} ms", ms(answer));
    assert!(idle < Duration::from_millis(40), "a frame takes {idle:?}");
    assert!(
        answer < Duration::from_millis(500),
        "an answer takes {answer:?}"
    );
}

#[expect(clippy::disallowed_methods, reason = "whoever measures says how many")]
fn events() -> usize {
    let wanted = std::env::var("RULEWRIGHT_BENCH_EVENTS").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(1_000_000)
}

/// A comment at the end of the rule becomes longer: everything runs anew, nothing else changes.
fn many_events(files: &[&str], logs: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for name in files {
        let to = folder.path().join("rules").join(name);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        std::fs::copy(rules.join(name), to).expect("the bundled rule");
    }
    std::fs::create_dir(folder.path().join("logs")).expect("a folder");
    for source in scale::scale(events(), 30, logs) {
        let name = source.path.file_name().expect("a name");
        let to = folder.path().join("logs").join(name);
        std::fs::write(to, source.bytes.unwrap_or_default()).expect("logs");
    }
    let mut window = Window::on(folder.path());
    let idle = window.idle();
    println!("{}, {} events of each kind", files[0], events());
    println!("frame, nothing happens      {:.2} ms", ms(idle));
    window.workbench.focus_editor();
    let end = |pressed| Event::Key {
        key: egui::Key::End,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: egui::Modifiers::COMMAND,
    };
    window.draw(Vec::new());
    window.draw(vec![end(true), end(false)]);
    window.draw(vec![Event::Text("# ".into())]);
    window.rest();
    let answers = (0..20).map(|_| {
        // The interpreter of the next edit is put in reserve meanwhile.
        std::thread::sleep(Duration::from_millis(300));
        let start = Instant::now();
        window.draw(vec![Event::Text("x".into())]);
        window.run();
        let answer = start.elapsed().saturating_sub(PAUSE);
        window.rest();
        answer
    });
    let answers: Vec<Duration> = answers.collect();
    println!(
        "keystroke to all matches    {:.1} ms, {:.1} at least (without the pause of 40)",
        ms(median(answers.iter().copied())),
        ms(answers.iter().copied().min().unwrap_or_default())
    );
}

fn key(key: egui::Key, pressed: bool) -> Event {
    Event::Key {
        key,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: egui::Modifiers::NONE,
    }
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
