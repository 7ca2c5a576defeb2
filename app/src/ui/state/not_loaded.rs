use crate::ui::icon::Icon;
use leptos::prelude::*;
use leptos_meta::Title;

/// In place of a page whose code did not arrive. Loading the page anew tries it again.
#[component]
pub fn NotLoaded() -> impl IntoView {
    let again = move |_| _ = window().location().reload();
    view! {
        <Title text="Not loaded" />
        <div class="alert alert-error alert-soft items-start" role="alert">
            <Icon name="alert" class="mt-0.5 size-5 shrink-0" />
            <p class="grow">"This page did not load. The connection is lost, or MSPortal was updated meanwhile."</p>
            <button type="button" class="btn btn-sm" on:click=again>"Load again"</button>
        </div>
    }
}
