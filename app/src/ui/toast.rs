//! Short messages about what just happened.

use super::{icon::Icon, url::sign_in_path};
use crate::error::AppError;
use leptos::prelude::*;
use std::{sync::Arc, time::Duration};

/// What a toast is about, which decides its color and whether it goes away by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Success,
    Error,
    Info,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Success => "alert alert-success",
            Self::Error => "alert alert-error",
            Self::Info => "alert alert-info",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Success => "check-circle",
            Self::Error => "alert",
            Self::Info => "info",
        }
    }
}

/// An action inside a toast, such as Undo.
#[derive(Clone)]
struct ToastAction {
    label: String,
    run: Arc<dyn Fn() + Send + Sync>,
}

#[derive(Clone)]
struct Toast {
    id: u32,
    kind: Kind,
    text: String,
    action: Option<ToastAction>,
    /// Of toasts with the same slot only the last is shown.
    slot: Option<&'static str>,
}

/// The toasts on screen; get it with [`use_toasts`].
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

/// Makes [`use_toasts`] work below; show them with one [`ToastRegion`].
pub fn provide_toasts() {
    provide_context(Toasts { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
}

/// The toasts of the page around.
pub fn use_toasts() -> Toasts {
    expect_context()
}

impl Toasts {
    /// Something worked; goes away after 6 s.
    pub fn success(self, text: impl Into<String>) {
        self.push(Kind::Success, text.into(), None, Some(6), None);
    }

    /// Something failed; stays until it is dismissed.
    pub fn error(self, text: impl Into<String>) {
        self.push(Kind::Error, text.into(), None, None, None);
    }

    /// The server refused something; stays until it is dismissed. Whose session has ended is led to sign in.
    pub fn refused(self, error: &AppError) {
        self.failed("", error);
    }

    /// The same; `what` says first what did not happen, where that is sure.
    pub fn failed(self, what: &str, error: &AppError) {
        let sign_in = || ToastAction { label: "Sign in".to_owned(), run: Arc::new(sign_in_again) };
        self.push(Kind::Error, error.of(what), error.is_signed_out().then(sign_in), None, None);
    }

    /// Worth knowing; goes away after 6 s.
    pub fn info(self, text: impl Into<String>) {
        self.push(Kind::Info, text.into(), None, Some(6), None);
    }

    /// The same, in place of the last toast of that slot.
    pub fn info_in(self, slot: &'static str, text: impl Into<String>) {
        self.push(Kind::Info, text.into(), None, Some(6), Some(slot));
    }

    /// Something worked and can be followed up, such as undone; goes away after 12 s.
    pub fn with_action(self, text: impl Into<String>, label: impl Into<String>, run: Callback<()>) {
        self.with_undo(text, label, move || _ = run.try_run(()));
    }

    /// The same with a closure, which still works when the page that made it is gone.
    pub fn with_undo(
        self,
        text: impl Into<String>,
        label: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) {
        let action = ToastAction { label: label.into(), run: Arc::new(run) };
        self.push(Kind::Success, text.into(), Some(action), Some(12), None);
    }

    /// The same, in place of the last toast of that slot: one of many that follow each other.
    pub fn with_undo_in(
        self,
        slot: &'static str,
        text: impl Into<String>,
        label: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) {
        let action = ToastAction { label: label.into(), run: Arc::new(run) };
        self.push(Kind::Success, text.into(), Some(action), Some(12), Some(slot));
    }

    fn push(
        self,
        kind: Kind,
        text: String,
        action: Option<ToastAction>,
        seconds: Option<u64>,
        slot: Option<&'static str>,
    ) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.shown.update(|shown| {
            shown.retain(|toast| slot.is_none() || toast.slot != slot);
            shown.push(Toast { id, kind, text, action, slot });
        });
        if let Some(seconds) = seconds {
            self.expire(id, seconds);
        }
    }

    /// Dismisses a toast later; while the reader is at the toasts, they stay.
    fn expire(self, id: u32, seconds: u64) {
        set_timeout(
            move || {
                let reading = document().query_selector("[data-toasts]:hover, [data-toasts]:focus-within");
                match reading {
                    Ok(Some(_)) => self.expire(id, 2),
                    _ => self.dismiss(id),
                }
            },
            Duration::from_secs(seconds),
        );
    }

    fn dismiss(self, id: u32) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// To the sign-in page, and from there back; in another tab while a dialog may hold what somebody has typed.
fn sign_in_again() {
    let here = window().location();
    let asked = [here.pathname(), here.search()].map(Result::unwrap_or_default).concat();
    let address = sign_in_path(&asked);
    match document().query_selector("dialog[open]") {
        Ok(Some(_)) => _ = window().open_with_url_and_target(&address, "_blank"),
        _ => _ = here.set_href(&address),
    }
}

/// Where the toasts appear. Screen readers hear each new one; exactly one per page.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toast toast-end z-50 max-w-full p-3 max-lg:bottom-16 max-sm:inset-x-0" role="status" aria-live="polite" data-toasts>
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <ToastCard toasts toast />
            </For>
        </div>
    }
}

/// One toast with its action and a dismiss button.
#[component]
fn ToastCard(toasts: Toasts, toast: Toast) -> impl IntoView {
    let id = toast.id;
    let action = toast.action.map(|action| {
        let press = move |_| {
            toasts.dismiss(id);
            (action.run)();
        };
        view! { <button type="button" class="btn btn-sm" on:click=press>{action.label}</button> }
    });
    view! {
        <div class=format!("{} flex max-w-md gap-2 py-2 whitespace-normal shadow-lg", toast.kind.class())>
            <Icon name=toast.kind.icon() />
            <span class="grow text-sm">{toast.text}</span>
            {action}
            <button type="button" class="cursor-pointer rounded p-1 hover:bg-base-content/15" aria-label="Dismiss" on:click=move |_| toasts.dismiss(id)>
                <Icon name="close" />
            </button>
        </div>
    }
}
