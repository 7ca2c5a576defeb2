//! Making a token.

use super::{Row, select};
use crate::{
    Result, Tenant,
    audit::{self, Subject},
    clock::{new_id, time},
    db::{self, Tx},
    error::is_duplicate,
    roles::{Held, hold, stored},
    scope::Holder,
    session::{SECOND, Session, hash_token, new_token},
    sql,
    tenant::Access,
};
use domain::{
    api_token::{DEFAULT_DAYS, MAX_DAYS, NewApiToken, PREFIX},
    audit::AuditAction,
    company::{checked_name, name_key},
    error::UserError,
    ids::{ApiTokenId, CompanyId},
    permissions::words,
    roles::RoleRef,
    users::companies_words,
};
use serde_json::json;

const DAY: i64 = 24 * 3600 * SECOND;
/// Tokens of one user.
const MOST: i64 = 50;
/// Characters of a token by which people tell it from others.
const HINT: usize = 4;

/// What a user wants of a new token.
pub struct TokenInput {
    pub name: String,
    pub role: RoleRef,
    /// Days until it expires; the usual number when left out.
    pub days: Option<u32>,
    /// The companies that it is limited to; `None` for all that its user sees.
    pub companies: Option<Vec<CompanyId>>,
}

impl<A: Access> Tenant<A> {
    /// A new token that acts for who is signed in with `session`. The answer is the only place that has the token itself.
    pub async fn create_api_token(&self, session: &Session, input: TokenInput) -> Result<NewApiToken> {
        let name = checked_name("name", &input.name)?;
        let expires_at = self.now() + i64::from(checked_days(input.days)?) * DAY;
        let (id, secret) = (ApiTokenId(new_id()), format!("{PREFIX}{}", new_token()));
        let tx = db::begin(self.db()).await?;
        // So that the role is not deleted meanwhile, and nobody who was shut out leaves a token behind.
        hold(self, &tx).await?;
        let held = Held::find(&tx, self.id(), input.role).await?;
        check_role(&held, session)?;
        self.check_number(&tx, session).await?;
        self.insert_api_token(&tx, session, (id, &name, input.role), &secret, expires_at).await?;
        let holder = Holder::api_token(id.0);
        holder.assign(&tx, self.id(), input.companies.as_deref(), &self.within("c.id")).await?;
        let companies = holder.companies(&tx, self.id()).await?;
        let companies = companies.map(|companies| companies_words(Some(&companies)));
        let details = json!({ "role": held.called(), "companies": companies, "expires": time(expires_at) });
        audit::note(self, &tx, AuditAction::ApiTokenCreated, Subject::api_token(id, &name), details).await?;
        tx.commit().await?;
        let select = format!("{} WHERE k.id = $1", select());
        let row: Option<Row> = sql::one(self.db(), &select, vec![id.0.into()]).await?;
        let row = row.ok_or_else(|| UserError::not_found("API token"))?;
        Ok(NewApiToken { secret, token: row.view(self.now())? })
    }

    /// Each token may send as much as any: a user may not have any number of them.
    async fn check_number(&self, tx: &Tx, session: &Session) -> Result<()> {
        let count = "SELECT count(*) AS n FROM api_tokens WHERE user_id = $1 AND tenant_id = $2";
        let values = vec![session.user_id.0.into(), self.id().into()];
        if sql::count(tx, count, values).await? < MOST {
            return Ok(());
        }
        Err(UserError::conflict(format!("You have {MOST} tokens. Revoke one that you no longer need first."))
            .into())
    }

    async fn insert_api_token(
        &self,
        tx: &Tx,
        session: &Session,
        (id, name, role): (ApiTokenId, &str, RoleRef),
        secret: &str,
        expires_at: i64,
    ) -> Result<()> {
        let insert =
            "INSERT INTO api_tokens (id, tenant_id, user_id, name, name_key, role, role_id, token_hash, hint,
            created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let (word, custom) = stored(role);
        let values = vec![
            id.0.into(),
            self.id().into(),
            session.user_id.0.into(),
            name.into(),
            name_key(name).into(),
            word.into(),
            custom.into(),
            hash_token(secret).into(),
            secret[secret.len() - HINT..].into(),
            self.now().into(),
            expires_at.into(),
        ];
        match sql::execute(tx, insert, values).await {
            Ok(_) => Ok(()),
            Err(e) if is_duplicate(&e) => Err(name_taken().into()),
            Err(e) => Err(e.into()),
        }
    }
}

fn check_role(wanted: &Held, session: &Session) -> Result<(), UserError> {
    let Some((area, level)) = wanted.permissions.beyond(&session.permissions) else { return Ok(()) };
    let message = format!(
        "A token may not do more than you, and you may not {}. Choose your own role or a smaller one.",
        words(area, level)
    );
    Err(UserError::invalid("role", message))
}

fn checked_days(days: Option<u32>) -> Result<u32, UserError> {
    match days.unwrap_or(DEFAULT_DAYS) {
        days @ 1..=MAX_DAYS => Ok(days),
        _ => Err(UserError::invalid(
            "expires_in_days",
            format!("Enter a number of days from 1 to {MAX_DAYS}."),
        )),
    }
}

fn name_taken() -> UserError {
    let message = "You have a token of this name. Choose another name, or revoke that one first.";
    UserError { field: Some("name".into()), ..UserError::conflict(message) }
}
