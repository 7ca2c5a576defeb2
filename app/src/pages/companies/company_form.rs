use super::{
    api::{create_company, get_company, update_company},
    tools::CompanyDialogState,
};
use crate::{
    error::AppError,
    ui::{
        dialog::{CatchUp, Dialog, EditForm},
        field::{FormErrors, TextArea, TextField},
        toast::use_toasts,
    },
};
use domain::{company::Company, ids::CompanyId};
use leptos::prelude::*;

/// The dialog that creates or edits a company. `on_saved` runs after it closed.
#[component]
pub fn CompanyDialog(state: CompanyDialogState, on_saved: Callback<()>) -> impl IntoView {
    let title = Signal::derive(move || match &*state.company.read() {
        Some(company) => format!("Edit {}", company.name),
        None => "New company".to_owned(),
    });
    view! {
        <Dialog open=state.open title>
            <CompanyForm company=state.company.get_untracked() open=state.open on_saved />
        </Dialog>
    }
}

const FIELDS: &[&str] = &["name", "domain", "phone", "address", "psa_ref"];

/// What is typed, and which version it started from.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    domain: RwSignal<String>,
    phone: RwSignal<String>,
    address: RwSignal<String>,
    psa_ref: RwSignal<String>,
    version: RwSignal<Option<i64>>,
}

impl Fields {
    fn empty() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            name: text(),
            domain: text(),
            phone: text(),
            address: text(),
            psa_ref: text(),
            version: RwSignal::new(None),
        }
    }

    fn fill(self, company: Company) {
        self.name.set(company.name);
        self.domain.set(company.domain.unwrap_or_default());
        self.phone.set(company.phone.unwrap_or_default());
        self.address.set(company.address.unwrap_or_default());
        self.psa_ref.set(company.psa_ref.unwrap_or_default());
        self.version.set(Some(company.version));
    }

    /// Creates the company, or changes the one with this id.
    fn save(self, id: Option<CompanyId>) -> impl Future<Output = Result<Company, AppError>> + Send {
        let text = |field: RwSignal<String>| Some(field.get_untracked());
        let (name, version) = (self.name.get_untracked(), self.version.get_untracked());
        let (domain, phone, address, psa_ref) =
            (text(self.domain), text(self.phone), text(self.address), text(self.psa_ref));
        async move {
            match id {
                None => create_company(name, domain, phone, address, psa_ref).await,
                Some(id) => update_company(id, name, domain, phone, address, psa_ref, version).await,
            }
        }
    }
}

/// The form in the dialog. A taken name is said at the name; a lost race lets the user choose.
#[component]
fn CompanyForm(company: Option<Company>, open: RwSignal<bool>, on_saved: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let fields = Fields::empty();
    let errors = FormErrors::versioned(FIELDS);
    let id = company.as_ref().map(|company| company.id);
    if let Some(company) = company {
        fields.fill(company);
    }
    let save = Action::new(move |(): &()| {
        errors.clear();
        let saving = fields.save(id);
        async move {
            match saving.await {
                Ok(company) => {
                    toasts.success(format!("{} is saved.", company.name));
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
            match get_company(id).await {
                Ok(company) if choice == CatchUp::Reload => {
                    errors.clear();
                    fields.fill(company);
                }
                // Unless the dialog was closed meanwhile.
                Ok(company) => {
                    if fields.version.try_set(Some(company.version)).is_none() {
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
            <TextField label="Domain" name="domain" value=fields.domain placeholder="contoso.com" error=errors.about("domain") />
            <TextField label="Phone" name="phone" kind="tel" value=fields.phone error=errors.about("phone") />
            <TextArea label="Address" name="address" value=fields.address rows=2 error=errors.about("address") />
            <TextField
                label="PSA reference"
                name="psa_ref"
                value=fields.psa_ref
                help="The company's id in your PSA."
                error=errors.about("psa_ref")
            />
        </EditForm>
    }
}
