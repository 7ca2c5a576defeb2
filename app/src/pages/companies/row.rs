use super::tools::CompanyTools;
use crate::layout::Way;
use crate::{
    layout::may_manage,
    ui::{icon::Icon, number::count, time::When},
};
use domain::{company::Company, permissions::Area};
use leptos::prelude::*;

/// A company in the list, with Edit and Archive (or Restore).
#[component]
pub fn CompanyRow(company: Company, tools: CompanyTools) -> impl IntoView {
    let href = format!("/companies/{}", company.id);
    let devices = format!("/devices?company={}", company.id);
    let actions = may_manage(Area::Companies).then(|| view! { <RowActions company=company.clone() tools /> });
    view! {
        <tr data-company-id=company.id.to_string()>
            <th scope="row" class="font-medium"><a href=href class="link link-hover">{company.name.clone()}</a></th>
            <td class="max-sm:hidden">{company.domain.clone()}</td>
            <td class="num max-sm:hidden">{count(company.location_count)}</td>
            <td class="num"><Way class="link link-hover" href=devices>{count(company.device_count)}</Way></td>
            <td class="max-lg:hidden"><When time=company.updated_at /></td>
            <td class="num">{actions}</td>
        </tr>
    }
}

#[component]
fn RowActions(company: Company, tools: CompanyTools) -> impl IntoView {
    let edit = format!("Edit {}", company.name);
    let (verb, icon) = if company.archived { ("Restore", "undo") } else { ("Archive", "archive") };
    let archive = format!("{verb} {}", company.name);
    let edited = company.clone();
    view! {
        <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=edit title="Edit" on:click=move |_| tools.dialog.show(Some(edited.clone()))>
            <Icon name="pencil" />
        </button>
        <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=archive title=verb on:click=move |_| tools.toggle_archived(&company)>
            <Icon name=icon />
        </button>
    }
}
