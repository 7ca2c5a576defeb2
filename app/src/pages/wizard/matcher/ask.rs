use crate::ui::dialog::ConfirmDialog;
use leptos::prelude::*;
use std::sync::Arc;

type Go = Arc<dyn Fn() + Send + Sync>;

/// A question before something is done that the server wants confirmed. One dialog for a page.
#[derive(Clone, Copy)]
pub struct Ask {
    open: RwSignal<bool>,
    text: RwSignal<String>,
    go: StoredValue<Option<Go>>,
}

impl Ask {
    #[expect(clippy::new_without_default, reason = "it makes signals, which a default should not")]
    pub fn new() -> Self {
        Self { open: RwSignal::new(false), text: RwSignal::new(String::new()), go: StoredValue::new(None) }
    }

    /// Asks; `go` is called when the user says yes.
    pub fn ask(self, text: String, go: impl Fn() + Send + Sync + 'static) {
        self.text.try_set(text);
        self.go.try_set_value(Some(Arc::new(go)));
        self.open.try_set(true);
    }
}

/// The dialog of [`Ask`].
#[component]
pub fn AskDialog(ask: Ask) -> impl IntoView {
    let on_confirm = Callback::new(move |()| {
        ask.open.set(false);
        if let Some(go) = ask.go.get_value() {
            go();
        }
    });
    view! { <ConfirmDialog open=ask.open title="Please confirm" text=ask.text confirm="Yes, go on" on_confirm /> }
}
