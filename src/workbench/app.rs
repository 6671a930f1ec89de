//! The window's state, and one frame of it.

use super::commands::Command;
use super::dialogs::{self, Dialog};
use super::doc::Doc;
use super::jobs::{RunAnswer, RunQuestion, TestAnswer};
use super::layout::{self, Pane, Panels};
use super::notices::Notices;
use super::overview::Overview;
use super::panels;
use super::recovery::Recovery;
use super::settings::Settings;
use super::timeline;
use super::worker::Worker;
use crate::detect::Rule;
use crate::logs::Dataset;
use crate::task::Progress;
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// What is selected: it is lit in the table, on the timeline and in the details.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Index into the run's matches.
    pub matched: Option<usize>,
    /// One raw event.
    pub event: Option<crate::value::EventId>,
    /// A row of the stage in the data panel; told of while no match is selected.
    pub stage_row: Option<usize>,
}

/// Which rows the data panel shows, and how the matches are ordered.
#[derive(Default)]
pub struct Tables {
    /// Name of the table in the data panel.
    pub shown: Option<String>,
    /// The stage of the query whose rows the data panel shows in place of a table.
    pub stage: Option<super::stage::Shown>,
    /// The grid of the data panel.
    pub data: super::grid::Grid,
    /// The grid of the matches.
    pub matches: super::grid::Grid,
    /// A table that is made only when it is first looked at: its name and rows.
    pub late: Option<(String, Result<Arc<crate::value::Table>, String>)>,
    /// Rows in place of the chart of a query that ends in `render`.
    pub as_table: bool,
    /// Scroll the matches to the selected one.
    pub reveal: bool,
}

/// The window.
pub struct Workbench {
    pub(super) ctx: egui::Context,
    pub(super) settings: Settings,
    pub(super) recovery: Recovery,
    pub(super) tree: egui_tiles::Tree<Pane>,
    pub(super) notices: Notices,
    pub(super) dialog: Option<Dialog>,
    pub(super) native: dialogs::native::Pending,
    pub(super) workspace: Workspace,
    pub(super) docs: Vec<Doc>,
    /// Which files are shown where.
    pub(super) groups: super::groups::Groups,
    /// The rule whose results are shown: the one in the editor, or the last one that was.
    pub(super) rule_path: Option<PathBuf>,
    /// The rule as last read, sound or not.
    pub(super) rule: Option<Arc<Rule>>,
    pub(super) data: Arc<Dataset>,
    /// When the window was opened, ticks, to the second.
    opened_at: i64,
    /// Set by the person; none: the end of the logs.
    pub(super) clock: Option<i64>,
    /// First and last instant of the rows that tables show, both included, ticks; none: all of them.
    pub(super) range: Option<(i64, i64)>,
    /// How it was chosen.
    pub(super) range_state: super::range::State,
    /// The last result without an error.
    pub(super) result: Option<RunAnswer>,
    /// The result before the run whose first matches are shown.
    pub(super) last_whole: Option<RunAnswer>,
    /// The events of the match that was selected before a run whose first matches do not hold it.
    pub(super) wanted_match: Option<Vec<crate::value::EventId>>,
    /// The newest text is broken: what is shown is from before.
    pub(super) stale: bool,
    pub(super) problems: super::problems::Problems,
    /// Checks open documents while they are typed in.
    pub(super) checks: super::checking::Checks,
    pub(super) tests: Option<TestAnswer>,
    /// The result (its number) that the panel of the tests is to show.
    pub(super) wanted_case: Option<usize>,
    pub(super) overview: Overview,
    pub(super) explorer: panels::explorer::State,
    pub(super) schema: super::schema::State,
    pub(super) selection: Selection,
    pub(super) tables: Tables,
    pub(super) view: timeline::View,
    pub(super) details: panels::details::State,
    pub(super) logs: panels::logs::State,
    pub(super) loader: Worker<super::session::Question, super::session::Answer>,
    pub(super) load_progress: Progress,
    /// What was chosen for the logs, and what is known of them beside their events.
    pub(super) session: super::session::Session,
    /// Tells which files changed on disk.
    pub(super) watch: super::watch::Watch,
    /// Tells what other programs do to open documents and to the folder of the workspace.
    pub(super) eyes: super::disk::Eyes,
    /// Looks through the folder of the workspace when something came to it or went.
    pub(super) refinder: Worker<PathBuf, (PathBuf, Workspace)>,
    pub(super) runner: Worker<RunQuestion, RunAnswer>,
    pub(super) stager: Worker<super::stage::Question, super::stage::Answer>,
    /// Makes tables that are made only when they are first looked at.
    pub(super) maker: Worker<super::panels::data::Question, super::panels::data::Answer>,
    pub(super) tester: Worker<Arc<Rule>, TestAnswer>,
    /// Looks for what folders hold.
    pub(super) finder: Worker<Vec<PathBuf>, Vec<super::folders::Found>>,
    /// The way to the cursor of each group.
    pub(super) crumbs: std::collections::HashMap<u32, panels::editors::Crumbs>,
    /// The editor that was left by Escape: Tab goes on from there.
    pub(super) left_editor: Option<egui::Id>,
    /// Another panel was clicked or had the keyboard since the editor had it: keys are not meant for the editor.
    pub(super) keys_elsewhere: bool,
    /// What the status bar says of the file in the editor.
    pub(super) file_facts: panels::status_file::Kept,
    /// What the person looks for among the problems.
    pub(super) problem_list: panels::problems::State,
    /// Lists the files of the workspace.
    pub(super) lister: Worker<dialogs::quick::ListQuestion, Vec<PathBuf>>,
    /// The files of the workspace, as they were last listed.
    pub(super) files: Vec<PathBuf>,
    /// Fonts for signs that the program's own lack.
    pub(super) fonts: super::theme::SystemFonts,
    /// What helps while a rule is written.
    pub(super) assist: super::assist::Assist,
    pub(super) exporter: Worker<dialogs::export::Question, Result<Vec<PathBuf>, String>>,
    /// When the text last changed and has not been run yet.
    pub(super) changed_at: Option<Instant>,
    /// The person confirmed that unsaved changes may go.
    pub(super) may_close: bool,
    /// When the last run was asked for, and how long from the keystroke to its answer.
    pub(super) asked_at: Option<Instant>,
    pub(super) answer_time: Option<std::time::Duration>,
}

