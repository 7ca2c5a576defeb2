//! How often passwords and codes may be guessed.
//!
//! A guess is counted before it is looked at, so that many at the same time are not more than one after the other, and
//! taken back when it was right. The counters stand in the database, which all servers share; a window slides: each guess
//! counts for 15 minutes, and each mail for an hour.

use super::SECOND;
use crate::{Error, Portal, Result, db, sql};
use domain::error::{ErrorKind, UserError};
use sea_orm::{ConnectionTrait, FromQueryResult};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use uuid::Uuid;

/// How long a guess counts.
const WINDOW: i64 = 15 * 60 * SECOND;
/// How long a mail counts that is sent.
const HOUR: i64 = 60 * 60 * SECOND;
/// Wrong guesses about one account, from one known device, by one signed-in user.
const PER_ACCOUNT: usize = 10;
/// Wrong guesses from one address, about whatever accounts.
const PER_ADDRESS: usize = 100;
/// Tenants that are created, or asked for, from one address.
const PER_SIGN_UP: usize = 10;
/// Links for a forgotten password, or for a new portal, that are asked for with one address of mail.
const PER_FORGOTTEN: usize = 3;
/// Requests for such links from one address of the network.
const PER_FORGETFUL: usize = 20;
/// Links that the administrators of one tenant make, mailed or not.
const PER_LINKS: usize = 100;
/// Mails to one address within an hour: of administrators, and as many for a forgotten password.
const PER_RECIPIENT: usize = 5;
/// Mails within an hour that people cause together who are not signed in.
const PER_INSTALLATION: usize = 200;
/// Mails within an hour of all tenants together that strangers may have created.
const PER_STRANGERS: usize = 200;
/// Refusals of a user that are noted in the audit log.
const PER_REFUSALS: usize = 10;
/// So many counters that are over are removed with each guess.
const PRUNED: i64 = 10;

/// What guesses are counted under, and how many there may be. The database sees a hash: people type passwords into the
/// wrong field.
pub(crate) struct Budget {
    key: Vec<u8>,
    most: usize,
    window: i64,
}

impl Budget {
    /// For guesses about an account, whether it exists or not.
    pub fn account(email_key: &str) -> Self {
        Self::new("account", email_key.as_bytes(), PER_ACCOUNT)
    }

    /// For guesses from a device on which the account's user has signed in before.
    pub fn device(device: &[u8], email_key: &str) -> Self {
        Self::new("device", &[device, email_key.as_bytes()].concat(), PER_ACCOUNT)
    }

    /// For guesses of somebody who is signed in.
    pub fn user(id: Uuid) -> Self {
        Self::new("user", id.as_bytes(), PER_ACCOUNT)
    }

    /// For guesses of passwords from an address.
    pub fn address(address: IpAddr) -> Self {
        Self::from("address", address, PER_ADDRESS)
    }

    /// For guesses of links from an address.
    pub fn link(address: IpAddr) -> Self {
        Self::from("link", address, PER_ADDRESS)
    }

    /// For tenants that somebody creates from an address.
    pub fn sign_up(address: IpAddr) -> Self {
        Self::from("sign_up", address, PER_SIGN_UP)
    }

    /// For portals that are asked for with an address of mail, whether it has an account or not.
    pub fn sign_up_with(email_key: &str) -> Self {
        Self::new("sign_up_with", email_key.as_bytes(), PER_FORGOTTEN)
    }

    /// For mails to an address that somebody wants a portal with.
    pub fn sign_up_to(email_key: &str) -> Self {
        Self::new("sign_up_to", email_key.as_bytes(), PER_RECIPIENT).within(HOUR)
    }

    /// For all such mails. Not counted with those for forgotten passwords: who signs up keeps nobody out.
    pub fn sign_up_by_all() -> Self {
        Self::new("sign_up_by_all", &[], PER_INSTALLATION).within(HOUR)
    }

    /// For links that are mailed to an address of which the password is forgotten, whether it has an account or not.
    pub fn forgotten(email_key: &str) -> Self {
        Self::new("forgotten", email_key.as_bytes(), PER_FORGOTTEN)
    }

    /// For those who ask for such links from an address of the network.
    pub fn forgotten_from(address: IpAddr) -> Self {
        Self::from("forgotten_from", address, PER_FORGETFUL)
    }

    /// For links that a tenant's administrators make.
    pub fn links(tenant: Uuid) -> Self {
        Self::new("links", tenant.as_bytes(), PER_LINKS)
    }

    /// For mails of administrators to an address.
    pub fn mails_to(email_key: &str) -> Self {
        Self::new("mails_to", email_key.as_bytes(), PER_RECIPIENT).within(HOUR)
    }

    /// For mails to an address of which the password is forgotten. Not counted with those of administrators: neither tells
    /// of the other, or keeps it back.
    pub fn forgotten_to(email_key: &str) -> Self {
        Self::new("forgotten_to", email_key.as_bytes(), PER_RECIPIENT).within(HOUR)
    }

    /// For all such mails.
    pub fn forgotten_by_all() -> Self {
        Self::new("forgotten_by_all", &[], PER_INSTALLATION).within(HOUR)
    }

