//! What can be done with a file.

use super::Wish;
use crate::logs::{FORMS, LogFile, form_title};
use crate::workbench::app::Workbench;

/// The entries of a file's menu.
pub(super) fn show(
    workbench: &Workbench,
    ui: &mut egui::Ui,
    file: &LogFile,
    wishes: &mut Vec<Wish>,
) {
    ui.set_min_width(220.0);
    let path = || file.path.clone();
    let mut entry = |ui: &mut egui::Ui, enabled: bool, text: &str, wish: Wish| {
        if ui.add_enabled(enabled, egui::Button::new(text)).clicked() {
            wishes.push(wish);
            ui.close();
        }
    };
    entry(ui, file.events > 0, "Show its rows", Wish::ShowRows(path()));
    entry(
        ui,
        true,
        "New connector from its records…",
        Wish::NewConnector(path()),
    );
    ui.separator();
    ui.menu_button("Form", |ui| forms(ui, file, wishes));
    ui.menu_button("Connector", |ui| connectors(workbench, ui, file, wishes));
    ui.separator();
    if ui.button("Copy path").clicked() {
        ui.ctx().copy_text(file.path.display().to_string());
        ui.close();
    }
    if ui.button("Remove from the session").clicked() {
        wishes.push(Wish::Remove(path()));
        ui.close();
    }
}

/// The choice of a form.
pub(super) fn forms(ui: &mut egui::Ui, file: &LogFile, wishes: &mut Vec<Wish>) {
    let chosen = file.choice.form.as_deref();
    let recognised = match chosen {
        None if !file.form.is_empty() => format!("As recognised: {}", form_title(&file.form)),
        _ => "As recognised".to_owned(),
    };
    let mut choose = |ui: &mut egui::Ui, form: Option<&str>, text: &str| {
        if ui.selectable_label(chosen == form, text).clicked() {
            wishes.push(Wish::Form(file.path.clone(), form.map(str::to_owned)));
            ui.close();
        }
    };
    choose(ui, None, &recognised);
    for form in FORMS.iter().filter(|f| f.can_be_chosen) {
        choose(ui, Some(form.id), form.title);
    }
}

/// The choice of a connector.
pub(super) fn connectors(
    workbench: &Workbench,
    ui: &mut egui::Ui,
    file: &LogFile,
    wishes: &mut Vec<Wish>,
) {
    let chosen = file.choice.connector.as_deref();
    let mut choose = |ui: &mut egui::Ui, connector: Option<&str>, text: &str| {
        if ui.selectable_label(chosen == connector, text).clicked() {
            wishes.push(Wish::Connector(
                file.path.clone(),
                connector.map(str::to_owned),
            ));
            ui.close();
        }
    };
    choose(ui, None, "As recognised, record by record");
    for (id, title) in workbench.session.loaded.connectors.list() {
        choose(ui, Some(id), &format!("{id}: {title}"));
    }
}
