use super::{ThemeSwitch, sign_out::SignOutForm};
use domain::session::Me;
use leptos::prelude::*;
use leptos_router::components::{Outlet, Redirect};

const ACCOUNT: &str = "/account";

/// The frame of who has to set up a second factor first: the account's page, which does that, and the way out. Nothing leads
/// elsewhere. `asked` is the address that was asked for.
#[component]
pub fn SetUpFirst(me: Me, asked: String) -> impl IntoView {
    if asked != ACCOUNT {
        return view! { <Redirect path=ACCOUNT /> }.into_any();
    }
    let portal = me.tenant.name.clone();
    provide_context(me);
    view! {
        <div class="min-h-screen">
            <header class="sticky top-0 z-20 flex h-14 items-center gap-2 border-b border-base-300 bg-base-100 px-4 lg:px-6">
                <img src="/favicon.svg" alt="" width="24" height="24" class="shrink-0" />
                <span class="truncate font-semibold">{portal}</span>
                <div class="ml-auto flex shrink-0 items-center gap-1">
                    <ThemeSwitch />
                    <SignOutForm class="btn btn-ghost btn-sm" />
                </div>
            </header>
            <main id="main" tabindex="-1" class="mx-auto w-full max-w-xl px-4 pt-4 pb-24 outline-none lg:pt-6">
                <Outlet />
            </main>
        </div>
    }
    .into_any()
}
