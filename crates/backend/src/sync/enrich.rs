//! What other reports tell of devices, read whole and joined by id: never a request per device.
//!
//! These sources are optional. When one fails, the run says so and goes on with what is held, so that nothing is blanked.

use super::{
    doubt::{self, Doubt},
    hash::Content,
    proof,
    pull::{self, Fetch, Tally},
    sources,
};
use crate::{
    Error, Result,
    clock::{micros, time},
    db,
    runs::RunContext,
    sql,
};
use domain::{
    remote::{RemoteBackup, RemoteDevice, RemoteRole, RemoteUser},
    run::{Evidence, Phase},
    sync::Key,
};
use futures::try_join;
use rmm::{RmmClient, RmmError};
use rustc_hash::FxHashMap;
use sea_orm::FromQueryResult;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// Everything that is joined to devices.
#[derive(Default)]
pub struct Extras {
    roles: Source<Box<str>>,
    users: Source<Person>,
    backups: Source<Backup>,
    held: FxHashMap<Key, Held>,
    /// Of all roles and owners.
    shared: u64,
}

/// One source by its key, or `None` when it failed and what is held stands in.
type Source<T> = Option<FxHashMap<Key, T>>;

/// What they are called.
const ROLES: &str = "roles";
const OWNERS: &str = "owners";
const BACKUPS: &str = "backup usage";

/// How reading a source went.
pub enum Reading<V> {
    /// To its end.
    Read(FxHashMap<Key, V>),
    /// The instance never had it.
    Absent,
    /// What is held stands in.
    Failed,
}

impl<V> Reading<V> {
    fn told(self) -> Source<V> {
        match self {
            Self::Read(rows) => Some(rows),
            Self::Absent => Some(FxHashMap::default()),
            Self::Failed => None,
        }
    }
}

/// Name and e-mail.
type Person = (Option<String>, Option<String>);

/// What the backup report tells, small in memory. Times in microseconds.
#[derive(Clone, Copy)]
struct Backup {
    cloud: i64,
    local: i64,
    total: i64,
    success: Moment,
    failure: Moment,
}

/// A time or none, in eight bytes.
#[derive(Clone, Copy)]
struct Moment(i64);

impl Moment {
    const NONE: i64 = i64::MIN;

    fn of(time: Option<i64>) -> Self {
        Self(time.unwrap_or(Self::NONE))
    }

    fn get(self) -> Option<i64> {
        Some(self.0).filter(|time| *time != Self::NONE)
    }
}

#[derive(FromQueryResult)]
struct Held {
    remote_id: String,
    role: Option<String>,
    owner_uid: Option<String>,
    owner_name: Option<String>,
    owner_email: Option<String>,
    backup_cloud_bytes: Option<i64>,
    backup_local_bytes: Option<i64>,
    backup_total_bytes: Option<i64>,
    backup_last_success: Option<i64>,
    backup_last_failure: Option<i64>,
}

/// Reads what a device's content is made of, all at once.
pub async fn read(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<Extras> {
    ctx.phase(Phase::Details, None);
    let (roles, users, backups) = try_join!(
        source(ctx, client, ROLES, |c, _| Box::pin(async move { c.roles().await }), role),
        source(ctx, client, OWNERS, |c, _| Box::pin(async move { c.users().await }), person),
        source(ctx, client, BACKUPS, |c, at| Box::pin(async move { c.backups(&at).await }), backup),
    )?;
    let (roles, users, backups) = (roles.told(), users.told(), backups.told());
    let shared = shared(roles.as_ref(), users.as_ref());
    let mut extras = Extras { roles, users, backups, held: FxHashMap::default(), shared };
    let doubt = in_doubt(ctx, &extras).await?;
    if !extras.complete() {
        extras.held = held(ctx, None).await?;
    } else if !doubt.is_empty() {
        extras.held = held(ctx, Some(&doubt)).await?;
    }
    Ok(extras)
}

/// What sources leave out that they named before. One that names the same as when it was last beyond doubt is not looked
/// at closely: that costs a look at every device.
async fn in_doubt(ctx: &RunContext, extras: &Extras) -> Result<Doubt> {
    let named = [
        (
            ROLES,
            extras.roles.as_ref().map(|r| named_hash(r.iter().map(|(key, name)| (key, name.as_bytes())))),
        ),
        (OWNERS, extras.users.as_ref().map(|u| named_hash(u.keys().map(|key| (key, &[][..]))))),
        (BACKUPS, extras.backups.as_ref().map(|b| named_hash(b.keys().map(|key| (key, &[][..]))))),
    ];
    if sources::are_named(ctx, &named).await? {
        return Ok(Doubt::default());
    }
    let doubt = doubt::look(ctx, extras).await?;
    if doubt.is_empty() {
        let tx = db::begin(ctx.db()).await?;
        sources::note_named(ctx, &tx, &named).await?;
        tx.commit().await?;
    }
    Ok(doubt)
}

/// A hash of what roles and owners are called, in any order.
fn shared(roles: Option<&FxHashMap<Key, Box<str>>>, users: Option<&FxHashMap<Key, Person>>) -> u64 {
    let roles = roles.into_iter().flatten().map(|(key, name)| (1, key, Some(&**name), None));
    let users = users.into_iter().flatten();
    let users = users.map(|(key, (name, email))| (2, key, name.as_deref(), email.as_deref()));
    let one = |(kind, key, name, email): (i64, &Key, Option<&str>, Option<&str>)| {
        let mut hash = Content::new();
        hash.number(Some(kind)).text(&key.to_string()).maybe(name).maybe(email);
        hash.done().cast_unsigned()
    };
    roles.chain(users).map(one).fold(0, u64::wrapping_add)
}

/// A hash of what a source names, in any order.
pub fn named_hash<'a>(entries: impl Iterator<Item = (&'a Key, &'a [u8])>) -> i64 {
    let one = |(key, more): (&Key, &[u8])| {
        let mut hash = Xxh3::new();
        match key {
            Key::Number(n) => hash.update(&n.to_le_bytes()),
            Key::Text(text) => hash.update(text.as_bytes()),
        }
        hash.update(more);
        hash.digest()
    };
    entries.map(one).fold(0_u64, u64::wrapping_add).cast_signed()
}

