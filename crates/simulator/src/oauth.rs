//! The token endpoint and the check of tokens.
//!
//! NinjaOne: client credentials in the form body, and no refresh token. Neither a wrong secret nor a wrong grant was
//! ever captured; their answers are guesses.

use crate::behaviour::Behaviour;
use crate::clock;
use crate::reply::Reply;
use crate::rng::{mix, uuid};
use std::collections::HashMap;
use tokio::time::Instant;

/// The API app and the tokens it was given.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub client_id: String,
    pub client_secret: String,
    seed: u64,
    given: HashMap<String, Token>,
    count: u64,
}

#[derive(Debug)]
struct Token {
    scopes: Vec<String>,
    expires: Instant,
}

impl Tokens {
    /// An app whose credentials follow from the seed.
    pub fn new(seed: u64) -> Self {
        Self {
            client_id: format!("sim-client-{seed:04}"),
            client_secret: format!("sim-secret-{:016x}", mix(seed ^ 0x7365_6372)),
            seed,
            given: HashMap::new(),
            count: 0,
        }
    }

    /// Answers a token request, given the decoded form.
    pub fn request(&mut self, form: &HashMap<String, String>, behaviour: &Behaviour) -> Reply {
        let field = |key| form.get(key).map(String::as_str);
        let (Some(id), Some(secret)) = (field("client_id"), field("client_secret")) else {
            return oauth_error(400, "invalid_request");
        };
        if id != self.client_id {
            return Reply::failure(404, "Client app not exist");
        }
        if secret != self.client_secret || behaviour.credentials_revoked {
            return oauth_error(behaviour.wrong_secret_status, "invalid_client");
        }
        if behaviour.grant_refused {
            return oauth_error(400, "unauthorized_client");
        }
        if field("grant_type") != Some("client_credentials") {
            return oauth_error(400, "unsupported_grant_type");
        }
        let asked: Vec<String> =
            field("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        if asked.iter().any(|scope| !behaviour.token_scopes.contains(scope)) {
            return oauth_error(400, "invalid_scope");
        }
        self.give(if asked.is_empty() { behaviour.token_scopes.clone() } else { asked }, behaviour)
    }

    fn give(&mut self, scopes: Vec<String>, behaviour: &Behaviour) -> Reply {
        self.count += 1;
        let name = format!("tok-{}", uuid(self.seed ^ 0x746F_6B65, self.count));
        let lifetime = behaviour.token_lifetime;
        let body = format!(
            r#"{{"access_token":"{name}","expires_in":{},"scope":"{}","token_type":"Bearer"}}"#,
            lifetime.as_secs(),
            scopes.join(" ")
        );
        self.given.insert(name, Token { scopes, expires: clock::instant() + lifetime });
        Reply::json(200, body)
    }

    /// Checks the `Authorization` header of a data request.
    pub fn check(&self, header: Option<&str>, behaviour: &Behaviour) -> Result<(), Reply> {
        let header =
            header.ok_or_else(|| Reply::error(400, "missing_header", "Missing required header", 2))?;
        let name = header.strip_prefix("Bearer ").map(str::trim).filter(|name| !name.is_empty());
        let name =
            name.ok_or_else(|| Reply::error(400, "invalid_header", "Invalid 'Authorization' header", 1))?;
        let live = self.given.get(name).filter(|token| token.expires > clock::instant());
        let token = live.filter(|_| !behaviour.credentials_revoked).ok_or_else(Reply::not_authenticated)?;
        if token.scopes.iter().any(|scope| scope == "monitoring") { Ok(()) } else { Err(Reply::forbidden()) }
    }

    /// Makes every token given so far invalid.
    pub fn expire(&mut self) {
        self.given.clear();
    }
}

fn oauth_error(status: u16, error: &str) -> Reply {
    Reply::json(status, format!(r#"{{"error":"{error}"}}"#))
}
