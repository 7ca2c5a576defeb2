use super::api::load_portal_state;
use crate::{layout::PlainFrame, ui::state::ErrorBox};
use domain::session::PortalState;
use leptos::prelude::*;
use leptos_meta::Title;

/// A page for those who are not signed in, that depends on how the portal stands.
///
/// In: its title, what `show` makes of the portal's state; `children` stand above that and wait for nothing.
#[component]
pub fn StatePage<S>(
    title: &'static str,
    show: S,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView
where
    S: Fn(PortalState) -> AnyView + Clone + Send + Sync + 'static,
{
    let state = Resource::new_blocking(|| (), |()| load_portal_state());
    view! {
        <Title text=title />
        <PlainFrame>
            {children.map(|children| children())}
            <Suspense>
                {move || {
                    let show = show.clone();
                    Suspend::new(async move {
                        match state.await {
                            Ok(state) => show(state),
                            Err(error) => {
                                let retry = Callback::new(move |()| state.refetch());
                                view! { <ErrorBox error retry /> }.into_any()
                            }
                        }
                    })
                }}
            </Suspense>
        </PlainFrame>
    }
}
