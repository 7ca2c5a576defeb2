//! What something was done to.

use crate::{Result, db::Tx, sql};
use domain::{
    audit::AuditKind,
    ids::{
        ApiTokenId, CompanyId, DeviceId, DeviceTypeId, IntegrationId, LocationId, RoleId, RunId, UserId,
        ViewId,
    },
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Kind, id and name as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub kind: AuditKind,
    pub id: Option<String>,
    pub name: String,
}

impl Subject {
    fn new(kind: AuditKind, id: impl ToString, name: &str) -> Self {
        Self { kind, id: Some(id.to_string()), name: name.to_owned() }
    }

    /// Something without an id, or several things at once.
    pub fn named(kind: AuditKind, name: impl Into<String>) -> Self {
        Self { kind, id: None, name: name.into() }
    }

    pub fn user(id: UserId, name: &str) -> Self {
        Self::new(AuditKind::User, id, name)
    }

    pub fn role(id: RoleId, name: &str) -> Self {
        Self::new(AuditKind::Role, id, name)
    }

    pub fn api_token(id: ApiTokenId, name: &str) -> Self {
        Self::new(AuditKind::ApiToken, id, name)
    }

    pub fn company(id: CompanyId, name: &str) -> Self {
        Self::new(AuditKind::Company, id, name)
    }

    pub fn location(id: LocationId, name: &str) -> Self {
        Self::new(AuditKind::Location, id, name)
    }

    pub fn device_type(id: DeviceTypeId, name: &str) -> Self {
        Self::new(AuditKind::DeviceType, id, name)
    }

    pub fn integration(id: IntegrationId, name: &str) -> Self {
        Self::new(AuditKind::Integration, id, name)
    }

    /// A run, by the name of its integration.
    pub fn run(id: RunId, integration: &str) -> Self {
        Self::new(AuditKind::Run, id, integration)
    }

    /// A mapping, by the vendor's id and name of what is mapped.
    pub fn mapping(remote_id: &str, name: &str) -> Self {
        Self::new(AuditKind::Mapping, remote_id, name)
    }

    pub fn device(id: DeviceId, name: &str) -> Self {
        Self::new(AuditKind::Device, id, name)
    }

    pub fn view(id: ViewId, name: &str) -> Self {
        Self::new(AuditKind::View, id, name)
    }
}

/// The name of a row of the tenant, empty when it is gone.
pub(crate) async fn name_of(tx: &Tx, tenant: Uuid, table: &str, id: Uuid) -> Result<String> {
    #[derive(FromQueryResult)]
    struct Named {
        name: String,
    }
    let select = format!("SELECT name FROM {table} WHERE id = $1 AND tenant_id = $2");
    let row: Option<Named> = sql::one(tx, &select, vec![id.into(), tenant.into()]).await?;
    Ok(row.map(|row| row.name).unwrap_or_default())
}
