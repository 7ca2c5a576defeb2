use super::api::merge_companies;
use crate::{
    pages::wizard::company_search,
    ui::{
        button::ActionButton,
        combobox::{ComboOption, Combobox},
        dialog::Dialog,
        number::things,
        state::{ErrorBox, Loading},
        toast::use_toasts,
    },
};
use domain::{company::Company, company_overview::CompanyMerge, ids::CompanyId};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// The Merge button with its dialog: which company it goes into, and what moves.
#[component]
pub fn MergeCompany(company: Company) -> impl IntoView {
    let open = RwSignal::new(false);
    let company = StoredValue::new(company);
    view! {
        <button type="button" class="btn btn-sm" on:click=move |_| open.set(true)>"Merge"</button>
        <Dialog open title="Merge this company into another one">
            <MergeForm company=company.get_value() open />
        </Dialog>
    }
}

#[component]
fn MergeForm(company: Company, open: RwSignal<bool>) -> impl IntoView {
    let id = company.id;
    let into = RwSignal::new(None::<(String, String)>);
    let target = Memo::new(move |_| into.get().and_then(|(id, _)| id.parse::<CompanyId>().ok()));
    let preview = LocalResource::new(move || {
        let target = target.get();
        async move {
            match target {
                Some(target) => Some(merge_companies(id, target, true).await),
                None => None,
            }
        }
    });
    let on_select = Callback::new(move |option: ComboOption| into.set(Some((option.id, option.text))));
    view! {
        <div class="flex min-h-72 flex-col gap-3 text-sm">
            <p>{format!("Everything of {} goes to the company that you choose; {} is archived.", company.name, company.name)}</p>
            <Combobox label="Merge into" selected=into search=company_search() on_select placeholder="Choose a company" mark=false />
            {move || match preview.get() {
                None if target.get().is_some() => view! { <Loading /> }.into_any(),
                Some(Some(Ok(plan))) => view! { <Plan plan open /> }.into_any(),
                Some(Some(Err(error))) => view! { <ErrorBox error /> }.into_any(),
                _ => ().into_any(),
            }}
        </div>
    }
}

#[component]
fn Plan(plan: CompanyMerge, open: RwSignal<bool>) -> impl IntoView {
    let toasts = use_toasts();
    let navigate = use_navigate();
    let (id, into) = (plan.company.id, plan.into.id);
    let merge = Action::new(move |(): &()| async move { merge_companies(id, into, false).await });
    Effect::new(move |_| match merge.value().get() {
        Some(Ok(done)) => {
            open.set(false);
            toasts.success(format!("{} is merged into {}.", done.company.name, done.into.name));
            navigate(&format!("/companies/{}", done.into.id), Default::default());
        }
        Some(Err(error)) => toasts.refused(&error),
        None => {}
    });
    let joined = (!plan.joined.is_empty()).then(|| {
        let names = plan.joined.join(", ");
        view! { <li>{format!("Both have {names}: its devices go to the one at {}.", plan.into.name)}</li> }
    });
    let fields = (!plan.fields.is_empty()).then(|| {
        view! { <li>{format!("{} takes over what it lacks: {}.", plan.into.name, plan.fields.join(", "))}</li> }
    });
    view! {
        <div data-testid="merge-plan">
            <p class="font-semibold">"What moves"</p>
            <ul class="list-disc pl-5">
                <li>{things(plan.devices, "device", "devices")}</li>
                <li>{things(plan.locations, "location", "locations")}</li>
                <li>{things(plan.organizations, "mapped organization", "mapped organizations")}</li>
                {(plan.proposals > 0).then(|| view! { <li>{things(plan.proposals, "proposal of Quick Match", "proposals of Quick Match")}</li> })}
                {joined}
                {fields}
            </ul>
            <p class="mt-2">"You can undo this on the page of either company. What was put elsewhere by then stays where it is. Syncs follow the mappings as they are then."</p>
        </div>
        <div class="modal-action mt-auto flex-wrap">
            <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
            <ActionButton
                label=format!("Merge into {}", plan.into.name)
                busy=merge.pending()
                on_press=Callback::new(move |()| _ = merge.dispatch(()))
                class="btn btn-error h-auto min-h-10 max-w-full whitespace-normal"
            />
        </div>
    }
}
