//! What takes long: how far it is, how fast, and a way to stop it. Shown after half a second.

use super::{grouped, took};
use crate::workbench::app::Workbench;
use crate::workbench::session::size_text;
use crate::workbench::theme::{self, size};
use std::time::{Duration, Instant};

/// Work that is done sooner shows no bar.
const LONG: Duration = Duration::from_millis(500);

/// Work that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    Load,
    Run,
    Rows,
    Tests,
    Rules,
    Export,
    Folders,
}

/// How far a piece of work is.
struct Far {
    text: String,
    /// From 0 to 1, where that is known.
    share: Option<f32>,
    can_stop: bool,
}

/// Shows the work that takes longest; whether there is any.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) -> bool {
    let busy = [
        (Work::Load, workbench.loader.since()),
        (Work::Run, workbench.runner.since()),
        (Work::Rows, workbench.stager.since()),
        (Work::Tests, workbench.tester.since()),
        (Work::Rules, workbench.overview.since()),
        (Work::Export, workbench.exporter.since()),
        (Work::Folders, workbench.finder.since()),
    ];
    // Each clock began when that work was asked for: a run after another one begins at nothing.
    let busy = busy
        .iter()
        .filter_map(|(work, since)| Some((*work, (*since)?)));
    let state: Vec<(Work, Instant)> = busy.collect();
    if state.is_empty() {
        return false;
    }
    ui.ctx().request_repaint_after(Duration::from_millis(100));
    // What a person waits for first: the logs, then the rule they write.
    let long = state.iter().filter(|(_, since)| since.elapsed() >= LONG);
    let Some((work, since)) = long.min_by_key(|(work, _)| *work as u8).copied() else {
        ui.add(egui::Spinner::new().size(12.0));
        return true;
    };
    let far = far(workbench, work, since.elapsed());
    let tokens = theme::tokens(ui);
    let words = egui::RichText::new(&far.text).size(size::SMALL + 1.0);
    ui.label(words);
    let bar = match far.share {
        Some(share) => egui::ProgressBar::new(share),
        None => {
            // It goes on, nobody knows how far: the bar fills and begins again.
            let turn = since.elapsed().as_secs_f32() / 1.6;
            egui::ProgressBar::new(turn.fract())
        }
    };
    let bar = ui.add(
        bar.desired_width(120.0)
            .desired_height(6.0)
            .fill(tokens.accent),
    );
    bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &far.text));
    if far.can_stop {
        let stop = ui.small_button("Cancel");
        if stop.on_hover_text("Stop this work").clicked() {
            cancel(workbench, work);
        }
    }
    true
}

fn cancel(workbench: &mut Workbench, work: Work) {
    match work {
        Work::Load => workbench.loader.cancel(),
        Work::Run => workbench.runner.cancel(),
        Work::Rows => workbench.stager.cancel(),
        Work::Tests => workbench.tester.cancel(),
        Work::Rules => workbench.overview.cancel(),
        Work::Folders => workbench.finder.cancel(),
        Work::Export => {}
    }
}

fn far(workbench: &Workbench, work: Work, elapsed: Duration) -> Far {
    let plain = |text: &str| Far {
        text: format!("{text}, {}", took(elapsed)),
        share: None,
        can_stop: true,
    };
    match work {
        Work::Load => {
            let (done, total) = workbench.load_progress.get();
            Far {
                text: load_text(done, total, elapsed),
                // All is read: how far the rows are nobody knows.
                share: (done < total).then(|| done as f32 / total as f32),
                can_stop: true,
            }
        }
        Work::Run => plain("Running the rule"),
        Work::Rows => plain("Running up to the stage"),
        Work::Tests => plain("Running the tests"),
        Work::Folders => plain("Looking into the folder"),
        Work::Rules => match workbench.overview.progress() {
            Some((done, all)) => Far {
                text: rules_text(done, all, elapsed),
                share: (all > 0).then(|| done as f32 / all as f32),
                can_stop: true,
            },
            None => plain("Checking the rules"),
        },
        Work::Export => Far {
            can_stop: false,
            ..plain("Exporting")
        },
    }
}

/// `Loading logs, 120 of 800 MB, 95 MB/s`.
fn load_text(done: u64, total: u64, elapsed: Duration) -> String {
    let rate = (done as f64 / elapsed.as_secs_f64().max(0.001)) as u64;
    match total {
        0 => format!("Loading logs, {}", took(elapsed)),
        total if done >= total => format!(
            "Loading logs, {} read, making rows, {}",
            size_text(total),
            took(elapsed)
        ),
        total => format!(
            "Loading logs, {} of {}, {}/s",
            size_text(done),
            size_text(total),
            size_text(rate)
        ),
    }
}

/// `120 of 800 rules checked, 30 a second`.
fn rules_text(done: usize, all: usize, elapsed: Duration) -> String {
    let rate = done as f64 / elapsed.as_secs_f64().max(0.001);
    let rate = match rate {
        rate if rate >= 9.95 => grouped(rate.round() as usize),
        rate => format!("{rate:.1}"),
    };
    format!(
        "{} of {} rules checked, {rate} a second",
        grouped(done),
        grouped(all)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_rates() {
        let two = Duration::from_secs(2);
        assert_eq!(
            load_text(190_000_000, 800_000_000, two),
            "Loading logs, 190 MB of 800 MB, 95 MB/s"
        );
        assert_eq!(
            load_text(800_000_000, 800_000_000, two),
            "Loading logs, 800 MB read, making rows, 2.0 s"
        );
        assert_eq!(
            rules_text(60, 800, two),
            "60 of 800 rules checked, 30 a second"
        );
        assert_eq!(
            rules_text(3, 800, two),
            "3 of 800 rules checked, 1.5 a second"
        );
    }
}
