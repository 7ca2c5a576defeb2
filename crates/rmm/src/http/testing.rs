//! A server that says what it is told to, byte by byte, and an observer that remembers.

use crate::{Account, Limits, NetworkPolicy, Observer};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};

/// What the server does with one request.
#[derive(Clone)]
pub enum Say {
    /// These bytes, then the connection ends.
    Raw(String),
    /// Nothing for a long time.
    Silence,
    /// The connection ends without a word.
    Hangup,
}

impl Say {
    /// A whole answer. `headers` end in CRLF each.
    pub fn answer(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::Raw(format!(
            "HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }

    pub fn json(body: &str) -> Self {
        Self::answer(200, "Content-Type: application/json\r\n", body)
    }
}

/// A scripted server: one step for each request, the last one for ever.
pub struct Scripted {
    pub port: u16,
    pub seen: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    pub async fn start(script: impl IntoIterator<Item = Say>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let mut script: Vec<_> = script.into_iter().collect();
        let log = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let step = if script.len() > 1 { script.remove(0) } else { script[0].clone() };
                tokio::spawn(act(stream, step, log.clone()));
            }
        });
        Self { port, seen }
    }

    pub fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// An account on this server: quick, three tries, one second at most.
    pub fn account(&self, observer: Arc<Memory>) -> Account {
        account(&format!("http://127.0.0.1:{}", self.port), observer)
    }
}

async fn act(mut stream: TcpStream, step: Say, log: Arc<Mutex<Vec<String>>>) {
    let mut request = vec![0; 16 * 1024];
    let length = stream.read(&mut request).await.unwrap_or(0);
    log.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
    match step {
        Say::Raw(text) => _ = stream.write_all(text.as_bytes()).await,
        Say::Silence => sleep(Duration::from_secs(60)).await,
        Say::Hangup => {}
    }
}

pub fn account(base: &str, observer: Arc<Memory>) -> Account {
    let base_url: url::Url = base.parse().unwrap();
    let pair = format!("{}:{}", base_url.host_str().unwrap(), base_url.port_or_known_default().unwrap());
    Account {
        base_url,
        client_id: "id".into(),
        client_secret: "secret".into(),
        policy: NetworkPolicy::allowing(&[pair]),
        observer,
        limits: Limits {
            requests_per_second: 1000.0,
            timeout: Duration::from_millis(500),
            attempts: 3,
            throttled_attempts: 3,
            longest_pause: Duration::from_secs(1),
            longest_wait: Duration::from_secs(1),
            retry_budget: 30,
            in_flight: 4,
            page_size: 100,
        },
        pace: None,
    }
}

/// Remembers what it is told.
#[derive(Default)]
pub struct Memory {
    pub requests: AtomicU32,
    pub resumed: AtomicU32,
    pub waits: Mutex<Vec<(Duration, String)>>,
}

impl Observer for Memory {
    fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    fn waiting(&self, pause: Duration, reason: &str) {
        self.waits.lock().unwrap().push((pause, reason.to_owned()));
    }

    fn resumed(&self) {
        self.resumed.fetch_add(1, Ordering::Relaxed);
    }
}
