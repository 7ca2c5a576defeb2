use super::{
    api::{list_user_companies, set_user_companies},
    tools::UserTools,
};
use crate::{
    pages::companies::{Limits, LimitsField},
    ui::{
        button::SubmitButton,
        dialog::Dialog,
        field::{FormError, FormErrors},
        state::{ErrorBox, Loading},
        toast::use_toasts,
    },
};
use domain::{
    company::CompanyRef,
    ids::{CompanyId, UserId},
    users::Member,
};
use leptos::prelude::*;

/// The dialog with the companies that a user is limited to.
#[component]
pub fn CompaniesDialog(tools: UserTools) -> impl IntoView {
    let title = Signal::derive(move || {
        let name = tools.limits_of.with(|m| m.as_ref().map(|m| m.called().to_owned()));
        name.map(|name| format!("Companies of {name}")).unwrap_or_default()
    });
    view! {
        <Dialog open=tools.limiting title>
            {move || tools.limits_of.get().map(|member| view! { <Present tools member /> })}
        </Dialog>
    }
}

/// Reads them first.
#[component]
fn Present(tools: UserTools, member: Member) -> impl IntoView {
    let id = member.user_id;
    let present = LocalResource::new(move || async move {
        match id {
            Some(id) => list_user_companies(id).await.map(|found| Some((id, found.companies))),
            None => Ok(None),
        }
    });
    let retry = Callback::new(move |()| present.refetch());
    move || match present.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(Some((id, companies)))) => {
            view! { <LimitsForm tools id name=member.called().to_owned() version=member.version companies /> }
                .into_any()
        }
        Some(Ok(None)) => ().into_any(),
        Some(Err(error)) => view! { <ErrorBox error retry /> }.into_any(),
    }
}

#[component]
fn LimitsForm(
    tools: UserTools,
    id: UserId,
    name: String,
    version: i64,
    companies: Option<Vec<CompanyRef>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let limits = Limits::new(companies);
    let errors = FormErrors::new(&["companies"]);
    let save = Action::new(move |companies: &Option<Vec<CompanyId>>| {
        let (companies, name) = (companies.clone(), name.clone());
        async move {
            match set_user_companies(id, companies, Some(version)).await {
                Ok(_) => {
                    toasts.success(format!("The companies of {name} are saved."));
                    tools.limiting.set(false);
                    _ = tools.changed.try_run(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        errors.clear();
        save.dispatch(limits.ids());
    };
    view! {
        <form class="flex flex-col gap-3" on:submit=on_submit novalidate>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <p class="text-sm text-muted">
                "Whoever is limited sees these companies with their devices and reports, and nothing else of the portal. A change counts at once."
            </p>
            <LimitsField limits error=errors.about("companies") />
            <div class="modal-action mt-2">
                <button type="button" class="btn" on:click=move |_| tools.limiting.set(false)>"Cancel"</button>
                <SubmitButton label="Save" busy=save.pending() />
            </div>
        </form>
    }
}
