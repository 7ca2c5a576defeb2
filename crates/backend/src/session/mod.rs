//! Creating the portal, signing in and out, and what a request's cookie stands for.
//!
//! A session is a random token in a cookie; the database keeps its hash. It is looked up for every request, so a session
//! that was ended, a role that was changed and a user who was deactivated count from the next request on.

mod cookies;
mod devices;
mod guessable;
mod late;
mod list;
mod open;
mod password;
mod second_factor;
mod sign_in;
mod throttle;
mod users;
mod visitor;

pub use cookies::COOKIE;
pub(crate) use guessable::Owner as PasswordOwner;
pub(crate) use late::still_in;
pub(crate) use password::{check_new as check_new_password, hash as hash_password};
pub(crate) use second_factor::{MISSING as SECOND_FACTOR_MISSING, prune_pending as prune_pending_factors};
pub(crate) use throttle::{Budget, Guess};
pub(crate) use users::{UserRow, email_key, insert_user};
pub use visitor::Visitor;

use crate::{Result, audit::Known, db::Tx, scope::Scope, tenant::Origin};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ids::{ApiTokenId, SessionId, TenantId, UserId},
    permissions::Permissions,
    roles::RoleRef,
    session::{Me, TenantView, UserView},
};
use rand::RngCore;
use sha2::{Digest, Sha256};

/// Longest life of a session, in seconds: 14 days.
const LIFETIME: i64 = 14 * 24 * 3600;
/// A session unused for this long ends, in seconds: 3 days.
const IDLE: i64 = 3 * 24 * 3600;
/// The time of last use is written at most this often, in seconds.
pub(crate) const TOUCH: i64 = 300;
pub(crate) const SECOND: i64 = 1_000_000;

/// A valid session: who acts, where, and with which role.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub token_hash: Vec<u8>,
    pub tenant_id: TenantId,
    pub tenant_name: String,
    pub user_id: UserId,
    pub user_name: String,
    pub email: String,
    /// The tenant wants a second factor that the user has not set up: nothing of the tenant is within reach.
    pub second_factor_missing: bool,
    pub role: RoleRef,
    pub role_name: String,
    /// What the role allows, and the API token besides it.
    pub permissions: Permissions,
    /// The companies that it is limited to; `None` for all of the tenant.
    pub scope: Option<Scope>,
    /// The API token, where a program asks with one in place of a cookie.
    pub token: Option<TokenUse>,
    /// Where the present request came from.
    pub origin: Origin,
}

/// Which API token stands for a user.
#[derive(Clone, Debug)]
pub struct TokenUse {
    pub id: ApiTokenId,
    pub name: String,
}

impl Session {
    /// Refuses whose session has ended while they waited, as [`still_in`].
    async fn still_in(&self, tx: &Tx) -> Result<()> {
        still_in(tx, self.user_id.0, self.id.0, self.token.is_some()).await
    }

    pub(crate) fn known(&self) -> Known {
        Known { tenant: self.tenant_id, user: self.user_id, name: self.user_name.clone() }
    }

    /// The user's name as the audit log has it, with that of the API token.
    pub(crate) fn actor_name(&self) -> String {
        match &self.token {
            Some(token) => format!("{} (API token {})", self.user_name, token.name),
            None => self.user_name.clone(),
        }
    }

    /// Who is signed in, as the session read it.
    pub fn me(&self) -> Me {
        Me {
            user: UserView { id: self.user_id, name: self.user_name.clone(), email: self.email.clone() },
            tenant: TenantView { id: self.tenant_id, name: self.tenant_name.clone() },
            role: self.role,
            second_factor_missing: self.second_factor_missing,
            role_name: self.role_name.clone(),
            permissions: shown(self.permissions, self.scope.is_some()),
            limited: self.scope.is_some(),
        }
    }
}

/// A fresh session: what to tell the user, and the cookies to set.
pub struct SignedIn {
    pub me: Me,
    /// That of the session.
    pub cookie: String,
    /// That which marks the browser as known.
    pub device_cookie: String,
}

/// What pages show: of what is allowed, what somebody who is limited to some companies can do with them.
fn shown(permissions: Permissions, limited: bool) -> Permissions {
    if limited { permissions.and(&Permissions::OF_SOME_COMPANIES) } else { permissions }
}

/// 256 random bits as a text.
pub(crate) fn new_token() -> String {
    let mut token = [0u8; 32];
    rand::rng().fill_bytes(&mut token);
    URL_SAFE_NO_PAD.encode(token)
}

pub(crate) fn hash_token(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
