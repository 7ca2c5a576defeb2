use super::{api::list_runs, paths::run_path};
use crate::{
    layout::PageHead,
    pages::wizard::Current,
    ui::{
        badge::Badge,
        list::ListState,
        number::count,
        pending::Pending,
        run_panel::{counted, elapsed, state_tone},
        state::{EmptyState, ErrorBox},
        table::{Pager, TableSkeleton},
        time::When,
    },
};
use domain::{
    error::UserError,
    page::Listing,
    run::{Run, StartedBy},
};
use leptos::prelude::*;

/// The history of an integration: its runs, newest first.
#[component]
pub fn RunsPage() -> impl IntoView {
    let (current, list) = (Current::from_url(), ListState::from_url());
    let runs = Resource::new(
        move || (current.id.get(), list.page_number()),
        |(id, page)| async move {
            let id = id.ok_or_else(|| UserError::not_found("integration"))?;
            list_runs(page, None, None, None, id).await
        },
    );
    let pending = Pending::new();
    view! {
        <Crumbs current here="History" />
        <PageHead title="History" text="Every sync and import of this integration, newest first." />
        <div class:opacity-60=move || pending.is_on() aria-busy=move || pending.is_on().to_string()>
            <Transition fallback=|| view! { <TableSkeleton rows=8 columns=5 /> } set_pending=pending.setter()>
                {move || Suspend::new(async move {
                    match runs.await {
                        Ok(found) if found.total == 0 => {
                            view! {
                                <EmptyState
                                    title="No run yet"
                                    text="Syncs and imports appear here when they start."
                                    icon="clock"
                                />
                            }
                                .into_any()
                        }
                        Ok(found) => view! { <Rows list found /> }.into_any(),
                        Err(error) => {
                            let retry = Callback::new(move |()| runs.refetch());
                            view! { <ErrorBox error retry /> }.into_any()
                        }
                    }
                })}
            </Transition>
        </div>
    }
}

/// Integrations > name > `here`.
#[component]
pub fn Crumbs(current: Current, here: &'static str, #[prop(optional)] runs: bool) -> impl IntoView {
    view! {
        <nav aria-label="Breadcrumb" class="breadcrumbs p-0 pb-1 text-sm">
            <ul>
                <li><a href="/settings/integrations">"Integrations"</a></li>
                <Transition>
                    {move || Suspend::new(async move {
                        let found = current.data.await.ok().flatten();
                        found.map(|i| view! { <li>{i.name}</li> })
                    })}
                </Transition>
                {runs.then(|| view! { <li><a href=move || current.id.get().map(super::runs_path)>"History"</a></li> })}
                <li>{here}</li>
            </ul>
        </nav>
    }
}

#[component]
fn Rows(list: ListState, found: Listing<Run>) -> impl IntoView {
    let rows = found.items.into_iter().map(|run| view! { <RunTr run /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm max-md:block max-md:[&_tr]:border-b max-md:[&_tr]:border-base-300 max-md:[&_:is(td,th)]:border-0">
                <caption class="sr-only">"Runs"</caption>
                <thead class="max-md:hidden">
                    <tr>
                        <th scope="col">"Run"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Started"</th>
                        <th scope="col">"Started by"</th>
                        <th scope="col" class="num">"Duration"</th>
                        <th scope="col">"Counts"</th>
                    </tr>
                </thead>
                <tbody class="max-md:block">{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

/// One run as a row.
#[component]
fn RunTr(run: Run) -> impl IntoView {
    let counts = counted(run.kind, run.counts);
    let some = counts
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(word, n)| format!("{} {}", count(n), word.to_lowercase()));
    let counts = some.collect::<Vec<_>>().join(", ");
    let duration = elapsed(&run, None);
    view! {
        <tr class="max-md:flex max-md:flex-col max-md:gap-1 max-md:p-3" data-run-id=run.id.to_string() data-run-state=run.state.as_str()>
            <th scope="row" class="font-medium max-md:p-0">
                <a class="link" href=run_path(run.integration_id, run.id)>{run.kind.label()}</a>
            </th>
            <td class="max-md:p-0"><Badge tone=state_tone(run.state) label=run.state.label() /></td>
            <td class="max-md:p-0"><When time=run.started_at.unwrap_or(run.created_at) /></td>
            <td class="max-md:p-0">{starter(&run)}</td>
            <td class="num max-md:p-0 max-md:text-left">{duration}</td>
            <td class="max-md:p-0">{if counts.is_empty() { "Nothing".to_owned() } else { counts }}</td>
        </tr>
    }
}

/// Who started a run, in words.
pub fn starter(run: &Run) -> String {
    match run.started_by {
        StartedBy::User => run.user.clone().unwrap_or_else(|| "A user".to_owned()),
        StartedBy::Schedule => "Schedule".to_owned(),
        StartedBy::AutoImport => "Auto-sync".to_owned(),
    }
}
