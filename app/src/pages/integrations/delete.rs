use super::{api::delete_integration, list::Integrations};
use crate::layout::may_manage;
use crate::ui::{
    button::SubmitButton,
    dialog::Dialog,
    field::{FormError, FormErrors, TextField},
    number::things,
    toast::use_toasts,
};
use domain::integration::{DeletedCounts, DeviceFate, Integration};
use domain::permissions::Area;
use leptos::prelude::*;

/// The Delete button with its dialog: says what goes, asks what happens to imported devices and for the name.
#[component]
pub fn DeleteIntegration(integration: Integration, all: Integrations) -> impl IntoView {
    let open = RwSignal::new(false);
    let integration = StoredValue::new(integration);
    view! {
        <button type="button" class="btn btn-sm btn-error btn-soft" on:click=move |_| open.set(true)>"Delete"</button>
        <Dialog open title="Delete this integration?">
            <DeleteForm integration=integration.get_value() open all />
        </Dialog>
    }
}

#[component]
fn DeleteForm(integration: Integration, open: RwSignal<bool>, all: Integrations) -> impl IntoView {
    let Integration { id, name, counts, .. } = integration;
    let typed = RwSignal::new(String::new());
    let fate = RwSignal::new(DeviceFate::Keep);
    let errors = FormErrors::new(&["confirm_name"]);
    let toasts = use_toasts();
    let delete = Action::new(move |(): &()| {
        let (name, fate) = (typed.get_untracked(), fate.get_untracked());
        errors.clear();
        async move {
            match delete_integration(id, name, fate).await {
                Ok(gone) => {
                    open.try_set(false);
                    toasts.success(words(gone));
                    all.refetch();
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let wanted = name.clone();
    let matches = Signal::derive(move || typed.read().trim() == wanted);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if matches.get_untracked() {
            delete.dispatch(());
        }
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit>
            <div class="text-sm">
                <p>"This removes for good:"</p>
                <ul class="list-disc pl-5">
                    <li>"the stored credentials,"</li>
                    <li>{format!("{} and their mappings,", things(counts.organizations, "organization", "organizations"))}</li>
                    <li>{format!("{} and their mappings,", things(counts.locations, "location", "locations"))}</li>
                    <li>"the device type and auto-sync of each node class,"</li>
                    <li>{format!("{}, and the history of runs.", things(counts.devices, "staged device", "staged devices"))}</li>
                </ul>
                <p class="mt-2">"Nothing changes in NinjaOne."</p>
            </div>
            <Fate fate imported=counts.devices_imported />
            <p class="text-sm">"Type " <strong class="font-semibold">{name}</strong> " to confirm."</p>
            <TextField label="Name of the integration" name="confirm_name" value=typed error=errors.about("confirm_name") required=true />
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <div class="modal-action mt-0">
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <SubmitButton
                    label="Delete integration"
                    busy=delete.pending()
                    disabled=Signal::derive(move || !matches.get())
                    class="btn btn-error"
                />
            </div>
        </form>
    }
}

/// What happens to the imported devices.
#[component]
fn Fate(fate: RwSignal<DeviceFate>, imported: i64) -> impl IntoView {
    let choice = move |value: DeviceFate, title: &'static str, text: &'static str| {
        view! {
            <label class="flex items-start gap-2 text-sm">
                <input
                    type="radio"
                    name="devices"
                    class="radio radio-sm mt-0.5"
                    value=value.as_str()
                    checked=value == DeviceFate::Keep
                    prop:checked=move || fate.get() == value
                    on:change=move |_| fate.set(value)
                />
                <span><span class="font-medium">{title}</span> " " <span class="text-muted">{text}</span></span>
            </label>
        }
    };
    view! {
        <fieldset class="flex flex-col gap-2">
            <legend class="mb-1 text-sm font-medium">
                {format!("Imported devices ({})", things(imported, "device", "devices"))}
            </legend>
            {choice(DeviceFate::Keep, "Keep them.", "They stay in the inventory and are no longer updated.")}
            {may_manage(Area::Devices)
                .then(|| choice(DeviceFate::Remove, "Remove them.", "They leave the inventory."))}
        </fieldset>
    }
}

fn words(gone: DeletedCounts) -> String {
    let devices = match (gone.devices_removed, gone.devices_kept) {
        (0, kept) => format!("{} kept", things(kept, "device", "devices")),
        (removed, 0) => format!("{} removed", things(removed, "device", "devices")),
        (removed, kept) => format!("{} removed, {kept} kept", things(removed, "device", "devices")),
    };
    let mappings = things(gone.mappings, "mapping", "mappings");
    format!("The integration is deleted: {mappings} removed, {devices}.")
}
