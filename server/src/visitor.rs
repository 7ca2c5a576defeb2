//! Who sends a request: the client's address and what its cookies hold.

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, header},
};
use backend::{Portal, session::Visitor};
use std::net::{IpAddr, SocketAddr};

const FORWARDED: &str = "x-forwarded-for";

/// The sender of a request. The address is the peer's; behind a proxy that the portal trusts, the one that it names.
pub fn of(portal: &Portal, request: &Request) -> Visitor {
    let headers = request.headers();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    Visitor {
        address: peer.map(|peer| client(peer, headers, portal.trusted_proxies())),
        user_agent: agent.map(str::to_owned),
        session: cookie(headers, portal.session_cookie()),
        device: cookie(headers, portal.device_cookie()),
    }
}

/// The last address that a trusted proxy named and that is no trusted proxy itself: what stands before it, anybody can
/// have written.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut client = peer.to_canonical();
    let lines = headers.get_all(FORWARDED).into_iter().filter_map(|line| line.to_str().ok());
    let named: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    for name in named.into_iter().rev() {
        if !trusted.contains(&client) {
            break;
        }
        match address(name.trim()) {
            Some(address) => client = address,
            None => break,
        }
    }
    client
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.parse::<IpAddr>().ok();
    plain.or_else(|| text.parse::<SocketAddr>().ok().map(|a| a.ip())).map(|a| a.to_canonical())
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn seen(peer: &str, lines: &[&str], trusted: &[&str]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED, HeaderValue::from_str(line).unwrap());
        }
        client(ip(peer), &headers, &trusted.iter().map(|t| ip(t)).collect::<Vec<_>>())
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("9.9.9.9", &["1.2.3.4"], &[]), ip("9.9.9.9"));
        assert_eq!(seen("9.9.9.9", &["1.2.3.4"], &["10.0.0.1"]), ip("9.9.9.9"));
        assert_eq!(seen("10.0.0.1", &["1.2.3.4"], &["10.0.0.1"]), ip("1.2.3.4"));
        assert_eq!(seen("::ffff:10.0.0.1", &["1.2.3.4"], &["10.0.0.1"]), ip("1.2.3.4"));
        assert_eq!(seen("10.0.0.1", &[], &["10.0.0.1"]), ip("10.0.0.1"));
    }

    #[test]
    fn what_the_client_wrote_itself_does_not_count() {
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 1.2.3.4"], &["10.0.0.1"]), ip("1.2.3.4"));
        assert_eq!(
            seen("10.0.0.1", &["6.6.6.6", "1.2.3.4, 10.0.0.2"], &["10.0.0.1", "10.0.0.2"]),
            ip("1.2.3.4")
        );
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, nonsense"], &["10.0.0.1"]), ip("10.0.0.1"));
        assert_eq!(seen("10.0.0.1", &["[2001:db8::7]:443"], &["10.0.0.1"]), ip("2001:db8::7"));
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; xid=2;id=3"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=4=5"));
        assert_eq!(cookie(&headers, "id").as_deref(), Some("3"));
        assert_eq!(cookie(&headers, "b").as_deref(), Some("4=5"));
        assert_eq!(cookie(&headers, "c"), None);
    }
}
