//! Writes that are done once however often they are sent: a key of the caller's stands for the first answer.

use crate::{Error, Portal, Result, db, error::chain, session::Session, sql};
use sea_orm::{FromQueryResult, Value};
use sha2::{Digest, Sha256};
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};
use tokio::time::{sleep, timeout};

const HOUR: i64 = 3600 * 1_000_000;
/// How long a key is known, in microseconds: a day.
const KEPT: i64 = 24 * HOUR;
/// A request that has not ended after so long never will, in microseconds.
const LONGEST: i64 = HOUR / 6;

/// How long an answer waits until what became of its key is noted: one that says that the database is busy, and any other.
const SOON: Duration = Duration::from_millis(500);
const LATER: Duration = Duration::from_secs(2);
/// How often that is tried while the database is busy, and the pause in between.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_secs(1);

/// Keys that one owner may have at a time.
const MOST: i64 = 10_000;

/// Bytes of an answer that is large.
const LARGE: usize = 8 << 10;

/// Bytes that the answers of one owner may take before no large one is kept any more: 80 MB more are left for the small ones.
const MOST_HELD: i64 = 64 << 20;

/// Keys of one statement, so that nobody waits long for the database.
const CHUNK: i64 = 5_000;

/// What a key stands for.
#[derive(Debug)]
pub enum Claim {
    /// Nobody has used it: the request may be done.
    New,
    /// The answer of the first request with it.
    Answered { status: u16, body: Vec<u8> },
    /// It came with another request, or from somebody who might do something else then.
    Other,
    /// The first request with it is under way.
    UnderWay,
    /// The owner has too many keys that are known still; the first is forgotten in so many seconds.
    TooMany { seconds: u64 },
    /// The first request with it was cut off; whether it was done, nobody knows.
    CutOff,
}

/// A request with a key, of whoever is signed in.
pub struct Keyed {
    owner: Vec<Value>,
    tenant: Value,
    request: Vec<u8>,
    /// When it took its key, in microseconds; zero before.
    claimed_at: AtomicI64,
}

#[derive(FromQueryResult)]
struct Row {
    request_hash: Vec<u8>,
    status: Option<i64>,
    body: Option<Vec<u8>>,
    created_at: i64,
}

impl Keyed {
    fn new(session: &Session, rights: &str, key: &str, what: &[u8], body: &[u8]) -> Self {
        let owner = session.token.as_ref().map_or(session.user_id.0, |token| token.id.0);
        let hash = |parts: &[&[u8]]| parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part));
        Self {
            owner: vec![owner.into(), hash(&[key.as_bytes()]).finalize().to_vec().into()],
            tenant: session.tenant_id.0.into(),
            request: hash(&[rights.as_bytes(), b"\n", what, b"\n", body]).finalize().to_vec(),
            claimed_at: AtomicI64::new(0),
        }
    }

    fn values(&self, rest: impl IntoIterator<Item = Value>) -> Vec<Value> {
        self.owner.iter().cloned().chain(rest).collect()
    }
}

impl Portal {
    /// In: who asks, the key, what is wanted where, and the body of the request. What whoever asks may do belongs to it: an answer
    /// is not given again to somebody who may not have it any more.
    pub async fn keyed(&self, session: &Session, key: &str, what: &[u8], body: &[u8]) -> Result<Keyed> {
        let Session { permissions, scope, second_factor_missing, .. } = session;
        let companies = match scope {
            Some(scope) => Some(scope.companies(self.db()).await?),
            None => None,
        };
        let rights = format!("{permissions:?} {second_factor_missing} {companies:?}");
        Ok(Keyed::new(session, &rights, key, what, body))
    }

