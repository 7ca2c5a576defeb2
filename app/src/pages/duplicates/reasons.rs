use crate::ui::badge::{Badge, Tone};
use domain::duplicates::{DuplicateReason, DuplicateSign};
use leptos::prelude::*;

/// How sure the signs make, and which they are.
#[component]
pub fn Reasons(confidence: f64, reasons: Vec<DuplicateReason>) -> impl IntoView {
    let (tone, label) = match confidence {
        0.9.. => (Tone::Success, "Very likely"),
        0.6.. => (Tone::Info, "Likely"),
        _ => (Tone::Neutral, "Possible"),
    };
    #[allow(clippy::cast_possible_truncation, reason = "from 0 to 100")]
    let percent = (confidence * 100.0).round() as i64;
    let reason = |r: DuplicateReason| {
        let class =
            if r.sign == DuplicateSign::OtherSerial { "text-warning wrap-anywhere" } else { "wrap-anywhere" };
        view! { <li class=class>{r.sentence()}</li> }
    };
    view! {
        <span class="inline-flex items-center gap-1.5 whitespace-nowrap">
            <Badge tone label />
            <span class="text-xs text-muted tabular-nums">{format!("{percent} %")}</span>
        </span>
        <ul class="mt-1 text-xs">{reasons.into_iter().map(reason).collect_view()}</ul>
    }
}
