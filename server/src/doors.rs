//! Takes connections: so many at a time, and none that dawdles.

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    serve::Listener,
};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutWriter;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// How long and how much a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at a time; more wait until one ends. Each costs some 20 KB and a descriptor.
    pub connections: u32,
    /// For the whole head of a request to arrive, and for a connection to be idle between two requests.
    pub head: Duration,
    /// Largest head, in bytes, and what is buffered of a body.
    pub buffer: usize,
    /// For a client to take anything of what was sent to it.
    pub stuck: Duration,
}

impl Limits {
    /// Those of pages and API.
    pub const USUAL: Self = Self {
        connections: 4096,
        head: Duration::from_secs(20),
        buffer: 64 * 1024,
        stuck: Duration::from_secs(60),
    };
}

/// Serves until `stop`, and then to the end of the requests that have begun.
pub async fn serve(mut listener: TcpListener, router: Router, stop: CancellationToken, limits: Limits) {
    let places = Arc::new(Semaphore::new(limits.connections as usize));
    while let Some(place) = free(&places, &stop).await {
        let (stream, peer) = tokio::select! {
            connection = Listener::accept(&mut listener) => connection,
            () = stop.cancelled() => break,
        };
        let (router, stop) = (router.clone(), stop.clone());
        tokio::spawn(async move {
            converse(stream, peer, router, stop, limits).await;
            drop(place);
        });
    }
    drop(listener);
    // All places are free again when every connection has ended.
    _ = places.acquire_many(limits.connections).await;
}

/// A place for one more connection; `None` when it is time to stop.
async fn free(places: &Arc<Semaphore>, stop: &CancellationToken) -> Option<OwnedSemaphorePermit> {
    if places.available_permits() == 0 {
        tracing::warn!("as many connections as there may be: new ones wait");
    }
    tokio::select! {
        place = places.clone().acquire_owned() => place.ok(),
        () = stop.cancelled() => None,
    }
}

/// One connection, from its first request to its end.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
    limits: Limits,
) {
    let service = router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(limits.stuck));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head);
    http.max_buf_size(limits.buffer).max_header_size(limits.buffer);
    let io = TokioIo::new(Box::pin(stream));
    let mut connection = pin!(http.serve_connection(io, TowerToHyperService::new(service)));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}
