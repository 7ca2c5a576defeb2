use crate::{
    pages::compliance::api::{add_exception, change_exception},
    ui::{
        button::SubmitButton,
        dialog::Dialog,
        field::{FormError, FormErrors, TextArea, TextField},
        toast::use_toasts,
    },
};
use domain::{
    compliance::Check,
    error::ErrorKind,
    ids::{CompanyId, DeviceId, ExceptionId},
};
use leptos::prelude::*;

/// For whom and for which check an exception is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub check: Check,
    pub device: Option<DeviceId>,
    pub company: Option<CompanyId>,
    pub name: String,
    /// The exception that is changed.
    pub present: Option<Present>,
}

/// An exception as it stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    pub id: ExceptionId,
    pub version: i64,
    pub reason: String,
    /// `YYYY-MM-DD`; empty for none.
    pub until: String,
}

/// The dialog's state; the page makes it, so that it outlives the rows.
#[derive(Clone, Copy)]
pub struct ExceptionState {
    open: RwSignal<bool>,
    wanted: RwSignal<Option<Wanted>>,
}

impl Default for ExceptionState {
    fn default() -> Self {
        Self::new()
    }
}

impl ExceptionState {
    /// A closed one.
    pub fn new() -> Self {
        Self { open: RwSignal::new(false), wanted: RwSignal::new(None) }
    }

    /// Opens it.
    pub fn show(self, wanted: Wanted) {
        self.wanted.set(Some(wanted));
        self.open.set(true);
    }
}

/// Asks for the reason and the last day of an exception, and adds or changes it. `on_added` runs after it closed.
#[component]
pub fn ExceptionDialog(state: ExceptionState, on_added: Callback<()>) -> impl IntoView {
    let title = Signal::derive(move || {
        let name = state.wanted.read().as_ref().map(|w| w.name.clone());
        format!("Exception for {}", name.unwrap_or_default())
    });
    view! {
        <Dialog open=state.open title>
            <Form state on_added />
        </Dialog>
    }
}

#[component]
fn Form(state: ExceptionState, on_added: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let errors = FormErrors::new(&["reason", "until"]);
    let present = state.wanted.get_untracked().and_then(|w| w.present);
    let is_new = present.is_none();
    let (reason, until) = present.map(|p| (p.reason, p.until)).unwrap_or_default();
    let (reason, until) = (RwSignal::new(reason), RwSignal::new(until));
    let save = Action::new(move |(): &()| {
        errors.clear();
        let wanted = state.wanted.get_untracked();
        let (reason, until) = (reason.get_untracked(), until.get_untracked());
        async move {
            let Some(Wanted { check, device, company, present, .. }) = wanted else { return };
            let saved = match present {
                Some(there) => change_exception(there.id, reason, Some(until), Some(there.version)).await,
                None => add_exception(check, device, company, reason, Some(until)).await,
            };
            match saved {
                Ok(added) => {
                    let whose = added.device.unwrap_or(added.company.name);
                    toasts.success(format!("{whose} may fail this check. The reports show the exception."));
                    state.open.set(false);
                    _ = on_added.try_run(());
                }
                Err(error) => {
                    // Somebody was faster: the list shows what there is, and the next change begins with it.
                    if error.error.kind == ErrorKind::Conflict {
                        _ = on_added.try_run(());
                    }
                    errors.set(error);
                }
            }
        }
    });
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        save.dispatch(());
    };
    let check = state.wanted.get_untracked().map(|w| w.check.name());
    view! {
        <form class="flex flex-col gap-3" on:submit=submit novalidate>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <p class="text-sm">{check} ": it will count as passed and be shown as an exception."</p>
            <TextArea label="Reason" name="reason" value=reason required=true error=errors.about("reason") />
            <TextField label="Last day" name="until" kind="date" value=until error=errors.about("until")
                help="After this day the check fails again. Leave it empty for an exception without an end." />
            <div class="modal-action mt-2">
                <button type="button" class="btn" on:click=move |_| state.open.set(false)>"Cancel"</button>
                <SubmitButton label=if is_new { "Add the exception" } else { "Save" } busy=save.pending() />
            </div>
        </form>
    }
}
