use super::page::Organizations;
use crate::{
    error::AppError,
    layout::may,
    pages::wizard::{api::quick_match_organizations, current::required, sync_now::SyncNow},
    ui::{
        button::ActionButton,
        filter_tabs::{FilterTab, FilterTabs},
        table::SearchBox,
        toast::use_toasts,
    },
};
use domain::{
    ids::IntegrationId,
    mapping::{QuickMatchResult, StatusCounts},
    role::Role,
    run::RunKind,
};
use leptos::prelude::*;

/// Status tabs, search, Quick Match and Sync now.
#[component]
pub fn Toolbar(page: Organizations) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-3">
            <div class="flex flex-wrap items-center gap-2">
                <SearchBox list=page.list label="Search organizations" />
                <span class="grow"></span>
                <SyncNow current=page.current kind=RunKind::Organizations known=page.known />
                <QuickMatch page />
            </div>
            <Transition fallback=move || view! { <FilterTabs list=page.list name="status" label="Filter by status" tabs=status_tabs(None) /> }>
                {move || Suspend::new(async move {
                    let tabs = status_tabs(page.counts.await.ok());
                    view! { <FilterTabs list=page.list name="status" label="Filter by status" tabs /> }
                })}
            </Transition>
        </div>
    }
}

/// The tabs of a mapping list.
pub fn status_tabs(counts: Option<StatusCounts>) -> Vec<FilterTab> {
    vec![
        FilterTab::new(None, "All", counts.map(|c| c.all)),
        FilterTab::new(Some("mapped"), "Mapped", counts.map(|c| c.mapped)),
        FilterTab::new(Some("pending"), "Pending", counts.map(|c| c.pending)),
        FilterTab::new(Some("unmapped"), "Unmapped", counts.map(|c| c.unmapped)),
        FilterTab::new(Some("ignored"), "Ignored", counts.map(|c| c.ignored)),
    ]
}

/// Maps what is certain and proposes what is near.
#[component]
fn QuickMatch(page: Organizations) -> impl IntoView {
    let toasts = use_toasts();
    let run = Action::new(move |(): &()| {
        let id = page.current.id.get_untracked();
        async move {
            match quick_match(id).await {
                Ok(result) => {
                    page.matched.try_set(Some(result));
                    page.reload();
                    page.current.reload();
                }
                Err(error) => toasts.error(format!("Quick Match did not finish. {}", error.message())),
            }
        }
    });
    let on_press = Callback::new(move |()| _ = run.dispatch(()));
    may(Role::Manage).then(|| {
        view! { <ActionButton label="Quick Match" busy=run.pending() on_press class="btn btn-sm btn-primary" /> }
    })
}

async fn quick_match(id: Option<IntegrationId>) -> Result<QuickMatchResult, AppError> {
    quick_match_organizations(required(id)?, None).await
}
