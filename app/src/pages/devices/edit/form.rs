use super::{
    undo::EditUndo,
    values::{Chosen, TEXTS, Values},
};
use crate::{
    pages::{
        devices::api::get_device,
        wizard::{company_search, device_type_search, location_search},
    },
    ui::{
        combobox::{ComboAction, ComboFuture, ComboOption, Combobox},
        dialog::{CatchUp, Dialog, EditForm},
        field::{FormErrors, TextArea, TextField},
        toast::use_toasts,
    },
};
use domain::{device::DeviceDetail, device_edit::DeviceField, ids::CompanyId};
use leptos::prelude::*;

/// The dialog that adds a device or edits one. `on_saved` gets the device after it closed.
#[component]
pub fn DeviceDialog(
    open: RwSignal<bool>,
    /// The device to edit; none to add one.
    #[prop(into)]
    device: Signal<Option<DeviceDetail>>,
    on_saved: Callback<DeviceDetail>,
    /// Where an edit is offered to be taken back; a device that is added has no way back but the archive.
    #[prop(optional)]
    undo: Option<EditUndo>,
) -> impl IntoView {
    let title = Signal::derive(move || match &*device.read() {
        Some(device) => format!("Edit {}", device.facts.name),
        None => "Add a device".to_owned(),
    });
    view! {
        <Dialog open title>
            <DeviceForm device=device.get_untracked() open on_saved undo />
        </Dialog>
    }
}

const FIELDS: &[&str] = &[
    "name",
    "hostname",
    "company",
    "location",
    "device_type",
    "owner_name",
    "owner_email",
    "asset_tag",
    "notes",
    "manufacturer",
    "model",
    "serial",
    "os_name",
    "os_version",
    "domain",
    "ip_addresses",
    "mac_addresses",
    "warranty_start",
    "warranty_end",
];

#[component]
fn DeviceForm(
    device: Option<DeviceDetail>,
    open: RwSignal<bool>,
    on_saved: Callback<DeviceDetail>,
    undo: Option<EditUndo>,
) -> impl IntoView {
    let toasts = use_toasts();
    let values = Values::empty();
    let errors = FormErrors::versioned(FIELDS);
    let id = device.as_ref().map(|d| d.id);
    let is_fed = device.as_ref().is_some_and(|d| d.source.is_some());
    if let Some(device) = &device {
        values.fill(device);
    }
    let save = Action::new(move |(): &()| {
        errors.clear();
        let unchanged = id.is_some() && !values.is_changed();
        let saving = values.save(id);
        async move {
            if unchanged {
                _ = open.try_set(false);
                return;
            }
            match saving.await {
                Ok(device) => {
                    let done = format!("{} is saved.", device.facts.name);
                    match undo.zip(device.edit) {
                        Some((undo, edit)) => undo.note(edit, done),
                        None => toasts.success(done),
                    }
                    _ = open.try_set(false);
                    _ = on_saved.try_run(device);
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let catch_up = Action::new(move |choice: &CatchUp| {
        let choice = *choice;
        async move {
            let Some(id) = id else { return };
            match get_device(id).await {
                Ok(device) if choice == CatchUp::Reload => {
                    errors.clear();
                    values.fill(&device);
                }
                Ok(device) => {
                    values.catch_up(device.version);
                    save.dispatch(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let busy = Signal::derive(move || save.pending().get() || catch_up.pending().get());
    let note = is_fed.then_some("What you change here is yours: syncs leave it alone until you release it.");
    view! {
        <EditForm
            open
            errors
            busy
            on_save=Callback::new(move |()| _ = save.dispatch(()))
            on_catch_up=Callback::new(move |choice| _ = catch_up.dispatch(choice))
        >
            {note.map(|note| view! { <p class="text-sm text-muted">{note}</p> })}
            <Text values errors field=DeviceField::Name required=true />
            <Places values errors is_fed />
            <div class="grid gap-3 sm:grid-cols-2">
                {TEXTS
                    .into_iter()
                    .filter(|field| !matches!(field, DeviceField::Name | DeviceField::Notes))
                    .map(|field| view! { <Text values errors field /> })
                    .collect_view()}
            </div>
            <TextArea
                label=DeviceField::Notes.label()
                name=DeviceField::Notes.as_str()
                value=values.text(DeviceField::Notes)
                error=errors.about(DeviceField::Notes.as_str())
            />
        </EditForm>
    }
}

#[component]
fn Text(
    values: Values,
    errors: FormErrors,
    field: DeviceField,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let kind = match field {
        DeviceField::WarrantyStart | DeviceField::WarrantyEnd => "date",
        DeviceField::OwnerEmail => "email",
        _ => "text",
    };
    view! {
        <TextField
            label=field.label()
            name=field.as_str()
            kind
            value=values.text(field)
            required
            autofocus=field == DeviceField::Name
            error=errors.about(field.as_str())
        />
    }
}

/// Company, location and type. The company of an imported device follows its organization.
#[component]
fn Places(values: Values, errors: FormErrors, is_fed: bool) -> impl IntoView {
    let company = move || values.company.get().and_then(|c| c.0.parse::<CompanyId>().ok());
    let locations = Callback::new(move |text: String| -> ComboFuture {
        match values.company.get_untracked().and_then(|c| c.0.parse::<CompanyId>().ok()) {
            Some(company) => location_search(company)(text),
            None => Box::pin(async { Ok(Vec::new()) }),
        }
    });
    let on_company = Callback::new(move |()| values.location.set(None));
    view! {
        <div class="grid gap-3 sm:grid-cols-2">
            {(!is_fed)
                .then(|| {
                    view! {
                        <Choice errors field=DeviceField::Company chosen=values.company search=company_search() on_change=on_company />
                    }
                })}
            <Choice errors field=DeviceField::DeviceType chosen=values.device_type search=device_type_search() />
            <Choice
                errors
                field=DeviceField::Location
                chosen=values.location
                search=locations
                disabled=Signal::derive(move || company().is_none())
            />
        </div>
    }
}

/// A choice with its label and error; one that is not needed can be cleared.
#[component]
fn Choice(
    errors: FormErrors,
    field: DeviceField,
    chosen: RwSignal<Chosen>,
    search: Callback<String, ComboFuture>,
    #[prop(optional)] on_change: Option<Callback<()>>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let changed = move || {
        if let Some(on_change) = on_change {
            on_change.run(());
        }
    };
    let on_select = Callback::new(move |option: ComboOption| {
        chosen.set(Some((option.id, option.text)));
        changed();
    });
    let clear = ComboAction { label: "None".to_owned(), on_press: Callback::new(move |()| chosen.set(None)) };
    let extra = Signal::derive(move || match chosen.get().is_some() && !field.is_required() {
        true => vec![clear.clone()],
        false => Vec::new(),
    });
    let error = errors.about(field.as_str());
    let optional =
        (!field.is_required()).then(|| view! { <span class="font-normal text-muted">" (optional)"</span> });
    view! {
        <div class="w-full">
            <p class="mb-1 text-sm font-medium" aria-hidden="true">{field.label()}{optional}</p>
            <Combobox label=field.label() selected=chosen search on_select extra disabled mark=false placeholder="Choose…" />
            <div aria-live="polite">
                {move || error.get().map(|text| view! { <p class="mt-1 text-sm text-error">{text}</p> })}
            </div>
        </div>
    }
}
