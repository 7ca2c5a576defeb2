//! The wasm entry: hydrates the page that the server rendered.

/// Called by the page's script once the wasm module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    _ = console_log::init_with_level(log::Level::Warn);
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
