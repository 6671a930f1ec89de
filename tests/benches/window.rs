//! What a frame and a keystroke cost, with the bundled workspace: `cargo bench --bench window`.
//! Prints medians; fails when the promises are broken by far (machines are shared and noisy).

use egui::{Event, Theme};
use rulewright::workbench::raster::Headless;
use rulewright::workbench::{Recovery, Settings, Workbench};
use rulewright::workspace;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
    let mut window = Headless::new();
    let mut workbench = Workbench::new(
        &window.ctx,
        workspace::find(&[root]),
        Settings::default(),
        Recovery::new(None),
    );
    let size = [1440, 900];
    let draw = |window: &mut Headless, workbench: &mut Workbench, events: Vec<Event>| {
        let start = Instant::now();
        window.frame(size, 1.0, Theme::Dark, events, |ui| workbench.frame(ui));
        let triangles = window.tessellate().len();
        assert!(triangles > 0);
        start.elapsed()
    };
    draw(&mut window, &mut workbench, Vec::new());
    while workbench.is_busy() {
        std::thread::sleep(Duration::from_millis(2));
        draw(&mut window, &mut workbench, Vec::new());
    }
    workbench.select_first_match();
    for _ in 0..30 {
        draw(&mut window, &mut workbench, Vec::new());
    }
    let idle = median((0..200).map(|_| draw(&mut window, &mut workbench, Vec::new())));
    println!("frame, nothing happens      {:.2} ms", ms(idle));
    let moving = median((0..200).map(|i| {
        let at = egui::pos2(300.0 + i as f32 * 5.0, 640.0);
        draw(&mut window, &mut workbench, vec![Event::PointerMoved(at)])
    }));
    println!("frame, pointer on timeline  {:.2} ms", ms(moving));

    workbench.focus_editor();
    draw(&mut window, &mut workbench, Vec::new());
    let mut frames = Vec::new();
    let mut answers = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        frames.push(draw(
            &mut window,
            &mut workbench,
            vec![Event::Text("x".into())],
        ));
        frames.push(draw(
            &mut window,
            &mut workbench,
            vec![
                key(egui::Key::Backspace, true),
                key(egui::Key::Backspace, false),
            ],
        ));
        while workbench.is_running() {
            std::thread::sleep(Duration::from_millis(1));
            draw(&mut window, &mut workbench, Vec::new());
        }
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
