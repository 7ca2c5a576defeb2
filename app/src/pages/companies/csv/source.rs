use super::file::{MAX_SIZE, read_text};
use crate::ui::{
    button::ActionButton,
    field::{FormError, TextArea},
    icon::Icon,
    number::count,
};
use domain::csv_import::MAX_LINES;
use leptos::{html, prelude::*};

/// The text to import and where it came from.
#[derive(Clone, PartialEq)]
pub struct Source {
    /// File name, or "Pasted text".
    pub name: String,
    pub csv: String,
}

/// Where the text comes from: a dropped or chosen file, or pasted text. `on_source` gets it.
#[component]
pub fn SourcePicker(on_source: Callback<Source>) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    let reading = RwSignal::new(false);
    let take = move |file: web_sys::File| {
        problem.set(None);
        reading.set(true);
        leptos::task::spawn_local(async move {
            let name = file.name();
            let read = read_text(file).await;
            reading.set(false);
            match read {
                Ok(csv) => _ = on_source.try_run(Source { name, csv }),
                Err(sentence) => problem.set(Some(sentence)),
            }
        });
    };
    view! {
        <FormError text=problem />
        <DropZone reading on_file=take />
        <PasteBox on_source />
    }
}

/// A field that takes one file, dropped on it or chosen.
#[component]
fn DropZone(
    #[prop(into)] reading: Signal<bool>,
    on_file: impl Fn(web_sys::File) + Copy + 'static,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            on_file(file);
        }
        // The same file can be chosen again after it was mended.
        input.set_value("");
    };
    let dropped = move |ev: leptos::ev::DragEvent| {
        ev.prevent_default();
        over.set(false);
        if let Some(file) = ev.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
            on_file(file);
        }
    };
    let dragged = move |ev: leptos::ev::DragEvent| {
        ev.prevent_default();
        over.set(true);
    };
    view! {
        <div
            class="flex flex-col items-center gap-2 rounded-box border-2 border-dashed border-control bg-base-100 p-6 text-center"
            class=("border-primary", move || over.get())
            on:dragover=dragged
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <Icon name="upload" class="size-8 opacity-60" />
            <label for="csv-file" class="font-medium">"Drop a CSV file here, or choose one"</label>
            <input
                node_ref=input
                id="csv-file"
                type="file"
                accept=".csv,text/csv,text/plain"
                class="file-input file-input-sm w-full max-w-xs"
                disabled=move || reading.get()
                on:change=chosen
            />
            <p class="text-sm text-muted">
                {format!("UTF-8, at most {} lines and {}.", count(MAX_LINES as i64), MAX_SIZE)}
            </p>
        </div>
    }
}

/// A field for pasted lines, folded away at first.
#[component]
fn PasteBox(on_source: Callback<Source>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let take = Callback::new(move |()| {
        on_source.run(Source { name: "Pasted text".to_owned(), csv: text.get_untracked() })
    });
    view! {
        <details class="mt-3">
            <summary class="cursor-pointer text-sm font-medium">"Paste text instead"</summary>
            <div class="mt-2 flex flex-col items-start gap-2">
                <TextArea label="CSV text" name="csv_text" value=text required=true rows=6 placeholder="name,domain" />
                <ActionButton label="Preview pasted text" disabled=Signal::derive(move || text.read().trim().is_empty()) on_press=take />
            </div>
        </details>
    }
}
