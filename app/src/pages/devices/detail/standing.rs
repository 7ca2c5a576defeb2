use crate::{
    error::AppError,
    layout::may_view,
    pages::reports::{api::load_standing, paths::check_path},
    ui::{
        badge::{Badge, Tone},
        state::ErrorBox,
    },
};
use domain::{
    compliance::{CheckFound, DeviceStanding, Outcome},
    ids::DeviceId,
    permissions::Area,
};
use leptos::prelude::*;

/// How the device on this page stands; `None` where nobody may see or nothing is there.
pub type Found = Resource<Result<Option<DeviceStanding>, AppError>>;

/// Reads it, for those who may see reports.
pub fn read_standing(id: Memo<Option<DeviceId>>) -> Found {
    let may = may_view(Area::Reports);
    Resource::new(
        move || id.get().filter(|_| may),
        |id| async move {
            match id {
                Some(id) => load_standing(id).await.map(Some),
                None => Ok(None),
            }
        },
    )
}

/// Which checks the device fails, with what was found; each leads to the devices that fail it, too.
#[component]
pub fn Standing(standing: Found) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match standing.await {
                    Ok(Some(found)) if found.judged => view! { <Shown found /> }.into_any(),
                    Ok(_) => ().into_any(),
                    // The page says it itself.
                    Err(error) if error.is_not_found() => ().into_any(),
                    Err(error) => {
                        let retry = Callback::new(move |()| standing.refetch());
                        view! { <ErrorBox error retry /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(found: DeviceStanding) -> impl IntoView {
    let DeviceStanding { failing, excepted, unknown, .. } = found;
    let passes = failing.is_empty() && excepted.is_empty();
    let told = |checks: Vec<CheckFound>, outcome: Outcome, (tone, label): (Tone, &'static str)| {
        let row = move |found: CheckFound| {
            // Some checks find no more than they are called.
            let told = Some(found.found).filter(|told| told.trim_end_matches('.') != found.label);
            view! {
                <li class="flex flex-wrap items-baseline gap-x-2">
                    <Badge tone label />
                    <a class="link" href=check_path(found.check, outcome, None)>{found.label}</a>
                    {told.map(|told| view! { <span class="text-muted wrap-anywhere">{told}</span> })}
                </li>
            }
        };
        checks.into_iter().map(row).collect_view()
    };
    let not_known = unknown
        .into_iter()
        .map(|check| {
            view! {
                <li class="flex flex-wrap items-baseline gap-x-2">
                    <Badge tone=Tone::Neutral label="Not known" />
                    <a class="link" href=check_path(check, Outcome::Unknown, None)>{check.name()}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card mb-4 bg-base-100" aria-label="Compliance">
            <div class="card-body gap-1 p-4 text-sm">
                <h2 class="text-base font-semibold">"Compliance"</h2>
                {passes.then(|| view! { <p>"No check fails."</p> })}
                <ul class="flex flex-col gap-1 empty:hidden">
                    {told(failing, Outcome::Failing, (Tone::Warning, "Fails"))}
                    {told(excepted, Outcome::Excepted, (Tone::Neutral, "Exception"))}
                    {not_known}
                </ul>
            </div>
        </section>
    }
}
