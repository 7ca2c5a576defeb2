use crate::layout::may;
use domain::role::Role;
use leptos::prelude::*;

/// What Quick Match proposes for a row: the name, how sure it is and why. Out: `on_accept`.
#[component]
pub fn Proposal(
    text: String,
    confidence: f64,
    reasons: Vec<String>,
    on_accept: Callback<()>,
) -> impl IntoView {
    let percent = (confidence.clamp(0.0, 1.0) * 100.0).round() as i64;
    let label = format!("Accept {text}");
    view! {
        <div class="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs" data-testid="proposal">
            <span>
                "Proposed: " <strong class="font-semibold">{text}</strong>
                <span class="text-muted">{format!(", {percent} % sure")}</span>
            </span>
            {may(Role::Manage).then(|| view! {
                <button type="button" class="btn btn-xs btn-primary btn-soft" aria-label=label on:click=move |_| _ = on_accept.try_run(())>
                    "Accept"
                </button>
            })}
            {(!reasons.is_empty()).then(|| view! { <span class="basis-full text-muted">{reasons.join(" · ")}</span> })}
        </div>
    }
}
