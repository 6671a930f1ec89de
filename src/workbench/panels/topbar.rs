//! The menus, the clock, and the switch between light and dark.

use crate::value::time::format_short;
use crate::workbench::app::Workbench;
use crate::workbench::commands::{Command, MENUS, Row};
use crate::workbench::theme::{self, size};
use egui_material_icons::icons;

/// In less room than this the tools show only their icons.
const NARROW: f32 = 760.0;
/// In less room than this the clock does, too.
const NARROWEST: f32 = 560.0;

/// Shows the bar.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    let mut wanted: Option<Command> = None;
    egui::Panel::top("top bar")
        .exact_size(36.0)
        .frame(
            egui::Frame::new()
                .fill(tokens.raised)
                .inner_margin(egui::Margin::symmetric(size::PADDING as i8, 0)),
        )
        .show(ui, |ui| {
            let (mut left, mut right) = (None, None);
            egui::Sides::new().height(36.0).show(
                ui,
                |ui| menus(workbench, ui, &mut left),
                |ui| right_side(workbench, ui, &mut right),
            );
            wanted = left.or(right);
        });
    if let Some(command) = wanted {
        workbench.execute(command);
    }
}

fn menus(workbench: &Workbench, ui: &mut egui::Ui, wanted: &mut Option<Command>) {
    egui::MenuBar::new().ui(ui, |ui| {
        for (name, rows) in MENUS {
            ui.menu_button(name, |ui| {
                ui.set_min_width(240.0);
                for row in rows {
                    entry(workbench, ui, row, wanted);
                    if row.line {
                        ui.separator();
                    }
                }
            });
        }
    });
}

fn entry(workbench: &Workbench, ui: &mut egui::Ui, row: &Row, wanted: &mut Option<Command>) {
    let keys = row.command.keys_text(ui.ctx()).unwrap_or_default();
    let why_not = row.command.why_not(workbench);
    let button = match keys.is_empty() {
        true => egui::Button::new(row.text),
        false => egui::Button::new(row.text).right_text(keys),
    };
    let button = match row.command.is_on(workbench) {
        Some(on) => button.selected(on),
        None => button,
    };
    let response = ui
        .add_enabled(why_not.is_none(), button)
        .on_hover_text(row.about)
        .on_disabled_hover_text(why_not.unwrap_or_default());
    if response.clicked() {
        *wanted = Some(row.command);
        ui.close();
    }
}

fn right_side(workbench: &Workbench, ui: &mut egui::Ui, wanted: &mut Option<Command>) {
    let dark = ui.visuals().dark_mode;
    let room = ui.ctx().content_rect().width();
    let (icon, command, name) = match dark {
        true => (icons::ICON_LIGHT_MODE, Command::ThemeLight, "Light theme"),
        false => (icons::ICON_DARK_MODE, Command::ThemeDark, "Dark theme"),
    };
    if named_icon(ui, icon, name)
        .on_hover_text(command.tooltip_with_keys(ui.ctx()))
        .clicked()
    {
        *wanted = Some(command);
    }
    tool(ui, icons::ICON_IOS_SHARE, "Export", Command::Export, wanted);
    tool(ui, icons::ICON_CHECKLIST, "Test", Command::Test, wanted);
    tool(ui, icons::ICON_PLAY_ARROW, "Run", Command::Run, wanted);
    ui.add_space(8.0);
    let whence = match (workbench.clock, workbench.data.end()) {
        (Some(_), _) => "set by hand",
        (None, Some(_)) => "end of logs",
        (None, None) => "no logs",
    };
    let now = format_short(workbench.now());
    let text = format!("{now}  {whence}");
    let button = match room {
        room if room < NARROWEST => egui::Button::new(theme::icon(icons::ICON_SCHEDULE)),
        room if room < NARROW => {
            egui::Button::new(theme::icon_and_text(icons::ICON_SCHEDULE, &now))
        }
        _ => egui::Button::new(theme::icon_and_text(icons::ICON_SCHEDULE, &text)),
    };
    let clock = ui
        .add(button)
        .on_hover_text("What now() and ago() see, in UTC. Click to set it");
    clock.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Clock {text}"))
    });
    if clock.clicked() {
        *wanted = Some(Command::SetClock);
    }
}

fn tool(
    ui: &mut egui::Ui,
    icon: egui_material_icons::MaterialIcon,
    text: &str,
    command: Command,
    wanted: &mut Option<Command>,
) {
    let narrow = ui.ctx().content_rect().width() < NARROW;
    let button = match narrow {
        true => egui::Button::new(theme::icon(icon)),
        false => egui::Button::new(theme::icon_and_text(icon, text)),
    };
    let button = ui
        .add(button)
        .on_hover_text(command.tooltip_with_keys(ui.ctx()));
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, command.text()));
    if button.clicked() {
        *wanted = Some(command);
    }
}

/// A button that shows only an icon, with a name for those who do not see it.
pub fn named_icon(
    ui: &mut egui::Ui,
    icon: egui_material_icons::MaterialIcon,
    name: &str,
) -> egui::Response {
    let response = ui.add(egui::Button::new(theme::icon(icon)).frame(false));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    response
}
