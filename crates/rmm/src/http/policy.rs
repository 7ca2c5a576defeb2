//! Which hosts may be reached.

use super::address::is_public;
use crate::RmmError;
use std::net::IpAddr;
use url::{Host, Url};

/// Which hosts may be reached: any public one over https, and the listed ones however they resolve.
///
/// ```
/// let policy = rmm::NetworkPolicy::allowing(&["localhost:4010".into()]);
/// assert!(policy.check(&"http://localhost:4010".parse().unwrap()).is_ok());
/// assert!(policy.check(&"http://localhost:4011".parse().unwrap()).is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkPolicy {
    /// `host:port` pairs that may be private and may be plain http, in lower case; IPv6 hosts in brackets.
    pub allow_private: Vec<String>,
}

/// What a checked base URL may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses only, TLS only.
    Public,
    /// Listed by the operator: any address, TLS or not.
    Listed,
}

impl NetworkPolicy {
    /// Nothing but the public internet.
    pub fn public_only() -> Self {
        Self::default()
    }

    /// The public internet and the listed `host:port` pairs.
    pub fn allowing(list: &[String]) -> Self {
        let tidy = |entry: &String| entry.trim().to_lowercase();
        Self { allow_private: list.iter().map(tidy).filter(|e| !e.is_empty()).collect() }
    }

    /// Checks everything about a base URL that needs no name resolution; names are checked again at every connection.
    ///
    /// Fails with [`RmmError::BadUrl`] for a URL of the wrong form and with [`RmmError::Blocked`] for an address that is
    /// not public.
    pub fn check(&self, url: &Url) -> Result<Reach, RmmError> {
        let bad = |what: &str| Err(RmmError::BadUrl(what.into()));
        if !matches!(url.scheme(), "http" | "https") {
            return bad("it must start with https://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return bad("it must not hold a user name or password");
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return bad("it must end after the host name");
        }
        if self.lists(url) {
            return Ok(Reach::Listed);
        }
        if url.scheme() != "https" {
            return bad("it must start with https://");
        }
        check_host(url)?;
        if url.port().is_some() {
            return bad("it must not name a port");
        }
        Ok(Reach::Public)
    }

    fn lists(&self, url: &Url) -> bool {
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
        let wanted = format!("{host}:{port}").to_lowercase();
        self.allow_private.iter().any(|entry| entry.trim().eq_ignore_ascii_case(&wanted))
    }
}

/// Ends of names that mean this machine or this network wherever they are asked for: RFC 6761, 6762 and 8375, and what ICANN
/// has set aside for private use. Clouds have their metadata at such names.
const LOCAL: &[&str] = &["localhost", "local", "internal", "home.arpa"];

/// The `url` crate has turned decimal, octal and hexadecimal notations into plain addresses by now.
fn check_host(url: &Url) -> Result<(), RmmError> {
    let blocked = |what: String| Err(RmmError::Blocked(what));
    let address: IpAddr = match url.host() {
        Some(Host::Ipv4(v4)) => v4.into(),
        Some(Host::Ipv6(v6)) => v6.into(),
        Some(Host::Domain(name)) if is_local(name) => return blocked(name.into()),
        Some(Host::Domain(_)) => return Ok(()),
        None => return Err(RmmError::BadUrl("it names no host".into())),
    };
    if is_public(address) { Ok(()) } else { blocked(address.to_string()) }
}

/// Whether a name, in lower case, has one part only or a local end.
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let ends =
        |end: &&str| name.strip_suffix(*end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !name.contains('.') || LOCAL.iter().any(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(url: &str) -> bool {
        url.parse::<Url>().map_or(true, |url| NetworkPolicy::public_only().check(&url).is_err())
    }

    #[test]
    fn the_known_regions_and_branded_hosts_pass() {
        for url in [
            "https://app.ninjarmm.com",
            "https://eu.ninjarmm.com/",
            "https://msp.rmmservice.eu",
            "https://msp.notlocal",
            "https://8.8.8.8",
        ] {
            assert!(!refuses(url), "{url}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for url in [
            // Schemes.
            "http://app.ninjarmm.com",
            "ftp://app.ninjarmm.com",
            "file:///etc/passwd",
            "gopher://app.ninjarmm.com",
            "data:text/plain,x",
            "ws://app.ninjarmm.com",
            "app.ninjarmm.com",
            "javascript:alert(1)",
            // Form.
            "https://user@app.ninjarmm.com",
            "https://user:pass@app.ninjarmm.com",
            "https://:p@app.ninjarmm.com",
            "https://app.ninjarmm.com/x",
            "https://app.ninjarmm.com/?q=1",
            "https://app.ninjarmm.com/#f",
            "https://app.ninjarmm.com@127.0.0.1",
            "https://app.ninjarmm.com:8443",
            "https://app.ninjarmm.com:22",
            "https://",
            // Names of this machine or this network.
            "https://localhost",
            "https://localhost:443",
            "https://LOCALHOST",
            "https://intranet",
            "https://metadata",
            "https://localhost.",
            "https://portal.localhost",
            "https://printer.local",
            "https://metadata.google.internal.",
            "https://router.home.arpa",
            // Addresses, plainly.
            "https://127.0.0.1",
            "https://127.1.2.3",
            "https://10.0.0.1",
            "https://172.16.0.1",
            "https://192.168.0.1",
            "https://100.64.0.1",
            "https://169.254.169.254",
            "https://0.0.0.0",
            "https://224.0.0.1",
            "https://240.0.0.1",
            "https://255.255.255.255",
            "https://203.0.113.1",
            "https://127.0.0.1.",
            // Addresses, disguised.
            "https://2130706433",
            "https://0x7f000001",
            "https://0x7f.1",
            "https://0177.0.0.1",
            "https://017700000001",
            "https://127.1",
            "https://0",
            "https://0xa9.0xfe.0xa9.0xfe",
            "https://2852039166",
            "https://1２7.0.0.1",
            "https://%31%32%37.0.0.1",
            "https://127。0。0。1",
            "https://⑫7.0.0.1",
            // IPv6.
            "https://[::1]",
            "https://[::]",
            "https://[::ffff:127.0.0.1]",
            "https://[::ffff:a9fe:a9fe]",
            "https://[::127.0.0.1]",
            "https://[fc00::1]",
            "https://[fd00:ec2::254]",
            "https://[fe80::1]",
            "https://[ff02::1]",
            "https://[2002:7f00:1::]",
            "https://[64:ff9b::7f00:1]",
            "https://[2001:db8::1]",
            "https://[0:0:0:0:0:0:0:1]",
        ] {
            assert!(refuses(url), "{url}");
        }
    }

    #[test]
    fn a_listed_pair_is_exact() {
        let policy =
            NetworkPolicy::allowing(&[" LocalHost:4010 ".into(), "[::1]:4010".into(), "10.1.2.3:443".into()]);
        let reach = |url: &str| policy.check(&url.parse().unwrap());
        assert_eq!(reach("http://localhost:4010").unwrap(), Reach::Listed);
        assert_eq!(reach("http://[::1]:4010").unwrap(), Reach::Listed);
        assert_eq!(reach("https://10.1.2.3").unwrap(), Reach::Listed);
        assert!(reach("http://localhost:4011").is_err());
        assert!(reach("http://127.0.0.1:4010").is_err());
        assert!(reach("http://10.1.2.3").is_err());
        assert!(reach("ftp://localhost:4010").is_err());
        assert!(reach("http://u@localhost:4010").is_err());
    }
}
