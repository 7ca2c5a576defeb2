//! Reading the log.

use super::event::{COLUMNS, EventRow};
use crate::{
    Result, Tenant,
    mappings::listing::{self, Parts},
    named::Kind,
    sql::Params,
    tenant::Access,
};
use domain::{
    audit::{AuditEvent, AuditFilter},
    page::{ListQuery, Listing},
};

impl<A: Access> Tenant<A> {
    /// The events under a filter, newest first. The search looks at who, at the name of what it was done to, and at the address.
    pub async fn audit_events(&self, query: ListQuery, wanted: AuditFilter) -> Result<Listing<AuditEvent>> {
        let window = query.window()?;
        self.check_wanted(&wanted).await?;
        let (p, filter) = selected(self, &query, &wanted)?;
        let parts = Parts {
            columns: COLUMNS,
            from: "FROM audit_events",
            filter: &filter,
            order: "ORDER BY seq DESC",
        };
        let (rows, total) = listing::page::<EventRow>(self.db(), parts, p.0, window).await?;
        Ok(Listing::new(rows.into_iter().map(EventRow::view).collect::<Result<_>>()?, total, window))
    }

    pub(super) async fn check_wanted(&self, wanted: &AuditFilter) -> Result<()> {
        self.check_named(self.db(), "user_id", (Kind::User, wanted.user_id.map(|id| id.0))).await
    }
}

/// The `WHERE` of the events that a filter and a search want.
pub(super) fn selected<A: Access>(
    tenant: &Tenant<A>,
    query: &ListQuery,
    wanted: &AuditFilter,
) -> Result<(Params, String)> {
    let mut p = Params(vec![tenant.id().into()]);
    let mut filter = "WHERE tenant_id = $1".to_owned();
    let (from, to) = wanted.span()?;
    if let Some(action) = wanted.action {
        filter.push_str(&format!(" AND action = {}", p.push(action.as_str())));
    }
    if let Some(kind) = wanted.kind {
        filter.push_str(&format!(" AND kind = {}", p.push(kind.as_str())));
    }
    if let Some(user) = wanted.user_id {
        filter.push_str(&format!(" AND user_id = {}", p.push(user.0)));
    }
    if let Some(from) = from {
        filter.push_str(&format!(" AND at >= {}", p.push(from)));
    }
    if let Some(to) = to {
        filter.push_str(&format!(" AND at < {}", p.push(to)));
    }
    listing::search(&mut filter, &mut p, query.text()?, &["search_key"]);
    Ok((p, filter))
}
