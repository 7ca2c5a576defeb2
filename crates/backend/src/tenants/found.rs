//! A new tenant, with what each begins with.

use crate::{
    Portal, Result,
    audit::{self, Known},
    clock::new_id,
    companies_defaults,
    db::{self, Tx},
    error::Error,
    session::{PasswordOwner, SignedIn, UserRow, Visitor, check_new_password, hash_password, insert_user},
    sql, users,
};
use domain::{
    audit::AuditAction, company::checked_name, error::UserError, ids::TenantId, role::Role,
    users::checked_email,
};

/// Whether a tenant is the one that the installation is set up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Further,
}

/// Who creates a tenant and becomes its owner, checked.
pub(super) struct Founder {
    pub portal_name: String,
    pub name: String,
    pub email: String,
}

impl Founder {
    /// What somebody typed as it is kept, or the field that cannot be accepted.
    pub fn checked(portal_name: &str, name: &str, email: &str, password: &str) -> Result<Self, UserError> {
        let founder = Self {
            portal_name: checked_name("portal_name", portal_name)?,
            name: checked_name("name", name)?,
            email: checked_email(email)?.to_owned(),
        };
        let Self { portal_name, name, email } = &founder;
        check_new_password("password", password, PasswordOwner { portal_name, name, email })?;
        Ok(founder)
    }
}

impl Portal {
    /// Creates the first tenant, its owner and its default device types, and signs the owner in. Only once.
    pub async fn create_portal(
        &self,
        visitor: &Visitor,
        portal_name: &str,
        name: &str,
        email: &str,
        password: &str,
    ) -> Result<SignedIn> {
        let founder = Founder::checked(portal_name, name, email, password)?;
        self.found(visitor, founder, password, Place::First).await
    }

    /// Creates a tenant and its owner, if it comes in that place, and signs the owner in.
    pub(super) async fn found(
        &self,
        visitor: &Visitor,
        founder: Founder,
        password: &str,
        wanted: Place,
    ) -> Result<SignedIn> {
        // Asked again below; here it keeps strangers from making the server hash for nothing.
        if wanted == Place::First && self.state().await?.created {
            return Err(in_the_wrong_place(wanted));
        }
        let hash = hash_password(self.metrics(), password.to_owned()).await?;
        self.insert_founded(db::begin(self.db()).await?, visitor, (founder, &hash), wanted).await
    }

    /// Puts a tenant and its owner, with the hash of their password, into a transaction that has begun, and commits it.
    pub(super) async fn insert_founded(
        &self,
        tx: Tx,
        visitor: &Visitor,
        (founder, hash): (Founder, &str),
        wanted: Place,
    ) -> Result<SignedIn> {
        let (now, Founder { portal_name, name, email }) = (self.now_micros(), founder);
        let (tenant, place) = insert(&tx, &portal_name, now).await?;
        if place != wanted {
            return Err(in_the_wrong_place(wanted));
        }
        let user = insert_user(&tx, tenant, &name, &email, hash, Role::Admin.into(), now).await?;
        users::make_owner(&tx, user).await?;
        let owner = Known { tenant, user, name };
        audit::note_created(&tx, (&visitor.origin(), now), &owner, &portal_name).await?;
        let user = UserRow::by_id(&tx, tenant.0, user.0).await?;
        let signed_in = self.open_session(&tx, visitor, user).await?;
        audit::note_user(&tx, (&visitor.origin(), now), &owner, AuditAction::SignedIn).await?;
        tx.commit().await?;
        Ok(signed_in)
    }
}

fn in_the_wrong_place(wanted: Place) -> Error {
    UserError::conflict(match wanted {
        Place::First => "This portal exists already. Sign in instead.",
        Place::Further => "This portal is not set up yet. Set it up first.",
    })
    .into()
}

/// A tenant with its default device types, and whether it is the installation's first.
pub(super) async fn insert(tx: &Tx, name: &str, now: i64) -> Result<(TenantId, Place)> {
    let tenant = TenantId(new_id());
    let insert = "INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)";
    sql::execute(tx, insert, vec![tenant.0.into(), name.into(), now.into()]).await?;
    let first = "INSERT INTO portal (id, tenant_id) VALUES (1, $1) ON CONFLICT (id) DO NOTHING";
    let first = sql::execute(tx, first, vec![tenant.0.into()]).await? == 1;
    companies_defaults::insert(tx, tenant, now).await?;
    Ok((tenant, if first { Place::First } else { Place::Further }))
}
