use super::{
    VIEW,
    api::{list_views, save_view},
    state::ViewTools,
};
use crate::{
    error::AppError,
    layout::{is_limited, may_manage},
    ui::{
        dialog::{CatchUp, Dialog, EditForm},
        field::{FormErrors, TextField},
    },
};
use domain::{error::UserError, ids::ViewId, permissions::Area, view::SavedView};
use leptos::prelude::*;

/// Saves the present list as a view, or renames and shares one.
#[component]
pub fn ViewDialog(tools: ViewTools) -> impl IntoView {
    let title = Signal::derive(move || match &*tools.edited.read() {
        Some(view) => format!("Change the view {}", view.name),
        None => "Save as a new view".to_owned(),
    });
    view! {
        <Dialog open=tools.dialog title>
            <ViewForm tools view=tools.edited.get_untracked() />
        </Dialog>
    }
}

/// The view as it is now.
async fn current(id: ViewId) -> Result<SavedView, AppError> {
    let found = list_views().await?;
    found.into_iter().find(|v| v.id == id).ok_or_else(|| UserError::not_found("view").into())
}

#[component]
fn ViewForm(tools: ViewTools, view: Option<SavedView>) -> impl IntoView {
    let errors = FormErrors::versioned(&["name"]);
    let id = view.as_ref().map(|v| v.id);
    let version = RwSignal::new(view.as_ref().map(|v| v.version));
    let shared = RwSignal::new(view.as_ref().is_some_and(|v| v.shared));
    // A view that is renamed keeps what it shows, whatever the list shows now.
    let query = RwSignal::new(view.as_ref().map_or_else(|| tools.present_query(), |v| v.query.clone()));
    let name = RwSignal::new(view.map(|v| v.name).unwrap_or_default());
    let save = Action::new(move |(): &()| {
        errors.clear();
        let (name, query) = (name.get_untracked(), query.get_untracked());
        let (shared, version) = (shared.get_untracked(), version.get_untracked());
        async move {
            match save_view(name, query, Some(shared), id, version).await {
                Ok(saved) => {
                    tools.toasts.success(format!("The view {} is saved.", saved.name));
                    tools.dialog.set(false);
                    tools.views.refetch();
                    if id.is_none() {
                        tools.list.set(VIEW, Some(saved.id.to_string()));
                    }
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let catch_up = Action::new(move |choice: &CatchUp| {
        let choice = *choice;
        async move {
            let Some(id) = id else { return };
            match current(id).await {
                Ok(now) if choice == CatchUp::Reload => {
                    errors.clear();
                    name.set(now.name);
                    query.set(now.query);
                    shared.set(now.shared);
                    version.set(Some(now.version));
                }
                // Unless the dialog was closed meanwhile.
                Ok(now) => {
                    if version.try_set(Some(now.version)).is_none() {
                        save.dispatch(());
                    }
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let busy = Signal::derive(move || save.pending().get() || catch_up.pending().get());
    let sharing = (may_manage(Area::Devices) && !is_limited()).then(|| {
        view! {
            <label class="flex items-center gap-2 text-sm">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm"
                    prop:checked=move || shared.get()
                    on:change=move |ev| shared.set(event_target_checked(&ev))
                />
                "Share with everybody in this portal"
            </label>
        }
    });
    view! {
        <EditForm
            open=tools.dialog
            errors
            busy
            on_save=Callback::new(move |()| _ = save.dispatch(()))
            on_catch_up=Callback::new(move |choice| _ = catch_up.dispatch(choice))
        >
            <TextField
                label="Name"
                name="view_name"
                value=name
                required=true
                autofocus=true
                error=errors.about("name")
                help="The view keeps search, filters, sort and columns of this list."
            />
            {sharing}
        </EditForm>
    }
}
