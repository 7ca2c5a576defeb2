use super::{api::archive_company, list::CompanyDialogState};
use crate::{
    layout::may,
    ui::{
        icon::Icon,
        number::count,
        time::When,
        toast::{Toasts, use_toasts},
    },
};
use domain::{company::Company, role::Role};
use leptos::prelude::*;

/// A company in the list, with Edit and Archive (or Restore).
#[component]
pub fn CompanyRow(company: Company, dialog: CompanyDialogState, changed: Callback<()>) -> impl IntoView {
    let href = format!("/companies/{}", company.id);
    let devices = format!("/devices?company={}", company.id);
    let actions = may(Role::Manage).then(|| view! { <RowActions company=company.clone() dialog changed /> });
    view! {
        <tr data-company-id=company.id.to_string()>
            <th scope="row" class="font-medium"><a href=href.clone() class="link link-hover">{company.name.clone()}</a></th>
            <td class="max-sm:hidden">{company.domain.clone()}</td>
            <td class="num max-sm:hidden">{count(company.location_count)}</td>
            <td class="num"><a href=devices class="link link-hover">{count(company.device_count)}</a></td>
            <td class="max-lg:hidden"><When time=company.updated_at /></td>
            <td class="num">{actions}</td>
        </tr>
    }
}

#[component]
fn RowActions(company: Company, dialog: CompanyDialogState, changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let name = company.name.clone();
    let (edit, archive_label, icon) = match company.archived {
        true => (format!("Edit {name}"), format!("Restore {name}"), "undo"),
        false => (format!("Edit {name}"), format!("Archive {name}"), "archive"),
    };
    let subject = company.clone();
    let archive =
        Action::new(move |(): &()| set_archived(subject.clone(), !subject.archived, toasts, changed));
    view! {
        <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=edit title="Edit" on:click=move |_| dialog.show(Some(company.clone()))>
            <Icon name="pencil" />
        </button>
        <button
            type="button"
            class="btn btn-ghost btn-xs btn-square"
            aria-label=archive_label
            title=if icon == "undo" { "Restore" } else { "Archive" }
            disabled=archive.pending()
            on:click=move |_| _ = archive.dispatch(())
        >
            <Icon name=icon />
        </button>
    }
}

/// Archives or restores a company and says so, with a way back.
pub async fn set_archived(company: Company, archived: bool, toasts: Toasts, changed: Callback<()>) {
    let name = company.name.clone();
    match archive_company(company.id, Some(archived)).await {
        Ok(_) if archived => {
            let undo = move || {
                leptos::task::spawn_local(Box::pin(set_archived(company.clone(), false, toasts, changed))
                    as futures::future::LocalBoxFuture<'static, ()>)
            };
            toasts.with_undo(format!("{name} is archived."), "Undo", undo);
        }
        Ok(_) => toasts.success(format!("{name} is back.")),
        Err(error) => toasts.error(error.message()),
    }
    _ = changed.try_run(());
}
