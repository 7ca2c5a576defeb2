//! Creating the portal, signing in and out, and what a request's cookie stands for.

use crate::{
    Error, Portal, Result, Tenant,
    audit::{self, Known},
    clock::{micros, new_id},
    companies_defaults, db,
    error::is_duplicate,
    sql,
    tenant::{Access, Origin},
};
use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{SaltString, rand_core::OsRng},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    audit::AuditAction,
    company::checked_name,
    error::{ErrorKind, UserError},
    ids::{TenantId, UserId},
    role::Role,
    session::{MIN_PASSWORD, Me, PortalState, TenantView, UserView},
};
use rand::RngCore;
use sea_orm::{ConnectionTrait, FromQueryResult};
use sha2::{Digest, Sha256};
use std::{str::FromStr, sync::OnceLock};
use uuid::Uuid;

/// Name of the session cookie.
pub const COOKIE: &str = "msportal_session";
/// Longest life of a session, in seconds: 14 days.
const LIFETIME: i64 = 14 * 24 * 3600;
/// A session unused for this long ends, in seconds: 3 days.
const IDLE: i64 = 3 * 24 * 3600;
/// The time of last use is written at most this often, in seconds.
const TOUCH: i64 = 300;
const SECOND: i64 = 1_000_000;

/// A valid session: who acts, where, and with which role.
#[derive(Clone, Debug)]
pub struct Session {
    pub token_hash: Vec<u8>,
    pub tenant_id: TenantId,
    pub tenant_name: String,
    pub user_id: UserId,
    pub user_name: String,
    pub email: String,
    pub role: Role,
    /// Where the present request came from.
    pub origin: Origin,
}

impl Session {
    /// Who is signed in, as the session read it.
    pub fn me(&self) -> Me {
        let (user, tenant) = (self.user_id.0, self.tenant_id.0);
        me(user, self.user_name.clone(), self.email.clone(), tenant, self.tenant_name.clone(), self.role)
    }
}

/// A fresh session: what to tell the user, and the cookie to set.
pub struct SignedIn {
    pub me: Me,
    pub cookie: String,
}

#[derive(FromQueryResult)]
struct UserRow {
    id: Uuid,
    tenant_id: Uuid,
    tenant_name: String,
    name: String,
    email: String,
    password_hash: String,
    role: String,
}

impl UserRow {
    fn known(&self) -> Known {
        Known { tenant: self.tenant_id.into(), user: self.id.into(), name: self.name.clone() }
    }
}

#[derive(FromQueryResult)]
struct SessionRow {
    tenant_id: Uuid,
    tenant_name: String,
    user_id: Uuid,
    user_name: String,
    email: String,
    role: String,
    last_seen_at: i64,
}

impl Portal {
    /// What a visitor may know before signing in.
    pub async fn state(&self) -> Result<PortalState> {
        let created = sql::count(self.db(), "SELECT count(*) AS n FROM portal", vec![]).await? > 0;
        let demo = self.config().demo.clone();
        Ok(PortalState {
            created,
            demo: demo.as_ref().map(|d| d.account.clone()),
            demo_integration: demo.map(|d| d.integration),
        })
    }

    /// Creates the tenant, its owner (role Admin) and its default device types, and signs the owner in. Only once.
    pub async fn create_portal(
        &self,
        origin: &Origin,
        portal_name: &str,
        name: &str,
        email: &str,
        password: &str,
    ) -> Result<SignedIn> {
        let portal_name = checked_name("portal_name", portal_name)?;
        let tenant = TenantId(new_id());
        let hash = self.checked_user(name, email, password).await?;
        let tx = db::begin(self.db()).await?;
        let now = self.now_micros();
        sql::execute(
            &tx,
            "INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3)",
            vec![tenant.0.into(), portal_name.as_str().into(), now.into()],
        )
        .await?;
        let first = sql::execute(
            &tx,
            "INSERT INTO portal (id, tenant_id) VALUES (1, $1) ON CONFLICT (id) DO NOTHING",
            vec![tenant.0.into()],
        )
        .await?;
        if first == 0 {
            return Err(UserError::conflict("This portal exists already. Sign in instead.").into());
        }
        let user = insert_user(&tx, tenant, name, email, &hash, Role::Admin, now).await?;
        companies_defaults::insert(&tx, tenant, now).await?;
        let owner = Known { tenant, user, name: name.trim().to_owned() };
        audit::note_created(&tx, (origin, now), &owner, &portal_name).await?;
        tx.commit().await?;
        self.sign_in(origin, email, password).await
    }

