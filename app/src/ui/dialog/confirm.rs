use super::Dialog;
use crate::ui::button::ActionButton;
use leptos::prelude::*;

/// Asks before something is done. `on_confirm` does it and closes the dialog by setting `open` to false.
#[component]
pub fn ConfirmDialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] confirm: Signal<String>,
    #[prop(optional, into)] busy: Signal<bool>,
    on_confirm: Callback<()>,
    #[prop(default = "btn btn-primary")] class: &'static str,
) -> impl IntoView {
    view! {
        <Dialog open title>
            <p class="text-sm">{move || text.get()}</p>
            <div class="modal-action">
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <ActionButton label=confirm busy on_press=on_confirm class />
            </div>
        </Dialog>
    }
}
