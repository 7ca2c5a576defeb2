use super::{
    nav::{Dock, Sidebar},
    top_bar::TopBar,
};
use crate::{
    error::AppError,
    pages::session::api::{load_me, load_portal_state},
    ui::{state::ErrorBox, url::encode},
};
use domain::session::Me;
use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::use_url,
};
use serde::{Deserialize, Serialize};

/// What the door says to a visitor.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Entry {
    In(Me),
    SignIn,
    Setup,
    Failed(AppError),
}

async fn enter() -> Entry {
    match load_me().await {
        Ok(me) => Entry::In(me),
        Err(error) if error.is_unauthenticated() => match load_portal_state().await {
            Ok(state) if state.created => Entry::SignIn,
            Ok(_) => Entry::Setup,
            Err(error) => Entry::Failed(error),
        },
        Err(error) => Entry::Failed(error),
    }
}

/// The frame around every signed-in page. Visitors are sent to sign in (and back afterwards), or to set up the
/// portal; nothing of the page exists for them.
#[component]
pub fn Frame() -> impl IntoView {
    let asked = use_url().with_untracked(|url| match url.search() {
        "" => url.path().to_owned(),
        query => format!("{}?{query}", url.path()),
    });
    let entry = Resource::new_blocking(|| (), |()| enter());
    view! {
        <Suspense>
            {move || {
                let asked = asked.clone();
                Suspend::new(async move {
                    match entry.await {
                        Entry::In(me) => view! { <SignedIn me /> }.into_any(),
                        Entry::SignIn => view! { <Redirect path=sign_in_address(&asked) /> }.into_any(),
                        Entry::Setup => view! { <Redirect path="/setup" /> }.into_any(),
                        Entry::Failed(error) => {
                            let retry = Callback::new(move |()| entry.refetch());
                            view! { <main class="p-6"><ErrorBox error retry /></main> }.into_any()
                        }
                    }
                })
            }}
        </Suspense>
    }
}

fn sign_in_address(asked: &str) -> String {
    if asked == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={}", encode(asked)) }
}

/// Navigation, top bar and the page itself.
#[component]
fn SignedIn(me: Me) -> impl IntoView {
    provide_context(me);
    view! {
        <a href="#main" rel="external" class="skip-link">"Skip to content"</a>
        <div class="flex min-h-screen">
            <Sidebar />
            <div class="flex min-w-0 grow flex-col">
                <TopBar />
                <main id="main" tabindex="-1" class="mx-auto w-full max-w-7xl grow px-4 pt-4 pb-24 outline-none lg:px-6 lg:pt-6 lg:pb-10">
                    <Outlet />
                </main>
            </div>
        </div>
        <Dock />
    }
}
