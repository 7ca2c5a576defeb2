use super::{api::archive_location, locations::LocationDialogState};
use crate::{
    layout::may,
    ui::{
        icon::Icon,
        number::count,
        toast::{Toasts, use_toasts},
    },
};
use domain::{company::Location, role::Role};
use futures::future::LocalBoxFuture;
use leptos::prelude::*;

/// A location in the list, with Edit and Archive (or Restore).
#[component]
pub fn LocationRow(location: Location, dialog: LocationDialogState, changed: Callback<()>) -> impl IntoView {
    let devices = format!("/devices?company={}&location={}", location.company_id, location.id);
    let actions =
        may(Role::Manage).then(|| view! { <RowActions location=location.clone() dialog changed /> });
    view! {
        <tr data-location-id=location.id.to_string()>
            <th scope="row" class="font-medium">{location.name.clone()}</th>
            <td class="max-sm:hidden">{location.address.clone()}</td>
            <td class="max-lg:hidden">{location.psa_ref.clone()}</td>
            <td class="num"><a href=devices class="link link-hover">{count(location.device_count)}</a></td>
            <td class="num">{actions}</td>
        </tr>
    }
}

#[component]
fn RowActions(location: Location, dialog: LocationDialogState, changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let edit = format!("Edit {}", location.name);
    let (verb, icon) = if location.archived { ("Restore", "undo") } else { ("Archive", "archive") };
    let archive_label = format!("{verb} {}", location.name);
    let subject = location.clone();
    let archive =
        Action::new(move |(): &()| set_archived(subject.clone(), !subject.archived, toasts, changed));
    view! {
        <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=edit title="Edit" on:click=move |_| dialog.show(Some(location.clone()))>
            <Icon name="pencil" />
        </button>
        <button
            type="button"
            class="btn btn-ghost btn-xs btn-square"
            aria-label=archive_label
            title=verb
            disabled=archive.pending()
            on:click=move |_| _ = archive.dispatch(())
        >
            <Icon name=icon />
        </button>
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
        Err(error) => toasts.error(error.message()),
    }
    _ = changed.try_run(());
}
