//! From what a user typed, or from what is stored, to an account of a vendor.

use super::IntegrationRow;
use crate::{
    Error, Result, Tenant,
    error::chain,
    metrics::Counted,
    tenant::Access,
    vault::{self, Owner},
};
use domain::{error::UserError, integration::ConnectInput, vendor::VendorInfo};
use rmm::{Account, NetworkPolicy, Observer, RmmClient, Vendor};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use url::Url;

/// Longest accepted credential, in characters.
const MAX_CREDENTIAL: usize = 500;

/// Everything needed to reach one account, checked.
pub(super) struct Entered {
    pub vendor: Arc<dyn Vendor>,
    pub info: VendorInfo,
    pub region: String,
    pub base_url: Url,
    pub client_id: SecretString,
    pub client_secret: SecretString,
    /// What was changed in the input, for the user.
    pub notes: Vec<String>,
}

/// Checks what a user typed; what is left empty is taken from `stored`, but for another address than the vendor's own or the
/// stored one.
pub(super) fn entered<A: Access>(
    tenant: &Tenant<A>,
    input: ConnectInput,
    stored: Option<&IntegrationRow>,
) -> Result<Entered> {
    let key = input.vendor.or_else(|| stored.map(|s| s.vendor.clone())).unwrap_or_default();
    let vendor =
        rmm::vendor(&key).ok_or_else(|| UserError::invalid("vendor", "Choose one of the vendors shown."))?;
    let info = vendor.info();
    let region = input.region.or_else(|| stored.map(|s| s.region.clone())).unwrap_or_default();
    let found = info
        .region(&region)
        .ok_or_else(|| UserError::invalid("region", "Choose one of the regions shown."))?;
    let mut notes = Vec::new();
    let base_url = match &found.base_url {
        Some(fixed) => fixed.clone(),
        None => {
            let typed = input.base_url.or_else(|| stored.map(|s| s.base_url.clone())).unwrap_or_default();
            custom_url(tenant, &typed, &mut notes)?
        }
    };
    // Entered whole, the stored ones are not needed: that is how lost ones are replaced.
    let whole = is_typed(&input.client_id) && is_typed(&input.client_secret);
    let stays = |row: &IntegrationRow| row.base_url == base_url.trim_end_matches('/');
    if !whole && found.base_url.is_none() && stored.is_some_and(|row| !stays(row)) {
        // Else whoever may change the address could have the stored secret sent to a server of theirs.
        let message = "The address is another one: enter Access Key ID and Secret again. The stored ones are sent nowhere else.";
        return Err(UserError::invalid("client_secret", message).into());
    }
    let (stored_id, stored_secret) = match stored {
        Some(row) if !whole => opened(tenant, row).map(|(id, secret)| (Some(id), Some(secret)))?,
        _ => (None, None),
    };
    let client_id = credential("client_id", "Access Key ID", input.client_id, stored_id, &mut notes)?;
    let client_secret =
        credential("client_secret", "Secret", input.client_secret, stored_secret, &mut notes)?;
    let base_url = Url::parse(&base_url).map_err(Error::internal)?;
    Ok(Entered { vendor, info, region, base_url, client_id, client_secret, notes })
}

fn custom_url<A: Access>(tenant: &Tenant<A>, typed: &str, notes: &mut Vec<String>) -> Result<String> {
    if typed.trim().is_empty() {
        return Err(UserError::invalid("base_url", "Enter the address of your NinjaOne instance.").into());
    }
    let tidy = rmm::tidy_base_url(typed).map_err(|e| blamed("base_url", &e))?;
    notes.extend(tidy.notes);
    policy(tenant).check(&tidy.url).map_err(|e| blamed("base_url", &e))?;
    Ok(tidy.url.to_string())
}

fn blamed(field: &str, error: &rmm::RmmError) -> Error {
    UserError::invalid(field, error.problem("NinjaOne").message).into()
}

fn is_typed(text: &Option<String>) -> bool {
    text.as_deref().is_some_and(|text| !text.trim().is_empty())
}

/// Trims and says so; an empty field keeps what is stored.
fn credential(
    field: &str,
    label: &str,
    typed: Option<String>,
    stored: Option<SecretString>,
    notes: &mut Vec<String>,
) -> Result<SecretString> {
    let typed = typed.unwrap_or_default();
    let trimmed = typed.trim();
    if trimmed.is_empty() {
        return stored.ok_or_else(|| UserError::invalid(field, format!("Enter the {label}.")).into());
    }
    if trimmed.chars().count() > MAX_CREDENTIAL || trimmed.chars().any(char::is_control) {
        return Err(UserError::invalid(
            field,
            format!("This is not a {label}: copy it again from NinjaOne."),
        )
        .into());
    }
    if trimmed.len() != typed.len() {
        notes.push(format!("Spaces around the {label} were removed."));
    }
    Ok(SecretString::from(trimmed.to_owned()))
}

/// The stored credentials, opened. Where that fails, the log has why, and the user is told what to do.
fn opened<A: Access>(tenant: &Tenant<A>, row: &IntegrationRow) -> Result<(SecretString, SecretString)> {
    if row.key_id == vault::LOST {
        return Err(Error::Problem(Box::new(vault::lost())));
    }
    unsealed(tenant, row).map_err(|error| {
        tracing::error!(integration = %row.id, error = %chain(&error), "stored credentials cannot be opened");
        Error::Problem(Box::new(vault::not_opened()))
    })
}

fn unsealed<A: Access>(tenant: &Tenant<A>, row: &IntegrationRow) -> Result<(SecretString, SecretString)> {
    let owner = Owner::integration(tenant.id(), row.id);
    let key = tenant.portal().vault().data_key(owner, &row.key_id, &row.data_key)?;
    Ok((key.open(owner, "client_id", &row.client_id)?, key.open(owner, "client_secret", &row.client_secret)?))
}

fn policy<A: Access>(tenant: &Tenant<A>) -> NetworkPolicy {
    NetworkPolicy::allowing(&tenant.portal().config().allow_private_hosts)
}

/// A client for credentials that were just entered.
pub(super) fn client<A: Access>(
    tenant: &Tenant<A>,
    entered: &Entered,
    observer: Arc<dyn Observer>,
) -> Result<Arc<dyn RmmClient>> {
    let limits = tenant.portal().config().limits;
    Ok(entered.vendor.client(Account {
        base_url: entered.base_url.clone(),
        client_id: entered.client_id.clone(),
        client_secret: entered.client_secret.clone(),
        policy: policy(tenant),
        observer: Arc::new(Counted::new(tenant.portal(), &entered.info.key, observer)),
        limits,
        pace: Some(tenant.portal().pace(&entered.base_url, &entered.client_id)),
    })?)
}

/// A client for a stored integration.
pub(crate) fn open_account<A: Access>(
    tenant: &Tenant<A>,
    row: &IntegrationRow,
    observer: Arc<dyn Observer>,
) -> Result<Arc<dyn RmmClient>> {
    let entered = entered(tenant, ConnectInput::default(), Some(row))?;
    client(tenant, &entered, observer)
}

/// First and last two characters, to tell accounts apart.
pub(super) fn hint(client_id: &SecretString) -> String {
    let letters: Vec<char> = client_id.expose_secret().chars().collect();
    match letters.as_slice() {
        [a, b, .., y, z] if letters.len() >= 8 => format!("{a}{b}…{y}{z}"),
        _ => "…".into(),
    }
}
