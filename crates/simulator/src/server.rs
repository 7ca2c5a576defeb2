//! The HTTP server: hands requests over and sends answers out.

use crate::admin;
use crate::body::Pieces;
use crate::control::Control;
use crate::reply::{Delivery, Reply};
use crate::state::{Asked, without_api};
use crate::wire::{Gate, Link};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use futures::stream::{self, StreamExt};
use std::collections::HashMap;
use std::io;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// Serves until `stop` fires or its other end is dropped.
pub(crate) async fn serve(listener: TcpListener, control: Control, stop: oneshot::Receiver<()>) {
    let app = Router::new().nest("/_sim", admin::routes()).fallback(handle).with_state(control);
    let service = app.into_make_service_with_connect_info::<Link>();
    let stopped = async move {
        let _ = stop.await;
    };
    let _ = axum::serve(Gate(listener), service).with_graceful_shutdown(stopped).await;
}

async fn handle(
    State(control): State<Control>,
    ConnectInfo(link): ConnectInfo<Link>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let asked = Asked {
        method: &parts.method,
        uri: &parts.uri,
        authorization: parts
            .headers
            .get(header::AUTHORIZATION)
            .map(|value| value.to_str().unwrap_or_default()),
        form: form(&parts.headers, &body),
    };
    control.happen(without_api(parts.uri.path()));
    let reply = control.with(|state| state.handle(&asked));
    if !reply.delay.is_zero() {
        sleep(reply.delay).await;
    }
    if reply.delivery == Delivery::Drop {
        link.cut();
    }
    response(reply)
}

/// The form in a body, empty unless the content type says that it is one.
fn form(headers: &HeaderMap, body: &[u8]) -> HashMap<String, String> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return HashMap::new();
    }
    let address = format!("/?{}", String::from_utf8_lossy(body));
    let Ok(uri) = address.parse() else { return HashMap::new() };
    axum::extract::Query::try_from_uri(&uri).map(|pairs| pairs.0).unwrap_or_default()
}

/// NinjaOne: answers carry `x-nj-request-id`, and the server calls itself Grizzly.
fn response(reply: Reply) -> Response {
    let mut response = Response::builder()
        .status(reply.status)
        .header(header::CONTENT_TYPE, reply.content_type)
        .header(header::SERVER, "Grizzly")
        .header("x-nj-request-id", crate::rng::uuid(reply.number, 77));
    if let Some(after) = reply.retry_after {
        response = response.header(header::RETRY_AFTER, after);
    }
    if reply.delivery != Delivery::Huge {
        response = response.header(header::CONTENT_LENGTH, reply.body.len());
    }
    response.body(body(reply.body, reply.delivery)).unwrap_or_default()
}

fn body(pieces: Pieces, delivery: Delivery) -> Body {
    match delivery {
        Delivery::Whole | Delivery::Drop => whole(pieces.into_pieces()),
        Delivery::Cut => {
            let mut first = pieces.joined();
            first.truncate(first.len() / 2);
            let parts = [Ok(first), Err(io::Error::from(io::ErrorKind::UnexpectedEof))];
            // A pause lets the first half leave before the connection goes.
            Body::from_stream(stream::iter(parts).then(|part| async {
                if part.is_err() {
                    sleep(Duration::from_millis(20)).await;
                }
                part
            }))
        }
        Delivery::Late(delay) => {
            let mut first = pieces.joined();
            let second = first.split_off(first.len() / 2);
            let parts = [(Duration::ZERO, first), (delay, second)];
            Body::from_stream(stream::iter(parts).then(|(delay, part)| async move {
                sleep(delay).await;
                Ok::<_, io::Error>(part)
            }))
        }
        Delivery::Huge => huge(),
    }
}

/// The pieces as they are: nothing is copied.
fn whole(mut pieces: Vec<Bytes>) -> Body {
    match pieces.len() {
        0 | 1 => pieces.pop().unwrap_or_default().into(),
        _ => Body::from_stream(stream::iter(pieces.into_iter().map(Ok::<_, io::Error>))),
    }
}

/// An array of 64 MB, sent in pieces of about one.
fn huge() -> Body {
    let row = format!(r#"{{"id":1,"systemName":"{}"}}"#, "x".repeat(1000));
    let piece = vec![row; 1024].join(",");
    let pieces = (0..64).map(move |n| match n {
        0 => format!("[{piece}"),
        63 => format!(",{piece}]"),
        _ => format!(",{piece}"),
    });
    Body::from_stream(stream::iter(pieces.map(Ok::<_, io::Error>)))
}
