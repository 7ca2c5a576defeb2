//! A network between a process and its database, which can be cut and mended.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp},
    sync::watch,
};
use url::Url;

/// COMMIT, as it is sent to PostgreSQL.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";

/// Carries connections to a database. While it is cut nothing comes through, in neither direction, and nobody is told.
pub struct Wire {
    /// The database's URL through the wire.
    pub url: String,
    cut: Arc<watch::Sender<bool>>,
    loses: Arc<AtomicBool>,
}

impl Wire {
    /// A wire to the database of that URL.
    pub async fn to(url: &str) -> Self {
        let mut url = Url::parse(url).expect("a URL");
        let (host, port) = (url.host_str().expect("a host").to_owned(), url.port().expect("a port"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let here = listener.local_addr().expect("an address");
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(here.port())).expect("a port");
        let cut = Arc::new(watch::Sender::new(false));
        let (switch, loses) = (cut.clone(), Arc::new(AtomicBool::new(false)));
        let armed = loses.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (host, state, armed) = (host.clone(), switch.subscribe(), armed.clone());
                tokio::spawn(async move { carry(near, (&host, port), state, armed).await });
            }
        });
        Self { url: url.into(), cut, loses }
    }

    /// The next COMMIT arrives, and its connection ends in place of the answer.
    pub fn lose_the_next_commit(&self) {
        self.loses.store(true, Ordering::SeqCst);
    }

    /// Cuts it, or mends it: what was on its way then arrives.
    pub fn cut(&self, is_cut: bool) {
        self.cut.send_replace(is_cut);
    }
}

async fn carry(
    near: TcpStream,
    far: (&str, u16),
    mut state: watch::Receiver<bool>,
    armed: Arc<AtomicBool>,
) -> Option<()> {
    state.wait_for(|is_cut| !is_cut).await.ok()?;
    let far = TcpStream::connect(far).await.ok()?;
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let lost = AtomicBool::new(false);
    let asked = |bytes: &[u8]| {
        if bytes.windows(COMMIT.len()).any(|part| part == COMMIT) && armed.swap(false, Ordering::SeqCst) {
            lost.store(true, Ordering::SeqCst);
        }
        true
    };
    let answered = |_: &[u8]| !lost.load(Ordering::SeqCst);
    tokio::join!(pass_on(near_in, far_out, state.clone(), asked), pass_on(far_in, near_out, state, answered));
    Some(())
}

/// Passes bytes on until one side ends, or something may not pass; what was read before a cut waits for its end.
async fn pass_on(
    mut from: tcp::OwnedReadHalf,
    mut to: tcp::OwnedWriteHalf,
    mut state: watch::Receiver<bool>,
    may_pass: impl Fn(&[u8]) -> bool,
) -> Option<()> {
    let mut bytes = vec![0; 16 << 10];
    loop {
        let n = from.read(&mut bytes).await.ok().filter(|n| *n > 0)?;
        state.wait_for(|is_cut| !is_cut).await.ok()?;
        if !may_pass(&bytes[..n]) {
            return None;
        }
        to.write_all(&bytes[..n]).await.ok()?;
    }
}
