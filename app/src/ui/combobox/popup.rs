//! The open list of a combobox.

use super::model::{Found, Model};
use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

/// Narrowest list, in CSS pixels.
const MIN_WIDTH: f64 = 260.0;
/// Tallest list, in CSS pixels.
const MAX_HEIGHT: f64 = 320.0;
/// Room kept to the window's edge.
const EDGE: f64 = 8.0;

/// Where the list stands, property by property: a page takes no `style` attributes. `None` where there is nothing to say.
#[derive(Clone, Default)]
struct Place {
    left: Option<String>,
    width: Option<String>,
    max_height: Option<String>,
    top: Option<String>,
    bottom: Option<String>,
}

/// The list under (or over) its field: what was found, then the actions. In: the model and the field. Out: nothing; a
/// press on an entry goes to the model.
#[component]
pub fn Popup(model: Model, input: NodeRef<html::Input>, label: Signal<String>) -> impl IntoView {
    let place = RwSignal::new(untrack(|| placed(input)).unwrap_or_default());
    follow(input, place);
    Effect::new(move || scroll_to_active(model));
    view! {
        <div
            class="fixed z-50 flex flex-col overflow-hidden rounded-box border border-base-300 bg-base-100 shadow-lg"
            style:left=move || place.get().left
            style:width=move || place.get().width
            style:max-height=move || place.get().max_height
            style:top=move || place.get().top
            style:bottom=move || place.get().bottom
            on:mousedown=|event| event.prevent_default()
        >
            <Message model />
            <ul
                role="listbox"
                id=model.list_id()
                aria-label=move || label.get()
                aria-busy=move || model.loading.get().to_string()
                class="min-h-0 grow overflow-y-auto p-1 text-sm transition-opacity"
                class:opacity-60=move || model.loading.get()
                class:delay-150=move || model.loading.get()
            >
                <Options model />
                <Actions model />
            </ul>
        </div>
    }
}

/// What there is to say instead of choices.
#[component]
fn Message(model: Model) -> impl IntoView {
    let text = move || match model.found.get() {
        Found::Nothing if model.loading.get() => Some("Loading…".to_owned()),
        Found::Failed(error) => Some(error.message().to_owned()),
        Found::Options(o) if o.is_empty() && !model.loading.get() => Some("Nothing found.".to_owned()),
        _ => None,
    };
    view! {
        <p role="status" class="px-3 text-sm text-muted" class:py-2=move || text().is_some()>
            {text}
        </p>
    }
}

/// The choices.
#[component]
fn Options(model: Model) -> impl IntoView {
    move || {
        let options = model.options().into_iter().enumerate();
        options
            .map(|(index, option)| {
                let chosen = move |id: &str| model.selected.with(|s| s.as_ref().is_some_and(|(i, _)| i == id));
                let marked = chosen(&option.id);
                view! {
                    <Entry model index>
                        <span class="block truncate" class:font-semibold=marked>{option.text}</span>
                        {option.detail.map(|d| view! { <span class="block truncate text-xs text-muted">{d}</span> })}
                    </Entry>
                }
            })
            .collect_view()
    }
}

/// The actions after the choices.
#[component]
fn Actions(model: Model) -> impl IntoView {
    move || {
        let first = model.options().len();
        let actions = model.extra.get().into_iter().enumerate();
        actions
            .map(|(i, action)| {
                let divided = i == 0 && first != 0;
                view! {
                    <Entry model index=first + i divided>
                        <span class="block truncate text-primary">{action.label}</span>
                    </Entry>
                }
            })
            .collect_view()
    }
}

/// One entry. In: its index and look. Out: a press chooses it.
#[component]
fn Entry(model: Model, index: usize, #[prop(optional)] divided: bool, children: Children) -> impl IntoView {
    let active = move || model.active.get() == Some(index);
    view! {
        <li
            role="option"
            id=model.entry_id(index)
            aria-selected=move || active().to_string()
            class="cursor-pointer rounded-field px-2 py-1.5"
            class=("bg-base-200", active)
            class=("outline-1", active)
            class=("outline-base-content/30", active)
            class=("mt-1", divided)
            on:mousemove=move |_| {
                if model.is_alive() && model.active.get_untracked() != Some(index) {
                    model.active.set(Some(index));
                }
            }
            on:click=move |_| model.choose(index)
        >
            {children()}
        </li>
    }
}

/// Keeps the list at its field while anything scrolls or the window changes.
fn follow(input: NodeRef<html::Input>, place: RwSignal<Place>) {
    let update = move || {
        if let Some(now) = untrack(|| placed(input)) {
            place.try_set(now);
        }
    };
    Effect::new(move || {
        update();
        // Scrolling of an inner box does not bubble: listen while the event is captured.
        let listener = StoredValue::new_local(Closure::<dyn Fn()>::new(update));
        listener.with_value(|l| {
            let f = l.as_ref().unchecked_ref();
            _ = window().add_event_listener_with_callback_and_bool("scroll", f, true);
            _ = window().add_event_listener_with_callback("resize", f);
        });
        on_cleanup(move || {
            listener.try_with_value(|l| {
                let f = l.as_ref().unchecked_ref();
                _ = window().remove_event_listener_with_callback_and_bool("scroll", f, true);
                _ = window().remove_event_listener_with_callback("resize", f);
            });
        });
    });
}

/// The place of the list: under its field, or over it where there is more room.
fn placed(input: NodeRef<html::Input>) -> Option<Place> {
    let rect = input.get()?.get_bounding_client_rect();
    let (width, height) = (window().inner_width().ok()?.as_f64()?, window().inner_height().ok()?.as_f64()?);
    let wide = rect.width().max(MIN_WIDTH).min(width - 2.0 * EDGE);
    let left = rect.left().min(width - wide - EDGE).max(EDGE);
    let (above, below) = (rect.top() - EDGE, height - rect.bottom() - EDGE);
    let up = below < MAX_HEIGHT && above > below;
    let tall = (if up { above } else { below } - 4.0).clamp(96.0, MAX_HEIGHT);
    // Whole pixels: the formatter of floating point is a lot of code for the browser.
    let pixels = |size: f64| Some(format!("{}px", size as i64));
    Some(Place {
        left: pixels(left),
        width: pixels(wide),
        max_height: pixels(tall),
        top: if up { None } else { pixels(rect.bottom() + 4.0) },
        bottom: if up { pixels(height - rect.top() + 4.0) } else { None },
    })
}

/// Brings the active entry into view.
fn scroll_to_active(model: Model) {
    let Some(entry) = model.active_id().and_then(|id| document().get_element_by_id(&id)) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    entry.scroll_into_view_with_scroll_into_view_options(&options);
}
