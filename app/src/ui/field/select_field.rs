use super::{FieldFrame, control_id, described_by};
use leptos::prelude::*;

/// A choice out of `options` (value, text) bound to `value`.
#[component]
pub fn SelectField(
    label: &'static str,
    name: &'static str,
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] help: Option<&'static str>,
    #[prop(default = true)] required: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let described = described_by(name, error, help.is_some());
    let choices = move || {
        let option = move |(key, text): (String, String)| {
            let chosen = key.clone();
            let at_first = *value.read_untracked() == key;
            view! { <option value=key selected=at_first prop:selected=move || *value.read() == chosen>{text}</option> }
        };
        options.get().into_iter().map(option).collect_view()
    };
    view! {
        <FieldFrame label name error help required>
            <select
                id=control_id(name)
                name=name
                class="select w-full"
                class=("select-error", move || error.read().is_some())
                required=required
                disabled=move || disabled.get()
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=move || described.get()
                on:change=move |ev| value.set(event_target_value(&ev))
            >
                {choices}
            </select>
        </FieldFrame>
    }
}
