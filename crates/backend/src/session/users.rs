//! Users: those that operators add, and who is signed in.

use super::{SECOND_FACTOR_MISSING, guessable::Owner, password, shown};
use crate::{
    Portal, Result,
    audit::{self, Known},
    clock::new_id,
    db,
    error::is_duplicate,
    roles::{Held, HeldRow, JOIN, OF_USER, stored},
    sql,
};
use domain::{
    audit::AuditAction,
    company::checked_name,
    error::UserError,
    ids::{TenantId, UserId},
    permissions::Permissions,
    role::Role,
    roles::RoleRef,
    session::{Me, PortalState, TenantView, UserView},
    users::checked_email,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;
use uuid::Uuid;

/// All active users or those of a tenant, by a condition.
fn select(condition: &str) -> String {
    format!(
        "SELECT u.id, u.tenant_id, t.name AS tenant_name, u.name, u.email, u.password_hash, {OF_USER}, u.restricted,
            {SECOND_FACTOR_MISSING} AS second_factor_missing
        FROM users u JOIN tenants t ON t.id = u.tenant_id {JOIN} WHERE {condition}"
    )
}

#[derive(FromQueryResult)]
pub(crate) struct UserRow {
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub tenant_name: String,
    pub name: String,
    pub email: String,
    pub password_hash: String,
    #[sea_orm(nested)]
    role: HeldRow,
    restricted: bool,
    second_factor_missing: bool,
}

impl UserRow {
    /// The active user of that address.
    pub async fn by_email(db: &impl ConnectionTrait, email_key: &str) -> Result<Option<Self>> {
        let select = select("u.email_key = $1 AND u.active");
        Ok(sql::one(db, &select, vec![email_key.into()]).await?)
    }

    /// Whether there is a user of that address, also one that was deactivated: an address belongs to one user.
    pub async fn is_taken(db: &impl ConnectionTrait, email_key: &str) -> Result<bool> {
        let select = "SELECT count(*) AS n FROM users WHERE email_key = $1";
        Ok(sql::count(db, select, vec![email_key.into()]).await? > 0)
    }

    /// A user of a tenant.
    pub async fn by_id(db: &impl ConnectionTrait, tenant: Uuid, id: Uuid) -> Result<Self> {
        let select = select("u.id = $1 AND u.tenant_id = $2");
        let row: Option<Self> = sql::one(db, &select, vec![id.into(), tenant.into()]).await?;
        Ok(row.ok_or_else(|| UserError::not_found("user"))?)
    }

    pub fn known(&self) -> Known {
        Known { tenant: self.tenant_id.into(), user: self.id.into(), name: self.name.clone() }
    }

    /// What the user's role allows.
    pub fn permissions(&self) -> Result<Permissions> {
        Ok(self.role.clone().held()?.permissions)
    }

    pub fn me(self) -> Result<Me> {
        let Held { role, name, permissions } = self.role.held()?;
        Ok(Me {
            user: UserView { id: self.id.into(), name: self.name, email: self.email },
            tenant: TenantView { id: self.tenant_id.into(), name: self.tenant_name },
            role,
            role_name: name,
            permissions: shown(permissions, self.restricted),
            limited: self.restricted,
            second_factor_missing: self.second_factor_missing,
        })
    }
}

/// An address as it is looked up: PostgreSQL takes no NUL in a text.
pub(crate) fn email_key(email: &str) -> String {
    email.trim().replace('\0', "").to_lowercase()
}

impl Portal {
    /// What a visitor may know before signing in.
    pub async fn state(&self) -> Result<PortalState> {
        let created = sql::count(self.db(), "SELECT count(*) AS n FROM portal", vec![]).await? > 0;
        let demo = self.config().demo.clone();
        Ok(PortalState {
            created,
            sign_up: self.config().sign_up,
            mail: self.sends_mail(),
            demo: demo.as_ref().map(|d| d.account.clone()),
            demo_integration: demo.map(|d| d.integration),
        })
    }

    /// Adds a user with a role; for operators (`msportal user add`).
    pub async fn add_user(&self, name: &str, email: &str, password: &str, role: Role) -> Result<UserId> {
        let first = self.first_tenant().await?;
        let first =
            first.ok_or_else(|| UserError::conflict("Create the portal first: open it in a browser."))?;
        self.add_user_to(first, name, email, password, role).await
    }

    /// The same in a tenant that is not the first one.
    pub async fn add_user_to(
        &self,
        tenant: TenantId,
        name: &str,
        email: &str,
        password: &str,
        role: Role,
    ) -> Result<UserId> {
        #[derive(FromQueryResult)]
        struct Row {
            name: String,
        }
        let select = "SELECT name FROM tenants WHERE id = $1";
        let row: Option<Row> = sql::one(self.db(), select, vec![tenant.0.into()]).await?;
        let portal_name = row.ok_or_else(|| UserError::not_found("tenant"))?.name;
        check_user(Owner { portal_name: &portal_name, name, email }, password)?;
        let hash = password::hash(self.metrics(), password.to_owned()).await?;
        let (tx, now) = (db::begin(self.db()).await?, self.now_micros());
        let user = insert_user(&tx, tenant, name, email, &hash, role.into(), now).await?;
        let added = Known { tenant, user, name: name.trim().to_owned() };
        let what = (AuditAction::UserAdded, added.subject(), json!({ "role": role.as_str() }));
        audit::note_by_operator(&tx, now, tenant, what).await?;
        tx.commit().await?;
        Ok(user)
    }
}

/// Checks what a person typed about a user.
fn check_user(user: Owner<'_>, password: &str) -> Result<(), UserError> {
    checked_name("name", user.name)?;
    checked_email(user.email)?;
    password::check_new("password", password, user)
}

pub(crate) async fn insert_user(
    db: &impl ConnectionTrait,
    tenant: TenantId,
    name: &str,
    email: &str,
    hash: &str,
    role: RoleRef,
    now: i64,
) -> Result<UserId> {
    let id = UserId(new_id());
    let (email, (word, custom)) = (email.trim(), stored(role));
    let values = vec![
        id.0.into(),
        tenant.0.into(),
        name.trim().into(),
        email.into(),
        email_key(email).into(),
        hash.into(),
        word.into(),
        custom.into(),
        now.into(),
    ];
    let insert =
        "INSERT INTO users (id, tenant_id, name, email, email_key, password_hash, role, role_id, active, created_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, TRUE, $9)";
    match sql::execute(db, insert, values).await {
        Ok(_) => Ok(id),
        Err(e) if is_duplicate(&e) => Err(UserError {
            field: Some("email".into()),
            ..UserError::conflict("A user with this e-mail address exists.")
        }
        .into()),
        Err(e) => Err(e.into()),
    }
}