    /// For mails of tenants that strangers may have created.
    pub fn mails_of_strangers() -> Self {
        Self::new("mails_of_strangers", &[], PER_STRANGERS).within(HOUR)
    }

    /// For refusals of somebody who is signed in, as the audit log notes them.
    pub fn refusals(user: Uuid) -> Self {
        Self::new("refusals", user.as_bytes(), PER_REFUSALS)
    }

    /// Of IPv6, the network that one customer has counts.
    fn from(kind: &str, address: IpAddr, most: usize) -> Self {
        let bytes = match address.to_canonical() {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.octets()[..8].to_vec(),
        };
        Self::new(kind, &bytes, most)
    }

    fn new(kind: &str, of: &[u8], most: usize) -> Self {
        Self { key: Sha256::digest([kind.as_bytes(), b"|", of].concat()).to_vec(), most, window: WINDOW }
    }

    fn within(self, window: i64) -> Self {
        Self { window, ..self }
    }

    /// When the guesses that still count were made, oldest first. Holds the counter until the transaction ends.
    async fn times(&self, tx: &impl ConnectionTrait, now: i64) -> Result<Vec<i64>> {
        #[derive(FromQueryResult)]
        struct Row {
            times: String,
        }
        let lock = "INSERT INTO guesses (budget, times, last_at) VALUES ($1, '[]', $2)
            ON CONFLICT (budget) DO UPDATE SET last_at = excluded.last_at RETURNING times";
        // A counter whose guesses count longer is over so much later.
        let last = now + self.window - WINDOW;
        let row: Option<Row> = sql::one(tx, lock, vec![self.key.clone().into(), last.into()]).await?;
        let times: Vec<i64> =
            row.map_or(Ok(Vec::new()), |row| serde_json::from_str(&row.times)).map_err(Error::internal)?;
        Ok(times.into_iter().filter(|time| now - time < self.window).collect())
    }

    /// Counts one more, or says when there can be one.
    pub async fn spend(&self, tx: &impl ConnectionTrait, at: i64) -> Result<()> {
        let mut times = self.times(tx, at).await?;
        if times.len() >= self.most {
            return Err(throttled(times[times.len() - self.most] + self.window - at));
        }
        times.push(at);
        self.save(tx, &times).await
    }

    async fn save(&self, tx: &impl ConnectionTrait, times: &[i64]) -> Result<()> {
        let text = serde_json::to_string(times).map_err(Error::internal)?;
        let update = "UPDATE guesses SET times = $1 WHERE budget = $2";
        sql::execute(tx, update, vec![text.into(), self.key.clone().into()]).await?;
        Ok(())
    }
}

/// A guess that is counted.
pub(crate) struct Guess {
    budgets: Vec<Budget>,
    at: i64,
}

impl Portal {
    /// Counts a guess under all of `budgets`, or says when there can be another one.
    ///
    /// The counter of an address comes last: two transactions never wait for each other.
    pub(crate) async fn count_guess(&self, budgets: Vec<Budget>) -> Result<Guess> {
        db::aside(self.count(budgets)).await
    }

    async fn count(&self, budgets: Vec<Budget>) -> Result<Guess> {
        let at = self.now_micros();
        let tx = db::begin(self.db()).await?;
        for budget in &budgets {
            budget.spend(&tx, at).await?;
        }
        tx.commit().await?;
        self.prune_guesses(at - WINDOW).await?;
        Ok(Guess { budgets, at })
    }

    /// Counts it, if there can be one more.
    pub(crate) async fn fits(&self, budget: Budget) -> Result<bool> {
        match self.count_guess(vec![budget]).await {
            Ok(_) => Ok(true),
            Err(Error::User(error)) if error.kind == ErrorKind::Throttled => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The guess was right: it does not count.
    pub(crate) async fn take_back(&self, guess: Guess) -> Result<()> {
        db::aside(self.forget(guess)).await
    }

    async fn forget(&self, guess: Guess) -> Result<()> {
        let tx = db::begin(self.db()).await?;
        for budget in &guess.budgets {
            let mut times = budget.times(&tx, guess.at).await?;
            if let Some(place) = times.iter().position(|time| *time == guess.at) {
                times.remove(place);
            }
            budget.save(&tx, &times).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Removes some counters that are over, one by one: a statement that holds one row waits for nobody in a circle.
    async fn prune_guesses(&self, before: i64) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Row {
            budget: Vec<u8>,
        }
        let select = "SELECT budget FROM guesses WHERE last_at < $1 LIMIT $2";
        let over: Vec<Row> = sql::all(self.db(), select, vec![before.into(), PRUNED.into()]).await?;
        for row in over {
            let delete = "DELETE FROM guesses WHERE budget = $1 AND last_at < $2";
            db::write(self.db(), delete, vec![row.budget.into(), before.into()]).await?;
        }
        Ok(())
    }
}

/// What is said to everybody whose guesses are used up, in the same words for accounts that exist and those that do not.
fn throttled(wait: i64) -> Error {
    let minutes = (wait + 60 * SECOND - 1) / (60 * SECOND);
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    let message = format!("Too many attempts. Wait, and try again in {minutes} {unit}.");
    // In whole minutes, as the sentence: seconds would tell apart who guessed when.
    UserError::throttled(message, 60 * u64::try_from(minutes).unwrap_or_default()).into()
}
