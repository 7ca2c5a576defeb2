//! A page that has begun to be rendered is rendered to its end, also when nobody waits for it any more.
//!
//! Its parts are rendered by tasks of their own. Were it dropped with the connection, what they read would be gone under their
//! hands, and they would panic: harmless, but a fault in the log for everybody who clicks on before a page is there.

use axum::{extract::Request, http::Method, middleware::Next, response::Response};
use tracing::Instrument;

/// Stands before pages; the API's reads and writes go with who asks.
pub async fn render(request: Request, next: Next) -> Response {
    if *request.method() != Method::GET || request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let rendered = tokio::spawn(next.run(request).in_current_span()).await;
    rendered.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => crate::auth::refuse(backend::Error::internal("a page was given up").into_user_error()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };
    use tokio::time::{sleep, timeout};
    use tower::ServiceExt;

    /// How many of each path came to their end although nobody waited for them.
    async fn ended(path: &str) -> usize {
        let count = Arc::new(AtomicUsize::new(0));
        let ends = count.clone();
        let handler = move || async move {
            sleep(Duration::from_millis(50)).await;
            ends.fetch_add(1, Ordering::SeqCst);
        };
        let router = Router::new().route("/page", get(handler.clone())).route("/api/read", get(handler));
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        let asked = router.layer(from_fn(render)).oneshot(request);
        assert!(timeout(Duration::from_millis(10), asked).await.is_err(), "who asks has gone");
        sleep(Duration::from_millis(300)).await;
        count.load(Ordering::SeqCst)
    }

    #[tokio::test]
    async fn a_page_is_rendered_although_nobody_waits() {
        assert_eq!((ended("/page").await, ended("/api/read").await), (1, 0));
    }
}
