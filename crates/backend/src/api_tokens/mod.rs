//! Tokens that programs call the API with, in the name of a user and with a role of their own.
//!
//! A token is `msp_` and 256 random bits; the database keeps its hash. Token and user are looked up for every request: one that
//! was revoked or has expired, a role that was changed and a user who was deactivated count from the next request on.

mod bearer;
mod create;
mod list;
mod revoke;

pub use create::TokenInput;

use crate::{Result, clock::time, roles::HeldRow, scope};
use domain::api_token::ApiToken;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The token is `k`, its user `u`.
const COLUMNS: &str =
    "SELECT k.id, k.name, k.role, k.role_id, r.name AS role_name, r.permissions AS role_permissions,
        {companies} AS companies, k.user_id,
        u.name AS user_name, k.hint, k.created_at, k.expires_at, k.last_used_at, k.last_address
    FROM api_tokens k JOIN users u ON u.id = k.user_id
    LEFT JOIN roles r ON r.id = k.role_id AND r.tenant_id = k.tenant_id";

/// `SELECT …` of tokens.
fn select() -> String {
    COLUMNS.replace("{companies}", &scope::count("k"))
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    #[sea_orm(nested)]
    role: HeldRow,
    companies: Option<i64>,
    user_id: Uuid,
    user_name: String,
    hint: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    last_address: Option<String>,
}

impl Row {
    fn view(self, now: i64) -> Result<ApiToken> {
        let held = self.role.held()?;
        Ok(ApiToken {
            id: self.id.into(),
            name: self.name,
            role: held.role,
            role_name: held.name,
            companies: self.companies,
            user_id: self.user_id.into(),
            user_name: self.user_name,
            hint: self.hint,
            created_at: time(self.created_at),
            expires_at: time(self.expires_at),
            expired: self.expires_at <= now,
            last_used_at: self.last_used_at.map(time),
            last_address: self.last_address,
        })
    }
}
