use crate::ui::icon::Icon;
use leptos::prelude::*;

/// The way up to the list that a page belongs to.
#[component]
pub fn BackLink(#[prop(into)] href: String, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <nav class="mb-2" aria-label="Breadcrumb">
            <a href=href class="inline-flex items-center gap-1 text-sm text-muted hover:text-base-content hover:underline">
                <Icon name="chevron-left" />
                {label}
            </a>
        </nav>
    }
}
