//! Loaders of the comboboxes: companies, locations of a company, device types.

use crate::{
    error::AppError,
    pages::{
        companies::api::{list_companies, list_locations},
        device_types::api::list_device_types,
    },
    ui::combobox::{ComboFuture, ComboOption},
};
use domain::ids::CompanyId;
use leptos::prelude::*;

/// How many choices a list shows; typing finds the others.
const CHOICES: Option<u32> = Some(50);

fn asked(text: String) -> Option<String> {
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

/// Companies by name.
pub fn company_search() -> Callback<String, ComboFuture> {
    Callback::new(|text| -> ComboFuture {
        Box::pin(async move {
            let found = list_companies(None, CHOICES, asked(text), None, None).await?;
            let option = |c: domain::company::Company| ComboOption {
                detail: c.domain,
                ..ComboOption::new(c.id, c.name)
            };
            Ok(found.items.into_iter().map(option).collect())
        })
    })
}

/// Locations of one company by name.
pub fn location_search(company: CompanyId) -> impl Fn(String) -> ComboFuture + Send + Sync {
    move |text| {
        Box::pin(async move {
            let found = list_locations(None, CHOICES, asked(text), None, Some(company), None).await?;
            let option = |l: domain::company::Location| ComboOption {
                detail: l.address,
                ..ComboOption::new(l.id, l.name)
            };
            Ok(found.items.into_iter().map(option).collect())
        })
    }
}

/// Device types by name.
pub fn device_type_search() -> Callback<String, ComboFuture> {
    Callback::new(|text| -> ComboFuture {
        Box::pin(async move {
            let found = list_device_types(None, CHOICES, asked(text), None, None).await?;
            Ok::<_, AppError>(found.items.into_iter().map(|t| ComboOption::new(t.id, t.name)).collect())
        })
    })
}
