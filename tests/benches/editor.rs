//! What the code editor costs: `cargo bench --bench editor`. A frame is the user interface and its triangles, as the
//! window makes them (without the GPU); each key's glyph is in the triangles of the frame in which the key came.
//! Prints a table (`own` is without the time that other programs took); fails when the promises are broken by far (machines are shared and noisy).

use egui::{Event, Key, Modifiers, Theme, pos2};
use rulewright::diagnostic::{Severity, Span};
use rulewright::workbench::editor::{Action, CodeEditor, EditorInput, Mark};
use rulewright::workbench::highlight::Language;
use rulewright::workbench::raster::Headless;
use rulewright::workbench::theme;
use std::time::{Duration, Instant};

const SIZE: [u32; 2] = [1440, 900];
const FRAMES: usize = 240;
/// What a frame may take.
const PROMISE: Duration = Duration::from_millis(8);

const RULE: &str = r#"id: 7d0f7f3a-4f0e-4b9b-9d0e-3f2a1c5b6d7e
name: "Privileged change, then abuse"
severity: High
queryFrequency: 1h
tactics:
  - Persistence
query: |
  // Who changed what.
  let window = 1d;
  let changes =
      OpenAIAuditLogs
      | where TimeGenerated > ago(window)
      | where EventType has_any ("role", "api_key.created")
      | extend Email = tolower(tostring(ActorSession.user.email))
      | project ChangeTime = TimeGenerated, EventType, Email;
  changes
  | join kind=inner abuse on $left.Email == $right.User
  | order by ChangeTime desc
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: Name
        columnName: Email
version: 1.0.0
"#;

struct Bench {
    headless: Headless,
    editor: CodeEditor,
    text: String,
    marks: Vec<Mark>,
    language: Language,
}

impl Bench {
    fn new(text: String, language: Language, name: &str) -> Self {
        let headless = Headless::new();
        theme::install(&headless.ctx);
        let mut bench = Self {
            headless,
            editor: CodeEditor::new(name),
            text,
            marks: Vec::new(),
            language,
        };
        bench.editor.go_to(0);
        bench.settle();
        bench
    }

    /// Until all is coloured.
    fn settle(&mut self) {
        for _ in 0..200 {
            self.frame(vec![]);
        }
    }

    fn frame(&mut self, events: Vec<Event>) -> Duration {
        let started = Instant::now();
        let (editor, text) = (&mut self.editor, &mut self.text);
        let (marks, language) = (&self.marks, self.language);
        self.headless.frame(SIZE, 1.0, Theme::Dark, events, |ui| {
            let input = EditorInput {
                problems: marks,
                // As in the window.
                sticky: true,
                ..EditorInput::new(text, language)
            };
            editor.show(ui, input);
        });
        assert!(!self.headless.tessellate().is_empty());
        started.elapsed()
    }

    fn vertices(&self) -> usize {
        let count = |p: &egui::ClippedPrimitive| match &p.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
            egui::epaint::Primitive::Callback(_) => 0,
        };
        self.headless.tessellate().iter().map(count).sum()
    }

    fn go_to(&mut self, at: usize) {
        self.editor.go_to(at);
        self.settle();
    }

    /// Frames with events made by `events`; prints median and the slowest of a hundred. Gives the latter,
    /// of the time that the thread had for itself.
    fn measure(&mut self, what: &str, mut events: impl FnMut(usize) -> Vec<Event>) -> Duration {
        let (mut times, mut computed) = (Vec::new(), Vec::new());
        for i in 0..FRAMES {
            let events = events(i);
            let before = on_the_processor();
            times.push(self.frame(events));
            computed.push(on_the_processor().saturating_sub(before));
        }
        let at = |times: &mut Vec<Duration>, part: f64| {
            times.sort_unstable();
            let index = (times.len() as f64 * part) as usize;
            times.get(index).copied().unwrap_or_default()
        };
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        let columns = [
            at(&mut times, 0.5),
            at(&mut times, 0.99),
            at(&mut computed, 0.5),
            at(&mut computed, 0.99),
        ];
        let [median, slow, own, own_slow] = columns.map(ms);
        println!("{what:<44} {median:>8.2} {slow:>8.2} {own:>8.2} {own_slow:>8.2}");
        columns[3]
    }
}

/// How long this thread has had a processor; without other programs that is the time that passes. Zero where the
/// system does not tell.
fn on_the_processor() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|n| n.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

fn text(text: &str) -> Vec<Event> {
    vec![Event::Text(text.to_owned())]
}

