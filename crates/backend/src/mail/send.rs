//! Sending what waits.

use super::{
    budget::OVER,
    letter::{Kind, Letter},
};
use crate::{
    Portal, Result,
    audit::{self, Known},
    clock::time,
    db,
    error::chain,
    session::{UserRow, email_key},
    sql,
    tenant::Origin,
    users::NewLink,
};
use domain::audit::AuditAction;
use lettre::{AsyncTransport, transport::smtp::Error as SmtpError};
use sea_orm::FromQueryResult;
use std::time::Duration;
use uuid::Uuid;

const SECOND: i64 = 1_000_000;
/// How often mails are looked for when nobody wakes the sender.
const PAUSE: Duration = Duration::from_secs(2);
/// How long whoever took a mail has to send it; then another one tries.
const LEASE: i64 = 120 * SECOND;
const LONGEST: Duration = Duration::from_secs(90);
/// Waits after attempts that failed; after the last one the mail is given up.
const WAITS: [i64; 5] = [10, 60, 300, 900, 3600];

#[derive(FromQueryResult)]
struct Due {
    id: Uuid,
    kind: String,
    invitation_id: Option<Uuid>,
    user_id: Option<Uuid>,
    email_key: Option<String>,
    email: Option<String>,
    portal_name: Option<String>,
    attempts: i64,
    due_at: i64,
    address: Option<String>,
    agent: Option<String>,
    created_at: i64,
}

