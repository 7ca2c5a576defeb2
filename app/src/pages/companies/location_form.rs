use super::{
    api::{create_location, list_locations, update_location},
    location_tools::LocationDialogState,
};
use crate::{
    error::AppError,
    ui::{
        dialog::{CatchUp, Dialog, EditForm},
        field::{FormErrors, TextArea, TextField},
        toast::use_toasts,
    },
};
use domain::{
    company::Location,
    error::UserError,
    ids::{CompanyId, LocationId},
    page::MAX_PAGE_SIZE,
};
use leptos::prelude::*;

/// The dialog that creates or edits a location. `on_saved` runs after it closed.
#[component]
pub fn LocationDialog(state: LocationDialogState, on_saved: Callback<()>) -> impl IntoView {
    let title = Signal::derive(move || match &*state.location.read() {
        Some(location) => format!("Edit {}", location.name),
        None => "New location".to_owned(),
    });
    view! {
        <Dialog open=state.open title>
            {move || {
                let company = state.company.get_untracked()?;
                Some(view! { <LocationForm company location=state.location.get_untracked() open=state.open on_saved /> })
            }}
        </Dialog>
    }
}

const FIELDS: &[&str] = &["name", "address", "psa_ref"];

/// What is typed, and which version it started from.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    address: RwSignal<String>,
    psa_ref: RwSignal<String>,
    version: RwSignal<Option<i64>>,
}

impl Fields {
    fn empty() -> Self {
        let text = || RwSignal::new(String::new());
        Self { name: text(), address: text(), psa_ref: text(), version: RwSignal::new(None) }
    }

    fn fill(self, location: Location) {
        self.name.set(location.name);
        self.address.set(location.address.unwrap_or_default());
        self.psa_ref.set(location.psa_ref.unwrap_or_default());
        self.version.set(Some(location.version));
    }

    /// Creates the location, or changes the one with this id.
    fn save(
        self,
        company: CompanyId,
        id: Option<LocationId>,
    ) -> impl Future<Output = Result<Location, AppError>> + Send {
        let (name, version) = (self.name.get_untracked(), self.version.get_untracked());
        let (address, psa_ref) = (Some(self.address.get_untracked()), Some(self.psa_ref.get_untracked()));
        async move {
            match id {
                None => create_location(company, name, address, psa_ref).await,
                Some(id) => update_location(id, name, address, psa_ref, version).await,
            }
        }
    }
}

/// The location as it is now, found through its company's list by the name it had.
async fn current(company: CompanyId, id: LocationId) -> Result<Location, AppError> {
    for page in 1.. {
        let found = list_locations(Some(page), Some(MAX_PAGE_SIZE), None, None, Some(company), None).await?;
        let last = page >= found.pages();
        match found.items.into_iter().find(|location| location.id == id) {
            Some(location) => return Ok(location),
            None if last => break,
            None => {}
        }
    }
    Err(UserError::not_found("location").into())
}

/// The form in the dialog. A taken name is said at the name; a lost race lets the user choose.
#[component]
fn LocationForm(
    company: CompanyId,
    location: Option<Location>,
    open: RwSignal<bool>,
    on_saved: Callback<()>,
) -> impl IntoView {
    let toasts = use_toasts();
    let fields = Fields::empty();
    let errors = FormErrors::versioned(FIELDS);
    let id = location.as_ref().map(|location| location.id);
    if let Some(location) = location {
        fields.fill(location);
    }
    let save = Action::new(move |(): &()| {
        errors.clear();
        let saving = fields.save(company, id);
        async move {
            match saving.await {
                Ok(location) => {
                    toasts.success(format!("{} is saved.", location.name));
                    open.set(false);
                    _ = on_saved.try_run(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let catch_up = Action::new(move |choice: &CatchUp| {
        let choice = *choice;
        async move {
            let Some(id) = id else { return };
            match current(company, id).await {
                Ok(location) if choice == CatchUp::Reload => {
                    errors.clear();
                    fields.fill(location);
                }
                // Unless the dialog was closed meanwhile.
                Ok(location) => {
                    if fields.version.try_set(Some(location.version)).is_none() {
                        save.dispatch(());
                    }
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let busy = Signal::derive(move || save.pending().get() || catch_up.pending().get());
    view! {
        <EditForm
            open
            errors
            busy
            on_save=Callback::new(move |()| _ = save.dispatch(()))
            on_catch_up=Callback::new(move |choice| _ = catch_up.dispatch(choice))
        >
            <TextField label="Name" name="name" value=fields.name required=true autofocus=true error=errors.about("name") />
            <TextArea label="Address" name="address" value=fields.address rows=2 error=errors.about("address") />
            <TextField
                label="PSA reference"
                name="psa_ref"
                value=fields.psa_ref
                help="The location's id in your PSA."
                error=errors.about("psa_ref")
            />
        </EditForm>
    }
}
