//! The token: asked for once however many need it, kept until shortly before it expires, renewed once when refused.

use super::{
    fault,
    value::{Id, Text},
};
use crate::{
    Account, RmmError,
    http::{Answer, Ask, Http, Trouble},
};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::IgnoredAny};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Mutex, MutexGuard},
    time::Instant,
};

/// `/oauth/token` without `/ws` answers 405.
const PATH: &str = "/ws/oauth/token";
/// Time before its end at which a token is no longer used; half of its life for short-lived ones.
const MARGIN: Duration = Duration::from_secs(60);
/// Life of a token that does not tell.
const UNTOLD: u64 = 300;
/// A token that was asked for because of a 401 and is refused itself: for this long no third one is asked for.
const HOPELESS: Duration = Duration::from_secs(60);

/// Gets and keeps the token of one account.
pub struct Auth {
    client_id: SecretString,
    client_secret: SecretString,
    /// The host is one of NinjaOne's own: a web page there means "throttled" and not "wrong host".
    known: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Arc<Token>>,
    /// The last failure: those who waited for the same answer share it instead of asking again.
    failed: Option<(Instant, RmmError)>,
}

/// A bearer token. Has no `Debug`.
pub struct Token {
    pub secret: SecretString,
    got: Instant,
    life: Duration,
    /// Asked for because the one before was refused.
    renewal: bool,
    /// Has opened a door since.
    proven: AtomicBool,
}

impl Token {
    fn lives(&self) -> bool {
        self.got.elapsed() < self.life
    }

    /// An answer other than 401 came for it.
    pub fn prove(&self) {
        self.proven.store(true, Ordering::Relaxed);
    }

    fn is_hopeless(&self) -> bool {
        self.renewal && !self.proven.load(Ordering::Relaxed) && self.got.elapsed() < HOPELESS
    }
}

impl Auth {
    pub fn new(account: &Account) -> Self {
        let host = account.base_url.host_str();
        Self {
            client_id: account.client_id.clone(),
            client_secret: account.client_secret.clone(),
            known: super::REGIONS.iter().any(|(_, _, known)| Some(*known) == host),
            state: Mutex::default(),
        }
    }

    /// The current token, or a new one.
    pub async fn token(&self, http: &Http) -> Result<Arc<Token>, RmmError> {
        let since = Instant::now();
        let state = self.state.lock().await;
        match state.token.as_ref().filter(|t| t.lives()) {
            Some(token) => Ok(token.clone()),
            None => self.ask(http, state, since, false).await,
        }
    }

    /// A token other than the refused one. Fails with [`RmmError::Unauthorized`] when the refused one was such a token
    /// itself: a storm of refusals costs one renewal.
    pub async fn renewed(&self, http: &Http, refused: &Arc<Token>) -> Result<Arc<Token>, RmmError> {
        let since = Instant::now();
        let state = self.state.lock().await;
        match state.token.as_ref().filter(|t| t.lives() && !Arc::ptr_eq(t, refused)) {
            Some(token) => Ok(token.clone()),
            None if refused.is_hopeless() => Err(RmmError::Unauthorized),
            None => self.ask(http, state, since, true).await,
        }
    }

    /// Asks while holding the state, so that nobody else does.
    async fn ask(
        &self,
        http: &Http,
        mut state: MutexGuard<'_, State>,
        since: Instant,
        renewal: bool,
    ) -> Result<Arc<Token>, RmmError> {
        if let Some((_, error)) = state.failed.as_ref().filter(|(at, _)| *at >= since) {
            return Err(error.clone());
        }
        match self.request(http).await {
            Ok(issued) => {
                let token = Arc::new(issued.token(renewal));
                *state = State { token: Some(token.clone()), failed: None };
                Ok(token)
            }
            Err(error) => {
                *state = State { token: None, failed: Some((Instant::now(), error.clone())) };
                Err(error)
            }
        }
    }

    /// Credentials go in the body, as NinjaOne documents.
    async fn request(&self, http: &Http) -> Result<Issued, RmmError> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id.expose_secret()),
            ("client_secret", self.client_secret.expose_secret()),
            ("scope", "monitoring"),
        ];
        let ask = Ask { method: Method::POST, form: &form, ..Ask::get(PATH) };
        http.send(&ask, |answer| read(answer, self.known)).await
    }
}

/// What the endpoint gives, the life in seconds.
struct Issued {
    secret: SecretString,
    expires_in: Option<u64>,
}

impl Issued {
    fn token(self, renewal: bool) -> Token {
        let told = Duration::from_secs(self.expires_in.unwrap_or(UNTOLD));
        let life = if told > 2 * MARGIN { told - MARGIN } else { told / 2 };
        Token { secret: self.secret, got: Instant::now(), life, renewal, proven: AtomicBool::new(false) }
    }
}

fn read(answer: &Answer, known: bool) -> Result<Issued, Trouble> {
    if answer.is_html() {
        return Err(web_page(answer, known));
    }
    if let Some(trouble) = answer.common_trouble() {
        return Err(trouble);
    }
    match answer.status {
        200 => issued(&answer.body),
        400..=404 => Err(Trouble::last(refusal(answer.status, &answer.body))),
        status => Err(Trouble::last(foreign(&format!("status {status} from the token endpoint")))),
    }
}

