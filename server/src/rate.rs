//! How often a program may call: so many requests a minute for each API token, as this server counts them.

use crate::auth::refuse;
use axum::response::Response;
use backend::session::TokenUse;
use domain::error::UserError;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use uuid::Uuid;

/// After so many requests, what is known of tokens that rest is forgotten.
const TIDY: u32 = 10_000;

/// Counts the requests of each token.
#[derive(Clone)]
pub struct Rate(Arc<Inner>);

struct Inner {
    tokens: DefaultKeyedRateLimiter<Uuid>,
    clock: DefaultClock,
    seen: AtomicU32,
}

impl Rate {
    /// In: requests a minute, at least one. A tenth of them may come at once.
    pub fn new(per_minute: u32) -> Self {
        let one = NonZeroU32::MIN;
        let (rate, burst) = (NonZeroU32::new(per_minute), NonZeroU32::new(per_minute / 10));
        let quota = Quota::per_minute(rate.unwrap_or(one)).allow_burst(burst.unwrap_or(one));
        let tokens = RateLimiter::keyed(quota);
        Self(Arc::new(Inner { tokens, clock: DefaultClock::default(), seen: AtomicU32::new(0) }))
    }

    /// Counts a request. Out: the refusal, when there are too many; it says when to try again.
    pub fn count(&self, token: &TokenUse) -> Option<Response> {
        let inner = &self.0;
        if inner.seen.fetch_add(1, Ordering::Relaxed) % TIDY == TIDY - 1 {
            inner.tokens.retain_recent();
        }
        let not_until = inner.tokens.check_key(&token.id.0).err()?;
        let wait = not_until.wait_time_from(inner.clock.now());
        Some(too_many(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)))
    }
}

fn too_many(seconds: u64) -> Response {
    let message = format!("This API token sends too many requests. Wait {seconds} s, and call less often.");
    refuse(UserError::throttled(message, seconds))
}
