//! Saving a decision about a remote location.

use crate::{
    Result, Tenant,
    clock::new_id,
    db,
    error::is_duplicate,
    mappings::store::{self, Decision, LOCATIONS, Writer, locked},
    sql,
    tenant::CanManage,
};
use domain::{
    company::{CompanyRef, LocationInput, name_key},
    error::UserError,
    ids::{IntegrationId, LocationId},
    mapping::{LocationChoice, MappingStatus, RemoteLocationRow},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

impl<A: CanManage> Tenant<A> {
    /// Saves one decision and answers the row as it is now. Only locations of the mapped company can be linked.
    pub async fn save_location(
        &self,
        integration: IntegrationId,
        remote_id: &str,
        choice: LocationChoice,
        version: Option<i64>,
    ) -> Result<RemoteLocationRow> {
        self.integration_exists(integration).await?;
        let tx = db::begin(self.db()).await?;
        let writer = Writer::new(self, integration);
        lock_organization(&tx, writer, remote_id).await?;
        let row = self.remote_location(&tx, integration, remote_id).await?;
        let (status, location) = match choice {
            LocationChoice::Link(id) => (MappingStatus::Mapped, Some(linked(&tx, writer, &row, id).await?)),
            LocationChoice::Create => (MappingStatus::Mapped, Some(created(&tx, writer, &row).await?)),
            LocationChoice::Ignore => (MappingStatus::Ignored, None),
            LocationChoice::Unmap => (MappingStatus::Unmapped, None),
        };
        store::save(&tx, LOCATIONS, writer, &Decision::manual(remote_id, status, location), version).await?;
        let row = self.remote_location(&tx, integration, remote_id).await?;
        tx.commit().await?;
        Ok(row)
    }
}

/// Keeps the organization where it is mapped until the location is saved.
async fn lock_organization(tx: &impl ConnectionTrait, writer: Writer, remote_id: &str) -> Result<()> {
    let lock = locked(tx, "FOR SHARE");
    if lock.is_empty() {
        return Ok(());
    }
    let mut p = writer.owner();
    let select = format!(
        "SELECT 1 FROM organization_mappings WHERE tenant_id = $1 AND integration_id = $2 AND remote_id =
            (SELECT organization_id FROM remote_locations
             WHERE tenant_id = $1 AND integration_id = $2 AND remote_id = {}) {lock}",
        p.push(remote_id)
    );
    sql::execute(tx, &select, p.0).await?;
    Ok(())
}

/// The company whose locations can be linked.
fn company(row: &RemoteLocationRow) -> Result<&CompanyRef, UserError> {
    row.company.as_ref().ok_or_else(|| {
        let message = format!("Map the organization \"{}\" to a company first, in step 2.", row.organization);
        UserError::invalid("choice", message)
    })
}

/// The location to link, which must be there, in use, and the company's.
async fn linked(
    tx: &impl ConnectionTrait,
    writer: Writer,
    row: &RemoteLocationRow,
    id: LocationId,
) -> Result<Uuid> {
    #[derive(FromQueryResult)]
    struct Found {
        company_id: Uuid,
        archived: bool,
    }
    let company = company(row)?;
    let select = format!(
        "SELECT company_id, archived_at IS NOT NULL AS archived FROM locations WHERE id = $1 AND tenant_id = $2 {}",
        locked(tx, "FOR SHARE")
    );
    let found: Option<Found> = sql::one(tx, &select, vec![id.0.into(), writer.tenant.into()]).await?;
    let problem = match found {
        None => "This location no longer exists. Choose another one.".to_owned(),
        Some(found) if found.company_id != company.id.0 => {
            format!("This location belongs to another company. Choose one of \"{}\".", company.name)
        }
        Some(found) if found.archived => {
            "This location is archived. Restore it first, or choose another one.".to_owned()
        }
        Some(_) => return Ok(id.0),
    };
    Err(UserError::invalid("choice", problem).into())
}

/// A new location of the company, with the remote location's name and address.
async fn created(tx: &impl ConnectionTrait, writer: Writer, row: &RemoteLocationRow) -> Result<Uuid> {
    let company = company(row)?;
    let input = LocationInput { name: row.name.clone(), address: row.address.clone(), psa_ref: None };
    let LocationInput { name, address, .. } = input.checked().map_err(|_| {
        let message = "This name or address cannot be a location's. Create the location by hand and link it.";
        UserError::invalid("choice", message)
    })?;
    let id = new_id();
    let values = vec![
        id.into(),
        writer.tenant.into(),
        company.id.0.into(),
        name.as_str().into(),
        name_key(&name).into(),
        address.into(),
        writer.now.into(),
    ];
    let insert = "INSERT INTO locations (id, tenant_id, company_id, name, name_key, address, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)";
    match sql::execute(tx, insert, values).await {
        Ok(_) => Ok(id),
        Err(e) if is_duplicate(&e) => {
            let message =
                format!("\"{}\" has a location named \"{name}\" already. Link it instead.", company.name);
            Err(UserError { field: Some("choice".into()), ..UserError::conflict(message) }.into())
        }
        Err(e) => Err(e.into()),
    }
}