/// Sends mails until the portal stops.
pub async fn run(portal: Portal) {
    let stop = portal.stopping().clone();
    while portal.sends_mail() && !stop.is_cancelled() {
        if let Err(error) = send_due(&portal).await {
            tracing::warn!(error = %chain(&error), "mails not looked for");
        }
        tokio::select! {
            () = portal.mail_wanted() => {}
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Sends what is due now, one after the other; of several servers one takes each. Tenants take turns, those who have
/// forgotten a password together, and those who sign up: a thousand mails of one are in nobody's way.
pub async fn send_due(portal: &Portal) -> Result<()> {
    let select =
        "SELECT id, kind, invitation_id, user_id, email_key, email, portal_name, attempts, due_at, address, agent, created_at
        FROM (SELECT m.*, ROW_NUMBER() OVER (PARTITION BY tenant_id, kind ORDER BY due_at, id) AS place
            FROM mails m WHERE state = 'waiting' AND due_at <= $1) waiting
        WHERE place = 1 ORDER BY due_at, id LIMIT 50";
    loop {
        let turn: Vec<Due> = sql::all(portal.db(), select, vec![portal.now_micros().into()]).await?;
        if turn.is_empty() {
            return Ok(());
        }
        for due in turn {
            if portal.stopping().is_cancelled() {
                return Ok(());
            }
            due.take(portal).await?;
        }
    }
}

impl Due {
    /// Sends it, unless another server has taken it.
    async fn take(self, portal: &Portal) -> Result<()> {
        let take = "UPDATE mails SET due_at = $1, attempts = attempts + 1 WHERE id = $2 AND state = 'waiting' AND due_at = $3";
        let values = vec![(portal.now_micros() + LEASE).into(), self.id.into(), self.due_at.into()];
        match db::write(portal.db(), take, values).await? {
            0 => Ok(()),
            _ => self.send(portal).await,
        }
    }

    async fn send(self, portal: &Portal) -> Result<()> {
        let kind = self.known_kind(portal).await?;
        let Some(to) = self.addressee(portal, kind).await? else { return self.drop_it(portal).await };
        if self.attempts == 0 && !portal.within_budgets(self.id, kind, &email_key(&to.email)).await? {
            return match kind {
                Kind::Forgotten | Kind::SignUp | Kind::Account => self.drop_it(portal).await,
                Kind::Invitation | Kind::Password => self.failed(portal, OVER).await,
            };
        }
        let Some(letter) = self.letter(portal, kind, to).await? else { return self.drop_it(portal).await };
        let Some(settings) = portal.mail() else { return Ok(()) };
        let Some(message) = letter.message(settings)? else {
            return self.failed(portal, "No mail can be sent to this address.").await;
        };
        let sent = tokio::time::timeout(LONGEST, settings.transport.send(message)).await;
        match sent {
            Ok(Ok(_)) => self.sent(portal).await,
            Ok(Err(error)) => {
                tracing::warn!(mail = %self.id, %error, "mail not sent");
                match error.is_permanent() {
                    true => self.failed(portal, &reason(&error)).await,
                    false => self.later(portal, &reason(&error)).await,
                }
            }
            Err(_) => self.later(portal, AWAY).await,
        }
    }

    /// What is to be said: whether who signs up has an account, only who sends the mail looks up.
    async fn known_kind(&self, portal: &Portal) -> Result<Kind> {
        let kind = Kind::of(&self.kind);
        let key = self.email_key.as_deref().unwrap_or_default();
        match kind == Kind::SignUp && UserRow::is_taken(portal.db(), key).await? {
            true => Ok(Kind::Account),
            false => Ok(kind),
        }
    }

    /// Who is to get it; `None` when nobody is any more.
    async fn addressee(&self, portal: &Portal, kind: Kind) -> Result<Option<Addressee>> {
        match kind {
            Kind::Invitation => self.invited(portal).await,
            Kind::Password => self.user(portal).await,
            Kind::Forgotten => self.forgetful(portal).await,
            Kind::SignUp | Kind::Account => Ok(self.visitor()),
        }
    }

    /// What is to be sent, with a new link that counts from now on; `None` when it has been taken back.
    async fn letter(&self, portal: &Portal, kind: Kind, to: Addressee) -> Result<Option<Letter>> {
        let now = portal.now_micros();
        let link = match kind {
            Kind::Invitation => NewLink::invitation(self.created_at),
            Kind::Password => NewLink::password(self.created_at),
            Kind::Forgotten => NewLink::forgotten(now),
            Kind::SignUp => NewLink::sign_up(now),
            Kind::Account => return Ok(Some(to.letter(kind, "/sign-in".into(), now))),
        };
        let counts = "UPDATE mails SET token_hash = $1, expires_at = $2 WHERE id = $3 AND state = 'waiting'";
        let values = vec![link.hash.clone().into(), link.expires_at.into(), self.id.into()];
        if link.expires_at <= now || db::write(portal.db(), counts, values).await? == 0 {
            return Ok(None);
        }
        let expires_at = link.expires_at;
        Ok(Some(to.letter(kind, link.path(), expires_at)))
    }

    async fn invited(&self, portal: &Portal) -> Result<Option<Addressee>> {
        let select = "SELECT i.email, t.name AS portal_name, u.name AS from_whom FROM invitations i
            JOIN tenants t ON t.id = i.tenant_id LEFT JOIN users u ON u.id = i.invited_by WHERE i.id = $1";
        Ok(sql::one(portal.db(), select, vec![self.invitation_id.into()]).await?)
    }

    async fn user(&self, portal: &Portal) -> Result<Option<Addressee>> {
        let select = "SELECT u.email, t.name AS portal_name, CAST(NULL AS text) AS from_whom FROM users u
            JOIN tenants t ON t.id = u.tenant_id WHERE u.id = $1 AND u.active";
        Ok(sql::one(portal.db(), select, vec![self.user_id.into()]).await?)
    }

    /// Whoever has an account with the address that was named. That somebody asked is noted once.
    async fn forgetful(&self, portal: &Portal) -> Result<Option<Addressee>> {
        if self.user_id.is_some() {
            return self.user(portal).await;
        }
        let key = self.email_key.as_deref().unwrap_or_default();
        let Some(user) = UserRow::by_email(portal.db(), key).await? else { return Ok(None) };
        let tx = db::begin(portal.db()).await?;
        let update = "UPDATE mails SET tenant_id = $1, user_id = $2 WHERE id = $3";
        sql::execute(&tx, update, vec![user.tenant_id.into(), user.id.into(), self.id.into()]).await?;
        let origin = Origin { address: self.address.clone(), agent: self.agent.clone() };
        let (known, at): (Known, _) = (user.known(), (&origin, portal.now_micros()));
        audit::note_asked(&tx, at, &known, AuditAction::PasswordLinkAsked).await?;
        tx.commit().await?;
        Ok(Some(Addressee { email: user.email, portal_name: user.tenant_name, from_whom: None }))
    }

    /// Who wants a portal.
    fn visitor(&self) -> Option<Addressee> {
        let (email, portal_name) = (self.email.clone()?, self.portal_name.clone()?);
        Some(Addressee { email, portal_name, from_whom: None })
    }

    async fn drop_it(&self, portal: &Portal) -> Result<()> {
        db::write(portal.db(), "DELETE FROM mails WHERE id = $1", vec![self.id.into()]).await?;
        Ok(())
    }

    async fn sent(&self, portal: &Portal) -> Result<()> {
        let update = "UPDATE mails SET state = 'sent', problem = NULL, changed_at = $1 WHERE id = $2";
        db::write(portal.db(), update, vec![portal.now_micros().into(), self.id.into()]).await?;
        tracing::info!(mail = %self.id, kind = self.kind, "mail sent");
        Ok(())
    }

    /// Waits for the next attempt, or gives up. Until then the reason is shown.
    async fn later(&self, portal: &Portal, problem: &str) -> Result<()> {
        let wait = usize::try_from(self.attempts).ok().and_then(|attempt| WAITS.get(attempt));
        let Some(wait) = wait else { return self.failed(portal, problem).await };
        let now = portal.now_micros();
        let update =
            "UPDATE mails SET due_at = $1, problem = $2, changed_at = $3 WHERE id = $4 AND state = 'waiting'";
        let values = vec![(now + wait * SECOND).into(), problem.into(), now.into(), self.id.into()];
        db::write(portal.db(), update, values).await?;
        Ok(())
    }

    async fn failed(&self, portal: &Portal, problem: &str) -> Result<()> {
        let update = "UPDATE mails SET state = 'failed', token_hash = NULL, problem = $1, changed_at = $2 WHERE id = $3";
        let values = vec![problem.into(), portal.now_micros().into(), self.id.into()];
        db::write(portal.db(), update, values).await?;
        Ok(())
    }
}

/// Who gets a mail.
#[derive(FromQueryResult)]
struct Addressee {
    email: String,
    portal_name: String,
    from_whom: Option<String>,
}

impl Addressee {
    /// What they get: a mail that leads to a page of the portal, until then, in microseconds.
    fn letter(self, kind: Kind, path: String, until: i64) -> Letter {
        let Self { email, portal_name, from_whom } = self;
        Letter { kind, to: email, portal_name, from_whom, path, expires_at: time(until) }
    }
}

const AWAY: &str = "The mail server could not be reached.";
/// Longest text of a mail server that is shown.
const MOST: usize = 200;

/// Why a mail was not sent, for an administrator. What the operator has set is not in it.
fn reason(error: &SmtpError) -> String {
    let Some(status) = error.status() else { return AWAY.to_owned() };
    let code = status.to_string();
    if ["530", "534", "535", "538"].contains(&code.as_str()) {
        return "The mail server did not accept the portal's user name and password. Tell its operator."
            .into();
    }
    let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let words: String = words.chars().filter(|c| !c.is_control()).take(MOST).collect();
    format!("The mail server refused it: {code} {}", words.trim())
}
