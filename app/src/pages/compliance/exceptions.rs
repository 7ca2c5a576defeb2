use super::api::remove_exception;
use crate::{
    layout::may_manage,
    ui::{
        badge::{Badge, Tone},
        list::ListState,
        state::EmptyState,
        table::{Pager, SortHeader, TableBox},
        time::When,
        toast::use_toasts,
    },
};
use domain::{
    compliance::{ComplianceException, date},
    ids::ExceptionId,
    page::Listing,
    permissions::Area,
};
use leptos::prelude::*;

/// Who may fail what, why and until when; those that are over stay until somebody removes them.
#[component]
pub fn Exceptions(
    list: ListState,
    found: Listing<ComplianceException>,
    again: Callback<()>,
) -> impl IntoView {
    if found.total == 0 {
        return view! { <EmptyState title="No exceptions" text="Every device has to pass every check that is on." icon="check-circle" /> }
            .into_any();
    }
    let toasts = use_toasts();
    let remove = Action::new(move |(id, name): &(ExceptionId, String)| {
        let (id, name) = (*id, name.clone());
        async move {
            match remove_exception(id).await {
                Ok(()) => toasts.success(format!("The exception for {name} is removed.")),
                Err(error) => toasts.error(error.message()),
            }
            _ = again.try_run(());
        }
    });
    let (total, page_size, page) = (found.total, found.page_size, found.page);
    let rows = found.items.into_iter().map(|exception| view! { <Row exception remove /> }).collect_view();
    view! {
        <TableBox>
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Exceptions"</caption>
                <thead>
                    <tr>
                        <SortHeader list field="company" label="For" />
                        <SortHeader list field="check" label="Check" />
                        <th scope="col">"Reason"</th>
                        <SortHeader list field="until" label="Last day" />
                        <SortHeader list field="created_at" label="Added" class="max-md:hidden" />
                        <th scope="col"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
        <Pager list total page_size page />
    }
    .into_any()
}

#[component]
fn Row(exception: ComplianceException, remove: Action<(ExceptionId, String), ()>) -> impl IntoView {
    let id = exception.id;
    let company = exception.company.name;
    let (name, under) = match exception.device {
        Some(device) => (device, Some(company)),
        None => (company, Some("All its devices".to_owned())),
    };
    let whose = name.clone();
    let button = may_manage(Area::Reports).then(|| {
        view! {
            <button type="button" class="btn btn-ghost btn-xs" aria-label=format!("Remove the exception for {name}")
                on:click=move |_| _ = remove.dispatch((id, whose.clone()))>
                "Remove"
            </button>
        }
    });
    let reason = exception.reason;
    view! {
        <tr data-exception-id=id.to_string() class="max-md:flex max-md:flex-col max-md:gap-1 max-md:p-3">
            <th scope="row" class="font-medium wrap-anywhere max-md:p-0">
                {name.clone()}
                <span class="block text-xs font-normal text-muted">{under}</span>
            </th>
            <td class="max-md:p-0">{exception.check.name()}</td>
            <td class="max-md:p-0 max-md:text-xs">{reason}</td>
            <td class="max-md:p-0 max-md:text-xs max-md:empty:hidden">
                {exception.until.map(|day| date(day.date_naive()))}
                {exception.expired.then(|| view! { <span class="block"><Badge tone=Tone::Warning label="Over" /></span> })}
            </td>
            <td class="max-md:hidden">
                <When time=exception.created_at />
                <span class="block text-xs text-muted">{exception.created_by}</span>
            </td>
            <td class="num max-md:p-0 max-md:text-left max-md:empty:hidden">{button}</td>
        </tr>
    }
}
