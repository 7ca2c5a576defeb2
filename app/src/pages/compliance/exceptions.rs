use super::api::{add_exception, remove_exception};
use crate::{
    layout::{may_manage, may_open},
    pages::reports::{ExceptionState, Present, Wanted},
    ui::{
        badge::{Badge, Tone},
        list::ListState,
        state::EmptyState,
        table::{Pager, SortHeader, TableBox},
        time::When,
        toast::{Toasts, use_toasts},
    },
};
use domain::{
    compliance::{ComplianceException, date},
    page::Listing,
    permissions::Area,
};
use leptos::{prelude::*, task::spawn_local};

/// Who may fail what, why and until when; those that are over stay until somebody removes them.
#[component]
pub fn Exceptions(
    list: ListState,
    found: Listing<ComplianceException>,
    again: Callback<()>,
    change: ExceptionState,
) -> impl IntoView {
    if found.total == 0 && untrack(|| list.is_narrowed(&[])) {
        return view! {
            <EmptyState title="No exception fits" text="No exception fits the search." icon="search">
                <a class="btn btn-sm" href=list.path()>"Show all"</a>
            </EmptyState>
        }
        .into_any();
    }
    if found.total == 0 {
        return view! { <EmptyState title="No exceptions" text="Every device has to pass every check that is on." icon="check-circle" /> }
            .into_any();
    }
    let toasts = use_toasts();
    let remove = Action::new(move |exception: &ComplianceException| {
        let exception = exception.clone();
        async move {
            match remove_exception(exception.id).await {
                Ok(()) => {
                    let done = format!("The exception for {} is removed.", called(&exception));
                    // One that is over could not be made again as it was.
                    match exception.expired {
                        true => toasts.success(done),
                        false => {
                            toasts
                                .with_undo(done, "Undo", move || put_back(exception.clone(), toasts, again));
                        }
                    }
                }
                Err(error) => toasts.refused(&error),
            }
            _ = again.try_run(());
        }
    });
    let (total, page_size, page) = (found.total, found.page_size, found.page);
    let rows =
        found.items.into_iter().map(|exception| view! { <Row exception remove change /> }).collect_view();
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

/// Whom it is for.
fn called(exception: &ComplianceException) -> String {
    exception.device.clone().unwrap_or_else(|| exception.company.name.clone())
}

/// The last day as a form has it.
fn until(exception: &ComplianceException) -> String {
    exception.until.map(|day| day.date_naive().to_string()).unwrap_or_default()
}

/// What the dialog changes.
fn wanted(exception: &ComplianceException) -> Wanted {
    let device = exception.device_id;
    Wanted {
        check: exception.check,
        device,
        company: Some(exception.company.id).filter(|_| device.is_none()),
        name: called(exception),
        present: Some(Present {
            id: exception.id,
            version: exception.version,
            reason: exception.reason.clone(),
            until: until(exception),
        }),
    }
}

/// Makes an exception again that was removed.
fn put_back(exception: ComplianceException, toasts: Toasts, again: Callback<()>) {
    spawn_local(async move {
        let (device, until) = (exception.device_id, Some(until(&exception)));
        let company = Some(exception.company.id).filter(|_| device.is_none());
        match add_exception(exception.check, device, company, exception.reason, until).await {
            Ok(_) => toasts.success("The exception is there again."),
            Err(error) => toasts.refused(&error),
        }
        _ = again.try_run(());
    });
}

#[component]
fn Row(
    exception: ComplianceException,
    remove: Action<ComplianceException, ()>,
    change: ExceptionState,
) -> impl IntoView {
    let id = exception.id;
    let name = called(&exception);
    let (whole, wanted) = (exception.clone(), wanted(&exception));
    let company = exception.company;
    let (path, under) = match exception.device_id {
        Some(device) => (format!("/devices/{device}"), company.name),
        None => (format!("/companies/{}", company.id), "All its devices".to_owned()),
    };
    let whose = match may_open(&path) {
        true => view! { <a class="link" href=path>{name.clone()}</a> }.into_any(),
        false => name.clone().into_any(),
    };
    let check = exception.check.name();
    let button = may_manage(Area::Reports).then(|| {
        view! {
            <button type="button" class="btn btn-ghost btn-xs" aria-label=format!("Change the exception for {name}: {check}")
                on:click=move |_| change.show(wanted.clone())>
                "Change"
            </button>
            <button type="button" class="btn btn-ghost btn-xs" aria-label=format!("Remove the exception for {name}: {check}")
                on:click=move |_| _ = remove.dispatch(whole.clone())>
                "Remove"
            </button>
        }
    });
    let reason = exception.reason;
    view! {
        <tr data-exception-id=id.to_string() class="max-md:flex max-md:flex-col max-md:gap-1 max-md:p-3">
            <th scope="row" class="font-medium wrap-anywhere md:min-w-40 max-md:p-0">
                {whose}
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