fn role(r: RemoteRole) -> (Key, Box<str>) {
    (Key::from(r.remote_id.as_str()), r.name.into())
}

fn person(u: RemoteUser) -> (Key, Person) {
    (Key::from(u.uid.as_str()), (u.name, u.email))
}

fn backup(b: RemoteBackup) -> (Key, Backup) {
    let RemoteBackup { device_id, cloud_bytes, local_bytes, total_bytes, last_success, last_failure } = b;
    let told = Backup {
        cloud: cloud_bytes,
        local: local_bytes,
        total: total_bytes,
        success: Moment::of(last_success.map(micros)),
        failure: Moment::of(last_failure.map(micros)),
    };
    (Key::from(device_id.as_str()), told)
}

/// Reads one source whole; refused credentials end the run, anything else costs a warning and leaves the source stale. So do
/// rows of it that cannot be read: what is held stands in for them.
pub async fn source<T: Send + 'static, V>(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    name: &str,
    fetch: Fetch<T>,
    entry: fn(T) -> (Key, V),
) -> Result<Reading<V>> {
    let mut rows: FxHashMap<Key, V> = FxHashMap::default();
    let read = pull::report(ctx, client, fetch, |row| {
        let (key, value) = entry(row);
        rows.insert(key, value);
    });
    match read.await {
        Ok(tally) => {
            let distinct = i64::try_from(rows.len()).unwrap_or(i64::MAX);
            ctx.prove(proof::evidence(name, &tally, distinct, None, proof::ending(&tally)));
            match tally.unreadable {
                0 => ctx.has_read(name),
                n => unreadable(ctx, name, n).await?,
            }
            rows.shrink_to_fit();
            Ok(Reading::Read(rows))
        }
        // What an instance never had is not missed.
        Err(Error::Vendor(RmmError::NotAvailable(_) | RmmError::Forbidden(_)))
            if !sources::was_read(ctx, name).await? =>
        {
            let words = "NinjaOne does not show it: not on this instance, or no permission.";
            ctx.prove(Evidence {
                complete: true,
                ..proof::evidence(name, &Tally::default(), 0, None, words.into())
            });
            Ok(Reading::Absent)
        }
        Err(Error::Vendor(error)) if !error.is_credentials() => {
            let problem = error.problem("NinjaOne").message;
            ctx.warn_once(format!(
                "NinjaOne's {name} could not be read. {problem} What was read before stays, and is older."
            ));
            ctx.prove(proof::evidence(
                name,
                &Tally::default(),
                0,
                None,
                format!("Could not be read. {problem}"),
            ));
            sources::failed(ctx, name, &problem).await?;
            Ok(Reading::Failed)
        }
        Err(error) => Err(error),
    }
}

/// Tells that so many rows of a source could not be read.
async fn unreadable(ctx: &RunContext, name: &str, rows: i64) -> Result<()> {
    let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
    let problem = format!("{rows} of NinjaOne's {name} could not be read.");
    ctx.warn_once(format!("{problem} What was read before stays, and is older."));
    sources::failed(ctx, name, &problem).await
}

