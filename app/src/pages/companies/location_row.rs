use super::location_tools::LocationTools;
use crate::layout::Way;
use crate::{
    layout::may_manage,
    ui::{icon::Icon, number::count},
};
use domain::{company::Location, permissions::Area};
use leptos::prelude::*;

/// A location in the list, with Edit and Archive (or Restore).
#[component]
pub fn LocationRow(location: Location, tools: LocationTools) -> impl IntoView {
    let devices = format!("/devices?company={}&location={}", location.company_id, location.id);
    let actions =
        may_manage(Area::Companies).then(|| view! { <RowActions location=location.clone() tools /> });
    view! {
        <tr data-location-id=location.id.to_string()>
            <th scope="row" class="font-medium"><a class="link link-hover" href=format!("/locations/{}", location.id)>{location.name.clone()}</a></th>
            <td class="max-sm:hidden">{location.address.clone()}</td>
            <td class="max-lg:hidden">{location.psa_ref.clone()}</td>
            <td class="num"><Way class="link link-hover" href=devices>{count(location.device_count)}</Way></td>
            <td class="num">{actions}</td>
        </tr>
    }
}

#[component]
fn RowActions(location: Location, tools: LocationTools) -> impl IntoView {
    let edit = format!("Edit {}", location.name);
    let (verb, icon) = if location.archived { ("Restore", "undo") } else { ("Archive", "archive") };
    let archive = format!("{verb} {}", location.name);
    let edited = location.clone();
    view! {
        <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=edit title="Edit" on:click=move |_| tools.dialog.show(Some(edited.clone()))>
            <Icon name="pencil" />
        </button>
        <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=archive title=verb on:click=move |_| tools.toggle_archived(&location)>
            <Icon name=icon />
        </button>
    }
}
