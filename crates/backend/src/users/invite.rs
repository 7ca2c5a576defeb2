//! Inviting somebody, and taking that back.

use super::link::NewLink;
use crate::{
    Result, Tenant,
    audit::{self, Subject},
    clock::new_id,
    db::{self, Tx},
    mail::About,
    roles::{Held, HeldRow, JOIN, OF_USER, hold, stored, within},
    scope::Holder,
    session::email_key,
    sql,
    tenant::CanAdmin,
};
use domain::{
    audit::{AuditAction, AuditKind},
    company::CompanyRef,
    error::UserError,
    ids::{CompanyId, InvitationId, TenantId, UserId},
    roles::RoleRef,
    users::{UserLink, checked_email, companies_words},
};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use uuid::Uuid;

impl<A: CanAdmin> Tenant<A> {
    /// Invites somebody, or makes a new link for somebody who is invited: the one before is worth nothing then.
    ///
    /// Where the portal sends mails, it is mailed and nobody else gets it: the address is theirs who read its mails. Whether the
    /// address belongs to a user of another tenant is not told.
    /// Without `companies`, the new user sees all of them, and somebody who is invited already those of their invitation.
    pub async fn invite_user(
        &self,
        email: &str,
        role: impl Into<RoleRef>,
        companies: Option<Vec<CompanyId>>,
    ) -> Result<UserLink> {
        let email = checked_email(email)?;
        let tx = db::begin(self.db()).await?;
        hold(self, &tx).await?;
        let role = Held::find(&tx, self.id(), role.into()).await?;
        within(self.actor(), &format!("The role \"{}\"", role.name), &role.permissions)?;
        self.within_invited(&tx, "email_key = $1", email_key(email).into()).await?;
        let by = self.actor().map(|actor| actor.id);
        let (id, link) = invite(&tx, self.id().into(), (email, role.role), by, self.now()).await?;
        let companies = self.limit_invited(&tx, id, &role, companies).await?;
        let link = self.count_link(&tx).await?.give(self, &tx, About::Invitation(id), link).await?;
        let details =
            json!({ "role": role.called(), "companies": companies.map(|c| companies_words(Some(&c))) });
        let subject = Subject::named(AuditKind::User, email);
        audit::note(self, &tx, AuditAction::UserInvited, subject, details).await?;
        tx.commit().await?;
        self.portal().wake_mail();
        Ok(link)
    }

    /// Limits whoever comes by an invitation; answers the companies, `None` for all.
    async fn limit_invited(
        &self,
        tx: &Tx,
        invitation: Uuid,
        role: &Held,
        companies: Option<Vec<CompanyId>>,
    ) -> Result<Option<Vec<CompanyRef>>> {
        let holder = Holder::invitation(invitation);
        if companies.is_some() {
            holder.assign(tx, self.id(), companies.as_deref(), "").await?;
        }
        let limited = holder.companies(tx, self.id()).await?;
        if limited.is_some() && role.role.is_admin() {
            let message =
                "Administrators see all companies. Choose another role, or let them see all companies.";
            return Err(UserError::invalid("role", message).into());
        }
        Ok(limited)
    }

    /// Refuses to touch an invitation that gives more than the acting user has.
    async fn within_invited(&self, tx: &Tx, which: &str, value: Value) -> Result<()> {
        let select =
            format!("SELECT {OF_USER} FROM invitations u {JOIN} WHERE u.{which} AND u.tenant_id = $2");
        let row: Option<HeldRow> = sql::one(tx, &select, vec![value, self.id().into()]).await?;
        match row {
            Some(row) => Ok(within(self.actor(), "This invitation", &row.held()?.permissions)?),
            None => Ok(()),
        }
    }

    /// Takes an invitation back: its link is worth nothing from now on.
    pub async fn withdraw_invitation(&self, id: InvitationId) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Row {
            email: String,
        }
        let delete = "DELETE FROM invitations WHERE id = $1 AND tenant_id = $2 RETURNING email";
        let tx = db::begin(self.db()).await?;
        hold(self, &tx).await?;
        self.within_invited(&tx, "id = $1", id.0.into()).await?;
        let row: Option<Row> = sql::one(&tx, delete, vec![id.0.into(), self.id().into()]).await?;
        let row = row.ok_or_else(|| UserError::not_found("invitation"))?;
        Holder::invitation(id.0).forget(&tx).await?;
        let subject = Subject::named(AuditKind::User, row.email);
        audit::note(self, &tx, AuditAction::InvitationWithdrawn, subject, json!({})).await?;
        Ok(tx.commit().await?)
    }
}

/// Writes the invitation of an address into a tenant, in place of an earlier one and its mails. It says who is a user there
/// already. `by`: the administrator; none for an operator.
pub(crate) async fn invite(
    tx: &Tx,
    tenant: TenantId,
    (email, role): (&str, RoleRef),
    by: Option<UserId>,
    now: i64,
) -> Result<(Uuid, NewLink)> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    refuse_user(tx, tenant, email).await?;
    let (link, (word, custom)) = (NewLink::invitation(now), stored(role));
    let insert = "INSERT INTO invitations (id, tenant_id, email, email_key, role, role_id, token_hash, created_at, expires_at,
            invited_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (tenant_id, email_key) DO UPDATE SET email = excluded.email, role = excluded.role,
            role_id = excluded.role_id, token_hash = excluded.token_hash, created_at = excluded.created_at,
            expires_at = excluded.expires_at, invited_by = excluded.invited_by RETURNING id";
    let values = vec![
        new_id().into(),
        tenant.0.into(),
        email.into(),
        email_key(email).into(),
        word.into(),
        custom.into(),
        link.hash.as_slice().into(),
        now.into(),
        link.expires_at.into(),
        by.map(|by| by.0).into(),
    ];
    let row: Option<Row> = sql::one(tx, insert, values).await?;
    let id = row.map(|row| row.id).ok_or_else(|| crate::Error::internal("no invitation was written"))?;
    sql::execute(tx, "DELETE FROM mails WHERE invitation_id = $1", vec![id.into()]).await?;
    Ok((id, link))
}

/// Somebody who is a user of the tenant needs no invitation.
async fn refuse_user(tx: &Tx, tenant: TenantId, email: &str) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
        active: bool,
    }
    let select = "SELECT name, active FROM users WHERE tenant_id = $1 AND email_key = $2";
    let row: Option<Row> = sql::one(tx, select, vec![tenant.0.into(), email_key(email).into()]).await?;
    let message = match row {
        None => return Ok(()),
        Some(Row { name, active: true }) => format!("This is the address of {name}, who is a user already."),
        Some(Row { name, .. }) => {
            format!("This is the address of {name}, who is deactivated. Activate them instead.")
        }
    };
    Err(UserError { field: Some("email".into()), ..UserError::conflict(message) }.into())
}
