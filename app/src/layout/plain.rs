use super::ThemeSwitch;
use leptos::prelude::*;

/// The frame of set-up and sign-in: the product's name and one card in the middle.
#[component]
pub fn PlainFrame(children: Children) -> impl IntoView {
    view! {
        <div class="flex min-h-screen flex-col">
            <header class="flex h-14 items-center justify-between px-4">
                <span class="flex items-center gap-2 text-lg font-bold">
                    <img src="/favicon.svg" alt="" width="24" height="24" />
                    "MSPortal"
                </span>
                <ThemeSwitch />
            </header>
            <main class="flex grow justify-center px-4 pt-4 pb-16 sm:pt-12">
                <div class="w-full max-w-md">{children()}</div>
            </main>
        </div>
    }
}
