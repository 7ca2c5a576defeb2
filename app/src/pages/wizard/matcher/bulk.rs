use super::{choice::Choice, state::Matcher};
use crate::{
    layout::may_manage,
    ui::{
        button::ActionButton,
        combobox::{ComboFuture, ComboOption, Combobox},
        selection_bar::SelectionBar,
    },
};
use domain::{decision::MappingSubject, permissions::Area};
use leptos::prelude::*;

/// The field of the bar that maps all selected rows to one target.
#[derive(Clone, Copy)]
pub struct BulkTarget {
    /// What it is called.
    pub label: &'static str,
    pub search: Callback<String, ComboFuture>,
}

/// What can be done with the selected rows, shown while some are selected. In: how many rows the filters select, and the
/// field to map them all with, where there is one.
#[component]
pub fn BulkBar(
    matcher: Matcher,
    #[prop(into)] total: Signal<i64>,
    #[prop(into)] target: Signal<Option<BulkTarget>>,
) -> impl IntoView {
    may_manage(Area::Mappings).then(|| {
        view! {
            <SelectionBar selection=matcher.selection label="Decide on the selected rows" total filter=matcher.filter>
                <Choices matcher />
                {move || target.get().map(|target| view! { <MapAll matcher target /> })}
            </SelectionBar>
        }
    })
}

#[component]
fn Choices(matcher: Matcher) -> impl IntoView {
    let create = match matcher.subject {
        MappingSubject::Organization => "Create companies",
        MappingSubject::Location => "Create locations",
    };
    let button = move |label: &'static str, choice: Choice| {
        let on_press = Callback::new(move |()| matcher.decide(choice));
        view! { <ActionButton label busy=matcher.busy on_press class="btn btn-sm" /> }
    };
    view! {
        <div class="flex flex-wrap gap-1.5">
            {button("Accept proposals", Choice::Accept)}
            {button(create, Choice::Create)}
            {button("Ignore", Choice::Ignore)}
            {button("Unmap", Choice::Unmap)}
        </div>
    }
}

#[component]
fn MapAll(matcher: Matcher, target: BulkTarget) -> impl IntoView {
    let on_select = Callback::new(move |option: ComboOption| {
        let choice = match matcher.subject {
            MappingSubject::Organization => option.id.parse().map(Choice::Company),
            MappingSubject::Location => option.id.parse().map(Choice::Location),
        };
        if let Ok(choice) = choice {
            matcher.decide(choice);
        }
    });
    view! {
        <div class="w-full sm:w-56">
            <Combobox
                label=target.label
                selected=Signal::derive(|| None)
                search=target.search
                on_select
                placeholder="Map all to…"
                mark=false
            />
        </div>
    }
}