    /// Adds a user with a role; for operators (`msportal user add`).
    pub async fn add_user(&self, name: &str, email: &str, password: &str, role: Role) -> Result<UserId> {
        let hash = self.checked_user(name, email, password).await?;
        #[derive(FromQueryResult)]
        struct Row {
            tenant_id: Uuid,
        }
        let row: Option<Row> = sql::one(self.db(), "SELECT tenant_id FROM portal", vec![]).await?;
        let tenant = row
            .ok_or_else(|| UserError::conflict("Create the portal first: open it in a browser."))?
            .tenant_id;
        let (tx, now) = (db::begin(self.db()).await?, self.now_micros());
        let user = insert_user(&tx, tenant.into(), name, email, &hash, role, now).await?;
        let added = Known { tenant: tenant.into(), user, name: name.trim().to_owned() };
        audit::note_user_added(&tx, now, &added, role).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Checks what a person typed about a user and hashes the password.
    async fn checked_user(&self, name: &str, email: &str, password: &str) -> Result<String> {
        checked_name("name", name)?;
        let email = email.trim();
        if !email.contains('@') || email.contains(char::is_whitespace) || email.chars().count() > 200 {
            return Err(
                UserError::invalid("email", "Enter an e-mail address such as sam@example.com.").into()
            );
        }
        if password.chars().count() < MIN_PASSWORD {
            return Err(UserError::invalid(
                "password",
                format!("Choose a password of at least {MIN_PASSWORD} characters."),
            )
            .into());
        }
        if password.len() > 1000 {
            return Err(
                UserError::invalid("password", "Choose a password of at most 1,000 characters.").into()
            );
        }
        hash_password(password.to_owned()).await
    }

    /// Signs in. The same time and the same words whether the user is unknown or the password is wrong.
    pub async fn sign_in(&self, origin: &Origin, email: &str, password: &str) -> Result<SignedIn> {
        let user: Option<UserRow> = sql::one(
            self.db(),
            "SELECT u.id, u.tenant_id, t.name AS tenant_name, u.name, u.email, u.password_hash, u.role
             FROM users u JOIN tenants t ON t.id = u.tenant_id WHERE u.email_key = $1 AND u.active",
            vec![email.trim().to_lowercase().into()],
        )
        .await?;
        let hash = match &user {
            Some(u) => u.password_hash.clone(),
            None => decoy_hash().await?,
        };
        let right = verify_password(hash, password.to_owned()).await?;
        let known = user.as_ref().map(UserRow::known);
        match (user, known) {
            (Some(user), Some(known)) if right => {
                let signed_in = self.open_session(user).await?;
                self.note_door(origin, &known, AuditAction::SignedIn).await?;
                Ok(signed_in)
            }
            (_, known) => {
                self.note_refused(origin, known.as_ref()).await?;
                Err(UserError::new(
                    ErrorKind::Unauthenticated,
                    "E-mail address or password is wrong. Check both and try again.",
                )
                .into())
            }
        }
    }

    async fn open_session(&self, user: UserRow) -> Result<SignedIn> {
        let mut token = [0u8; 32];
        rand::rng().fill_bytes(&mut token);
        let token = URL_SAFE_NO_PAD.encode(token);
        let now = self.now_micros();
        sql::execute(self.db(), "DELETE FROM sessions WHERE expires_at < $1", vec![now.into()]).await?;
        sql::execute(
            self.db(),
            "INSERT INTO sessions (token_hash, tenant_id, user_id, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)",
            vec![hash_token(&token).into(), user.tenant_id.into(), user.id.into(), now.into(), (now + LIFETIME * SECOND).into()],
        )
        .await?;
        let me =
            me(user.id, user.name, user.email, user.tenant_id, user.tenant_name, parse_role(&user.role)?);
        Ok(SignedIn {
            me,
            cookie: format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LIFETIME}"),
        })
    }

