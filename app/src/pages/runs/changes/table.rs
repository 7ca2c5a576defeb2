use crate::{
    pages::runs::words::{change_tone, field_label, title, value},
    ui::badge::Badge,
};
use domain::run::{Change, FieldChange};
use leptos::prelude::*;

/// Changed rows with their fields before and after, where there are any; cards on a small screen.
#[component]
pub fn ChangesTable(caption: &'static str, changes: Vec<Change>) -> impl IntoView {
    let fields = changes.iter().any(|change| !change.fields.is_empty());
    let rows = changes.into_iter().map(|change| view! { <ChangeTr change fields /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col" class="w-28">"Kind"</th>
                        <th scope="col" class="w-32">"Change"</th>
                        {fields.then(|| view! { <th scope="col" class="w-1/2">"Fields, before and after"</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn ChangeTr(change: Change, fields: bool) -> impl IntoView {
    let (tone, label) = (change_tone(change.change), change.change.label());
    let list = change.fields.into_iter().map(|field| view! { <FieldLine field /> }).collect_view();
    let cell = fields.then(|| {
        view! {
            <td class="align-top text-xs max-md:col-span-2 max-md:p-0">
                <ul class="flex flex-col gap-0.5">{list}</ul>
            </td>
        }
    });
    view! {
        <tr
            class="max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-1 max-md:p-3"
            data-remote-id=change.remote_id
            data-change=change.change.as_str()
        >
            <th scope="row" class="align-top font-medium break-words max-md:p-0">{change.name}</th>
            <td class="align-top max-md:col-start-1 max-md:row-start-2 max-md:p-0 max-md:text-xs max-md:text-muted">{title(&change.entity)}</td>
            <td class="align-top max-md:col-start-2 max-md:row-start-1 max-md:p-0"><Badge tone label /></td>
            {cell}
        </tr>
    }
}

/// "Name: old → new".
#[component]
pub fn FieldLine(field: FieldChange) -> impl IntoView {
    let shown = |text: Option<String>| value(&field.field, text.as_deref());
    let (before, after) = (shown(field.before.clone()), shown(field.after.clone()));
    let empty = || view! { <span class="text-muted italic">"empty"</span> };
    view! {
        <li class="break-words">
            <span class="text-muted">{format!("{}: ", field_label(&field.field))}</span>
            <del class="no-underline">{before.map_or_else(|| empty().into_any(), IntoAny::into_any)}</del>
            <span aria-hidden="true">" → "</span>
            <span class="sr-only">" is now "</span>
            <ins class="font-medium no-underline">{after.map_or_else(|| empty().into_any(), IntoAny::into_any)}</ins>
        </li>
    }
}
