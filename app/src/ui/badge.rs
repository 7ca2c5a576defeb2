//! A small label that says how something stands.

use leptos::prelude::*;

/// How good or bad the thing is that a badge names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Success,
    Warning,
    Error,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Neutral => "badge badge-soft badge-sm whitespace-nowrap",
            Self::Info => "badge badge-soft badge-info badge-sm whitespace-nowrap",
            Self::Success => "badge badge-soft badge-success badge-sm whitespace-nowrap",
            Self::Warning => "badge badge-soft badge-warning badge-sm whitespace-nowrap",
            Self::Error => "badge badge-soft badge-error badge-sm whitespace-nowrap",
        }
    }
}

/// Shows `label` in the color of `tone`. The words carry the meaning, the color only helps.
#[component]
pub fn Badge(#[prop(into)] tone: Signal<Tone>, #[prop(into)] label: Signal<String>) -> impl IntoView {
    view! { <span class=move || tone.try_get().unwrap_or_default().class()>{move || label.try_get()}</span> }
}
