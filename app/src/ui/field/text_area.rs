use super::{FieldFrame, control_id, described_by};
use leptos::{html, prelude::*};

/// A text field of several lines bound to `value`.
#[component]
pub fn TextArea(
    label: &'static str,
    name: &'static str,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] help: Option<&'static str>,
    #[prop(optional)] required: bool,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] placeholder: Option<&'static str>,
) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    let described = described_by(name, error, help.is_some());
    Effect::new(move |_| {
        let text = value.get();
        if let Some(area) = node.get().filter(|area| area.value() != text) {
            area.set_value(&text);
        }
    });
    view! {
        <FieldFrame label name error help required>
            <textarea
                node_ref=node
                id=control_id(name)
                name=name
                rows=rows
                class="textarea w-full"
                class=("textarea-error", move || error.read().is_some())
                required=required
                placeholder=placeholder
                spellcheck="false"
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=move || described.get()
                on:input=move |ev| value.set(event_target_value(&ev))
            >
                {value.get_untracked()}
            </textarea>
        </FieldFrame>
    }
}