    /// The session of a cookie's token, if it is valid now.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Session>> {
        let hash = hash_token(token);
        let now = micros(self.now());
        let row: Option<SessionRow> = sql::one(
            self.db(),
            "SELECT s.tenant_id, t.name AS tenant_name, s.user_id, u.name AS user_name, u.email, u.role, s.last_seen_at
             FROM sessions s JOIN users u ON u.id = s.user_id JOIN tenants t ON t.id = s.tenant_id
             WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND u.active",
            vec![hash.clone().into(), now.into(), (now - IDLE * SECOND).into()],
        )
        .await?;
        let Some(row) = row else { return Ok(None) };
        if now - row.last_seen_at > TOUCH * SECOND {
            sql::execute(
                self.db(),
                "UPDATE sessions SET last_seen_at = $1 WHERE token_hash = $2",
                vec![now.into(), hash.clone().into()],
            )
            .await?;
        }
        Ok(Some(Session {
            token_hash: hash,
            tenant_id: row.tenant_id.into(),
            tenant_name: row.tenant_name,
            user_id: row.user_id.into(),
            user_name: row.user_name,
            email: row.email,
            role: parse_role(&row.role)?,
            origin: Origin::default(),
        }))
    }

    /// Ends a session.
    pub async fn sign_out(&self, session: &Session) -> Result<()> {
        let ended = sql::execute(
            self.db(),
            "DELETE FROM sessions WHERE token_hash = $1",
            vec![session.token_hash.clone().into()],
        )
        .await?;
        if ended == 0 {
            return Ok(());
        }
        let (tenant, user, name) = (session.tenant_id, session.user_id, session.user_name.clone());
        self.note_door(&session.origin, &Known { tenant, user, name }, AuditAction::SignedOut).await
    }
}

impl<A: Access> Tenant<A> {
    /// Who is signed in.
    pub async fn me(&self) -> Result<Me> {
        let id = self.actor().map(|a| a.id.0).unwrap_or_default();
        let user: Option<UserRow> = sql::one(
            self.db(),
            "SELECT u.id, u.tenant_id, t.name AS tenant_name, u.name, u.email, u.password_hash, u.role
             FROM users u JOIN tenants t ON t.id = u.tenant_id WHERE u.id = $1 AND u.tenant_id = $2",
            vec![id.into(), self.id().into()],
        )
        .await?;
        let user = user.ok_or_else(|| UserError::not_found("user"))?;
        Ok(me(user.id, user.name, user.email, user.tenant_id, user.tenant_name, parse_role(&user.role)?))
    }
}

fn me(id: Uuid, name: String, email: String, tenant: Uuid, tenant_name: String, role: Role) -> Me {
    Me {
        user: UserView { id: id.into(), name, email },
        tenant: TenantView { id: tenant.into(), name: tenant_name },
        role,
    }
}

fn parse_role(role: &str) -> Result<Role> {
    Role::from_str(role).map_err(Error::internal)
}

async fn insert_user(
    db: &impl ConnectionTrait,
    tenant: TenantId,
    name: &str,
    email: &str,
    hash: &str,
    role: Role,
    now: i64,
) -> Result<UserId> {
    let id = UserId(new_id());
    let email = email.trim();
    let values = vec![
        id.0.into(),
        tenant.0.into(),
        name.trim().into(),
        email.into(),
        email.to_lowercase().into(),
        hash.into(),
        role.as_str().into(),
        now.into(),
    ];
    let insert =
        "INSERT INTO users (id, tenant_id, name, email, email_key, password_hash, role, active, created_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE, $8)";
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

fn hash_token(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// argon2id with the crate's defaults (19 MiB, 2 passes: OWASP's first choice), off the async threads.
async fn hash_password(password: String) -> Result<String> {
    let hash = move || {
        let salt = SaltString::generate(&mut OsRng);
        Argon2::default().hash_password(password.as_bytes(), &salt).map(|h| h.to_string())
    };
    tokio::task::spawn_blocking(hash)
        .await
        .map_err(Error::internal)?
        .map_err(|e| Error::internal(e.to_string()))
}

async fn verify_password(hash: String, password: String) -> Result<bool> {
    let verify = move || {
        PasswordHash::new(&hash)
            .is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok())
    };
    tokio::task::spawn_blocking(verify).await.map_err(Error::internal)
}

/// A hash that no password matches, so that an unknown user takes as long as a known one.
async fn decoy_hash() -> Result<String> {
    static DECOY: OnceLock<String> = OnceLock::new();
    if let Some(hash) = DECOY.get() {
        return Ok(hash.clone());
    }
    let mut random = [0u8; 32];
    rand::rng().fill_bytes(&mut random);
    let hash = hash_password(URL_SAFE_NO_PAD.encode(random)).await?;
    Ok(DECOY.get_or_init(|| hash).clone())
}
