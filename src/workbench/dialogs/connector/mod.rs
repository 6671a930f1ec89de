//! A new connector, in three steps: a sample, the columns, and what comes of them.

mod columns;
mod fields;
mod preview;
mod sample;
mod save;

use super::{Dialog, Next, buttons, frame};
use crate::logs::Choice;
use crate::workbench::app::Workbench;
use crate::workbench::connector::draft::Draft;
use crate::workbench::connector::work::{
    self, Preview, PreviewQuestion, Sample, SampleAnswer, SampleQuestion,
};
use crate::workbench::highlight::HighlightCache;
use crate::workbench::theme;
use crate::workbench::worker::Worker;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Sample,
    Columns,
    Preview,
}

const STEPS: [(Step, &str); 3] = [
    (Step::Sample, "1  Sample"),
    (Step::Columns, "2  Records and columns"),
    (Step::Preview, "3  Preview"),
];

/// Points that a step needs to be laid out.
const SMALLEST: egui::Vec2 = egui::vec2(580.0, 350.0);

/// Which button was pressed: of the step, or of the question whether to leave.
enum Pressed {
    Step(Option<usize>),
    Leaving(Option<usize>),
}

/// What has been chosen so far.
pub struct State {
    sampler: Worker<SampleQuestion, SampleAnswer>,
    previewer: Worker<PreviewQuestion, Preview>,
    step: Step,
    /// The sample's path as it was typed.
    pub path: String,
    /// The path that was asked for last.
    asked: Option<String>,
    error: Option<String>,
    sample: Option<Arc<Sample>>,
    draft: Option<Draft>,
    /// The draft as the sample gave it.
    given: Option<Draft>,
    filter: String,
    /// What is said of the schema that was taken over, or what is wrong with it.
    schema: Option<Result<String, String>>,
    /// The file that a schema is to be taken from, while that is asked for.
    schema_path: Option<String>,
    /// Whether its field has been shown.
    schema_shown: bool,
    yaml: String,
    /// The file was changed by hand: the form does not speak for it any more.
    by_hand: bool,
    tried: String,
    preview: Option<Preview>,
    save_error: Option<String>,
    /// A file of this name is to be replaced, as the person has confirmed.
    replace: bool,
    shown: bool,
    /// Whether to leave without saving is being asked.
    leaving: bool,
    /// Colours of the file.
    highlight: HighlightCache,
}

impl State {
    /// Starts with a sample, where one is known.
    pub fn new(ctx: &egui::Context, sample: Option<&Path>) -> Self {
        let wake = || {
            let ctx = ctx.clone();
            move || ctx.request_repaint()
        };
        Self {
            sampler: Worker::start("read sample", work::sample, wake()),
            previewer: Worker::start("try connector", work::preview, wake()),
            step: Step::Sample,
            path: sample.map_or(String::new(), |p| p.display().to_string()),
            asked: None,
            error: None,
            sample: None,
            draft: None,
            given: None,
            filter: String::new(),
            schema: None,
            schema_path: None,
            schema_shown: false,
            yaml: String::new(),
            by_hand: false,
            tried: String::new(),
            preview: None,
            save_error: None,
            replace: false,
            shown: false,
            leaving: false,
            highlight: HighlightCache::default(),
        }
    }

    /// Whether a sample is read or a connector tried.
    pub fn is_busy(&self) -> bool {
        self.sampler.is_busy() || self.previewer.is_busy()
    }

    /// Takes the schema of a file over.
    pub fn import_schema(&mut self, path: &Path) {
        const LARGEST: u64 = 4 << 20;
        let read = || -> Result<String, String> {
            let wrong = |e: std::io::Error| format!("The schema cannot be read: {e}");
            if std::fs::metadata(path).map_err(wrong)?.len() > LARGEST {
                return Err("The schema is too large: at most 4 MB".to_owned());
            }
            std::fs::read_to_string(path).map_err(wrong)
        };
        let schema = read().and_then(|text| crate::logs::read_schema(text.as_bytes()));
        let Some(draft) = &mut self.draft else {
            return;
        };
        if schema.is_ok() {
            self.schema_path = None;
        }
        self.schema = Some(schema.map(|schema| {
            let given = crate::workbench::connector::schema::apply(draft, &schema);
            let all = schema.columns.len();
            format!("{given} of the schema's {all} columns are given by the records")
        }));
    }

