//! What a custom base URL may not reach. Each case goes the way of a real request, beside a door on every address of this
//! machine that counts who comes.

use super::{
    Ask, Http,
    base_url::tidy_base_url,
    client::builder,
    policy::{NetworkPolicy, Reach},
    resolve::{Lookup, Resolver, System},
    testing::{Say, Scripted, account},
    tests::text,
};
use crate::{Account, RmmError};
use async_trait::async_trait;
use reqwest::dns::Resolve;
use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Hosts that are not of the public internet, plain and disguised. `DOOR` is the port at which a visitor would be seen.
const HOSTS: &[&str] = &[
    // This machine.
    "127.0.0.1",
    "127.0.0.53",
    "127.255.255.254",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.1",
    "0x7F.0x0.0x0.0x1",
    "0177.0.0.1",
    "0177.1",
    "0",
    "0.0.0.0",
    "0.1.2.3",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "1２7.0.0.1",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "127%2E0%2E0%2E1",
    // IPv4 inside of IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo.
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::1]",
    "[2001:0:7f00:1::80ff:fffe]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::10.0.0.1]",
    "[2002:c0a8:1::1]",
    // Metadata of clouds.
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0xa9.0xfe.0xa9.0xfe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "169.254.170.2",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]",
    "[fd00:ec2::254]",
    "[fd20:ce::254]",
    "metadata.google.internal",
    "metadata",
    // Private networks.
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "3232235521",
    "0xc0.0xa8.1",
    "100.64.0.1",
    "100.127.255.254",
    "[fc00::1]",
    "[fd12:3456:789a::1]",
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    // Neither of anybody nor of one alone.
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[ff02::1]",
    "[ff0e::1]",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "[2001:db8::1]",
    "[3fff::1]",
    "198.18.0.1",
    "198.19.255.255",
    "[2001:2::1]",
    "[2001:20::1]",
    "192.88.99.1",
    "[100::1]",
    "[5f00::1]",
    // Names of this machine and of this network.
    "localhost",
    "LOCALHOST",
    "localhost.",
    "l%6Fcalhost",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "loc\u{ad}alhost",
    "portal.localhost",
    "portal.localhost.",
    "printer.local",
    "router.home.arpa",
    "intranet",
];

/// URLs of a form that is none of a console's.
const FORMS: &[&str] = &[
    "http://127.0.0.1:DOOR",
    "http://[::1]:DOOR",
    "http://eu.ninjarmm.com",
    "ftp://127.0.0.1:DOOR",
    "gopher://127.0.0.1:DOOR/_GET",
    "dict://127.0.0.1:DOOR",
    "ldap://127.0.0.1:DOOR",
    "ws://127.0.0.1:DOOR",
    "file:///etc/passwd",
    "unix:///run/docker.sock",
    "data:text/plain,x",
    "javascript:alert(1)",
    "https://user@127.0.0.1:DOOR",
    "https://user:password@127.0.0.1:DOOR",
    "https://:password@127.0.0.1:DOOR",
    "https://eu.ninjarmm.com@127.0.0.1:DOOR",
    "https://eu.ninjarmm.com:443@127.0.0.1:DOOR",
    "https://127.0.0.1:DOOR@eu.ninjarmm.com",
    "https://eu.ninjarmm.com\\@127.0.0.1:DOOR",
    "https://eu.ninjarmm.com/@127.0.0.1:DOOR",
    "https://eu.ninjarmm.com/go?to=http://127.0.0.1:DOOR",
    "https://eu.ninjarmm.com:DOOR",
    "https://eu.ninjarmm.com:22",
    "https://eu.ninjarmm.com:0",
    "https://127.0.0.1:DOOR/private",
    "https://127.0.0.1%00.ninjarmm.com",
    "https://256.0.0.1",
    "https://[fe80::1%25lo]",
    "https://[::1",
    "https://",
];

/// A port of this machine, on all its addresses, that somebody may come to.
struct Door {
    port: u16,
    listeners: Vec<TcpListener>,
}

impl Door {
    fn open() -> Self {
        let v4 = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let port = v4.local_addr().unwrap().port();
        // Not every machine has IPv6; where one listener takes both, the port is taken already.
        let v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).ok();
        let listeners: Vec<_> = [Some(v4), v6].into_iter().flatten().collect();
        for listener in &listeners {
            listener.set_nonblocking(true).unwrap();
        }
        Self { port, listeners }
    }

    /// How many have come since the last time.
    fn visitors(&self) -> usize {
        self.listeners.iter().map(|listener| std::iter::from_fn(|| listener.accept().ok()).count()).sum()
    }

    fn url(&self, typed: &str) -> String {
        typed.replace("DOOR", &self.port.to_string())
    }
}

/// An account at a base URL as it was typed.
fn typed(text: &str, policy: NetworkPolicy) -> Result<Account, RmmError> {
    let mut account = account("http://127.0.0.1:1", Arc::default());
    account.base_url = tidy_base_url(text)?.url;
    account.policy = policy;
    account.limits.attempts = 1;
    Ok(account)
}

/// Types a base URL and asks there for something.
async fn ask(url: &str, policy: &NetworkPolicy) -> Result<String, RmmError> {
    let account = typed(url, policy.clone())?;
    Http::new(&account, "V")?.send(&Ask::get("/v2/organizations"), text).await
}

#[tokio::test]
async fn nothing_private_is_connected_to() {
    let (door, policy) = (Door::open(), NetworkPolicy::public_only());
    assert!(HOSTS.len() + FORMS.len() >= 120);
    for host in HOSTS {
        for written in [format!("https://{host}"), format!("https://{host}:DOOR"), format!("{host}:DOOR")] {
            let error = ask(&door.url(&written), &policy).await.expect_err(&written);
            assert!(matches!(error, RmmError::Blocked(_)), "{written}: {error:?}");
        }
    }
    for written in FORMS {
        let error = ask(&door.url(written), &policy).await.expect_err(written);
        assert!(matches!(error, RmmError::BadUrl(_)), "{written}: {error:?}");
    }
    assert_eq!(door.visitors(), 0);
}

