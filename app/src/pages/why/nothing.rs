use crate::{
    layout::{Way, may_manage},
    ui::{number::things, state::EmptyState, time::When},
};
use domain::{
    permissions::Area,
    why::{Why, WhyLooked},
};
use leptos::prelude::*;

/// Where was looked, and what to check, when nothing fits.
#[component]
pub fn Nothing(found: Why) -> impl IntoView {
    let text = found.search.unwrap_or_default();
    let looked = found.looked;
    if looked.is_empty() {
        return view! {
            <EmptyState
                title=format!("Nothing fits \u{201c}{text}\u{201d}")
                text="Looked in the inventory only: no integration is connected."
                icon="search"
            >
                {may_manage(Area::Integrations).then(|| view! { <a class="btn btn-sm btn-primary" href="/integrations/new">"Connect NinjaOne"</a> })}
            </EmptyState>
        }
        .into_any();
    }
    let rows = looked.into_iter().map(|looked| view! { <Looked looked /> }).collect_view();
    view! {
        <section class="card bg-base-100" aria-label="Nothing fits">
            <div class="card-body gap-2 p-4 text-sm">
                <h2 class="text-lg font-semibold break-words">{format!("Nothing fits \u{201c}{text}\u{201d}")}</h2>
                <p>"Looked at names, hostnames, serial numbers, MAC and IP addresses, owners and ids, in the inventory and in:"</p>
                <ul class="list-disc pl-5">{rows}</ul>
                <h3 class="mt-2 font-semibold">"What to check"</h3>
                <ul class="list-disc pl-5">
                    <li>"Look for a part of it: the end of the serial number, the first letters of the name."</li>
                    <li>"Was it added after that sync? Run a device sync from the integration\u{2019}s card."</li>
                    <li>"Is it approved in NinjaOne? Devices that wait for approval are not in the list that NinjaOne gives out."</li>
                    <li>"May the API application see it? One that is limited to some organizations does not get the others\u{2019} devices."</li>
                </ul>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Looked(looked: WhyLooked) -> impl IntoView {
    let runs = format!("/integrations/{}/runs", looked.integration_id);
    let held = things(looked.devices, "device", "devices");
    let sync = match (looked.run_id, looked.finished_at) {
        (Some(run), Some(time)) => {
            let rows = looked.rows.map(|n| format!(" It read {}.", things(n, "device", "devices")));
            view! {
                " The last "
                <Way href=format!("{runs}/{run}")>"complete device sync"</Way>
                " ended at " <When time /> "." {rows}
            }
            .into_any()
        }
        _ => view! { " No device sync has been complete yet: see " <Way href=runs>"its runs"</Way> "." }
            .into_any(),
    };
    view! { <li>{format!("{}, which holds {held}.", looked.integration)} {sync}</li> }
}
