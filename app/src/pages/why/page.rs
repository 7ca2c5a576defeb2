use super::{api::explain_device, candidates::Candidates, chain::Chain, nothing::Nothing};
use crate::{
    layout::PageHead,
    ui::{
        list::ListState,
        table::{Loaded, SearchBox},
    },
};
use domain::why::Why;
use leptos::prelude::*;

/// One box for whatever identifies a device, and the answer why it is here or is not.
#[component]
pub fn WhyPage() -> impl IntoView {
    let list = ListState::from_url();
    let (device, integration, remote) = (list.get("device"), list.get("integration"), list.get("remote"));
    let answer = Resource::new(
        move || (list.search_text(), device.get(), integration.get(), remote.get()),
        |(search, device, integration, remote)| async move {
            let device = device.and_then(|id| id.parse().ok());
            let integration = integration.and_then(|id| id.parse().ok());
            explain_device(search, device, integration, remote.filter(|_| integration.is_some())).await
        },
    );
    let show = |found: Why| view! { <Answer found /> }.into_any();
    view! {
        <PageHead title="Why?" text="Why a device is here, under this company and type, or why it is not." />
        <div class="mb-4 [&>form]:sm:w-full [&>form]:max-w-xl">
            <SearchBox list label="Serial, name, MAC, IP or NinjaOne id" />
        </div>
        <Loaded read=answer rows=4 columns=1 show />
    }
}

#[component]
fn Answer(found: Why) -> impl IntoView {
    let chain = found.chain.clone();
    let nothing = chain.is_none() && found.candidates.is_empty();
    if nothing && found.search.is_some() {
        return view! { <Nothing found /> }.into_any();
    }
    if nothing {
        return view! { <p class="text-sm text-muted">"Enter what you have. MAC addresses can be written in any way."</p> }
            .into_any();
    }
    view! {
        {chain.map(|chain| view! { <div class="mb-4"><Chain chain /></div> })}
        <Candidates found />
    }
    .into_any()
}
