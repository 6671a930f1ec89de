//! Short messages at the corner of the window; the last one stays readable in the status bar.

use super::theme::{self, Tokens};
use egui::Color32;

/// The messages on screen, and the last one.
pub struct Notices {
    toasts: egui_notify::Toasts,
    waiting: Vec<(Level, String)>,
    last: Option<String>,
}

#[derive(Clone, Copy)]
enum Level {
    Success,
    Information,
    Warning,
    Error,
}

impl Level {
    /// The sign and its colour. The signs are ones that the text font has.
    fn sign(self, tokens: &Tokens) -> (&'static str, Color32) {
        match self {
            Level::Success => ("✓", tokens.success),
            Level::Information => ("i", tokens.information),
            Level::Warning => ("!", tokens.warning),
            Level::Error => ("!", tokens.error),
        }
    }
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            toasts: egui_notify::Toasts::default()
                .with_anchor(egui_notify::Anchor::BottomRight)
                .with_margin(egui::vec2(12.0, 36.0)),
            waiting: Vec::new(),
            last: None,
        }
    }
}

impl Notices {
    /// Something was done.
    pub fn success(&mut self, text: impl Into<String>) {
        self.waiting.push((Level::Success, text.into()));
    }

    /// Something is worth knowing.
    pub fn info(&mut self, text: impl Into<String>) {
        self.waiting.push((Level::Information, text.into()));
    }

    /// Something is not as it should be.
    pub fn warning(&mut self, text: impl Into<String>) {
        self.waiting.push((Level::Warning, text.into()));
    }

    /// Something could not be done.
    pub fn error(&mut self, text: impl Into<String>) {
        self.waiting.push((Level::Error, text.into()));
    }

    /// Something that the status bar says and nothing else.
    pub fn quiet(&mut self, text: impl Into<String>) {
        self.last = Some(text.into());
    }

    /// The last message.
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// Draws the messages over everything else.
    pub fn show(&mut self, ctx: &egui::Context) {
        let tokens = theme::tokens(ctx);
        for (level, text) in std::mem::take(&mut self.waiting) {
            let (sign, color) = level.sign(tokens);
            let seconds = match level {
                Level::Success | Level::Information => 4,
                Level::Warning | Level::Error => 10,
            };
            self.toasts
                .custom(text.clone(), sign.to_owned(), color)
                .closable(false)
                .show_progress_bar(false)
                .duration(std::time::Duration::from_secs(seconds));
            self.last = Some(text);
        }
        self.toasts.show(ctx);
    }
}
