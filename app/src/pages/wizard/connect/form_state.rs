//! What the Connect form holds.

use crate::{error::AppError, pages::integrations::api::test_connection};
use domain::{
    Time,
    ids::IntegrationId,
    integration::{ConnectInput, Integration},
    vendor::{ConnectionTest, VendorInfo},
};
use leptos::prelude::*;

/// Key of the region whose base URL the user types.
pub const CUSTOM: &str = "custom";

/// The fields that are typed.
const FIELDS: [&str; 3] = ["base_url", "client_id", "client_secret"];

/// A test and the input it was made with: another input needs another test.
type Tested = (ConnectInput, Result<ConnectionTest, AppError>);

/// The fields, and the last connection test.
#[derive(Clone, Copy)]
pub struct FormState {
    pub integration: Option<IntegrationId>,
    /// That of the stored integration, as it was when the page was opened.
    version: Option<i64>,
    /// When the credentials that are stored were saved; `None` where none are.
    pub stored_at: Option<Time>,
    vendor: StoredValue<VendorInfo>,
    pub region: RwSignal<String>,
    /// What is typed for a custom region.
    pub base_url: RwSignal<String>,
    pub client_id: RwSignal<String>,
    pub client_secret: RwSignal<String>,
    test: Action<ConnectInput, Tested>,
    /// Whether a test was asked for: from then on empty fields are named.
    tried: RwSignal<bool>,
}

impl FormState {
    /// Empty fields for a new integration; region and URL of a stored one, whose credentials never come back.
    pub fn new(vendor: VendorInfo, stored: Option<&Integration>) -> Self {
        let first = vendor.regions.first().map(|r| r.key.clone()).unwrap_or_default();
        let region = stored.map_or(first, |i| i.region.clone());
        let base_url = stored.filter(|i| i.region == CUSTOM).map(|i| i.base_url.clone());
        Self {
            integration: stored.map(|i| i.id),
            version: stored.map(|i| i.version),
            stored_at: stored.and_then(|i| i.credentials_set_at),
            vendor: StoredValue::new(vendor),
            region: RwSignal::new(region),
            base_url: RwSignal::new(base_url.unwrap_or_default()),
            client_id: RwSignal::new(String::new()),
            client_secret: RwSignal::new(String::new()),
            test: Action::new(|input: &ConnectInput| {
                let input = input.clone();
                async move { (input.clone(), try_out(input).await) }
            }),
            tried: RwSignal::new(false),
        }
    }

    /// Whether the user types the base URL.
    pub fn is_custom(self) -> bool {
        *self.region.read() == CUSTOM
    }

    /// The region's base URL.
    pub fn region_url(self) -> Option<String> {
        self.vendor.with_value(|v| v.region(&self.region.read()).and_then(|r| r.base_url.clone()))
    }

    /// What would be sent now. Empty credentials of a stored integration stay as they are.
    pub fn input(self) -> ConnectInput {
        let text = |signal: RwSignal<String>| Some(signal.get()).filter(|t| !t.is_empty());
        ConnectInput {
            integration_id: self.integration,
            vendor: Some(self.vendor.with_value(|v| v.key.clone())),
            region: Some(self.region.get()),
            base_url: self.is_custom().then(|| self.base_url.get()),
            client_id: text(self.client_id),
            client_secret: text(self.client_secret),
            version: self.version,
        }
    }

    /// Tries what is entered, unless something is missing.
    pub fn start_test(self) {
        self.tried.set(true);
        if untrack(|| FIELDS.iter().all(|field| self.missing(field).is_none())) {
            self.test.dispatch(untrack(|| self.input()));
        }
    }

    /// What to enter in an empty field, once a test was asked for.
    fn missing(self, field: &str) -> Option<String> {
        let (value, words) = match field {
            "base_url" => (self.base_url, "Enter the base URL."),
            "client_id" => (self.client_id, "Enter the Access Key ID."),
            _ => (self.client_secret, "Enter the Secret."),
        };
        let needed = if field == "base_url" { self.is_custom() } else { self.stored_at.is_none() };
        (self.tried.get() && needed && value.read().trim().is_empty()).then(|| words.to_owned())
    }

    pub fn is_testing(self) -> bool {
        self.test.pending().get()
    }

    /// The outcome of the last test, while the fields are as they were then.
    pub fn outcome(self) -> Option<Result<ConnectionTest, AppError>> {
        let (input, outcome) = self.test.value().get()?;
        (input == self.input() && !self.is_testing()).then_some(outcome)
    }

    /// Whether a test was made, but of other values.
    pub fn is_outdated(self) -> bool {
        self.test.value().with(Option::is_some) && self.outcome().is_none() && !self.is_testing()
    }

    /// Whether exactly what is entered has been tested with success.
    pub fn is_proven(self) -> bool {
        self.outcome().is_some_and(|o| o.is_ok_and(|test| test.ok))
    }

    /// What is missing in that field, or what the last test says about it.
    pub fn about(self, field: &'static str) -> Option<String> {
        self.missing(field).or_else(|| self.tested(field))
    }

    fn tested(self, field: &str) -> Option<String> {
        match self.outcome()? {
            Ok(test) => test.problem.filter(|p| p.field.as_deref() == Some(field)).map(|p| p.message),
            Err(error) => error.about(field),
        }
    }
}

async fn try_out(i: ConnectInput) -> Result<ConnectionTest, AppError> {
    test_connection(i.integration_id, i.vendor, i.region, i.base_url, i.client_id, i.client_secret).await
}
