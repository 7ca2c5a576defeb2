//! Saving a decision about an organization.

use crate::{
    Result, Tenant,
    clock::new_id,
    db,
    error::is_duplicate,
    mappings::store::{self, Decision, ORGANIZATIONS, Writer, locked},
    sql,
    tenant::CanManage,
};
use domain::{
    company::{checked_name, name_key},
    error::UserError,
    ids::{CompanyId, IntegrationId},
    mapping::{MappingStatus, OrganizationChoice, OrganizationRow},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

impl<A: CanManage> Tenant<A> {
    /// Saves one decision and answers the row as it is now. Mappings of the organization's locations that point into
    /// another company are taken back with it.
    pub async fn save_organization(
        &self,
        integration: IntegrationId,
        remote_id: &str,
        choice: OrganizationChoice,
        version: Option<i64>,
    ) -> Result<OrganizationRow> {
        self.integration_exists(integration).await?;
        let tx = db::begin(self.db()).await?;
        let row = self.organization(&tx, integration, remote_id).await?;
        let writer = Writer::new(self, integration);
        let (status, company) = match choice {
            OrganizationChoice::Link(id) => (MappingStatus::Mapped, Some(linked(&tx, writer, id).await?)),
            OrganizationChoice::Create => {
                (MappingStatus::Mapped, Some(created(&tx, writer, &row.name).await?))
            }
            OrganizationChoice::Ignore => (MappingStatus::Ignored, None),
            OrganizationChoice::Unmap => (MappingStatus::Unmapped, None),
        };
        let decision = Decision::manual(remote_id, status, company);
        store::save(&tx, ORGANIZATIONS, writer, &decision, version).await?;
        forget_locations(&tx, writer, remote_id, company).await?;
        let row = self.organization(&tx, integration, remote_id).await?;
        tx.commit().await?;
        Ok(row)
    }
}

/// The company to link, which must be there and in use.
async fn linked(tx: &impl ConnectionTrait, writer: Writer, id: CompanyId) -> Result<Uuid> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        archived: bool,
    }
    let select = format!(
        "SELECT archived_at IS NOT NULL AS archived FROM companies WHERE id = $1 AND tenant_id = $2 {}",
        locked(tx, "FOR SHARE")
    );
    let row: Option<Row> = sql::one(tx, &select, vec![id.0.into(), writer.tenant.into()]).await?;
    let problem = match row {
        Some(row) if !row.archived => return Ok(id.0),
        Some(_) => "This company is archived. Restore it first, or choose another one.",
        None => "This company no longer exists. Choose another one.",
    };
    Err(UserError::invalid("choice", problem).into())
}

/// A new company of the organization's name.
async fn created(tx: &impl ConnectionTrait, writer: Writer, name: &str) -> Result<Uuid> {
    let name = checked_name("choice", name).map_err(|_| {
        UserError::invalid(
            "choice",
            "This name cannot be a company's. Create the company by hand and link it.",
        )
    })?;
    let id = new_id();
    let values = vec![
        id.into(),
        writer.tenant.into(),
        name.as_str().into(),
        name_key(&name).into(),
        writer.now.into(),
    ];
    let insert = "INSERT INTO companies (id, tenant_id, name, name_key, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, 1, $5, $5)";
    match sql::execute(tx, insert, values).await {
        Ok(_) => Ok(id),
        Err(e) if is_duplicate(&e) => {
            let message = format!("A company named \"{name}\" exists already. Link it instead.");
            Err(UserError { field: Some("choice".into()), ..UserError::conflict(message) }.into())
        }
        Err(e) => Err(e.into()),
    }
}

/// Takes back the mappings of the organization's locations that point outside of `company`.
async fn forget_locations(
    tx: &impl ConnectionTrait,
    writer: Writer,
    organization: &str,
    company: Option<Uuid>,
) -> Result<()> {
    let mut p = writer.owner();
    let (organization, user) = (p.push(organization), p.push(writer.user));
    let elsewhere = match company {
        Some(id) => format!(
            "AND location_id NOT IN (SELECT id FROM locations WHERE tenant_id = $1 AND company_id = {})",
            p.push(id)
        ),
        None => String::new(),
    };
    let update = format!(
        "UPDATE location_mappings SET status = 'unmapped', location_id = NULL, confidence = NULL, reasons = NULL,
            mapped_by = NULL, user_id = {user}, mapped_at = NULL, version = version + 1
         WHERE tenant_id = $1 AND integration_id = $2 AND status IN ('mapped', 'pending')
            AND remote_id IN (SELECT remote_id FROM remote_locations
                WHERE tenant_id = $1 AND integration_id = $2 AND organization_id = {organization}) {elsewhere}"
    );
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}
