//! Pages that do not come to their end are rendered once more, and again.
//!
//! Under heavy load a page has been seen, now and then, to wait for ever for something that had happened already. A page is a read:
//! to render it again costs nothing but time, and nobody looks at an empty window.

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
};
use std::time::Duration;

/// How long a page may take: longer than anything in it waits for the database.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often that is cut off: what has stood still once may do so twice.
const TRIES: usize = 2;

/// Stands before pages.
pub async fn render(request: Request, next: Next) -> Response {
    within(PATIENCE, request, next).await
}

async fn within(patience: Duration, request: Request, next: Next) -> Response {
    if request.method() != Method::GET || request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let (parts, _) = request.into_parts();
    let page = || Request::from_parts(parts.clone(), axum::body::Body::empty());
    for _ in 0..TRIES {
        match tokio::time::timeout(patience, next.clone().run(page())).await {
            Ok(response) => return response,
            Err(_) => {
                tracing::warn!(route = route(&page()), "a page did not come to its end; rendered again")
            }
        }
    }
    next.run(page()).await
}

/// The page as it is declared: the path itself may hold the token of an invitation or of a new password.
fn route(request: &Request) -> &str {
    request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Extension, Router, body::Body, middleware::from_fn, routing::get};
    use std::{
        future::pending,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };
    use tower::ServiceExt;

    const SOON: Duration = Duration::from_millis(50);

    /// The first time it does not come to its end.
    fn stubborn() -> (Router, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let handler = move |Extension(who): Extension<&'static str>| async move {
            if count.fetch_add(1, Ordering::Relaxed) == 0 {
                pending::<()>().await;
            }
            who
        };
        let router = Router::new().route("/page", get(handler.clone())).route("/api/read", get(handler));
        let soon = |request, next| within(SOON, request, next);
        (router.layer(from_fn(soon)).layer(Extension("Sam")), asked)
    }

    async fn ask(router: Router, path: &str) -> Response {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        router.oneshot(request).await.expect("an answer")
    }

    #[tokio::test]
    async fn a_page_that_stands_still_is_rendered_again_for_the_same_visitor() {
        let (router, asked) = stubborn();
        let body = ask(router, "/page").await.into_body();
        let body = axum::body::to_bytes(body, 10).await.expect("a body");
        assert_eq!((body.as_ref(), asked.load(Ordering::Relaxed)), (b"Sam".as_slice(), 2));
    }

    #[tokio::test]
    async fn the_token_of_a_link_is_not_named() {
        let name =
            |request: Request, _: Next| async move { Response::new(Body::from(route(&request).to_owned())) };
        let router = Router::new().route("/reset/{token}", get(|| async {})).layer(from_fn(name));
        let named = ask(router, "/reset/secret-of-the-link").await.into_body();
        let named = axum::body::to_bytes(named, 100).await.expect("a body");
        assert_eq!(named.as_ref(), b"/reset/{token}");
    }

    #[tokio::test]
    async fn the_api_is_not_asked_twice() {
        let (router, asked) = stubborn();
        let ended = tokio::time::timeout(SOON * 10, ask(router, "/api/read")).await;
        assert!(ended.is_err() && asked.load(Ordering::Relaxed) == 1);
    }
}