fn issued(body: &[u8]) -> Result<Issued, Trouble> {
    #[derive(Deserialize)]
    struct Wire<'a> {
        #[serde(borrow)]
        access_token: Text<'a>,
        expires_in: Option<Id>,
    }
    let usable = |token: &str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
    match serde_json::from_slice::<Wire<'_>>(body) {
        Ok(wire) if usable(&wire.access_token.0) => Ok(Issued {
            secret: wire.access_token.0.into_owned().into(),
            expires_in: wire.expires_in.and_then(|life| life.0.try_into().ok()),
        }),
        // Complete JSON without a token is another API; anything else may have been mangled on the way.
        Err(_) if serde_json::from_slice::<IgnoredAny>(body).is_err() => {
            Err(Trouble::passing(foreign("the token cannot be read")))
        }
        _ => Err(Trouble::last(foreign("no token in the answer"))),
    }
}

/// A page with 200, 403, 429 or 5xx may be a throttled NinjaOne; on a host we do not know it may as well be anything.
fn web_page(answer: &Answer, known: bool) -> Trouble {
    let page = foreign("a web page");
    match answer.status {
        200..=299 | 403 | 429 | 500.. if known => Trouble::throttled(answer),
        200..=299 | 403 | 429 | 500.. => Trouble { error: page, ..Trouble::throttled(answer) },
        _ => Trouble::last(page),
    }
}

fn foreign(what: &str) -> RmmError {
    RmmError::NotThisVendor(what.into())
}

/// An unknown client id and a client id of another region answer alike. What a wrong secret or platform answers is not
/// documented: the words are those of OAuth 2 (RFC 6749, section 5.2).
fn refusal(status: u16, body: &[u8]) -> RmmError {
    match fault::word(body).as_deref() {
        Some(word) if word.contains("client app not exist") => RmmError::UnknownClient,
        Some("invalid_client") => RmmError::WrongSecret,
        Some("invalid_scope") => RmmError::MissingScope,
        Some("unauthorized_client" | "unsupported_grant_type" | "invalid_grant") => RmmError::GrantRefused,
        Some(_) if matches!(status, 400 | 401 | 403) => RmmError::Unauthorized,
        _ => foreign(&format!("status {status} from the token endpoint")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Remedy;

    fn trouble(status: u16, body: &str, known: bool) -> Trouble {
        let answer = Answer { status, headers: Default::default(), body: body.to_owned().into() };
        read(&answer, known).err().unwrap()
    }

    #[test]
    fn refusals_are_told_apart() {
        for (status, body, expected) in [
            (404, r#"{"resultCode":"Client app not exist","incidentId":"X"}"#, RmmError::UnknownClient),
            (401, r#"{"error":"invalid_client"}"#, RmmError::WrongSecret),
            (400, r#"{"error":"invalid_client"}"#, RmmError::WrongSecret),
            (400, r#"{"error":"invalid_scope"}"#, RmmError::MissingScope),
            (400, r#"{"error":"unauthorized_client"}"#, RmmError::GrantRefused),
            (400, r#"{"error":"unsupported_grant_type"}"#, RmmError::GrantRefused),
            (403, r#"{"error":"access_denied"}"#, RmmError::Unauthorized),
            (404, r#"{"error":"not found"}"#, foreign("status 404 from the token endpoint")),
            (405, "{}", foreign("status 405 from the token endpoint")),
            (301, "", foreign("status 301 from the token endpoint")),
            (200, r#"{"hello":"world"}"#, foreign("no token in the answer")),
            (404, "<html>", foreign("a web page")),
        ] {
            let told = trouble(status, body, false);
            assert_eq!(
                (told.error.to_string(), told.remedy),
                (expected.to_string(), Remedy::GiveUp),
                "{status} {body}"
            );
        }
    }

    #[test]
    fn a_web_page_is_a_throttle_first_and_a_wrong_host_in_the_end() {
        let (ours, other) = (trouble(200, " <html>", true), trouble(200, "<!doctype html>", false));
        assert_eq!((ours.remedy, other.remedy), (Remedy::Throttle, Remedy::Throttle));
        assert!(matches!(ours.error, RmmError::Throttled { .. }));
        assert!(matches!(other.error, RmmError::NotThisVendor(_)));
    }

    #[test]
    fn what_may_pass_is_asked_again() {
        for (status, body) in [(500, ""), (503, ""), (429, ""), (200, ""), (200, "{\"access_")] {
            assert_ne!(trouble(status, body, false).remedy, Remedy::GiveUp, "{status} {body}");
        }
    }

    #[test]
    fn tokens_end_early() {
        let life = |told| Issued { secret: "t".into(), expires_in: told }.token(false).life.as_secs();
        assert_eq!((life(Some(3600)), life(Some(60)), life(Some(120)), life(None)), (3540, 30, 60, 240));
    }
}
