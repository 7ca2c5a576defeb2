use super::{FieldFrame, control_id, described_by};
use leptos::{html, prelude::*};

/// A one-line text field bound to `value`. What was typed before hydration is kept.
#[component]
pub fn TextField(
    label: &'static str,
    name: &'static str,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] help: Option<&'static str>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] placeholder: Option<&'static str>,
    #[prop(optional)] autofocus: bool,
    #[prop(optional, into)] readonly: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let described = described_by(name, error, help.is_some());
    Effect::new(move |earlier: Option<()>| {
        let text = value.get();
        let Some(input) = node.get() else { return };
        if earlier.is_none() && text.is_empty() && !input.value().is_empty() {
            value.set(input.value());
        } else if input.value() != text {
            input.set_value(&text);
        }
    });
    view! {
        <FieldFrame label name error help required>
            <input
                node_ref=node
                id=control_id(name)
                name=name
                type=kind
                value=value.get_untracked()
                class="input w-full"
                class=("input-error", move || error.read().is_some())
                required=required
                readonly=move || readonly.get()
                autofocus=autofocus
                autocomplete=autocomplete.unwrap_or("off")
                placeholder=placeholder
                spellcheck="false"
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=move || described.get()
                on:input=move |ev| value.set(event_target_value(&ev))
            />
        </FieldFrame>
    }
}
