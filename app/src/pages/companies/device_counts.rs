use crate::layout::Way;
use crate::{
    pages::devices::status_words,
    ui::{
        badge::Badge,
        number::{count, noun, things},
    },
};
use domain::company_overview::DeviceCounts;
use leptos::prelude::*;

/// Devices by status and type; each number leads to its devices. `of` is the filter of the list: `company=…`.
#[component]
pub fn Counts(counts: DeviceCounts, #[prop(into)] of: String) -> impl IntoView {
    let base = format!("/devices?{of}");
    let archived = (counts.archived > 0).then(|| {
        let words =
            format!("{} {}", count(counts.archived), noun(counts.archived, "is archived", "are archived"));
        view! { <Way class="link" href=format!("{base}&archived=only")>{words}</Way> }
    });
    let merged = (counts.merged > 0).then(|| {
        let what = noun(counts.merged, "is merged into another", "are merged into others");
        format!("{}{} {what}", if counts.archived > 0 { ", " } else { "" }, count(counts.merged))
    });
    let left_out = (counts.archived + counts.merged > 0)
        .then(|| view! { <p class="mt-2 text-xs text-muted">"Not counted: " {archived} {merged} "."</p> });
    if counts.total == 0 {
        return view! { <p class="text-sm text-muted">"No devices."</p> {left_out} }.into_any();
    }
    let statuses = counts.statuses.into_iter().filter(|s| s.count > 0).map(|s| {
        let (tone, label) = status_words(s.status);
        let href = format!("{base}&status={}", s.status);
        let spoken = format!("{}: {}", label, things(s.count, "device", "devices"));
        view! {
            <li>
                <Way class="flex items-center gap-2 rounded-field px-1 py-0.5 hover:underline" href label=spoken>
                    <span class="flex items-center gap-2">
                        <Badge tone label />
                        <span class="tabular-nums">{count(s.count)}</span>
                    </span>
                </Way>
            </li>
        }
    });
    let types = counts.types.into_iter().map(|t| {
        let href = format!("{base}&type={}", t.device_type.id);
        view! {
            <li class="flex justify-between gap-3 py-1">
                <Way class="link link-hover min-w-0 break-words" href>{t.device_type.name}</Way>
                <span class="tabular-nums">{count(t.count)}</span>
            </li>
        }
    });
    view! {
        <p class="mb-2">
            <Way class="text-2xl font-bold tabular-nums hover:underline" href=base.clone()>{things(counts.total, "device", "devices")}</Way>
        </p>
        <ul class="mb-3 flex flex-wrap gap-x-3 gap-y-1 text-sm">{statuses.collect_view()}</ul>
        <ul class="divide-y divide-base-300 text-sm">{types.collect_view()}</ul>
        {left_out}
    }
    .into_any()
}
