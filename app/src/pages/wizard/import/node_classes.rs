use super::{node_class_row::NodeClassTr, page::Import};
use crate::{
    error::AppError,
    layout::may_manage,
    pages::wizard::{
        api::{quick_create_node_classes, quick_match_node_classes},
        current::required,
        searches::device_type_search,
    },
    ui::{
        button::ActionButton,
        number::things,
        state::{EmptyState, ErrorBox},
        table::TableSkeleton,
        toast::use_toasts,
    },
};
use domain::{
    ids::IntegrationId,
    mapping::{NodeClassMatchResult, NodeClassRow},
    permissions::Area,
};
use leptos::prelude::*;

/// The node classes found, and which device type each becomes.
#[component]
pub fn NodeClasses(page: Import) -> impl IntoView {
    view! {
        <section aria-labelledby="classes-title" class="flex flex-col gap-2">
            <div class="flex flex-wrap items-center justify-between gap-2">
                <h2 id="classes-title" class="text-lg font-semibold">"Device type mappings"</h2>
                <Buttons page />
            </div>
            <Transition fallback=|| view! { <TableSkeleton rows=4 columns=5 /> }>
                {move || Suspend::new(async move {
                    match page.classes.await {
                        Ok(found) if found.items.is_empty() => {
                            view! {
                                <EmptyState
                                    title="No node classes yet"
                                    text="They appear here with the first device sync."
                                    icon="tag"
                                />
                            }
                                .into_any()
                        }
                        Ok(found) => view! { <Rows page rows=found.items /> }.into_any(),
                        Err(error) => {
                            let retry = Callback::new(move |()| page.classes.refetch());
                            view! { <ErrorBox error retry /> }.into_any()
                        }
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Rows(page: Import, rows: Vec<NodeClassRow>) -> impl IntoView {
    let search = device_type_search();
    let rows = rows.into_iter().map(|row| view! { <NodeClassTr page row search /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Node classes and the device types they become"</caption>
                <thead>
                    <tr>
                        <th scope="col">"NinjaOne type"</th>
                        <th scope="col" class="num w-28">"Device count"</th>
                        <th scope="col" class="w-2/5">"Maps to"</th>
                        <th scope="col" class="w-24">"Auto-sync"</th>
                        <th scope="col" class="w-36">"Actions"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// Quick Match and Quick Create.
#[component]
fn Buttons(page: Import) -> impl IntoView {
    let quick = move |create: bool| {
        let toasts = use_toasts();
        Action::new(move |(): &()| {
            let id = page.current.id.get_untracked();
            async move {
                match run_quick(id, create).await {
                    Ok(result) => {
                        toasts.success(words(result));
                        page.reload();
                    }
                    Err(error) => toasts.refused(&error),
                }
            }
        })
    };
    let (matching, creating) = (quick(false), quick(true));
    may_manage(Area::Mappings).then(|| {
        let on_match = Callback::new(move |()| _ = matching.dispatch(()));
        let on_create = Callback::new(move |()| _ = creating.dispatch(()));
        view! {
            <div class="flex flex-wrap gap-2">
                <ActionButton label="Quick Match" busy=matching.pending() on_press=on_match class="btn btn-sm btn-primary" />
                <ActionButton label="Quick Create" busy=creating.pending() on_press=on_create />
            </div>
        }
    })
}

async fn run_quick(id: Option<IntegrationId>, create: bool) -> Result<NodeClassMatchResult, AppError> {
    let id = required(id)?;
    if create { quick_create_node_classes(id).await } else { quick_match_node_classes(id).await }
}

fn words(r: NodeClassMatchResult) -> String {
    match (r.mapped, r.created) {
        (0, 0) => {
            "There was nothing to map: every node class is decided or has no matching device type.".to_owned()
        }
        (mapped, 0) => format!("{} mapped.", things(mapped, "node class", "node classes")),
        (mapped, created) => format!(
            "{} mapped, {} created.",
            things(mapped, "node class", "node classes"),
            things(created, "device type", "device types")
        ),
    }
}
