//! Sends requests, one try after another.

use super::{
    Answer, Remedy, Trouble,
    pace::Pace,
    pause,
    policy::Reach,
    resolve::{Lookup, Resolver, System},
};
use crate::{Account, Limits, Observer, RmmError};
use reqwest::{ClientBuilder, Method, RequestBuilder, header};
use secrecy::{ExposeSecret, SecretString};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, sleep};
use tracing::{Instrument, Span, field};
use url::Url;

const USER_AGENT: &str = concat!("MSPortal/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A request that can be sent more than once.
pub struct Ask<'a> {
    pub method: Method,
    /// Path and query below the base URL. The query is kept out of logs.
    pub path: &'a str,
    pub bearer: Option<&'a SecretString>,
    /// Fields of a form body.
    pub form: &'a [(&'a str, &'a str)],
    /// The answer moves something on the vendor's side: unless the request surely was not processed, a failure is
    /// [`RmmError::ReportLost`].
    pub once: bool,
}

impl<'a> Ask<'a> {
    /// A read.
    pub fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, bearer: None, form: &[], once: false }
    }
}

/// A client for one account.
pub struct Http {
    client: reqwest::Client,
    base: Url,
    vendor: &'static str,
    limits: Limits,
    pace: Arc<Pace>,
    budget: Arc<Budget>,
    observer: Arc<dyn Observer>,
}

/// What a good answer earns back of a repetition.
const EARNED: f64 = 0.2;

/// How many repetitions are left: a vendor that fails all the time is not asked all the time.
struct Budget {
    most: f64,
    left: Mutex<f64>,
}

impl Budget {
    fn new(most: u32) -> Self {
        let most = f64::from(most);
        Self { most, left: Mutex::new(most) }
    }

    fn earn(&self) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        *left = (*left + EARNED).min(self.most);
    }

    /// Whether one could be spent.
    fn spend(&self) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = *left >= 1.0;
        if enough {
            *left -= 1.0;
        }
        enough
    }
}

impl Http {
    /// Fails when the account's base URL may not be reached. Makes no request.
    pub fn new(account: &Account, vendor: &'static str) -> Result<Self, RmmError> {
        let reach = account.policy.check(&account.base_url)?;
        Self::over(builder(reach, account, Arc::new(System)), account, vendor)
    }

    /// The same over what [`builder`] made.
    pub(super) fn over(
        client: ClientBuilder,
        account: &Account,
        vendor: &'static str,
    ) -> Result<Self, RmmError> {
        Ok(Self {
            client: client.build().map_err(|e| RmmError::Tls(e.to_string()))?,
            base: account.base_url.clone(),
            vendor,
            limits: account.limits,
            pace: account
                .pace
                .clone()
                .unwrap_or_else(|| Arc::new(Pace::new(account.limits.requests_per_second))),
            budget: Arc::new(Budget::new(account.limits.retry_budget)),
            observer: account.observer.clone(),
        })
    }

    /// The same client for a person who waits: two tries, a few seconds.
    pub fn brief(&self) -> Self {
        let mut limits = self.limits;
        limits.attempts = limits.attempts.min(2);
        limits.throttled_attempts = limits.throttled_attempts.min(2);
        limits.longest_pause = limits.longest_pause.min(Duration::from_secs(5));
        limits.longest_wait = limits.longest_wait.min(Duration::from_secs(5));
        let (client, base) = (self.client.clone(), self.base.clone());
        Self {
            client,
            base,
            limits,
            pace: self.pace.clone(),
            budget: self.budget.clone(),
            observer: self.observer.clone(),
            vendor: self.vendor,
        }
    }

    /// The base URL without the slash at its end.
    pub fn base(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Sends until `read` accepts an answer, the remedy is to give up, or the tries run out.
    pub async fn send<T>(
        &self,
        ask: &Ask<'_>,
        read: impl Fn(&Answer) -> Result<T, Trouble> + Send + Sync,
    ) -> Result<T, RmmError> {
        let mut attempt = 1;
        loop {
            match self.attempt(ask, attempt, &read).await {
                Ok(value) => {
                    self.pace.ease();
                    self.budget.earn();
                    return Ok(value);
                }
                Err(trouble) => self.recover(ask, attempt, trouble).await?,
            }
            attempt += 1;
        }
    }

    async fn attempt<T>(
        &self,
        ask: &Ask<'_>,
        attempt: u32,
        read: impl Fn(&Answer) -> Result<T, Trouble> + Send + Sync,
    ) -> Result<T, Trouble> {
        self.pace.turn().await;
        self.observer.request();
        let path = ask.path.split('?').next().unwrap_or_default();
        let span = tracing::info_span!(
            "rmm request", vendor = self.vendor, method = %ask.method, path, attempt,
            status = field::Empty, ms = field::Empty, request_id = field::Empty, trouble = field::Empty,
        );
        let outcome = async {
            let start = Instant::now();
            let answer = self.exchange(ask).await;
            Span::current().record("ms", u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX));
            note(&answer);
            let outcome = answer.and_then(|a| read(&a));
            let word = outcome.as_ref().err().map_or("ok", |trouble| trouble.error.outcome());
            self.observer.answered(word, start.elapsed());
            if let Err(trouble) = &outcome {
                Span::current().record("trouble", field::display(&trouble.error));
            }
            tracing::debug!("answered");
            outcome
        };
        outcome.instrument(span).await
    }