    /// Asks for the records of the sample that is named.
    fn read_sample(&mut self, workbench: &Workbench) {
        let asked = self.path.trim().to_owned();
        if asked.is_empty() || self.asked.as_ref() == Some(&asked) {
            return;
        }
        let path = PathBuf::from(&asked);
        let path = std::path::absolute(&path).unwrap_or(path);
        self.error = None;
        self.sample = None;
        self.preview = None;
        self.asked = Some(asked);
        let chosen = workbench.session.chosen.files.get(&path);
        self.sampler.ask(SampleQuestion {
            choice: chosen.cloned().unwrap_or_else(Choice::default),
            connectors: workbench.session.loaded.connectors.clone(),
            path,
        });
    }

    /// Whether the sample that is named has been read.
    fn has_sample(&self) -> bool {
        let asked = self.path.trim().to_owned();
        self.sample.is_some() && self.asked.as_ref() == Some(&asked)
    }

    /// Whether the form is filled in so that a file can be made of it.
    fn is_right(&self) -> bool {
        let draft = self.draft.as_ref();
        draft.is_some_and(|draft| draft.wrong().is_empty())
    }

    /// Whether the person has done more than to name a sample.
    fn has_something_to_lose(&self) -> bool {
        self.by_hand || self.draft != self.given
    }

    fn take_answers(&mut self) {
        if let Some(answer) = self.sampler.answer() {
            match answer {
                Ok((sample, draft)) => {
                    self.sample = Some(sample);
                    self.given = Some(draft.clone());
                    self.draft = Some(draft);
                    self.by_hand = false;
                    self.schema = None;
                    self.step = Step::Columns;
                }
                Err(message) => self.error = Some(message),
            }
        }
        if let Some(preview) = self.previewer.answer() {
            self.preview = Some(preview);
        }
    }

    /// Brings the file up to date with the form, and tries it.
    fn try_it(&mut self, workbench: &Workbench) {
        if !self.by_hand {
            self.yaml = self.draft.as_ref().map(Draft::yaml).unwrap_or_default();
        }
        let Some(sample) = self.sample.clone() else {
            return;
        };
        if self.tried == self.yaml && (self.preview.is_some() || self.previewer.is_busy()) {
            return;
        }
        self.tried.clone_from(&self.yaml);
        self.previewer.ask(PreviewQuestion {
            sample,
            yaml: self.yaml.clone(),
            own: workbench.session.loaded.own.clone(),
        });
    }
}

