use crate::ui::icon::Icon;
use leptos::prelude::*;

/// What is wrong with a form as a whole, above its fields.
#[component]
pub fn FormError(#[prop(into)] text: Signal<Option<String>>) -> impl IntoView {
    let alert = move || {
        text.get().map(|text| {
            view! {
                <div class="alert alert-error alert-soft">
                    <Icon name="alert" class="size-5 shrink-0" />
                    <span>{text}</span>
                </div>
            }
        })
    };
    view! { <div role="alert" class="contents">{alert}</div> }
}
