use crate::{
    pages::{companies::api::get_company, wizard::company_search},
    ui::{
        combobox::{ComboAction, ComboOption, Combobox},
        list::ListState,
    },
};
use leptos::prelude::*;

/// A filter by company: searched for, as there are many.
#[component]
pub fn CompanyFilter(list: ListState) -> impl IntoView {
    let chosen = list.get("company");
    let named = Resource::new(
        move || chosen.get(),
        |id| async move {
            let id = id?.parse().ok()?;
            get_company(id).await.ok().map(|c| (c.id.to_string(), c.name))
        },
    );
    let selected = Signal::derive(move || named.get().flatten());
    // A location is one of a company: it goes with it.
    let choose = move |company: Option<&str>| list.set_all(&[("company", company), ("location", None)]);
    let on_select = Callback::new(move |option: ComboOption| choose(Some(&option.id)));
    let all =
        ComboAction { label: "All companies".to_owned(), on_press: Callback::new(move |()| choose(None)) };
    let extra = Signal::derive(move || if chosen.get().is_some() { vec![all.clone()] } else { Vec::new() });
    view! {
        <Transition>
            <Combobox
                label="Filter by company"
                selected
                search=company_search()
                on_select
                extra
                placeholder="All companies"
                mark=false
            />
        </Transition>
    }
}
