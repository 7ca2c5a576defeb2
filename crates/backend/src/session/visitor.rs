//! Who sends a request, as far as the server can tell without a session.

use crate::{Portal, tenant::Origin};
use std::net::IpAddr;

/// Longest name of a browser that is kept.
const MAX_AGENT: usize = 300;

/// Where a request comes from, and the tokens of its cookies, valid or not.
#[derive(Clone, Default)]
pub struct Visitor {
    /// The client's address.
    pub address: Option<IpAddr>,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// The token of the session cookie.
    pub session: Option<String>,
    /// The token of the device cookie.
    pub device: Option<String>,
}

impl Visitor {
    /// What an event of the audit log says of where a request came from.
    pub fn origin(&self) -> Origin {
        Origin { address: self.address_text(), agent: self.agent_text() }
    }

    pub(super) fn address_text(&self) -> Option<String> {
        self.address.map(|address| address.to_string())
    }

    pub(super) fn agent_text(&self) -> Option<String> {
        self.user_agent.as_ref().map(|agent| agent.chars().take(MAX_AGENT).collect())
    }
}

impl Portal {
    /// The proxies whose `X-Forwarded-For` says where a request comes from.
    pub fn trusted_proxies(&self) -> &[IpAddr] {
        &self.config().trusted_proxies
    }
}
