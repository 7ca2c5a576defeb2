//! One installation: the database, the vault, the queue and the clock, shared by pages, API and workers.

use crate::{
    Config, Error, Result, Tenant,
    clock::micros,
    db,
    hub::Hub,
    jobs::Queue,
    mail::MailSettings,
    metrics::Metrics,
    scope,
    session::Session,
    tenant::{Access, Actor, Admin, Read},
    vault::{self, MasterKeys, Vault},
};
use domain::{
    Time,
    error::{ErrorKind, UserError},
    ids::TenantId,
    permissions::{self, Area},
};
use rmm::Pace;
use sea_orm::DatabaseConnection;
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::HashMap,
    fs::File,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;

/// From so many accounts on, those that nobody asks are forgotten.
const MOST_PACES: usize = 1_000;

/// The shared state of a process; cheap to clone.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

struct Inner {
    config: Config,
    db: DatabaseConnection,
    vault: Vault,
    queue: Queue,
    hub: Hub,
    paces: Mutex<HashMap<u64, Arc<Pace>>>,
    stop: CancellationToken,
    metrics: Metrics,
    /// Wakes whoever sends mails in this process; others find them by looking.
    mail_wanted: Notify,
    /// Keeps a restore away from a database in use.
    _lock: Option<File>,
}

impl Portal {
    /// Opens the database (and migrates it), the keyring and the queue. `master_key` replaces the keyring's file.
    pub async fn open(config: Config, master_key: Option<SecretString>) -> Result<Self> {
        db::make_folder(&config.data_dir).map_err(Error::internal)?;
        let lock = db::hold(&config.url())?;
        db::make_file(&config.url()).map_err(Error::internal)?;
        let db = db::open(&config).await?;
        let keys = MasterKeys::of(&config, master_key);
        let vault = Vault::open(&config.data_dir, &keys, vault::sealed_count(&db).await?)?;
        vault::verify(&db, &vault).await?;
        let queue = Queue::open(&db).await?;
        Ok(Self(Arc::new(Inner {
            config,
            db,
            vault,
            queue,
            hub: Hub::default(),
            paces: Mutex::default(),
            stop: CancellationToken::new(),
            metrics: Metrics::new(),
            mail_wanted: Notify::new(),
            _lock: lock,
        })))
    }

    /// The signed-in user's tenant for an area, if the session allows `A` there and is not limited to some companies.
    pub fn tenant<A: Access>(&self, session: &Session, area: Area) -> Result<Tenant<A>> {
        if session.scope.is_some() {
            return Err(scope::refusal(session.token.is_some()).into());
        }
        self.scoped(session, area)
    }

    /// The same also for a session that is limited to some companies: whatever is done with it has to keep to them.
    pub fn scoped<A: Access>(&self, session: &Session, area: Area) -> Result<Tenant<A>> {
        let tenant = self.tenant_of(session)?;
        if !session.permissions.allow(area, A::LEVEL) {
            return Err(permissions::refusal(area, A::LEVEL, session.token.is_some()).into());
        }
        Ok(tenant)
    }

    /// The signed-in user's tenant for what is the user's own, which every role may: the account, sessions, API tokens.
    pub fn own(&self, session: &Session) -> Result<Tenant<Read>> {
        self.tenant_of(session)
    }

    fn tenant_of<A: Access>(&self, session: &Session) -> Result<Tenant<A>> {
        if session.second_factor_missing {
            return Err(UserError::new(ErrorKind::Forbidden, no_second_factor(session)).into());
        }
        let (name, origin) = (session.user_name.clone(), session.origin.clone());
        let token = session.token.as_ref().map(|token| token.name.clone());
        let actor = Actor {
            id: session.user_id,
            session: session.id.0,
            name,
            token,
            permissions: session.permissions,
            origin,
        };
        Ok(Tenant::new(self.clone(), session.tenant_id, Some(actor)).limited_to(session.scope.clone()))
    }

    /// A tenant for the portal's own workers.
    pub(crate) fn worker(&self, tenant: TenantId) -> Tenant<Admin> {
        Tenant::new(self.clone(), tenant, None)
    }

    /// The pool; for the portal's own tables and for operators' tools. Tenant tables are reached through [`Tenant`].
    pub fn db(&self) -> &DatabaseConnection {
        &self.0.db
    }

    /// What this process counts and measures.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.0.vault
    }

    pub(crate) fn queue(&self) -> &Queue {
        &self.0.queue
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// The pace at which an account is asked, shared by everything in this process that asks it.
    pub(crate) fn pace(&self, base_url: &Url, client_id: &SecretString) -> Arc<Pace> {
        let account = format!("{base_url}\n{}", client_id.expose_secret());
        let key = xxhash_rust::xxh3::xxh3_64(account.as_bytes());
        let mut paces = self.0.paces.lock().unwrap_or_else(PoisonError::into_inner);
        let per_second = self.0.config.limits.requests_per_second;
        if paces.len() >= MOST_PACES {
            // Accounts that nobody asks at the moment: those of forms that were tried, too.
            paces.retain(|_, pace| Arc::strong_count(pace) > 1);
        }
        paces.entry(key).or_insert_with(|| Arc::new(Pace::new(per_second))).clone()
    }

    /// Whether browsers reach the portal over https.
    pub fn is_behind_tls(&self) -> bool {
        self.config().behind_tls
    }

    /// Whether that holds for hosts below this one, too.
    pub fn is_with_subdomains(&self) -> bool {
        self.config().hsts_subdomains
    }

    /// Whether a write without an API token has to say where it comes from.
    pub fn demands_origin(&self) -> bool {
        self.config().demand_origin
    }

    /// Requests a minute that one API token may make.
    pub fn api_rate(&self) -> u32 {
        self.config().api_rate
    }

    /// Origins of other sites' pages that may call the API with a token.
    pub fn cors_origins(&self) -> &[String] {
        &self.config().cors_origins
    }

    pub(crate) fn mail(&self) -> Option<&MailSettings> {
        self.config().mail.as_ref()
    }

    pub(crate) fn sends_mail(&self) -> bool {
        self.mail().is_some()
    }

    /// A mail waits: called after it is committed.
    pub(crate) fn wake_mail(&self) {
        self.0.mail_wanted.notify_one();
    }

    pub(crate) async fn mail_wanted(&self) {
        self.0.mail_wanted.notified().await;
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// The present moment by the portal's clock.
    pub fn now(&self) -> Time {
        self.0.config.clock.now()
    }

    pub(crate) fn now_micros(&self) -> i64 {
        micros(self.now())
    }

    /// Cancelled when the process is asked to stop.
    pub fn stopping(&self) -> &CancellationToken {
        &self.0.stop
    }
}

fn no_second_factor(session: &Session) -> &'static str {
    match session.token {
        Some(_) => {
            "This portal requires a second factor. The user of this API token has to set one up first, on their Account page."
        }
        None => "This portal requires a second factor. Set yours up first, on your Account page.",
    }
}
