use crate::ui::icon::Icon;
use leptos::prelude::*;

/// Says that there is nothing yet and what to do next; `children` are the buttons for it.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(default = "info")] icon: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col items-center gap-2 rounded-box border border-dashed border-base-300 bg-base-100 px-4 py-10 text-center">
            <Icon name=icon class="size-8 opacity-60" />
            <p class="font-semibold">{title}</p>
            <p class="max-w-prose text-sm text-muted">{text}</p>
            {children.map(|children| view! { <div class="mt-2 flex flex-wrap justify-center gap-2">{children()}</div> })}
        </div>
    }
}
