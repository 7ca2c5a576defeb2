//! Who came in, who was refused, who left.

use super::{Subject, Who, append};
use crate::{
    Error, Portal, Result,
    db::{self, Tx},
    session::{Budget, Session},
    sql,
    tenant::Origin,
};
use domain::{
    audit::{AuditAction, AuditKind},
    ids::{TenantId, UserId},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::{Value, json};
use uuid::Uuid;

/// A user whom a door knows.
#[derive(Clone)]
pub(crate) struct Known {
    pub tenant: TenantId,
    pub user: UserId,
    pub name: String,
}

impl Known {
    fn who(&self, origin: &Origin) -> Who {
        Who { user: Some(self.user.0), name: self.name.clone(), origin: origin.clone() }
    }

    pub fn subject(&self) -> Subject {
        Subject::user(self.user, &self.name)
    }
}

impl Portal {
    /// Somebody was refused. Of an unknown account nothing is kept of what was typed: people type passwords into the wrong
    /// field. It is written for both, so that the time tells nobody which accounts there are; where there are several tenants, an
    /// unknown account is nobody's: it is taken back, and the server's log has it.
    pub(crate) async fn note_refused(&self, origin: &Origin, user: Option<&Known>) -> Result<()> {
        let (tenant, subject) = match user {
            Some(user) => (user.tenant, user.subject()),
            None => match self.first_tenant().await? {
                Some(tenant) => (tenant, Subject::named(AuditKind::User, "An unknown account")),
                None => return Ok(()),
            },
        };
        let tenants = sql::count(self.db(), "SELECT count(*) AS n FROM tenants", vec![]).await?;
        let who = Who { origin: origin.clone(), ..Who::named("A visitor") };
        let what = (AuditAction::SignInRefused, subject, json!({}));
        let tx = db::begin(self.db()).await?;
        tx.execute_unprepared("SAVEPOINT nothing_noted").await?;
        append(&tx, tenant.0, self.now_micros(), &who, what).await?;
        if user.is_none() && tenants > 1 {
            tracing::info!(address = origin.address, "sign-in to an unknown account refused");
            tx.execute_unprepared("ROLLBACK TO SAVEPOINT nothing_noted").await?;
            // A known one waits until its line is on the disk: this one, too, and stands in line once as it does.
            sql::execute(&tx, "UPDATE portal SET tenant_id = tenant_id", vec![]).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Somebody was refused what their role does not allow. Ten of those are noted for a user in 15 minutes: nobody fills the
    /// log. In: the endpoint, a word of the program's own.
    pub async fn note_forbidden(&self, session: &Session, endpoint: &str) -> Result<()> {
        match self.count_guess(vec![Budget::refusals(session.user_id.0)]).await {
            Err(Error::User(_)) => return Ok(()),
            counted => counted?,
        };
        let who = Who { name: session.actor_name(), ..session.known().who(&session.origin) };
        let what = (AuditAction::AccessRefused, session.known().subject(), json!({ "endpoint": endpoint }));
        let tx = db::begin(self.db()).await?;
        append(&tx, session.tenant_id.0, self.now_micros(), &who, what).await?;
        Ok(tx.commit().await?)
    }

    /// The tenant that this installation was made for.
    pub(crate) async fn first_tenant(&self) -> Result<Option<TenantId>> {
        #[derive(FromQueryResult)]
        struct Row {
            tenant_id: Uuid,
        }
        let row: Option<Row> = sql::one(self.db(), "SELECT tenant_id FROM portal", vec![]).await?;
        Ok(row.map(|row| TenantId(row.tenant_id)))
    }
}

/// What a user did with their own account, from where and when; in the transaction that does it.
pub(crate) async fn note_user(
    tx: &Tx,
    (origin, now): (&Origin, i64),
    user: &Known,
    action: AuditAction,
) -> Result<()> {
    append(tx, user.tenant.0, now, &user.who(origin), (action, user.subject(), json!({}))).await
}

/// A visitor asked for something that concerns a user; in the transaction that does it.
pub(crate) async fn note_asked(
    tx: &Tx,
    (origin, now): (&Origin, i64),
    user: &Known,
    action: AuditAction,
) -> Result<()> {
    let who = Who { origin: origin.clone(), ..Who::named("A visitor") };
    append(tx, user.tenant.0, now, &who, (action, user.subject(), json!({}))).await
}

/// The portal was created; in the transaction that does it.
pub(crate) async fn note_created(
    tx: &Tx,
    (origin, now): (&Origin, i64),
    owner: &Known,
    portal_name: &str,
) -> Result<()> {
    let portal =
        Subject { id: Some(owner.tenant.to_string()), ..Subject::named(AuditKind::Portal, portal_name) };
    append(tx, owner.tenant.0, now, &owner.who(origin), (AuditAction::PortalCreated, portal, json!({}))).await
}

/// An operator reset a user's second factor, which ended so many sessions; in the transaction that does it.
pub(crate) async fn note_second_factor_reset(tx: &Tx, now: i64, user: &Known, sessions: u64) -> Result<()> {
    let what = (AuditAction::SecondFactorReset, user.subject(), json!({ "sessions": sessions }));
    note_by_operator(tx, now, user.tenant, what).await
}

/// An operator did something by a command; in the transaction that does it.
pub(crate) async fn note_by_operator(
    tx: &Tx,
    now: i64,
    tenant: TenantId,
    what: (AuditAction, Subject, Value),
) -> Result<()> {
    append(tx, tenant.0, now, &Who::named("Operator"), what).await
}
