//! Name resolution that yields public addresses only, so that the address checked is the address connected to.

use super::{address::is_public, policy::Reach};
use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{io, net::SocketAddr, sync::Arc};

/// Every address of a name was dropped because none is public. Found again in an error's chain of sources.
#[derive(Debug, thiserror::Error)]
#[error("{0} has no public address")]
pub struct NotPublic(pub String);

/// Asks for the addresses of a name.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// As many as there are; port 0 means the usual one.
    async fn lookup(&self, name: &str) -> io::Result<Vec<SocketAddr>>;
}

/// Asks as the system is set up to.
pub struct System;

#[async_trait]
impl Lookup for System {
    async fn lookup(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.collect())
    }
}

/// Drops from the answers what may not be reached.
pub struct Resolver {
    pub reach: Reach,
    pub lookup: Arc<dyn Lookup>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (reach, lookup) = (self.reach, self.lookup.clone());
        Box::pin(async move {
            let found = lookup.lookup(name.as_str()).await?;
            let kept = keep(reach, found, name.as_str())?;
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

fn keep(reach: Reach, found: Vec<SocketAddr>, name: &str) -> Result<Vec<SocketAddr>, NotPublic> {
    let asked = !found.is_empty();
    let kept: Vec<_> = found.into_iter().filter(|a| reach == Reach::Listed || is_public(a.ip())).collect();
    if asked && kept.is_empty() { Err(NotPublic(name.into())) } else { Ok(kept) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_remain() {
        let found: Vec<SocketAddr> = vec!["10.0.0.1:0".parse().unwrap(), "8.8.8.8:0".parse().unwrap()];
        assert_eq!(keep(Reach::Public, found.clone(), "mixed").unwrap(), found[1..]);
        assert_eq!(keep(Reach::Listed, found.clone(), "mixed").unwrap(), found);
        assert!(keep(Reach::Public, found[..1].to_vec(), "rebound").is_err());
    }
}
