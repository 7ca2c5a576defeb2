//! Rows that a request names beside the one that it is about: the company of a filter, the device type of a mapping.
//!
//! What was never there, what is another tenant's and what is outside of the companies that a reader is limited to are answered
//! alike, with a 404 that names the field: an empty list would say that somebody looked.

use crate::{Result, Tenant, sql, tenant::Access};
use domain::error::UserError;
use sea_orm::ConnectionTrait;
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
        let count = format!(
            "SELECT count(*) AS n FROM {} x WHERE x.id = $1 AND x.tenant_id = $2{}",
            kind.table(),
            kind.within(self)
        );
        if sql::count(db, &count, vec![id.into(), self.id().into()]).await? == 0 {
            return Err(UserError::gone(field, kind.noun()).into());
        }
        Ok(())
    }
}
