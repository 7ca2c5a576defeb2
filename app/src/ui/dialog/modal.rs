use crate::ui::icon::Icon;
use leptos::{html, prelude::*};

/// Shows `children` in a modal dialog while `open`. They are made anew each time it opens.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(default = "modal-box")] class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let wanted = open.get();
        let Some(dialog) = node.get() else { return };
        match (wanted, dialog.open()) {
            (true, false) => _ = dialog.show_modal(),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog node_ref=node class="modal max-sm:modal-bottom text-base-content" aria-label=move || title.get() on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <div class=class>
                    <div class="mb-3 flex items-start justify-between gap-2">
                        <h2 class="min-w-0 text-lg font-semibold wrap-anywhere">{move || title.get()}</h2>
                        <button
                            type="button"
                            class="btn btn-ghost btn-sm btn-square -mt-1 -mr-2"
                            aria-label="Close"
                            on:click=move |_| open.set(false)
                        >
                            <Icon name="close" />
                        </button>
                    </div>
                    {children.with_value(|children| children())}
                </div>
            </Show>
        </dialog>
    }
}
