use crate::ui::{
    badge::{Badge, Tone},
    time::Ago,
};
use domain::{
    Time,
    mapping::{MappedBy, MappingStatus},
};
use leptos::prelude::*;

/// Where a mapping stands, who made it, and when.
#[component]
pub fn Made(
    status: MappingStatus,
    by: Option<MappedBy>,
    name: Option<String>,
    at: Option<Time>,
) -> impl IntoView {
    let (tone, label) = match status {
        MappingStatus::Mapped => (Tone::Success, "Mapped"),
        MappingStatus::Pending => (Tone::Warning, "Pending"),
        MappingStatus::Unmapped => (Tone::Neutral, "Unmapped"),
        MappingStatus::Ignored => (Tone::Neutral, "Ignored"),
    };
    let who = match (by, name) {
        (Some(MappedBy::QuickMatch), _) => Some("by Quick Match".to_owned()),
        (Some(MappedBy::Manual), Some(name)) => Some(format!("by {name}")),
        _ => None,
    };
    view! {
        <Badge tone label />
        {who.map(|who| view! {
            <span class="block text-xs text-muted">
                {who}
                {at.map(|time| view! { ", " <Ago time /> })}
            </span>
        })}
    }
}
