//! Users, API tokens and invitations that are limited to some companies.
//!
//! Who is limited has `restricted` set and the companies in `assigned_companies`. [`Portal::tenant`](crate::Portal::tenant)
//! refuses them, so that nothing is open to them by mistake; [`Portal::scoped`](crate::Portal::scoped) lets them in, with a
//! [`Scope`] that the statements behind it keep to by [`Tenant::within`]. The database looks the companies up as a statement
//! runs: what an administrator changes counts at once.

mod holder;
mod names;
mod users;

pub(crate) use holder::{Holder, count, merge, unmerge};
pub(crate) use names::{ELSEWHERE, Names};

use crate::{
    Result, Tenant,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    error::{ErrorKind, UserError},
    ids::UserId,
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};
use uuid::Uuid;

/// Whose companies count: those of a user or of an API token, or what both have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(Vec<Uuid>);

impl Scope {
    /// Of those who are limited; `None` when nobody is.
    pub(crate) fn of(limited: impl IntoIterator<Item = Uuid>) -> Option<Self> {
        let holders: Vec<Uuid> = limited.into_iter().collect();
        (!holders.is_empty()).then_some(Self(holders))
    }

    /// Whether those of a user count.
    pub(crate) fn is_of(&self, user: UserId) -> bool {
        self.0.contains(&user.0)
    }

    /// The companies of all of them, in order.
    pub(crate) async fn companies(&self, db: &impl ConnectionTrait) -> Result<Vec<Uuid>> {
        #[derive(FromQueryResult)]
        struct Id {
            id: Uuid,
        }
        let select = format!("SELECT c.id FROM companies c WHERE TRUE{} ORDER BY c.id", self.sql(db, "c.id"));
        let rows: Vec<Id> = sql::all(db, &select, Vec::new()).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// ` AND …`: that `company`, a column, is one of theirs. Nothing has to be bound: the ids stand in it as literals.
    fn sql(&self, db: &impl ConnectionTrait, company: &str) -> String {
        let one = |holder: &Uuid| {
            let holder = match db.get_database_backend() {
                DbBackend::Postgres => format!("CAST('{holder}' AS uuid)"),
                _ => format!("x'{}'", holder.simple()),
            };
            format!(
                " AND {company} IN (SELECT own.company_id FROM assigned_companies own WHERE own.holder_id = {holder})"
            )
        };
        self.0.iter().map(one).collect()
    }
}

impl<A: Access> Tenant<A> {
    /// Whether it is limited to some companies.
    pub(crate) fn is_limited(&self) -> bool {
        self.scope().is_some()
    }

    /// ` AND …`: that `company`, a column, is one that the tenant is limited to. Empty where it is not limited.
    pub(crate) fn within(&self, company: &str) -> String {
        self.scope().map(|scope| scope.sql(self.db(), company)).unwrap_or_default()
    }

    /// ` AND …`: that `integration`, a column, tells of such a company, by a mapping or by a device.
    pub(crate) fn source_within(&self, integration: &str) -> String {
        if !self.is_limited() {
            return String::new();
        }
        let (mapping, device) = (self.within("own_m.company_id"), self.within("own_d.company_id"));
        format!(
            " AND (EXISTS (SELECT 1 FROM organization_mappings own_m WHERE own_m.integration_id = {integration}
                    AND own_m.status = 'mapped'{mapping})
                OR EXISTS (SELECT 1 FROM devices own_d WHERE own_d.integration_id = {integration}{device}))"
        )
    }

    /// ` AND …`: that a row of staging under this alias is of an organization that is mapped to such a company.
    pub(crate) fn staged_within(&self, alias: &str) -> String {
        if !self.is_limited() {
            return String::new();
        }
        format!(
            " AND EXISTS (SELECT 1 FROM organization_mappings own_m WHERE own_m.integration_id = {alias}.integration_id
                AND own_m.remote_id = {alias}.organization_id AND own_m.status = 'mapped'{})",
            self.within("own_m.company_id")
        )
    }

    /// ` AND …`: that an organization under this alias is mapped to such a company.
    pub(crate) fn organization_within(&self, alias: &str) -> String {
        if !self.is_limited() {
            return String::new();
        }
        format!(
            " AND EXISTS (SELECT 1 FROM organization_mappings own_m WHERE own_m.integration_id = {alias}.integration_id
                AND own_m.remote_id = {alias}.remote_id AND own_m.status = 'mapped'{})",
            self.within("own_m.company_id")
        )
    }

    /// Those of some devices that are there and, where the tenant is limited, of such a company.
    pub(crate) async fn devices_within(&self, ids: Vec<Uuid>) -> Result<Vec<Uuid>> {
        #[derive(FromQueryResult)]
        struct Id {
            id: Uuid,
        }
        let mut within = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            let mut p = Params(vec![self.id().into()]);
            let select = format!(
                "SELECT d.id FROM devices d WHERE d.tenant_id = $1 AND d.id IN ({}){}",
                p.list(chunk.iter().copied()),
                self.within("d.company_id")
            );
            let rows: Vec<Id> = sql::all(self.db(), &select, p.0).await?;
            within.extend(rows.into_iter().map(|row| row.id));
        }
        Ok(within)
    }
}

/// What somebody who is limited is told where the whole portal is needed.
pub(crate) fn refusal(program: bool) -> UserError {
    let message = match program {
        true => "This API token is limited to some companies, and this is about the whole portal.",
        false => {
            "You are limited to some companies, and this is about the whole portal. Ask an administrator to do it."
        }
    };
    UserError::new(ErrorKind::Forbidden, message)
}