impl Workbench {
    /// A window on a workspace. `storage` holds what was remembered; `recovery` keeps unsaved texts.
    pub fn new(
        ctx: &egui::Context,
        workspace: Workspace,
        settings: Settings,
        recovery: Recovery,
    ) -> Self {
        super::theme::install(ctx);
        settings.apply(ctx);
        let load_progress = Progress::new();
        let wake = || {
            let ctx = ctx.clone();
            move || ctx.request_repaint()
        };
        let mut workbench = Self {
            ctx: ctx.clone(),
            tree: layout::checked(settings.layout.clone()),
            settings,
            recovery,
            notices: Notices::default(),
            dialog: None,
            native: dialogs::native::Pending::default(),
            workspace,
            docs: Vec::new(),
            groups: super::groups::Groups::default(),
            rule_path: None,
            rule: None,
            data: Arc::default(),
            opened_at: machine_clock(),
            clock: None,
            range: None,
            range_state: super::range::State::default(),
            result: None,
            last_whole: None,
            wanted_match: None,
            stale: false,
            problems: super::problems::Problems::default(),
            checks: super::checking::Checks::start(wake()),
            tests: None,
            wanted_case: None,
            overview: Overview::new(ctx),
            explorer: panels::explorer::State::default(),
            schema: super::schema::State::default(),
            selection: Selection::default(),
            tables: Tables::default(),
            view: timeline::View::default(),
            details: panels::details::State::new(ctx),
            logs: panels::logs::State::default(),
            // Replaced by the first load.
            loader: Worker::start(
                "load logs",
                |_, _| super::session::Answer::default(),
                wake(),
            ),
            session: super::session::Session::default(),
            watch: super::watch::Watch::start(wake()),
            eyes: super::disk::Eyes::start(wake()),
            refinder: Worker::start("look through the folder", super::disk::refind, wake()),
            load_progress,
            runner: Worker::start_telling("run rule", super::jobs::runner(), wake()),
            stager: Worker::start("rows of a stage", super::stage::work, wake()),
            maker: Worker::start("make a table", panels::data::work, wake()),
            tester: Worker::start("run tests", super::jobs::test, wake()),
            finder: Worker::start("look into folders", super::folders::find, wake()),
            lister: Worker::start("list files", dialogs::quick::list_work, wake()),
            crumbs: Default::default(),
            left_editor: None,
            keys_elsewhere: false,
            file_facts: Default::default(),
            problem_list: Default::default(),
            files: Vec::new(),
            fonts: super::theme::SystemFonts::new(ctx, wake()),
            assist: super::assist::Assist::start(wake()),
            exporter: Worker::start("export", dialogs::export::work, wake()),
            changed_at: None,
            may_close: false,
            asked_at: None,
            answer_time: None,
        };
        workbench.start();
        workbench
    }

    /// Opens what the workspace offers: the first rules, the logs, and texts left from a crash.
    fn start(&mut self) {
        for (path, text) in self.recovery.take_left_over(&self.workspace.root) {
            let saved = std::fs::read_to_string(&path).ok();
            if saved.as_deref() == Some(text.as_str()) {
                continue;
            }
            let doc = Doc::with_text(&path, text, saved);
            self.notices
                .info(format!("Unsaved text was restored in {}", doc.title()));
            self.add_doc(doc);
        }
        let unread = self.workspace.unread.clone();
        self.tell_unread(&unread);
        self.watch_workspace();
        self.reload_logs(); // first: the rules then run when the logs are there
        if !self.restore_groups() {
            self.open_rules();
        }
    }

    /// How many matches the shown result has.
    pub(super) fn match_count(&self) -> Option<usize> {
        let run = &self.result.as_ref()?.run;
        (!run.failed()).then_some(run.matches.len())
    }

