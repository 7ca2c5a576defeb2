use super::api::archive_location;
use crate::ui::toast::{Toasts, use_toasts};
use domain::{company::Location, ids::CompanyId};
use futures::future::LocalBoxFuture;
use leptos::prelude::*;

/// Which location the dialog edits; `None` makes a new one of the company.
#[derive(Clone, Copy)]
pub struct LocationDialogState {
    pub open: RwSignal<bool>,
    pub company: Memo<Option<CompanyId>>,
    pub location: RwSignal<Option<Location>>,
}

impl LocationDialogState {
    /// Opens it for a location or a new one.
    pub fn show(self, location: Option<Location>) {
        self.location.set(location);
        self.open.set(true);
    }
}

/// What can be done with a location. The page makes it, so that it outlives the rows (see `CompanyTools`).
#[derive(Clone, Copy)]
pub struct LocationTools {
    pub dialog: LocationDialogState,
    pub changed: Callback<()>,
    archive: Action<(Location, bool), ()>,
    busy: Memo<bool>,
}

impl LocationTools {
    /// Tools for the locations of a company that call `changed` after each change.
    pub fn new(company: Memo<Option<CompanyId>>, changed: Callback<()>) -> Self {
        let toasts = use_toasts();
        let archive = Action::new(move |(location, archived): &(Location, bool)| {
            set_archived(location.clone(), *archived, toasts, changed)
        });
        let dialog =
            LocationDialogState { open: RwSignal::new(false), company, location: RwSignal::new(None) };
        Self { dialog, changed, archive, busy: archive.pending() }
    }

    /// Archives an active location, restores an archived one; does nothing while another one is under way.
    pub fn toggle_archived(self, location: &Location) {
        if !self.busy.get_untracked() {
            self.archive.dispatch((location.clone(), !location.archived));
        }
    }
}

/// Archives or restores a location and says so, with a way back.
async fn set_archived(location: Location, archived: bool, toasts: Toasts, changed: Callback<()>) {
    let name = location.name.clone();
    match archive_location(location.id, Some(archived)).await {
        Ok(_) if archived => {
            let undo = move || {
                let restoring: LocalBoxFuture<'static, ()> =
                    Box::pin(set_archived(location.clone(), false, toasts, changed));
                leptos::task::spawn_local(restoring);
            };
            toasts.with_undo(format!("{name} is archived."), "Undo", undo);
        }
        Ok(_) => toasts.success(format!("{name} is back.")),
        Err(error) => toasts.refused(&error),
    }
    _ = changed.try_run(());
}
