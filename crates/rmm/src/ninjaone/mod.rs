//! NinjaOne (formerly NinjaRMM), Public API v2.
//!
//! `client` says which endpoint answers what, `auth` keeps the token, `page` knows how lists and reports go on and end,
//! `rows` and `value` read bodies leniently, `wire` holds the rows as they are sent and `remote` as we want them; `hardware` reads
//! more out of the row of one device.

mod auth;
mod client;
mod fault;
#[cfg(test)]
mod fuzz;
mod glance;
mod hardware;
mod page;
mod remote;
mod rows;
#[cfg(test)]
mod tests;
mod value;
mod wire;

use crate::{Account, RmmClient, RmmError, Vendor};
use domain::vendor::{CopyValue, CredentialField, Region, Shape, VendorInfo};
use std::sync::Arc;

/// The vendor.
pub struct NinjaOne;

const NAME: &str = "NinjaOne";

/// Key, name and host of every region. An API application lives on one of them only.
const REGIONS: &[(&str, &str, &str)] = &[
    ("us", "United States (US)", "app.ninjarmm.com"),
    ("us2", "United States 2 (US2)", "us2.ninjarmm.com"),
    ("eu", "Europe (EU)", "eu.ninjarmm.com"),
    ("oc", "Oceania (OC)", "oc.ninjarmm.com"),
    ("ca", "Canada (CA)", "ca.ninjarmm.com"),
];

const STEPS: &[&str] = &[
    "Sign in to your NinjaOne console as a system administrator.",
    "Open Administration, then Apps, then API, and choose the tab Client App IDs.",
    "Choose Add, and select the platform API Services (machine-to-machine).",
    "Enter the name MSPortal Integration. A redirect URI is not needed.",
    "Under Scopes tick Monitoring and nothing else: MSPortal only reads.",
    "Under Allowed grant types tick Client Credentials, then save.",
    "Copy the Client ID into Access Key ID and the Client Secret into Secret. NinjaOne shows the secret only once.",
];

const VALUES: &[(&str, &str)] = &[
    ("Name", "MSPortal Integration"),
    ("Application platform", "API Services (machine-to-machine)"),
    ("Scope", "Monitoring"),
    ("Grant type", "Client Credentials"),
];

impl Vendor for NinjaOne {
    fn info(&self) -> VendorInfo {
        VendorInfo {
            key: "ninjaone".into(),
            name: NAME.into(),
            regions: regions(),
            fields: vec![
                field("client_id", "Access Key ID", "The Client ID of the API application.", false),
                field(
                    "client_secret",
                    "Secret",
                    "The Client Secret, shown once when the application was made.",
                    true,
                ),
            ],
            steps: STEPS.iter().map(ToString::to_string).collect(),
            values: VALUES
                .iter()
                .map(|(l, v)| CopyValue { label: l.to_string(), value: v.to_string() })
                .collect(),
            shape: Shape { locations: true, owners: true, backup: true, warranty: true },
        }
    }

    fn client(&self, account: Account) -> Result<Arc<dyn RmmClient>, RmmError> {
        Ok(Arc::new(client::Client::new(&account)?))
    }
}

fn regions() -> Vec<Region> {
    let known = REGIONS.iter().map(|(key, name, host)| Region {
        key: key.to_string(),
        name: name.to_string(),
        base_url: Some(format!("https://{host}")),
    });
    let custom = Region { key: "custom".into(), name: "Custom URL".into(), base_url: None };
    known.chain([custom]).collect()
}

fn field(key: &str, label: &str, help: &str, secret: bool) -> CredentialField {
    CredentialField { key: key.into(), label: label.into(), help: help.into(), secret }
}
