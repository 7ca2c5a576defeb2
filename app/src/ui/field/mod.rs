//! Fields of forms: label, control, help and error, tied together for assistive technology.
//!
//! A field's id comes from its `name`, so a name stands once per screen.

mod code_field;
mod conflict;
mod errors;
mod form;
mod form_error;
mod present_password;
mod select_field;
mod text_area;
mod text_field;

pub use code_field::CodeField;
pub use conflict::ConflictNotice;
pub use errors::FormErrors;
pub use form::FieldsForm;
pub use form_error::FormError;
pub use present_password::PresentPassword;
pub use select_field::SelectField;
pub use text_area::TextArea;
pub use text_field::TextField;

use super::icon::Icon;
use leptos::prelude::*;

/// The id of a field's control.
fn control_id(name: &str) -> String {
    format!("field-{name}")
}

/// The ids that describe a field now: its error, its help, or nothing.
fn described_by(name: &'static str, error: Signal<Option<String>>, help: bool) -> Signal<Option<String>> {
    Signal::derive(move || {
        let ids = [
            error.read().is_some().then(|| format!("field-{name}-error")),
            help.then(|| format!("field-{name}-help")),
        ];
        let ids = ids.into_iter().flatten().collect::<Vec<_>>();
        (!ids.is_empty()).then(|| ids.join(" "))
    })
}

/// Label above, control in the middle, error and help below.
#[component]
fn FieldFrame(
    label: &'static str,
    name: &'static str,
    error: Signal<Option<String>>,
    help: Option<&'static str>,
    required: bool,
    children: Children,
) -> impl IntoView {
    let message = move || {
        error.get().map(|text| {
            view! {
                <p id=format!("field-{name}-error") class="mt-1 flex items-start gap-1 text-sm text-error">
                    <Icon name="alert" class="mt-0.5 size-4 shrink-0" />
                    <span>{text}</span>
                </p>
            }
        })
    };
    view! {
        <div class="w-full">
            <label for=control_id(name) class="mb-1 block text-sm font-medium">
                {label}
                {(!required).then(|| view! { <span class="font-normal text-muted">" (optional)"</span> })}
            </label>
            {children()}
            {help.map(|help| view! { <p id=format!("field-{name}-help") class="mt-1 text-sm text-muted">{help}</p> })}
            <div aria-live="polite">{message}</div>
        </div>
    }
}
