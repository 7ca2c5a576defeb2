use super::{VIEW, Views, state::address};
use crate::ui::{icon::Icon, list::ListState};
use domain::view::{SavedView, VIEW_KEYS};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::Redirect};

/// An address that names nothing but a view leads to what the view shows; one that is gone is said to be gone.
#[component]
pub fn OpenView(list: ListState, views: Views) -> impl IntoView {
    let wanted = list.get(VIEW);
    let values = VIEW_KEYS.map(|key| list.get(key));
    let bare = Memo::new(move |_| values.iter().all(|value| value.read().is_none()));
    view! {
        <Transition>
            {move || {
                let (id, bare) = (wanted.get(), bare.get());
                Suspend::new(async move {
                    let id = id?;
                    let found: Option<SavedView> =
                        views.await.ok()?.into_iter().find(|v| v.id.to_string() == id);
                    match found {
                        None => Some(view! { <Gone /> }.into_any()),
                        Some(view) if bare && !view.query.is_empty() => {
                            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                            Some(view! { <Redirect path=address(&view) options /> }.into_any())
                        }
                        Some(_) => None,
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Gone() -> impl IntoView {
    view! {
        <div class="alert alert-warning alert-soft mb-3" role="status">
            <Icon name="alert" class="size-5 shrink-0" />
            <span>"This view was deleted, or is not shared any more. Below are all devices."</span>
        </div>
    }
}
