use crate::error::AppError;
use domain::error::ErrorKind;
use leptos::{prelude::*, wasm_bindgen::JsCast};

/// The error a form got back from the server: at the field it is about, or above the form.
#[derive(Clone, Copy)]
pub struct FormErrors {
    error: RwSignal<Option<AppError>>,
    fields: &'static [&'static str],
    versioned: bool,
}

impl FormErrors {
    /// No error yet, in a form with these fields.
    pub fn new(fields: &'static [&'static str]) -> Self {
        Self { error: RwSignal::new(None), fields, versioned: false }
    }

    /// The same for a form that sends a version and shows a [`super::ConflictNotice`] when it lost a race.
    pub fn versioned(fields: &'static [&'static str]) -> Self {
        Self { versioned: true, ..Self::new(fields) }
    }

    /// The sentence for that field, if the error is about it.
    pub fn about(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.error.read().as_ref().and_then(|e| e.about(field)))
    }

    /// The sentence for the whole form: an error about none of its fields and no lost race that is shown by itself.
    pub fn general(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            let error = self.error.read();
            let error = error.as_ref()?;
            let at_field = self.fields.iter().any(|field| error.about(field).is_some());
            (!at_field && !self.lost_race(error)).then(|| error.message().to_owned())
        })
    }

    /// Whether nobody is signed in any more.
    pub fn signed_out(self) -> Signal<bool> {
        Signal::derive(move || self.error.read().as_ref().is_some_and(AppError::is_signed_out))
    }

    /// Whether somebody else changed the same thing first (and not a field, such as a name that is taken).
    pub fn is_conflict(self) -> Signal<bool> {
        Signal::derive(move || self.error.read().as_ref().is_some_and(|error| self.lost_race(error)))
    }

    fn lost_race(self, error: &AppError) -> bool {
        self.versioned && error.error.kind == ErrorKind::Conflict && error.error.field.is_none()
    }

    /// The error itself, untracked.
    pub fn get(self) -> Option<AppError> {
        self.error.get_untracked()
    }

    /// The error itself, tracked.
    pub fn read(self) -> Option<AppError> {
        self.error.get()
    }

    /// Shows an error. Does nothing once the form is gone.
    pub fn set(self, error: AppError) {
        _ = self.error.try_set(Some(error));
    }

    /// Takes the error away while the field that it is about is mended; one about the whole form with any field.
    pub fn typed(self, event: &web_sys::Event) {
        let Some(field) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
            return;
        };
        let name = field.name();
        let over = self.error.with_untracked(|error| {
            error.as_ref().is_some_and(|e| {
                e.error.field.as_deref().is_none_or(|about| about == name) && !self.lost_race(e)
            })
        });
        if over {
            self.clear();
        }
    }

    /// Takes the error away, as before a new attempt.
    pub fn clear(self) {
        _ = self.error.try_set(None);
    }
}
