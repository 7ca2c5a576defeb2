//! Logs on standard error, and the id that ties the lines of a request together.

use crate::cli::Cli;
use axum::{
    body::Body,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use std::io::{self, IsTerminal};
use tracing::Span;
use tracing_subscriber::EnvFilter;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id that is taken over.
const LONGEST: usize = 64;

/// Starts logging as the flags say; a filter that cannot be understood falls back to `info`.
pub fn init(cli: &Cli) {
    let filter = EnvFilter::try_new(&cli.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let builder = builder.with_ansi(io::stderr().is_terminal());
    if cli.log_json {
        builder.json().init()
    } else {
        builder.init()
    }
    crate::panics::log();
}

/// The id of a request.
#[derive(Clone)]
struct RequestId(String);

/// Gives each request an id, that of a proxy before us where it has a plain form, and puts it into the answer.
pub async fn request_id(mut request: Request, next: Next) -> Response {
    let id = given(request.headers()).unwrap_or_else(|| backend::clock::new_id().simple().to_string());
    let value = HeaderValue::from_str(&id);
    request.extensions_mut().insert(RequestId(id));
    let mut response = next.run(request).await;
    if let Ok(value) = value {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn given(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"-_.".contains(&c);
    ((1..=LONGEST).contains(&id.len()) && id.bytes().all(plain)).then(|| id.to_owned())
}

/// Around everything that a request logs. The route stands there as it is declared: paths may hold tokens, and queries
/// what somebody searched for.
pub fn request_span(request: &Request<Body>) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str);
    let id = request.extensions().get::<RequestId>().map_or("", |id| id.0.as_str());
    tracing::info_span!("request", id, method = %request.method(), route)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_ids_are_taken_over() {
        let given = |id: &[u8]| {
            let value = HeaderValue::from_bytes(id).unwrap();
            given(&HeaderMap::from_iter([(REQUEST_ID, value)]))
        };
        assert_eq!(given(b"0190-af.B_7").as_deref(), Some("0190-af.B_7"));
        let long = "x".repeat(LONGEST + 1);
        for bad in [b"".as_slice(), b"a b", b"a\"b", b"<x>", "ä".as_bytes(), long.as_bytes()] {
            assert_eq!(given(bad), None, "{bad:?}");
        }
    }
}
