use super::paths::runs_path;
use crate::pages::wizard::Current;
use leptos::prelude::*;

/// Integrations > name > `here`; with `runs`, the history stands before `here`.
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
                {runs.then(|| view! { <li><a href=move || current.id.get().map(runs_path)>"History"</a></li> })}
                <li>{here}</li>
            </ul>
        </nav>
    }
}