/// Shows the dialog.
pub fn show(workbench: &mut Workbench, ui: &egui::Ui, mut state: Box<State>) -> Next {
    state.take_answers();
    // The frame takes the key.
    let escape = ui.input(|i| i.key_pressed(egui::Key::Escape));
    let room = ui.ctx().content_rect();
    let height = (room.height() - 210.0).clamp(160.0, 560.0);
    let (pressed, closed) = frame(ui, "New connector", 1040.0, |ui| {
        head(&mut state, ui);
        ui.add_space(8.0);
        let area = egui::vec2(ui.available_width(), height);
        let layout = egui::Layout::top_down(egui::Align::Min);
        let step = state.step;
        // In a small window the step is scrolled: the steps above it and the buttons below it stay in sight.
        ui.allocate_ui_with_layout(area, layout, |ui| {
            ui.set_min_size(area);
            ui.set_max_size(area);
            let scroll = egui::ScrollArea::both()
                .id_salt(("step of the connector", step as u8))
                .auto_shrink(false);
            scroll.show(ui, |ui| {
                let area = area.max(SMALLEST);
                ui.allocate_ui_with_layout(area, layout, |ui| {
                    ui.set_min_size(area);
                    ui.set_max_size(area);
                    match step {
                        Step::Sample => sample::show(workbench, &mut state, ui),
                        Step::Columns => columns::show(workbench, &mut state, ui),
                        Step::Preview => preview::show(workbench, &mut state, ui),
                    }
                });
            });
        });
        state.shown = true;
        if state.leaving {
            let text = "Discard this connector? It has not been saved";
            ui.colored_label(theme::tokens(ui).warning, text);
            return Pressed::Leaving(buttons(ui, &[("Keep editing", true), ("Discard", true)]));
        }
        Pressed::Step(match state.step {
            Step::Sample => {
                let ready = !state.path.trim().is_empty() && !state.sampler.is_busy();
                buttons(ui, &[("Next", ready), ("Cancel", true)])
            }
            Step::Columns => {
                let ready = state.is_right();
                buttons(ui, &[("Next", ready), ("Back", true), ("Cancel", true)])
            }
            Step::Preview => {
                let sound = state
                    .preview
                    .as_ref()
                    .is_some_and(|p| p.is_sound() && p.yaml == state.yaml);
                let taken = state.preview.as_ref().is_some_and(|p| p.taken.0 > 0);
                let name = match state.replace {
                    true => "Replace and load",
                    false => "Save and load",
                };
                buttons(
                    ui,
                    &[(name, sound && taken), ("Back", true), ("Cancel", true)],
                )
            }
        })
    });
    let pressed = match pressed {
        Pressed::Leaving(Some(1)) => return Next::Close,
        Pressed::Leaving(Some(_)) => {
            state.leaving = false;
            None
        }
        Pressed::Leaving(None) => None,
        Pressed::Step(pressed) => pressed,
    };
    match (state.step, pressed) {
        (Step::Sample, Some(0)) => match state.has_sample() {
            true => state.step = Step::Columns,
            false => {
                state.asked = None;
                state.read_sample(workbench);
            }
        },
        (Step::Sample, Some(_)) => return Next::Close,
        (Step::Columns, Some(0)) => state.step = Step::Preview,
        (Step::Columns, Some(1)) => state.step = Step::Sample,
        (Step::Preview, Some(0)) if save::save(workbench, &mut state) => return Next::Close,
        (Step::Preview, Some(1)) => {
            state.step = Step::Columns;
            state.replace = false;
        }
        (Step::Columns | Step::Preview, Some(2)) => return Next::Close,
        _ => {}
    }
    // What was chosen so far is not lost by a click beside the dialog, and by Escape only after a question.
    if closed && (escape || state.step == Step::Sample) {
        match state.has_something_to_lose() {
            // Who is asked goes back by Escape.
            true => state.leaving = escape && !state.leaving,
            false => return Next::Close,
        }
    }
    Next::Stay(Dialog::Connector(state))
}

/// The steps, to go back and forth.
fn head(state: &mut State, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        for (step, text) in STEPS {
            let reached = match step {
                Step::Sample => true,
                Step::Columns => state.has_sample(),
                Step::Preview => state.has_sample() && state.is_right(),
            };
            let chosen = state.step == step;
            let button = egui::Button::selectable(chosen, text);
            if ui.add_enabled(reached, button).clicked() {
                state.step = step;
            }
        }
        if let Some(sample) = &state.sample {
            let records = crate::workbench::panels::counted(sample.records, "record", "records");
            let form = crate::logs::form_title(&sample.form);
            let form = form.split(':').next().unwrap_or_default();
            let name = sample.path.file_name().unwrap_or_default();
            let cut = if sample.is_cut {
                " of its beginning"
            } else {
                ""
            };
            let text = format!("{}: {records}{cut}, {form}", name.to_string_lossy());
            ui.add_space(8.0);
            let label = egui::RichText::new(text).color(tokens.text_subdued);
            ui.add(egui::Label::new(label).truncate());
        }
    });
}
