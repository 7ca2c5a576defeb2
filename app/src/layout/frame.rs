use super::{
    allowed::Allowed,
    nav::{Dock, Sidebar},
    set_up_first::SetUpFirst,
    top_bar::TopBar,
};
use crate::ui::{state::Loading, url::sign_in_path};
use domain::session::Me;
use http::request::Parts;
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
    /// Only the server knows.
    Ask,
}

impl Entry {
    /// On the server, from the request's session; the browser takes over what the server said. Known without waiting:
    /// pages inside a `Suspense` would be made several times on the server, each with its own resources.
    fn find() -> Self {
        let known = SharedValue::new(|| match use_context::<Parts>() {
            None => Self::Ask,
            Some(request) => request.extensions.get::<Me>().cloned().map_or(Self::SignIn, Self::In),
        });
        known.into_inner()
    }
}

/// The frame around every signed-in page. Visitors are sent to sign in, and back afterwards (or, from there, to set up
/// the portal); nothing of the page exists for them.
#[component]
pub fn Frame() -> impl IntoView {
    let asked = use_url().with_untracked(|url| match url.search() {
        "" => url.path().to_owned(),
        query => format!("{}?{query}", url.path()),
    });
    match Entry::find() {
        Entry::In(me) if me.second_factor_missing => view! { <SetUpFirst me asked /> }.into_any(),
        Entry::In(me) => view! { <SignedIn me /> }.into_any(),
        Entry::SignIn => view! { <Redirect path=sign_in_path(&asked) /> }.into_any(),
        Entry::Ask => view! { <AskServer asked /> }.into_any(),
    }
}

/// Loads the page anew: it was reached by a link from a page outside of this frame.
#[component]
fn AskServer(asked: String) -> impl IntoView {
    Effect::new(move |_| _ = window().location().set_href(&asked));
    view! { <Loading /> }
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
                    <Allowed>
                        <Outlet />
                    </Allowed>
                </main>
            </div>
        </div>
        <Dock />
    }
}
