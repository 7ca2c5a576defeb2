//! Name resolution that yields public addresses only, so that the address checked is the address connected to.

use super::{address::is_public, policy::Reach};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;

/// Every address of a name was dropped because none is public. Found again in an error's chain of sources.
#[derive(Debug, thiserror::Error)]
#[error("{0} has no public address")]
pub struct NotPublic(pub String);

/// Resolves with the system and drops what may not be reached.
pub struct Resolver {
    pub reach: Reach,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
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
