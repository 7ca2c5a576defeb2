use super::api::unmerge_companies;
use crate::{
    layout::may_manage,
    ui::{
        button::ActionButton,
        dialog::Dialog,
        number::things,
        state::{ErrorBox, Loading},
        toast::use_toasts,
    },
};
use domain::{company_overview::CompanyUnmerge, ids::CompanyId, permissions::Area};
use leptos::prelude::*;

/// The button that undoes the merge of a company, with its dialog: what goes back, and what stays. Nothing for who may not.
///
/// In: the company that is taken out again, and, where several stand beside each other, its name. Out: `changed`, once it is done.
#[component]
pub fn UnmergeCompany(
    company: CompanyId,
    #[prop(optional, into)] name: Option<String>,
    changed: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let label = name.map(|name| format!("Undo the merge of {name}"));
    may_manage(Area::Companies).then(|| {
        view! {
            <button type="button" class="btn btn-sm" aria-label=label on:click=move |_| open.set(true)>"Undo merge"</button>
            <Dialog open title="Undo the merge">
                <Preview company open changed />
            </Dialog>
        }
    })
}

#[component]
fn Preview(company: CompanyId, open: RwSignal<bool>, changed: Callback<()>) -> impl IntoView {
    let preview = LocalResource::new(move || unmerge_companies(company, true));
    view! {
        <div class="flex min-h-40 flex-col gap-3 text-sm">
            {move || match preview.get() {
                None => view! { <Loading /> }.into_any(),
                Some(Ok(plan)) => view! { <Plan plan open changed /> }.into_any(),
                Some(Err(error)) => view! { <ErrorBox error /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Plan(plan: CompanyUnmerge, open: RwSignal<bool>, changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let id = plan.company.id;
    let undo = Action::new(move |(): &()| async move { unmerge_companies(id, false).await });
    Effect::new(move |_| match undo.value().get() {
        Some(Ok(done)) => {
            open.set(false);
            toasts.success(done_words(&done));
            _ = changed.try_run(());
        }
        Some(Err(error)) => toasts.refused(&error),
        None => {}
    });
    let (company, from) = (plan.company.name.clone(), plan.from.name.clone());
    let head = format!("{company} is taken out of {from} again, with what is still where the merge put it.");
    view! {
        <p>{head}</p>
        <div data-testid="unmerge-plan">
            <p class="font-semibold">"What goes back"</p>
            <ul class="list-disc pl-5">
                <li>{things(plan.devices, "device", "devices")}</li>
                <li>{things(plan.locations, "location", "locations")}</li>
                <li>{things(plan.organizations, "mapped organization", "mapped organizations")}</li>
            </ul>
            <Stays plan />
        </div>
        <div class="modal-action mt-auto flex-wrap">
            <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
            <ActionButton
                label="Undo the merge"
                busy=undo.pending()
                on_press=Callback::new(move |()| _ = undo.dispatch(()))
                class="btn btn-primary"
            />
        </div>
    }
}

/// What does not go back, and why.
#[component]
fn Stays(plan: CompanyUnmerge) -> impl IntoView {
    let CompanyUnmerge { from, devices_left, reasons, organizations_left, without_location, .. } = plan;
    let organizations = (!organizations_left.is_empty()).then(|| {
        let names = organizations_left.join(", ");
        view! { <p class="mt-2">{format!("These organizations were mapped anew since and stay with their devices: {names}.")}</p> }
    });
    let shown = i64::try_from(reasons.len()).unwrap_or_default();
    let more = devices_left - shown;
    let devices = (devices_left > 0).then(|| {
        let rows = reasons.into_iter().map(|it| view! { <li>{format!("{}: {}", it.name, it.reason)}</li> });
        let rows = rows.collect_view();
        let more = (more > 0).then(|| view! { <li>{format!("{} more", things(more, "device", "devices"))}</li> });
        view! {
            <p class="mt-2 font-semibold">{format!("What stays: {}", things(devices_left, "device", "devices"))}</p>
            <ul class="max-h-48 list-disc overflow-auto pl-5 wrap-anywhere" tabindex="0" aria-label="Devices that stay">{rows} {more}</ul>
        }
    });
    let without = (without_location > 0).then(|| {
        let text = format!(
            "Of those that go back, {} a location that stays with {}. The mapping of the NinjaOne location says where they are then.",
            if without_location == 1 { "1 device has".to_owned() } else { format!("{without_location} devices have") },
            from.name
        );
        view! { <p class="mt-2">{text}</p> }
    });
    view! {
        {organizations}
        {devices}
        {without}
    }
}

/// That a merge is undone, and how much of it stayed.
fn done_words(done: &CompanyUnmerge) -> String {
    let left = match done.devices_left {
        0 => String::new(),
        1 => " 1 device stayed: it moved on since.".to_owned(),
        n => format!(" {} stayed: they moved on since.", things(n, "device", "devices")),
    };
    format!("{} is taken out of {} again.{left}", done.company.name, done.from.name)
}

#[cfg(test)]
mod tests {
    use super::done_words;
    use domain::{company::CompanyRef, company_overview::CompanyUnmerge};

    #[test]
    fn what_stayed_is_said() {
        let company = |name: &str| CompanyRef { id: uuid::Uuid::nil().into(), name: name.to_owned() };
        let mut done = CompanyUnmerge {
            company: company("Contoso"),
            from: company("Fabrikam"),
            devices: 3,
            without_location: 0,
            locations: 1,
            organizations: 1,
            devices_left: 0,
            reasons: Vec::new(),
            organizations_left: Vec::new(),
            done: true,
        };
        assert_eq!(done_words(&done), "Contoso is taken out of Fabrikam again.");
        done.devices_left = 1;
        assert!(done_words(&done).ends_with("1 device stayed: it moved on since."));
    }
}
