//! Which roles there are.

use super::held::{Held, HeldRow};
use crate::{Result, Tenant, sql, tenant::Access};
use domain::{error::UserError, ids::RoleId, role::Role, roles::RoleView};
use sea_orm::FromQueryResult;
use std::collections::HashMap;

const CUSTOM: &str =
    "SELECT 'custom' AS role, r.id AS role_id, r.name AS role_name, r.permissions AS role_permissions,
        r.description, r.version,
        (SELECT count(*) FROM users u WHERE u.role_id = r.id)
            + (SELECT count(*) FROM invitations i WHERE i.role_id = r.id) AS users
    FROM roles r WHERE r.tenant_id = $1";

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    held: HeldRow,
    description: Option<String>,
    version: i64,
    users: i64,
}

impl Row {
    fn view(self) -> Result<RoleView> {
        let Held { role, name, permissions } = self.held.held()?;
        let (description, version) = (self.description, Some(self.version));
        Ok(RoleView { role, name, description, permissions, users: self.users, version })
    }
}

impl<A: Access> Tenant<A> {
    /// Those that every tenant has, the smallest first; then the custom ones by name.
    pub async fn roles(&self) -> Result<Vec<RoleView>> {
        let mut users = self.built_in_users().await?;
        let built_in = Role::ALL.iter().map(|role| {
            Ok(RoleView {
                role: (*role).into(),
                name: role.title().to_owned(),
                description: Some(role.about().to_owned()),
                permissions: role.permissions(),
                users: users.remove(role.as_str()).unwrap_or_default(),
                version: None,
            })
        });
        let select = format!("{CUSTOM} ORDER BY r.name_key");
        let custom: Vec<Row> = sql::all(self.db(), &select, vec![self.id().into()]).await?;
        built_in.chain(custom.into_iter().map(Row::view)).collect()
    }

    pub(super) async fn role(&self, id: RoleId) -> Result<RoleView> {
        let select = format!("{CUSTOM} AND r.id = $2");
        let row: Option<Row> = sql::one(self.db(), &select, vec![self.id().into(), id.0.into()]).await?;
        row.ok_or_else(|| UserError::not_found("role"))?.view()
    }

    /// How many users have each built-in role, with those who are invited to it.
    async fn built_in_users(&self) -> Result<HashMap<String, i64>> {
        #[derive(FromQueryResult)]
        struct Count {
            role: String,
            n: i64,
        }
        let select = "SELECT role, count(*) AS n FROM (
                SELECT role FROM users WHERE tenant_id = $1
                UNION ALL SELECT role FROM invitations WHERE tenant_id = $2
            ) m GROUP BY role";
        let rows: Vec<Count> = sql::all(self.db(), select, vec![self.id().into(), self.id().into()]).await?;
        Ok(rows.into_iter().map(|row| (row.role, row.n)).collect())
    }
}
