//! Which role somebody has, and what it allows.

use crate::{Error, Result, sql};
use domain::{error::UserError, permissions::Permissions, role::Role, roles::RoleRef};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// The word that stands for every custom role where built-in ones are kept.
const CUSTOM: &str = "custom";

/// The role of the user `u`, as columns of a [`HeldRow`]; its table is joined as [`JOIN`] says.
pub(crate) const OF_USER: &str = "u.role, u.role_id, r.name AS role_name, r.permissions AS role_permissions";
pub(crate) const JOIN: &str = "LEFT JOIN roles r ON r.id = u.role_id AND r.tenant_id = u.tenant_id";

#[derive(Clone, FromQueryResult)]
pub(crate) struct HeldRow {
    pub role: String,
    pub role_id: Option<Uuid>,
    pub role_name: Option<String>,
    pub role_permissions: Option<String>,
}

/// A role as somebody has it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub role: RoleRef,
    pub name: String,
    pub permissions: Permissions,
}

impl HeldRow {
    pub fn held(self) -> Result<Held> {
        let role = role_of(&self.role, self.role_id)?;
        let permissions = match (role, self.role_permissions) {
            (RoleRef::BuiltIn(role), _) => role.permissions(),
            (RoleRef::Custom(_), Some(json)) => serde_json::from_str(&json).map_err(Error::internal)?,
            (RoleRef::Custom(_), None) => Permissions::NONE,
        };
        Ok(Held { role, name: name_of(role, self.role_name), permissions })
    }
}

impl Held {
    /// The role of that reference in a tenant.
    pub async fn find(db: &impl ConnectionTrait, tenant: Uuid, role: RoleRef) -> Result<Self> {
        let id = match role {
            RoleRef::BuiltIn(role) => {
                let (name, permissions) = (role.title().to_owned(), role.permissions());
                return Ok(Self { role: role.into(), name, permissions });
            }
            RoleRef::Custom(id) => id,
        };
        let select =
            "SELECT 'custom' AS role, id AS role_id, name AS role_name, permissions AS role_permissions
            FROM roles WHERE id = $1 AND tenant_id = $2";
        let row: Option<HeldRow> = sql::one(db, select, vec![id.0.into(), tenant.into()]).await?;
        row.ok_or_else(|| UserError::not_found("role"))?.held()
    }

    /// What the audit log calls it: the word of a built-in role, the name of a custom one.
    pub fn called(&self) -> &str {
        match self.role {
            RoleRef::BuiltIn(role) => role.as_str(),
            RoleRef::Custom(_) => &self.name,
        }
    }
}

/// A role as the two columns `role` and `role_id` keep it.
pub(crate) fn stored(role: RoleRef) -> (&'static str, Option<Uuid>) {
    match role {
        RoleRef::BuiltIn(role) => (role.as_str(), None),
        RoleRef::Custom(id) => (CUSTOM, Some(id.0)),
    }
}

/// The role of those two columns.
pub(crate) fn role_of(word: &str, id: Option<Uuid>) -> Result<RoleRef> {
    match (word, id) {
        (CUSTOM, Some(id)) => Ok(RoleRef::Custom(id.into())),
        _ => word.parse::<Role>().map(RoleRef::from).map_err(Error::internal),
    }
}

/// What a role is called, by the name of its row.
fn name_of(role: RoleRef, name: Option<String>) -> String {
    match role {
        RoleRef::BuiltIn(role) => role.title().to_owned(),
        RoleRef::Custom(_) => name.unwrap_or_default(),
    }
}
