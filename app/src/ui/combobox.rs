//! A searchable dropdown after the combobox pattern of the WAI-ARIA authoring practices.
//!
//! The text field is always there; its list is made when it opens and goes when it closes, so a table may hold a
//! hundred of these. The list is placed in window coordinates, so that no scrolling box clips it.

mod model;
mod popup;
mod save_mark;
mod signed_out;

use crate::error::AppError;
use leptos::{ev, html, prelude::*};
use model::Model;
use popup::Popup;
pub use save_mark::SaveMark;
use signed_out::SignedOut;
use std::{future::Future, pin::Pin};

/// One choice: its id, its text, and what tells it apart from others of that text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComboOption {
    pub id: String,
    pub text: String,
    pub detail: Option<String>,
}

impl ComboOption {
    /// A choice without a second line.
    pub fn new(id: impl ToString, text: impl Into<String>) -> Self {
        Self { id: id.to_string(), text: text.into(), detail: None }
    }
}

/// An action at the end of the list, such as "Create company".
#[derive(Clone, Debug)]
pub struct ComboAction {
    pub label: String,
    pub on_press: Callback<()>,
}

/// What keys do besides, in a table of such fields.
#[derive(Clone, Copy)]
pub struct ComboKeys {
    /// A key while the list is closed; says whether it was for somebody else.
    pub closed: Callback<leptos::ev::KeyboardEvent, bool>,
    /// Enter has chosen an entry of the list.
    pub chosen: Callback<()>,
}

/// Where saving the choice stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SaveState {
    #[default]
    Idle,
    Saving,
    Saved,
    /// Why it was not saved.
    Failed(AppError),
}

/// What the loader answers.
pub type ComboFuture = Pin<Box<dyn Future<Output = Result<Vec<ComboOption>, AppError>> + Send>>;

/// A searchable dropdown that asks `search` for choices while the user types.
///
/// In: the accessible `label`, the `selected` choice (id and text), the loader, actions to offer after the choices, and
/// how saving stands (`mark=false` leaves no room for it, as in a filter), what other keys do (`keys`). Out: `on_select` with the choice, the `on_press` of an action, `on_retry` after a failed save.
#[component]
pub fn Combobox(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] selected: Signal<Option<(String, String)>>,
    search: Callback<String, ComboFuture>,
    on_select: Callback<ComboOption>,
    #[prop(optional, into)] extra: Signal<Vec<ComboAction>>,
    #[prop(optional, into)] state: Signal<SaveState>,
    #[prop(optional)] on_retry: Option<Callback<()>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(default = "Search…")] placeholder: &'static str,
    #[prop(default = true)] mark: bool,
    #[prop(optional)] keys: Option<ComboKeys>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let model = Model::new(selected, search, on_select, extra, keys);
    let text = move || model.shown_text();
    view! {
        <div class="combobox min-w-0">
            <div class="flex items-center gap-2">
                <div class="relative min-w-0 grow">
                    <input
                        node_ref=input
                        type="text"
                        role="combobox"
                        class="input input-sm w-full pr-7 text-ellipsis"
                        autocomplete="off"
                        spellcheck="false"
                        aria-label=move || label.get()
                        aria-autocomplete="list"
                        aria-expanded=move || model.open.get().to_string()
                        aria-controls=move || model.open.get().then(|| model.list_id())
                        aria-activedescendant=move || model.active_id()
                        aria-busy=move || (state.get() == SaveState::Saving).to_string()
                        placeholder=placeholder
                        disabled=move || disabled.get()
                        value=text
                        prop:value=text
                        on:click=move |_| open_and_select(model, input)
                        on:input=move |event| model.type_text(event_target_value(&event))
                        on:keydown=move |event| model.press(&event)
                        on:blur=move |_: ev::FocusEvent| model.close()
                    />
                    <Chevron />
                </div>
                {mark.then(|| view! { <SaveMark state /> })}
            </div>
            <save_mark::SaveFailure state on_retry />
            <SignedOut model />
            <Show when=move || model.open.get()>
                <Popup model input label />
            </Show>
        </div>
    }
}

/// Opens the list and selects the text, so that typing replaces it.
fn open_and_select(model: Model, input: NodeRef<html::Input>) {
    if !model.is_alive() || model.open.get_untracked() {
        return;
    }
    model.show();
    if let Some(input) = input.get_untracked() {
        input.select();
    }
}

/// The arrow that says that the field opens.
#[component]
fn Chevron() -> impl IntoView {
    view! {
        <svg
            class="pointer-events-none absolute right-2 top-1/2 size-4 -translate-y-1/2 text-muted"
            viewBox="0 0 20 20"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            aria-hidden="true"
        >
            <path d="m6 8 4 4 4-4" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}