    /// The logs that the shown result speaks of: its events are known there.
    pub(super) fn shown_data(&self) -> &Arc<Dataset> {
        self.result.as_ref().map_or(&self.data, |r| &r.data)
    }

    /// What the tab of the tests says.
    pub(super) fn tests_title(&self) -> String {
        match &self.tests {
            Some(answer)
                if !answer.results.is_empty()
                    && !panels::tests::is_load_failure(&answer.results) =>
            {
                let passed = answer.results.iter().filter(|r| r.passed).count();
                format!("Tests {passed}/{}", answer.results.len())
            }
            _ => "Tests".to_owned(),
        }
    }

    /// What `now()` sees, ticks: set by hand, else the end of the logs, else when the window was opened.
    pub(super) fn now(&self) -> i64 {
        self.clock
            .or_else(|| self.data.end())
            .unwrap_or(self.opened_at)
    }

    /// Whether any work is under way.
    pub fn is_busy(&self) -> bool {
        !self.busy_with().is_empty()
    }

    /// What is under way, for whoever waits for it.
    pub fn busy_with(&self) -> Vec<&'static str> {
        let connector = matches!(&self.dialog, Some(Dialog::Connector(state)) if state.is_busy());
        let all = [
            ("logs", self.loader.is_busy()),
            ("run", self.runner.is_busy()),
            ("stage", self.stager.is_busy()),
            ("tests", self.tester.is_busy()),
            ("overview", self.overview.is_busy()),
            ("folders", self.finder.is_busy()),
            ("export", self.exporter.is_busy()),
            ("files", self.lister.is_busy()),
            ("folders again", self.refinder.is_busy()),
            ("details", self.details.is_busy()),
            ("connector", connector),
            ("schema", self.schema.is_busy()),
            ("data", self.tables.data.is_busy()),
            ("matches", self.tables.matches.is_busy()),
            ("new connector", self.maker.is_busy()),
            ("pause", self.changed_at.is_some()),
            ("checks", self.checks.is_busy()),
            ("fonts", self.fonts.is_busy()),
        ];
        let all = all.into_iter().chain(self.assist.busy_with());
        let busy = all.filter(|(_, busy)| *busy);
        busy.map(|(what, _)| what).collect()
    }

    /// Tab is a sign in the editor; after Escape it goes on from there rather than from the top of the window.
    fn go_on_from_editor(&mut self) {
        use egui::{FocusDirection, Key, Modifiers};
        let Some(editor) = self.left_editor else {
            return;
        };
        if self.ctx.memory(|m| m.focused().is_some()) {
            return;
        }
        let direction = self.ctx.input_mut(|i| {
            match (
                i.consume_key(Modifiers::NONE, Key::Tab),
                i.consume_key(Modifiers::SHIFT, Key::Tab),
            ) {
                (true, _) => Some(FocusDirection::Next),
                (_, true) => Some(FocusDirection::Previous),
                _ => None,
            }
        });
        if let Some(direction) = direction {
            self.left_editor = None;
            self.ctx.memory_mut(|m| {
                m.request_focus(editor);
                m.move_focus(direction);
            });
        }
    }

    /// One frame: answers in, commands, panels.
    pub fn frame(&mut self, ui: &mut egui::Ui) {
        self.take_answers();
        self.take_dropped_files();
        self.take_native_answers();
        self.take_changes();
        self.take_disk_news();
        self.end_walk();
        self.go_on_from_editor();
        if self.dialog.is_none()
            && let Some(command) = Command::pressed(&self.ctx)
        {
            self.execute(command);
        }
        self.keys_of_nobody();
        self.guard_closing();

        panels::topbar::show(self, ui);
        panels::status::show(self, ui);
        let mut tree = std::mem::replace(
            &mut self.tree,
            egui_tiles::Tree::empty(egui::Id::unique("taken")),
        );
        egui::CentralPanel::no_frame().show(ui, |ui| {
            let editor = tree.tiles.find_pane(&Pane::Editor);
            tree.ui(
                &mut Panels {
                    workbench: self,
                    editor,
                },
                ui,
            );
        });
        self.tree = match self.settings.reset_layout {
            true => layout::default_tree(),
            false => tree,
        };
        self.settings.reset_layout = false;
        if let Some(pane) = self.settings.reveal.take() {
            layout::reveal(&mut self.tree, pane);
        }
        dialogs::show(self, ui);
        self.assist.after_frame();
        super::focus::show(&self.ctx);
        self.run_after_pause();
        self.notices.show(&self.ctx);
        self.fonts.after_frame(&self.ctx);
    }
}

/// The machine's clock in ticks, to the second.
#[expect(
    clippy::disallowed_methods,
    reason = "the window gives the clock to the engine"
)]
fn machine_clock() -> i64 {
    use crate::value::time::{SECOND, from_chrono};
    let now = from_chrono(chrono::Utc::now());
    now - now.rem_euclid(SECOND)
}

impl eframe::App for Workbench {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        self.settings.layout = Some(self.tree.clone());
        self.settings.open = Some(self.groups.remembered(&self.absolute_root()));
        self.settings.remember(&self.ctx);
        eframe::set_value(storage, super::settings::KEY, &self.settings);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
