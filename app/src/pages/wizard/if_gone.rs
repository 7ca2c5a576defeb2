use super::current::Current;
use crate::layout::Gone;
use leptos::prelude::*;

/// In place of the page, where the integration that the address names is gone; the rest of the page hides itself, see
/// [`Gone`].
#[component]
pub fn IfGone(current: Current) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                current.data.await.is_err_and(|error| error.is_not_found()).then(|| {
                    view! { <Gone what="integration" icon="plug" href="/settings/integrations" label="Show all integrations" /> }
                })
            })}
        </Transition>
    }
}
