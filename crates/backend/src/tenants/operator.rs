//! What operators do with tenants: create, list, invite an administrator.

use super::{found::insert, hold};
use crate::{
    Portal, Result,
    audit::{self, Subject},
    clock::time,
    db::{self, Tx},
    scope::Holder,
    sql, users,
};
use domain::{
    Time,
    audit::{AuditAction, AuditKind},
    company::checked_name,
    error::UserError,
    ids::TenantId,
    role::Role,
    users::{UserLink, checked_email},
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

/// A tenant as operators see it: nothing of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantSummary {
    pub id: TenantId,
    pub name: String,
    pub created_at: Time,
    /// Active users.
    pub users: i64,
    /// The owner's e-mail address; none until the first one has come.
    pub owner: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    created_at: i64,
    users: i64,
    owner: Option<String>,
}

impl Portal {
    /// Creates a tenant and the invitation of its first administrator, who will own it.
    pub async fn create_tenant(&self, name: &str, admin_email: &str) -> Result<UserLink> {
        let (name, email) = (checked_name("name", name)?, checked_email(admin_email)?);
        let (tx, now) = (db::begin(self.db()).await?, self.now_micros());
        let (tenant, _) = insert(&tx, &name, now).await?;
        let subject = Subject { id: Some(tenant.to_string()), ..Subject::named(AuditKind::Portal, &name) };
        audit::note_by_operator(&tx, now, tenant, (AuditAction::PortalCreated, subject, json!({}))).await?;
        let link = invite(&tx, tenant, email, now).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Invites an administrator into a tenant, where nobody in it can.
    pub async fn invite_admin(&self, tenant: TenantId, email: &str) -> Result<UserLink> {
        let email = checked_email(email)?;
        let (tx, now) = (db::begin(self.db()).await?, self.now_micros());
        // Held as whoever invites or comes does.
        if !hold(&tx, tenant.0).await? {
            return Err(UserError::not_found("tenant").into());
        }
        let link = invite(&tx, tenant, email, now).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// All tenants, the oldest first.
    pub async fn tenants(&self) -> Result<Vec<TenantSummary>> {
        let select = "SELECT t.id, t.name, t.created_at,
                (SELECT count(*) FROM users u WHERE u.tenant_id = t.id AND u.active) AS users,
                (SELECT u.email FROM users u WHERE u.tenant_id = t.id AND u.owner) AS owner
            FROM tenants t ORDER BY t.created_at, t.id";
        let rows: Vec<Row> = sql::all(self.db(), select, vec![]).await?;
        let summary = |row: Row| TenantSummary {
            id: row.id.into(),
            name: row.name,
            created_at: time(row.created_at),
            users: row.users,
            owner: row.owner,
        };
        Ok(rows.into_iter().map(summary).collect())
    }
}

async fn invite(tx: &Tx, tenant: TenantId, email: &str, now: i64) -> Result<UserLink> {
    let (id, link) = users::invite(tx, tenant, (email, Role::Admin.into()), None, now).await?;
    // Whatever an earlier invitation was limited to: administrators see all.
    Holder::invitation(id).assign(tx, tenant.0, None, "").await?;
    let (subject, details) =
        (Subject::named(AuditKind::User, email), json!({ "role": Role::Admin.as_str() }));
    audit::note_by_operator(tx, now, tenant, (AuditAction::UserInvited, subject, details)).await?;
    Ok(link.handed())
}