/// What is held of all devices, or of those in doubt.
async fn held(ctx: &RunContext, doubt: Option<&Doubt>) -> Result<FxHashMap<Key, Held>> {
    let mut p = sql::Params(vec![ctx.integration_id().into(), ctx.tenant_id().into()]);
    let which = match doubt {
        None => String::new(),
        Some(Doubt { roles, owners, backups }) => {
            let mut within =
                |texts: &[String]| sql::within(ctx.db(), &mut p, texts.iter().map(String::as_str));
            let (roles, owners, backups) = (within(roles), within(owners), within(backups));
            format!(" AND (d.role {roles} OR d.owner_uid {owners} OR d.remote_id {backups})")
        }
    };
    let select = format!(
        "SELECT d.remote_id, d.role, d.owner_uid, d.owner_name, d.owner_email, d.backup_cloud_bytes,
            d.backup_local_bytes, d.backup_total_bytes, d.backup_last_success, d.backup_last_failure
        FROM remote_devices d WHERE d.integration_id = $1 AND d.tenant_id = $2{which}"
    );
    let rows: Vec<Held> = sql::all(ctx.db(), &select, p.0).await?;
    Ok(rows.into_iter().map(|h| (Key::from(h.remote_id.as_str()), h)).collect())
}

impl Extras {
    /// Whether the list of roles has a role of that name; `true` when it was not read.
    pub fn has_role(&self, name: &str) -> bool {
        self.roles.as_ref().is_none_or(|roles| roles.values().any(|role| **role == *name))
    }

    /// How many roles there are; as many as one can think of when they were not read.
    pub fn roles(&self) -> i64 {
        self.roles.as_ref().map_or(i64::MAX, |roles| i64::try_from(roles.len()).unwrap_or(i64::MAX))
    }

    /// Whether the list of users has that owner; `true` when it was not read.
    pub fn has_owner(&self, uid: &str) -> bool {
        self.users.as_ref().is_none_or(|users| users.contains_key(&Key::from(uid)))
    }

    /// Whether the backup report has that device; `true` when it was not read.
    pub fn has_backup(&self, device: &Key) -> bool {
        self.backups.as_ref().is_none_or(|backups| backups.contains_key(device))
    }

    fn complete(&self) -> bool {
        self.roles.is_some() && self.users.is_some() && self.backups.is_some()
    }

    /// The print of a device's row together with what is joined to it, never zero; zero when something must be looked up in what
    /// is held, or the row has no print.
    pub fn print(&self, key: &Key, row: u64) -> i64 {
        let (Some(backups), true) = (&self.backups, self.complete()) else { return 0 };
        if row == 0 || self.held.contains_key(key) {
            return 0;
        }
        let mut hash = Content::new();
        hash.number(Some(row.cast_signed())).number(Some(self.shared.cast_signed()));
        match backups.get(key) {
            None => hash.number(None),
            Some(b) => hash
                .number(Some(b.cloud))
                .number(Some(b.local))
                .number(Some(b.total))
                .number(b.success.get())
                .number(b.failure.get()),
        };
        match hash.done() {
            0 => 1,
            print => print,
        }
    }

    /// Joins what the sources, or failing them what is held, tell of a device.
    pub fn join(&self, key: &Key, device: &mut RemoteDevice) {
        let held = self.held.get(key);
        self.join_role(device, held);
        self.join_owner(device, held);
        self.join_backup(key, device, held);
    }

    /// A role that the list no longer names is not blanked: what is held stands in.
    fn join_role(&self, device: &mut RemoteDevice, held: Option<&Held>) {
        let id = device.role_id.as_deref().map(Key::from);
        let told =
            self.roles.as_ref().zip(id).and_then(|(roles, id)| roles.get(&id)).map(|name| name.to_string());
        let kept = || held.filter(|_| device.role_id.is_some()).and_then(|h| h.role.clone());
        device.facts.role = told.or_else(kept);
    }

    fn join_owner(&self, device: &mut RemoteDevice, held: Option<&Held>) {
        let facts = &mut device.facts;
        let Some(uid) = &facts.owner_uid else { return };
        let told = self.users.as_ref().and_then(|users| users.get(&Key::from(uid.as_str()))).cloned();
        let kept = || {
            let same = held.filter(|h| h.owner_uid.as_ref() == Some(uid));
            same.map(|h| (h.owner_name.clone(), h.owner_email.clone()))
        };
        (facts.owner_name, facts.owner_email) = told.or_else(kept).unwrap_or_default();
    }

    /// The report has a row for every device: one that it lacks says nothing.
    fn join_backup(&self, key: &Key, device: &mut RemoteDevice, held: Option<&Held>) {
        let facts = &mut device.facts;
        if let Some(b) = self.backups.as_ref().and_then(|backups| backups.get(key)) {
            facts.backup_cloud_bytes = Some(b.cloud);
            facts.backup_local_bytes = Some(b.local);
            facts.backup_total_bytes = Some(b.total);
            facts.backup_last_success = b.success.get().map(time);
            facts.backup_last_failure = b.failure.get().map(time);
        } else if let Some(h) = held {
            facts.backup_cloud_bytes = h.backup_cloud_bytes;
            facts.backup_local_bytes = h.backup_local_bytes;
            facts.backup_total_bytes = h.backup_total_bytes;
            facts.backup_last_success = h.backup_last_success.map(time);
            facts.backup_last_failure = h.backup_last_failure.map(time);
        }
    }
}
