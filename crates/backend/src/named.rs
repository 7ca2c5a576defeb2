//! Rows that a request names beside the one that it is about: the company of a filter, the device type of a mapping.
//!
//! What was never there, what is another tenant's and what is outside of the companies that a reader is limited to are answered
//! alike, with a 404 that names the field: an empty list would say that somebody looked.

use crate::{Result, Tenant, sql, tenant::Access};
use domain::error::UserError;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// What kind of row is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Company,
    Location,
    DeviceType,
    Integration,
    User,
}

impl Kind {
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Company => "companies",
            Self::Location => "locations",
            Self::DeviceType => "device_types",
            Self::Integration => "integrations",
            Self::User => "users",
        }
    }

    /// The word for it in a sentence.
    fn noun(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Location => "location",
            Self::DeviceType => "device type",
            Self::Integration => "integration",
            Self::User => "user",
        }
    }

    fn within<A: Access>(self, tenant: &Tenant<A>) -> String {
        match self {
            Self::Company => tenant.within("x.id"),
            Self::Location => tenant.within("x.company_id"),
            Self::Integration => tenant.source_within("x.id"),
            Self::DeviceType | Self::User => String::new(),
        }
    }
}

impl<A: Access> Tenant<A> {
    /// Refuses what `field` names unless it is there and may be seen, in use or archived. Names nothing, asks nothing.
    pub(crate) async fn check_named(
        &self,
        db: &impl ConnectionTrait,
        field: &str,
        (kind, id): (Kind, Option<Uuid>),
    ) -> Result<()> {
        let Some(id) = id else { return Ok(()) };
        let name = self.name_in_sight(db, (kind, id)).await?;
        Ok(name.map(drop).ok_or_else(|| gone(field, kind))?)
    }

    /// The name of a row that is there and may be seen, in use or archived.
    pub(crate) async fn name_in_sight(
        &self,
        db: &impl ConnectionTrait,
        (kind, id): (Kind, Uuid),
    ) -> Result<Option<String>> {
        name_within(db, self.id(), (kind, id), &kind.within(self)).await
    }
}

/// Refuses what `field` names unless the tenant has it, in use or archived.
pub(crate) async fn check_there(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    field: &str,
    (kind, id): (Kind, Uuid),
) -> Result<()> {
    let name = name_within(db, tenant, (kind, id), "").await?;
    Ok(name.map(drop).ok_or_else(|| gone(field, kind))?)
}

fn gone(field: &str, kind: Kind) -> UserError {
    UserError::gone(field, kind.noun())
}

async fn name_within(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    (kind, id): (Kind, Uuid),
    within: &str,
) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let select =
        format!("SELECT x.name FROM {} x WHERE x.id = $1 AND x.tenant_id = $2{within}", kind.table());
    let row: Option<Row> = sql::one(db, &select, vec![id.into(), tenant.into()]).await?;
    Ok(row.map(|row| row.name))
}
