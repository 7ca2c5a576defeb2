use super::{api::swap_organization, page::Links};
use crate::{
    error::AppError,
    pages::wizard::api::save_organization,
    ui::{combobox::SaveState, toast::use_toasts},
};
use domain::{
    error::ErrorKind,
    ids::{CompanyId, DecisionId, IntegrationId},
    mapping::OrganizationChoice,
};
use leptos::{prelude::*, task::spawn_local};

/// What is done in a cell.
#[derive(Clone, Debug)]
pub enum Change {
    /// An organization becomes the company.
    Link(String, CompanyId),
    /// Another organization takes the place of one, which had this version.
    Swap(String, i64, String),
    /// An organization is no longer the company.
    Unlink(String, i64),
}

impl Change {
    async fn send(self, integration: IntegrationId, confirm: bool) -> Result<Option<DecisionId>, AppError> {
        let confirm = Some(confirm);
        match self {
            Self::Link(id, company) => {
                let choice = OrganizationChoice::Link(company);
                save_organization(integration, id, choice, None, confirm).await.map(|row| row.undo)
            }
            Self::Unlink(id, version) => {
                let choice = OrganizationChoice::Unmap;
                save_organization(integration, id, choice, Some(version), confirm).await.map(|row| row.undo)
            }
            Self::Swap(id, version, by) => {
                swap_organization(integration, id, by, Some(version), confirm).await.map(|done| done.undo)
            }
        }
    }
}

/// Saves a change; `told` is what it did, in words. How saving stands goes to `state`.
pub fn save(
    page: Links,
    integration: IntegrationId,
    change: Change,
    told: String,
    confirm: bool,
    state: RwSignal<SaveState>,
) {
    let toasts = use_toasts();
    state.set(SaveState::Saving);
    spawn_local(async move {
        let set = |value| _ = state.try_set(value);
        match change.clone().send(integration, confirm).await {
            Ok(undo) => {
                set(SaveState::Saved);
                page.undo.note(undo, told);
                page.reload();
            }
            Err(error) => match error.about("confirm") {
                Some(question) => {
                    set(SaveState::Idle);
                    let again = move || save(page, integration, change.clone(), told.clone(), true, state);
                    page.ask.ask(question, again);
                }
                None => {
                    set(SaveState::Failed(error.clone()));
                    if error.error.kind == ErrorKind::Conflict {
                        toasts.refused(&error);
                        page.reload();
                    }
                }
            },
        }
    });
}