#[tokio::test]
async fn what_the_operator_lists_is_reached_and_nothing_beside_it() {
    let (door, next) = (Door::open(), Door::open());
    let policy = NetworkPolicy::allowing(&[door.url("127.0.0.1:DOOR")]);
    _ = ask(&door.url("http://127.0.0.1:DOOR"), &policy).await;
    assert_eq!(door.visitors(), 1, "the door sees who comes");
    for written in [
        "http://127.0.0.2:DOOR",
        "http://localhost:DOOR",
        "http://localhost.:DOOR",
        "http://[::1]:DOOR",
        "http://[::ffff:127.0.0.1]:DOOR",
        "https://127.0.0.2:DOOR",
        "https://user@127.0.0.1:DOOR",
        "ftp://127.0.0.1:DOOR",
    ] {
        ask(&door.url(written), &policy).await.expect_err(written);
    }
    ask(&next.url("http://127.0.0.1:DOOR"), &policy).await.expect_err("another port");
    assert_eq!((door.visitors(), next.visitors()), (0, 0));
}

/// Name servers that say one thing after the other, the last one for ever.
struct Names {
    answers: Mutex<VecDeque<Vec<SocketAddr>>>,
    asked: AtomicUsize,
}

impl Names {
    fn say(answers: &[&[&str]], port: u16) -> Arc<Self> {
        let address = |text: &&str| SocketAddr::new(text.parse::<IpAddr>().unwrap(), port);
        let answers = answers.iter().map(|all| all.iter().map(address).collect()).collect();
        Arc::new(Self { answers: Mutex::new(answers), asked: AtomicUsize::new(0) })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Lookup for Names {
    async fn lookup(&self, _: &str) -> io::Result<Vec<SocketAddr>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut answers = self.answers.lock().unwrap();
        Ok(if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() })
    }
}

/// Asks a host whose name leads where `names` say.
async fn ask_named(names: &Arc<Names>, reach: Reach) -> Result<String, RmmError> {
    let account = typed("https://rmm.example.com", NetworkPolicy::public_only())?;
    assert_eq!(account.policy.check(&account.base_url)?, Reach::Public);
    let http = Http::over(builder(reach, &account, names.clone()), &account, "V")?;
    http.send(&Ask::get("/v2/organizations"), text).await
}

/// What a name leads to, as the client is told it.
async fn told(names: &Arc<Names>) -> Result<Vec<IpAddr>, String> {
    let resolver = Resolver { reach: Reach::Public, lookup: names.clone() };
    let addresses = resolver.resolve("rmm.example.com".parse().unwrap()).await;
    addresses.map(|all| all.map(|a| a.ip()).collect()).map_err(|e| e.to_string())
}

#[tokio::test]
async fn a_name_that_leads_into_a_private_network_is_not_followed() {
    let door = Door::open();
    for address in ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "fd00:ec2::254"] {
        let names = Names::say(&[&[address]], door.port);
        let error = ask_named(&names, Reach::Public).await.unwrap_err();
        assert!(matches!(error, RmmError::Blocked(_)), "{address}: {error:?}");
    }
    assert_eq!(door.visitors(), 0);
    // With the wall taken away the door is where these names lead.
    _ = ask_named(&Names::say(&[&["127.0.0.1"]], door.port), Reach::Listed).await;
    assert_eq!(door.visitors(), 1);
}

#[tokio::test]
async fn of_public_and_private_addresses_only_the_public_ones_are_tried() {
    let names = Names::say(&[&["127.0.0.1", "8.8.8.8", "10.0.0.1", "::1", "2606:4700::1111"]], 0);
    let public: Vec<IpAddr> = vec!["8.8.8.8".parse().unwrap(), "2606:4700::1111".parse().unwrap()];
    assert_eq!(told(&names).await.unwrap(), public);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_not_followed() {
    let door = Door::open();
    let names = Names::say(&[&["8.8.8.8"], &["127.0.0.1"]], door.port);
    assert_eq!(told(&names).await.unwrap().len(), 1, "when it was looked at, it was public");
    let error = ask_named(&names, Reach::Public).await.unwrap_err();
    assert!(matches!(error, RmmError::Blocked(_)), "{error:?}");
    assert_eq!(
        names.asked(),
        2,
        "one look for one connection: nothing is asked between check and connection"
    );
    assert_eq!(door.visitors(), 0);
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let door = Door::open();
    for status in [301, 302, 303, 307, 308] {
        for to in
            ["http://127.0.0.1:DOOR/", "//127.0.0.1:DOOR/", "https://localhost:DOOR/", "http://[::1]:DOOR/"]
        {
            let headers = format!("Location: {}\r\nRefresh: 0; url={}\r\n", door.url(to), door.url(to));
            let server = Scripted::start([Say::answer(status, &headers, "moved")]).await;
            let http = Http::new(&server.account(Arc::default()), "V").unwrap();
            assert_eq!(http.send(&Ask::get("/"), text).await.unwrap(), "moved");
            assert_eq!(server.requests(), 1, "{status} to {to}");
        }
    }
    assert_eq!(door.visitors(), 0);
}

#[tokio::test]
async fn the_systems_own_names_are_looked_at_too() {
    let resolver = Resolver { reach: Reach::Public, lookup: Arc::new(System) };
    let Err(error) = resolver.resolve("localhost".parse().unwrap()).await else { panic!("it was let pass") };
    assert_eq!(error.to_string(), "localhost has no public address");
}
