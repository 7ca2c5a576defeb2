//! Everything behind the lock: the fleet, the server's switches, and what was asked so far.

use crate::behaviour::Behaviour;
use crate::body::Pieces;
use crate::clock;
use crate::cursor::Sessions;
use crate::fault::{Fault, FaultKind, Faults, RetryAfter};
use crate::fleet;
use crate::kept::Kept;
use crate::moment::Moments;
use crate::oauth::Tokens;
use crate::query::Query;
use crate::reply::Reply;
use crate::route;
use crate::spec::FleetSpec;
use crate::world::World;
use axum::http::{Method, Uri};
use std::collections::HashMap;
use tokio::time::Instant;

/// One request that the server saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLog {
    /// The method.
    pub method: String,
    /// The path, without `/api`.
    pub path: String,
    /// The query as it was sent.
    pub query: String,
    /// The status that was answered; 0 when the connection was dropped.
    pub status: u16,
    /// When it arrived.
    pub at: Instant,
}

/// A request as the handler hands it over.
pub(crate) struct Asked<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub authorization: Option<&'a str>,
    pub form: HashMap<String, String>,
}

/// A path as faults and the log name it.
pub(crate) fn without_api(path: &str) -> &str {
    path.strip_prefix("/api").filter(|rest| rest.starts_with('/')).unwrap_or(path)
}

/// The server's memory.
#[derive(Debug)]
pub(crate) struct State {
    pub world: World,
    pub behaviour: Behaviour,
    pub faults: Faults,
    pub moments: Moments,
    pub tokens: Tokens,
    pub sessions: Sessions,
    /// Pages of lists that are sent again.
    pub lists: Kept<()>,
    pub log: Vec<RequestLog>,
    pub token_requests: u64,
    previous: HashMap<String, Pieces>,
    bucket: Option<(f64, Instant)>,
}

impl State {
    /// A new fleet and a server in order.
    pub fn new(spec: FleetSpec) -> Self {
        Self {
            tokens: Tokens::new(spec.seed),
            world: fleet::build(spec),
            behaviour: Behaviour::default(),
            faults: Faults::default(),
            moments: Moments::default(),
            sessions: Sessions::default(),
            lists: Kept::default(),
            log: Vec::new(),
            token_requests: 0,
            previous: HashMap::new(),
            bucket: None,
        }
    }

    /// Adds a fault; what it may repeat are pages from now on.
    pub fn inject(&mut self, fault: Fault) {
        if fault.kind == FaultKind::RepeatPage {
            self.previous.clear();
        }
        self.faults.add(fault);
    }

    /// Answers a request and writes it into the log.
    pub fn handle(&mut self, asked: &Asked) -> Reply {
        let path = without_api(asked.uri.path());
        let fault = self.faults.next(path, self.previous.contains_key(path));
        let instead = fault.as_ref().and_then(Reply::instead);
        let token = path == "/ws/oauth/token" || path == "/oauth/token";
        self.token_requests += u64::from(token);
        let mut reply = match instead {
            Some(reply) => reply,
            None if token => self.token(path, asked),
            None => self.data(path, asked, fault.as_ref()).unwrap_or_else(|reply| reply),
        };
        reply.delay += self.behaviour.latency;
        reply.number = self.log.len() as u64;
        let dropped = reply.delivery == crate::reply::Delivery::Drop;
        self.log.push(RequestLog {
            method: asked.method.to_string(),
            path: path.to_owned(),
            query: asked.uri.query().unwrap_or_default().to_owned(),
            status: if dropped { 0 } else { reply.status },
            at: clock::instant(),
        });
        reply.spoilt(fault.as_ref())
    }

    /// NinjaOne: `/oauth/token` without `/ws` answers 405.
    fn token(&mut self, path: &str, asked: &Asked) -> Reply {
        if path != "/ws/oauth/token" || *asked.method != Method::POST {
            return Reply::wrong_method();
        }
        self.tokens.request(&asked.form, &self.behaviour)
    }

    fn data(&mut self, path: &str, asked: &Asked, fault: Option<&FaultKind>) -> Result<Reply, Reply> {
        self.take_from_bucket()?;
        self.tokens.check(asked.authorization, &self.behaviour)?;
        let known = route::is_known(path);
        if *asked.method != Method::GET {
            return Err(if known { Reply::wrong_method() } else { Reply::not_found() });
        }
        if let (Some(FaultKind::RepeatPage), Some(previous)) = (fault, self.previous.get(path)) {
            return Ok(Reply::json(200, previous.clone()));
        }
        let mut answer = route::answer(self, path, &Query::of(asked.uri))?;
        match (fault, answer.rows()) {
            (Some(FaultKind::EmptyList), Some(rows)) => *rows = rows.cleared(),
            (Some(FaultKind::HalfPage), Some(rows)) => *rows = rows.halved(),
            (Some(FaultKind::Unsorted), Some(rows)) => *rows = rows.reversed(),
            (Some(FaultKind::BadRows(how)), Some(rows)) => *rows = rows.spoilt(*how),
            _ => {}
        }
        if let Some(FaultKind::Told(told)) = fault {
            answer.tell(told);
        }
        let body = answer.into_body();
        if self.faults.wants_previous(path) {
            self.previous.insert(path.to_owned(), body.clone());
        } else {
            self.previous.remove(path);
        }
        Ok(Reply::json(200, body))
    }

    /// A token bucket that holds one second's worth of requests.
    fn take_from_bucket(&mut self) -> Result<(), Reply> {
        let Some(rate) = self.behaviour.requests_per_second.filter(|rate| *rate > 0.0) else {
            self.bucket = None;
            return Ok(());
        };
        let now = clock::instant();
        let full = rate.max(1.0);
        let (level, since) = self.bucket.unwrap_or((full, now));
        let level = (level + (now - since).as_secs_f64() * rate).min(full);
        self.bucket = Some((if level < 1.0 { level } else { level - 1.0 }, now));
        if level >= 1.0 {
            return Ok(());
        }
        let wait = ((1.0 - level) / rate).ceil().max(1.0) as u64;
        Err(Reply::too_many(Some(RetryAfter::Seconds(wait))))
    }

    /// Forgets the pages that were kept: the fleet changes.
    pub fn forget_pages(&mut self) {
        self.lists.clear();
        self.sessions.forget_pages();
    }

    /// A new fleet; switches, faults and the log are as new, credentials and tokens stay.
    pub fn reset(&mut self, spec: FleetSpec) {
        let tokens = std::mem::replace(&mut self.tokens, Tokens::new(0));
        *self = Self { tokens, ..Self::new(spec) };
    }
}