    async fn exchange(&self, ask: &Ask<'_>) -> Result<Answer, Trouble> {
        Answer::read(self.request(ask).send().await?).await
    }

    fn request(&self, ask: &Ask<'_>) -> RequestBuilder {
        let url = format!("{}{}", self.base(), ask.path);
        let mut request =
            self.client.request(ask.method.clone(), url).header(header::ACCEPT, "application/json");
        if let Some(token) = ask.bearer {
            request = request.bearer_auth(token.expose_secret());
        }
        if ask.form.is_empty() { request } else { request.form(ask.form) }
    }

    /// Waits for the next try, or says why there is none.
    async fn recover(&self, ask: &Ask<'_>, attempt: u32, trouble: Trouble) -> Result<(), RmmError> {
        if trouble.remedy == Remedy::GiveUp {
            return Err(trouble.error);
        }
        let throttled = trouble.remedy == Remedy::Throttle;
        if throttled {
            self.pace.slow_down();
        }
        if ask.once && !trouble.unprocessed {
            return Err(RmmError::ReportLost);
        }
        let longest = self.limits.longest_wait.max(self.limits.longest_pause);
        let pause = trouble
            .retry_after
            .unwrap_or_else(|| pause::backoff(attempt, throttled, self.limits.longest_pause));
        let most = if throttled { self.limits.throttled_attempts } else { self.limits.attempts };
        if attempt >= most || pause > longest || !(throttled || self.budget.spend()) {
            return Err(trouble.error);
        }
        self.wait(pause, throttled, &trouble.error).await;
        Ok(())
    }

    async fn wait(&self, pause: Duration, throttled: bool, error: &RmmError) {
        let reason = self.reason(pause, throttled, error);
        tracing::warn!(vendor = self.vendor, ?pause, "{reason}");
        self.observer.waiting(pause, &reason);
        if throttled {
            self.pace.hold(pause);
        }
        sleep(pause).await;
        self.observer.resumed();
    }

    fn reason(&self, pause: Duration, throttled: bool, error: &RmmError) -> String {
        let (vendor, seconds) = (self.vendor, pause.as_secs_f64().ceil());
        match error {
            _ if throttled => format!("Throttled by {vendor}, continuing in {seconds} s."),
            RmmError::Timeout => format!("{vendor} did not answer in time, trying again in {seconds} s."),
            RmmError::Unreachable(_) | RmmError::Tls(_) => {
                format!("{vendor} could not be reached, trying again in {seconds} s.")
            }
            RmmError::Server(status) => {
                format!("{vendor} answered with error {status}, trying again in {seconds} s.")
            }
            _ => format!("{vendor} sent an unreadable answer, trying again in {seconds} s."),
        }
    }
}

fn note(answer: &Result<Answer, Trouble>) {
    let Ok(answer) = answer else { return };
    Span::current().record("status", answer.status);
    // NinjaOne's own number of the request, worth having when asking its support.
    if let Some(id) = answer.headers.get("x-nj-request-id").and_then(|v| v.to_str().ok()) {
        Span::current().record("request_id", id);
    }
}

/// No redirects, no cookies, no proxy of the environment (it would resolve names itself), and addresses only through
/// [`Resolver`]: what it lets pass is what is connected to, so a name cannot change its mind in between.
#[expect(clippy::disallowed_methods, reason = "the one place that builds the HTTP client of vendors")]
pub(super) fn builder(reach: Reach, account: &Account, lookup: Arc<dyn Lookup>) -> ClientBuilder {
    // An error means that somebody has installed one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let timeout = account.limits.timeout;
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .gzip(true)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .timeout(timeout)
        .https_only(reach == Reach::Public)
        .dns_resolver(Arc::new(Resolver { reach, lookup }));
    // Without TLS: works on machines without root certificates, which it does not need.
    if account.base_url.scheme() == "http" { builder.tls_certs_only([]) } else { builder }
}
