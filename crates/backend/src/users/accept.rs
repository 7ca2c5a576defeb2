//! What somebody does with a link that they were given.

use super::{link, makers};
use crate::{
    Portal, Result, audit,
    clock::time,
    db::{self, Tx},
    roles::{Held, role_of},
    scope::Holder,
    session::{
        Budget, Guess, PasswordOwner, SignedIn, UserRow, Visitor, check_new_password, email_key,
        hash_password, hash_token, insert_user,
    },
    sql, tenants,
};
use domain::{
    audit::AuditAction,
    company::checked_name,
    error::{ErrorKind, UserError},
    ids::UserId,
    users::{LinkKind, LinkState},
};
use sea_orm::{FromQueryResult, Value};
use std::str::FromStr;
use uuid::Uuid;

const LINKS: &str = "SELECT l.kind, l.email, l.expires_at, l.tenant_id, l.made_by, l.role, l.role_id, t.name AS portal_name
    FROM (
        SELECT 'invitation' AS kind, tenant_id, email, token_hash, expires_at, invited_by AS made_by, role, role_id
        FROM invitations
        UNION ALL
        SELECT 'password', p.tenant_id, u.email, p.token_hash, p.expires_at, p.made_by, u.role, u.role_id
        FROM password_links p JOIN users u ON u.id = p.user_id AND u.active
        UNION ALL
        SELECT 'invitation', i.tenant_id, i.email, m.token_hash, i.expires_at, i.invited_by, i.role, i.role_id
        FROM mails m JOIN invitations i ON i.id = m.invitation_id
        UNION ALL
        SELECT 'password', u.tenant_id, u.email, m.token_hash, m.expires_at, m.made_by, u.role, u.role_id
        FROM mails m JOIN users u ON u.id = m.user_id AND u.active
    ) l JOIN tenants t ON t.id = l.tenant_id WHERE l.token_hash = $1 AND l.expires_at > $2";

#[derive(FromQueryResult)]
struct LinkRow {
    kind: String,
    email: String,
    expires_at: i64,
    portal_name: String,
    tenant_id: Uuid,
    made_by: Option<Uuid>,
    /// What whoever uses it will be, or is.
    role: String,
    role_id: Option<Uuid>,
}

/// What an invitation makes of whoever accepts it.
#[derive(FromQueryResult)]
struct Invited {
    id: Uuid,
    restricted: bool,
    tenant_id: Uuid,
    email: String,
    role: String,
    role_id: Option<Uuid>,
    invited_by: Option<Uuid>,
}

impl Portal {
    /// What a link is good for. Those that are good for nothing are counted for the address that asks, and all alike.
    pub async fn link_state(&self, visitor: &Visitor, token: &str) -> Result<LinkState> {
        let (state, guess) = self.counted_link(visitor, token).await?;
        self.take_back(guess).await?;
        Ok(state)
    }

    /// The same, and the guess, which counts until it is taken back.
    async fn counted_link(&self, visitor: &Visitor, token: &str) -> Result<(LinkState, Guess)> {
        let guess = self.count_guess(visitor.address.map(Budget::link).into_iter().collect()).await?;
        let values = vec![hash_token(token).into(), self.now_micros().into()];
        let row: Option<LinkRow> = sql::one(self.db(), LINKS, values).await?;
        let Some(row) = row else {
            let asked = self.asked_sign_up(token).await?.ok_or_else(link::dead)?;
            return Ok((asked, guess));
        };
        let gives = Held::find(self.db(), row.tenant_id, role_of(&row.role, row.role_id)?).await?.permissions;
        makers::stands_behind(self.db(), (row.tenant_id, row.made_by), &gives).await?;
        let state = LinkState {
            kind: LinkKind::from_str(&row.kind).map_err(crate::Error::internal)?,
            portal_name: row.portal_name,
            email: row.email,
            expires_at: time(row.expires_at),
        };
        Ok((state, guess))
    }