    /// Takes the key, if nobody has; else what it stands for.
    pub async fn claim(&self, request: &Keyed) -> Result<Claim> {
        let now = self.now_micros();
        let old = "DELETE FROM idempotency_keys WHERE owner_id = $1 AND key_hash = $2 AND created_at < $3";
        db::write(self.db(), old, request.values([(now - KEPT).into()])).await?;
        let many = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM idempotency_keys WHERE owner_id = $1 AND created_at > $2 LIMIT $3) k";
        let values = vec![request.owner[0].clone(), (now - KEPT).into(), MOST.into()];
        let full = sql::count(self.db(), many, values).await? >= MOST;
        let known = "SELECT count(*) AS n FROM idempotency_keys WHERE owner_id = $1 AND key_hash = $2";
        if full && sql::count(self.db(), known, request.values([])).await? == 0 {
            #[derive(FromQueryResult)]
            struct First {
                at: Option<i64>,
            }
            let first =
                "SELECT min(created_at) AS at FROM idempotency_keys WHERE owner_id = $1 AND created_at > $2";
            let values = vec![request.owner[0].clone(), (now - KEPT).into()];
            let first: Option<First> = sql::one(self.db(), first, values).await?;
            let left = first.and_then(|row| row.at).unwrap_or(now) + KEPT - now;
            let seconds = u64::try_from(left / 1_000_000).unwrap_or_default() + 1;
            return Ok(Claim::TooMany { seconds });
        }
        let insert = "INSERT INTO idempotency_keys (owner_id, key_hash, tenant_id, request_hash, created_at)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (owner_id, key_hash) DO NOTHING";
        let values = request.values([request.tenant.clone(), request.request.clone().into(), now.into()]);
        request.claimed_at.store(now, Ordering::Relaxed);
        if db::write(self.db(), insert, values).await? > 0 {
            return Ok(Claim::New);
        }
        let select = "SELECT request_hash, status, body, created_at FROM idempotency_keys
            WHERE owner_id = $1 AND key_hash = $2";
        let row: Option<Row> = sql::one(self.db(), select, request.values([])).await?;
        // One that has gone meanwhile was under way, and failed.
        Ok(row.map_or(Claim::UnderWay, |row| row.claim(&request.request, now)))
    }

    /// Keeps the answer of a request that took its key; a large one only while the owner's others leave room.
    pub async fn keep_answer(&self, request: &Keyed, status: u16, body: &[u8]) {
        if body.len() > LARGE && !self.has_room(request).await.unwrap_or_default() {
            return self.leave_open(request).await;
        }
        let update =
            "UPDATE idempotency_keys SET status = $3, body = $4 WHERE owner_id = $1 AND key_hash = $2";
        let values = request.values([i64::from(status).into(), body.to_vec().into()]);
        self.note(update, values, LATER).await;
    }

    /// Whether the owner's answers leave room for a large one.
    async fn has_room(&self, request: &Keyed) -> Result<bool> {
        let held = "SELECT CAST(COALESCE(sum(length(body)), 0) AS bigint) AS n FROM idempotency_keys WHERE owner_id = $1";
        Ok(sql::count(self.db(), held, vec![request.owner[0].clone()]).await? <= MOST_HELD)
    }

    /// Leaves the key without an answer: whether the request was done, the caller has to see.
    pub async fn leave_open(&self, request: &Keyed) {
        let update = "UPDATE idempotency_keys SET created_at = $3 WHERE owner_id = $1 AND key_hash = $2";
        let long_ago = self.now_micros() - LONGEST - 1;
        self.note(update, request.values([long_ago.into()]), LATER).await;
    }

    /// Gives the key back: the request was not done, and may be tried again.
    pub async fn give_back(&self, request: &Keyed) {
        // Somebody may have claimed it anew by the time that this is tried once more.
        let delete = "DELETE FROM idempotency_keys WHERE owner_id = $1 AND key_hash = $2 AND created_at = $3 AND status IS NULL";
        let claimed_at = request.claimed_at.load(Ordering::Relaxed);
        self.note(delete, request.values([claimed_at.into()]), SOON).await;
    }

    /// Notes what became of a key. While the database is busy that goes on after the answer, which is the same in any case: until
    /// it is noted, the request counts as under way.
    async fn note(&self, statement: &'static str, values: Vec<Value>, patience: Duration) {
        let portal = self.clone();
        let noting = tokio::spawn(async move {
            if let Err(error) = portal.note_in_the_end(statement, values).await {
                tracing::error!(error = %chain(&error), "what became of a key is not noted");
            }
        });
        _ = timeout(patience, noting).await;
    }

    async fn note_in_the_end(&self, statement: &str, values: Vec<Value>) -> Result<()> {
        for _ in 1..TRIES {
            match db::write(self.db(), statement, values.clone()).await.map_err(Error::from) {
                // Done once more it is the same.
                Err(Error::Busy(_) | Error::Unanswered(_)) => sleep(PAUSE).await,
                other => return other.map(drop),
            }
        }
        Ok(db::write(self.db(), statement, values).await.map(drop)?)
    }
}

impl Row {
    fn claim(self, request: &[u8], now: i64) -> Claim {
        match (self.status.and_then(|s| u16::try_from(s).ok()), self.body) {
            _ if self.request_hash != request => Claim::Other,
            (Some(status), Some(body)) => Claim::Answered { status, body },
            _ if now - self.created_at > LONGEST => Claim::CutOff,
            _ => Claim::UnderWay,
        }
    }
}

/// Forgets keys that are older than a day; answers how many.
pub(crate) async fn prune(portal: &Portal, now: i64) -> Result<u64> {
    let delete = format!(
        "DELETE FROM idempotency_keys WHERE (owner_id, key_hash) IN (
            SELECT owner_id, key_hash FROM idempotency_keys WHERE created_at < $1 LIMIT {CHUNK})"
    );
    let mut gone = 0;
    loop {
        let n = db::write(portal.db(), &delete, vec![(now - KEPT).into()]).await?;
        gone += n;
        if n == 0 || portal.stopping().is_cancelled() {
            return Ok(gone);
        }
    }
}
