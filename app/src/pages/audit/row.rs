use crate::ui::{list::ListState, time::When};
use domain::audit::{AuditEvent, sentence_case};
use leptos::prelude::*;

/// One event as a row, or as a card on a small screen.
#[component]
pub fn EventTr(list: ListState, event: AuditEvent) -> impl IntoView {
    let who = match event.user_id {
        Some(id) => {
            let (id, name) = (id.to_string(), event.actor);
            let href = move || list.href("user_id", Some(&id));
            let label = format!("{name}: show only this user's events");
            view! { <a class="link link-hover" href=href aria-label=label>{name}</a> }.into_any()
        }
        None => view! { <span>{event.actor}</span> }.into_any(),
    };
    let said = event.details.iter().map(|d| format!("{}: {}", sentence_case(&d.name), d.value));
    let said = said.collect::<Vec<_>>().join(", ");
    let rest = [
        ("Number", Some(event.seq.to_string())),
        ("Id", event.subject_id),
        ("Browser", event.agent),
        ("Hash", Some(event.hash)),
    ];
    let line = |(name, value): (&'static str, String)| {
        view! { <div><dt class="inline font-semibold">{name} ": "</dt><dd class="inline">{value}</dd></div> }
    };
    let rest = rest.into_iter().filter_map(|(name, value)| value.map(|v| line((name, v)))).collect_view();
    view! {
        <tr class="max-md:block max-md:p-3" data-seq=event.seq.to_string()>
            <td class="align-top max-md:block max-md:p-0 max-md:text-xs"><When time=event.at /></td>
            <td class="align-top wrap-anywhere max-md:block max-md:p-0">
                {who}
                <span class="block text-xs text-muted">{event.address}</span>
            </td>
            <th scope="row" class="align-top font-medium max-md:block max-md:p-0">{event.action.label()}</th>
            <td class="align-top wrap-anywhere max-md:block max-md:p-0">
                {event.subject}
                <span class="block text-xs text-muted">{event.kind.label()}</span>
            </td>
            <td class="align-top wrap-anywhere max-md:block max-md:p-0">
                <span class="block">{said}</span>
                <details class="text-xs">
                    <summary class="cursor-pointer text-muted" aria-label=format!("More about event {}", event.seq)>"More"</summary>
                    <dl>{rest}</dl>
                </details>
            </td>
        </tr>
    }
}
