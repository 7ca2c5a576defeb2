use super::api::archive_company;
use crate::ui::{
    number::things,
    toast::{Toasts, use_toasts},
};
use domain::company::Company;
use futures::future::LocalBoxFuture;
use leptos::prelude::*;

/// Which company the dialog edits; `None` makes a new one.
#[derive(Clone, Copy)]
pub struct CompanyDialogState {
    pub open: RwSignal<bool>,
    pub company: RwSignal<Option<Company>>,
}

impl CompanyDialogState {
    /// A closed dialog.
    pub fn new() -> Self {
        Self { open: RwSignal::new(false), company: RwSignal::new(None) }
    }

    /// Opens it for a company or a new one.
    pub fn show(self, company: Option<Company>) {
        self.company.set(company);
        self.open.set(true);
    }
}

/// What can be done with a company. The page makes it, so that it outlives the rows: they are still shown, and can be
/// pressed, while the next ones are on their way and their own signals are gone.
#[derive(Clone, Copy)]
pub struct CompanyTools {
    pub dialog: CompanyDialogState,
    archive: Action<(Company, bool), ()>,
    /// Whether a company is being archived or restored.
    pub busy: Memo<bool>,
}

impl CompanyTools {
    /// Tools that call `changed` after each change.
    pub fn new(changed: Callback<()>) -> Self {
        let toasts = use_toasts();
        let archive = Action::new(move |(company, archived): &(Company, bool)| {
            set_archived(company.clone(), *archived, toasts, changed)
        });
        Self { dialog: CompanyDialogState::new(), archive, busy: archive.pending() }
    }

    /// Archives an active company, restores an archived one; does nothing while another one is under way.
    pub fn toggle_archived(self, company: &Company) {
        if !self.busy.get_untracked() {
            self.archive.dispatch((company.clone(), !company.archived));
        }
    }
}

/// Archives or restores a company and says so, with a way back.
async fn set_archived(company: Company, archived: bool, toasts: Toasts, changed: Callback<()>) {
    let (name, devices) = (company.name.clone(), company.device_count);
    match archive_company(company.id, Some(archived)).await {
        Ok(_) if archived => {
            let undo = move || {
                let restoring: LocalBoxFuture<'static, ()> =
                    Box::pin(set_archived(company.clone(), false, toasts, changed));
                leptos::task::spawn_local(restoring);
            };
            toasts.with_undo(archived_words(&name, devices), "Undo", undo);
        }
        Ok(_) => toasts.success(format!("{name} is back.")),
        Err(error) => toasts.refused(&error),
    }
    _ = changed.try_run(());
}

/// That a company is archived, and what becomes of its devices.
fn archived_words(name: &str, devices: i64) -> String {
    match devices {
        0 => format!("{name} is archived."),
        n => format!(
            "{name} is archived. It keeps its {}; new ones of its organizations wait until it is restored or they are mapped elsewhere.",
            things(n, "device", "devices")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::archived_words;

    #[test]
    fn it_is_said_what_becomes_of_devices() {
        assert_eq!(archived_words("Contoso", 0), "Contoso is archived.");
        assert!(archived_words("Contoso", 1).contains("It keeps its 1 device;"));
    }
}
