//! The wasm entry: hydrates the page that the server rendered.

#[cfg(feature = "split")]
mod parts;

use app::parts::Parts;
use leptos::{mount::hydrate_body, prelude::location};

/// Called by the page's script once the wasm module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    _ = console_log::init_with_level(log::Level::Warn);
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(start(parts()));
}

/// Hydrates once the part of the page is here: without it, the page on screen would be torn down.
async fn start(parts: Parts) {
    let path = location().pathname().unwrap_or_default();
    while !parts.load_for(&path).await {
        app::pause().await;
    }
    hydrate_body(move || app::app(parts));
    app::mark_hydrated().await;
}

#[cfg(feature = "split")]
fn parts() -> Parts {
    parts::all()
}

#[cfg(not(feature = "split"))]
fn parts() -> Parts {
    Parts::here()
}