fn key(key: Key, modifiers: Modifiers) -> Vec<Event> {
    vec![Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers,
    }]
}

fn main() {
    println!(
        "{:<52} {:>8} {:>8}",
        "milliseconds a frame", "median", "99 %"
    );
    let mut slowest = Vec::new();
    let lines = 5_000_usize.div_ceil(RULE.lines().count());
    let rules = RULE.repeat(lines);
    let middle = |text: &str| {
        let half = text.len() / 2;
        half + text[half..].find("TimeGenerated").unwrap_or(0)
    };

    let mut bench = Bench::new(rules.clone(), Language::Yaml, "rules");
    println!(
        "A file of {} lines, {} KB",
        rules.lines().count(),
        rules.len() / 1024
    );
    slowest.push(bench.measure("  nothing happens", |_| vec![]));
    let at = middle(&rules);
    bench.go_to(at);
    // The key's glyph is there in its own frame.
    bench.frame(vec![]);
    let before = bench.vertices();
    bench.frame(text("x"));
    assert!(bench.vertices() > before, "the glyph of a key comes later");
    slowest.push(bench.measure("  typing a sign each frame", |_| text("x")));
    slowest.push(bench.measure("  a sign, then Backspace", |i| match i % 2 {
        0 => text("y"),
        _ => key(Key::Backspace, Modifiers::NONE),
    }));
    slowest.push(bench.measure("  Enter each frame", |_| key(Key::Enter, Modifiers::NONE)));
    slowest.push(bench.measure("  Ctrl+Z each frame", |_| {
        key(Key::Z, Modifiers::CTRL | Modifiers::COMMAND)
    }));
    slowest.push(bench.measure("  Page Down each frame", |_| {
        key(Key::PageDown, Modifiers::NONE)
    }));
    let wheel = |i: usize| {
        let delta = if i % 60 < 30 { -120.0 } else { 120.0 };
        vec![
            Event::PointerMoved(pos2(600.0, 400.0)),
            Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: egui::vec2(0.0, delta),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: Modifiers::NONE,
            },
        ]
    };
    slowest.push(bench.measure("  scrolling by the wheel", wheel));

    let mut bench = Bench::new(rules.clone(), Language::Yaml, "marks");
    bench.marks = (0..2_000)
        .map(|i| Mark {
            span: Span::new(i * 80, i * 80 + 12),
            severity: Severity::Warning,
            message: "Something is wrong here".to_owned(),
            hint: None,
        })
        .collect();
    bench.go_to(at);
    slowest.push(bench.measure("  typing, with 2,000 problems", |_| text("x")));
    bench.marks.clear();
    bench.editor.set_wrap(true);
    slowest.push(bench.measure("  typing, lines wrapped", |_| text("x")));
    bench.editor.set_wrap(false);
    bench.editor.run(Action::FoldAll);
    bench.frame(vec![]);
    bench.go_to(at);
    slowest.push(bench.measure("  typing, all else folded", |_| text("x")));

    let mut bench = Bench::new(rules.clone(), Language::Yaml, "cursors");
    bench.go_to(at);
    bench.frame(key(Key::F2, Modifiers::CTRL | Modifiers::COMMAND));
    println!("  ({} cursors)", bench.editor.selections().len());
    slowest.push(bench.measure("  typing at all of them", |_| text("x")));

    let long = format!("a: \"{}\"\nb: 1\n", "word 0123 ".repeat(100_000));
    println!("A line of {} KB", long.len() / 1024);
    let half = long.len() / 2;
    let mut bench = Bench::new(long, Language::Yaml, "long");
    bench.go_to(half);
    slowest.push(bench.measure("  typing in its middle", |_| text("x")));
    bench.editor.set_wrap(true);
    slowest.push(bench.measure("  typing in its middle, wrapped", |_| text("x")));

    let wide = "文字 é ".repeat(80_000);
    println!("A line of {} KB of wide signs", wide.len() / 1024);
    let mut bench = Bench::new(format!("a: {wide}\n"), Language::Yaml, "wide");
    let half = bench.text.floor_char_boundary(bench.text.len() / 2);
    bench.go_to(half);
    slowest.push(bench.measure("  typing in its middle", |_| text("x")));

    let worst = slowest.into_iter().max().unwrap_or_default();
    let ms = worst.as_secs_f64() * 1_000.0;
    println!(
        "slowest of all: {ms:.2} ms; promised: {} ms",
        PROMISE.as_millis()
    );
    assert!(worst < PROMISE * 12, "a frame takes {worst:?}");
}
