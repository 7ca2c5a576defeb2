use super::{
    api::compare_duplicates, choice::Choice, decide::Decide, fields::FieldTr, heads::DeviceHead,
    reasons::Reasons,
};
use crate::{
    error::AppError,
    layout::{Gone, PageHead, may_manage},
    ui::{
        state::{ErrorBox, Loading},
        time::When,
    },
};
use domain::{
    duplicates::{DuplicateComparison, DuplicateState},
    error::UserError,
    ids::DuplicateId,
    permissions::Area,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Two devices side by side, and the decision about them.
#[component]
pub fn ComparePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<DuplicateId>().ok()));
    let pair = Resource::new(move || id.get(), read);
    let changed = Callback::new(move |()| pair.refetch());
    view! {
        <nav aria-label="Breadcrumb" class="breadcrumbs p-0 pb-1 text-sm">
            <ul>
                <li><a href="/devices">"Devices"</a></li>
                <li><a href="/duplicates">"Duplicates"</a></li>
                <li>"Pair"</li>
            </ul>
        </nav>
        <Transition fallback=|| view! { <Loading /> }>
            {move || Suspend::new(async move {
                match pair.await {
                    Ok(found) => view! { <Shown found changed /> }.into_any(),
                    Err(error) if error.is_not_found() => {
                        view! { <Gone what="pair" icon="devices" href="/duplicates" label="Show all duplicates" /> }.into_any()
                    }
                    Err(error) => view! { <PageHead title="Duplicates" /><ErrorBox error retry=changed /> }.into_any(),
                }
            })}
        </Transition>
    }
}

async fn read(id: Option<DuplicateId>) -> Result<DuplicateComparison, AppError> {
    compare_duplicates(id.ok_or_else(|| UserError::not_found("pair of devices"))?).await
}

#[component]
fn Shown(found: DuplicateComparison, changed: Callback<()>) -> impl IntoView {
    let pair = found.pair.clone();
    // Who may not merge them has nothing to choose.
    let open = pair.state == DuplicateState::Open && may_manage(Area::Devices);
    let hidden = pair.hidden.filter(|_| pair.state == DuplicateState::Merged);
    let choice = Choice::new(found.clone());
    let title = match pair.state {
        DuplicateState::Open => "Are these the same device?",
        DuplicateState::NotSame => "Not the same device",
        DuplicateState::Merged => "Merged devices",
    };
    let by = pair.decided_by.clone().map(|by| {
        view! { <p class="text-sm text-muted">{format!("Decided by {by} ")} {pair.decided_at.map(|time| view! { <When time /> })}</p> }
    });
    // What can be decided first, then what differs.
    let mut fields = found.fields;
    fields.sort_by_key(|f| match (f.differs(), f.field.is_some(), f.left.is_some() && f.right.is_some()) {
        (true, true, true) => 0,
        (true, true, false) => 1,
        (true, false, true) => 2,
        (true, false, false) => 3,
        (false, ..) => 4,
    });
    let rows = fields.into_iter().map(|field| {
        view! { <FieldTr field pair=pair.clone() choice open /> }
    });
    let rows = rows.collect_view();
    view! {
        <PageHead title />
        <div class="-mt-2 mb-2 text-sm">
            <a class="link" href=format!("/companies/{}", pair.company.id)>{pair.company.name.clone()}</a>
            <div class="mt-1"><Reasons confidence=pair.confidence reasons=pair.reasons.clone() /></div>
            {by}
        </div>
        <Decide pair=pair.clone() choice changed />
        <div class="overflow-x-auto rounded-box border border-base-300 bg-base-100" role="region" aria-label="Comparison" tabindex="0">
            <table class="table table-sm table-fixed max-sm:block max-sm:[&_:is(thead,tbody)]:block max-sm:[&_tr]:grid max-sm:[&_tr]:grid-cols-2">
                <caption class="sr-only">"All fields of both devices"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="w-1/5 align-top max-sm:sr-only">"Field"</th>
                        <DeviceHead device=pair.left.clone() choice open hidden />
                        <DeviceHead device=pair.right choice open hidden />
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
