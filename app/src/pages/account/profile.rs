use crate::layout::use_me;
use leptos::prelude::*;

/// Name, address and role; an administrator changes them.
#[component]
pub fn Profile() -> impl IntoView {
    let me = use_me();
    let facts = [("Name", me.user.name), ("Email", me.user.email), ("Role", me.role_name)];
    let fact = |(name, value): (&'static str, String)| {
        view! {
            <div>
                <dt class="text-sm text-muted">{name}</dt>
                <dd class="break-words">{value}</dd>
            </div>
        }
    };
    view! {
        <section class="card bg-base-100" aria-label="You">
            <dl class="card-body grid grid-cols-1 gap-4 p-4 sm:grid-cols-3">{facts.map(fact).collect_view()}</dl>
        </section>
    }
}
