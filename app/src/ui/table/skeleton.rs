use leptos::prelude::*;

/// Grey bars in the shape of a table while its rows load.
#[component]
pub fn TableSkeleton(#[prop(default = 8)] rows: usize, #[prop(default = 4)] columns: usize) -> impl IntoView {
    let row = move |_| {
        let cells = (0..columns).map(|_| view! { <div class="skeleton h-4 grow"></div> }).collect_view();
        view! { <div class="flex gap-4 p-3">{cells}</div> }
    };
    view! {
        <div class="rounded-box border border-base-300 bg-base-100" aria-busy="true">
            <span class="sr-only" role="status">"Loading"</span>
            {(0..rows).map(row).collect_view()}
        </div>
    }
}