    /// Makes a user of whoever has the link of an invitation, or an owner of whoever has that of a sign-up, and signs them in.
    pub async fn accept_invitation(
        &self,
        visitor: &Visitor,
        token: &str,
        name: &str,
        password: &str,
    ) -> Result<SignedIn> {
        let name = checked_name("name", name)?;
        let kinds = [LinkKind::Invitation, LinkKind::SignUp];
        let (kind, hash) = self.password_by_link(visitor, (&kinds, token), Some(&name), password).await?;
        if kind == LinkKind::SignUp {
            let signed_in = self.sign_up_by_link(visitor, token, &name, &hash).await;
            return signed_in.map_err(or_taken);
        }
        let (tx, now) = (db::begin(self.db()).await?, self.now_micros());
        let invited = Invited::take(&tx, &hash_token(token), now).await?;
        let user = invited.become_user(&tx, &name, &hash, now).await?;
        let known = user.known();
        let signed_in = self.open_session(&tx, visitor, user).await?;
        audit::note_user(&tx, (&visitor.origin(), now), &known, AuditAction::UserJoined).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Sets the password of whoever has the link for it. All their sessions and API tokens end, and devices are forgotten.
    pub async fn choose_password(&self, visitor: &Visitor, token: &str, password: &str) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Whose {
            tenant_id: Uuid,
            user_id: Uuid,
            made_by: Option<Uuid>,
        }
        let (_, hash) =
            self.password_by_link(visitor, (&[LinkKind::Password], token), None, password).await?;
        let (tx, now) = (db::begin(self.db()).await?, self.now_micros());
        let select = "SELECT tenant_id, user_id, made_by FROM (
                SELECT tenant_id, user_id, made_by, token_hash, expires_at FROM password_links
                UNION ALL SELECT tenant_id, user_id, made_by, token_hash, expires_at FROM mails WHERE user_id IS NOT NULL
            ) l WHERE token_hash = $1 AND expires_at > $2";
        let whose: Option<Whose> = sql::one(&tx, select, vec![hash_token(token).into(), now.into()]).await?;
        let whose = whose.ok_or_else(link::dead)?;
        tenants::hold(&tx, whose.tenant_id).await?;
        let user = UserRow::by_id(&tx, whose.tenant_id, whose.user_id).await?;
        makers::stands_behind(&tx, (whose.tenant_id, whose.made_by), &user.permissions()?).await?;
        let update = "UPDATE users SET password_hash = $1 WHERE id = $2";
        sql::execute(&tx, update, vec![hash.into(), whose.user_id.into()]).await?;
        // Whoever comes with another link of this user at the same time has waited for the row above, and finds none here.
        let mut used = 0;
        for delete in
            ["DELETE FROM password_links WHERE token_hash = $1", "DELETE FROM mails WHERE token_hash = $1"]
        {
            used += sql::execute(&tx, delete, vec![hash_token(token).into()]).await?;
        }
        if used == 0 {
            return Err(link::dead().into());
        }
        super::forget_link(&tx, whose.user_id).await?;
        super::manage::end_sessions(&tx, UserId(whose.user_id)).await?;
        // Whoever had the account may have made tokens, too.
        super::manage::end_tokens(&tx, UserId(whose.user_id)).await?;
        let devices = "DELETE FROM known_devices WHERE user_id = $1";
        sql::execute(&tx, devices, vec![whose.user_id.into()]).await?;
        audit::note_user(&tx, (&visitor.origin(), now), &user.known(), AuditAction::PasswordChosen).await?;
        Ok(tx.commit().await?)
    }

    /// Which of the kinds the link is, and the hash of a new password, once it is known to be good: nobody else makes the
    /// server work for it.
    async fn password_by_link(
        &self,
        visitor: &Visitor,
        (kinds, token): (&[LinkKind], &str),
        name: Option<&str>,
        password: &str,
    ) -> Result<(LinkKind, String)> {
        let (state, guess) = self.counted_link(visitor, token).await?;
        if !kinds.contains(&state.kind) {
            return Err(link::dead().into());
        }
        let key = email_key(&state.email);
        let user = UserRow::by_email(self.db(), &key).await?;
        // Before the work of a hash: such a link stays good, and could be used for nothing else without end. It is a guess, too:
        // whoever makes links for any address, and has them without a mail, asks in this way who has an account.
        if state.kind != LinkKind::Password && UserRow::is_taken(self.db(), &key).await? {
            return Err(taken_address().into());
        }
        self.take_back(guess).await?;
        let owner = PasswordOwner {
            portal_name: &state.portal_name,
            name: name.or(user.as_ref().map(|user| user.name.as_str())).unwrap_or_default(),
            email: &state.email,
        };
        check_new_password("password", password, owner)?;
        Ok((state.kind, hash_password(self.metrics(), password.to_owned()).await?))
    }
}

impl Invited {
    /// Uses the invitation up. First the tenant is held, then its invitation, as whoever invites does: neither waits for the
    /// other in a circle, and two who come at the same time do not both become the owner.
    async fn take(tx: &Tx, token_hash: &[u8], now: i64) -> Result<Self> {
        #[derive(FromQueryResult)]
        struct Whose {
            tenant_id: Uuid,
        }
        const ITS: &str = "(token_hash = $1 OR id = (SELECT invitation_id FROM mails WHERE token_hash = $2)) AND expires_at > $3";
        let values: Vec<Value> = vec![token_hash.into(), token_hash.into(), now.into()];
        let select = format!("SELECT tenant_id FROM invitations WHERE {ITS}");
        let whose: Option<Whose> = sql::one(tx, &select, values.clone()).await?;
        tenants::hold(tx, whose.ok_or_else(link::dead)?.tenant_id).await?;
        let used = format!(
            "DELETE FROM invitations WHERE {ITS} RETURNING id, restricted, tenant_id, email, role, role_id, invited_by"
        );
        let invited: Option<Self> = sql::one(tx, &used, values).await?;
        Ok(invited.ok_or_else(link::dead)?)
    }

    async fn become_user(self, tx: &Tx, name: &str, hash: &str, now: i64) -> Result<UserRow> {
        let role = role_of(&self.role, self.role_id)?;
        let gives = Held::find(tx, self.tenant_id, role).await?.permissions;
        makers::stands_behind(tx, (self.tenant_id, self.invited_by), &gives).await?;
        let inserted = insert_user(tx, self.tenant_id.into(), name, &self.email, hash, role, now).await;
        let id = inserted.map_err(or_taken)?;
        Holder::invitation(self.id).hand_on(tx, self.restricted, Holder::user(id.0)).await?;
        // Of a tenant that an operator has created, the first administrator who comes is the owner.
        let owners = "SELECT count(*) AS n FROM users WHERE tenant_id = $1 AND owner";
        if role.is_admin() && sql::count(tx, owners, vec![self.tenant_id.into()]).await? == 0 {
            super::make_owner(tx, id).await?;
        }
        UserRow::by_id(tx, self.tenant_id, id.0).await
    }
}

/// An address belongs to one user of the whole installation.
fn taken_address() -> UserError {
    UserError::conflict(
        "There is an account with this e-mail address already. Sign in with it, or ask to be invited by another address.",
    )
}

fn or_taken(error: crate::Error) -> crate::Error {
    match error {
        crate::Error::User(e) if e.kind == ErrorKind::Conflict => taken_address().into(),
        error => error,
    }
}
