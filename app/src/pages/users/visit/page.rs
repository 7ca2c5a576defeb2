use super::{accept::AcceptForm, dead::DeadLink, reset::ResetForm};
use crate::{layout::PlainFrame, pages::users::api::load_link, ui::state::ErrorBox};
use domain::users::LinkKind;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// What somebody finds behind the link that they were given.
#[component]
pub fn LinkPage() -> impl IntoView {
    let params = use_params_map();
    let token = move || params.read().get("token").unwrap_or_default();
    let link = Resource::new_blocking(token, load_link);
    view! {
        <Title text="Welcome" />
        <PlainFrame>
            <Suspense>
                {move || Suspend::new(async move {
                    match link.await {
                        Ok(link) => {
                            let token = params.read_untracked().get("token").unwrap_or_default();
                            match link.kind {
                                LinkKind::Invitation | LinkKind::SignUp => view! { <AcceptForm token link /> }.into_any(),
                                LinkKind::Password => view! { <ResetForm token link /> }.into_any(),
                            }
                        }
                        Err(error) if error.is_not_found() => view! { <DeadLink error /> }.into_any(),
                        Err(error) => {
                            let retry = Callback::new(move |()| link.refetch());
                            view! { <ErrorBox error retry /> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </PlainFrame>
    }
}
